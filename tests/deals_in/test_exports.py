"""Real exports of others (../shared/data), through the same two commands as everybody's."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from bot.cli import app
from crm.columns import Column, recognise
from crm.history_plan import HistoryPlan
from crm.known import load_known
from crm.mapping import Reading
from crm.proposing import read_as_proposed
from crm.taking_in import take_in
from handlers import MESSAGES, Rendered
from models.base import Database
from models.coaching import CoverageTalk, talks_of
from models.deals import Deal, Import, ImportKind, Stage, StageKind
from models.delivery import Delivery, Kind
from models.health_check import HealthCheck, HealthFlag, check_team
from models.people import Person, Quota, Role, Workspace, teams
from models.pipeline_review import decider_at
from sandbox import Channel, Server
from sandbox import Person as Account
from sandbox.blocks import validate_message
from tests.reading import read
from tests.team_setup.local_slack import a_slack, point_at

pytestmark = pytest.mark.exports

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MERIDIAN = DATA / "meridian-mit"
COLUMNS = (
    "id=deal_id,name=account_name,owner=rep_id,stage=stage,amount=deal_value,"
    "close_date=close_date,created_date=created_date"
)


def email(name: str) -> str:
    return f"{name.casefold().replace(' ', '.')}@meridian.example"


def reps() -> list[dict[str, str]]:
    with (MERIDIAN / "reps.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def slack() -> Iterator[Server]:
    """Meridian's ten reps, their three managers and a head of sales, in a workspace."""
    names = dict.fromkeys([rep["rep_name"] for rep in reps()] + [rep["manager"] for rep in reps()])
    people = [
        Account(f"U0{number:03}", f"person{number}", name, email(name), "America/New_York")
        for number, name in enumerate([*names, "Head Of Sales"], 1)
    ]
    channels = [
        Channel(f"C0{number:03}", name.split()[0].casefold(), members=["U0BOT"], kind="private")
        for number, name in enumerate(dict.fromkeys(rep["manager"] for rep in reps()), 1)
    ]
    with a_slack(people, channels) as server:
        yield server


@pytest.fixture
def database(
    migrated_url: str, slack: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Database]:
    """Migrated, and Meridian set up in it from its reps.csv."""
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    monkeypatch.chdir(tmp_path)
    point_at(slack, monkeypatch)
    Path("team.toml").write_text(team_file())
    Path("owners.csv").write_text(
        "".join(f"{rep['rep_id']},{email(rep['rep_name'])}\n" for rep in reps())
    )
    assert run("setup", "team.toml").exit_code == 0
    opened = Database(migrated_url)
    yield opened
    opened.dispose()


def team_file() -> str:
    head = email("Head Of Sales")
    lines = ['currency = "USD"', f'admins = ["{head}"]', "[[leaders]]", f'email = "{head}"']
    for manager in dict.fromkeys(rep["manager"] for rep in reps()):
        lines += ["[[teams]]", f'name = "{manager}"', f'channel = "#{manager.split()[0].lower()}"']
        lines.append(f'manager = {{ email = "{email(manager)}", reports_to = "{head}" }}')
        for rep in reps():
            if rep["manager"] == manager:
                quota = f'{{ quarter = "2026-Q1", amount = {rep["quota_q1_2026"]} }}'
                lines += ["[[teams.reps]]", f'email = "{email(rep["rep_name"])}"']
                lines.append(f"quotas = [{quota}]")
    return "\n".join(lines)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def counted(database: Database) -> dict[str, int]:
    with database.everywhere() as session:
        rows = session.execute(
            select(Stage.name, func.count())
            .join(Deal, Deal.stage_id == Stage.id)
            .group_by(Stage.name)
        )
        return dict(rows.all())


def test_meridian_is_taken_in_whole(database: Database) -> None:
    export = str(MERIDIAN / "deals.csv")
    dry = run("import", export, f"--mapping={COLUMNS}", "--owner-map=owners.csv", "--dry-run")
    assert dry.exit_code == 0, dry.stderr
    assert "  75 new: 40 open, 27 won, 8 lost" in dry.stdout
    assert "Not read: segment, region, product_line, loss_reason." in dry.stdout
    assert counted(database) == {}
    assert run("import", export, f"--mapping={COLUMNS}", "--owner-map=owners.csv").exit_code == 0
    assert counted(database) == {
        "Prospecting": 5,
        "Discovery": 12,
        "Proposal": 14,
        "Negotiation": 9,
        "Closed Won": 27,
        "Closed Lost": 8,
    }


def test_meridian_a_second_time_is_read_as_before(database: Database) -> None:
    export = str(MERIDIAN / "deals.csv")
    run("import", export, f"--mapping={COLUMNS}", "--owner-map=owners.csv")
    again = run("import", export)
    assert again.exit_code == 0, again.stderr
    assert "Read as the import of " in again.stdout
    assert "  0 new\n  0 changed\n  75 unchanged" in again.stdout


