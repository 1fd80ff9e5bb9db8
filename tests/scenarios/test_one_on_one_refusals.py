"""What one-on-ones refuse, in which words, and what happens when people change in between."""

from datetime import UTC, date, datetime, time

import pytest
from slack_sdk import WebClient

from models.agenda import choose_calendar
from models.coaching import CoachingLog
from models.delivery import Delivery, Kind
from models.one_on_ones import Excuse, OneOnOne, Sitting, State, enter_absence, follow_people
from models.people import Person, get_person, team
from models.roster import put_person, put_team
from sandbox.person import ActingPerson, SeenMessage
from tests.scenarios.floor import BOT, Floor, at_once, seen
from tests.scenarios.sessions import (
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
    reads,
    session_of,
    stand,
    told,
    whispered,
)

DAY_SECONDS = 24 * 60 * 60


def forged(floor: Floor, theirs: SeenMessage, who: ActingPerson) -> SeenMessage:
    """Somebody else's card in this person's own messages: Slack would show it to nobody else."""
    client = WebClient("xoxb-cadence", base_url=floor.server.api_url)
    client.chat_postMessage(channel=who.dm_with(BOT), text="Not yours", blocks=theirs.blocks)
    return floor.dm(who)[-1]


def at(day: int, hour: int, minute: int = 0) -> int:
    """A moment of November in New York, as Slack's picker gives it."""
    return int(datetime(2026, 11, day, hour + 5, minute, tzinfo=UTC).timestamp())


# --- whose it is


@pytest.mark.parametrize("name", ["ana", "ben", "lea", "ada"])
def test_only_the_coach_runs_it(reminded: Floor, name: str) -> None:
    who = reminded.people[name]
    theirs = forged(reminded, card(reminded, reminded.max), who)
    sentence = "Only @Max runs this one-on-one. Talking points are for both of them."
    for button in ("Start", "Finish"):
        reminded.press(who, theirs, button)
        assert whispered(reminded, who) == sentence
    assert who.modal is None
    assert session_of(reminded).started_at is None


@pytest.mark.parametrize("choice", ["Talking points", "Reschedule", "Cancel"])
def test_only_the_two_change_it(reminded: Floor, choice: str) -> None:
    theirs = forged(reminded, card(reminded, reminded.ana), reminded.ben)
    reminded.press(reminded.ben, theirs, "one_on_one.menu", choice)
    assert whispered(reminded, reminded.ben) == (
        "Only @Max or @Ana changes this one-on-one. Ask one of them."
    )
    assert reminded.ben.modal is None


def test_old_buttons_after_the_other_side_cancelled(reminded: Floor) -> None:
    chosen(reminded, reminded.ana, "Cancel")
    assert reminded.ana.submit(reason="A customer calls at ten")["ok"]
    # Slack still shows Max the card as it was
    for button in ("Start", "Finish"):
        reminded.press(reminded.max, card(reminded, reminded.max), button)
        assert whispered(reminded, reminded.max) == (
            "It was cancelled by @Ana, Wed 25 Nov, 09:50: “A customer calls at ten”."
        )
    assert reads(reminded, reminded.max).splitlines()[1].startswith("Cancelled by @Ana")


def test_started_while_the_other_side_was_cancelling(reminded: Floor) -> None:
    chosen(reminded, reminded.ana, "Cancel")
    reminded.press(reminded.max, card(reminded, reminded.max), "Start")
    outcome = reminded.ana.submit(reason="A customer calls at ten")
    assert outcome["errors"] == {
        "reason": "It is under way: started by Max, Wed 25 Nov, 09:50."
        " Now only Max can move, cancel or finish it."
    }


def test_start_pressed_twice(reminded: Floor) -> None:
    theirs = card(reminded, reminded.max)
    at_once([lambda: reminded.max.click(theirs, "Start")] * 4)
    assert session_of(reminded).started_at == reminded.now()
    assert "Under way since 09:50" in reads(reminded, reminded.max)


def test_finish_that_was_open_while_it_was_cancelled(reminded: Floor) -> None:
    modal = finishing(reminded, "Vale")
    chosen(reminded, reminded.ana, "Cancel")
    assert reminded.ana.submit(reason="A customer calls at ten")["ok"]
    outcome = reminded.max.submit({**COACHING, **nexts(modal, Vale="Send the paper")})
    assert outcome["errors"] == {
        "notes": "It was cancelled by Ana, Wed 25 Nov, 09:50: “A customer calls at ten”."
    }
    assert reminded.rows(CoachingLog) == []


def test_not_before_its_day(reminded: Floor) -> None:
    theirs = forged(reminded, card(reminded, reminded.max), reminded.max)
    chosen(reminded, reminded.max, "Reschedule")
    assert reminded.max.submit(starts_at=at(27, 10))["ok"]
    reminded.press(reminded.max, theirs, "Start")
    assert whispered(reminded, reminded.max) == (
        "It is only on Fri 27 Nov, 10:00. Reschedule it if you sit together earlier."
    )


# --- to when it may be moved


