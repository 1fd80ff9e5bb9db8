"""Before a message goes to a channel: is it still one where a team's review may take place?

Slack is asked at most every few minutes and channel, outside any transaction; what it said is kept
where all replicas see it, and what happens in the channel ends it (models/channels.py).
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from bot.answers import ask
from bot.clock import Now, real_now

PAGE = 200
AT_ONCE = 8
GUESTS_HOLD = timedelta(minutes=10)
"""For so long, in real time, it is remembered that somebody is no guest: Slack lets nobody ask for
more than some hundred people a minute."""
_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")


@dataclass(frozen=True)
class ChannelSaid:
    """What Slack says about a channel."""

    is_shared: bool
    is_public: bool
    has_guests: bool


@dataclass
class Channels:
    """Asks Slack about channels."""

    real: Now = real_now
    _members: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def look(self, client: WebClient, workspace_id: str, channel_id: str) -> ChannelSaid:
        """Raises NotDone, as every call of the post does."""
        channel = ask(lambda: client.conversations_info(channel=channel_id))["channel"]
        return self.said_of(client, workspace_id, channel)

    def said_of(self, client: WebClient, workspace_id: str, channel: dict[str, Any]) -> ChannelSaid:
        """As `look`, of a channel that conversations.info has just described."""
        is_shared = bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"))
        return ChannelSaid(
            is_shared=is_shared,
            is_public=not channel.get("is_private"),
            has_guests=not is_shared and self._has_guests(client, workspace_id, channel["id"]),
        )

    def _has_guests(self, client: WebClient, workspace_id: str, channel_id: str) -> bool:
        fresh = self.real() - GUESTS_HOLD
        unknown = [
            user
            for user in _users(client, channel_id)
            if self._members.get((workspace_id, user), datetime.min.replace(tzinfo=fresh.tzinfo))
            < fresh
        ]

        def is_guest(user: str) -> bool:
            said = ask(lambda: client.users_info(user=user))["user"]
            if any(said.get(word) for word in _GUEST):
                return True
            self._members[workspace_id, user] = self.real()
            return False

        with ThreadPoolExecutor(AT_ONCE) as threads:
            return any(list(threads.map(is_guest, unknown)))


def _users(client: WebClient, channel_id: str) -> Iterator[str]:
    cursor = ""
    while True:
        page: Any = ask(
            lambda: client.conversations_members(
                channel=channel_id,
                limit=PAGE,
                cursor=cursor,  # noqa: B023 - asked at once
            )
        )
        yield from page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