def test_meridian_without_a_mapping_gets_a_proposal(database: Database) -> None:
    result = run("import", str(MERIDIAN / "deals.csv"))
    assert result.exit_code == 1
    assert (
        "--mapping 'id=deal_id,name=account_name,owner=rep_id,amount=deal_value'" in result.stderr
    )


def test_all_of_meridians_reps_are_under_three_times_full_quota(database: Database) -> None:
    """The known figure of ../shared/data/README.md, without a filter by close date."""
    run(
        "import",
        str(MERIDIAN / "deals.csv"),
        f"--mapping={COLUMNS}",
        "--owner-map=owners.csv",
    )
    with database.everywhere() as session:
        assert len(teams(session)) == 3
        quotas = dict(session.execute(select(Quota.person_id, Quota.amount_minor)).all())
        pipelines = session.execute(
            select(Deal.owner_id, func.sum(Deal.amount_minor))
            .join(Stage, Stage.id == Deal.stage_id)
            .where(Stage.kind == StageKind.OPEN)
            .group_by(Deal.owner_id)
        )
        coverage = [float(amount or 0) / quotas[owner_id] for owner_id, amount in pipelines]
        assert len(coverage) == 10
        assert max(coverage) < 3
        reps_here = session.scalars(select(Person).where(Person.role == Role.REP)).all()
        assert len(reps_here) == 10
        deal = session.scalars(select(Deal).where(Deal.external_id == "OPP-001")).one()
        assert (deal.name, deal.amount_minor) == ("Nexus Corp", 180_000_00)
        assert (deal.opened_on, deal.closed_on) == (date(2025, 10, 12), date(2026, 1, 15))


def test_meridians_monday(database: Database) -> None:
    """A health check of real deals: everybody is under three times their quota, ranked by money."""
    monday = datetime(2026, 3, 16, 13, 0, tzinfo=UTC)  # 09:00 in New York
    with database.everywhere() as session:
        workspace_id = session.scalars(select(Workspace.id)).one()
    with database.transaction(workspace_id) as session:
        _take_in_meridian(session, monday - timedelta(hours=2))
    owed: dict[Kind, list[Rendered]] = {}
    with database.transaction(workspace_id) as session:
        for of_team in teams(session):
            decider = decider_at(session, of_team.id, monday)
            assert decider is not None
            check_team(session, of_team, decider, date(2026, 3, 16), monday)
        for row in session.scalars(select(Delivery).order_by(Delivery.id)):
            screen = MESSAGES[row.kind].load(session, row.subject_id, monday)
            if screen is not None:
                owed.setdefault(row.kind, []).append(MESSAGES[row.kind].render(screen))
        talks = session.scalars(select(CoverageTalk)).all()
        assert len(talks) == 10
        for check in session.scalars(select(HealthCheck)):
            gaps = [talk.missing_minor for talk in talks_of(session, check.id)]
            assert gaps == sorted(gaps, reverse=True)
            assert min(gaps) > 0
            flagged = session.scalars(select(HealthFlag).where(HealthFlag.check_id == check.id))
            assert {flag.deal_id for flag in flagged}
            # nobody told of activities, so nobody is accused of a stage change without one
            assert "stage_unlogged" not in check.figures["kinds"]
    assert Counter({kind: len(shown) for kind, shown in owed.items()}) == Counter(
        {
            Kind.HEALTH_SUMMARY: 3,
            Kind.HEALTH_FLAGS: 3,
            Kind.HEALTH_TALKS: 3,
            Kind.HEALTH_REMINDER: 3,
            Kind.HEALTH_QUOTAS: 1,  # of the next quarter
        }
    )
    for shown in (one for several in owed.values() for one in several):
        assert validate_message(text=shown.text, blocks=shown.blocks) == []
    said = read(owed[Kind.HEALTH_TALKS][0].blocks)
    assert "short* in Q1" in said
    assert "under 3× of remaining quota" in said


def _take_in_meridian(session: Session, at: datetime) -> None:
    columns = dict(pair.split("=") for pair in COLUMNS.split(","))
    owners = {rep["rep_id"]: email(rep["rep_name"]) for rep in reps()}
    said = Reading(columns={Column(name): said for name, said in columns.items()}, owners=owners)
    with (MERIDIAN / "deals.csv").open("rb") as file:
        found = read_as_proposed(file, said, load_known(session), at).file
    assert (len(found.problems), found.count) == (0, 75)
    take_in(session, found, at, file_name="deals.csv")


