"""One-on-ones and coaching at Home, by role, and the modals of its settings."""

import json
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given

from handlers.forms import FAR, Wrong, checked
from handlers.home import message_modal, modals
from handlers.home.forms import DaysOffForm, MessagesForm, Remind
from handlers.home.messages import home
from handlers.ids import Id
from models.absences import AbsenceSource
from models.agenda import Skipped
from models.attention import Block, Topic
from models.days import DayOff, Off
from models.evidence import AnswerKind
from models.health_check import KeptRate
from models.next_actions import ActionState
from models.one_on_ones import State
from models.people import Role
from models.pipeline_review import Grade
from models.schedule import SkipReason
from models.screens import (
    AbsenceShown,
    AnswerShown,
    Coached,
    CoachingMonth,
    DayOfWeek,
    DaysOff,
    DueAction,
    ForecastAtHome,
    HeldBack,
    HeldShown,
    HomeAction,
    HomeCoach,
    HomeReview,
    HomeScreen,
    ManagerShown,
    MessagesChosen,
    PromptOfDay,
    Ran,
    RescuingShown,
    ReviewWaits,
    Side,
    TeamLed,
    ToConfirm,
    Upcoming,
)
from models.week import CARDS, DECIDING
from sandbox.blocks import validate_view
from sandbox.values import state
from tests.messages import home_strategies, made, strategies
from tests.messages.made_home import PARKED, RECEIVED
from tests.messages.made_home import home as a_home
from tests.messages.made_one_on_ones import row
from tests.messages.test_forecast import FLOW
from tests.reading import read

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FOLLOWS = "A Slack status like 🌴 Vacationing or 🤒 Out sick counts as days off. [Do not follow it]"
MONDAY = made.TODAY - 2 * DAY
ANSWER = AnswerShown(
    "Which terms are open?", "the terms", AnswerKind.TEXT, {"text": "Price"}, proves=True,
    second_hand=False, renewed=False, answered_on=made.TODAY, unconfirmed=True,
)  # fmt: skip
TO_CONFIRM = ToConfirm(7, 8, made.WEST, made.NEXUS, made.MAX, (ANSWER,), open=True)
DUE = DueAction(
    3, made.NEXUS, "Send the price", made.TODAY - DAY, True, ActionState.OPEN, renewable=False
)


def at_home(**changes: Any) -> list[str]:
    view = home(a_home(**changes))
    assert validate_view(view) == []
    return read(view["blocks"]).splitlines()


def test_all_times_are_the_readers_own() -> None:
    """Where Slack would show them in another zone, that of the profile, they are words."""
    tokyo = "Asia/Tokyo"
    ahead = made.parent(deciding=False, decide_from=made.TEN)
    flow = replace(FLOW, late_from=made.TEN, closes_at=made.TEN + HOUR)
    view = home(
        a_home(
            zone=tokyo,
            zone_is_slacks=False,
            to_rate=(row(zone=tokyo),),
            sessions_next=(row(zone=tokyo),),
            reviews=(HomeReview(ahead, None, (), decides=True),),
            upcoming=(Upcoming(CARDS, made.WEST, made.TEN),),
            forecast=ForecastAtHome(flows=(flow,)),
        )
    )
    assert '"type": "date"' not in json.dumps(view)
    said = read(view["blocks"])
    assert said.count("Thu 26 Nov, 00:00") == 6
    assert "Wed 25 Nov, " not in said

    usual = home(a_home(to_rate=(row(),), upcoming=(Upcoming(CARDS, made.WEST, made.TEN),)))
    assert json.dumps(usual).count('"type": "date"') == 2


def coach(**changes: Any) -> HomeCoach:
    shown = HomeCoach(
        unrecorded=(),
        held=HeldShown(5, 6),
        week=(
            DayOfWeek(MONDAY, ()),
            DayOfWeek(
                MONDAY + DAY,
                (
                    row(state=State.HELD),
                    row(other=made.BEN, state=State.MISSED),
                    row(other=made.LEA, unrecorded=True),
                ),
            ),
            DayOfWeek(MONDAY + 2 * DAY, (row(), row(other=made.BEN, started_at=made.TEN))),
        ),
        month=CoachingMonth(
            people=(
                Coached(made.BEN, 0, 0),
                Coached(made.ANA, 45, 1),
                Coached(made.LEA, 120, 2),
                Coached(made.MAX, 135, 3),
            ),
            hours=(3, 4),
            share=0.034,
            share_asked=0.5,
        ),
        rescuing=(),
    )
    return replace(shown, **changes)


