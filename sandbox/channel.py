"""A conversation and its messages, as Slack describes them."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal

from sandbox.app import App
from sandbox.files import File
from sandbox.team import Team

Kind = Literal["channel", "private", "im"]
NEVER = "0000000000.000000"
TOMBSTONE = "This message was deleted."
QUIET = ("channel_join", "channel_leave", "tombstone")
"""Messages that are news to nobody: Slack's `unread_count_display` leaves joins and leaves out."""
EVERYBODY = ("<!channel>", "<!here>", "<!everyone>")

_ts = attrgetter("ts")


@dataclass
class Message:
    """One message; `ts` is its id within the channel and the business time it was sent.

    `to` makes it ephemeral: only that person sees it, and it is not in the history.
    """

    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: dict[str, Any] | None = None
    app: App | None = None
    subtype: str | None = None
    edited: dict[str, str] | None = None
    client_msg_id: str | None = None
    shown_as: dict[str, Any] = field(default_factory=dict)
    to: str | None = None
    files: list[File] = field(default_factory=list)

    @property
    def is_reply(self) -> bool:
        """Whether it is part of a thread that another message started."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    def mentions(self, user: str) -> bool:
        """Whether it names this person, or everybody."""
        return any(mark in self.text for mark in (f"<@{user}>", *EVERYBODY))


@dataclass
class Channel:
    """A public or private channel, or a direct message between two (`members` both).

    Messages are kept in the order of their `ts`, which only ever grows.
    """

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    kind: Kind = "channel"
    archived: bool = False
    topic: str = ""
    purpose: str = ""
    creator: str = ""
    created: int = 0
    messages: list[Message] = field(default_factory=list, repr=False)
    replies: dict[str, list[Message]] = field(default_factory=dict, repr=False)
    whispers: list[Message] = field(default_factory=list, repr=False)
    last_read: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def type(self) -> str:
        """`channel_type` in events."""
        return {"channel": "channel", "private": "group", "im": "im"}[self.kind]

    def other(self, user: str) -> str | None:
        """The other one in a direct message (oneself, alone)."""
        if self.kind != "im":
            return None
        return next((member for member in self.members if member != user), user)

    def find(self, ts: str) -> Message | None:
        """The message of that `ts`, ephemeral ones left out."""
        at = bisect_left(self.messages, ts, key=_ts)
        found = at < len(self.messages) and self.messages[at].ts == ts
        return self.messages[at] if found else None

    def whisper(self, ts: str) -> Message | None:
        """The ephemeral message of that `ts`."""
        return next((message for message in self.whispers if message.ts == ts), None)

    def add(self, message: Message) -> None:
        """Appends a message, to its thread as well."""
        self.messages.append(message)
        if message.thread_ts and message.is_reply:
            self.replies.setdefault(message.thread_ts, []).append(message)

    def remove(self, message: Message) -> None:
        """Takes a message out. What started a thread leaves a tombstone, as in Slack."""
        if self.replies.get(message.ts):
            message.subtype, message.text, message.user = "tombstone", TOMBSTONE, "USLACKBOT"
            message.blocks = message.attachments = message.metadata = message.app = None
            message.files = []
            return
        self.messages.remove(message)
        if message.thread_ts and message.is_reply:
            self.replies[message.thread_ts].remove(message)

    def top_level(self, since: str = NEVER) -> list[Message]:
        """What the channel itself shows (after `since`): replies only if also sent to it."""
        later = self.messages[bisect_right(self.messages, since, key=_ts) :]
        return [m for m in later if not m.is_reply or m.broadcast]

    def unread(self, user: str) -> list[Message]:
        """The messages of others that this person has not seen; a change makes none new."""
        since = self.last_read.get(user, NEVER)
        return [m for m in self.top_level(since) if m.user != user and m.subtype not in QUIET]

    def shown(
        self, message: Message, team: Team, url: str, *, metadata: bool = False
    ) -> dict[str, Any]:
        """The message object. `metadata` only where it was asked for."""
        body: dict[str, Any] = {"type": "message"}
        if message.subtype:
            body["subtype"] = message.subtype
        body |= {"user": message.user, "text": message.text, "ts": message.ts, "team": team.id}
        if message.client_msg_id:
            body["client_msg_id"] = message.client_msg_id
        if message.app:
            body["bot_id"] = message.app.bot_id
            body["app_id"] = message.app.id
            body["bot_profile"] = message.app.profile(team.id, url)
        for key in ("blocks", "attachments", "edited"):
            if getattr(message, key):
                body[key] = getattr(message, key)
        if message.files:
            body["files"] = [file.as_slack(team, url) for file in message.files]
            body |= {"upload": False, "display_as_bot": False}
        if metadata and message.metadata:
            body["metadata"] = message.metadata
        return body | message.shown_as | self._thread(message, team, url)

    def as_slack(self, team: Team, user: str, *, member_count: bool = False) -> dict[str, Any]:
        """The conversation object, as `user` sees it."""
        if self.kind == "im":
            return self._as_im(team, user)
        channel: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "private",
            "is_im": False,
            "is_mpim": False,
            "is_private": self.kind == "private",
            "created": self.created,
            "is_archived": self.archived,
            "is_general": self.name == "general",
            "unlinked": 0,
            "name_normalized": self.name,
            "is_shared": False,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "pending_shared": [],
            "context_team_id": team.id,
            "updated": self.created * 1000,
            "parent_conversation": None,
            "creator": self.creator,
            "is_ext_shared": False,
            "shared_team_ids": [team.id],
            "pending_connected_team_ids": [],
            "is_member": user in self.members,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": self.purpose, "creator": "", "last_set": 0},
            "previous_names": [],
        }
        if user in self.members:
            channel["last_read"] = self.last_read.get(user, NEVER)
        if member_count:
            channel["num_members"] = len(self.members)
        return channel

    def _as_im(self, team: Team, user: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "created": self.created,
            "is_archived": self.archived,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": team.id,
            "updated": self.created * 1000,
            "user": self.other(user),
            "last_read": self.last_read.get(user, NEVER),
            "is_open": True,
            "priority": 0,
        }

    def _thread(self, message: Message, team: Team, url: str) -> dict[str, Any]:
        replies = self.replies.get(message.ts)
        if replies:
            authors = [*dict.fromkeys(reply.user for reply in replies)]
            return {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users_count": len(authors),
                "latest_reply": replies[-1].ts,
                "reply_users": authors[:5],
                "is_locked": False,
                "subscribed": any(user in self.members for user in authors),
            }
        if not message.is_reply or not message.thread_ts:
            return {}
        parent = self.find(message.thread_ts)
        thread: dict[str, Any] = {"thread_ts": message.thread_ts}
        if parent:
            thread["parent_user_id"] = parent.user
            if message.broadcast:
                thread["root"] = self.shown(parent, team, url)
        return thread
