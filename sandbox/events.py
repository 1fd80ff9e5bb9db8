"""What happens in the workspace, as the Events API tells it to the apps that subscribed.

An app is told of a channel that its bot is in, if its manifest subscribes to the event and its
token has the scope. An event that is not acknowledged in time is told again, up to three times
(docs.slack.dev, "The Events API"). Payload keys: slackapi/java-slack-sdk, `json-logs`.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Any

from sandbox import changes
from sandbox.app import App
from sandbox.channel import Channel
from sandbox.delivery import Delivery, Envelope, Unanswered
from sandbox.faults import Faults
from sandbox.files import File
from sandbox.scopes import EMAIL, missing_for_event
from sandbox.team import STATUS
from sandbox.workspace import Workspace


@dataclass(frozen=True)
class Event:
    """An event: its name in a manifest, its body, and the channel one must be in to be told."""

    name: str
    body: dict[str, Any]
    channel: Channel | None = None


SUBSCRIPTION = {"channel": "message.channels", "private": "message.groups", "im": "message.im"}
LAST_WORDS = ("tokens_revoked", "app_uninstalled")
"""What an app is told even though it was removed."""
ARCHIVING = {
    ("channel", True): "channel_archive",
    ("channel", False): "channel_unarchive",
    ("private", True): "group_archive",
    ("private", False): "group_unarchive",
}

CHANGED = {
    "user_profile_changed": frozenset(
        {"real_name", "display_name", "title", "phone", "email", "tz"}
    ),
    "user_status_changed": frozenset(STATUS),
}
"""What is told along with user_change, the same but for its type, and after which changes."""


class Events:
    """Tells apps what happens."""

    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery,
        faults: Faults,
        redelivery: tuple[float, ...],
        changed: Callable[[], None],
    ) -> None:
        """`redelivery` is after how many real seconds each repetition follows.

        `changed` is called when an event was acknowledged or given up.
        """
        self._workspace = workspace
        self._delivery = delivery
        self._faults = faults
        self._redelivery = redelivery
        self._changed = changed
        self.running: set[asyncio.Task[None]] = set()
        workspace.listen(self._tell)

    async def close(self) -> None:
        """Gives up what is not yet delivered."""
        tasks = [*self.running]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _tell(self, change: changes.Change) -> None:
        for app in self._workspace.apps:
            for event in self._events(change, app):
                if self._is_for(app, event):
                    task = asyncio.ensure_future(self._deliver(app, event.body))
                    self.running.add(task)
                    task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self.running.discard(task)
        self._changed()

    def _is_for(self, app: App, event: Event) -> bool:
        if event.name not in app.declared.events or missing_for_event(event.name, app.scopes):
            return False
        if app.revoked and event.name not in LAST_WORDS:
            return False
        left = event.name == "member_left_channel" and event.body["user"] == app.bot_user_id
        return event.channel is None or app.bot_user_id in event.channel.members or left

    async def _deliver(self, app: App, event: dict[str, Any]) -> None:
        """Delivers until it is acknowledged or the repetitions are used up."""
        payload = self._callback(app, event)
        reason = ""
        for attempt, delay in enumerate((0.0, *self._redelivery)):
            if attempt:
                await asyncio.sleep(delay)
            try:
                await self._delivery.send(app, Envelope("events_api", payload, attempt, reason))
            except Unanswered as lost:
                if lost.no_retry or app.revoked:
                    return
                reason = lost.reason
                continue
            if self._faults.take(event["type"], {"duplicate"}) is None:
                return
            reason = "http_timeout" if app.request_url else "timeout"

    def _callback(self, app: App, event: dict[str, Any]) -> dict[str, Any]:
        team_id = self._workspace.team.id
        return {
            "token": app.verification_token,
            "team_id": team_id,
            "context_team_id": team_id,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": self._workspace.new_id("Ev"),
            "event_time": int(self._workspace.clock.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team_id,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{self._workspace.new_id('E')}",
        }

    @singledispatchmethod
    def _events(self, _change: object, _app: App) -> Iterator[Event]:
        """The events that a change makes for an app; one that concerns screens only makes none."""
        yield from ()

    @_events.register
    def _posted(self, change: changes.Posted, app: App) -> Iterator[Event]:
        channel, message = change.channel, change.message
        shown = channel.shown(message, self._workspace.team, self._workspace.url)
        if message.metadata:
            shown["metadata"] = {"event_type": message.metadata["event_type"]}
        if message.broadcast and message.is_reply:
            shown["subtype"] = "thread_broadcast"
        if message.files:
            shown["subtype"] = "file_share"
        shown |= {"channel": channel.id, "event_ts": message.ts}
        yield Event(SUBSCRIPTION[channel.kind], {**shown, "channel_type": channel.type}, channel)
        mentioned = f"<@{app.bot_user_id}>" in message.text and message.app is not app
        if mentioned and channel.kind != "im" and message.subtype is None:
            yield Event("app_mention", {**shown, "type": "app_mention"}, channel)
        for file in message.files:
            body = self._about_file("file_shared", file)
            body |= {"user_id": message.user, "channel_id": channel.id}
            yield Event("file_shared", self._stamped(body), channel)

    @_events.register
    def _edited(self, change: changes.Edited, _app: App) -> Iterator[Event]:
        message = change.channel.shown(change.message, self._workspace.team, self._workspace.url)
        facts = {"message": message, "previous_message": change.previous}
        yield self._hidden(change.channel, "message_changed", facts)

    @_events.register
    def _deleted(self, change: changes.Deleted, _app: App) -> Iterator[Event]:
        facts = {"deleted_ts": change.previous["ts"], "previous_message": change.previous}
        yield self._hidden(change.channel, "message_deleted", facts)

    @_events.register
    def _file_deleted(self, change: changes.FileDeleted, app: App) -> Iterator[Event]:
        for channel in change.channels:
            if app.bot_user_id in channel.members:
                body = self._about_file("file_deleted", change.file)
                del body["file"]
                body["channel_ids"] = [channel.id for channel in change.channels]
                yield Event("file_deleted", self._stamped(body))
                return

    @_events.register
    def _joined(self, change: changes.Joined, _app: App) -> Iterator[Event]:
        invited = {"inviter": change.inviter} if change.inviter else {}
        yield self._membership("member_joined_channel", change.channel, change.user, invited)

    @_events.register
    def _left(self, change: changes.Left, _app: App) -> Iterator[Event]:
        yield self._membership("member_left_channel", change.channel, change.user, {})

    @_events.register
    def _archived(self, change: changes.Archived, _app: App) -> Iterator[Event]:
        channel = change.channel
        name = ARCHIVING[channel.kind, channel.archived]
        body = {"type": name, "channel": channel.id, "user": change.by, "is_moved": 0}
        yield Event(name, self._stamped(body), channel if channel.kind == "private" else None)

    @_events.register
    def _channel_created(self, change: changes.ChannelCreated, _app: App) -> Iterator[Event]:
        channel = change.channel
        if channel.kind == "channel":
            told = channel.as_slack(self._workspace.team, channel.creator)
            yield Event(
                "channel_created", self._stamped({"type": "channel_created", "channel": told})
            )

    @_events.register
    def _person_changed(self, change: changes.PersonChanged, app: App) -> Iterator[Event]:
        workspace = self._workspace
        now = workspace.clock.now()
        user = change.person.as_slack(
            workspace.team, workspace.url, at=now, email=EMAIL in app.scopes
        )
        more = [name for name, fields in CHANGED.items() if change.fields & fields]
        for name in ["team_join"] if change.joined else ["user_change", *more]:
            body = {"type": name, "user": user, "cache_ts": int(now.timestamp())}
            yield Event(name, self._stamped(body))

    @_events.register
    def _home_opened(self, change: changes.HomeOpened, app: App) -> Iterator[Event]:
        if change.app is not app:
            return
        body: dict[str, Any] = {
            "type": "app_home_opened",
            "user": change.user,
            "channel": change.channel.id,
            "tab": change.tab,
        }
        home = self._workspace.views.home(app, change.user)
        if home and change.tab == "home":
            body["view"] = home.as_slack(self._workspace.team.id, state=True)
        yield Event("app_home_opened", self._stamped(body))

    @_events.register
    def _app_changed(self, change: changes.AppChanged, app: App) -> Iterator[Event]:
        if change.revoked and change.app is app:
            tokens = {"oauth": [], "bot": [app.bot_user_id]}
            yield Event(
                "tokens_revoked", self._stamped({"type": "tokens_revoked", "tokens": tokens})
            )
            yield Event("app_uninstalled", self._stamped({"type": "app_uninstalled"}))

    def _membership(self, name: str, channel: Channel, user: str, more: dict[str, Any]) -> Event:
        body = {
            "type": name,
            "user": user,
            "channel": channel.id,
            "channel_type": {"channel": "C", "private": "G", "im": "D"}[channel.kind],
            "team": self._workspace.team.id,
            **more,
        }
        return Event(name, self._stamped(body), channel)

    def _hidden(self, channel: Channel, subtype: str, facts: dict[str, Any]) -> Event:
        body = {
            "type": "message",
            "subtype": subtype,
            "channel": channel.id,
            "hidden": True,
            **facts,
            "ts": self._workspace.stamp(),
            "channel_type": channel.type,
        }
        return Event(SUBSCRIPTION[channel.kind], {**body, "event_ts": body["ts"]}, channel)

    def _about_file(self, name: str, file: File) -> dict[str, Any]:
        return {"type": name, "file_id": file.id, "file": {"id": file.id}}

    def _stamped(self, body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "event_ts": self._workspace.stamp()}
