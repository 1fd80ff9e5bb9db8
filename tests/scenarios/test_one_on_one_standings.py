"""Standing one-on-ones: who sets them, from where, and what does not fit into a week."""

from datetime import UTC, date, datetime, time

import pytest

from models.delivery import Kind
from models.one_on_ones import LeftOut, OneOnOne, Standing, State, end_standing, put_standing
from models.people import get_person, put_workspace, team
from models.standards import Standards
from sandbox.person import ActingPerson, SeenView
from tests.scenarios.floor import LOBBY, Floor, seen
from tests.scenarios.sessions import (
    MINUTE,
    WED,
    newest,
    offered,
    reads,
    stand,
    told,
)
from tests.world import a_rep, somebody

LIST = "/cadence one-on-ones"
PRESS = "one_on_one.change_standing"


def opened(floor: Floor, who: ActingPerson) -> SeenView:
    """The list, from the command."""
    assert who.command(LOBBY, LIST)["ok"]
    modal = who.modal
    assert modal, who.notices()
    return modal


def setting(floor: Floor, who: ActingPerson, person_id: int) -> SeenView:
    """[Set] or [Change] of somebody in the list."""
    modal = opened(floor, who)
    block = f"change.{person_id}"
    assert who.click(modal, PRESS, block_id=block)["ok"]
    pushed = who.modal
    assert pushed
    assert pushed.title == "Standing one-on-one"
    return pushed


def news(floor: Floor, who: ActingPerson) -> str:
    floor.deliver()
    return seen(newest(floor, who, Kind.ONE_ON_ONE_STANDING))


def test_a_manager_sets_changes_and_ends_one(floor: Floor) -> None:
    max_, ana = floor.max, floor.ana
    assert seen(opened(floor, max_)) == (
        "@Ana: none yet\n[Set]\n@Ben: none yet\n[Set]\n@Cleo: none yet\n[Set]\n"
        "Your own, with @Lea: none yet"
    )
    max_.close()
    modal = setting(floor, max_, floor.world.ana)
    assert modal.values == {
        "weekday": "2", "local_time": "09:00", "minutes": "30", "active_from": "2026-11-30"
    }  # fmt: skip
    outcome = max_.submit(weekday="Wednesdays", local_time="10:00")
    assert outcome["ok"], outcome
    redrawn = max_.modal
    assert redrawn
    assert seen(redrawn).startswith(
        "@Ana: Wednesdays 10:00, 30 min, from Wed 2 Dec\n[Change] ⋯(End)\n@Ben"
    )
    line = "@Max set your one-on-one: Wednesdays 10:00, 30 min, from Wed 2 Dec."
    assert news(floor, ana) == line
    assert [one.first_due_on for one in floor.rows(OneOnOne)] == [date(2026, 12, 2)]

    max_.close()
    assert setting(floor, max_, floor.world.ana).submit == "Change"
    assert max_.submit(weekday="Thursdays", local_time="14:00", minutes="45")["ok"]
    # the one before would have begun on the same Monday: it never ran
    assert news(floor, ana) == "@Max set your one-on-one: Thursdays 14:00, 45 min, from Thu 3 Dec."
    assert seen(floor.dm(ana)[0]) == f"{line}\nNo longer in force."

    below = max_.modal
    assert below
    assert max_.click(below, "one_on_one.standing_menu", "End")["ok"]
    redrawn = max_.modal
    assert redrawn
    assert seen(redrawn).startswith("@Ana: none yet\n[Set]")
    assert [one.ended_at is None for one in floor.rows(Standing)] == [False, False]
    assert {one.state for one in floor.rows(OneOnOne)} == {State.CANCELLED}
    assert told(floor, ana) == (
        "@Max cancelled your one-on-one of Thu 3 Dec, 14:00: “standing one-on-one ended”\n"
        "No other is planned."
    )


def test_the_button_of_help_and_words_beside_it(floor: Floor) -> None:
    floor.max.command(LOBBY, "/cadence")
    help_ = floor.max.ephemerals(LOBBY)[-1]
    assert floor.opened(floor.max, help_, "One-on-ones").title == "One-on-ones"
    floor.max.close()
    floor.max.command(LOBBY, "/cadence One-on-ones ")
    assert floor.max.modal


def test_who_coaches_nobody_reads_their_own(floor: Floor) -> None:
    stand(floor)
    assert seen(opened(floor, floor.ana)) == (
        "You coach nobody here. An admin says who leads whom.\n"
        "Your own, with @Max: Wednesdays 10:00, 30 min"
    )
    assert seen(opened(floor, floor.ada)) == (
        "You coach nobody here. An admin says who leads whom.\nNobody coaches you here."
    )


