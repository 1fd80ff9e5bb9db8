"""`cadence run`: the bot against a Slack workspace, until it is told to stop."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.app import Bot, build
from bot.clock import real_now
from bot.http import Gate, HttpServer
from bot.migrate import is_current
from bot.settings import Settings, SettingsError
from bot.socket import Socket
from bot.tokens import Tokens, find_installation
from models.base import Database

log = logging.getLogger(__name__)


def run(settings: Settings, stop: threading.Event) -> None:
    """Serves until `stop` is set: Socket Mode with an app token, HTTP otherwise.

    Raises SettingsError where a token, the database or its migrations are not as they must be.
    """
    token, app_token = settings.bot_token(), settings.app_token()
    secret = "" if app_token else settings.signing_secret()
    database = open_database(settings.database_url)
    tokens = _installation(token, settings.slack_api_url)
    bot = build(database, tokens, real_now, calendars=settings.cadence_calendars)
    socket = Socket(bot.bolt, app_token, settings.slack_api_url) if app_token else None
    gate = Gate(None if app_token else bot.bolt, secret, readiness(database, socket, stop))
    # in Socket Mode a port is opened only where the platform asked for one
    wants_port = socket is None or "port" in settings.model_fields_set
    server = HttpServer(gate, port=settings.port) if wants_port else None
    _serve(bot, server, socket, stop)


def open_database(url: str) -> Database:
    """The database, reachable and at the newest migration. Raises SettingsError otherwise."""
    database = Database(url)
    try:
        current = is_current(database.engine)
    except SQLAlchemyError:
        raise SettingsError(
            "DATABASE_URL cannot be reached: is the database running, and the address right?"
        ) from None
    if not current:
        raise SettingsError("The database is not at the newest migration: run `cadence migrate`.")
    return database


def _installation(token: str, api_url: str) -> Tokens:
    try:
        return find_installation(token, api_url)
    except SlackApiError as error:
        raise SettingsError(f"Slack refuses SLACK_BOT_TOKEN: {error.response['error']}.") from None
    except (OSError, SlackClientError):
        raise SettingsError(
            f"Slack cannot be reached at {api_url}: is there a way to the internet?"
        ) from None


def readiness(
    database: Database, socket: Socket | None, stop: threading.Event
) -> Callable[[], str | None]:
    """Why this process should get no traffic now, or None: the answer of GET /readyz."""

    def why_not() -> str | None:
        if stop.is_set():
            return "stopping"
        if socket is not None and not socket.is_connected():
            return "not connected to Slack"
        try:
            with database.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
            return None if is_current(database.engine) else "migrations are waiting"
        except SQLAlchemyError:
            return "the database cannot be reached"

    return why_not


def _serve(
    bot: Bot, server: HttpServer | None, socket: Socket | None, stop: threading.Event
) -> None:
    bot.scheduler.start()
    if server:
        server.start()
    if socket:
        socket.start()
    log.info("running: %s", "Socket Mode" if socket else f"HTTP on port {server and server.port}")
    stop.wait()
    log.info("stopping: running requests finish first")
    for part in (socket, server, bot.scheduler):
        if part:
            part.stop()
    bot.database.dispose()


def until_signal() -> threading.Event:
    """An event that SIGTERM and SIGINT set, so that stopping is orderly."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    return stop


def log_to_stderr(level: str) -> None:
    """One line per event, without bodies. Libraries are heard from warnings up."""
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # whoever makes a call reports its failure, in our words
    logging.getLogger("slack_sdk.web").setLevel(logging.CRITICAL)
    for name in ("bot", "handlers", "crm", "models"):
        logging.getLogger(name).setLevel(level)