# --- one-on-ones


def test_a_manager_sees_today_first() -> None:
    said = at_home(
        coach=coach(unrecorded=(row(other=made.BEN, starts_at=made.TEN - DAY),)),
        sessions_today=(row(), row(other=made.LEA, side=Side.PERSON, may_run=False)),
        sessions_next=(row(starts_at=made.TEN + DAY, may_run=False),),
    )
    assert said[:7] == [
        "Today, Wed 25 Nov",
        "@Ana · Wed 25 Nov, 10:00 · 30 min",
        "[Start] [Finish] ⋯(Talking points, Reschedule, Cancel, What drives Ana)",
        "@Lea · Wed 25 Nov, 10:00 · 30 min ⋯(Talking points, Reschedule, Cancel)",
        "Not recorded yet",
        "@Ben · Tue 24 Nov, 10:00 · 30 min",
        "[Start] [Finish] ⋯(Talking points, Reschedule, Cancel, What drives Ben)",
    ]
    where = said.index("Your next one-on-ones")
    assert said[where + 1].startswith("@Ana · Thu 26 Nov, 10:00 · 30 min ⋯(")


def test_the_week_is_a_strip_of_days_with_what_ran_and_what_did_not() -> None:
    said = at_home(coach=coach())
    where = said.index("Your week")
    assert said[where : where + 5] == [
        "Your week",
        "- Mon 23 Nov: no one-on-one",
        "- Tue 24 Nov: @Ana held · @Ben missed · @Lea not recorded",
        "- Wed 25 Nov: @Ana 10:00 · @Ben under way",
        "Held 5 of 6 one-on-ones this quarter, the excused left out",
    ]


def prompt(**changes: Any) -> PromptOfDay:
    return replace(PromptOfDay(CARDS, made.WEST, made.TEN, Ran.COMING), **changes)


def test_the_week_says_what_became_of_the_teams_prompts() -> None:
    later = made.TEN + DAY
    week = (
        DayOfWeek(MONDAY, (), (prompt(ran=Ran.SKIPPED, reason=SkipReason.LATE),)),
        DayOfWeek(MONDAY + DAY, (row(state=State.HELD),), (prompt(ran=Ran.DONE),)),
        DayOfWeek(
            MONDAY + 2 * DAY,
            (),
            (
                prompt(prompt=DECIDING, ran=Ran.SKIPPED, reason=Skipped.PUT_OFF, put_off_to=later),
                prompt(ran=Ran.DUE),
            ),
        ),
        DayOfWeek(MONDAY + 3 * DAY, (), (prompt(prompt=DECIDING),)),
    )
    held = HeldBack(made.WEST, 8, made.TEN, "not_in_channel")
    said = at_home(coach=coach(week=week, held_back=(held,), held=None))
    where = said.index("Your week")
    assert [one.replace("\u00a0", " ") for one in said[where + 1 : where + 6]] == [
        "- Mon 23 Nov: deal cards skipped: the bot was away until it was too late",
        "- Tue 24 Nov: @Ana held · deal cards done",
        "- Wed 25 Nov: deciding put off to Thu 26 Nov, 10:00: nobody who decides is there that day"
        " · deal cards due now",
        "- Thu 26 Nov: deciding 10:00",
        "- 8 messages are not posted in #C0WEST, since Wed 25 Nov, 10:00: the bot is not in the"
        " channel. Invite the bot to the channel again: then it is posted.",
    ]


def test_the_week_says_what_a_day_off_of_all_keeps_from_coming() -> None:
    off = (prompt(ran=Ran.OFF), prompt(prompt=DECIDING, ran=Ran.OFF))
    day = DayOfWeek(MONDAY, (), off, DayOff(Off.COMPANY, "Offsite"))
    away = DayOfWeek(MONDAY + DAY, (), (), DayOff(Off.AWAY))
    said = at_home(coach=coach(week=(day, away)))
    assert "- Tue 24 Nov (you are off): no one-on-one" in said
    assert (
        "- Mon 23 Nov (Offsite): deal cards left out: nobody of the team works that day"
        " · deciding put off: nobody of the team works that day"
    ) in said


