"""A workspace in a file: saved, and loaded again.

The file is a zip of `workspace.json`, in which fields that have their default are left out and
references are ids, and of `files/ID` with the bytes of each file. What is only under way is not
saved: connections, traffic, faults, triggers, response URLs, uploads (docs/sandbox.md).
"""

import json
import os
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import MISSING, Field, fields
from datetime import datetime
from functools import partial
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Any,
    BinaryIO,
    Literal,
    Self,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sandbox.app import App
from sandbox.channel import Channel, Message
from sandbox.clock import Clock
from sandbox.files import LARGEST, File, Share, Sink
from sandbox.team import Person, Team
from sandbox.values import BadValue
from sandbox.views import STACK, View
from sandbox.workspace import Workspace

FORMAT = 1
LARGEST_TEXT = 100_000_000
"""Bytes of `workspace.json`."""
LARGEST_SAVE = 5 * LARGEST
"""Bytes of all that is in a saved workspace."""
_TEXT = "workspace.json"
_FILES = "files/"
_CHUNK = 256 * 1024
_HINTS: dict[type, dict[str, Any]] = {
    kind: get_type_hints(kind) for kind in (App, Channel, File, Message, Person, Share, Team, View)
}

Json = dict[str, Any]
T = TypeVar("T")


class BadSave(ValueError):
    """A file is not a saved workspace, or not one that can be loaded; says why."""


def save(workspace: Workspace, to: Path | str | BinaryIO) -> None:
    """Writes a workspace into a file."""
    with Snapshot(workspace) as snapshot:
        snapshot.write(to)


class Snapshot:
    """A workspace at one moment; whatever happens afterwards, this is what is written."""

    def __init__(self, workspace: Workspace) -> None:
        """Describes the workspace, and links its files, which may be deleted meanwhile."""
        self._text = json.dumps(_described(workspace), ensure_ascii=False, indent=1)
        self._directory = tempfile.TemporaryDirectory(prefix="sandbox-save-")
        self._files = [file.id for file in workspace.files.ever() if not file.deleted]
        for file in workspace.files.ever():
            if not file.deleted:
                os.link(file.path, self._path(file.id))

    def __enter__(self) -> Self:
        """Ready to be written."""
        return self

    def __exit__(self, *_: object) -> None:
        """Lets go of the files."""
        self._directory.cleanup()

    def write(self, to: Path | str | BinaryIO) -> None:
        """Writes the file; from any thread."""
        with ZipFile(to, "w") as archive:
            archive.writestr(_TEXT, self._text, ZIP_DEFLATED)
            for id in self._files:
                archive.write(self._path(id), f"{_FILES}{id}")

    def _path(self, id: str) -> Path:
        return Path(self._directory.name, id)


def load(
    source: Path | str | BinaryIO, clock: Clock | None = None, *, team: str | None = None
) -> Workspace:
    """The workspace that was saved. Its ids and stamps go on where they had ended.

    Business time goes on from the moment of the save; a `clock` that is given is moved forward to
    it, or stays where it is if that is later. With `team`, it must be that team's. Raises BadSave,
    and OSError if the file cannot be read.
    """
    try:
        with ZipFile(source) as archive:
            return _loaded(archive, clock, team)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        # RuntimeError is what an encrypted zip raises
        raise BadSave("this is not a saved workspace, or it is damaged") from error


# Saving


def _described(workspace: Workspace) -> Json:
    return {
        "format": FORMAT,
        "now": workspace.clock.now().isoformat(),
        "last_id": workspace.ids.last,
        "last_stamp": workspace.last_stamp,
        "team": _plain(workspace.team),
        "apps": [_plain(app) for app in workspace.apps],
        "people": [_plain(person) for person in workspace.people.values()],
        "files": [_plain(file, path=None, shares=_plain) for file in workspace.files.ever()],
        "channels": [
            _plain(channel, messages=_message, whispers=_message, replies=None)
            for channel in workspace.channels.values()
        ],
        "views": [_plain(view, app=_id) for view in workspace.views.all()],
    }


def _plain(thing: Any, **told: Callable[[Any], Any] | None) -> Json:
    """The fields that do not have their default; `told` is how, None for not at all."""
    plain: Json = {}
    for field in fields(thing):
        how = told.get(field.name, _same)
        value = getattr(thing, field.name)
        if how and field.init and value != _default(field):
            plain[field.name] = [*map(how, value)] if _is_list(how, value) else how(value)
    return plain


def _is_list(how: Callable[[Any], Any], value: Any) -> bool:
    return how is not _same and isinstance(value, list)


