"""The lines of a calendar file that say when somebody is busy; all others are let go unread.

RFC 5545, 3.1 (lines, folding), 3.6 (components). What an entry is about, who is invited and what is
attached is most of a file: leaving it out here keeps reading quick, and nothing of it is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.calendars.found import Unreadable

MOST_ENTRIES = 4000
"""In the dates asked about. A person has a few hundred."""

_DEEPEST = 9  # components in each other; RFC 5545 has three
_NEWLINE = re.compile(r"\r\n|\n|\r")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_DAY = re.compile(r"[:,/](\d{8})")
_UNTIL = re.compile(r"UNTIL=(\d{8})", re.I)
_FLOATING = re.compile(r"(DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE):(\d{8}T\d{6}(,\d{8}T\d{6})*)$")
_KEPT = frozenset(
    {
        "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID",
        "SEQUENCE", "STATUS", "TRANSP", "SUMMARY", "ATTENDEE", "X-MICROSOFT-CDO-BUSYSTATUS",
        "X-MICROSOFT-CDO-ALLDAYEVENT", "X-GOOGLE-EVENT-TYPE",
    }
)  # fmt: skip
_MARGIN = timedelta(days=2)  # where it is another date already, or still
_LONGEST = timedelta(days=400)  # an entry that recurs is hardly ever longer


@dataclass
class Entry:
    """The lines of a VEVENT that matter here, by name."""

    lines: dict[str, list[str]] = field(default_factory=dict)

    def add(self, line: str) -> None:
        name = _name(line)
        if name == "ATTENDEE" and "DECLINED" not in line.upper():
            return
        if name in _KEPT:
            self.lines.setdefault(name, []).append(line)

    def first(self, name: str) -> str:
        return self.lines.get(name, [""])[0]

    @property
    def uid(self) -> str:
        return self.first("UID").partition(":")[2]

    @property
    def recurs(self) -> bool:
        return "RRULE" in self.lines or "RDATE" in self.lines

    def text(self) -> str:
        """The entry as a component."""
        lines = [line for group in self.lines.values() for line in group]
        return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])

    def matters(self, first: date, last: date) -> bool:
        """Whether it may have to do with these dates. Where its lines do not say, it may."""
        low, high = _digits(first - _MARGIN), _digits(last + _MARGIN)
        start = _day(self.first("DTSTART"))
        if start is None or "DURATION" in self.lines or "RANGE=" in self.first("RECURRENCE-ID"):
            return True
        if self.recurs:
            until = _UNTIL.search(self.first("RRULE"))
            is_over = until is not None and until[1] < _digits(first - _LONGEST)
            return start <= high and not (is_over and "RDATE" not in self.lines)
        end = _day(self.first("DTEND")) or start
        instead_of = _day(self.first("RECURRENCE-ID"))
        replaces = instead_of is not None and low <= instead_of <= high
        return replaces or (start <= high and end >= low)


@dataclass
class Lines:
    """What a file says, sorted: zones as text, entries, and whose calendar it is by its name."""

    zones: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    name: str = ""


def sorted_lines(content: bytes, zone: str, first: date, last: date) -> Lines:
    """The lines of a file about these dates. Times without a zone are in `zone`.

    Raises `Unreadable`.
    """
    found, begun = Lines(), False
    open_parts: list[str] = []
    for line in _unfolded(content.decode("utf-8-sig", errors="replace")):
        if not line.strip():
            continue
        name, value = _name(line), line.partition(":")[2].strip().upper()
        if not begun and (name, value) != ("BEGIN", "VCALENDAR"):
            raise Unreadable("not_a_calendar")
        begun = True
        if name == "BEGIN":
            open_parts.append(value)
            if len(open_parts) > _DEEPEST:
                raise Unreadable("broken")
            if open_parts[-1] == "VEVENT":
                found.entries.append(Entry())
        _sort(found, open_parts, name, line, zone)
        if name == "END":
            _close(found, open_parts, value, first, last)
    if open_parts or not begun:
        raise Unreadable("broken" if begun else "not_a_calendar")
    return found


def _sort(found: Lines, open_parts: list[str], name: str, line: str, zone: str) -> None:
    if "VTIMEZONE" in open_parts:
        found.zones.append(line)
    elif open_parts and open_parts[-1] == "VEVENT" and name not in ("BEGIN", "END"):
        found.entries[-1].add(_FLOATING.sub(rf"\1;TZID={zone}:\2", line))
    elif open_parts == ["VCALENDAR"] and name == "X-WR-CALNAME":
        found.name = line.partition(":")[2].strip()


def _close(found: Lines, open_parts: list[str], value: str, first: date, last: date) -> None:
    if not open_parts or open_parts.pop() != value:
        raise Unreadable("broken")
    if value == "VEVENT":
        if not found.entries[-1].matters(first, last):
            found.entries.pop()
        elif len(found.entries) > MOST_ENTRIES:
            raise Unreadable("too_much")


def _unfolded(text: str) -> Iterator[str]:
    """Lines with their continuations, which begin with a space or a tab."""
    pieces: list[str] = []
    for raw in _NEWLINE.split(text):
        if raw[:1] in (" ", "\t"):
            pieces.append(raw[1:])
            continue
        if pieces:
            yield "".join(pieces)
        pieces = [raw]
    yield "".join(pieces)


def _name(line: str) -> str:
    found = _NAME.match(line)
    return found[0].upper() if found else ""


def _day(line: str) -> str | None:
    found = _DAY.search(line)
    return found[1] if found else None


def _digits(day: date) -> str:
    return f"{day:%Y%m%d}"
