"""What can happen in a workspace, and all that is then to be seen of it."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbox import (
    Channel,
    Clock,
    Workspace,
    load,
    save,
    screens,
)

Json = dict[str, Any]

BUTTON: Json = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
BLOCKS: list[Json] = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
FIELD: Json = {
    "type": "input",
    "block_id": "why",
    "label": {"type": "plain_text", "text": "Why"},
    "element": {"type": "plain_text_input", "action_id": "it"},
}
OFFERED: Json = {
    "type": "input",
    "block_id": "deal",
    "label": {"type": "plain_text", "text": "Deal"},
    "element": {"type": "external_select", "action_id": "it", "min_query_length": 0},
}
MODAL: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [FIELD],
}
HOME: Json = {"type": "home", "blocks": BLOCKS}


def again(workspace: Workspace, clock: Clock | None = None) -> Workspace:
    """The workspace, saved and loaded."""
    kept = io.BytesIO()
    save(workspace, kept)
    return load(kept, clock)


def text_of(workspace: Workspace) -> Json:
    """What is written of it."""
    kept = io.BytesIO()
    save(workspace, kept)
    with zipfile.ZipFile(kept) as archive:
        read: Json = json.loads(archive.read("workspace.json"))
    return read


def seen(workspace: Workspace) -> Json:
    """All that screens show of it to everybody, and what apps are told of it."""
    team, url, now = workspace.team, workspace.url, workspace.clock.now()
    everybody = [*workspace.people]
    channels = workspace.channels.values()
    return {
        "people": screens.people(workspace),
        "users": [p.as_slack(team, url, at=now, email=True) for p in workspace.people.values()],
        "unread": screens.unread(workspace),
        "channels": {user: screens.channels(workspace, user) for user in everybody},
        "conversations": [c.as_slack(team, user) for c in channels for user in everybody],
        "messages": [
            screens.messages(workspace, channel, user, thread)
            for channel in channels
            for user in everybody
            for thread in (None, *(m.ts for m in channel.messages))
        ],
        "history": [c.shown(m, team, url, metadata=True) for c in channels for m in c.messages],
        "modals": {user: screens.modals(workspace, user) for user in everybody},
        "homes": [
            screens.home(workspace, workspace.views.home(app, user))
            for app in workspace.apps
            for user in everybody
        ],
        "files": [(f.as_slack(team, url), f.content()) for f in workspace.files.ever()],
        "bytes": [f.path.read_bytes() for f in workspace.files.all()],
        "apps": workspace.apps,
    }


class Doings:
    """What can happen in a workspace, by numbers that choose among what is there."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.app = workspace.apps[0]
        self.all: list[Callable[[int], None]] = [
            self.say,
            self.post,
            self.reply,
            self.whisper,
            self.edit,
            self.delete,
            self.react,
            self.pin,
            self.read,
            self.drop,
            self.delete_file,
            self.open,
            self.push,
            self.fill,
            self.publish,
            self.change,
            self.talk,
            self.move,
        ]

    def channel(self, n: int) -> Channel:
        channels = [*self.workspace.channels.values()]
        return channels[n % len(channels)]

    def user(self, n: int) -> str:
        return ("U0MAX", "U0LENA")[n % 2]

    def say(self, n: int) -> None:
        self.workspace.post(self.channel(n), self.user(n), f"said *{n}*", client_msg_id=f"M{n}")

    def post(self, n: int) -> None:
        told = {"event_type": "e", "event_payload": {"n": n}}
        self.workspace.post(
            self.channel(n), "U0BOT", f"posted {n}", blocks=BLOCKS, app=self.app, metadata=told
        )

    def reply(self, n: int) -> None:
        channel = self.channel(n)
        for parent in [m for m in channel.messages if not m.is_reply][-1:]:
            self.workspace.post(
                channel, self.user(n), "a reply", thread_ts=parent.ts, broadcast=n % 3 == 0
            )

    def whisper(self, n: int) -> None:
        self.workspace.whisper(self.channel(n), self.user(n), self.app, f"only {n}", blocks=BLOCKS)

    def edit(self, n: int) -> None:
        for message in self.channel(n).messages[-1:]:
            self.workspace.edit(self.channel(n), message, message.user, text=f"edited {n}")

    def delete(self, n: int) -> None:
        channel = self.channel(n)
        for message in channel.messages[n % 3 :][:1]:
            if message.subtype != "tombstone":
                self.workspace.delete(channel, message)

    def react(self, n: int) -> None:
        for message in self.channel(n).messages[-1:]:
            if self.user(n) not in message.reactions.get("tada", ()):
                self.workspace.react(self.channel(n), message, self.user(n), "tada")

    def pin(self, n: int) -> None:
        for message in self.channel(n).messages[:1]:
            self.workspace.pin(self.channel(n), message, self.user(n))

    def read(self, n: int) -> None:
        self.workspace.mark_read(self.channel(n), self.user(n))

    def drop(self, n: int) -> None:
        files = self.workspace.files
        with files.sink() as sink:
            sink.write(b"a,b\n" * n)
        file = files.new(self.user(n), f"deals {n}.csv", sink, n)
        self.workspace.post(self.channel(n), self.user(n), "", files=[file])

    def delete_file(self, n: int) -> None:
        for file in self.workspace.files.all()[: n % 2]:
            self.workspace.delete_file(file)

    def open(self, n: int) -> None:
        self.workspace.open_modal(self.app, self.user(n), MODAL)

    def push(self, n: int) -> None:
        if 0 < len(self.workspace.views.stack(self.user(n))) < 3:
            self.workspace.push_modal(self.app, self.user(n), MODAL)

    def fill(self, n: int) -> None:
        for view in self.workspace.views.stack(self.user(n))[-1:]:
            view.entered["why"] = f"because {n}"
            view.errors = {"why": "Say more."} if n % 2 else {}

    def publish(self, n: int) -> None:
        self.workspace.publish_home(self.app, self.user(n), HOME)

    def change(self, n: int) -> None:
        person = self.workspace.people[self.user(n)]
        self.workspace.change_person(person, title=f"No. {n}", status_text="away")

    def talk(self, n: int) -> None:
        self.workspace.im(self.user(n), ("U0BOT", self.user(n + 1))[n % 3 == 0])

    def move(self, n: int) -> None:
        self.workspace.clock.advance(timedelta(seconds=n))
