"""`cadence doctor` and `cadence admin`: what they take, and what they print."""

from typing import Annotated

import typer

from bot.clock import real_now
from bot.commands_data import Stopped, ready_database, sentences
from bot.doctor import doctor as examined
from bot.settings import read_settings
from bot.tokens import slack_client
from handlers.setup.directory import SlackDirectory
from handlers.setup.found import known
from models.people import put_workspace
from models.setup import make_admin


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="The same, for programs.")] = False,
) -> None:
    """Look at token, scopes, database, clocks, channels and people: a line each."""
    with sentences():
        if not examined(read_settings(), typer.echo, as_json=as_json):
            raise typer.Exit(1)


def admin(
    who: Annotated[str, typer.Argument(help="An e-mail address, or a Slack id: U….")],
) -> None:
    """Make somebody an admin of Cadence, who then types /cadence setup in Slack."""
    with sentences():
        settings = read_settings()
        client = slack_client(settings.bot_token(), settings.slack_api_url)
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
