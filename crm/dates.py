"""Dates as CRMs write them. ISO is understood; any other form wants its pattern told."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from crm.problems import FileRefused, Unusable

_ISO = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?$")
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)", re.ASCII)
_TOKENS = (
    ("YYYY", "%Y"), ("YY", "%y"), ("MMMM", "%B"), ("MMM", "%b"), ("MM", "%m"), ("M", "%m"),
    ("DD", "%d"), ("D", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S"),
)  # fmt: skip
_TOKEN = re.compile("|".join(token for token, _code in _TOKENS))
_PARTS = (("%d",), ("%m", "%b", "%B"), ("%Y", "%y"))
EARLIEST, LATEST = date(1980, 1, 1), date(2100, 1, 1)


class DateReader:
    """Reads the dates of one file. `pattern` is like `DD.MM.YYYY`, or strptime's `%d.%m.%Y`.

    With a pattern, ISO dates are still understood: they can mean nothing else. Of a timestamp the
    date counts as it is written. Raises FileRefused for a pattern without day, month and year.
    """

    def __init__(self, pattern: str | None = None) -> None:
        self.pattern = pattern
        self._format = _strptime_format(pattern) if pattern else None
        self._seen: dict[str, date | str] = {}

    def day(self, text: str) -> date | None:
        """The date; None where nothing is written. Raises Unusable."""
        found = self._seen.get(text)
        if found is None:
            found = self._seen[text] = self._parse(text.strip()) if text.strip() else ""
        if isinstance(found, str):
            if not found:
                return None
            raise Unusable(found)
        return found

    def moment(self, text: str, zone: ZoneInfo) -> datetime | None:
        """The moment of a date or ISO timestamp; a date is its first minute in `zone`."""
        day = self.day(text)
        if day is None:
            return None
        try:
            stamp = datetime.fromisoformat(text.strip())
        except ValueError:
            stamp = datetime.combine(day, time(0), zone)
        return (stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)).astimezone(UTC)

    def _parse(self, text: str) -> date | str:
        """The date, or the end of a sentence that says why there is none."""
        try:
            day = self._read(text)
        except ValueError:
            day = None
        if day is None:
            return self._why(text)
        return day if EARLIEST <= day < LATEST else "lies outside 1980 to 2100"

    def _read(self, text: str) -> date | None:
        iso = _ISO.match(text)
        if iso:
            return date.fromisoformat(iso[1])
        if self._format is None:
            return None
        try:
            return _day(text, self._format)
        except ValueError:
            return _day(text.partition(" ")[0], self._format)

    def _why(self, text: str) -> str:
        if _ISO.match(text):
            return "is not a date of the calendar"
        if self.pattern:
            return f"is not a date in the form {self.pattern}"
        numbers = _NUMBERS.match(text)
        if numbers is None:
            return "is not a date like 2026-11-30: say its form with --date-format"
        first, mark, second, year = numbers.groups()
        day_first, month_first = (
            mark.join((*parts, "Y" * len(year))) for parts in (("DD", "MM"), ("MM", "DD"))
        )
        if int(first) > 12 or int(second) > 12:
            like = day_first if int(first) > 12 else month_first
            return f"is not a date like 2026-11-30: it looks like --date-format {like}"
        return f"could be two dates: say --date-format {month_first} or {day_first}"


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
