"""`cadence setup`, `cadence import` and `cadence migrate`: what they take, and what they print.

A mistake is a sentence on the error output and exit code 1, never a traceback. `bot/cli.py`
registers these functions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
)
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot import migrate as migrations
from bot.clock import real_now
from bot.settings import Settings, SettingsError, read_settings
from bot.setup import Resolved, SlackDirectory, SlackRefused, TeamFile, resolve, set_up
from bot.tokens import slack_client
from crm.import_file import ImportFile, read_file
from crm.import_report import problem_lines, reading_lines, report
from crm.known import load_known
from crm.mapping import Reading, read_mapping, read_words
from crm.problems import FileRefused
from crm.taking_in import HasProblems, Plan, look, take_in
from crm.toml_file import Mistakes, mistakes, read_toml
from models.base import Database
from models.people import Workspace


class Stopped(Exception):
    """The command ends here. Its text is what the person is told."""


class _Undo(Exception):
    """Rolls a dry run back."""


DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only show what would change; write nothing.")
]


def migrate() -> None:
    """Bring the database to this version's schema."""
    with sentences():
        done = migrations.upgrade(read_settings().database_url)
        typer.echo("The database is up to date now." if done else "The database is up to date.")


def setup(
    file: Annotated[Path, typer.Argument(help="The team file, in TOML: docs/setup.md.")],
    dry_run: DryRun = False,
) -> None:
    """Set up people, teams, quotas and schedules from a file, as often as you like."""
    with sentences():
        wanted = read_toml(file, TeamFile)
        settings = read_settings()
        client = slack_client(settings.bot_token(), settings.slack_api_url)
        client.retry_handlers = [  # setup only asks, so asking again does no harm
            ConnectionErrorRetryHandler(max_retry_count=2),
            RateLimitErrorRetryHandler(max_retry_count=10),
        ]
        with ready_database(settings) as database:
            _set_up(database, resolve(wanted, SlackDirectory(client)), dry_run=dry_run)


def _set_up(database: Database, wanted: Resolved, *, dry_run: bool) -> None:
    try:
        with database.transaction(wanted.installation.workspace_id) as session:
            outcome = set_up(session, wanted, real_now())
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    for line in [*outcome.changes, *outcome.notes]:
        typer.echo(line)
    count = f"{len(outcome.changes)} change{'' if len(outcome.changes) == 1 else 's'}"
    typer.echo(f"{count} in {wanted.installation.workspace_name}{_ending(dry_run)}")


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
            _import(database, _workspace(database, workspace), file, said, dry_run=dry_run)


def _import(
    database: Database, workspace_id: str, path: Path, said: Reading, *, dry_run: bool
) -> None:
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
    if file.problems:
        raise Stopped("\n".join([*reading_lines(file), *problem_lines(file)]))
    for line in report(_done(database, workspace_id, file, path.name, dry_run=dry_run)):
        typer.echo(line)
    typer.echo(f"{path.name}{_ending(dry_run)}")


def _done(
    database: Database, workspace_id: str, file: ImportFile, name: str, *, dry_run: bool
) -> Plan:
    """What the file changes or, in a dry run, would change. Raises Stopped for problems."""
    try:
        with database.transaction(workspace_id) as session:
            if dry_run:
                plan = look(session, file)
            else:
                _record, plan = take_in(session, file, real_now(), file_name=name)
    except HasProblems:
        raise Stopped("\n".join([*reading_lines(file), *problem_lines(file)])) from None
    if file.problems:
        raise Stopped("\n".join(report(plan)))
    return plan


def _ending(dry_run: bool) -> str:
    return ": dry run, nothing was written." if dry_run else ": done."


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


@contextmanager
def ready_database(settings: Settings) -> Iterator[Database]:
    """The database, if its schema is this version's. Raises Stopped."""
    database = Database(settings.database_url)
    try:
        if not migrations.is_current(database.engine):
            raise Stopped("The database has another version's schema: run cadence migrate first.")
        yield database
    finally:
        database.dispose()


@contextmanager
def sentences() -> Iterator[None]:
    """Turns every mistake that people can make into sentences and exit code 1."""
    try:
        yield
    except Mistakes as wrong:
        _stop("\n".join(wrong.sentences))
    except (SettingsError, SlackRefused, Stopped) as wrong:
        _stop(str(wrong))
    except migrations.BrokenReferences as broken:
        _stop(f"Nothing was migrated: rows refer to rows that are not there, in {broken}.")
    except DBAPIError as error:
        _stop(f"The database refused: {str(error.orig).splitlines()[0]}.")


def _stop(said: str) -> None:
    typer.echo(said, err=True)
    raise typer.Exit(1)
