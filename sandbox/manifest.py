"""An app's manifest, as far as a workspace reads it.

Source: docs.slack.dev/reference/app-manifest and Slack's own JSON schema of it (2.0.0). What is
needed here is checked here; whether a manifest is valid as a whole is for the schema to say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, cast, get_args

ShortcutType = Literal["global", "message"]


class BadManifest(ValueError):
    """A manifest that lacks a part, or has one of the wrong kind; says which."""


@dataclass(frozen=True)
class Command:
    """A slash command; `url` is where HTTP apps are told of it."""

    command: str
    description: str
    usage_hint: str = ""
    url: str | None = None
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """A shortcut: everywhere (`global`) or on a message (`message`)."""

    name: str
    type: ShortcutType
    callback_id: str
    description: str


@dataclass(frozen=True)
class Manifest:
    """What a workspace has to know about an app.

    `events` are the names in `bot_events` (`message.channels`, `app_home_opened`, ...).
    `request_url` is where events go, `interactivity_url` where interactions go, both None with
    Socket Mode alone.
    """

    name: str
    description: str
    bot_display_name: str | None
    bot_scopes: frozenset[str]
    commands: tuple[Command, ...]
    events: frozenset[str]
    shortcuts: tuple[Shortcut, ...]
    socket_mode: bool
    home_enabled: bool
    messages_tab: bool
    messages_tab_read_only: bool
    interactivity: bool
    request_url: str | None
    interactivity_url: str | None
    options_url: str | None

    @classmethod
    def parse(cls, manifest: Mapping[str, Any]) -> Self:
        """Reads a manifest. Raises BadManifest with the path of what is wrong."""
        root = _Part("", _mapping(manifest, "the manifest"))
        display = root.part("display_information", required=True)
        features = root.part("features")
        settings = root.part("settings")
        home = features.part("app_home")
        subscriptions = settings.part("event_subscriptions")
        interactivity = settings.part("interactivity")
        bot = features.part("bot_user")
        return cls(
            name=display.text("name", most=35),
            description=display.text("description", "", most=140),
            bot_display_name=bot.text("display_name", most=80) if bot.given else None,
            bot_scopes=frozenset(root.part("oauth_config").part("scopes").texts("bot")),
            commands=tuple(_command(part) for part in features.parts("slash_commands", most=50)),
            events=frozenset(subscriptions.texts("bot_events")),
            shortcuts=tuple(_shortcut(part) for part in features.parts("shortcuts", most=10)),
            socket_mode=settings.flag("socket_mode_enabled"),
            home_enabled=home.flag("home_tab_enabled"),
            messages_tab=home.flag("messages_tab_enabled"),
            messages_tab_read_only=home.flag("messages_tab_read_only_enabled"),
            interactivity=interactivity.flag("is_enabled"),
            request_url=subscriptions.url("request_url"),
            interactivity_url=interactivity.url("request_url"),
            options_url=interactivity.url("message_menu_options_url"),
        )

    def command(self, command: str) -> Command | None:
        """The command of that name (with its slash), if the app has it."""
        return next((known for known in self.commands if known.command == command), None)

    def shortcut(self, callback_id: str, type: ShortcutType) -> Shortcut | None:
        """The shortcut of that callback_id and type, if the app has it."""
        return next(
            (s for s in self.shortcuts if s.callback_id == callback_id and s.type == type), None
        )


def _command(part: "_Part") -> Command:
    command = part.text("command", most=32)
    if not re.fullmatch(r"/[^\s/]+", command):
        raise BadManifest(f"{part.path}.command must be a slash and a word: {command!r}")
    return Command(
        command=command,
        description=part.text("description", most=2000),
        usage_hint=part.text("usage_hint", "", most=1000),
        url=part.url("url"),
        should_escape=part.flag("should_escape"),
    )


def _shortcut(part: "_Part") -> Shortcut:
    type_ = part.text("type")
    if type_ not in get_args(ShortcutType):
        raise BadManifest(f"{part.path}.type must be global or message: {type_!r}")
    return Shortcut(
        name=part.text("name", most=24),
        type=cast(ShortcutType, type_),
        callback_id=part.text("callback_id", most=255),
        description=part.text("description", most=150),
    )


def _mapping(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadManifest(f"{path} must be an object")
    return value


@dataclass(frozen=True)
class _Part:
    """An object inside the manifest and its path, for sentences about what is wrong."""

    path: str
    values: Mapping[str, Any]
    given: bool = True

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def part(self, key: str, *, required: bool = False) -> "_Part":
        if key not in self.values:
            if required:
                raise BadManifest(f"{self.at(key)} is required")
            return _Part(self.at(key), {}, given=False)
        return _Part(self.at(key), _mapping(self.values[key], self.at(key)))

    def parts(self, key: str, *, most: int) -> "list[_Part]":
        items = self._items(key)
        if len(items) > most:
            raise BadManifest(f"{self.at(key)} has more than {most} items")
        paths = [f"{self.at(key)}[{n}]" for n in range(len(items))]
        return [_Part(p, _mapping(i, p)) for p, i in zip(paths, items, strict=True)]

    def texts(self, key: str) -> list[str]:
        items = self._items(key)
        if not all(isinstance(item, str) for item in items):
            raise BadManifest(f"{self.at(key)} must hold strings only")
        return items

    def text(self, key: str, default: str | None = None, *, most: int | None = None) -> str:
        value = self.values.get(key, default)
        if value is None:
            raise BadManifest(f"{self.at(key)} is required")
        if not isinstance(value, str):
            raise BadManifest(f"{self.at(key)} must be a string")
        if default is None and not value:
            raise BadManifest(f"{self.at(key)} must not be empty")
        if most is not None and len(value) > most:
            raise BadManifest(f"{self.at(key)} has more than {most} characters")
        return value

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise BadManifest(f"{self.at(key)} must be true or false")
        return value

    def url(self, key: str) -> str | None:
        if key not in self.values:
            return None
        value = self.text(key)
        if not re.match(r"https?://", value):
            raise BadManifest(f"{self.at(key)} must start with http:// or https://")
        return value

    def _items(self, key: str) -> list[Any]:
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise BadManifest(f"{self.at(key)} must be an array")
        return value
