"""The workspace: its people, channels, messages and views, and what can be done with them.

The operations trust their caller: who may do what is asked before (web_api, person_endpoints).
Each tells what happened to whoever listens, in order, before it returns.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sandbox import changes
from sandbox.app import App
from sandbox.blocks import escaped_mrkdwn, stored, with_ids
from sandbox.channel import Channel, Message
from sandbox.clock import Clock
from sandbox.files import File, Files, Share
from sandbox.ids import Ids
from sandbox.team import STATUS, Person, Team
from sandbox.views import View, Views, new_block_id

SLACKBOT = Person("USLACKBOT", "slackbot", real_name="Slackbot")
CANNOT_BE_SHOWN = "This content can't be displayed."
"""What Slack puts as text on a message that has blocks and no text."""


class Workspace:
    """A team's workspace and all that is in it. Used from one thread."""

    def __init__(
        self,
        team: Team,
        people: Iterable[Person],
        channels: Iterable[Channel] = (),
        apps: Iterable[App] = (),
        clock: Clock | None = None,
    ) -> None:
        """What is given is not changed; bots get their user's account by themselves."""
        self.team = team
        self.clock = clock or Clock()
        self.url = f"https://{team.domain}.slack.com/"
        self.apps = [*apps]
        self.people = {person.id: replace(person) for person in (SLACKBOT, *people)}
        self.channels = {c.id: replace(c, members=[*c.members]) for c in channels}
        self.ids = Ids()
        self.views = Views(self.ids, lambda: int(self.clock.now().timestamp()))
        self.files = Files(self.ids)
        self.last_stamp = 0
        self._listeners: list[Callable[[changes.Change], None]] = []
        for app in self.apps:
            self._add_bot(app)
        for channel in self.channels.values():
            channel.created = channel.created or int(self.clock.now().timestamp())

    def listen(self, listener: Callable[[changes.Change], None]) -> None:
        """Calls `listener` with everything that happens from now on."""
        self._listeners.append(listener)

    def forget_listeners(self) -> None:
        """Nobody listens any more: the server has ended, another may serve the workspace."""
        self._listeners.clear()

    def become(self, other: "Workspace") -> None:
        """Holds from now on what another workspace held, one of the same team and clock.

        The apps that are installed stay as they are reached, so that they stay connected. The
        other one is not to be used any more.
        """
        for app in other.apps:
            installed = self.app(app.id)
            if installed:
                app.reach_as(installed)
        self.team, self.apps, self.people = other.team, other.apps, other.people
        self.channels, self.views, self.files = other.channels, other.views, other.files
        self.ids, self.last_stamp = other.ids, other.last_stamp
        self.tell(changes.Replaced())

    def tell(self, change: changes.Change) -> None:
        """Tells everybody who listens."""
        for listener in self._listeners:
            listener(change)

    def stamp(self) -> str:
        """A `ts`: business time in seconds and microseconds, unique and growing."""
        now = int(self.clock.now().timestamp() * 1_000_000)
        self.last_stamp = max(now, self.last_stamp + 1)
        seconds, micros = divmod(self.last_stamp, 1_000_000)
        return f"{seconds}.{micros:06d}"

    def new_id(self, letter: str) -> str:
        """A new id of the kind that begins with `letter`."""
        return self.ids.new(letter)

    def app(self, app_id: str) -> App | None:
        """The app of that id."""
        return next((app for app in self.apps if app.id == app_id), None)

    def app_of_bot(self, user: str) -> App | None:
        """The app whose bot this user is."""
        return next((app for app in self.apps if app.bot_user_id == user), None)

    def first_person(self) -> str | None:
        """Who is looking when nobody said: the first one given who can look at all."""
        lookers = (p.id for p in self.people.values() if not (p.is_bot or p.deleted))
        return next((user for user in lookers if user != SLACKBOT.id), None)

    def channels_of(self, user: str) -> list[Channel]:
        """The conversations that somebody is in."""
        return [channel for channel in self.channels.values() if user in channel.members]

    # Messages

    def post(
        self,
        channel: Channel,
        user: str,
        text: str,
        *,
        blocks: list[dict[str, Any]] | None = None,
        app: App | None = None,
        **more: Any,
    ) -> Message:
        """Sends a message; `more` are further fields of Message. Its author has read so far."""
        message = Message(
            ts=self.stamp(),
            user=user,
            text=_text(text, blocks),
            blocks=_blocks(blocks),
            app=app,
            **more,
        )
        channel.add(message)
        for file in message.files:
            file.shares.append(
                Share(channel.id, channel.name, channel.kind, message.ts, message.thread_ts, user)
            )
        if not message.is_reply:
            channel.last_read[user] = message.ts
        self.tell(changes.Posted(channel, message))
        return message

    def edit(
        self, channel: Channel, message: Message, editor: str | None = None, **fields: Any
    ) -> None:
        """Changes fields of a message; with an `editor` it counts as edited."""
        previous = channel.shown(message, self.team, self.url)
        if "blocks" in fields:
            fields["blocks"] = _blocks(fields["blocks"])
        for name, value in fields.items():
            setattr(message, name, value)
        message.text = _text(message.text, message.blocks)
        if editor:
            message.edited = {"user": editor, "ts": self.stamp()[:10] + ".000000"}
        if message.to:
            self.tell(changes.WhisperEdited(channel, message))
        else:
            self.tell(changes.Edited(channel, message, previous))

    def delete(self, channel: Channel, message: Message) -> None:
        """Deletes a message, ephemeral or not."""
        if message.to:
            channel.whispers.remove(message)
            self.tell(changes.WhisperDeleted(channel, message))
            return
        previous = channel.shown(message, self.team, self.url)
        for file in message.files:
            file.shares = [s for s in file.shares if (s.channel, s.ts) != (channel.id, message.ts)]
        channel.remove(message)
        left = channel.find(message.ts) is not None
        self.tell(changes.Deleted(channel, message, previous, left))

    def whisper(
        self,
        channel: Channel,
        to: str,
        app: App,
        text: str,
        *,
        blocks: list[dict[str, Any]] | None = None,
        **more: Any,
    ) -> Message:
        """Shows a person a message that nobody else sees."""
        message = Message(
            ts=self.stamp(),
            user=app.bot_user_id,
            text=_text(text, blocks),
            blocks=_blocks(blocks),
            app=app,
            to=to,
            **more,
        )
        channel.whispers.append(message)
        self.tell(changes.Whispered(channel, message))
        return message

    def mark_read(self, channel: Channel, user: str) -> None:
        """A person has seen all that is in a channel."""
        if channel.messages:
            channel.last_read[user] = channel.messages[-1].ts
        self.tell(changes.Read(channel, user))

    def permalink(self, channel: Channel, message: Message) -> str:
        """Where a message can be linked to."""
        link = f"{self.url}archives/{channel.id}/p{message.ts.replace('.', '')}"
        if message.is_reply:
            link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
        return link

    def react(
        self, channel: Channel, message: Message, user: str, name: str, *, remove: bool = False
    ) -> None:
        """Adds somebody's reaction to a message, or takes it back."""
        if remove:
            message.reactions[name].remove(user)
            if not message.reactions[name]:
                del message.reactions[name]
        else:
            message.reactions.setdefault(name, []).append(user)
        self.tell(changes.Reacted(channel, message, user, name, remove))

    def pin(self, channel: Channel, message: Message, user: str, *, remove: bool = False) -> None:
        """Pins a message in its channel, or takes the pin away."""
        now = int(self.clock.now().timestamp())
        message.pinned = {} if remove else {"by": user, "created": now}
        self.tell(changes.Pinned(channel, message, user, remove))

    # Files

    def sees_file(self, file: File, user: str) -> bool:
        """Whether it is theirs, or given or shared to them (people: in any public channel)."""
        if file.deleted:
            return False
        if user in (file.user, *file.given_to):
            return True
        public = not self.people[user].is_bot
        return any(
            (public and share.kind == "channel") or user in self.channels[share.channel].members
            for share in file.shares
        )

    def delete_file(self, file: File) -> None:
        """Deletes a file. A message that had nothing else goes with it, as in Slack."""
        shared = [(self.channels[share.channel], share.ts) for share in file.shares]
        file.delete()
        for channel, ts in shared:
            message = channel.find(ts)
            if message is None:
                continue
            if message.text or message.blocks or not all(f.deleted for f in message.files):
                self.edit(channel, message)
            else:
                self.delete(channel, message)
        places = tuple({channel.id: channel for channel, _ in shared}.values())
        self.tell(changes.FileDeleted(file, places))

    # Channels and people

    def im(self, one: str, other: str) -> Channel:
        """The direct message between two, opened if there is none."""
        for channel in self.channels.values():
            if channel.kind == "im" and sorted(channel.members) == sorted((one, other)):
                return channel
        channel = Channel(self.new_id("D"), "", [one, other], kind="im", creator=one)
        channel.created = int(self.clock.now().timestamp())
        self.channels[channel.id] = channel
        self.tell(changes.ImOpened(channel))
        return channel

    def create_channel(self, channel: Channel) -> None:
        """Adds a channel."""
        channel.created = int(self.clock.now().timestamp())
        self.channels[channel.id] = channel
        self.tell(changes.ChannelCreated(channel))

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> None:
        """Makes somebody a member, with Slack's line about it in the channel."""
        channel.members.append(user)
        self.post(channel, user, f"<@{user}> has joined the channel", subtype="channel_join")
        self.tell(changes.Joined(channel, user, inviter))

    def leave(self, channel: Channel, user: str) -> None:
        """Takes somebody out of a channel."""
        self.post(channel, user, f"<@{user}> has left the channel", subtype="channel_leave")
        channel.members.remove(user)
        self.tell(changes.Left(channel, user))

    def archive(self, channel: Channel, by: str, *, archived: bool = True) -> None:
        """Archives a channel, or brings it back."""
        channel.archived = archived
        self.tell(changes.Archived(channel, by))

    def rename(self, channel: Channel, name: str, by: str) -> None:
        """Gives a channel another name, with Slack's line about it."""
        old, channel.name = channel.name, name
        said = f'<@{by}> has renamed the channel from "{old}" to "{name}"'
        self.post(channel, by, said, subtype="channel_name")
        self.tell(changes.ChannelDescribed(channel, renamed=True))

    def describe(self, channel: Channel, by: str, what: str, text: str) -> None:
        """Sets a channel's `topic` or `purpose`, with Slack's line about it."""
        setattr(channel, what, text)
        noun = {"topic": "topic", "purpose": "description"}[what]
        said = f"<@{by}> set the channel {noun}: {text}"
        self.post(channel, by, said, subtype=f"channel_{what}")
        self.tell(changes.ChannelDescribed(channel, renamed=False))

    def share(self, channel: Channel, *, shared: bool = True) -> None:
        """Shares a channel with another company, or ends that."""
        channel.is_ext_shared = shared
        self.tell(changes.Shared(channel))

    def change_person(self, person: Person, **fields: Any) -> None:
        """Changes fields of an account. Raises TypeError, ValueError for impossible ones."""
        now = self.clock.now()
        changed = replace(person.at(now), **fields)
        other = frozenset(key for key in fields if getattr(changed, key) != getattr(person, key))
        changed.updated = int(now.timestamp())
        self.people[person.id] = changed
        self.tell(changes.PersonChanged(changed, joined=False, fields=other))

    def end_statuses(self) -> None:
        """Empties the statuses whose time has passed, as Slack does when they expire."""
        now = self.clock.now()
        for person in [*self.people.values()]:
            if person.at(now) is not person:
                ended = {key: getattr(person.at(now), key) for key in STATUS}
                self.change_person(person, **ended)

    def add_person(self, person: Person) -> None:
        """Adds an account."""
        self.people[person.id] = person
        self.tell(changes.PersonChanged(person, joined=True))

    def point(self, app: App, request_url: str | None) -> None:
        """Has an app spoken to at a request URL, or (None) by Socket Mode."""
        app.request_url = request_url
        self.tell(changes.AppChanged(app))

    def revoke(self, app: App) -> None:
        """Removes an app: its tokens no longer work."""
        app.revoked = True
        self.tell(changes.AppChanged(app, revoked=True))

    # Views

    def open_modal(self, app: App, user: str, content: dict[str, Any]) -> View:
        """Shows a person a modal."""
        view = self.views.open(app, user, content)
        self.tell(changes.ModalsChanged(user))
        return view

    def push_modal(self, app: App, user: str, content: dict[str, Any]) -> View:
        """Puts a modal on top of another. Raises Refused: not_found, push_limit_reached."""
        view = self.views.push(app, user, content)
        self.tell(changes.ModalsChanged(user))
        return view

    def update_view(self, view: View, content: dict[str, Any]) -> None:
        """Replaces what a modal or a Home shows."""
        self.views.update(view, content)
        self.view_changed(view)

    def close_modal(self, view: View, *, all: bool = False) -> list[View]:
        """Takes a modal, and those above it, away; returns them, topmost first."""
        taken = self.views.close(view, all=all)
        self.tell(changes.ModalsChanged(view.user))
        return taken

    def publish_home(self, app: App, user: str, content: dict[str, Any]) -> View:
        """Sets an app's Home for a person."""
        view = self.views.publish(app, user, content)
        self.tell(changes.HomePublished(app, user))
        return view

    def view_changed(self, view: View) -> None:
        """Tells that a view's content, values or errors are other ones."""
        if view.content["type"] == "home":
            self.tell(changes.HomePublished(view.app, view.user))
        else:
            self.tell(changes.ModalsChanged(view.user))

    def _add_bot(self, app: App) -> None:
        known = self.people.get(app.bot_user_id)
        name = app.bot_name.lower().replace(" ", "_")
        person = known or Person(app.bot_user_id, name, real_name=app.bot_name)
        person.is_bot, person.app_id, person.bot_id = True, app.id, app.bot_id
        self.people[person.id] = person


def _text(text: str, blocks: list[dict[str, Any]] | None) -> str:
    return escaped_mrkdwn(text) or (CANNOT_BE_SHOWN if blocks else "")


def _blocks(blocks: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    return with_ids(stored(blocks), new_block_id) if blocks else None
