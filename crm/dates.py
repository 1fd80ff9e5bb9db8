"""Dates as CRMs write them. ISO is understood; any other form wants its pattern told.

`Forms` looks at all dates of a file and proposes the one pattern in which all of them can be read;
where there are several, it proposes none.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from crm.problems import FileRefused, Unusable

_ISO = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:[T ]\d{1,2}:\d{2}.*)?$", re.ASCII)
_TIME = re.compile(
    r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?)?$", re.ASCII
)
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)", re.ASCII)
_TOKENS = (
    ("YYYY", "%Y"), ("YY", "%y"), ("MMMM", "%B"), ("MMM", "%b"), ("MM", "%m"), ("M", "%m"),
    ("DD", "%d"), ("D", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S"),
)  # fmt: skip
_TOKEN = re.compile("|".join(token for token, _code in _TOKENS))
_PARTS = (("%d",), ("%m", "%b", "%B"), ("%Y", "%y"))
EARLIEST, LATEST = date(1980, 1, 1), date(2100, 1, 1)
MOST_REMEMBERED = 50_000
"""So many different cells are remembered with what they mean, so that memory stays small."""


_NO_ISO = "is not a date like 2026-11-30"


class DateReader:
    """Reads the dates of one file. `pattern` is like `DD.MM.YYYY`, or strptime's `%d.%m.%Y`.

    With a pattern, ISO dates are still understood: they can mean nothing else. Of a timestamp the
    date counts as it is written. Raises FileRefused for a pattern without day, month and year.
    """

    def __init__(self, pattern: str | None = None) -> None:
        self.pattern = pattern
        self._format = _strptime_format(pattern) if pattern else None
        self._seen: dict[str, date | Unusable | None] = {}
        self.forms = Forms()
        """How those may be read that could not be, for want of a pattern."""

    def day(self, text: str) -> date | None:
        """The date; None where nothing is written. Raises Unusable."""
        if text in self._seen:
            found = self._seen[text]
        else:
            found = self._parse(text.strip()) if text.strip() else None
            if len(self._seen) < MOST_REMEMBERED:
                self._seen[text] = found
        if isinstance(found, Unusable):
            raise Unusable(found.says, found.option)
        return found

    def moment(self, text: str, zone: ZoneInfo) -> datetime | None:
        """The moment of a date or ISO timestamp; a date is its first minute in `zone`."""
        day = self.day(text)
        if day is None:
            return None
        try:
            stamp = datetime.fromisoformat(text.strip())
        except ValueError:
            stamp = datetime.combine(day, _time(text.strip()), zone)
        return (stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)).astimezone(UTC)

    def _parse(self, text: str) -> date | Unusable:
        """The date, or why there is none."""
        try:
            day = self._read(text)
        except ValueError:
            day = None
        if day is None:
            return self._why(text)
        return day if EARLIEST <= day < LATEST else Unusable("lies outside 1980 to 2100")

    def _read(self, text: str) -> date | None:
        iso = _ISO.match(text)
        if iso:
            return date.fromisoformat(iso[1])
        if self._format is None:
            self.forms.see(text)
            return None
        try:
            return _day(text, self._format)
        except ValueError:
            return _day(_TIME.sub("", text).rstrip(" T,"), self._format)

    def _why(self, text: str) -> Unusable:
        if _ISO.match(text):
            return Unusable("is not a date of the calendar")
        if self.pattern:
            return Unusable(f"is not a date in the form {self.pattern}")
        numbers = _NUMBERS.match(text)
        if numbers is None:
            return Unusable(_NO_ISO, ": say its form with --date-format")
        first, mark, second, year = numbers.groups()
        day_first, month_first = (
            mark.join((*parts, "Y" * len(year))) for parts in (("DD", "MM"), ("MM", "DD"))
        )
        if int(first) > 12 or int(second) > 12:
            like = day_first if int(first) > 12 else month_first
            return Unusable(_NO_ISO, f": it looks like --date-format {like}")
        return Unusable("could be two dates", f": say --date-format {month_first} or {day_first}")


def _time(text: str) -> time:
    """The time that a timestamp ends with; midnight where there is none that can be read."""
    found = _TIME.search(text)
    if found is None:
        return time(0)
    hour, minute, second = (int(part or 0) for part in found.group(1, 2, 3))
    if found[4]:
        hour = hour % 12 + (12 if found[4] in "Pp" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else time(0)


_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_NAMED = (
    (re.compile(rf"\d{{1,2}} {_MONTHS} \d{{4}}\b", re.I | re.A), "DD MMM YYYY"),
    (re.compile(rf"\d{{1,2}}-{_MONTHS}-\d{{4}}\b", re.I | re.A), "DD-MMM-YYYY"),
    (re.compile(rf"\d{{1,2}}-{_MONTHS}-\d{{2}}\b", re.I | re.A), "DD-MMM-YY"),
    (re.compile(rf"{_MONTHS} \d{{1,2}}, \d{{4}}\b", re.I | re.A), "MMM DD, YYYY"),
)
_YEAR_FIRST = re.compile(r"\d{4}([./])\d{1,2}\1\d{1,2}(?!\d)", re.ASCII)


class Forms:
    """Which patterns fit every date seen so far. Four-digit years first or last, two-digit last."""

    def __init__(self) -> None:
        self.possible: frozenset[str] | None = None
        """None: no date was seen that would need a pattern."""
        self.example = ""
        """The date that left the fewest patterns."""
        self._seen: set[str] = set()

    def see(self, text: str) -> None:
        """Takes one cell into account; what is empty, ISO or no date at all says nothing."""
        if text in self._seen:
            return
        if len(self._seen) < MOST_REMEMBERED:
            self._seen.add(text)
        text = text.strip()
        if not text or _ISO.match(text):
            return
        fits = frozenset(_forms(text))
        if fits and (self.possible is None or not self.possible <= fits):
            self.possible = fits if self.possible is None else self.possible & fits
            self.example = text

    @property
    def only(self) -> str | None:
        """The one pattern that fits all; None where there are several, or none."""
        if self.possible is None or len(self.possible) != 1:
            return None
        return next(iter(self.possible))


def _forms(text: str) -> Iterator[str]:
    numbers = _NUMBERS.match(text)
    if numbers is not None:
        first, mark, second, year = numbers.groups()
        century = 2000 if len(year) == 2 else 0
        for day, month, parts in ((second, first, ("MM", "DD")), (first, second, ("DD", "MM"))):
            if _is_day(century + int(year), int(month), int(day)):
                yield mark.join((*parts, "Y" * len(year)))
    year_first = _YEAR_FIRST.match(text)
    if year_first is not None:
        yield year_first[1].join(("YYYY", "MM", "DD"))
    yield from (form for pattern, form in _NAMED if pattern.match(text))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return EARLIEST <= date(year, month, day) < LATEST
    except ValueError:
        return False


def _day(text: str, form: str) -> date:
    return datetime.strptime(text, form).replace(tzinfo=UTC).date()


def _strptime_format(pattern: str) -> str:
    codes = dict(_TOKENS)
    form = pattern
    if "%" not in pattern:
        form = _TOKEN.sub(lambda token: codes[token[0]], pattern)
    if not all(any(code in form for code in part) for part in _PARTS):
        raise FileRefused(
            f"--date-format {pattern}: needs day, month and year, like DD/MM/YYYY or %d/%m/%Y"
        )
    return form