def test_times_that_will_not_do(reminded: Floor) -> None:
    with reminded.database.transaction(reminded.world.workspace_id) as session:
        max_ = get_person(session, reminded.world.max)
        enter_absence(session, max_, date(2026, 12, 1), date(2026, 12, 2), reminded.now())
    chosen(reminded, reminded.ana, "Reschedule")
    sentences = {
        None: "Choose a time.",
        at(25, 10): "It is at that time already. Choose another.",
        at(25, 9, 30): "That is in the past. Choose a later time.",
        at(28, 10): "Sat 28 Nov is a day off of Max. Free: Wed 25 Nov, 10:30 · Thu 26 Nov, 10:00"
        " · Fri 27 Nov, 10:00.",
        at(30, 10)
        + DAY_SECONDS: "Tue 1 Dec is a day off of Max (out of office). Free: Wed 25 Nov, 10:30"
        " · Thu 26 Nov, 10:00 · Fri 27 Nov, 10:00.",
        at(30, 10)
        + 26 * DAY_SECONDS: "That is too far away: Wed 23 Dec at the latest. Or cancel it.",
    }
    for moment, sentence in sentences.items():
        assert reminded.ana.submit(starts_at=moment)["errors"] == {"starts_at": sentence}
    assert len(reminded.rows(Sitting)) == len(reminded.rows(OneOnOne))
    chosen(reminded, reminded.max, "Reschedule")
    said = reminded.max.submit(starts_at=at(28, 10))["errors"]["starts_at"]
    assert said.startswith("Sat 28 Nov is a day off of yours. Free: ")


def test_a_holiday_of_either_is_named_with_what_is_free(reminded: Floor) -> None:
    with reminded.database.transaction(reminded.world.workspace_id) as session:
        get_person(session, reminded.world.ana).holiday_calendar = "US"
    chosen(reminded, reminded.max, "Reschedule")
    assert reminded.max.submit(starts_at=at(26, 10))["errors"] == {
        "starts_at": "Thu 26 Nov is a day off of Ana (Thanksgiving Day)."
        " Free: Wed 25 Nov, 10:30 · Fri 27 Nov, 10:00 · Mon 30 Nov, 10:00."
    }
    outcome = reminded.max.submit(starts_at=at(27, 5))
    assert outcome["errors"]["starts_at"].startswith(
        "Choose a time between 06:00 and 22:00 where Max is. Free: Wed 25 Nov, 10:30"
    )


def test_the_fourth_of_the_day_and_two_at_once(floor: Floor) -> None:
    stand(floor)
    for name, hour in (("ben", 11), ("cleo", 13)):
        stand(floor, name, weekday=4, at=time(hour))
    with floor.database.transaction(floor.world.workspace_id) as session:
        west = team(session, floor.world.team)
        dora, _ = put_person(
            session, "U0ADA", name="Ada", role=get_person(session, floor.world.ana).role,
            zone="America/New_York", team_id=west.id, reports_to_id=floor.world.max,
        )  # fmt: skip
        assert dora.id == floor.world.ada
    floor.later(WED - 10 * MINUTE)
    chosen(floor, floor.ana, "Reschedule")
    assert floor.ana.submit(starts_at=at(26, 11, 15))["errors"]["starts_at"].startswith(
        "Max and Ben have theirs then: Thu 26 Nov, 11:00. Free: Wed 25 Nov, 10:30"
    )
    floor.ana.close()
    stand(floor, "ada", weekday=4, at=time(15))
    chosen(floor, floor.ana, "Reschedule")
    assert floor.ana.submit(starts_at=at(26, 9))["errors"]["starts_at"] == (
        "Thu 26 Nov is full: Ben, Cleo, Ada. Free: Wed 25 Nov, 10:30 · Fri 27 Nov, 10:00"
        " · Mon 30 Nov, 10:00."
    )


def test_across_a_change_of_the_clocks_by_somebody_in_another_zone(floor: Floor) -> None:
    """New York goes to summer time on Sun 14 March 2027, Berlin two weeks later."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        ana = get_person(session, floor.world.ana)
        put_person(session, ana.slack_id, name="Ana", role=ana.role, zone="Europe/Berlin")
    floor.later(datetime(2027, 3, 9, 17, 0, tzinfo=UTC))  # Tuesday
    stand(floor)
    floor.later(datetime(2027, 3, 10, 14, 50, tzinfo=UTC))
    assert reads(floor, floor.max).startswith("One-on-one with @Ana at 10:00")
    assert reads(floor, floor.ana).startswith("One-on-one with @Max at 16:00")

    chosen(floor, floor.ana, "Reschedule")
    monday = datetime(2027, 3, 15, 14, 0, tzinfo=UTC)  # 10:00 in New York, 15:00 in Berlin
    assert floor.ana.submit(starts_at=int(monday.timestamp()))["ok"]
    assert told(floor, floor.max) == (
        "@Ana moved your one-on-one of Wed 10 Mar, 10:00 to Mon 15 Mar, 10:00."
    )
    assert reads(floor, floor.ana).splitlines()[1] == (
        "Moved by @Ana, Wed 10 Mar, 15:50, to Mon 15 Mar, 15:00"
    )
    floor.later(monday - 10 * MINUTE)
    assert reads(floor, floor.max).startswith("One-on-one with @Ana at 10:00")
    assert reads(floor, floor.ana).startswith("One-on-one with @Max at 15:00")
    assert floor.rows(Sitting, Sitting.is_current)[-1].local_date >= date(2027, 3, 15)


# --- people change in between


def led_by(floor: Floor, manager_id: int) -> None:
    """West has another manager."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        west = team(session, floor.world.team)
        put_team(session, west.name, currency=west.currency, zone=west.zone, manager_id=manager_id)
        follow_people(session, [floor.world.ana], floor.now())