def test_a_leader_sets_the_managers(floor: Floor) -> None:
    setting(floor, floor.lea, floor.world.max)
    assert floor.lea.submit()["ok"]
    assert news(floor, floor.max).startswith("@Lea set your one-on-one: Tuesdays 09:00")


def test_a_stranger_is_told_who_can_help(floor: Floor) -> None:
    floor.guest.command(LOBBY, LIST)
    assert floor.whispered(floor.guest, LOBBY) == ("You are not set up here yet. @Ada can add you.")


@pytest.fixture
def full(floor: Floor) -> Floor:
    """Max leads nine more: three of them stand on each of three days, by the setup file."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        west = team(session, floor.world.team)
        for number in range(9):
            person = a_rep(session, west, f"U0R{number}", f"Rep {number}")
            put_standing(
                session,
                None,
                person,
                weekday=2 + number // 3,
                local_time=time(9 + 2 * (number % 3)),
                minutes=30,
                active_from=date(2026, 11, 30),
                now=floor.now(),
            )
    return floor


def test_the_fourth_of_a_day_is_refused_and_the_free_slots_are_offered(full: Floor) -> None:
    with full.database.transaction(full.world.workspace_id) as session:
        end_standing(
            session, get_person(session, full.world.max), somebody(session, "U0R8"), full.now()
        )
    modal = setting(full, full.max, full.world.ana)
    assert modal.values["weekday"] == "4"  # the only day with a place left
    assert full.max.submit(weekday="Tuesdays", local_time="15:00")["errors"] == {
        "weekday": "Tuesdays are full: Rep 0, Rep 1, Rep 2."
        " Free: Thu 13:30 · Thu 14:00 · Thu 14:30 · Thu 15:00 · Thu 15:30 · Thu 16:00."
    }
    assert full.max.submit(weekday="Thursdays", local_time="15:00")["ok"]


def test_what_does_not_fit(floor: Floor) -> None:
    stand(floor, "ben", weekday=3, at=time(10))
    modal = setting(floor, floor.max, floor.world.ana)
    assert offered(modal, "weekday") == ["Tuesdays", "Wednesdays", "Thursdays"]
    assert floor.max.submit(weekday="Wednesdays", local_time="10:15")["errors"] == {
        "local_time": "Max and Ben have theirs then: Wednesdays 10:00."
        " Free: Tue 10:00 · Tue 10:30 · Wed 09:30 · Wed 10:30 · Thu 10:00 · Thu 10:30."
    }
    assert floor.max.submit(minutes="20")["errors"] == {"minutes": "Between 30 and 45 minutes."}
    assert floor.max.submit(minutes="30", active_from="2036-12-01")["errors"] == {
        "active_from": "Within a year, please."
    }
    assert floor.max.submit(local_time="22:00", active_from="2026-12-01")["errors"] == {
        "local_time": "Choose a time between 06:00 and 22:00."
        " Free: Tue 16:00 · Tue 16:30 · Wed 16:00 · Wed 16:30 · Thu 16:00 · Thu 16:30."
    }
    assert len(floor.rows(Standing)) == 1


def test_the_tenth_person_makes_the_span_too_wide(full: Floor) -> None:
    setting(full, full.max, full.world.ana)
    assert full.max.submit(weekday="Thursdays", local_time="15:00")["errors"] == {
        "weekday": "9 standing one-on-ones fit a week, and you have them all: the span is too"
        " wide. Choose “In rotation”: then each week some are left out, in turn. Or let somebody"
        " else lead some of these people, or end another's first."
    }


def test_the_tenth_person_in_rotation(full: Floor) -> None:
    """From the refusal to the overview, to both Homes and to the weeks after."""
    modal = setting(full, full.max, full.world.ana)
    assert offered(modal, "weekday")[-1] == "In rotation"
    assert full.max.submit(weekday="Thursdays", local_time="15:00")["errors"]
    assert full.max.submit(weekday="In rotation")["ok"]
    landed = full.max.modal
    assert landed
    assert seen(landed) == (
        "Set: @Ana, in rotation, 30 min.\n"
        "Week of Mon 30 Nov: left out, since all places were given already."
    )
    full.max.close()
    listed = seen(opened(full, full.max))
    assert listed.startswith(
        "12 people, and 9 one-on-ones fit a week: the span is too wide. Each week some are left"
        " out, in turn.\nLeft out in the week of Mon 30 Nov: @Ana\n"
        "@Ana: in rotation, 30 min, from the week of Mon 30 Nov"
        " · left out next in the week of Mon 30 Nov, 1 time this quarter\n"
    )
    assert (
        ": Tuesdays 09:00, 30 min, from Tue 1 Dec · left out next in the week of Mon 7 Dec\n"
    ) in listed
    full.max.close()
    assert news(full, full.ana) == (
        "@Max set your one-on-one: in rotation, 30 min, from the week of Mon 30 Nov.\n"
        "It has no time of its own: each week it takes one that is free. Home says when the next"
        " one is.\n"
        "10 people, and 9 one-on-ones fit a week: each is left out in about one week of 10, in"
        " turn. Left out next: the week of Mon 30 Nov."
    )
    full.later(datetime(2026, 11, 30, 14, 0, tzinfo=UTC))  # the week after is planned
    out = full.rows(LeftOut)[-1]
    assert (out.week, out.people, out.places) == (date(2026, 12, 7), 10, 9)
    anas = full.rows(OneOnOne, OneOnOne.person_id == full.world.ana)
    assert [one.week for one in anas] == [date(2026, 12, 7)]
    assert setting(full, full.max, full.world.ana).values["weekday"] == "0"


def test_the_first_one_on_a_holiday_is_said_where_it_lands(floor: Floor) -> None:
    """Thanksgiving, which Max keeps: the first one is on another day, and the form says so."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        get_person(session, floor.world.max).holiday_calendar = "US"
    setting(floor, floor.max, floor.world.ana)
    assert floor.max.submit(weekday="Thursdays", local_time="10:00", active_from="2026-11-24")["ok"]
    landed = floor.max.modal
    assert landed
    assert seen(landed) == (
        "Set: @Ana, Thursdays 10:00, 30 min.\n"
        "Week of Mon 23 Nov: Thu 26 Nov is a day off of @Max (Thanksgiving Day); it is on"
        " Fri 27 Nov, 10:00 instead."
    )
    floor.deliver()
    assert seen(floor.dm(floor.ana)[-1]) == (
        "@Max set your one-on-one: Thursdays 10:00, 30 min, from Thu 26 Nov.\n"
        "Week of Mon 23 Nov: Thu 26 Nov is a day off of @Max (Thanksgiving Day); it is on"
        " Fri 27 Nov, 10:00 instead."
    )


