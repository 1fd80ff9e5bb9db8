"""Days off and reminders from Home, and what Slack tells of people."""

from models.absences import Absence
from models.delivery import Kind
from models.one_on_ones import Excuse, OneOnOne, Standing, State, leave_absence
from models.people import Person, get_person
from models.schedule import Schedule
from tests.scenarios.floor import Floor, seen
from tests.scenarios.mornings import WEDNESDAY, at_home, digests, home, keep_digests
from tests.scenarios.sessions import (
    DAY,
    HOUR,
    MINUTE,
    WED,
    newest,
    reads,
    session_of,
    stand,
    told,
)

EXCUSES = (
    "Your one-on-ones on these days are excused, and no digest comes. What has begun is excused"
    " only if a leader above accepts the days: that leader is asked."
)


def add(floor: Floor, name: str, first: str, last: str | None = None) -> dict[str, str]:
    """Somebody enters days off from Home; the errors at the fields, if any."""
    who = getattr(floor, name)
    modal = floor.opened(who, home(who), "Days off")
    assert modal.title == "Days off"
    outcome = who.submit({"starts_on": first, "ends_on": last})
    return dict(outcome.get("errors") or {})


def test_days_off_excuse_what_has_not_begun_and_home_says_so(floor: Floor) -> None:
    stand(floor)
    floor.max.home("A0CADENCE")
    assert add(floor, "ana", "2026-11-25", "2026-11-26") == {}
    modal = floor.ana.modal
    assert modal is not None
    assert seen(modal).splitlines() == [
        "*Wed 25 Nov to Thu 26 Nov* · excused: @Max, Wed 25 Nov, 10:00 [Take back]",
        EXCUSES,
        "[Add more]",
    ]
    held = session_of(floor)
    assert (held.state, held.excuse) == (State.EXCUSED, Excuse.PERSON_OFF)
    assert "@Max · Wed 2 Dec, 10:00 · 30 min" in "\n".join(at_home(floor.ana))
    assert "Wed 25 Nov" not in "\n".join(at_home(floor.ana))
    home(floor.max)
    assert "- Wed 25 Nov: @Ana excused" in at_home(floor.max)
    floor.later(WED - 10 * MINUTE)
    assert not [one for one in floor.dm(floor.max) if "One-on-one" in seen(one)]


def test_days_that_came_too_late_are_the_leaders_to_accept(floor: Floor) -> None:
    stand(floor)
    floor.later(WED - 10 * MINUTE)
    floor.later(WED + 2 * HOUR)
    assert add(floor, "ana", "2026-11-10")["starts_on"].startswith("Choose a day from Wed 11 Nov")
    assert add(floor, "ana", "2026-11-25") == {}
    assert floor.ana.modal is not None
    assert "what had begun counts, unless @Lea accepts them" in seen(floor.ana.modal)
    floor.later(WED + 3 * HOUR)
    asked = newest(floor, floor.lea, Kind.ABSENCE_LATE)
    assert seen(asked).replace("\u00a0", " ").splitlines() == [
        "Days off entered late: @Ana, Wed 25 Nov, said Wed 25 Nov, 12:00.",
        "This had begun by then, and counts as it is:",
        "- one-on-one with @Max, Wed 25 Nov, 10:00: nothing recorded",
        "[Accept]",
        "Days off excuse what begins after they were entered. Accepted, they excuse this too.",
    ]
    assert floor.lea.click(asked, "Accept")["ok"]
    floor.deliver()
    held = session_of(floor)
    assert (held.state, held.excuse) == (State.EXCUSED, Excuse.PERSON_OFF)
    said = seen(newest(floor, floor.lea, Kind.ABSENCE_LATE)).replace("\u00a0", " ")
    assert "Accepted by @Lea, Wed 25 Nov, 13:00. Excused:" in said
    assert "[Accept]" not in said
    assert "Excused" in reads(floor, floor.max)


def test_days_that_came_too_late_are_accepted_at_home_too(floor: Floor) -> None:
    stand(floor)
    floor.later(WED + 2 * HOUR)
    assert add(floor, "ana", "2026-11-25") == {}
    floor.later(WED + 3 * HOUR)
    view = home(floor.lea)
    asked = "Days off entered late: @Ana, Wed 25 Nov, said Wed 25 Nov, 12:00."
    assert at_home(floor.lea)[:2] == ["What waits for you", asked]
    floor.press(floor.lea, view, "Accept")
    assert session_of(floor).excuse is Excuse.PERSON_OFF
    assert asked not in at_home(floor.lea)
    floor.deliver()
    said = seen(newest(floor, floor.lea, Kind.ABSENCE_LATE))
    assert "Accepted by @Lea" in said


def test_more_days_are_added_in_the_same_modal(floor: Floor) -> None:
    add(floor, "ana", "2026-11-25")
    for day in range(26, 30):
        modal = floor.ana.modal
        assert modal is not None
        floor.press(floor.ana, modal, "Add more")
        assert floor.ana.submit({"starts_on": f"2026-11-{day}", "ends_on": None})["ok"]
    assert [one.starts_on.day for one in floor.rows(Absence)] == [25, 26, 27, 28, 29]
    floor.ana.close()
    assert floor.ana.modal is None, "one modal, however many days"


