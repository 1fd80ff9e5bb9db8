"""Company days from an admin's Home and from the steps of setup; what the Slack status excuses."""

from datetime import UTC, datetime

from models.absences import Absence, AbsenceSource
from models.company_days import CompanyDay
from models.one_on_ones import Excuse, State
from models.people import Person
from tests.scenarios.floor import Floor, seen
from tests.scenarios.mornings import WEDNESDAY, at_home, digests, home, keep_digests
from tests.scenarios.sessions import DAY, HOUR, MINUTE, session_of, stand, told

EXCUSES = (
    "Nobody works then: no digest comes, one-on-ones that have not begun are planned for another"
    " day or excused, and nothing counts as missed."
)
OFF_SITE = {
    "name": "Off-site",
    "starts_on": "2026-11-25",
    "ends_on": "2026-11-26",
    "whose": "West",
}


def test_an_admin_enters_them_and_takes_them_back(floor: Floor) -> None:
    stand(floor)
    keep_digests(floor)
    ada = floor.ada
    modal = floor.opened(ada, home(ada), "Company days")
    assert seen(modal).startswith("No company days are entered.")
    wrong = ada.submit(OFF_SITE | {"ends_on": "2026-11-24"})["errors"]
    assert wrong == {"ends_on": "This is before the first day."}
    assert ada.submit({"starts_on": "2026-11-23"})["errors"] == {
        "starts_on": "Choose today or a day to come: what is over stays."
    }
    assert ada.submit(OFF_SITE)["ok"]
    listed = ada.modal
    assert listed is not None
    assert seen(listed).splitlines() == [
        "*Wed 25 Nov to Thu 26 Nov* · Off-site · West [Take back]",
        EXCUSES,
        "[Add more]",
    ]
    assert (session_of(floor).state, session_of(floor).excuse) == (
        State.EXCUSED, Excuse.COACH_OFF,
    )  # fmt: skip
    assert "Company days: Wed 25 Nov, Off-site, Thu 26 Nov, Off-site" in seen(
        floor.opened(floor.ana, home(floor.ana), "Days off")
    )
    floor.later(WEDNESDAY)
    assert [digests(floor, name) for name in ("ana", "max")] == [[], []]
    floor.press(ada, listed, "Add more")
    again = ada.modal
    assert again is not None
    floor.press(ada, again, "Take back")
    floor.deliver()
    assert session_of(floor).state is State.DUE
    [taken_back] = floor.rows(CompanyDay)
    assert taken_back.withdrawn_by_id == floor.world.ada
    after = ada.modal
    assert after is not None
    assert seen(after).startswith("No company days are entered.")


def test_only_an_admin_has_the_button_and_may(floor: Floor) -> None:
    assert "Company days" not in seen(home(floor.max))
    ada = floor.ada
    floor.opened(ada, home(ada), "Company days")
    with floor.database.transaction(floor.world.workspace_id) as session:
        session.get_one(Person, floor.world.ada).is_admin = False
        session.get_one(Person, floor.world.lea).is_admin = True
    ada.submit(OFF_SITE)
    assert floor.rows(CompanyDay) == []


# --- the status of the Slack profile


def sets(
    floor: Floor, slack_id: str, emoji: str, text: str = "", until: datetime | None = None
) -> None:
    ends = 0 if until is None else int(until.timestamp())
    floor.server.request(
        "POST", "/sandbox/person",
        {"id": slack_id, "status_emoji": emoji, "status_text": text, "status_expiration": ends},
    )  # fmt: skip
    floor.server.settled()


def brought(floor: Floor) -> list[Absence]:
    rows = floor.rows(Absence, Absence.source == AbsenceSource.SLACK)
    return [one for one in rows if one.withdrawn_at is None]


THURSDAY_NIGHT = datetime(2026, 11, 27, 4, 59, 59, tzinfo=UTC)  # 26 Nov, 23:59:59 in New York


