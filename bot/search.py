"""Finds out which posts arrived, by the key in their metadata (slack.md, "Messages")."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.answers import Refused, ask
from models.delivery_claims import Question

EVENT_TYPE = "cadence_delivery"
PAGE = 200  # messages per call; Slack takes up to 999, and recommends 200


def metadata(key: str) -> dict[str, Any]:
    """What a message carries so that it can be found: nothing but an opaque key, since any app
    and person of the workspace can read it.
    """
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def search(
    client: WebClient, channel: str, asked: Collection[Question], margin: timedelta
) -> dict[str, str]:
    """The ts, by key, of those posts that are in the channel, or in the thread they belong to.

    Reaches back to the oldest question, less `margin`. Raises a NotDone; a refusal (no history
    scope, not in the channel) as `unresolved_…`, since the question stays open.
    """
    found: dict[str, str] = {}
    for thread_ts in {question.thread_ts: None for question in asked}:
        group = [question for question in asked if question.thread_ts == thread_ts]
        missing = {question.key for question in group}
        since = min(question.since for question in group) - margin
        for message in _messages(client, channel, thread_ts, since):
            key = _key(message)
            if key in missing:
                found[key] = message["ts"]
                missing.remove(key)
            if not missing:
                break
    return found


def search_all(
    client: WebClient, channel: str, asked: Question, margin: timedelta
) -> Iterator[str]:
    """The ts of every post with the question's key, should there be several. Raises as `search`."""
    for message in _messages(client, channel, asked.thread_ts, asked.since - margin):
        if _key(message) == asked.key:
            yield message["ts"]


def _key(message: dict[str, Any]) -> str | None:
    data = message.get("metadata") or {}
    if data.get("event_type") != EVENT_TYPE:
        return None
    key = data.get("event_payload", {}).get("key")
    return key if isinstance(key, str) else None


def _messages(
    client: WebClient, channel: str, thread_ts: str | None, since: datetime
) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        page = _page(client, channel, thread_ts, f"{since.timestamp():.6f}", cursor)
        if page is None:
            return
        yield from page["messages"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return


def _page(
    client: WebClient, channel: str, thread_ts: str | None, oldest: str, cursor: str | None
) -> SlackResponse | None:
    """One page of the channel's, or the thread's, messages; None: that thread is gone."""
    page = {"channel": channel, "oldest": oldest, "limit": PAGE, "cursor": cursor}
    if thread_ts is None:
        method, query = "conversations.history", page
    else:
        method, query = "conversations.replies", page | {"ts": thread_ts}
    wanted = {name: value for name, value in query.items() if value is not None}
    try:
        return ask(lambda: client.api_call(method, params=wanted | {"include_all_metadata": True}))
    except Refused as refusal:
        if refusal.reason == "thread_not_found":
            return None
        raise Refused(f"unresolved_{refusal.reason}") from None