def test_the_clocks_skip_the_time(floor: Floor) -> None:
    """Cairo puts its clocks forward at midnight, as Friday 30 April 2027 begins."""
    rules = Standards(one_on_one_days="5", one_on_one_earliest=time())
    with floor.database.transaction(floor.world.workspace_id) as session:
        put_workspace(session, floor.world.workspace_id, now=floor.now(), standards=rules)
        team(session, floor.world.team).zone = "Africa/Cairo"
        for who in (floor.world.max, floor.world.ana):
            get_person(session, who).zone = "Africa/Cairo"
    floor.later(datetime(2027, 4, 26, 12, 0, tzinfo=UTC))
    setting(floor, floor.max, floor.world.ana)
    assert floor.max.submit(weekday="Fridays", local_time="00:30", active_from="2027-04-27")["ok"]
    landed = floor.max.modal
    assert landed
    assert seen(landed) == (
        "Set: @Ana, Fridays 00:30, 30 min.\n"
        "Week of Mon 26 Apr: the clocks skip that time, so it is on Fri 30 Apr, 01:30."
    )


def test_the_first_day_is_brought_forward(floor: Floor) -> None:
    """The list and the message say from when, and what holds until then."""
    stand(floor)  # Wednesdays at 10:00
    setting(floor, floor.max, floor.world.ana)
    assert floor.max.submit(weekday="Tuesdays", active_from="2027-01-11")["ok"]
    listed = floor.max.modal
    assert listed is not None
    until = "until then Wednesdays 10:00, 30 min"
    assert f"@Ana: Tuesdays 10:00, 30 min, from Tue 12 Jan; {until}" in seen(listed)

    setting(floor, floor.max, floor.world.ana)
    form = floor.max.modal
    assert form is not None
    assert form.values["active_from"] == "2027-01-11"
    assert floor.max.submit(active_from="2026-12-07")["ok"]
    floor.deliver()

    told = [seen(one) for one in floor.dm(floor.ana) if "set your one-on-one" in seen(one)]
    assert told[-1] == (
        "@Max set your one-on-one: Tuesdays 10:00, 30 min, from Tue 8 Dec.\n"
        "Until then: Wednesdays 10:00, 30 min."
    )
    assert told[-2].endswith("No longer in force.")


def test_what_is_planned_follows_a_changed_schedule(floor: Floor) -> None:
    stand(floor)
    setting(floor, floor.max, floor.world.ana)
    outcome = floor.max.submit(local_time="10:30", active_from="2026-11-23")
    assert outcome["errors"] == {"active_from": "Today or later, please."}
    assert floor.max.submit(local_time="10:30", active_from="2026-11-24")["ok"]
    floor.later(WED - 10 * MINUTE)
    assert not [one for one in floor.dm(floor.max) if seen(one).startswith("One-on-one with")]
    floor.later(WED + 20 * MINUTE)
    assert reads(floor, floor.max).startswith("One-on-one with @Ana at 10:30 · 30 min")
