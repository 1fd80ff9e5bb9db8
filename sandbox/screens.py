"""What a person's screen shows of the workspace, as JSON for the page (docs/sandbox.md)."""

from collections import Counter
from typing import Any

from sandbox import values
from sandbox.channel import Channel, Message
from sandbox.clock import Clock, Mark
from sandbox.service import Service
from sandbox.team import Team
from sandbox.views import View
from sandbox.workspace import Workspace


def message(workspace: Workspace, channel: Channel, message: Message) -> dict[str, Any]:
    """A message object, with `is_ephemeral` and `app_id` where they are so."""
    shown = channel.shown(message, workspace.team, workspace.url)
    return shown | {"is_ephemeral": True} if message.to else shown


def messages(
    workspace: Workspace, channel: Channel, user: str, thread_ts: str | None
) -> list[dict[str, Any]]:
    """A channel's top level, or a thread with what started it; oldest first."""
    if thread_ts is None:
        seen = channel.top_level()
    else:
        parent = channel.find(thread_ts)
        seen = [*([parent] if parent else []), *channel.replies.get(thread_ts, [])]
    whispers = [m for m in channel.whispers if m.to == user and m.thread_ts == thread_ts]
    in_order = sorted([*seen, *whispers], key=lambda m: m.ts)
    return [message(workspace, channel, m) for m in in_order]


def channel(channel: Channel, user: str) -> dict[str, Any]:
    """A channel in a person's list."""
    unread = channel.unread(user)
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": channel.members,
        "person": channel.other(user),
        "topic": channel.topic,
        "purpose": channel.purpose,
        "unread": len(unread),
        "mentions": sum(message.mentions(user) for message in unread),
        "last_read": channel.last_read.get(user),
        "archived": channel.archived,
        "is_member": user in channel.members,
    }


def channels(workspace: Workspace, user: str) -> list[dict[str, Any]]:
    """All channels that a person is in."""
    return [channel(each, user) for each in workspace.channels_of(user)]


def unread(workspace: Workspace) -> dict[str, int]:
    """How many direct messages each person has not seen; who has seen all is left out."""
    count: Counter[str] = Counter()
    for each in workspace.channels.values():
        if each.kind == "im":
            count.update({user: len(each.unread(user)) for user in each.members})
    return dict(+count)


def people(workspace: Workspace) -> list[dict[str, Any]]:
    """Everybody, bots too, Slackbot not."""
    now = workspace.clock.now()
    return [p.as_page(now) for p in workspace.people.values() if p.id != "USLACKBOT"]


def apps(service: Service) -> list[dict[str, Any]]:
    """The installed apps."""
    installed = [app for app in service.workspace.apps if not app.revoked]
    return [app.as_page(service.delivery.reachable(app)) for app in installed]


def modals(workspace: Workspace, user: str) -> list[dict[str, Any]]:
    """A person's stack of modals, topmost last."""
    return [view.as_page(workspace.team.id) for view in workspace.views.stack(user)]


def home(workspace: Workspace, view: View | None) -> dict[str, Any] | None:
    """An app's Home with what its fields hold, None if it published none for this person."""
    if view is None:
        return None
    held = values.defaults(view.content["blocks"]) | view.entered
    return view.as_slack(workspace.team.id, state=False) | {"values": held}


def clock(clock: Clock, marks: list[Mark]) -> dict[str, Any]:
    """Business time, whether it goes on by itself, and the marks still to come, soonest first."""
    now = clock.now()
    coming = sorted((mark for mark in marks if mark.at > now), key=lambda mark: mark.at)
    return {
        "now": now.isoformat(),
        "ticking": clock.ticking,
        "marks": [{"name": mark.name, "at": mark.at.isoformat()} for mark in coming],
    }


def _team(team: Team) -> dict[str, Any]:
    return {"id": team.id, "name": team.name, "domain": team.domain}


def state(service: Service, user: str, marks: list[Mark]) -> dict[str, Any]:
    """All that a screen needs at first."""
    workspace = service.workspace
    return {
        "team": _team(workspace.team),
        "teams": [_team(each.workspace.team) for each in service.slack.services],
        "me": workspace.people[user].as_page(workspace.clock.now()),
        "people": people(workspace),
        "channels": channels(workspace, user),
        "unread": unread(workspace),
        "apps": apps(service),
        "modals": modals(workspace, user),
        "homes": {
            app.id: home(workspace, workspace.views.home(app, user)) for app in workspace.apps
        },
        "clock": clock(workspace.clock, marks),
    }