def test_a_day_of_the_week_is_in_the_order_of_time() -> None:
    early, late = row(starts_at=made.TEN - HOUR), row(starts_at=made.TEN + HOUR)
    week = (DayOfWeek(MONDAY, (early, late), (prompt(prompt=DECIDING),)),)
    said = at_home(coach=coach(week=week))
    assert "- Mon 23 Nov: @Ana 09:00 · deciding 10:00 · @Ana 11:00" in said


def test_with_several_teams_each_prompt_names_its_own() -> None:
    other = replace(made.WEST, id=99, name="East")
    week = (DayOfWeek(MONDAY, (), (prompt(), prompt(team=other, ran=Ran.DONE))),)
    said = at_home(coach=coach(week=week))
    assert "- Mon 23 Nov: deal cards of West 10:00 · deal cards of East done" in said


def test_days_off_say_from_where_they_are_known() -> None:
    days = [made.TODAY + n * DAY for n in range(3)]
    shown = tuple(
        AbsenceShown(n, day, day, (), source)
        for n, (day, source) in enumerate(zip(days, AbsenceSource, strict=True))
    )
    company = ((days[0] + 9 * DAY, "Off-site"),)
    view = modals.days_off(DaysOff(made.TODAY, shown, follows_status=False, company=company))
    said = read(view["blocks"]).splitlines()
    assert said[:4] == [
        "*Wed 25 Nov* [Take back]",
        "*Thu 26 Nov* · from your Slack status [I am there]",
        "*Fri 27 Nov* · from your calendar [I am there]",
        "Company days: Fri 4 Dec, Off-site",
    ]
    assert said[-2] == (
        "Your Slack status does not count: only what you enter here. [Follow my status]"
    )


def test_who_had_no_coaching_this_month_stands_first() -> None:
    said = at_home(coach=coach())
    where = said.index("Coaching in November")
    assert said[where + 1 : where + 7] == [
        "- @Ben: none yet · not this week",
        "- @Ana: 45 min · once this week",
        "- @Lea: 2 h · twice this week",
        "- @Max: 2 h 15 min · 3 times this week",
        "With each: 3 to 4 hours a month are asked, the strong ones included.",
        "Of your own time: 3\u00a0% of this month's working hours so far; 50\u00a0% is asked."
        " Only what is logged counts.",
    ]


def test_before_the_months_first_working_day_there_is_no_share_of_it() -> None:
    month = replace(coach().month, share=None, hours=(2.5, 2.5))
    said = at_home(coach=coach(month=month))
    assert "With each: 2.5 hours a month are asked, the strong ones included." in said
    assert not [line for line in said if line.startswith("Of your own time")]


def test_who_coaches_can_log_coaching_and_set_one_on_ones() -> None:
    assert "[Log coaching] [One-on-ones]" in at_home(coach=coach())
    assert "Start something" not in at_home()


def test_a_coach_without_any_one_on_one_hears_how_to_set_one() -> None:
    said = at_home(coach=coach(week=(DayOfWeek(MONDAY, ()),)))
    assert said[:2] == [
        "Nothing waits for you",
        "Set a weekly one-on-one with each of your people: press One-on-ones below.",
    ]


def test_a_rep_without_any_hears_who_sets_one() -> None:
    said = at_home(person=made.ANA, role=Role.REP)
    where = said.index("Your next one-on-ones")
    assert said[where + 1] == "None is planned. Your manager sets a weekly time for it."


# --- what waits, and the record


def test_a_rep_rates_and_answers_from_home() -> None:
    mine = row(other=made.MAX, side=Side.PERSON, may_run=False, may_change=False)
    said = at_home(person=made.ANA, role=Role.REP, to_rate=(mine,), to_answer=(RECEIVED,))
    assert said[:9] == [
        "What waits for you",
        "Your one-on-one with @Max, Wed 25 Nov, 10:00. Did it happen? How useful was it?",
        "[1 😞] [2 🙁] [3 😐] [4 🙂] [5 🤩] [It did not happen]",
        "Counted monthly, never shown one by one.",
        "@Max logged coaching with you: negotiation",
        "“Let silence work after the price”",
        "Next: “Two calls without filling the pause” by Fri 27 Nov",
        "[That's right] [I see it differently]",
        "Who logged it sees which one you press.",
    ]