def test_another_manager_between_reminder_and_session(reminded: Floor) -> None:
    led_by(reminded, reminded.world.lea)
    reminded.press(reminded.max, card(reminded, reminded.max), "Start")
    assert whispered(reminded, reminded.max) == "It is excused, so nothing is to be done."
    for who in (reminded.max, reminded.ana):
        assert reads(reminded, who).splitlines()[1:] == [
            "Excused: somebody else leads these sessions now. It does not count."
        ]
    assert session_of(reminded).excuse is Excuse.COACH_CHANGED


def test_moved_to_another_manager_in_the_middle_of_a_week(reminded: Floor) -> None:
    """The rep hears it once, and the new one is asked to set a time; then there is one."""
    led_by(reminded, reminded.world.lea)
    reminded.deliver()
    news = [seen(one) for one in reminded.dm(reminded.ana) if "leads your" in seen(one)]
    assert news == [
        "@Lea leads your one-on-ones now.\n"
        "Those that were planned with @Max are off and count against nobody. @Lea sets a weekly"
        " time; your talking points carry over."
    ]
    asked = newest(reminded, reminded.lea, Kind.ONE_ON_ONE_UNSET)
    assert seen(asked) == (
        "@Ana is yours to coach now. Set a weekly one-on-one with each.\n[One-on-ones]"
    )
    stand(reminded, coach="lea", weekday=4)
    led_by(reminded, reminded.world.lea)
    assert len(reminded.rows(Delivery, Delivery.kind == Kind.ONE_ON_ONE_NEW_COACH)) == 1
    assert seen(newest(reminded, reminded.lea, Kind.ONE_ON_ONE_UNSET)) == (
        "Everybody whom you coach has a weekly one-on-one."
    )


def test_another_zone_in_the_middle_of_a_week(reminded: Floor) -> None:
    """Ana's Slack profile says Berlin: nothing moves, and both read when it is there."""
    with reminded.database.transaction(reminded.world.workspace_id) as session:
        ana = get_person(session, reminded.world.ana)
        choose_calendar(
            session, ana, reminded.now(), zone="Europe/Berlin", zone_is_own=True,
            working_days=ana.working_days, holidays=None,
        )  # fmt: skip
    reminded.deliver()
    assert seen(newest(reminded, reminded.ana, Kind.ONE_ON_ONE_ZONE)).startswith(
        "You are on Berlin time now. Your one-on-ones stay when they were set.\n- @Max · "
    )
    other = newest(reminded, reminded.max, Kind.ONE_ON_ONE_ZONE_OTHER)
    assert seen(other) == (
        "@Ana is on Berlin time now. Your one-on-one of Wed 25 Nov, 10:00 stays when it is:"
        " there that is Wed 25 Nov, 16:00.\n[Reschedule]"
    )
    assert reads(reminded, reminded.ana).startswith("One-on-one with @Max at 16:00")


def test_what_had_begun_before_is_finished_by_who_began_it(reminded: Floor) -> None:
    reminded.press(reminded.max, card(reminded, reminded.max), "Start")
    led_by(reminded, reminded.world.lea)
    reminded.later(WED + HOUR)
    assert session_of(reminded).state is State.DUE
    modal = finishing(reminded, "Vale")
    outcome = reminded.max.submit({**COACHING, **nexts(modal, Vale="Send the paper")})
    assert outcome["ok"], outcome
    assert session_of(reminded).state is State.HELD


def test_who_was_deactivated_in_slack_is_out(reminded: Floor) -> None:
    reminded.server.request("POST", "/sandbox/person", {"id": "U0ANA", "deleted": True})
    reminded.max.wait_for(lambda: not reminded.rows(Person, Person.slack_id == "U0ANA")[0].active)
    reminded.max.wait_for(lambda: session_of(reminded).state is State.EXCUSED)
    assert reads(reminded, reminded.max).splitlines()[1:] == [
        "Excused: one of the two is no longer here. It does not count."
    ]
    reminded.later(WED + 7 * DAY)
    due = reminded.rows(OneOnOne, OneOnOne.state == State.DUE)
    assert due == []


def test_a_stranger_and_what_is_gone(reminded: Floor) -> None:
    theirs = forged(reminded, card(reminded, reminded.max), reminded.guest)
    reminded.press(reminded.guest, theirs, "Start")
    assert whispered(reminded, reminded.guest) == "You are not set up here yet. @Ada can add you."
    assert "Start" in seen(theirs)
