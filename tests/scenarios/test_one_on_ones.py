"""A one-on-one from its reminder to its end, as the two of them live it."""

import json
from datetime import UTC, date, datetime

from models.coaching import CoachingEntry
from models.delivery import Delivery, Kind
from models.next_actions import ActionState, NextAction
from models.one_on_ones import (
    Note,
    OneOnOne,
    ReviewedDeal,
    Sitting,
    State,
    TalkingPoint,
    move,
    on_days,
)
from models.people import get_person
from tests.scenarios.floor import Floor, at_once, seen, six_deals
from tests.scenarios.sessions import (
    CHANGED,
    COACHING,
    DAY,
    HOUR,
    MINUTE,
    WED,
    card,
    chosen,
    finishing,
    newest,
    nexts,
    offered,
    reads,
    session_of,
    stand,
    told,
)


def test_both_are_reminded_ten_minutes_before(floor: Floor) -> None:
    six_deals(floor)
    stand(floor)
    floor.later(WED - 11 * MINUTE)
    assert not floor.rows(
        Delivery, Delivery.kind == Kind.ONE_ON_ONE_COACH, Delivery.ts.is_not(None)
    )

    floor.later(WED - 10 * MINUTE)

    assert reads(floor, floor.max) == (
        "One-on-one with @Ana at 10:00 · 30 min\n"
        "3 deals lack a next action: Halcyon, Nexus Corp, Vale\n"
        "[Start] [Finish] [What drives Ana] ⋯(Talking points, Reschedule, Cancel)"
    )
    assert reads(floor, floor.ana) == (
        "One-on-one with @Max at 10:00 · 30 min\n"
        "3 deals lack a next action: Halcyon, Nexus Corp, Vale\n"
        "⋯(Talking points, Reschedule, Cancel)"
    )
    assert card(floor, floor.max).fallback == "One-on-one with <@U0ANA> at 10:00"


def test_from_start_to_finish(reminded: Floor) -> None:
    max_, ana = reminded.max, reminded.ana
    reminded.later(WED + 2 * MINUTE)
    reminded.press(max_, card(reminded, max_), "Start")
    assert "Under way since 10:02" in reads(reminded, max_)
    assert reads(reminded, max_).endswith(
        "[Finish] [What drives Ana] ⋯(Talking points, Reschedule, Cancel)"
    )
    assert "Under way since 10:02" in reads(reminded, ana)
    assert reads(reminded, ana).endswith("⋯(Talking points)")

    reminded.later(WED + 35 * MINUTE)
    modal = finishing(reminded, "Nexus Corp", "Vale")
    assert modal.values["minutes"] == "33"
    asked = [label for label in modal.fields.values() if "Nexus" in label or "Vale" in label]
    assert asked == ["Nexus Corp: next action", "Nexus Corp: due", "Vale: next action", "Vale: due"]
    typed = nexts(modal, **{"Nexus Corp": "Book the economic buyer", "Vale": "Send the paper"})
    outcome = max_.submit({**COACHING, **typed, "notes": "Ask about the move"})
    assert outcome["ok"], outcome

    assert reads(reminded, max_) == (
        "One-on-one with @Ana at 10:00\n"
        "Held · recorded Wed 25 Nov, 10:35 · 2 deals with a next action\n"
        "⋯(Edit the coaching log, Notes for next time, Trail)"
    )
    assert reads(reminded, ana) == (
        "One-on-one with @Max at 10:00\n"
        "Held · recorded Wed 25 Nov, 10:35 · 2 deals with a next action"
    )
    held = session_of(reminded)
    assert (held.state, held.settled_by_id) == (State.HELD, reminded.world.max)
    (entry,) = reminded.rows(CoachingEntry)
    assert (entry.focus, entry.minutes, entry.held_on) == ("negotiation", 33, date(2026, 11, 25))
    actions = reminded.rows(NextAction, NextAction.state == ActionState.OPEN)
    assert {(one.text, one.owner_id, one.due_on) for one in actions} == {
        ("Book the economic buyer", reminded.world.ana, date(2026, 12, 2)),
        ("Send the paper", reminded.world.ana, date(2026, 12, 2)),
    }
    assert all(one.had_none for one in reminded.rows(ReviewedDeal))
    assert "negotiation" in seen(newest(reminded, ana, Kind.COACHING_PERSON))


