"""Setting a workspace up from team.toml and the people of a local Slack, again and again."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.toml_file import Mistakes
from models.base import Database
from models.deals import stages
from models.deputies import deputy_of
from models.evidence import Question
from models.people import (
    Person,
    Quota,
    Role,
    person_by_slack_id,
    standards,
    team_in_channel,
    teams,
    workspace,
)
from models.schedule import Lateness, Schedule
from sandbox import Server
from tests.team_setup.local_slack import TEAM, a_slack, set_up_here
from tests.world import a_deal

WORKSPACE = "T0NORTH"


@pytest.fixture(scope="module")
def slack() -> Iterator[Server]:
    with a_slack() as server:
        yield server


def people(database: Database) -> dict[str, Person]:
    with database.transaction(WORKSPACE) as session:
        return {person.slack_id: person for person in session.scalars(select(Person))}


def of_teams(session: Session) -> list[Schedule]:
    """The schedules of teams, without the digests of people."""
    found = select(Schedule).where(Schedule.team_id.is_not(None)).order_by(Schedule.id)
    return list(session.scalars(found))


# --- what is set up


def test_people_come_with_roles_lines_and_zones(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    found = people(database)
    lea, boss, ana, ben = (found[id_] for id_ in ("U0LEA", "U0MAX", "U0ANA", "U0BEN"))
    assert (lea.role, boss.role, ana.role) == (Role.LEADER, Role.MANAGER, Role.REP)
    assert (ana.name, ana.email) == ("Ana Silva", "ana@example.com")
    assert boss.reports_to_id == lea.id
    assert ana.reports_to_id == ben.reports_to_id == boss.id
    assert (ana.zone, ana.zone_is_own) == ("America/Denver", False)
    assert (ben.zone, ben.zone_is_own) == ("America/Chicago", True)
    assert [person.is_admin for person in (lea, boss, ana)] == [True, False, False]


def test_the_team_has_its_channel_quotas_and_week(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    with database.transaction(WORKSPACE) as session:
        west = team_in_channel(session, "C0WEST")
        assert west is not None
        assert (west.name, west.currency, west.zone) == ("West", "USD", "America/New_York")
        quota = session.scalars(select(Quota)).one()
        assert quota.amount_minor == 400_000_00
        assert (quota.starts_on, quota.ends_on) == (date(2026, 10, 1), date(2026, 12, 31))
        cards, deciding, pick = of_teams(session)
    assert (pick.prompt, pick.weekdays, pick.local_time) == ("review.pick", "2", time(14))
    assert (cards.prompt, cards.weekdays, cards.local_time) == ("review.cards", "2", time(15))
    assert (cards.lateness, cards.late_until) == (Lateness.NEXT_DAY_TIME, time(10))
    assert (deciding.prompt, deciding.weekdays, deciding.local_time) == (
        "review.deciding",
        "3",
        time(10),
    )
    assert deciding.lateness is Lateness.MIDNIGHT
    starts = {one.active_from for one in (pick, cards, deciding)}
    assert starts == {date(2026, 11, 30)}  # next Monday


def test_stages_and_questions_are_there_afterwards(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    with database.transaction(WORKSPACE) as session:
        assert [stage.name for stage in stages(session)][:2] == ["Prospecting", "Qualified"]
        assert len(session.scalars(select(Question)).all()) == 12
        assert workspace(session).name == "Northwind"
        assert workspace(session).bot_user_id == "U0BOT"


def test_it_says_what_it_changed(database: Database, slack: Server) -> None:
    changes = set_up_here(database, slack).changes
    assert (
        "new: team West: currency USD, locale en_US, zone America/New_York, "
        "manager Max Okafor, channel C0WEST, first day 30 Nov 2026" in changes
    )
    assert (
        "new: Ana Silva (U0ANA): role rep, team West, reports to Max Okafor, "
        "zone America/Denver, e-mail ana@example.com" in changes
    )
    assert "new: quota of Ana Silva in West, 1 Oct 2026 to 31 Dec 2026: amount $400,000" in changes
    assert "new: deal cards of West: at Tuesday 15:00 America/New_York, from 30 Nov 2026" in changes


# --- again and again


def test_a_second_time_changes_nothing(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    again = set_up_here(database, slack)
    assert again.changes == []
    assert again.notes == []


def test_changes_are_brought_and_said(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    text = (
        TEAM.replace("400_000", "450_000.50")
        .replace("America/Chicago", "America/Phoenix")
        .replace('name = "West"', 'name = "West"\nreview = { on = false }')
    )
    assert set_up_here(database, slack, text).changes == [
        "changed: Ben Carter (U0BEN): zone America/Chicago → America/Phoenix",
        "changed: quota of Ana Silva in West, 1 Oct 2026 to 31 Dec 2026: "
        "amount $400,000 → $450,000.50",
        "changed: deal cards of West: on none → no",
        "changed: deciding of West: on none → no",
        "changed: the review's pick of West: on none → no",
    ]


def test_a_quota_over_other_days_gives_way(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    text = TEAM.replace('quarter = "2026-Q4"', "starts = 2026-10-15, ends = 2027-01-14")
    changes = set_up_here(database, slack, text).changes
    assert changes[0].startswith("gone: quota of Ana Silva in West, 1 Oct 2026")
    assert changes[1].startswith("new: quota of Ana Silva in West, 15 Oct 2026")


def test_a_rep_who_changes_teams_takes_the_quota_along(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    east = TEAM[TEAM.index("[[teams]]") : TEAM.rindex("[[teams.reps]]")].replace("West", "East")
    west = TEAM.replace("ana@example.com", "lea@example.com").replace("[[leaders]]", "", 1)
    west = west.replace('email = "lea@example.com"\n\n[[teams]]', "[[teams]]", 1)
    west = west.replace(', reports_to = "lea@example.com"', "")
    east = east.replace('channel = "#west"', "").replace(', reports_to = "lea@example.com"', "")
    set_up_here(database, slack, west + east)
    with database.transaction(WORKSPACE) as session:
        ana = person_by_slack_id(session, "U0ANA")
        assert ana is not None
        quota = session.scalars(select(Quota).where(Quota.person_id == ana.id)).one()
        assert quota.team_id == ana.team_id


def test_a_months_target_lies_within_the_quarter(database: Database, slack: Server) -> None:
    text = TEAM.replace(
        "amount = 400_000 }", 'amount = 400_000 }, { month = "2026-11", amount = 150_000 }'
    )
    assert len([c for c in set_up_here(database, slack, text).changes if "quota" in c]) == 2
    assert set_up_here(database, slack, text).changes == []


def test_lines_may_be_turned_round(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    text = (
        TEAM.replace('[[leaders]]\nemail = "lea@example.com"', '[[leaders]]\nslack = "U0BEN"')
        .replace(
            'manager = { slack = "U0MAX", reports_to = "lea@example.com" }',
            'manager = { email = "lea@example.com", reports_to = "U0BEN" }',
        )
        .replace('slack = "U0BEN"\nzone = "America/Chicago"', 'slack = "U0MAX"')
    )
    set_up_here(database, slack, text)
    found = people(database)
    assert found["U0MAX"].reports_to_id == found["U0LEA"].id
    assert found["U0LEA"].reports_to_id == found["U0BEN"].id
    assert found["U0BEN"].reports_to_id is None
    assert found["U0BEN"].team_id is None


def test_who_is_not_in_the_file_is_said_and_left(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    text = TEAM[: TEAM.rindex("[[teams.reps]]")]
    outcome = set_up_here(database, slack, text)
    assert outcome.notes == ["Not in the file, and left as they are: Ben Carter."]
    assert outcome.changes == []


def test_a_week_out_of_order_is_a_mistake_with_its_place(database: Database, slack: Server) -> None:
    week = 'week = { forecast = { day = "Fri", at = "16:00" } }'
    text = TEAM.replace('name = "West"', f'name = "West"\n{week}')
    with pytest.raises(Mistakes) as refused:
        set_up_here(database, slack, text)
    assert refused.value.sentences == ["teams[0].week.put_right: must come after forecast"]
    with database.everywhere() as session:
        assert session.scalars(select(Schedule)).all() == []


def test_a_changed_week_goes_on_at_once(database: Database, slack: Server) -> None:
    """A new schedule starts next Monday; moving it must not skip a week."""
    started = TEAM.replace('name = "West"', 'name = "West"\nreview = { starts = 2026-11-02 }')
    set_up_here(database, slack, started)
    moved = TEAM.replace(
        'name = "West"', 'name = "West"\nreview = { cards = { day = "Wed", at = "08:30" } }'
    )
    set_up_here(database, slack, moved)
    with database.transaction(WORKSPACE) as session:
        cards, deciding, pick = of_teams(session)
    assert (pick.weekdays, pick.local_time) == ("3", time(7, 30))
    assert pick.active_from == date(2026, 11, 25)
    assert (cards.weekdays, cards.local_time) == ("3", time(8, 30))
    assert cards.active_from == date(2026, 11, 24)
    assert (cards.lateness, cards.late_until) == (Lateness.UNTIL_TIME, time(10))
    assert deciding.active_from == date(2026, 11, 2)


def test_standards_and_stages_of_the_file(database: Database, slack: Server) -> None:
    text = TEAM.replace(
        "[[teams]]",
        "[standards]\ncoverage = 4\n"
        '[[stages]]\nname = "Prospecting"\n[[stages]]\nname = "Demo"\nqualified = true\n'
        'age_days = 10\n[[stages]]\nname = "Won"\nkind = "won"\n'
        '[[stages]]\nname = "Lost"\nkind = "lost"\n[[teams]]',
        1,
    )
    set_up_here(database, slack)
    set_up_here(database, slack, text)
    with database.transaction(WORKSPACE) as session:
        assert standards(session).coverage == 4
        assert [stage.name for stage in stages(session)] == ["Prospecting", "Demo", "Won", "Lost"]
    assert set_up_here(database, slack, text).changes == []


def test_a_stage_in_use_cannot_go(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    with database.transaction(WORKSPACE) as session:
        ana = person_by_slack_id(session, "U0ANA")
        assert ana is not None
        a_deal(session, ana.id, "Proposal")
    text = TEAM.replace(
        "[[teams]]",
        '[[stages]]\nname = "Proposal"\nkind = "won"\n[[stages]]\nname = "A"\n'
        '[[stages]]\nname = "B"\nkind = "lost"\n[[teams]]',
        1,
    )
    with pytest.raises(Mistakes, match="“Proposal” has deals, so it stays open"):
        set_up_here(database, slack, text)
    text = text.replace("Proposal", "C")
    with pytest.raises(Mistakes, match="“Proposal” is in use, so it cannot be left out"):
        set_up_here(database, slack, text)
    with database.transaction(WORKSPACE) as session:
        assert len(stages(session)) == 7


def test_the_currency_of_a_team_with_deals_stays(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    with database.transaction(WORKSPACE) as session:
        ana = person_by_slack_id(session, "U0ANA")
        assert ana is not None
        a_deal(session, ana.id)
    with pytest.raises(Mistakes, match=r"teams\[0\].currency: West has deals in USD"):
        set_up_here(database, slack, TEAM.replace('"USD"', '"EUR"'))


def test_a_channel_of_a_team_that_is_not_in_the_file(database: Database, slack: Server) -> None:
    set_up_here(database, slack)
    with pytest.raises(Mistakes, match=r"teams\[0\].channel: is the channel of West, which is not"):
        set_up_here(database, slack, TEAM.replace('name = "West"', 'name = "East"'))
    with database.transaction(WORKSPACE) as session:
        assert [team.name for team in teams(session)] == ["West"]


def test_a_public_channel_wants_a_word(database: Database, slack: Server) -> None:
    text = TEAM.replace('"#west"', '"#open"\nchannel_may_be_public = true')
    set_up_here(database, slack, text)
    with database.transaction(WORKSPACE) as session:
        assert team_in_channel(session, "C0OPEN") is not None


def test_notes_say_what_is_still_to_do(database: Database, slack: Server) -> None:
    text = TEAM.replace('"#west"', '"#alone"\nchannel_may_be_public = true')
    text = text.replace('admins = ["lea@example.com"]', "")
    assert set_up_here(database, slack, text).notes == [
        "Invite the bot to #alone: it cannot post there before.",
        'There is no admin yet: say admins = ["…"] at the top of the file.',
    ]
    without = TEAM.replace('channel = "#west"', "")
    assert "West has no channel yet" in set_up_here(database, slack, without).notes[0]


def test_who_has_left_is_kept_as_inactive(database: Database, slack: Server) -> None:
    text = TEAM.replace('slack = "U0BEN"', 'slack = "U0GONE"\nactive = false')
    set_up_here(database, slack, text)
    assert not people(database)["U0GONE"].active


def test_an_admin_without_another_role(database: Database, slack: Server) -> None:
    text = TEAM.replace('["lea@example.com"]', '["U0BEN"]')
    text = text[: text.rindex("[[teams.reps]]")]
    set_up_here(database, slack, text)
    ben = people(database)["U0BEN"]
    assert (ben.is_admin, ben.team_id) == (True, None)


# --- the deputy


def _deputy(database: Database) -> str | None:
    with database.transaction(WORKSPACE) as session:
        [west] = teams(session)
        found = deputy_of(session, west)
        return None if found is None else found.name


def test_the_file_names_a_deputy_keeps_them_and_takes_them_away(
    database: Database, slack: Server
) -> None:
    with_ben = TEAM.replace('channel = "#west"', 'channel = "#west"\ndeputy = "U0BEN"')
    set_up_here(database, slack, with_ben)
    assert _deputy(database) == "Ben Carter"
    assert set_up_here(database, slack, with_ben).changes == []
    assert set_up_here(database, slack, TEAM).changes == []
    assert _deputy(database) == "Ben Carter"
    gone = set_up_here(database, slack, with_ben.replace("U0BEN", "none", 1))
    assert gone.changes == ["changed: team West: deputy Ben Carter → none"]
    assert _deputy(database) is None
