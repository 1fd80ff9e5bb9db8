"""`cadence`: the commands, each a thin door to where the work is done (docs/commands.md)."""

from typing import Annotated

import typer

from bot.commands_data import import_, migrate
from bot.commands_ops import admin, doctor, setup
from bot.settings import SettingsError, read_settings

app = typer.Typer(
    name="cadence",
    help="A sales manager's weekly cadence, run in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("migrate")(migrate)
app.command("setup")(setup)
app.command("import")(import_)
app.command("admin")(admin)
app.command("doctor")(doctor)


@app.command("run")
def run_command() -> None:
    """Run the bot: Socket Mode when SLACK_APP_TOKEN is set, otherwise HTTP on PORT."""
    from bot.run import log_to_stderr, run, until_signal

    try:
        settings = read_settings()
        log_to_stderr(settings.log_level)
        run(settings, until_signal())
    except SettingsError as wrong:
        _stop(wrong)


@app.command("demo")
def demo_command(
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The page's port on this machine.")
    ] = 8400,
    first_run: Annotated[
        bool, typer.Option("--first-run", help="Begin with nobody set up, as an admin would.")
    ] = False,
) -> None:
    """Run the bot in a local Slack workspace with a sample team, for trying it out."""
    from bot.demo import demo
    from bot.run import log_to_stderr, until_signal

    try:
        log_to_stderr("WARNING")
        demo(port, until_signal(), first_run=first_run)
    except SettingsError as wrong:
        _stop(wrong)


def _stop(wrong: SettingsError) -> None:
    typer.echo(str(wrong), err=True)
    raise typer.Exit(1)


def main() -> None:
    """Entry point of `cadence` and `python -m bot`."""
    app()