def test_taken_back_it_is_due_again(floor: Floor) -> None:
    stand(floor)
    add(floor, "ana", "2026-11-25")
    floor.deliver()
    assert told(floor, floor.max).startswith("@Ana is off then")
    modal = floor.ana.modal
    assert modal is not None
    floor.press(floor.ana, modal, "Take back")
    floor.deliver()
    after = floor.ana.modal
    assert after is not None
    assert seen(after).startswith("You have entered no days off.")
    assert session_of(floor).state is State.DUE
    assert [one.withdrawn_at for one in floor.rows(Absence)] == [floor.now()]
    assert "@Max · Wed 25 Nov, 10:00 · 30 min" in "\n".join(at_home(floor.ana))
    assert told(floor, floor.max) == (
        "@Ana is there after all: your one-on-one of Wed 25 Nov, 10:00 is on again."
    )
    floor.later(WED - 10 * MINUTE)
    assert "One-on-one with @Max at 10:00" in reads(floor, floor.ana)


def test_taken_back_twice_is_refused_and_changes_nothing(floor: Floor) -> None:
    add(floor, "ana", "2026-11-25")
    modal = floor.ana.modal
    assert modal is not None
    [absence] = floor.rows(Absence)
    with floor.database.transaction(floor.world.workspace_id) as session:
        leave_absence(session, get_person(session, floor.world.ana), absence.id, floor.now())
    floor.press(floor.ana, modal, "Take back")
    said = floor.ana.modal
    assert said is not None
    assert "These days were taken back already." in seen(said)
    assert len(floor.rows(Absence)) == 1


def test_what_has_begun_is_not_excused(floor: Floor) -> None:
    stand(floor)
    floor.later(WED + MINUTE)
    assert add(floor, "ana", "2026-11-25") == {}
    assert session_of(floor).state is State.DUE
    modal = floor.ana.modal
    assert modal is not None
    assert "excused:" not in seen(modal)
    assert "what had begun counts, unless @Lea accepts them" in seen(modal)


def test_bad_days_are_refused_at_their_fields(floor: Floor) -> None:
    assert add(floor, "ana", "2026-11-26", "2026-11-25") == {
        "ends_on": "This is before the first day off."
    }
    assert floor.ana.submit({"starts_on": "2026-11-09", "ends_on": None})["errors"] == {
        "starts_on": "Choose a day from Tue 10 Nov on: what is longer over stays."
    }
    assert floor.ana.submit({"starts_on": "2026-11-26", "ends_on": "2028-01-26"})["errors"] == {
        "ends_on": "A year at most. Enter the days after that as a second time off."
    }
    modal = floor.ana.modal
    assert modal is not None
    assert modal.values["ends_on"] == "2028-01-26", "nothing typed is lost"
    assert floor.rows(Absence) == []
    assert floor.ana.submit({"starts_on": "2026-11-24", "ends_on": None})["ok"]
    assert len(floor.rows(Absence)) == 1


def test_the_same_days_twice_are_one_absence(floor: Floor) -> None:
    add(floor, "ana", "2026-11-26")
    floor.ana.close(all=True)
    add(floor, "ana", "2026-11-26")
    assert len(floor.rows(Absence)) == 1


def test_on_a_day_off_no_digest_comes(floor: Floor) -> None:
    stand(floor, weekday=4)
    keep_digests(floor)
    add(floor, "ana", "2026-11-25")
    floor.later(WEDNESDAY)
    assert digests(floor, "ana") == []
    assert len(digests(floor, "max")) == 1


def test_reminders_are_switched_each_by_itself(floor: Floor) -> None:
    def ana() -> Person:
        return floor.rows(Person, Person.slack_id == "U0ANA")[0]

    stand(floor)
    modal = floor.opened(floor.ana, home(floor.ana), "Messages")
    assert modal.values["remind"] == ["day_before", "at_start"]
    assert floor.ana.submit(remind=["day_before"])["ok"]
    assert (ana().reminded_day_before, ana().reminded_at_start) == (True, False)
    floor.opened(floor.ana, home(floor.ana), "Messages")
    assert floor.ana.submit(remind=[])["ok"]
    assert (ana().reminded_day_before, ana().reminded_at_start) == (False, False)
    floor.later(WED - 10 * MINUTE)
    assert not [one for one in floor.dm(floor.ana) if "One-on-one with" in seen(one)]
    assert "One-on-one with @Ana at 10:00" in reads(floor, floor.max)


# --- what Slack tells


def changes(floor: Floor, slack_id: str, **changed: object) -> None:
    floor.server.request("POST", "/sandbox/person", {"id": slack_id, **changed})


def test_who_moves_to_another_zone_takes_the_digest_along(floor: Floor) -> None:
    keep_digests(floor)
    changes(floor, "U0ANA", tz="Europe/Berlin")

    def of_ana() -> Schedule:
        return floor.rows(Schedule, Schedule.person_id == floor.world.ana)[0]

    floor.ana.wait_for(lambda: of_ana().zone == "Europe/Berlin")
    stand(floor, weekday=4)
    floor.later(WEDNESDAY - 7 * HOUR)
    assert digests(floor, "ana") == []
    floor.later(WEDNESDAY - 6 * HOUR)
    assert len(digests(floor, "ana")) == 1


def test_who_was_deactivated_has_no_digest_and_no_one_on_ones(floor: Floor) -> None:
    stand(floor, weekday=4)
    keep_digests(floor)
    changes(floor, "U0ANA", deleted=True)
    floor.ana.wait_for(lambda: session_of(floor).state is State.EXCUSED)
    assert {one.excuse for one in floor.rows(OneOnOne)} == {Excuse.LEFT}
    assert all(one.ended_at is not None for one in floor.rows(Standing))
    assert not floor.rows(Schedule, Schedule.person_id == floor.world.ana)[0].is_on
    floor.later(WEDNESDAY + DAY)
    assert digests(floor, "ana") == digests(floor, "max") == []
