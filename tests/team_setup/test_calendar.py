"""Company days, zones and statuses of team.toml, again and again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.setup import Outcome
from crm.toml_file import Mistakes
from models.absences import AbsenceSource, absences
from models.base import Database
from models.company_days import company_days
from models.people import Person, person_by_slack_id
from sandbox import Server
from tests.team_setup.local_slack import ANA, BEN, GONE, LEA, MAX, TEAM, a_slack, set_up_here
from tests.world import TODAY

WORKSPACE = "T0NORTH"
SICK = replace(BEN, status_emoji=":face_with_thermometer:", status_text="Out sick")
NOWHERE = replace(ANA, tz="")

DAYS = """
[[company_days]]
name = "Christmas Eve"
starts = 2026-12-24

[[company_days]]
name = "Off-site"
starts = 2027-01-14
ends = 2027-01-15
team = "West"

[[company_days]]
name = "Carnival"
starts = 2027-02-08
holidays = "DE"
"""


@pytest.fixture(scope="module")
def slack() -> Iterator[Server]:
    with a_slack([LEA, MAX, NOWHERE, SICK, GONE]) as server:
        yield server


def named(database: Database) -> list[str]:
    with database.transaction(WORKSPACE) as session:
        return [one.name for one in company_days(session, date.min)]


def changes(outcome: Outcome) -> list[str]:
    return [one for one in outcome.changes if "company days" in one]


def test_company_days_are_brought_and_only_those_of_the_file_go(
    database: Database, slack: Server
) -> None:
    first = set_up_here(database, slack, TEAM + DAYS)
    assert changes(first) == [
        "new: company days, 24 Dec 2026 to 24 Dec 2026: name Christmas Eve",
        "new: company days of West, 14 Jan 2027 to 15 Jan 2027: name Off-site",
        "new: company days of who keeps DE, 8 Feb 2027 to 8 Feb 2027: name Carnival",
    ]
    assert changes(set_up_here(database, slack, TEAM + DAYS)) == []
    assert changes(set_up_here(database, slack, TEAM)) == [], "a file that says nothing of them"
    shorter = DAYS.replace("Carnival", "Carneval").split('[[company_days]]\nname = "Off')[0]
    assert changes(set_up_here(database, slack, TEAM + shorter)) == [
        "gone: company days of West, 14 Jan 2027 to 15 Jan 2027",
        "gone: company days of who keeps DE, 8 Feb 2027 to 8 Feb 2027",
    ]
    assert named(database) == ["Christmas Eve"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('team = "East"', "company_days[0].team: there is no team “East” in this file"),
        ('team = "West"\nholidays = "DE"', "for a team or for a holiday calendar, not for both"),
        ("ends = 2026-12-23", "starts after it ends"),
        ("ends = 2027-01-24", "is longer than a month"),
        ('holidays = "XX"', "“XX” is no holiday calendar"),
        ('holidays = "none"', "must be a holiday calendar"),
    ],
)
def test_mistakes_have_their_place(
    database: Database, slack: Server, said: str, sentence: str
) -> None:
    eve = f'\n[[company_days]]\nname = "Eve"\nstarts = 2026-12-24\n{said}\n'
    with pytest.raises(Mistakes) as refused:
        set_up_here(database, slack, TEAM + eve)
    assert any(
        sentence in one and one.startswith("company_days[0]") for one in refused.value.sentences
    )


def test_who_has_no_zone_goes_by_the_teams_and_it_is_said(
    database: Database, slack: Server
) -> None:
    outcome = set_up_here(database, slack)
    assert "Slack does not say where Ana Silva is: America/New_York counts." in outcome.notes

    def ana() -> Person:
        with database.transaction(WORKSPACE) as session:
            found = person_by_slack_id(session, "U0ANA")
            assert found is not None
            return found

    assert (ana().zone, ana().zone_is_teams) == ("America/New_York", True)
    moved = TEAM.replace('zone = "America/New_York"', 'zone = "Europe/Berlin"')
    set_up_here(database, slack, moved)
    assert ana().zone == "Europe/Berlin"
    email = 'email = "ana@example.com"'
    set_up_here(database, slack, TEAM.replace(email, f'{email}\nzone = "America/Denver"'))
    assert (ana().zone, ana().zone_is_own, ana().zone_is_teams) == ("America/Denver", True, False)


def test_a_team_whose_manager_has_no_zone_needs_one(database: Database) -> None:
    without = TEAM.replace('zone = "America/New_York"\n', "")
    with (
        a_slack([LEA, replace(MAX, tz=""), ANA, BEN, GONE]) as server,
        pytest.raises(Mistakes) as refused,
    ):
        set_up_here(database, server, without)
    assert refused.value.sentences == [
        "teams[0].zone: is missing: Slack does not say where Max Okafor is"
    ]


def test_the_status_is_read_where_people_are_looked_up(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    with database.transaction(WORKSPACE) as session:
        ben = person_by_slack_id(session, "U0BEN")
        assert ben is not None
        [sick] = absences(session, ben.id, TODAY)
    assert (sick.source, sick.starts_on) == (AbsenceSource.SLACK, TODAY)


def test_a_time_that_the_clocks_skip_is_taken_and_said(database: Database, slack: Server) -> None:
    night = TEAM.replace('zone = "America/New_York"', 'zone = "Europe/Berlin"').replace(
        "\n[[teams.reps]]",
        '\n[teams.review]\ncards = { day = "Sat", at = "15:00" }\n'
        'deciding = { day = "Sun", at = "02:30" }\n\n[[teams.reps]]',
        1,
    )
    outcome = set_up_here(database, slack, night)
    assert (
        "West: On Sun 28 Mar 2027 there is no 02:30 in Berlin: it runs at 03:30." in outcome.notes
    )
    assert not any("there is no" in one for one in set_up_here(database, slack).notes)
