"""conversations.info, list, members, open, history, replies."""

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.channel import Channel, Message
from sandbox.refused import Refused
from sandbox.web_api.call import Call, Result, cursor_for, cursor_key, page_by_id

TYPES = {"public_channel": "channel", "private_channel": "private", "im": "im", "mpim": "mpim"}
FOREVER = "9999999999.999999"


def conversations_info(call: Call) -> Result:
    """One conversation. Refuses: channel_not_found."""
    channel = call.channel()
    count = call.arguments.flag("include_num_members")
    return {"channel": channel_shown(call, channel, member_count=count)}


def conversations_list(call: Call) -> Result:
    """Public channels, and of other types those the bot is in.

    Refuses: invalid_types, invalid_cursor, invalid_limit.
    """
    return listed(call, call.workspace.channels.values, most=1000, member_count=True)


def listed(
    call: Call,
    channels: Callable[[], Iterable[Channel]],
    *,
    most: int,
    member_count: bool = False,
) -> Result:
    """Of these channels, a page of those of the types asked for: of private ones those that the
    bot is in. Refuses: invalid_types, invalid_cursor, invalid_limit, and what `channels` refuses.
    """
    types = (call.arguments.text("types") or "public_channel").replace(" ", "").split(",")
    if not set(types) <= set(TYPES):
        raise Refused("invalid_types")
    call.need_scopes(*types)
    kinds = {TYPES[type] for type in types}
    hidden = call.arguments.flag("exclude_archived")
    ids = [
        channel.id
        for channel in channels()
        if channel.kind in kinds
        and (channel.kind == "channel" or call.app.bot_user_id in channel.members)
        and not (hidden and channel.archived)
    ]
    limit = call.arguments.limit(default=100, most=most)
    page, next_cursor = page_by_id("team", ids, call.arguments.text("cursor"), limit)
    return {
        "channels": [
            channel_shown(call, call.workspace.channels[id], member_count=member_count)
            for id in page
        ],
        "response_metadata": {"next_cursor": next_cursor},
    }


def conversations_members(call: Call) -> Result:
    """Who is in a conversation. Refuses: channel_not_found, invalid_cursor, invalid_limit."""
    channel = call.channel()
    limit = call.arguments.limit(default=100, most=1000)
    cursor = call.arguments.text("cursor")
    page, next_cursor = page_by_id("user", channel.members, cursor, limit)
    return {"members": page, "response_metadata": {"next_cursor": next_cursor}}


def conversations_open(call: Call) -> Result:
    """Opens a direct message with one person; those with several are not offered here.

    Refuses: users_list_not_supplied, user_not_found, user_disabled, cannot_dm_bot,
    channel_not_found, method_not_supported_for_channel_type.
    """
    if call.arguments.text("channel"):
        channel = call.channel()
        if channel.kind != "im":
            raise Refused("method_not_supported_for_channel_type")
        return _opened(call, channel, already_open=True)
    users = [u.strip() for u in (call.arguments.text("users") or "").split(",") if u.strip()]
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > 1:
        raise Refused("method_not_supported_for_channel_type")
    call.need_scopes("im")
    known = {*call.workspace.channels}
    channel = direct_message(call, users[0])
    return _opened(call, channel, already_open=channel.id in known)


def direct_message(call: Call, user: str) -> Channel:
    """The bot's direct message with a person.

    Refuses: user_not_found, user_disabled, cannot_dm_bot.
    """
    person = call.workspace.people.get(user)
    if person is None:
        raise Refused("user_not_found")
    if person.is_bot or person.id == "USLACKBOT":
        raise Refused("cannot_dm_bot")
    if person.deleted:
        raise Refused("user_disabled")
    return call.workspace.im(call.app.bot_user_id, user)


def conversations_history(call: Call) -> Result:
    """What the channel itself shows, newest first.

    Refuses: channel_not_found, not_in_channel, invalid_ts_oldest, invalid_ts_latest,
    invalid_cursor, invalid_limit.
    """
    channel = call.channel_inside()
    found = [*filter(_between(call), channel.top_level())]
    before = cursor_key("next_ts", call.arguments.text("cursor"))
    if before:
        found = [m for m in found if m.ts <= before]
    limit = call.arguments.limit(default=100, most=999)
    page = found[::-1][:limit]
    rest = found[: len(found) - len(page)]
    answer: Result = {
        "messages": [_message(call, channel, m) for m in page],
        "has_more": bool(rest),
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    for name in ("oldest", "latest"):
        if call.arguments.text(name):
            answer[name] = call.arguments.text(name)
    if rest:
        answer["response_metadata"] = {"next_cursor": cursor_for("next_ts", rest[-1].ts)}
    return answer


def conversations_replies(call: Call) -> Result:
    """A thread, oldest first; each page begins with the message that started it.

    Refuses: thread_not_found, and what conversations.history refuses.
    """
    channel = call.channel_inside()
    message = channel.find(call.arguments.required("ts"))
    if message is None:
        raise Refused("thread_not_found")
    replies = [*filter(_between(call), channel.replies.get(message.ts, []))]
    since = cursor_key("next_ts", call.arguments.text("cursor"))
    if since:
        replies = [m for m in replies if m.ts >= since]
    limit = call.arguments.limit(default=1000, most=1000)
    page, rest = replies[:limit], replies[limit:]
    answer: Result = {
        "messages": [_message(call, channel, m) for m in (message, *page)],
        "has_more": bool(rest),
    }
    if rest:
        answer["response_metadata"] = {"next_cursor": cursor_for("next_ts", rest[0].ts)}
    return answer


def _between(call: Call) -> Callable[[Message], bool]:
    """Whether a message lies between `oldest` and `latest`, with them if `inclusive`."""
    oldest = _moment(call, "oldest", "0")
    latest = _moment(call, "latest", FOREVER)
    if call.arguments.flag("inclusive"):
        return lambda message: oldest <= _key(message.ts) <= latest
    return lambda message: oldest < _key(message.ts) < latest


def _moment(call: Call, name: str, default: str) -> tuple[int, int]:
    try:
        return _key(call.arguments.text(name) or default)
    except ValueError as error:
        raise Refused(f"invalid_ts_{name}") from error


def _key(ts: str) -> tuple[int, int]:
    """A `ts` as seconds and microseconds; both parts may be short ("0", "1700000000.5")."""
    seconds, _, micros = ts.partition(".")
    return int(seconds), int(micros.ljust(6, "0")[:6] or "0")


def _message(call: Call, channel: Channel, message: Message) -> dict[str, Any]:
    return channel.shown(
        message,
        call.workspace.team,
        call.workspace.url,
        metadata=call.arguments.flag("include_all_metadata"),
    )


def channel_shown(call: Call, channel: Channel, *, member_count: bool = False) -> dict[str, Any]:
    """The conversation object, as the bot sees it."""
    return channel.as_slack(call.workspace.team, call.app.bot_user_id, member_count=member_count)


def _opened(call: Call, channel: Channel, *, already_open: bool) -> Result:
    full = call.arguments.flag("return_im")
    answer: Result = {"channel": channel_shown(call, channel) if full else {"id": channel.id}}
    return {"no_op": True, "already_open": True, **answer} if already_open else answer


METHODS = {
    "conversations.info": conversations_info,
    "conversations.list": conversations_list,
    "conversations.members": conversations_members,
    "conversations.open": conversations_open,
    "conversations.history": conversations_history,
    "conversations.replies": conversations_replies,
}