def test_the_next_one_begins_where_the_last_one_ended(reminded: Floor) -> None:
    modal = finishing(reminded, "Nexus Corp")
    typed = nexts(modal, **{"Nexus Corp": "Book the economic buyer"})
    assert reminded.max.submit({**COACHING, **typed, "notes": "Ask about the move"})["ok"]
    reminded.deliver()
    coaching = newest(reminded, reminded.ana, Kind.COACHING_PERSON)
    reminded.press(reminded.ana, coaching, "That's right")

    reminded.later(WED + 7 * DAY - 10 * MINUTE)

    assert reads(reminded, reminded.max) == (
        "One-on-one with @Ana at 10:00 · 30 min · held 1 of 1 this quarter\n"
        "Last time: negotiation — “Name the price, then let silence work”\n"
        "Next step: “Two calls without filling the pause” by Tue 1 Dec (log confirmed)\n"
        "2 deals lack a next action: Halcyon, Vale\n"
        "Your notes from last time: “Ask about the move”\n"
        "[Start] [Finish] [What drives Ana] ⋯(Talking points, Reschedule, Cancel)"
    )
    theirs = reads(reminded, reminded.ana)
    assert "Ask about the move" not in theirs
    assert "this quarter" not in theirs
    assert "you confirmed the log" in theirs


def test_what_was_held_can_be_put_right(reminded: Floor) -> None:
    finishing(reminded, "Vale")
    modal = reminded.max.modal
    assert modal
    assert reminded.max.submit({**COACHING, **nexts(modal, Vale="Send the paper")})["ok"]
    reminded.deliver()

    editing = chosen(reminded, reminded.max, "Edit the coaching log")
    assert editing.values["feedback"] == COACHING["feedback"]
    assert reminded.max.submit(feedback="Name the price, then count to ten")["ok"]
    chosen(reminded, reminded.max, "Notes for next time")
    assert reminded.max.submit(notes="Ask about Boston")["ok"]
    trail = chosen(reminded, reminded.max, "Trail")
    assert "count to ten" in seen(trail)
    assert "let silence work" in seen(trail)
    assert [one.text for one in reminded.rows(Note, Note.is_current)] == ["Ask about Boston"]


def test_talking_points_carry_over_until_they_were_talked_about(reminded: Floor) -> None:
    chosen(reminded, reminded.ana, "Talking points")
    assert reminded.ana.submit(text="pricing for <!channel> Orbit")["ok"]
    chosen(reminded, reminded.max, "Talking points")
    assert reminded.max.submit(text="close plan for Nexus")["ok"]
    assert (
        "On @Ana's list: “pricing for <!channel> Orbit” · on yours: “close plan for Nexus”"
    ) in reads(reminded, reminded.max)

    modal = finishing(reminded, "Vale")
    assert offered(modal, "talked") == ["pricing for <!channel> Orbit", "close plan for Nexus"]
    typed = nexts(modal, Vale="Send the paper")
    talked = ["close plan for Nexus"]
    assert reminded.max.submit({**COACHING, **typed, "talked": talked})["ok"]

    reminded.later(WED + 7 * DAY - 10 * MINUTE)
    assert "On @Ana's list: “pricing for <!channel> Orbit”\n" in reads(reminded, reminded.max)
    assert "close plan" not in reads(reminded, reminded.max)
    chosen(reminded, reminded.ana, "Talking points")
    (own,) = reminded.rows(TalkingPoint, TalkingPoint.by_id == reminded.world.ana)
    assert reminded.ana.submit(drop=[str(own.id)])["ok"]
    assert "pricing" not in reads(reminded, reminded.max)


# --- moving and cancelling


def test_moved_by_the_person_to_a_free_time(reminded: Floor) -> None:
    modal = chosen(reminded, reminded.ana, "Reschedule")
    assert offered(modal, "free")[0] == "Wed 25 Nov, 10:30"
    assert reminded.ana.submit(free="Wed 25 Nov, 10:30")["ok"]

    assert told(reminded, reminded.max) == (
        "@Ana moved your one-on-one of Wed 25 Nov, 10:00 to Wed 25 Nov, 10:30."
    )
    line = "Moved by @Ana, Wed 25 Nov, 09:50, to Wed 25 Nov, 10:30"
    for who in (reminded.max, reminded.ana):
        assert any(seen(one).splitlines()[1:] == [line] for one in reminded.dm(who))
    assert [one.same_day for one in reminded.rows(Sitting)][-1] is True
    reminded.later(WED + 20 * MINUTE)
    assert reads(reminded, reminded.max).startswith("One-on-one with @Ana at 10:30")
    assert reads(reminded, reminded.max).splitlines()[-1].startswith("[Start]")


def test_cancelled_with_a_reason(reminded: Floor) -> None:
    chosen(reminded, reminded.max, "Cancel")
    assert reminded.max.submit(reason="TBD")["errors"] == {
        "reason": "“TBD” says nothing. Why does it not take place?"
    }
    assert reminded.max.submit(reason="The board wants numbers today")["ok"]

    line = "Cancelled by @Max, Wed 25 Nov, 09:50: “The board wants numbers today”"
    for who in (reminded.max, reminded.ana):
        assert reads(reminded, who).splitlines()[1:] == [line]
    assert told(reminded, reminded.ana) == (
        "@Max cancelled your one-on-one of Wed 25 Nov, 10:00: “The board wants numbers today”\n"
        "The next one: Wed 2 Dec, 10:00"
    )
    assert session_of(reminded).state is State.CANCELLED


