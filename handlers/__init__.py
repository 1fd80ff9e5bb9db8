"""Everything Slack-shaped: which message says what, and who listens to what.

`MESSAGES` is for the post, `register` for the Bolt app; how either runs is not known here.
"""

from typing import Any

from slack_bolt import App

from handlers import notices
from handlers.cadence import listeners as cadence_listeners
from handlers.context import Context
from handlers.errors import error_handler
from handlers.home import listeners as home_listeners
from handlers.message import Message, Rendered
from handlers.pipeline_review import closing, messages, personal
from handlers.pipeline_review import listeners as review_listeners
from models import screens
from models.delivery import Kind

MESSAGES: dict[Kind, Message[Any]] = {
    Kind.REVIEW_PARENT: Message(screens.review_parent, messages.parent),
    Kind.REVIEW_CARD: Message(screens.deal_card, messages.card),
    Kind.REVIEW_ANSWERS: Message(screens.answers_reply, messages.answers),
    Kind.REVIEW_OWNER: Message(screens.owner_dm, personal.owner),
    Kind.REVIEW_DECIDING: Message(screens.deciding_dm, personal.deciding),
    Kind.REVIEW_CLOSING: Message(screens.closing_card, closing.closing),
    Kind.SCHEDULE_SKIPPED: Message(screens.skipped_notice, notices.skipped),
    Kind.ADMIN_PARKED: Message(screens.admin_parked, notices.parked),
}


def register(app: App, context: Context) -> None:
    """Tells the Bolt app who listens to what. It must be made with `process_before_response`."""
    review_listeners.register(app, context)
    cadence_listeners.register(app, context)
    home_listeners.register(app, context)
    app.error(error_handler(context))


__all__ = ["MESSAGES", "Context", "Message", "Rendered", "register"]
