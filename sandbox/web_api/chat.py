"""chat.postMessage, update, delete, postEphemeral, getPermalink."""

from typing import Any

from sandbox.blocks import error_name, messages, validate_message
from sandbox.channel import Channel, Message
from sandbox.refused import Refused
from sandbox.scopes import PUBLIC_POSTING
from sandbox.web_api.call import Call, Result
from sandbox.web_api.conversations import direct_message

LONGEST_TEXT = 40_000
"""Above it, chat.postMessage cuts the text (warning message_truncated)."""
LONGEST_UPDATE = 4_000
"""Above it, chat.update refuses (msg_too_long)."""
CUSTOMIZE = "chat:write.customize"


def chat_post_message(call: Call) -> Result:
    """Sends a message to a channel (id or name) or, by the person's id, to their DM.

    Refuses: channel_not_found, not_in_channel, is_archived, no_text, invalid_blocks,
    thread_not_found, cannot_reply_to_message, cannot_dm_bot, user_disabled, messages_tab_disabled,
    invalid_metadata_format, invalid_metadata_schema.
    """
    content = content_of(call)
    channel = to_post_in(call, call.arguments.required("channel"), by_name=True)
    thread_ts = thread_of(call, channel)
    truncated = len(content["text"]) > LONGEST_TEXT
    content["text"] = content["text"][:LONGEST_TEXT]
    message = call.workspace.post(
        channel,
        call.app.bot_user_id,
        app=call.app,
        thread_ts=thread_ts,
        broadcast=bool(thread_ts) and call.arguments.flag("reply_broadcast"),
        metadata=_metadata(call),
        shown_as=_shown_as(call),
        **content,
    )
    shown = channel.shown(message, call.workspace.team, call.workspace.url, metadata=True)
    answer: Result = {"channel": channel.id, "ts": message.ts, "message": shown}
    if truncated:
        answer |= {
            "warning": "message_truncated",
            "response_metadata": {"warnings": ["message_truncated"]},
        }
    return answer


def chat_post_ephemeral(call: Call) -> Result:
    """Shows a person in a channel a message that nobody else sees.

    Refuses: user_not_in_channel, msg_too_long, and what chat.postMessage refuses.
    """
    content = content_of(call)
    user = call.arguments.required("user")
    channel = to_post_in(call, call.arguments.required("channel"), by_name=True)
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    if len(content["text"]) > LONGEST_TEXT:
        raise Refused("msg_too_long")
    thread_ts = thread_of(call, channel)
    message = call.workspace.whisper(
        channel, user, call.app, thread_ts=thread_ts, shown_as=_shown_as(call), **content
    )
    return {"message_ts": message.ts}


def chat_update(call: Call) -> Result:
    """Replaces what the bot said. Blocks, attachments and metadata that are not given stay.

    Refuses: message_not_found, cant_update_message, msg_too_long, is_inactive, no_text,
    invalid_blocks.
    """
    channel, message = _own_message(call, "cant_update_message")
    if channel.archived:
        raise Refused("is_inactive")
    content = content_of(call, before=message)
    if len(content["text"]) > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    metadata = _metadata(call, before=message.metadata)
    call.workspace.edit(channel, message, editor=call.app.bot_user_id, metadata=metadata, **content)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": channel.shown(message, call.workspace.team, call.workspace.url, metadata=True),
    }


def chat_delete(call: Call) -> Result:
    """Deletes what the bot said. Refuses: message_not_found, cant_delete_message."""
    channel, message = _own_message(call, "cant_delete_message")
    call.workspace.delete(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def chat_get_permalink(call: Call) -> Result:
    """Where a message can be linked to. Refuses: channel_not_found, message_not_found."""
    channel = call.channel()
    message = channel.find(call.arguments.required("message_ts"))
    if message is None:
        raise Refused("message_not_found")
    return {"channel": channel.id, "permalink": call.workspace.permalink(channel, message)}


def to_post_in(call: Call, wanted: str, *, by_name: bool = False) -> Channel:
    """Where the bot may post: a channel, or by a person's id their DM."""
    if wanted in call.workspace.people:
        channel = direct_message(call, wanted)
    else:
        channel = call.find_channel(wanted, by_name=by_name)
    if call.app.bot_user_id not in channel.members and PUBLIC_POSTING not in call.granted:
        raise Refused("not_in_channel")
    if channel.archived:
        raise Refused("is_archived")
    if channel.kind == "im":
        _check_person(call, channel)
    return channel


def _check_person(call: Call, channel: Channel) -> None:
    other = call.workspace.people[channel.other(call.app.bot_user_id) or ""]
    if other.deleted:
        raise Refused("user_disabled")
    if not call.app.messages_tab:
        raise Refused("messages_tab_disabled")


def thread_of(call: Call, channel: Channel) -> str | None:
    """The thread that is answered in. Refuses: thread_not_found, cannot_reply_to_message."""
    thread_ts = call.arguments.text("thread_ts")
    if not thread_ts:
        return None
    parent = channel.find(thread_ts)
    if parent is None:
        raise Refused("thread_not_found")
    if parent.is_reply:
        raise Refused("cannot_reply_to_message")
    return thread_ts


def _own_message(call: Call, refusal: str) -> tuple[Channel, Message]:
    channel = call.channel()
    message = channel.find(call.arguments.required("ts"))
    if message is None or message.subtype == "tombstone":
        raise Refused("message_not_found")
    if message.app is not call.app:
        raise Refused(refusal)
    return channel, message


def content_of(call: Call, before: Message | None = None) -> dict[str, Any]:
    """Text, blocks and attachments; an update keeps the parts that it does not give."""
    text = call.arguments.text("text")
    content: dict[str, Any] = {"text": text or ""}
    for name, refusal in (
        ("blocks", "invalid_blocks_format"),
        ("attachments", "invalid_arguments"),
    ):
        given = call.arguments.structure(name, refusal)
        kept = getattr(before, name) if before and given is None else None
        content[name] = kept if kept is not None else given
    problems = validate_message(
        text=text,
        blocks=content["blocks"],
        attachments=content["attachments"],
        newest=call.service.terms.newest_blocks,
    )
    if problems:
        raise Refused(error_name(problems), *messages(problems))
    return content


def _metadata(call: Call, before: dict[str, Any] | None = None) -> dict[str, Any] | None:
    metadata = call.arguments.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return before
    if not isinstance(metadata, dict):
        raise Refused("invalid_metadata_format")
    if not metadata:
        return None
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not event_type or not isinstance(payload, dict):
        raise Refused("invalid_metadata_schema")
    return {"event_type": event_type, "event_payload": payload}


def _shown_as(call: Call) -> dict[str, Any]:
    """Another name and icon, with the scope for it; without, Slack ignores the wish."""
    if CUSTOMIZE not in call.granted:
        return {}
    shown: dict[str, Any] = {}
    username = call.arguments.text("username")
    if username:
        shown["username"] = username
    emoji, url = call.arguments.text("icon_emoji"), call.arguments.text("icon_url")
    if emoji:
        shown["icons"] = {"emoji": emoji}
    elif url:
        shown["icons"] = {"image_64": url}
    return shown


METHODS = {
    "chat.postMessage": chat_post_message,
    "chat.postEphemeral": chat_post_ephemeral,
    "chat.update": chat_update,
    "chat.delete": chat_delete,
    "chat.getPermalink": chat_get_permalink,
}
