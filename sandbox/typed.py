"""What people type, as Slack stores it."""

import re

from sandbox.blocks import escaped_mrkdwn
from sandbox.workspace import Workspace

_MENTION = re.compile(r"(?<![\w<])@([\w-]+(?:\.[\w-]+)*)")
_CHANNEL = re.compile(r"(?<![\w<&])#([\w-]+)")
_URL = re.compile(r"(?<![<|\w])https?://[^\s<>|]+")
_TYPED_CALL = re.compile(r"<(![^<>]*)>")  # only who types @channel calls everybody
_EVERYBODY = ("here", "channel", "everyone")


def as_stored(workspace: Workspace, text: str, *, names: bool = False) -> str:
    """Text with its mentions, channels and links in Slack's form, and the rest escaped.

    `@max` becomes `<@U0MAX>` (with `names`, as in commands, `<@U0MAX|max>`), `#west`
    `<#C0WEST|west>`, an address `<https://…>`; what is already in this form stays.
    docs.slack.dev, "Formatting message text", "Enabling interactivity with slash commands".
    """
    people = {person.name: person.id for person in workspace.people.values()}
    channels = {c.name: c.id for c in workspace.channels.values() if c.kind != "im"}

    def mention(found: re.Match[str]) -> str:
        name = found[1]
        if name in _EVERYBODY:
            return f"<!{name}>"
        if name not in people:
            return found[0]
        return f"<@{people[name]}|{name}>" if names else f"<@{people[name]}>"

    def channel(found: re.Match[str]) -> str:
        name = found[1]
        return f"<#{channels[name]}|{name}>" if name in channels else found[0]

    text = _TYPED_CALL.sub(r"&lt;\1&gt;", escaped_mrkdwn(text))
    text = _URL.sub(lambda found: f"<{found[0]}>", text)
    return _CHANNEL.sub(channel, _MENTION.sub(mention, text))
