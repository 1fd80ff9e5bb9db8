"""What can happen in a workspace: told to apps as events and to people's screens live."""

from dataclasses import dataclass
from typing import Any

from sandbox.app import App
from sandbox.channel import Channel, Message
from sandbox.files import File
from sandbox.team import Person


@dataclass(frozen=True)
class Posted:
    """A message was sent."""

    channel: Channel
    message: Message


@dataclass(frozen=True)
class Edited:
    """A message was changed; `previous` is the message object as it was."""

    channel: Channel
    message: Message
    previous: dict[str, Any]


@dataclass(frozen=True)
class Deleted:
    """A message was deleted; `left` is the tombstone of one that had replies."""

    channel: Channel
    message: Message
    previous: dict[str, Any]
    left: bool


@dataclass(frozen=True)
class Whispered:
    """An ephemeral message was shown to a person."""

    channel: Channel
    message: Message


@dataclass(frozen=True)
class WhisperEdited:
    """An ephemeral message was replaced."""

    channel: Channel
    message: Message


@dataclass(frozen=True)
class WhisperDeleted:
    """An ephemeral message was taken away."""

    channel: Channel
    message: Message


@dataclass(frozen=True)
class Reacted:
    """Somebody reacted to a message, or (`removed`) took it back."""

    channel: Channel
    message: Message
    user: str
    name: str
    removed: bool


@dataclass(frozen=True)
class Pinned:
    """A message was pinned in its channel, or (`removed`) no longer is."""

    channel: Channel
    message: Message
    user: str
    removed: bool


@dataclass(frozen=True)
class FileDeleted:
    """A file is gone; `channels` are where it had been shared."""

    file: File
    channels: tuple[Channel, ...]


@dataclass(frozen=True)
class Shared:
    """A channel was shared with another company, or is no longer."""

    channel: Channel


@dataclass(frozen=True)
class Joined:
    """Somebody became a member of a channel."""

    channel: Channel
    user: str
    inviter: str | None


@dataclass(frozen=True)
class Left:
    """Somebody is no longer a member of a channel."""

    channel: Channel
    user: str


@dataclass(frozen=True)
class Archived:
    """A channel was archived (or, if its `archived` is False, brought back)."""

    channel: Channel
    by: str


@dataclass(frozen=True)
class ChannelDescribed:
    """A channel has another topic or purpose or, if `renamed`, another name."""

    channel: Channel
    renamed: bool


@dataclass(frozen=True)
class ChannelCreated:
    """A channel is new."""

    channel: Channel


@dataclass(frozen=True)
class ImOpened:
    """A direct message between two is new."""

    channel: Channel


@dataclass(frozen=True)
class Read:
    """A person has seen a channel."""

    channel: Channel
    user: str


@dataclass(frozen=True)
class PersonChanged:
    """An account was changed in these fields; `joined` if it is new."""

    person: Person
    joined: bool
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True)
class HomeOpened:
    """A person looks at an app: its `home` or its `messages` tab."""

    app: App
    user: str
    tab: str
    channel: Channel


@dataclass(frozen=True)
class HomePublished:
    """An app published a person's Home."""

    app: App
    user: str


@dataclass(frozen=True)
class ModalsChanged:
    """A person's stack of modals is another one."""

    user: str


@dataclass(frozen=True)
class Noticed:
    """Slack itself tells a person something, e.g. that an app did not answer in time."""

    user: str
    text: str


@dataclass(frozen=True)
class AppChanged:
    """An app connected, disconnected, or was removed (`revoked`)."""

    app: App
    revoked: bool = False


@dataclass(frozen=True)
class Replaced:
    """All that the workspace held is another one now, as it was once saved."""


Change = (
    Posted
    | Edited
    | Deleted
    | Whispered
    | WhisperEdited
    | WhisperDeleted
    | Reacted
    | Pinned
    | FileDeleted
    | Joined
    | Left
    | Archived
    | Shared
    | ChannelCreated
    | ChannelDescribed
    | ImOpened
    | Read
    | PersonChanged
    | HomeOpened
    | HomePublished
    | ModalsChanged
    | Noticed
    | AppChanged
    | Replaced
)