def test_a_breach_is_told_to_the_manager_and_the_leader(reminded: Floor) -> None:
    chosen(reminded, reminded.max, "Cancel")
    assert reminded.max.submit(reason="The board wants numbers today")["ok"]
    reminded.later(WED + 7 * DAY - 10 * MINUTE)
    chosen(reminded, reminded.max, "Cancel")
    assert reminded.max.submit(reason="At the customer's all day")["ok"]
    reminded.deliver()

    said = (
        "One-on-ones of @Max with @Ana, October to December\n"
        "By @Max: 2 cancelled, none moved · by @Ana: none cancelled, none moved\n"
        "At most one a quarter is the standard for @Max; moves within the day do not count."
        " Told once a quarter, to @Max and the leader above."
    )
    assert seen(newest(reminded, reminded.max, Kind.ONE_ON_ONE_BREACH)) == said
    assert seen(newest(reminded, reminded.lea, Kind.ONE_ON_ONE_BREACH_ABOVE)) == said
    assert not [one for one in reminded.dm(reminded.ana) if "The standard is" in one.text]


def test_the_first_click_wins(reminded: Floor) -> None:
    max_, ana = reminded.max, reminded.ana
    chosen(reminded, max_, "Cancel")
    chosen(reminded, ana, "Reschedule")
    outcomes = at_once(
        [
            lambda: max_.submit(reason="The board wants numbers today"),
            lambda: ana.submit(free="Wed 25 Nov, 10:30"),
        ]
    )
    sessions = reminded.rows(OneOnOne)
    assert sorted(one["ok"] for one in outcomes) == [False, True]
    if outcomes[1]["ok"]:
        (said,) = outcomes[0]["errors"].values()
        assert said.startswith("Ana moved it meanwhile, to Wed 25 Nov, 10:30.")
        assert sessions[0].state is State.DUE
    else:
        (said,) = outcomes[1]["errors"].values()
        assert said.startswith("It was cancelled by Max, Wed 25 Nov, 09:50: “The board")
        assert len(reminded.rows(Sitting, Sitting.one_on_one_id == sessions[0].id)) == 1


def test_both_cancel_at_once(reminded: Floor) -> None:
    people = {"Max": reminded.max, "Ana": reminded.ana}
    for who in people.values():
        chosen(reminded, who, "Cancel")
    outcomes = at_once(
        [
            lambda: reminded.max.submit(reason="Max is with a customer"),
            lambda: reminded.ana.submit(reason="Ana is with a customer"),
        ]
    )
    assert sorted(one["ok"] for one in outcomes) == [False, True]
    first = next(name for name, one in zip(people, outcomes, strict=True) if one["ok"])
    (lost,) = [one["errors"]["reason"] for one in outcomes if not one["ok"]]
    assert lost == f"It was cancelled by {first}, Wed 25 Nov, 09:50: “{first} is with a customer”."
    for who in people.values():
        assert f"Cancelled by @{first}" in reads(reminded, who)


# --- what time does


def test_missed_when_nothing_was_recorded_by_the_next_working_day(reminded: Floor) -> None:
    reminded.later(WED + 37 * HOUR)  # Thursday 23:00
    assert session_of(reminded).state is State.DUE
    reminded.later(WED + 38 * HOUR)  # midnight
    assert session_of(reminded).state is State.MISSED
    for who in (reminded.max, reminded.ana):
        assert reads(reminded, who).splitlines()[1:] == [
            "Missed: nothing was recorded by the end of the next working day"
        ]


def test_the_bot_was_away_over_the_start(floor: Floor) -> None:
    six_deals(floor)
    stand(floor)
    floor.later(WED + 20 * MINUTE)
    said = reads(floor, floor.max)
    assert "_This reminder comes late: the bot was away at the start._" in said
    assert "[Finish]" in said
    assert not [one for one in floor.dm(floor.ana) if one.text.startswith("One-on-one with")]


def test_reminders_switched_off(floor: Floor) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        get_person(session, floor.world.max).reminded_at_start = False
    stand(floor)
    floor.later(WED - 10 * MINUTE)
    assert not [one for one in floor.dm(floor.max) if "One-on-one with" in one.text]
    assert reads(floor, floor.ana).startswith("One-on-one with @Max at 10:00")


def test_who_works_in_another_zone_than_slack_says_reads_one_time(floor: Floor) -> None:
    stand(floor, weekday=4)
    with floor.database.transaction(floor.world.workspace_id) as session:
        ana = get_person(session, floor.world.ana)
        ana.zone, ana.zone_is_own = "America/Chicago", True
        [(held, _)] = on_days(session, floor.world.ana, date(2026, 11, 26), date(2026, 11, 26))
        friday = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
        move(session, get_person(session, floor.world.max), held.id, friday, floor.now())
    said = "@Max moved your one-on-one of Thu 26 Nov, 09:00 to Fri 27 Nov, 09:00."
    assert told(floor, floor.ana) == said
    assert '"date"' not in json.dumps(newest(floor, floor.ana, *CHANGED).blocks)