def test_more_than_three_are_counted() -> None:
    said = at_home(to_answer=(RECEIVED,) * 5)
    assert "Who logged it sees which one you press. And 2 more, at Home." in said


@pytest.mark.parametrize(
    ("agrees", "answered"),
    [(None, ""), (True, " (confirmed)"), (False, " (you see it differently)")],
)
def test_the_record_is_the_coaching_a_person_got(agrees: bool | None, answered: str) -> None:
    said = at_home(received=(replace(RECEIVED, agrees=agrees),))
    where = said.index("Coaching you got")
    assert said[where + 1] == (
        "- Mon 23 Nov · negotiation, from @Max"
        f" · next: “Two calls without filling the pause” by Fri 27 Nov{answered}"
    )


def test_a_rep_without_a_record_hears_what_will_stand_there() -> None:
    said = at_home(person=made.ANA, role=Role.REP)
    where = said.index("Coaching you got")
    assert said[where + 1] == "None is logged yet. What your manager logs with you stands here."


# --- settings


def test_due_next_actions_wait_each_with_two_buttons() -> None:
    said = at_home(due=(DUE, replace(DUE, state=ActionState.NOT_DONE, renewable=True)))
    assert said[:5] == [
        "What waits for you",
        "Nexus Corp: “Send the price”, due Tue 24 Nov (overdue)",
        "[Done] [Not done]",
        "Nexus Corp: “Send the price” — not done",
        "[New date] [Done after all]",
    ]


def test_what_was_answered_takes_no_place_from_what_waits() -> None:
    found = [replace(DUE, action_id=number, text=f"Step {number}") for number in range(7)]
    found[:3] = [replace(one, state=ActionState.DONE) for one in found[:3]]
    said = at_home(due=tuple(found))
    assert [line.split("”")[0][-6:] for line in said[1:13:2]] == [f"Step {n}" for n in range(6)]
    assert said[13] == "And 1 more next action that is due."


def test_rescuing_stands_beside_the_gauges_or_says_that_data_are_few() -> None:
    shown = (RescuingShown(made.MAX, 3, 14, 5), RescuingShown(made.LEA, 1, 2, 5))
    said = at_home(coach=coach(rescuing=shown))
    assert any(one.startswith("- @Max: 3 of 14 next actions on the reps' deals") for one in said)
    few = "- @Lea: too few data (2 next actions on the reps' deals, of 5 at least)"
    assert few in said


@strategies.many
@given(home_strategies.home)
def test_however_much_there_is_the_settings_stand_at_the_end(screen: HomeScreen) -> None:
    last = home(screen)["blocks"][-1]
    assert [each["action_id"] for each in last["elements"]] == [
        Id.DAYS_OFF,
        Id.CALENDAR,
        Id.MESSAGES,
        Id.PROFILE,
        *([Id.DEPUTY] if screen.names_deputy else []),
        *([Id.SET_UP, Id.COMPANY_DAYS] if screen.is_admin else []),
    ]


def test_with_the_most_of_everything_it_still_fits() -> None:
    rows, review = (row(),) * 9, HomeReview(made.parent(), None, (made.line(),) * 15, decides=True)
    busy = a_home(
        to_rate=rows,
        to_answer=(RECEIVED,) * 9,
        reviews=(review,) * 9,
        sessions_today=rows,
        sessions_next=rows[:5],
        coach=coach(unrecorded=rows, rescuing=(RescuingShown(made.MAX, 3, 14, 5),)),
        can_start=(made.WEST,) * 9,
        due=(DUE, replace(DUE, state=ActionState.DONE)) * 9,
        to_confirm=tuple(replace(TO_CONFIRM, review_deal_id=number) for number in range(9)),
        managers=(a_manager(),) * 12,
        actions=(HomeAction(made.NEXUS, made.NEXT),) * 20,
        received=(RECEIVED,) * 5,
        upcoming=(Upcoming("review.cards", made.WEST, made.TEN),) * 9,
        parked=(PARKED,) * 9,
        names_deputy=True,
    )
    view = home(busy)
    assert validate_view(view) == []
    assert view["blocks"][-1]["elements"][0]["action_id"] == Id.DAYS_OFF