def test_a_vacation_in_the_status_excuses_and_is_shown_with_its_source(floor: Floor) -> None:
    stand(floor)
    keep_digests(floor)
    sets(floor, "U0ANA", ":palm_tree:", "Vacationing", THURSDAY_NIGHT)
    floor.ana.wait_for(lambda: brought(floor))
    assert session_of(floor).state is State.EXCUSED
    assert told(floor, floor.max).startswith("@Ana is off then")
    modal = floor.opened(floor.ana, home(floor.ana), "Days off")
    assert seen(modal).splitlines()[0] == (
        "*Tue 24 Nov to Thu 26 Nov* · from your Slack status"
        " · excused: @Max, Wed 25 Nov, 10:00 [I am there]"
    )
    floor.press(floor.ana, modal, "I am there")
    assert session_of(floor).state is State.DUE
    home(floor.ana)
    assert brought(floor) == [], "looked at again at Home, it stays away"
    floor.later(WEDNESDAY)
    assert len(digests(floor, "ana")) == 1


def test_a_lunch_is_none_and_a_cleared_status_ends_it(floor: Floor) -> None:
    stand(floor)
    sets(floor, "U0ANA", ":hamburger:", "Lunch", floor.now() + HOUR)
    sets(floor, "U0BEN", ":face_with_thermometer:", "Out sick")
    floor.ben.wait_for(lambda: brought(floor))
    assert [one.person_id for one in brought(floor)] == [floor.world.ben]
    floor.later(12 * HOUR)
    assert [one.starts_on.day for one in brought(floor)] == [24, 25]
    sets(floor, "U0BEN", "", "")
    floor.ben.wait_for(lambda: len(brought(floor)) == 1)
    assert session_of(floor).state is State.DUE


def test_what_was_lost_meanwhile_is_seen_when_home_is_opened(floor: Floor) -> None:
    sets(floor, "U0ANA", ":face_with_thermometer:", "Out sick", floor.now() + 2 * DAY)
    floor.ana.wait_for(lambda: brought(floor))
    floor.server.request(
        "POST", "/sandbox/app", {"id": "A0CADENCE"}
    )  # the status ends by itself, which nobody tells
    floor.later(2 * DAY + MINUTE)
    home(floor.ana)
    modal = floor.opened(floor.ana, home(floor.ana), "Days off")
    assert seen(modal).startswith("You have entered no days off.")


def test_the_status_need_not_be_followed(floor: Floor) -> None:
    sets(floor, "U0ANA", ":palm_tree:", "", THURSDAY_NIGHT)
    floor.ana.wait_for(lambda: brought(floor))
    modal = floor.opened(floor.ana, home(floor.ana), "Days off")
    floor.press(floor.ana, modal, "Do not follow it")
    assert brought(floor) == []
    after = floor.ana.modal
    assert after is not None
    assert "Your Slack status does not count: only what you enter here." in seen(after)
    floor.press(floor.ana, after, "Follow my status")
    assert len(brought(floor)) == 1


# --- who has no zone in the profile


def test_who_loses_and_gets_a_zone(floor: Floor) -> None:
    def ana() -> Person:
        return floor.rows(Person, Person.id == floor.world.ana)[0]

    floor.server.request("POST", "/sandbox/person", {"id": "U0ANA", "tz": "", "title": "AE"})
    floor.server.settled()
    assert (ana().zone, ana().zone_is_teams) == ("America/New_York", False)
    home(floor.ana)
    modal = floor.opened(floor.ana, home(floor.ana), "Working time")
    floor.ana.options(modal, "home.find_zone", "")
    assert floor.ana.submit(zone="As in my Slack profile")["ok"]
    assert (ana().zone, ana().zone_is_teams) == ("America/New_York", True)
    assert (
        "Slack does not say where you are: West's zone counts, New York, United States."
        " Working time changes it."
    ) in at_home(floor.ana)
    floor.server.request("POST", "/sandbox/person", {"id": "U0ANA", "tz": "Europe/Berlin"})
    floor.ana.wait_for(lambda: ana().zone == "Europe/Berlin")
    assert not ana().zone_is_teams
