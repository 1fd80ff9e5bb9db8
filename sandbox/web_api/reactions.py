"""reactions.add, remove, get, list; pins.add, remove, list."""

import re
from typing import Any

from sandbox.channel import Channel, Message
from sandbox.refused import Refused
from sandbox.web_api.call import Call, Result, page_by_id

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")
MOST = 23
"""Distinct emoji on a message; one person's are limited to as many."""


def react(call: Call) -> Result:
    """Adds the bot's reaction to a message.

    Refuses: no_item_specified, message_not_found, invalid_name, already_reacted, too_many_emoji,
    is_archived, not_in_channel.
    """
    channel, message = _item(call)
    check_reaction(channel, message, call.app.bot_user_id, _name(call))
    call.workspace.react(channel, message, call.app.bot_user_id, _name(call))
    return {}


def check_reaction(channel: Channel, message: Message, user: str, name: str) -> None:
    """Whether somebody may react. Refuses: invalid_name, already_reacted, too_many_emoji, ..."""
    if not NAME.fullmatch(name):
        raise Refused("invalid_name")
    if channel.archived:
        raise Refused("is_archived")
    if user in message.reactions.get(name, ()):
        raise Refused("already_reacted")
    if name not in message.reactions and len(message.reactions) >= MOST:
        raise Refused("too_many_emoji")


def unreact(call: Call) -> Result:
    """Takes the bot's reaction back. Refuses: no_reaction, and what reactions.add refuses."""
    channel, message = _item(call)
    if call.app.bot_user_id not in message.reactions.get(_name(call), ()):
        raise Refused("no_reaction")
    call.workspace.react(channel, message, call.app.bot_user_id, _name(call), remove=True)
    return {}


def reactions_get(call: Call) -> Result:
    """A message with its reactions. Refuses: no_item_specified, message_not_found."""
    channel, message = _item(call)
    return {"type": "message", "channel": channel.id, "message": _shown(call, channel, message)}


def reactions_list(call: Call) -> Result:
    """What somebody (the bot, if nobody is named) has reacted to, newest first, by pages."""
    user = call.arguments.text("user") or call.app.bot_user_id
    if user not in call.workspace.people:
        raise Refused("user_not_found")
    found = {
        f"{channel.id}/{message.ts}": (channel, message)
        for channel in call.workspace.channels_of(call.app.bot_user_id)
        for message in channel.messages
        if any(user in users for users in message.reactions.values())
    }
    keys = sorted(found, key=lambda key: found[key][1].ts, reverse=True)
    limit = call.arguments.limit(default=100, most=1000)
    page, next_cursor = page_by_id("item", keys, call.arguments.text("cursor"), limit)
    return {
        "items": [
            {"type": "message", "channel": c.id, "message": _shown(call, c, m)}
            for c, m in (found[key] for key in page)
        ],
        "response_metadata": {"next_cursor": next_cursor},
    }


def pin(call: Call) -> Result:
    """Pins a message. Refuses: message_not_found, already_pinned, not_in_channel."""
    channel, message = _item(call)
    if message.pinned:
        raise Refused("already_pinned")
    call.workspace.pin(channel, message, call.app.bot_user_id)
    return {}


def unpin(call: Call) -> Result:
    """Takes a pin away. Refuses: no_pin, and what pins.add refuses."""
    channel, message = _item(call)
    if not message.pinned:
        raise Refused("no_pin")
    call.workspace.pin(channel, message, call.app.bot_user_id, remove=True)
    return {}


def pins_list(call: Call) -> Result:
    """What is pinned in a channel, the newest pin first."""
    channel = call.channel_inside()
    pinned = [message for message in channel.messages if message.pinned]
    return {
        "items": [
            {
                "type": "message",
                "channel": channel.id,
                "created": message.pinned["created"],
                "created_by": message.pinned["by"],
                "message": _shown(call, channel, message),
            }
            for message in sorted(pinned, key=lambda m: m.pinned["created"], reverse=True)
        ]
    }


def _item(call: Call) -> tuple[Channel, Message]:
    ts = call.arguments.text("timestamp")
    if not ts or not call.arguments.text("channel"):
        raise Refused("no_item_specified")
    if not re.fullmatch(r"\d+\.\d+", ts):
        raise Refused("bad_timestamp")
    channel = call.channel_inside()
    message = channel.find(ts)
    if message is None or message.subtype == "tombstone":
        raise Refused("message_not_found")
    return channel, message


def _name(call: Call) -> str:
    name = call.arguments.text("name")
    if not name:
        raise Refused("invalid_name")
    return name


def _shown(call: Call, channel: Channel, message: Message) -> dict[str, Any]:
    shown = channel.shown(message, call.workspace.team, call.workspace.url)
    return shown | {"permalink": call.workspace.permalink(channel, message)}


METHODS = {
    "reactions.add": react,
    "reactions.remove": unreact,
    "reactions.get": reactions_get,
    "reactions.list": reactions_list,
    "pins.add": pin,
    "pins.remove": unpin,
    "pins.list": pins_list,
}
