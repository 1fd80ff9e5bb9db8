"""What all commands share: their database, and mistakes as sentences.

A mistake is a sentence on the error output and exit code 1, never a traceback.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from bot import migrate as migrations
from bot.settings import Settings, SettingsError
from crm.toml_file import Mistakes
from models.base import Database

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only show what would change; write nothing.")
]


class Stopped(Exception):
    """The command ends here. Its text is what the person is told."""


def ending(dry_run: bool) -> str:
    return ": dry run, nothing was written." if dry_run else ": done."


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
def sentences(*also: type[Exception]) -> Iterator[None]:
    """Turns every mistake that people can make into sentences and exit code 1.

    `also`: whatever else the command's own work raises with a sentence as its text.
    """
    told: tuple[type[Exception], ...] = (SettingsError, Stopped, *also)
    try:
        yield
    except Mistakes as wrong:
        _stop("\n".join(wrong.sentences))
    except told as wrong:
        _stop(str(wrong))
    except migrations.BrokenReferences as broken:
        _stop(f"Nothing was migrated: rows refer to rows that are not there, in {broken}.")
    except DBAPIError as error:
        _stop(f"The database refused: {str(error.orig).splitlines()[0]}.")


def _stop(said: str) -> None:
    typer.echo(said, err=True)
    raise typer.Exit(1)