def test_salesforces_own_names_and_dates(database: Database) -> None:
    """Its columns are proposed, its dates and stages asked; then it is taken in."""
    export = DATA / "salesforce-in-powerbi-mit" / "Opportunity.csv"
    first = run("import", str(export))
    assert first.exit_code == 1
    assert "there is no column owner" in first.stderr
    assert "--mapping 'stage=StageName,close_date=CloseDate'" in first.stderr
    columns = {"owner": "AccountId", "stage": "StageName", "close_date": "CloseDate"}
    mapping = ",".join(f"{ours}={theirs}" for ours, theirs in columns.items())
    second = run("import", str(export), f"--mapping={mapping}")
    assert "close_date “02/03/24” could be two dates" in second.stderr
    assert "stage “Needs Analysis” is none of" in second.stderr
    with export.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    Path("reading.toml").write_text(salesforce_reading(rows, columns))
    third = run("import", str(export), "--mapping=reading.toml")
    assert third.exit_code == 0, third.stderr
    with database.everywhere() as session:
        assert session.scalars(select(Import.added)).all() == [len(rows)] == [36]


def test_histories_and_activities_of_others_are_recognised() -> None:
    for name, kind in (
        ("salesforce-in-powerbi-mit/Opportunity.csv", ImportKind.DEALS),
        ("salesforce-in-powerbi-mit/OpportunityHistory.csv", ImportKind.HISTORY),
        ("fivetran-sf-seeds/sf_opportunity_data.csv", ImportKind.DEALS),
        ("fivetran-sf-seeds/sf_opportunity_history_data.csv", ImportKind.HISTORY),
        ("fivetran-sf-seeds/sf_task_data.csv", ImportKind.ACTIVITIES),
        ("fivetran-sf-seeds/sf_event_data.csv", ImportKind.ACTIVITIES),
        ("fivetran-hubspot-seeds/deal_data.csv", ImportKind.DEALS),
        ("fivetran-hubspot-seeds/deal_stage_data.csv", ImportKind.HISTORY),
        ("fivetran-hubspot-seeds/deal_property_history_data.csv", ImportKind.HISTORY),
    ):
        with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
            assert recognise(next(csv.reader(file))) is kind, name


def test_salesforces_own_history_and_tasks(database: Database) -> None:
    """As dropped in Slack: proposed by itself, with what is open; then all of it by one person."""
    with database.everywhere() as session:
        workspace_id = session.scalars(select(Workspace.id)).one()
    with database.transaction(workspace_id) as session:
        known = load_known(session)
    folder = DATA / "salesforce-in-powerbi-mit"
    at = datetime(2026, 11, 24, tzinfo=UTC)
    with (folder / "Opportunity.csv").open("rb") as file:
        found = read_as_proposed(file, Reading(), known, at).file
        assert found.reading.date_format == "MM/DD/YY"
        assert Column.OWNER not in found.places
        assert set(found.unknown_stages) == {
            "Qualification", "Negotiation/Review", "Id. Decision Makers", "Proposal/Price Quote",
            "Value Proposition", "Perception Analysis", "Needs Analysis",
        }  # fmt: skip
        stages = dict.fromkeys(found.unknown_stages, "Discovery")
        answers = {"stages": stages, "owner": email(reps()[0]["rep_name"])}
        said = found.reading.model_copy(update=answers)
        whole = read_as_proposed(file, said, known, at).file
    assert (len(whole.problems), whole.count) == (0, 36)
    with database.transaction(workspace_id) as session:
        take_in(session, whole, at, file_name="Opportunity.csv")
    said = Reading(stages=stages)
    for again in (False, True):
        with (folder / "OpportunityHistory.csv").open("rb") as file:
            told = read_as_proposed(file, said, known, at).file
        assert (told.kind, told.count, len(told.problems)) == (ImportKind.HISTORY, 48, 0)
        with database.transaction(workspace_id) as session:
            _record, plan = take_in(session, told, at, file_name="OpportunityHistory.csv")
        assert isinstance(plan, HistoryPlan)
        assert (plan.deals, bool(plan.entered), plan.strangers.count) == (36, not again, 0)
        assert not (again and plan.new)


def salesforce_reading(rows: list[dict[str, str]], columns: dict[str, str]) -> str:
    """Everything belongs to one rep, and every stage of theirs that we lack is Discovery."""
    somebody = email(reps()[0]["rep_name"])
    ours = ("Prospecting", "Closed Won", "Closed Lost")
    stages = {row["StageName"]: "Discovery" for row in rows if row["StageName"] not in ours}
    owners = {row["AccountId"]: somebody for row in rows}
    tables = {"columns": columns, "stages": stages, "owners": owners}
    return 'date_format = "MM/DD/YY"\n' + "".join(
        f"[{name}]\n" + "".join(f'"{key}" = "{value}"\n' for key, value in table.items())
        for name, table in tables.items()
    )
