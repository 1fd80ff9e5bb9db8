"""Standing one-on-ones, working days, holidays and digests of team.toml, again and again."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.toml_file import Mistakes
from models.base import Database
from models.delivery import Delivery
from models.one_on_ones import (
    Excuse,
    LeftOut,
    OneOnOne,
    Standing,
    State,
    current_standing,
    on_days,
    put_standing,
)
from models.people import Person, person_by_slack_id
from models.schedule import Schedule
from models.week import DIGEST
from sandbox import Person as SlackPerson
from sandbox import Server
from tests.team_setup.local_slack import PEOPLE, TEAM, a_slack, set_up_here
from tests.world import NOW

WORKSPACE = "T0NORTH"
MORE = [SlackPerson(f"U0{name}", name.lower(), f"{name.title()} More") for name in ("CY", "DI")]
ANA, BEN = 'email = "ana@example.com"', 'slack = "U0BEN"'
CY, DI = ('\n[[teams.reps]]\nslack = "U0CY"', '\n[[teams.reps]]\nslack = "U0DI"')


@pytest.fixture(scope="module")
def slack() -> Iterator[Server]:
    with a_slack([*PEOPLE, *MORE]) as server:
        yield server


def standing(day: str, at: str, rest: str = "") -> str:
    return f'\none_on_one = {{ day = "{day}", at = "{at}"{rest} }}'


def with_standings(
    *, ana: tuple[str, str] | None = None, ben: tuple[str, str] | None = None
) -> str:
    text = TEAM
    for who, when in ((ANA, ana), (BEN, ben)):
        text = text.replace(who, who + standing(*when)) if when else text
    return text


def somebody(session: Session, slack_id: str) -> Person:
    found = person_by_slack_id(session, slack_id)
    assert found is not None
    return found


def standings(database: Database) -> dict[str, tuple[int | None, time | None, str]]:
    """Each person's standing one-on-one as it is now, by Slack id."""
    with database.transaction(WORKSPACE) as session:
        people = {person.id: person.slack_id for person in session.scalars(select(Person))}
        rows = session.scalars(select(Standing).where(Standing.ended_at.is_(None)))
        return {people[row.person_id]: (row.weekday, row.local_time, row.zone) for row in rows}


# --- what is set up


def test_standing_one_on_ones_start_next_monday(database: Database, slack: Server) -> None:
    changes = set_up_here(database, slack, with_standings(ana=("Tuesday", "10:00"))).changes
    assert (
        "new: one-on-one of Ana Silva: at Tuesday 10:00 America/New_York, minutes 30, "
        "with Max Okafor, from 30 Nov 2026" in changes
    )
    with database.transaction(WORKSPACE) as session:
        ana = somebody(session, "U0ANA")
        ((one_on_one, sitting),) = on_days(session, ana.id, date(2026, 11, 23), date(2026, 12, 6))
        assert (one_on_one.state, sitting.local_date) == (State.DUE, date(2026, 12, 1))
        due_now = session.scalars(select(Delivery.kind).where(Delivery.due_at <= NOW))
        assert due_now.all() == []  # nobody is told by Slack what the file says


def test_they_start_with_the_teams_review(database: Database, slack: Server) -> None:
    text = with_standings(ana=("Wednesday", "11:00"))
    text = text.replace('name = "West"', 'name = "West"\nreview = { starts = 2026-11-23 }')
    set_up_here(database, slack, text)
    with database.transaction(WORKSPACE) as session:
        ana = somebody(session, "U0ANA")
        found = on_days(session, ana.id, date(2026, 11, 23), date(2026, 11, 29))
        assert [sitting.local_date for _, sitting in found] == [date(2026, 11, 25)]


def test_a_managers_is_with_the_leader_in_the_leaders_zone(
    database: Database, slack: Server
) -> None:
    text = TEAM.replace(
        '{ slack = "U0MAX", reports_to = "lea@example.com" }',
        '{ slack = "U0MAX", reports_to = "lea@example.com", '
        'one_on_one = { day = "Thu", at = "16:00", minutes = 45 } }',
    )
    set_up_here(database, slack, text)
    assert standings(database) == {"U0MAX": (4, time(16), "Europe/Berlin")}


