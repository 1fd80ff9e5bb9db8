"""The examples of docs/ work word for word, and docs name every key and column."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.setup.form import (
    QuotaEntry,
    Rep,
    ReviewTimes,
    StageEntry,
    Standing,
    Superior,
    TeamEntry,
    TeamFile,
)
from crm.columns import Column
from crm.mapping import Reading, read_mapping
from models.standards import Standards
from sandbox import Channel, Person
from tests.team_setup.local_slack import ROOT, a_slack, point_at

DOCS = ROOT / "docs"
EXAMPLES = DOCS / "examples"
FORMS = (
    TeamFile,
    Superior,
    TeamEntry,
    Rep,
    QuotaEntry,
    ReviewTimes,
    StageEntry,
    Standing,
    Standards,
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_the_examples_work(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("ops", "lea", "max", "ana", "ben", "greta", "emil")
    people = [
        Person(f"U0{name.upper()}", name, email=f"{name}@northwind.example") for name in names
    ]
    channels = [
        Channel(f"C0{name.upper()}", name, members=["U0BOT"], kind="private")
        for name in ("east", "dach")
    ]
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    with a_slack(people, channels) as server:
        point_at(server, monkeypatch)
        done = run("setup", str(EXAMPLES / "team.toml"))
        assert done.exit_code == 0, done.stderr
        assert run("setup", str(EXAMPLES / "team.toml")).stdout.startswith("0 changes")
    taken = run("import", str(EXAMPLES / "deals.csv"))
    assert taken.exit_code == 0, taken.stderr
    assert "  5 new: 4 open, 1 won" in taken.stdout
    assert "Not read" not in taken.stdout


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_key_of_the_team_file_is_documented(form: type[BaseModel]) -> None:
    page = (DOCS / "setup.md").read_text(encoding="utf-8")
    words = {word for code in re.findall(r"`([^`\n]+)`", page) for word in re.findall(r"\w+", code)}
    assert set(form.model_fields) <= words


def test_every_column_and_reading_is_documented() -> None:
    page = (DOCS / "import.md").read_text(encoding="utf-8")
    for column in Column:
        assert f"| `{column}` |" in page
    for name in Reading.model_fields:
        assert f"\n{name} = " in page or f"\n[{name}]" in page, name


def test_the_mapping_file_of_the_docs_is_one(tmp_path: Path) -> None:
    page = (DOCS / "import.md").read_text(encoding="utf-8")
    path = tmp_path / "reading.toml"
    path.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert read_mapping(str(path)).stages["Needs Analysis"] == "Discovery"
