"""How reviews stand, to one person: `/pipeline-review status`, and buttons that ask the same."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.incoming import Incoming
from handlers.lines import Line, rich_text, text
from handlers.message import Rendered
from handlers.pipeline_review import personal
from models.access import teams_for
from models.people import Person
from models.screens import Posted, ReviewStatus, review_status

_MOST_TEAMS = 4
_NO_TEAM: Line = ("You are in no team yet. An admin adds you to one.",)


def statuses(session: Session, actor: Person, now: datetime) -> tuple[ReviewStatus, ...]:
    """How the reviews of this person's teams stand."""
    found = teams_for(session, actor)[:_MOST_TEAMS]
    return tuple(review_status(session, actor, one, now) for one in found)


def said(context: Context, incoming: Incoming, found: Sequence[ReviewStatus]) -> Rendered:
    """The statuses in words, each with a link to its review."""
    if not found:
        return Rendered(text(_NO_TEAM), [rich_text(_NO_TEAM)])
    each = [personal.status(one, _link(context, incoming, one.parent)) for one in found]
    blocks = [block for one in each for block in one.blocks]
    for number, block in enumerate(blocks):
        block["block_id"] = f"status.{number}"
    return Rendered("\n".join(one.text for one in each), blocks)


def _link(context: Context, incoming: Incoming, posted: Posted | None) -> str | None:
    """The address of a message; None while it is not there, or not for us to see."""
    if posted is None:
        return None
    client = context.client_for(incoming.workspace_id)
    try:
        found = client.chat_getPermalink(channel=posted.channel_id, message_ts=posted.ts)
    except SlackApiError:
        return None
    return str(found["permalink"])
