"""Which scopes each Web API method and event needs, and what Slack names as missing.

Source: the "Scopes" of each method's and event's page on docs.slack.dev. `missing_scope` answers
with `needed` (the scopes that would do, comma-separated) and `provided`.
"""

from collections.abc import Collection, Iterable

ORDER = ("channels", "groups", "mpim", "im")
"""The families of channel scopes, in the order in which Slack names them."""

FAMILY = {
    "channel": "channels",
    "public_channel": "channels",
    "private": "groups",
    "private_channel": "groups",
    "group": "groups",
    "mpim": "mpim",
    "im": "im",
}
"""A kind of channel (docs/sandbox.md, or the `types` of conversations.list) and its family."""

READ = {family: f"{family}:read" for family in ORDER}
HISTORY = {family: f"{family}:history" for family in ORDER}
OPEN = {"channels": "channels:manage", "groups": "groups:write"} | {
    family: f"{family}:write" for family in ("mpim", "im")
}

BY_CHANNEL: dict[str, dict[str, str]] = {
    "conversations.history": HISTORY,
    "conversations.info": READ,
    "conversations.list": READ,
    "conversations.members": READ,
    "conversations.open": OPEN,
    "conversations.replies": HISTORY,
    "users.conversations": READ,
}
"""Methods whose scope depends on the kind of channel."""

ALWAYS: dict[str, str] = {
    "apps.connections.open": "connections:write",
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.deleteScheduledMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.scheduleMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.join": "channels:join",
    "dnd.info": "dnd:read",
    "dnd.teamInfo": "dnd:read",
    "emoji.list": "emoji:read",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "files.list": "files:read",
    "pins.add": "pins:write",
    "reactions.add": "reactions:write",
    "reactions.get": "reactions:read",
    "reactions.remove": "reactions:write",
    "team.info": "team:read",
    "usergroups.list": "usergroups:read",
    "users.getPresence": "users:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
    "users.profile.get": "users.profile:read",
}
"""Methods with one scope. Those in neither table need none (auth.test, views.*, ...)."""

EVENTS: dict[str, tuple[str, ...]] = {
    "app_mention": ("app_mentions:read",),
    "channel_archive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "file_deleted": ("files:read",),
    "file_shared": ("files:read",),
    "group_archive": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
    "user_profile_changed": ("users:read",),
    "user_status_changed": ("users:read",),
}
"""Events and the scopes of which one is needed. Others (app_home_opened, ...) need none."""

COMMANDS = "commands"
"""Slash commands and shortcuts."""
EMAIL = "users:read.email"
"""Without it, profiles come without the e-mail address."""
PUBLIC_POSTING = "chat:write.public"
"""With it, messages go to public channels that the app is not in."""


def missing(method: str, granted: Collection[str], *, channel_kinds: Iterable[str]) -> str | None:
    """What a token lacks for a call: Slack's `needed`, or None if it may.

    `channel_kinds` are the kinds of channel that the call is about. With several, as in
    conversations.list, each one's scope is needed; with none (the channel is not known), any
    one of the family will do.
    """
    if method in BY_CHANNEL:
        return _missing_by_channel(BY_CHANNEL[method], granted, channel_kinds)
    needed = ALWAYS.get(method)
    return None if needed is None or needed in granted else needed


def missing_for_event(event: str, granted: Collection[str]) -> str | None:
    """What a token lacks to be told of an event (manifest name, such as `message.channels`)."""
    needed = EVENTS.get(event, ())
    if not needed or any(scope in granted for scope in needed):
        return None
    return ",".join(needed)


def _missing_by_channel(
    family: dict[str, str], granted: Collection[str], channel_kinds: Iterable[str]
) -> str | None:
    about = {FAMILY[kind] for kind in channel_kinds if kind in FAMILY}
    if not about and any(scope in granted for scope in family.values()):
        return None
    needed = [
        family[name]
        for name in ORDER
        if (not about or name in about) and family[name] not in granted
    ]
    return ",".join(needed) or None