def entered(form: dict[str, Any], **values: Any) -> dict[str, Any]:
    held, _ = state(form["blocks"], values)
    return {**form, "state": {"values": held}}


def test_days_off_are_listed_with_what_they_excuse_and_taken_back() -> None:
    absence = AbsenceShown(4, date(2026, 11, 26), date(2026, 11, 27), (row(),))
    view = modals.days_off(DaysOff(made.TODAY, (absence,)))
    assert validate_view(view) == []
    assert read(view["blocks"]).splitlines() == [
        "*Thu 26 Nov to Fri 27 Nov* · excused: @Ana, Wed 25 Nov, 10:00 [Take back]",
        "First day off: ___",
        "Last day off: ___",
        "Your one-on-ones on these days are excused, and no digest comes. What has begun is excused"
        " only if a leader above accepts the days: that leader is asked.",
        FOLLOWS,
        "Days off can come from your calendar, and one-on-ones keep out of its way."
        " [Add its address]",
    ]
    back = view["blocks"][0]["accessory"]
    assert (back["action_id"], back["value"]) == (Id.TAKE_BACK_DAYS_OFF, "4")
    assert "confirm" in back


def test_days_off_say_whose_word_excuses_what_had_begun() -> None:
    day = date(2026, 11, 24)
    waits = AbsenceShown(4, day, made.TODAY, (), waits_for=made.LEA)
    done = AbsenceShown(5, day, day, (), accepted_by=made.LEA, may_take_back=False)
    said = read(modals.days_off(DaysOff(made.TODAY, (waits, done)))["blocks"]).splitlines()
    assert said[:2] == [
        "*Tue 24 Nov to Wed 25 Nov* · what had begun counts, unless @Lea accepts them [Take back]",
        "*Tue 24 Nov* · accepted by @Lea",
    ]


def test_without_days_off_the_modal_says_so() -> None:
    view = modals.days_off(DaysOff(made.TODAY, ()))
    assert read(view["blocks"]).startswith("You have entered no days off.")


def test_after_adding_it_only_says_what_stands() -> None:
    absence = AbsenceShown(4, date(2026, 11, 26), date(2026, 11, 26), ())
    view = modals.days_off_added(DaysOff(made.TODAY, (absence,)))
    assert validate_view(view) == []
    assert "submit" not in view
    assert read(view["blocks"]).startswith("*Thu 26 Nov* [Take back]")


def read_days_off(**values: str) -> DaysOffForm:
    view = modals.days_off(DaysOff(made.TODAY, ()))
    return checked(DaysOffForm, entered(view, **values), today=made.TODAY)


def test_one_day_off_needs_no_last_one() -> None:
    assert read_days_off(starts_on="2026-11-26").last == date(2026, 11, 26)
    both = read_days_off(starts_on="2026-11-26", ends_on="2026-11-27")
    assert (both.starts_on, both.last) == (date(2026, 11, 26), date(2026, 11, 27))


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({}, {"starts_on": "This is needed."}),
        (
            {"starts_on": "2026-11-10"},
            {"starts_on": "Choose a day from Wed 11 Nov on: what is longer over stays."},
        ),
        ({"starts_on": "2036-11-24"}, {"starts_on": FAR}),
    ],
)
def test_days_off_that_will_not_do(values: dict[str, str], errors: dict[str, str]) -> None:
    with pytest.raises(Wrong) as wrong:
        read_days_off(**values)
    assert wrong.value.errors == errors


# --- messages


def a_choice(**changes: Any) -> MessagesChosen:
    """Of a rep who chose nothing."""
    shown = MessagesChosen(
        zone="America/New_York",
        day_before=True,
        at_start=True,
        minutes=10,
        offered=tuple(Topic),
        unwanted=frozenset(),
        quiet=(time(19), time(7, 30)),
        blocks=(),
        snoozed_until=None,
        most=2,
        waiting=0,
    )
    return replace(shown, **changes)


