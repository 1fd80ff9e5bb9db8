"""Calendar files, written as Outlook, Google and Apple write them, or just well enough."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.calendars.found import Found, Whose
from bot.calendars.reading import read_calendar
from models.standards import AWAY_WORDS

FIRST, LAST = date(2026, 11, 24), date(2027, 2, 7)

OUTLOOK_ZONE = """
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def whose(zone: str = "Europe/Berlin", name: str = "Ana Weiss") -> Whose:
    return Whose(zone, name, "ana@example.com", AWAY_WORDS, time(9), time(17))


def a_file(*entries: str, before: str = "") -> bytes:
    """A calendar of these entries: each one's lines, without its BEGIN and END."""
    events = "".join(
        f"BEGIN:VEVENT\n{_own(entry, n)}END:VEVENT\n" for n, entry in enumerate(entries)
    )
    text = (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{_lines(before)}{events}END:VCALENDAR\n"
    )
    return text.replace("\n", "\r\n").encode()


def _own(entry: str, number: int) -> str:
    lines = _lines(entry)
    return lines if "UID:" in lines else f"UID:{number}@example.com\n{lines}"


def _lines(text: str) -> str:
    return "".join(f"{line.strip()}\n" for line in text.splitlines() if line.strip())


def read(
    content: bytes,
    zone: str = "Europe/Berlin",
    first: date = FIRST,
    last: date = LAST,
    *,
    name: str = "Ana Weiss",
) -> Found:
    return read_calendar(content, whose(zone, name), first, last)


def said(found: Found, zone: str = "Europe/Berlin") -> list[str]:
    """When somebody is busy, on the clock of a zone: `11-25 10:00-11:00`."""
    return [_span(start, end, ZoneInfo(zone)) for start, end in found.busy]


def _span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    start, end = start.astimezone(zone), end.astimezone(zone)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%m-%d %H:%M}"
    return f"{start:%m-%d %H:%M}-{until}"


def off(found: Found) -> list[str]:
    """Which days somebody is away: `12-24 to 01-01`."""
    return [
        f"{first:%m-%d}" if first == last else f"{first:%m-%d} to {last:%m-%d}"
        for first, last in sorted(found.away.values())
    ]
