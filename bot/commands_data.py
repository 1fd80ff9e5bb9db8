"""`cadence import` and `cadence migrate`: what they take, and what they print."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy import select

from bot import migrate as migrations
from bot.clock import real_now
from bot.commands import DryRun, Stopped, ending, ready_database, sentences
from bot.settings import read_settings
from crm.import_file import ImportFile, read_file
from crm.import_report import problem_lines, reading_lines, report
from crm.known import load_known
from crm.mapping import Reading, read_mapping, read_words
from crm.problems import MOST_LISTED, FileRefused, as_list
from crm.taking_in import HasProblems, Plan, look, take_in
from crm.toml_file import Mistakes, mistakes
from models.base import Database
from models.people import Workspace


def migrate() -> None:
    """Bring the database to this version's schema."""
    with sentences():
        done = migrations.upgrade(read_settings().database_url)
        typer.echo("The database is up to date now." if done else "The database is up to date.")


def import_(
    file: Annotated[Path, typer.Argument(help="The CRM's export, a CSV file: docs/import.md.")],
    mapping: Annotated[
        str, typer.Option(help="Our columns and theirs, 'id=deal_id,name=account', or a TOML file.")
    ] = "",
    date_format: Annotated[str, typer.Option(help="Like DD.MM.YYYY; ISO dates need none.")] = "",
    owner_map: Annotated[
        str, typer.Option(help="Owners: 'REP-1=ana@example.com,…', or a CSV or TOML file.")
    ] = "",
    stage_map: Annotated[
        str, typer.Option(help="Stages: 'Qualification=Qualified,…', or a CSV or TOML file.")
    ] = "",
    currency: Annotated[str, typer.Option(help="In which the amounts are, like USD.")] = "",
    decimal: Annotated[str, typer.Option(help="The mark before the decimals: . or ,")] = "",
    delimiter: Annotated[str, typer.Option(help="What separates the cells: , ; | or tab")] = "",
    encoding: Annotated[str, typer.Option(help="Of the text: utf-8, utf-16, windows-1252.")] = "",
    owner: Annotated[
        str, typer.Option(help="Whose all of them are, without a column that says it.")
    ] = "",
    kind: Annotated[
        str, typer.Option(help="deals, history or activities, if its columns do not tell.")
    ] = "",
    problems: Annotated[
        Path | None, typer.Option(help="Where to write all problems, a CSV file, if there are any.")
    ] = None,
    workspace: Annotated[str, typer.Option(help="The Slack workspace, T…, if several.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Take in a CRM's export (deals, stages' history, activities): all of it, or nothing."""
    with sentences():
        said = _reading(
            read_mapping(mapping),
            {
                "owners": read_words(owner_map, "--owner-map"),
                "stages": read_words(stage_map, "--stage-map"),
                "date_format": date_format,
                "decimal": decimal,
                "currency": currency,
                "delimiter": "\t" if delimiter == "tab" else delimiter,
                "encoding": encoding.casefold(),
                "owner": owner,
                "kind": kind.casefold(),
            },
        )
        with ready_database(read_settings()) as database:
            workspace_id = _workspace(database, workspace)
            _import(database, workspace_id, file, said, problems, dry_run=dry_run)


def _import(
    database: Database,
    workspace_id: str,
    path: Path,
    said: Reading,
    listed: Path | None,
    *,
    dry_run: bool,
) -> None:
    """Takes the file in and prints what that did. Raises Stopped, with problems into `listed`."""
    now = real_now()
    with database.transaction(workspace_id) as session:
        known = load_known(session)
    if not known.stages:
        raise Stopped("Nobody is set up here yet: run cadence setup first.")
    try:
        with path.open("rb") as opened:
            file = read_file(opened, said, known, now)
    except FileRefused as refused:
        raise Stopped(f"{path} {refused}.") from None
    except OSError as error:
        raise Stopped(f"{path} cannot be read: {error.strerror}.") from None
    plan = _done(database, workspace_id, file, path.name, dry_run=dry_run)
    if plan is None or file.problems:
        lines = [*reading_lines(file), *problem_lines(file), *_list_problems(file, path, listed)]
        raise Stopped("\n".join(lines))
    for line in report(plan):
        typer.echo(line)
    typer.echo(f"{path.name}{ending(dry_run)}")


def _done(
    database: Database, workspace_id: str, file: ImportFile, name: str, *, dry_run: bool
) -> Plan | None:
    """What the file changes or, in a dry run, would change; None where it has problems."""
    if file.problems:
        return None
    try:
        with database.transaction(workspace_id) as session:
            if dry_run:
                return look(session, file)
            return take_in(session, file, real_now(), file_name=name)[1]
    except HasProblems:
        return None


def _list_problems(file: ImportFile, path: Path, listed: Path | None) -> Iterator[str]:
    """Writes all of them where that was asked for, which is said; else how to, if some are not
    named. Raises Stopped.
    """
    if listed is None:
        if file.problems.shortened:
            yield "For a file of all of them, with their lines, say --problems problems.csv."
        return
    try:
        if listed.exists() and listed.samefile(path):
            raise Stopped(f"--problems {listed}: that is the file to import.")
        listed.write_bytes(as_list((line, says) for _kind, line, says in file.problems.listed))
    except OSError as error:
        raise Stopped(f"--problems {listed} cannot be written: {error.strerror}.") from None
    which = "all of them" if len(file.problems) <= MOST_LISTED else f"the first {MOST_LISTED:,}"
    yield f"{listed} lists {which}, with their lines."


def _reading(mapped: Reading, options: dict[str, object]) -> Reading:
    """The mapping with the options over it. Raises Mistakes."""
    given = {name: value for name, value in options.items() if value}
    try:
        return Reading.model_validate(given).over(mapped)
    except ValidationError as error:
        wrong = [f"--{sentence}" for sentence in mistakes(error, Reading)]
        raise Mistakes([sentence.replace("_", "-", 1) for sentence in wrong]) from None


def _workspace(database: Database, asked: str) -> str:
    """The workspace asked for, or the only one. Raises Stopped."""
    with database.everywhere() as session:
        known = list(session.scalars(select(Workspace.id).order_by(Workspace.id)))
    if asked and asked not in known:
        raise Stopped(f"--workspace {asked}: there is no such workspace here.")
    if not known:
        raise Stopped("Nobody is set up here yet: run cadence setup first.")
    if not asked and len(known) > 1:
        raise Stopped(f"There are several workspaces: say --workspace, one of {', '.join(known)}.")
    return asked or known[0]
