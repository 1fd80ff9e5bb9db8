"""`cadence import` as people run it: what it prints, what it exits with, never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from models.base import Database
from tests.deals_in.files import HEADER, NEXUS, ORBIT, as_csv, deals
from tests.world import World, a_workspace


@pytest.fixture
def migrated(migrated_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    monkeypatch.chdir(tmp_path)
    return Database(migrated_url)


@pytest.fixture
def world(migrated: Database) -> World:
    return a_workspace(migrated)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["import", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_a_dry_run_and_then_the_real_thing(migrated: Database, world: World) -> None:
    Path("deals.csv").write_bytes(as_csv([NEXUS, ORBIT]))
    dry = run("deals.csv", "--dry-run")
    assert dry.exit_code == 0
    assert dry.stdout.endswith("deals.csv: dry run, nothing was written.\n")
    assert deals(migrated, world) == {}
    wet = run("deals.csv")
    assert wet.exit_code == 0
    assert wet.stdout == dry.stdout.replace(": dry run, nothing was written.", ": done.")
    assert set(deals(migrated, world)) == {"D1", "D2"}
    migrated.dispose()


def test_every_option_reaches_the_reading(migrated: Database, world: World) -> None:
    Path("deals.csv").write_text(
        "nr\tname\trep\tstage\tamount\tclose_date\nD1\tNexus\tR1\tOffer\t1.234\t18.12.2026\n"
    )
    Path("owners.csv").write_text("R1,ana@example.com\n")
    result = run(
        "deals.csv",
        "--mapping=id=nr,owner=rep",
        "--owner-map=owners.csv",
        "--stage-map=Offer=Proposal",
        "--date-format=DD.MM.YYYY",
        "--decimal=,",
        "--delimiter=tab",
        "--currency=usd",
        "--workspace=T0NORTH",
    )
    assert result.exit_code == 0, result.stderr
    deal = deals(migrated, world)["D1"]
    assert (deal.owner_id, deal.amount_minor) == (world.ana, 1_234_00)
    migrated.dispose()


def test_problems_go_to_the_error_output(migrated: Database, world: World) -> None:
    Path("deals.csv").write_bytes(as_csv([NEXUS.replace("Proposal", "Offer")]))
    result = run("deals.csv")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "1 problem; nothing of the file is taken in:" in result.stderr
    assert "line 2: stage “Offer” is none of Prospecting" in result.stderr
    assert deals(migrated, world) == {}
    migrated.dispose()


def test_all_problems_come_into_a_file_where_that_is_asked(
    migrated: Database, world: World
) -> None:
    rows = [f"D{n},N,ana@example.com,Proposal,-{n},2026-12-18" for n in range(1, 11)]
    Path("deals.csv").write_bytes(as_csv(rows))
    shown = run("deals.csv")
    assert shown.stderr.endswith(
        "  … and 5 more of this kind\n"
        "For a file of all of them, with their lines, say --problems problems.csv.\n"
    )
    listed = run("deals.csv", "--problems=problems.csv")
    assert listed.exit_code == 1
    assert listed.stderr.endswith("problems.csv lists all of them, with their lines.\n")
    lines = Path("problems.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in lines] == ["line", *map(str, range(2, 12))]
    assert lines[10] == '11,"amount “-10” is negative, or not an amount"'
    for wrong in ("deals.csv", "none/problems.csv"):
        assert run("deals.csv", f"--problems={wrong}").stderr.startswith(f"--problems {wrong}")
    assert Path("deals.csv").read_bytes() == as_csv(rows)
    few = as_csv([NEXUS.replace("Proposal", "Offer")])
    Path("deals.csv").write_bytes(few)
    assert "--problems" not in run("deals.csv").stderr
    migrated.dispose()


@pytest.mark.parametrize("kind", ["sqlite"])  # nothing of it is the database's business
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.csv"], "none.csv cannot be read: No such file or directory."),
        (["."], ". cannot be read: Is a directory."),
        (["latin.csv"], "latin.csv is not in UTF-8: line 2 holds the byte 0xFC"),
        (["deals.csv", "--mapping=none.toml"], "none.toml: there is no such file"),
        (["deals.csv", "--mapping=cost=x"], "“cost” is none of ours"),
        (["deals.csv", "--date-format=MM"], "--date-format MM: needs day, month and year"),
        (["deals.csv", "--decimal=x"], "--decimal: must be '.' or ','"),
        (["deals.csv", "--currency=euro"], "--currency: must be a currency's three letters"),
        (["deals.csv", "--delimiter=x"], "--delimiter: must be ',', ';'"),
        (["deals.csv", "--owner-map=a"], "--owner-map a: there is no such file"),
        (["deals.csv", "--workspace=T0NONE"], "--workspace T0NONE: there is no such workspace"),
    ],
)
def test_mistakes_are_one_sentence(world: World, arguments: list[str], says: str) -> None:
    Path("deals.csv").write_bytes(as_csv([NEXUS]))
    Path("latin.csv").write_bytes(f"{HEADER}\nD1,Müller".encode("latin-1"))
    result = run(*arguments)
    assert result.exit_code == 1
    assert says in result.stderr
    assert result.stdout == ""


def test_several_workspaces_are_asked_about(migrated: Database, world: World) -> None:
    a_workspace(migrated, "T0SOUTH")
    Path("deals.csv").write_bytes(as_csv([NEXUS]))
    result = run("deals.csv")
    assert "say --workspace, one of T0NORTH, T0SOUTH." in result.stderr
    assert run("deals.csv", "--workspace=T0SOUTH").exit_code == 0
    assert deals(migrated, world) == {}
    migrated.dispose()


def test_before_setup_it_says_what_to_do_first(migrated: Database) -> None:
    Path("deals.csv").write_bytes(as_csv([NEXUS]))
    result = run("deals.csv")
    assert result.stderr == "Nobody is set up here yet: run cadence setup first.\n"
    migrated.dispose()


def test_before_migrating_it_says_what_to_do_first(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    result = run("deals.csv")
    assert result.exit_code == 1
    assert "run cadence migrate first" in result.stderr


def test_a_database_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////none/at/all.sqlite3")
    result = run("deals.csv")
    assert result.exit_code == 1
    assert result.stderr == "The database refused: unable to open database file.\n"


def test_the_real_command_on_a_real_file(migrated: Database, world: World) -> None:
    """As a process: exit codes, both outputs, no traceback."""
    Path("deals.csv").write_bytes(as_csv([NEXUS, ORBIT]))
    Path("wrong.csv").write_bytes(as_csv([NEXUS.replace("Proposal", "Offer")]))
    command = [sys.executable, "-m", "bot", "import"]
    done = subprocess.run([*command, "deals.csv"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("deals.csv: done.\n")
    wrong = subprocess.run([*command, "wrong.csv"], capture_output=True, text=True, check=False)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "Traceback" not in wrong.stderr
    assert set(deals(migrated, world)) == {"D1", "D2"}
    migrated.dispose()
