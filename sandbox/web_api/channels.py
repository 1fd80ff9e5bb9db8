"""conversations.create, join, leave, invite, kick, archive, rename, setTopic, setPurpose, mark;
users.conversations.
"""

import re
from typing import Any

from sandbox.channel import Channel
from sandbox.refused import Refused
from sandbox.web_api.call import Call, Result
from sandbox.web_api.conversations import channel_shown, listed

LONGEST_NAME = 80
LONGEST_TOPIC = 250


def create(call: Call) -> Result:
    """Makes a channel with the bot in it.

    Refuses: invalid_name_required, invalid_name_maxlength, invalid_name_specials, name_taken.
    """
    private = call.arguments.flag("is_private")
    call.need_scopes("private" if private else "channel")
    kind: Any = "private" if private else "channel"
    name = _name(call)
    workspace, bot = call.workspace, call.app.bot_user_id
    channel = Channel(workspace.new_id("C"), name, [bot], kind=kind, creator=bot)
    workspace.create_channel(channel)
    return {"channel": channel_shown(call, channel)}


def rename(call: Call) -> Result:
    """Gives a channel another name. Refuses: not_authorized in DMs, and what create refuses."""
    channel = _managed(call)
    call.workspace.rename(channel, _name(call), by=call.app.bot_user_id)
    return {"channel": channel_shown(call, channel)}


def join(call: Call) -> Result:
    """The bot joins a public channel.

    Refuses: method_not_supported_for_channel_type, is_archived. Warns: already_in_channel.
    """
    channel = call.channel()
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refused("is_archived")
    if call.app.bot_user_id in channel.members:
        return {
            "channel": channel_shown(call, channel),
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    call.workspace.join(channel, call.app.bot_user_id)
    return {"channel": channel_shown(call, channel)}


def leave(call: Call) -> Result:
    """The bot leaves. Refuses: cant_leave_general, method_not_supported_for_channel_type."""
    channel = call.channel()
    if channel.kind == "im":
        raise Refused("method_not_supported_for_channel_type")
    if channel.name == "general":
        raise Refused("cant_leave_general")
    if call.app.bot_user_id not in channel.members:
        return {"not_in_channel": True}
    call.workspace.leave(channel, call.app.bot_user_id)
    return {}


def invite(call: Call) -> Result:
    """Adds people to a channel, all of them or none.

    Refuses: no_user, user_not_found, cant_invite_self, already_in_channel, is_archived,
    not_in_channel.
    """
    channel = _managed(call)
    if channel.archived:
        raise Refused("is_archived")
    users = [u.strip() for u in (call.arguments.text("users") or "").split(",") if u.strip()]
    if not users:
        raise Refused("no_user")
    wrong = {user: error for user in users if (error := _cannot_invite(call, channel, user))}
    if wrong:
        errors = [{"user": user, "ok": False, "error": error} for user, error in wrong.items()]
        raise Refused(next(iter(wrong.values())), errors=errors)
    for user in users:
        call.workspace.join(channel, user, inviter=call.app.bot_user_id)
    return {"channel": channel_shown(call, channel)}


def kick(call: Call) -> Result:
    """Takes somebody out. Refuses: user_not_found, cant_kick_self, cant_kick_from_general, ..."""
    channel = _managed(call)
    user = call.arguments.required("user")
    if user == call.app.bot_user_id:
        raise Refused("cant_kick_self")
    if user not in call.workspace.people:
        raise Refused("user_not_found")
    if channel.name == "general":
        raise Refused("cant_kick_from_general")
    if user not in channel.members:
        raise Refused("not_in_channel")
    call.workspace.leave(channel, user)
    return {}


def archive(call: Call) -> Result:
    """Archives a channel. Refuses: already_archived, cant_archive_general."""
    channel = _managed(call)
    if channel.archived:
        raise Refused("already_archived")
    if channel.name == "general":
        raise Refused("cant_archive_general")
    call.workspace.archive(channel, call.app.bot_user_id)
    return {}


def set_topic(call: Call) -> Result:
    """Sets what a channel is about right now. Refuses: too_long."""
    return _set(call, "topic")


def set_purpose(call: Call) -> Result:
    """Sets what a channel is for. Refuses: too_long."""
    return _set(call, "purpose")


def mark(call: Call) -> Result:
    """Says up to where the bot has read. Refuses: invalid_timestamp."""
    channel = call.channel_inside()
    ts = call.arguments.required("ts")
    if not re.fullmatch(r"\d+(\.\d+)?", ts):
        raise Refused("invalid_timestamp")
    channel.last_read[call.app.bot_user_id] = ts
    return {}


def users_conversations(call: Call) -> Result:
    """The conversations that somebody (the bot, if nobody is named) is in.

    Of private ones those that the bot is in too. Refuses: user_not_found, invalid_types.
    """

    def theirs() -> list[Channel]:
        user = call.arguments.text("user") or call.app.bot_user_id
        if user not in call.workspace.people:
            raise Refused("user_not_found")
        return call.workspace.channels_of(user)

    return listed(call, theirs, most=999)


def _set(call: Call, what: str) -> Result:
    channel = _managed(call)
    text = call.arguments.text(what) or ""
    if len(text) > LONGEST_TOPIC:
        raise Refused("too_long")
    call.workspace.describe(channel, call.app.bot_user_id, what, text)
    return {"channel": channel_shown(call, channel)}


def _managed(call: Call) -> Channel:
    """A channel that the bot is in and may change."""
    channel = call.channel()
    if channel.kind == "im":
        raise Refused("method_not_supported_for_channel_type")
    if call.app.bot_user_id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _name(call: Call) -> str:
    name = call.arguments.text("name")
    if not name:
        raise Refused("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise Refused("invalid_name_maxlength")
    if not all(each.isalnum() or each in "-_" for each in name) or name != name.lower():
        raise Refused("invalid_name_specials")
    if any(channel.name == name for channel in call.workspace.channels.values()):
        raise Refused("name_taken")
    return name


def _cannot_invite(call: Call, channel: Channel, user: str) -> str | None:
    person = call.workspace.people.get(user)
    if person is None or person.deleted:
        return "user_not_found"
    if user == call.app.bot_user_id:
        return "cant_invite_self"
    return "already_in_channel" if user in channel.members else None


METHODS = {
    "conversations.create": create,
    "conversations.rename": rename,
    "conversations.join": join,
    "conversations.leave": leave,
    "conversations.invite": invite,
    "conversations.kick": kick,
    "conversations.archive": archive,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
    "conversations.mark": mark,
    "users.conversations": users_conversations,
}
