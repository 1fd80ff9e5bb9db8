"""`cadence setup`, `cadence doctor` and `cadence admin`, which ask Slack: what they print.

What they do is imported when they run, since every other command would wait for it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.clock import real_now
from bot.commands import DryRun, Stopped, ending, ready_database, sentences
from bot.settings import read_settings
from bot.tokens import asking_client
from crm.toml_file import read_toml
from models.base import Database
from models.people import put_workspace

if TYPE_CHECKING:
    from bot.setup import Resolved


class _Undo(Exception):
    """Rolls a dry run back."""


def setup(
    file: Annotated[Path, typer.Argument(help="The team file, in TOML: docs/setup.md.")],
    dry_run: DryRun = False,
) -> None:
    """Set up people, teams, quotas and schedules from a file, as often as you like."""
    from bot.setup import SlackDirectory, SlackRefused, TeamFile, resolve

    with sentences(SlackRefused):
        wanted = read_toml(file, TeamFile)
        settings = read_settings()
        client = asking_client(settings.bot_token(), settings.slack_api_url)
        with ready_database(settings) as database:
            _set_up(database, resolve(wanted, SlackDirectory(client)), dry_run=dry_run)


def _set_up(database: Database, wanted: "Resolved", *, dry_run: bool) -> None:
    from bot.setup import set_up

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
    typer.echo(f"{count} in {wanted.installation.workspace_name}{ending(dry_run)}")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="The same, for programs.")] = False,
) -> None:
    """Look at token, scopes, database, clocks, channels and people: a line each."""
    from bot.doctor import doctor as examined

    with sentences():
        if not examined(read_settings(), typer.echo, as_json=as_json):
            raise typer.Exit(1)


def admin(
    who: Annotated[str, typer.Argument(help="An e-mail address, or a Slack id: U….")],
) -> None:
    """Make somebody an admin of Cadence, who then types /cadence setup in Slack."""
    from handlers.setup.directory import SlackDirectory, SlackRefused
    from handlers.setup.found import known
    from models.setup import make_admin

    with sentences(SlackRefused):
        settings = read_settings()
        client = asking_client(settings.bot_token(), settings.slack_api_url)
        slack = SlackDirectory(client)
        installation, account = slack.installation(), slack.person(who)
        if account is None:
            raise Stopped(f"Nobody in {installation.workspace_name} has {who}.")
        if account.is_bot or account.is_guest or account.is_deactivated:
            raise Stopped(f"{account.name} is a bot, a guest or deactivated: choose a member.")
        with (
            ready_database(settings) as database,
            database.transaction(installation.workspace_id) as session,
        ):
            put_workspace(
                session,
                installation.workspace_id,
                name=installation.workspace_name,
                bot_user_id=installation.bot_user_id,
                now=real_now(),
            )
            make_admin(session, known(account), real_now())
        typer.echo(f"{account.name} is an admin now: type /cadence setup in Slack.")
