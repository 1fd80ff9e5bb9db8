"""A message that coaching is logged from: its words as plain text, and its address.

Slack's mrkdwn is undone, so that nothing in the quote mentions, links or notifies anybody again
(docs.slack.dev, "Formatting message text").
"""

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from handlers import words
from handlers.coaching.refusals import NotQuotable, NotSeen
from handlers.context import Context
from handlers.incoming import Incoming
from models.coaching import Quote
from models.people import person_by_slack_id

_MOST = 800  # characters; it travels in a modal's metadata of 3,000
_UNSEEN = frozenset({"channel_not_found", "not_in_channel", "message_not_found", "missing_scope"})
_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def author_of(message: Mapping[str, Any]) -> str:
    """The Slack id of who wrote it. Raises `NotQuotable` for a bot's, or one without words."""
    if message.get("bot_id") or not message.get("user") or not message.get("text", "").strip():
        raise NotQuotable
    return str(message["user"])


def name_of(session: Session, slack_id: str) -> str | None:
    """The name behind a Slack id; None for one that is not set up here."""
    found = person_by_slack_id(session, slack_id)
    return None if found is None else found.name


def words_of(text: str, name_of: Callable[[str], str | None], most: int = _MOST) -> str:
    """What a message says, on one line, cut to what can be carried along.

    `name_of` gives the name behind a Slack id, None for one that it does not know.
    """

    def plain(found: re.Match[str]) -> str:
        sign, what, label = found.groups()
        if sign == "@":
            return f"@{label or name_of(what) or 'somebody'}"
        if sign == "#":
            return f"#{label or 'channel'}"
        return label or (f"@{what}" if sign else what)

    return words.said(html.unescape(_MARKUP.sub(plain, text)), most)


def quote(context: Context, incoming: Incoming, message_ts: str, said: str) -> Quote:
    """The quote with the message's address. Raises `NotSeen` where the bot cannot have it."""
    client = context.client_for(incoming.workspace_id)
    try:
        found = client.chat_getPermalink(channel=incoming.channel_id or "", message_ts=message_ts)
    except SlackApiError as error:
        if error.response.get("error") in _UNSEEN:
            raise NotSeen from error
        raise
    return Quote(said, str(found["permalink"]))