def _default(field: "Field[Any]") -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _message(message: Message) -> Json:
    return _plain(message, app=_id, files=_id)


def _id(thing: App | File) -> str:
    return thing.id


def _same(value: Any) -> Any:
    return value


# Loading


def _loaded(archive: ZipFile, clock: Clock | None, team_id: str | None) -> Workspace:
    data = _read(archive)
    now = _moment(data.get("now"))
    team = _made(Team, data.get("team"), "team")
    if team_id not in (None, team.id):
        raise BadSave(f"this is the workspace of team {team.id} ({team.name}), not of {team_id}")
    people = _named(_all(partial(_made, Person), data, "people"), "people")
    apps = _named(_all(partial(_made, App), data, "apps"), "apps")
    _check_known(people, [app.bot_user_id for app in apps.values()], "the bot of an app")
    workspace = Workspace(team, people.values(), (), apps.values(), clock or Clock(now))
    workspace.ids.last = _whole(data, "last_id")
    files = _files(archive, workspace, data)
    channels = _all(partial(_channel, apps=apps, files=files), data, "channels")
    workspace.channels = _named(channels, "channels")
    for channel in channels:
        _check_known(people, channel.members, f"a member of channel {channel.id}")
    for file in files.values():
        _check_known(workspace.channels, [s.channel for s in file.shares], f"where {file.id} is")
    for view in _all(partial(_view, apps=apps), data, "views"):
        _check_known(people, [view.user], f"who sees view {view.id}")
        workspace.views.put(view)
        if len(workspace.views.stack(view.user)) > STACK:
            raise BadSave(f"{view.user} has more than {STACK} modals")
    workspace.last_stamp = max([_whole(data, "last_stamp"), *map(_last, channels)])
    with suppress(ValueError):  # a clock that is later stays
        workspace.clock.advance_to(now)
    return workspace


def _read(archive: ZipFile) -> Json:
    """`workspace.json`, if the archive is what it should be in size and format."""
    if _TEXT not in archive.namelist():
        raise BadSave(f"this is not a saved workspace: there is no {_TEXT} in it")
    if sum(info.file_size for info in archive.infolist()) > LARGEST_SAVE:
        raise BadSave(f"a saved workspace has at most {LARGEST_SAVE} bytes unpacked")
    if archive.getinfo(_TEXT).file_size > LARGEST_TEXT:
        raise BadSave(f"{_TEXT} has more than {LARGEST_TEXT} bytes")
    try:
        data = json.loads(archive.read(_TEXT))
    except (ValueError, RecursionError) as error:
        raise BadSave(f"{_TEXT} is not JSON: {error}") from error
    if not isinstance(data, dict) or "format" not in data:
        raise BadSave(f"{_TEXT} does not say its format")
    if data["format"] != FORMAT:
        raise BadSave(f"it was saved in format {data['format']}; format {FORMAT} is read here")
    return data


def _files(archive: ZipFile, workspace: Workspace, data: Json) -> dict[str, File]:
    """The files, their bytes in the workspace's own directory.

    Nothing is written under a name from the archive, which must hold just what is described.
    """
    described = _named(_all(_file, data, "files"), "files")
    wanted = sorted([_TEXT, *(f"{_FILES}{id}" for id, f in described.items() if not f.deleted)])
    if sorted(archive.namelist()) != wanted:
        odd = {*archive.namelist()} ^ {*wanted}
        named = ", ".join(sorted(odd)) or "one is there twice"
        raise BadSave(f"the files in it are not those described: {named}")
    for file in described.values():
        if not file.deleted:
            with workspace.files.sink() as sink:
                _copy(archive, file, sink)
            file.path = sink.path
        workspace.files.add(file)
    return described


def _copy(archive: ZipFile, file: File, sink: Sink) -> None:
    info = archive.getinfo(f"{_FILES}{file.id}")
    if info.file_size != file.size or file.size > LARGEST:
        raise BadSave(f"file {file.id} has {info.file_size} bytes, {file.size} are described")
    with archive.open(info) as packed:
        while chunk := packed.read(_CHUNK):
            sink.write(chunk)


def _file(data: Any, at: str) -> File:
    shares = [_made(Share, each, f"{at}, a share") for each in _list(data, "shares", at)]
    return _made(File, data, at, path=Path(), shares=shares)


