"""What an app is told of what somebody did: commands, block actions, views, shortcuts.

Payload keys: docs.slack.dev/reference/interaction-payloads and slackapi/java-slack-sdk,
`json-logs`.
"""

from typing import Any

from sandbox import given_files
from sandbox.app import App
from sandbox.channel import Channel, Message
from sandbox.views import View
from sandbox.workspace import Workspace

CHANNEL_NAMES = {"private": "privategroup", "im": "directmessage"}
"""What Slack calls channels whose name it does not tell."""


def channel_of(channel: Channel) -> dict[str, Any]:
    """The `channel` of an interaction."""
    return {"id": channel.id, "name": CHANNEL_NAMES.get(channel.kind, channel.name)}


def command(
    workspace: Workspace,
    app: App,
    user: str,
    channel: Channel,
    *,
    command: str,
    text: str,
    trigger_id: str,
    response_url: str,
) -> dict[str, Any]:
    """A slash command; all values are strings, as in the form that HTTP sends."""
    return {
        "token": app.verification_token,
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": CHANNEL_NAMES.get(channel.kind, channel.name),
        "user_id": user,
        "user_name": workspace.people[user].name,
        "command": command,
        "text": text,
        "api_app_id": app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def interaction(workspace: Workspace, app: App, user: str, type: str) -> dict[str, Any]:
    """What all interactions have."""
    person = workspace.people[user]
    return {
        "type": type,
        "team": {"id": workspace.team.id, "domain": workspace.team.domain},
        "user": {
            "id": user,
            "username": person.name,
            "name": person.name,
            "team_id": workspace.team.id,
        },
        "api_app_id": app.id,
        "token": app.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def shortcut(
    workspace: Workspace, app: App, user: str, *, callback_id: str, trigger_id: str, action_ts: str
) -> dict[str, Any]:
    """A global shortcut: it knows neither a channel nor a response_url, and not the app's id."""
    told = interaction(workspace, app, user, "shortcut")
    del told["api_app_id"], told["user"]["name"]
    return {**told, "callback_id": callback_id, "trigger_id": trigger_id, "action_ts": action_ts}


def message_action(
    workspace: Workspace,
    channel: Channel,
    message: Message,
    response_url: str,
    used: dict[str, Any],
) -> dict[str, Any]:
    """A shortcut on a message: what a global one (`used`) has, and the whole message."""
    user = used["user"]
    return {
        **used,
        "type": "message_action",
        "user": {**user, "name": user["username"]},
        "channel": channel_of(channel),
        "message": channel.shown(message, workspace.team, workspace.url, metadata=True),
        "message_ts": message.ts,
        "response_url": response_url,
    }


def from_message(
    workspace: Workspace, channel: Channel, message: Message, response_url: str
) -> dict[str, Any]:
    """What an interaction with a message has besides."""
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.to is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return {
        "container": container,
        "channel": channel_of(channel),
        "message": channel.shown(message, workspace.team, workspace.url, metadata=True),
        "response_url": response_url,
    }


def suggestion(
    workspace: Workspace, app: App, user: str, place: View | tuple[Channel, Message]
) -> dict[str, Any]:
    """The question for options while somebody types; it has no response_url and no trigger."""
    told = interaction(workspace, app, user, "block_suggestion")
    if isinstance(place, View):
        return {**told, **from_view(workspace, place)}
    where = from_message(workspace, *place, response_url="")
    del where["response_url"]
    return {**told, **where}


def from_view(workspace: Workspace, view: View) -> dict[str, Any]:
    """What an interaction with a modal or Home has besides."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": given_files.shown(workspace, view),
    }
