"""The one composition root: database, clock and tokens in, a whole bot out."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackClientError

from bot.calendars.watching import News, Watcher
from bot.channels import Channels
from bot.delivery import Post
from bot.faults import described
from bot.importing import Importer
from bot.routing import RoutedApp
from bot.scheduler import Scheduler
from bot.tokens import Tokens, slack_client
from handlers import MESSAGES, Context, register
from handlers.home.publishing import publish_home
from models.base import Database
from models.people import put_workspace


@dataclass(frozen=True)
class Bot:
    """A bot for the workspaces of its tokens. Whoever built it starts and stops its parts."""

    bolt: App
    post: Post
    importer: Importer
    watcher: Watcher | None
    scheduler: Scheduler
    database: Database


def build(
    database: Database,
    tokens: Tokens,
    now: Callable[[], datetime],
    *,
    calendars: bool = True,
) -> Bot:
    """Wires the parts. `now` is business time; `calendars`: whether people's are looked at. Writes
    the installation's workspace row.
    """
    with database.everywhere() as session:
        put_workspace(
            session,
            tokens.workspace_id,
            name=tokens.workspace_name,
            bot_user_id=tokens.bot_user_id,
            now=now(),
        )
    post = Post(database, MESSAGES, now, tokens.client_for, channels=Channels())
    importer = Importer(database, now, tokens.client_for)
    context = Context(database, now, tokens.client_for, calendars=calendars)
    watcher = Watcher(database, now, news=_at_home(context)) if calendars else None
    return Bot(
        bolt=listen(database, tokens, now, calendars=calendars),
        post=post,
        importer=importer,
        watcher=watcher,
        scheduler=Scheduler(database, now, post, importer=importer, watcher=watcher),
        database=database,
    )


def _at_home(context: Context) -> News:
    """Draws somebody's Home anew; where Slack does not let it, it is drawn when it is opened."""

    def news(workspace_id: str, slack_id: str) -> None:
        try:
            publish_home(context, workspace_id, slack_id)
        except (SlackClientError, OSError, LookupError) as fault:
            logging.getLogger(__name__).warning("Home was not drawn: %s", described(fault))

    return news


def listen(
    database: Database,
    tokens: Tokens,
    now: Callable[[], datetime],
    *,
    calendars: bool = True,
) -> App:
    """The Bolt app with every listener. Requests are verified before they reach it (bot/requests).

    `process_before_response`: a listener has written to SQL before Slack hears that it is done.
    """

    def authorize(team_id: str | None) -> AuthorizeResult | None:
        return tokens.authorize(team_id)

    bolt = RoutedApp(
        name="cadence",
        logger=_bolt_log(),
        client=slack_client(None, tokens.api_url),
        authorize=authorize,  # None: not installed, as Bolt documents
        process_before_response=True,
        request_verification_enabled=False,
    )
    register(bolt, Context(database, now, tokens.client_for, calendars=calendars))
    return bolt


def _bolt_log() -> logging.Logger:
    """Bolt's logger: warnings and worse, since its debugging lines carry whole requests."""
    log = logging.getLogger("slack_bolt")
    log.setLevel(logging.WARNING)
    return log