def read_messages(shown: MessagesChosen, **values: Any) -> MessagesForm:
    view = message_modal.messages(shown)
    return checked(MessagesForm, entered(view, **values), today=made.TODAY)


def test_what_was_chosen_comes_back_as_it_stands() -> None:
    form = read_messages(a_choice(unwanted=frozenset({Topic.SKIPPED})))
    assert form.topics == [each for each in Topic if each is not Topic.SKIPPED]
    assert form.quiet == (time(19), time(7, 30))
    assert (form.selling, form.snooze, form.snooze_until) == (None, None, None)


def test_the_modal_says_the_budget_what_waits_the_blocks_and_the_snooze() -> None:
    block = Block("24", time(9), time(11))
    shown = a_choice(waiting=1, blocks=((7, block),), snoozed_until=made.TEN)
    said = read(message_modal.messages(shown)["blocks"])
    assert "At most 2 messages a day come unasked." in said
    assert "1 message waits for it." in said
    assert "*Selling* · Tuesday, Thursday, 09:00–11:00 [Remove]" in said
    assert said.startswith("Snoozed until")
    assert "[End snooze]" in said


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"quiet_from": None}, {"quiet_from": "Both times, or neither."}),
        (
            {"selling_from": "09:00"},
            {
                "selling_days": "Days and both times, or none of them.",
                "selling_until": "Days and both times, or none of them.",
            },
        ),
        (
            {"snooze": "hour", "snooze_until": 1_795_000_000},
            {"snooze_until": "Choose one of the two."},
        ),
    ],
)
def test_half_of_a_choice_will_not_do(values: dict[str, Any], errors: dict[str, str]) -> None:
    with pytest.raises(Wrong) as wrong:
        read_messages(a_choice(), **values)
    assert wrong.value.errors == errors


@pytest.mark.parametrize("day_before", [True, False])
@pytest.mark.parametrize("at_start", [True, False])
def test_each_reminder_has_its_own_switch(day_before: bool, at_start: bool) -> None:
    view = message_modal.messages(a_choice(day_before=day_before, at_start=at_start))
    assert validate_view(view) == []
    form = checked(MessagesForm, entered(view), today=made.TODAY)
    expected = [Remind.DAY_BEFORE] * day_before + [Remind.AT_START] * at_start
    assert form.remind == expected
    assert "10 minutes before" in str(view["blocks"])


# --- a leader's managers, an admin's messages


def a_manager(**changes: Any) -> ManagerShown:
    """Max, with nothing to act on."""
    shown = ManagerShown(
        person=made.MAX,
        may_coach=True,
        teams=(TeamLed(made.WEST, None, Grade.BELOW_STANDARD, MONDAY),),
        unrecorded=0,
        uncoached=0,
        coached=4,
        held=HeldShown(5, 7),
        breaches=0,
    )
    return replace(shown, **changes)


def test_a_leader_reads_what_waits_and_how_the_quarter_stands() -> None:
    waits = ReviewWaits(3, made.TEN)
    worse = a_manager(
        teams=(TeamLed(made.WEST, waits, None, None),),
        unrecorded=1,
        uncoached=2,
        breaches=1,
        talks=KeptRate(3, 5, 1),
    )
    said = at_home(managers=(worse, a_manager(may_coach=False)))
    where = said.index("Your managers")
    assert said[where + 1 : where + 7] == [
        "@Max · West",
        "*3 deals undecided* in <#C0WEST> since Wed 25 Nov, 10:00"
        " · *1 one-on-one not recorded* · *no coaching for 2 of 4 in two weeks*",
        "one-on-ones held this quarter: 5 of 7"
        " · coverage conversations kept the same day: 3 of 5 · changed too often with 1 person"
        " · last review: none yet [Log coaching]",
        "@Max · West",
        "Nothing waits.",
        "one-on-ones held this quarter: 5 of 7 · last review: below standard, Mon 23 Nov",
    ]


def test_an_admin_can_try_again_what_could_not_be_posted() -> None:
    said = at_home(is_admin=True, parked=(PARKED,))
    assert said[said.index("Could not be posted") + 2] == "[Mended: try again]"