def test_days_and_holidays_count_from_the_person_outwards(
    database: Database, slack: Server
) -> None:
    text = (
        TEAM.replace('currency = "USD"', 'currency = "USD"\nholidays = "DE-BY"', 1)
        .replace('name = "West"', 'name = "West"\nworking_days = ["Mon", "Tue", "Wed", "Thu"]')
        .replace(ANA, ANA + '\nholidays = "none"\nworking_days = ["Fri", "Tuesday"]')
        .replace(BEN, BEN + '\nholidays = "US"')
    )
    changes = set_up_here(database, slack, text).changes
    assert any("U0ANA" in line and line.endswith("working days Tue Fri") for line in changes)
    assert any(line.endswith("working days Mon Tue Wed Thu, holidays US") for line in changes)
    with database.transaction(WORKSPACE) as session:
        found = {
            person.slack_id: (person.working_days, person.holiday_calendar)
            for person in session.scalars(select(Person))
        }
    assert found == {
        "U0LEA": ("12345", "DE-BY"),
        "U0MAX": ("1234", "DE-BY"),
        "U0ANA": ("25", None),
        "U0BEN": ("1234", "US"),
    }


def test_everybody_who_is_active_has_a_digest(database: Database, slack: Server) -> None:
    text = TEAM.replace(ANA, ANA + '\nworking_days = ["Mon", "Tue"]')
    text += '[[teams.reps]]\nslack = "U0GONE"\nactive = false\n[standards]\ndigest_at = "07:45"\n'
    set_up_here(database, slack, text)
    with database.transaction(WORKSPACE) as session:
        rows = session.execute(
            select(Person.slack_id, Schedule)
            .join(Person, Person.id == Schedule.person_id)
            .where(Schedule.prompt == DIGEST, Schedule.is_on)
        )
        found = dict(rows.all())
        assert set(found) == {"U0LEA", "U0MAX", "U0ANA", "U0BEN"}
        ana = found["U0ANA"]
        assert (ana.weekdays, ana.local_time, ana.zone) == ("12", time(7, 45), "America/Denver")
    assert set_up_here(database, slack, text).changes == []


# --- again and again


def test_a_second_time_changes_nothing(database: Database, slack: Server) -> None:
    text = with_standings(ana=("Tue", "10:00"), ben=("Thu", "10:00"))
    set_up_here(database, slack, text)
    assert set_up_here(database, slack, text).changes == []


