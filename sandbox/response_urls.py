"""Response URLs: what lets an app answer an interaction where it happened.

Each works five times within thirty minutes of real time, without a token, and also where the app
is not a member (docs.slack.dev, "Handling user interaction").
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.app import App
from sandbox.blocks import error_name, messages, validate_message
from sandbox.channel import Channel, Message
from sandbox.refused import Refused
from sandbox.workspace import Workspace

USES = 5
SECONDS = 30 * 60.0


@dataclass
class ResponseUrl:
    """Where answers go: to whom, where, and which message they may replace."""

    app: App
    user: str
    channel: Channel
    message: Message | None
    issued: float
    used: int = 0


class ResponseUrls:
    """The response URLs that were given out."""

    def __init__(self, workspace: Workspace, real: Callable[[], float]) -> None:
        """`real` is real time in seconds."""
        self._workspace = workspace
        self._real = real
        self._issued: dict[str, ResponseUrl] = {}

    def issue(
        self,
        kind: Literal["commands", "actions"],
        app: App,
        user: str,
        channel: Channel,
        message: Message | None = None,
    ) -> str:
        """A new response URL for something that `user` did."""
        now = self._real()
        for old in [path for path, url in self._issued.items() if now - url.issued > 2 * SECONDS]:
            del self._issued[old]
        path = f"{kind}/{self._workspace.team.id}/{secrets.token_urlsafe(18)}"
        self._issued[path] = ResponseUrl(app, user, channel, message, now)
        return self._workspace.url + path

    def forget(self) -> None:
        """All response URLs so far lead nowhere."""
        self._issued.clear()

    def app(self, path: str) -> App | None:
        """Whose response URL this is, if anybody's."""
        known = self._issued.get(path)
        return known.app if known else None

    def use(self, path: str, body: dict[str, Any]) -> None:
        """Answers through a response URL.

        Raises Refused: invalid_url, expired_url, used_url, and what `respond` refuses.
        """
        url = self._issued.get(path)
        if url is None:
            raise Refused("invalid_url")
        if self._real() - url.issued > SECONDS:
            raise Refused("expired_url")
        if url.used >= USES:
            raise Refused("used_url")
        respond(self._workspace, url, body)
        url.used += 1


def respond(workspace: Workspace, url: ResponseUrl, body: dict[str, Any]) -> None:
    """Carries out an answer to an interaction: a message, or a change of the one acted on.

    `response_type` is `ephemeral` unless it is `in_channel`; `replace_original` and
    `delete_original` concern the message that was acted on. Raises Refused: no_text,
    invalid_blocks, message_not_found.
    """
    if body.get("delete_original"):
        workspace.delete(url.channel, _original(url))
        return
    content = _content(body)
    if body.get("replace_original") and url.message:
        workspace.edit(url.channel, _original(url), **content)
    elif body.get("response_type") == "in_channel":
        workspace.post(
            url.channel,
            url.app.bot_user_id,
            app=url.app,
            thread_ts=body.get("thread_ts"),
            **content,
        )
    else:
        workspace.whisper(
            url.channel, url.user, url.app, thread_ts=body.get("thread_ts"), **content
        )


def _original(url: ResponseUrl) -> Message:
    message = url.message
    if message is None:
        raise Refused("message_not_found")
    found = url.channel.whisper(message.ts) if message.to else url.channel.find(message.ts)
    if found is None:
        raise Refused("message_not_found")
    return found


def _content(body: dict[str, Any]) -> dict[str, Any]:
    text, blocks, attachments = body.get("text"), body.get("blocks"), body.get("attachments")
    problems = validate_message(text=text, blocks=blocks, attachments=attachments)
    if problems:
        raise Refused(error_name(problems), *messages(problems))
    return {"text": text or "", "blocks": blocks, "attachments": attachments}
