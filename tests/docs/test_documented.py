"""Docs cannot drift: commands, options, settings, variables and files are where people read."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
COMMANDS: dict[str, Any] = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # click's group


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `{name.upper()}` \|(.*)$", text("docs/configuration.md"), re.M)
    assert row, f"docs/configuration.md says nothing of {name.upper()}"
    default = Settings.model_fields[name].default
    assert (str(default) in row[1]) if default is not None else ("none" in row[1])


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_and_option_is_documented(command: str) -> None:
    page = text("docs/commands.md")
    assert f"## `cadence {command}" in page
    section = page.split(f"## `cadence {command}", 1)[1].split("\n## ", 1)[0]
    for parameter in COMMANDS[command].params:
        for name in parameter.opts if parameter.param_type_name == "option" else ():
            assert f"`{name}" in section, f"{command} {name} is not documented"


def test_no_command_is_documented_that_is_not_there() -> None:
    assert set(re.findall(r"^## `cadence (\w+)", text("docs/commands.md"), re.M)) == set(COMMANDS)


def test_app_json_asks_for_settings_that_exist_and_says_what_they_are() -> None:
    described = json.loads(text("app.json"))["env"]
    assert {name.lower() for name in described} <= set(Settings.model_fields)
    assert all(variable["description"] for variable in described.values())


def test_procfile_runs_commands_that_exist() -> None:
    started = re.findall(r"python -m bot (\w+)", text("Procfile") + text("app.json"))
    assert started
    assert set(started) <= set(COMMANDS)


def test_readme_names_every_floor_and_target() -> None:
    readme = text("README.md")
    folders = {"bot", "handlers", "crm", "models", "migrations", "sandbox", "tests", "benchmarks"}
    assert all(f"{folder}/" in readme for folder in folders)
    assert {"make demo", "make test"} <= set(re.findall(r"make \w+", readme))
    targets = set(re.findall(r"^(\w+):", text("Makefile"), re.M))
    assert {name.split()[1] for name in re.findall(r"make [a-z]+\b", readme)} <= targets


@pytest.mark.parametrize("page", [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"])
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:")):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_the_local_workspaces_example_passes(tmp_path: Path) -> None:
    """In a process of its own, as somebody would run it who has copied it."""
    page = text("docs/sandbox.md").split("### A whole example", 1)[1]
    example = tmp_path / "test_lunch.py"
    example.write_text(page.split("```python\n", 1)[1].split("```", 1)[0], encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "no:cacheprovider", example],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "1 passed" in ran.stdout, ran.stdout
