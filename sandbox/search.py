"""Search: the messages that somebody sees, by what they say, who said it, where and when.

All words must be said; one is found by its beginning, without regard to case and accents. Besides
words there are `"exact phrases"`, `from:@name` or `from:me`, `in:#channel` or `in:@name`,
`has:file`, `before:`, `after:` and `on:` a day, and `-` before any of them. What cannot be
understood is searched for as words. After slack.com/help, "Search in Slack".
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Any
from unicodedata import combining, normalize

from sandbox.blocks import UNSEEN
from sandbox.channel import Channel, Message
from sandbox.workspace import Workspace

MOST = 30
"""How many messages a search shows."""
_TERM = re.compile(r'(-?)(?:"([^"]+)"|(\S+))')
_CONTROL = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_MARK = re.compile(r"(?<!\w)[*_~`]+(?=\S)|(?<=\S)[*_~`]+(?!\w)")
_EVERYBODY = ("here", "channel", "everyone")


class Candidate:
    """A message where it stands, and what it says."""

    def __init__(self, workspace: Workspace, channel: Channel, message: Message) -> None:
        """Reads nothing yet: most are left out by where, when and by whom."""
        self._workspace = workspace
        self.channel = channel
        self.message = message

    @cached_property
    def said(self) -> str:
        """Its text, what its blocks say, the names of its files, on one line."""
        text = spoken(self._workspace, self.message.text)
        blocks = " ".join(_read(self._workspace, self.message.blocks or []))
        blocks = " ".join(blocks.split())
        files = [f.title for f in self.message.files if not f.deleted]
        told = [blocks if text in blocks else f"{text} {blocks}", *files]
        return " ".join(part.strip() for part in told if part.strip())

    @cached_property
    def folded(self) -> str:
        """What it says, as it is compared."""
        return fold(self.said)


Test = Callable[[Candidate], bool]


def search(workspace: Workspace, user: str, query: str) -> tuple[list[Candidate], int]:
    """The newest of the messages that this person sees and that fit, and how many do."""
    tests = [*_tests(workspace, user, query)]
    if not tests:
        return [], 0
    seen = (
        Candidate(workspace, channel, message)
        for channel in workspace.channels_of(user)
        for message in channel.messages
        if message.subtype != "tombstone"
    )
    found = [candidate for candidate in seen if all(test(candidate) for test in tests)]
    found.sort(key=lambda candidate: candidate.message.ts, reverse=True)
    return found[:MOST], len(found)


def fold(text: str) -> str:
    """Text without case and accents, as it is compared."""
    if text.isascii():
        return text.lower()
    parts = normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not combining(part))


def spoken(workspace: Workspace, text: str) -> str:
    """What mrkdwn says, without its marks, on one line: names for ids, words for links."""

    def control(found: re.Match[str]) -> str:
        kind, target, label = found.groups()
        if kind == "@":
            return f"@{_name(workspace, target)}"
        if kind == "#":
            known = workspace.channels.get(target)
            return f"#{known.name if known else label or target}"
        if kind == "!" and target in _EVERYBODY:
            return f"@{target}"
        return label or target

    said = " ".join(_MARK.sub("", _CONTROL.sub(control, text)).split())
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _name(workspace: Workspace, user: str) -> str:
    person = workspace.people.get(user)
    return (person.display_name or person.real_name) if person else user


def _read(workspace: Workspace, part: Any) -> Iterator[str]:
    """What can be read in blocks, in its order."""
    if isinstance(part, list):
        for item in part:
            yield from _read(workspace, item)
    elif isinstance(part, dict):
        if part.get("type") == "user":
            yield f"@{_name(workspace, str(part.get('user_id')))}"
        elif isinstance(part.get("text"), str):
            yield spoken(workspace, part["text"])
        for key, value in part.items():
            if isinstance(value, dict | list) and key not in UNSEEN:
                yield from _read(workspace, value)


# What is asked for


def _tests(workspace: Workspace, user: str, query: str) -> Iterator[Test]:
    """What a message must be like; the quick questions come first."""
    quick: list[Test] = []
    slow: list[Test] = []
    for no, phrase, word in _TERM.findall(query):
        test = None if phrase else _filter(workspace, user, word)
        (quick if test else slow).append(_not(test or _says(phrase, word), no))
    yield from (*quick, *slow)


def _not(test: Test, no: str) -> Test:
    return (lambda candidate: not test(candidate)) if no else test


def _says(phrase: str, word: str) -> Test:
    """A phrase is whole words in this order; of a word the beginning is enough."""
    wanted = re.escape(fold(" ".join((phrase or word.strip('"') or word).split())))
    ends = r"(?![^\W_])" if phrase else ""
    pattern = re.compile(rf"(?<![^\W_]){wanted}{ends}")
    return lambda candidate: pattern.search(candidate.folded) is not None


def _filter(workspace: Workspace, user: str, word: str) -> Test | None:
    """What a word with a colon asks for, None if it cannot be understood."""
    key, _, value = word.partition(":")
    match key.lower():
        case "from":
            authors = _people(workspace, user, value)
            return (lambda found: found.message.user in authors) if authors else None
        case "in":
            places = _places(workspace, user, value)
            return (lambda found: found.channel.id in places) if places else None
        case "has" if value.lower() in ("file", "files"):
            return lambda found: any(not file.deleted for file in found.message.files)
        case "before" | "after" | "on" as when:
            return _dated(workspace, user, when, value)
    return None


def _people(workspace: Workspace, user: str, value: str) -> set[str]:
    """Whom a name means: the handle, or the name that is shown."""
    if value == "me":
        return {user}
    wanted = fold(value.removeprefix("@"))
    return {
        person.id
        for person in workspace.people.values()
        if wanted and wanted in (fold(person.name), fold(person.display_name), person.id.lower())
    }


def _places(workspace: Workspace, user: str, value: str) -> set[str]:
    """Which of this person's conversations a name means."""
    people = set() if value.startswith("#") else _people(workspace, user, value)
    wanted = None if value.startswith("@") else fold(value.removeprefix("#"))
    return {
        channel.id
        for channel in workspace.channels_of(user)
        if (channel.other(user) in people if channel.kind == "im" else fold(channel.name) == wanted)
    }


def _dated(workspace: Workspace, user: str, when: str, value: str) -> Test | None:
    """By days in the person's own zone; the day itself is neither before nor after."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    zone = workspace.people[user].clock

    def fits(candidate: Candidate) -> bool:
        sent = datetime.fromtimestamp(float(candidate.message.ts), zone).date()
        return {"before": sent < day, "after": sent > day, "on": sent == day}[when]

    return fits
