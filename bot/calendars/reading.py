"""What a calendar file says: when a person is busy, and on which days they are out of office.

Entries come from Outlook, Google, Apple and whatever else writes RFC 5545. Only times leave here,
never what an entry is called. A file is somebody else's: read it where reading can be cut off
(`bot.calendars.apart`).
"""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from math import prod
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events  # type: ignore[import-untyped]
from icalendar import Calendar
from icalendar.timezone import tzp

from bot.calendars.found import Found, Time, Unreadable, Whose
from bot.calendars.lines import Entry, sorted_lines

MOST_TIMES = 5000
"""Occurrences in the dates asked about."""
MOST_A_DAY = 24  # of one entry: what recurs more often is no appointment
_LONGEST_AWAY = timedelta(days=366)  # what one absence holds
_DAY, _TWO_DAYS = timedelta(days=1), timedelta(days=2)
_FREE = ("FREE", "WORKINGELSEWHERE")
_OFTEN = ("SECONDLY", "MINUTELY")
_WITHIN_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_PARTS = re.compile(r"[^\w' ]+|\s-+\s|_")


def read_calendar(content: bytes, whose: Whose, first: date, last: date) -> Found:
    """What a file says of these dates, both included. Raises `Unreadable`.

    An entry that cannot be read is counted, and spoils nothing of the others.
    """
    lines = sorted_lines(content, whose.zone, first, last)
    reading = _Reading(whose, lines.name, first, last)
    tzp.use_default()  # forget the zones of the file before: names like "Custom" are in many
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a guess at an odd name of a zone
        _know_zones(lines.zones)
        for entries in _by_uid(lines.entries):
            reading.take(entries)
    return reading.found()