def _channel(data: Any, at: str, apps: dict[str, App], files: dict[str, File]) -> Channel:
    channel = _made(Channel, data, at, messages=[], replies={}, whispers=[])
    for each in _list(data, "messages", at):
        message = _message_of(each, f"{at}, a message", apps, files)
        if channel.messages and message.ts <= channel.messages[-1].ts:
            raise BadSave(f"{at}: message {message.ts} does not come after the one before it")
        channel.add(message)
    for each in _list(data, "whispers", at):
        channel.whispers.append(_message_of(each, f"{at}, a whisper", apps, files))
    return channel


def _message_of(data: Any, at: str, apps: dict[str, App], files: dict[str, File]) -> Message:
    brought = [_known(files, id, f"{at}, a file") for id in _list(data, "files", at)]
    app = _known(apps, data["app"], f"{at}, its app") if data.get("app") is not None else None
    message = _made(Message, data, at, app=app, files=brought)
    if not re.fullmatch(r"\d{1,12}\.\d{6}", message.ts):
        raise BadSave(f"{at}: {message.ts!r} is no ts")
    return message


def _view(data: Any, at: str, apps: dict[str, App]) -> View:
    app = _known(apps, data.get("app") if isinstance(data, dict) else None, f"{at}, its app")
    view = _made(View, data, at, app=app)
    try:
        if view.content["type"] in ("modal", "home"):
            view.as_slack("", state=True)
            return view
    except (LookupError, TypeError, ValueError, AttributeError, BadValue) as error:
        raise BadSave(f"{at}: view {view.id} cannot be shown: {error!r}") from error
    raise BadSave(f"{at}: view {view.id} is neither a modal nor a Home")


def _last(channel: Channel) -> int:
    """The latest stamp in a channel, in microseconds."""
    stamps = [message.ts for message in (*channel.messages[-1:], *channel.whispers)]
    return max((int(ts.replace(".", "")) for ts in stamps), default=0)


def _made(kind: type[T], data: Any, at: str, **known: Any) -> T:
    """Something from its fields; `known` are those that are not taken as they are."""
    if not isinstance(data, dict):
        raise BadSave(f"{at} must be an object")
    hints = _HINTS[kind]
    given = {key: value for key, value in data.items() if key not in known}
    for key, value in given.items():
        if key not in hints or not _fits(value, hints[key]):
            raise BadSave(f"{at}: {key} cannot be {json.dumps(value)[:80]}")
    try:
        return kind(**given, **known)
    except (TypeError, ValueError, LookupError) as error:  # LookupError: no such zone
        raise BadSave(f"{at}: {error}") from error


def _fits(value: Any, kind: Any) -> bool:
    """Whether a value from JSON is of this type."""
    inner = get_args(kind)
    match get_origin(kind):
        case _ if kind is Any:
            return True
        case origin if origin in (Union, UnionType):
            return any(_fits(value, each) for each in inner)
        case origin if origin is Literal:
            return value in inner
        case origin if origin is list:
            return isinstance(value, list) and all(_fits(each, inner[0]) for each in value)
        case origin if origin is dict:
            of = inner[1]
            return isinstance(value, dict) and all(_fits(each, of) for each in value.values())
    return type(value) is kind or (value is None and kind is NoneType)


def _all(make: Callable[[Any, str], T], data: Json, key: str) -> list[T]:
    return [make(each, f"{key}[{n}]") for n, each in enumerate(_list(data, key, _TEXT))]


def _list(data: Any, key: str, at: str) -> list[Any]:
    found = data.get(key, []) if isinstance(data, dict) else None
    if not isinstance(found, list):
        raise BadSave(f"{at}: {key} must be a list")
    return found


def _named(things: list[T], what: str) -> dict[str, T]:
    """Things by their ids, of which each must be another one and none a path."""
    named: dict[str, T] = {}
    for thing in things:
        id = str(getattr(thing, "id", ""))
        if not re.fullmatch(r"[A-Z0-9]+", id) or id in named:
            raise BadSave(f"{what}: {id!r} is no id, or that of two")
        named[id] = thing
    return named


def _known(things: dict[str, T], id: Any, what: str) -> T:
    if not isinstance(id, str) or id not in things:
        raise BadSave(f"{what}: there is no {id!r}")
    return things[id]


def _check_known(things: dict[str, Any], ids: Iterable[str], what: str) -> None:
    for id in ids:
        _known(things, id, what)


def _whole(data: Json, key: str) -> int:
    value = data.get(key)
    if type(value) is not int or value < 0:
        raise BadSave(f"{_TEXT}: {key} must be a whole number")
    return value


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise BadSave(f"{_TEXT}: now must be a moment") from error
    if moment.tzinfo is None:
        raise BadSave(f"{_TEXT}: now must have a zone")
    return moment