def test_who_is_not_said_keeps_what_slack_has(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    with database.transaction(WORKSPACE) as session:
        put_standing(
            session, somebody(session, "U0MAX"), somebody(session, "U0ANA"),
            weekday=3, local_time=time(9), minutes=30, active_from=date(2026, 11, 30), now=NOW,
        )  # fmt: skip
        somebody(session, "U0ANA").holiday_calendar = "US"
    outcome = set_up_here(database, slack, with_standings(ben=("Tue", "09:00")))
    assert [line.split(":")[1] for line in outcome.changes] == [" one-on-one of Ben Carter"]
    assert standings(database) == {
        "U0ANA": (3, time(9), "America/New_York"),
        "U0BEN": (2, time(9), "America/New_York"),
    }


@pytest.mark.parametrize(
    ("ana", "ben"),
    [
        (("Tue", "11:00"), ("Tue", "10:00")),  # they change places
        (("Tue", "11:00"), ("Wed", "10:00")),  # Ana follows where Ben made way
        (("Wed", "10:00"), ("Tue", "10:00")),
    ],
)
def test_one_makes_way_for_another(
    database: Database, slack: Server, ana: tuple[str, str], ben: tuple[str, str]
) -> None:
    set_up_here(database, slack, with_standings(ana=("Tue", "10:00"), ben=("Tue", "11:00")))
    changes = set_up_here(database, slack, with_standings(ana=ana, ben=ben)).changes
    assert len(changes) == 2
    assert all(line.startswith("changed: one-on-one of ") for line in changes)
    days = {"Tue": 2, "Wed": 3}
    found = {slack_id: (weekday, at) for slack_id, (weekday, at, _) in standings(database).items()}
    assert found == {
        "U0ANA": (days[ana[0]], time.fromisoformat(ana[1])),
        "U0BEN": (days[ben[0]], time.fromisoformat(ben[1])),
    }


def test_sessions_follow_a_changed_calendar(database: Database, slack: Server) -> None:
    set_up_here(database, slack, with_standings(ana=("Tue", "10:00")))
    text = TEAM.replace(ANA, ANA + '\nworking_days = ["Mon", "Thu"]')
    assert any("working days" in line for line in set_up_here(database, slack, text).changes)
    with database.transaction(WORKSPACE) as session:
        one_on_one = session.scalars(select(OneOnOne)).one()
        assert (one_on_one.state, one_on_one.excuse) == (State.EXCUSED, Excuse.PERSON_OFF)


def test_who_changes_managers_loses_the_old_one_on_one(database: Database, slack: Server) -> None:
    set_up_here(database, slack, with_standings(ana=("Tue", "10:00")))
    east = (
        f'[[teams]]\nname = "East"\nmanager = {{ slack = "U0CY" }}\n[[teams.reps]]\n{ANA}'
        f"{standing('Wed', '10:00')}\n"
    )
    west = TEAM.replace(f"[[teams.reps]]\n{ANA}\n", "").replace(
        'quotas = [{ quarter = "2026-Q4", amount = 400_000 }]\n', ""
    )
    changes = set_up_here(database, slack, west + east).changes
    with database.transaction(WORKSPACE) as session:
        ana, cy = somebody(session, "U0ANA"), somebody(session, "U0CY")
        now_with = current_standing(session, ana.id)
        assert now_with is not None
        assert now_with.coach_id == cy.id
        old = session.scalars(select(Standing).where(Standing.ended_at.is_not(None))).one()
        assert old.coach_id == somebody(session, "U0MAX").id
        states = session.execute(select(OneOnOne.coach_id, OneOnOne.state)).all()
        assert (old.coach_id, State.EXCUSED) in [tuple(row) for row in states]
        assert (cy.id, State.DUE) in [tuple(row) for row in states]
    assert any("with Max Okafor → Cy More" in line for line in changes)


# --- what is wrong


def wrong(database: Database, slack: Server, text: str) -> list[str]:
    with pytest.raises(Mistakes) as mistakes:
        set_up_here(database, slack, text)
    return mistakes.value.sentences


def test_a_fourth_on_a_day_names_the_free_times(database: Database, slack: Server) -> None:
    text = with_standings(ana=("Tue", "10:00"), ben=("Tue", "11:00"))
    text += CY + standing("Tue", "14:00") + DI + standing("Tue", "15:00")
    (says,) = wrong(database, slack, text)
    assert says.startswith(
        "teams[0].reps[3].one_on_one.day: Max Okafor has Ana Silva, Ben Carter, Cy More "
        "on that day already; free are Wednesday "
    )
    assert "Tuesday" not in says


def test_two_at_once_are_refused(database: Database, slack: Server) -> None:
    (says,) = wrong(database, slack, with_standings(ana=("Tue", "10:00"), ben=("Tue", "10:15")))
    assert says.startswith(
        "teams[0].reps[1].one_on_one.at: Max Okafor has a one-on-one with Ana Silva then; free are "
    )


def test_the_tenth_is_too_many(database: Database, slack: Server) -> None:
    text = with_standings(ana=("Tue", "10:00"), ben=("Tue", "11:00"))
    text += '\n[standards]\none_on_ones_a_day = 1\none_on_one_days = "2"\n'
    assert wrong(database, slack, text) == [
        "teams[0].reps[1].one_on_one: Max Okafor has 1 already, as many as fit in a week: "
        "the span is too wide; say rotation = true instead of a day, and each week some are left"
        " out, in turn"
    ]


def test_the_tenth_in_rotation(database: Database, slack: Server) -> None:
    text = with_standings(ana=("Tue", "10:00"))
    text += f"{CY}\none_on_one = {{ rotation = true }}\n"
    text += '[standards]\none_on_ones_a_day = 1\none_on_one_days = "2"\n'
    changes = set_up_here(database, slack, text).changes
    assert (
        "new: one-on-one of Cy More: at in rotation, minutes 30, with Max Okafor, from 30 Nov 2026"
    ) in changes
    assert standings(database)["U0CY"] == (None, None, "America/New_York")
    assert set_up_here(database, slack, text).changes == []
    with database.transaction(WORKSPACE) as session:
        left_out = session.scalars(select(LeftOut)).one()
        assert (left_out.week, left_out.people, left_out.places) == (date(2026, 11, 30), 2, 1)
    timed = text.replace("rotation = true", 'rotation = true, day = "Tue"')
    assert wrong(database, slack, timed) == [
        "teams[0].reps[2].one_on_one: needs day and at, or rotation = true"
    ]


def test_all_that_is_wrong_is_said_at_once(database: Database, slack: Server) -> None:
    text = with_standings(ana=("Friday", "10:00"), ben=("Tue", "11:00"))
    text = text.replace(
        '\none_on_one = { day = "Tue"', '\nworking_days = ["Wed"]\none_on_one = { day = "Tue"'
    )
    text += CY + standing("Wed", "14:00", ", minutes = 50")
    says = wrong(database, slack, text)
    assert says[0] == "teams[0].reps[0].one_on_one.day: must be Tuesday or Wednesday or Thursday"
    assert says[1].startswith("teams[0].reps[1].one_on_one.day: Ben Carter does not work then; ")
    assert says[2] == "teams[0].reps[2].one_on_one.minutes: must be 30 to 45"
    with database.everywhere() as session:
        assert session.scalars(select(Standing)).all() == []
        assert session.scalars(select(Person)).all() == []