def _know_zones(lines: list[str]) -> None:
    """Each VTIMEZONE by itself: a bad one is none."""
    text = "\r\n".join(lines)
    for zone in re.findall(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE", text, re.S | re.I):
        try:
            Calendar.from_ical(f"BEGIN:VCALENDAR\r\n{zone}\r\nEND:VCALENDAR\r\n")
        except Exception:  # noqa: S112 - whatever the library stumbles over in somebody's file
            continue


def _by_uid(entries: list[Entry]) -> Iterable[list[Entry]]:
    """What belongs together: an entry that recurs and those that stand in for one time of it."""
    series: dict[str, list[Entry]] = defaultdict(list)
    for number, entry in enumerate(entries):
        series[entry.uid or f"\0{number}"].append(entry)
    return series.values()


class _Reading:
    def __init__(self, whose: Whose, called: str, first: date, last: date) -> None:
        self.whose = whose
        self.zone = ZoneInfo(whose.zone)
        own = {whose.email or "", called if "@" in called else ""}
        self.addresses = {f"mailto:{one.casefold()}" for one in own if one}
        self.name = frozenset(whose.name.casefold().split())
        self.words = frozenset(_plain(word) for word in whose.away_words)
        self.from_, self.until = self._midnight(first), self._midnight(last + _DAY)
        self.first, self.last = first, last
        self.times: list[Time] = []
        self.away: dict[str, tuple[date, date]] = {}
        self.unread = 0
        self.taken = 0

    def take(self, entries: list[Entry]) -> None:
        """Everything of one UID."""
        if any(_is_hopeless(entry) for entry in entries):
            self.unread += 1
            return
        text = "".join(entry.text() for entry in entries)
        try:
            calendar = Calendar.from_ical(f"BEGIN:VCALENDAR\r\n{text}END:VCALENDAR\r\n")
            span = self.from_ - _TWO_DAYS, self.until + _TWO_DAYS
            found = recurring_ical_events.of(calendar).between(*span)
            said = [(one, *self._span(one)) for one in found if self._blocks(one)]
        except MemoryError:
            raise Unreadable("too_much") from None
        except Exception:  # whatever the library stumbles over in somebody's entry
            self.unread += 1
            return
        self.taken += len(said)
        if self.taken > MOST_TIMES:
            raise Unreadable("too_much")
        for one, start, end in said:
            self._add(one, start, end)

    def found(self) -> Found:
        return Found(list(_merged(self.times)), self.away, self.unread)

    def _add(self, one: Any, start: datetime, end: datetime) -> None:
        days = self._days(start, end) if self._is_away(one) else None
        if days is None:
            self._busy(start, end)
            return
        self._off(f"{one.get('UID', '')}|{start.isoformat()}", *days)
        self._busy(start, self._midnight(days[0]))
        self._busy(self._midnight(days[1] + _DAY), end)

    def _busy(self, start: datetime, end: datetime) -> None:
        start, end = max(start, self.from_), min(end, self.until)
        if start < end:
            self.times.append((start, end))

    def _off(self, name: str, first: date, last: date) -> None:
        """As absences, none longer than one may be: it is cut where it always is."""
        pieces = (max(self.first, first) - first) // _LONGEST_AWAY
        begins = first + pieces * _LONGEST_AWAY
        while begins <= min(last, self.last):
            ends = min(last, begins + _LONGEST_AWAY - _DAY)
            key = sha256(f"{name}|{begins}".encode()).hexdigest()[:32]
            if ends >= self.first:
                self.away[key] = begins, ends
            begins = ends + _DAY

    # --- times

    def _span(self, one: Any) -> Time:
        """From when until when an occurrence is, in UTC."""
        start, end = one["DTSTART"].dt, one["DTEND"].dt
        if str(one.get("X-MICROSOFT-CDO-ALLDAYEVENT", "")).upper() == "TRUE":
            start, end = _as_days(start), _as_days(end)
        return self._moment(start), self._moment(end)

    def _moment(self, at: date) -> datetime:
        """A date begins at midnight; a time without a zone is where the person is."""
        if not isinstance(at, datetime):
            return self._midnight(at)
        return (at.replace(tzinfo=self.zone) if at.tzinfo is None else at).astimezone(UTC)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _days(self, start: datetime, end: datetime) -> tuple[date, date] | None:
        """The first and last day whose working hours it covers; None: none wholly."""
        first, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        if datetime.combine(first, self.whose.day_from, self.zone) < start:
            first += _DAY
        if datetime.combine(last, self.whose.day_until, self.zone) > end:
            last -= _DAY
        return (first, last) if first <= last else None

    # --- meaning

    def _blocks(self, one: Any) -> bool:
        """Whether an occurrence takes time. Outlook's own word outranks TRANSP, which it writes
        for others; what is tentative may well be."""
        if str(one.get("STATUS", "")).upper() == "CANCELLED" or self._is_declined(one):
            return False
        shows_as = str(one.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
        if shows_as:
            return shows_as not in _FREE
        return str(one.get("TRANSP", "")).upper() != "TRANSPARENT"

    def _is_declined(self, one: Any) -> bool:
        """Whether this very person said no. Who that is, the calendar's name may say (Google)."""
        invited = one.get("ATTENDEE", [])
        return any(
            str(each).casefold() in self.addresses
            and str(each.params.get("PARTSTAT", "")).upper() == "DECLINED"
            for each in (invited if isinstance(invited, list) else [invited])
        )

    def _is_away(self, one: Any) -> bool:
        """Outlook says so itself; Google's file has but the entry's name (its kind is written by
        programs that know it)."""
        if str(one.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "OOF":
            return True
        kind = str(one.get("X-GOOGLE-EVENT-TYPE", "")).casefold()
        return kind == "outofoffice" or self._is_called_away(str(one.get("SUMMARY", "")))

    def _is_called_away(self, summary: str) -> bool:
        """`Vacation`, `Vacation: Lisbon`, `OOO – Ana` for Ana; not `Vacation planning`, nor
        somebody else's: `Max: vacation`."""
        pieces = [_plain(piece) for piece in _PARTS.split(summary.casefold())]
        own = [" ".join(w for w in piece.split() if w not in self.name) for piece in pieces]
        named = next((piece for piece in own if piece), "")
        return named in self.words


def _is_hopeless(entry: Entry) -> bool:
    """Whether a rule gives more times a day than an appointment ever has, or never goes on."""
    for line in entry.lines.get("RRULE", ()):
        parts = dict(part.partition("=")[::2] for part in line.upper().partition(":")[2].split(";"))
        if parts.get("FREQ") in _OFTEN or not parts.get("INTERVAL", "1").strip("+0"):
            return True
        if prod(len(parts.get(name, "").split(",")) for name in _WITHIN_A_DAY) > MOST_A_DAY:
            return True
    return False


def _merged(times: list[Time]) -> Iterator[Time]:
    """Times that overlap or touch, as one."""
    current: Time | None = None
    for start, end in sorted(times):
        if current is None or start > current[1]:
            if current is not None:
                yield current
            current = start, end
        else:
            current = current[0], max(current[1], end)
    if current is not None:
        yield current


def _as_days(at: date) -> date:
    """Midnight, of an entry that says it takes whole days, as the date that is meant."""
    is_midnight = isinstance(at, datetime) and at.time() == time()
    return at.date() if isinstance(at, datetime) and is_midnight else at


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
