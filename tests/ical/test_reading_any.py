"""Random entries, held against the plainest way to say when they are."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.found import Unreadable
from tests.ical.files import a_file, read

FIRST, LAST = date(2026, 10, 20), date(2026, 11, 20)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Made:
    """An entry that recurs every so many days, so many times, with days left out."""

    zone: str
    start: datetime  # on the clock of the zone
    minutes: int
    every: int
    times: int
    without: frozenset[int]
    free: bool

    def text(self) -> str:
        left_out = "".join(
            f"EXDATE;TZID={self.zone}:{self._start(n):%Y%m%dT%H%M%S}\n"
            for n in sorted(self.without)
        )
        return (
            f"DTSTART;TZID={self.zone}:{self.start:%Y%m%dT%H%M%S}\nDURATION:PT{self.minutes}M\n"
            f"RRULE:FREQ=DAILY;INTERVAL={self.every};COUNT={self.times}\n{left_out}"
            f"TRANSP:{'TRANSPARENT' if self.free else 'OPAQUE'}"
        )

    def spans(self) -> list[tuple[datetime, datetime]]:
        """In UTC; none where it takes no time."""
        if self.free:
            return []
        starts = [
            self._start(n).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
            for n in range(self.times)
            if n not in self.without
        ]
        return [(start, start + timedelta(minutes=self.minutes)) for start in starts]

    def _start(self, number: int) -> datetime:
        return self.start + number * self.every * DAY


made = st.builds(
    Made,
    zone=st.sampled_from(ZONES),
    start=st.builds(
        datetime.combine,
        st.dates(FIRST - 40 * DAY, LAST + 10 * DAY),
        # hours that no zone here skips or has twice: there duration may be read in two ways
        st.builds(time, st.integers(4, 20), st.sampled_from((0, 15, 30))),
    ),
    minutes=st.sampled_from((15, 30, 60, 180)),
    every=st.integers(1, 9),
    times=st.integers(1, 30),
    without=st.frozensets(st.integers(1, 29), max_size=3),
    free=st.booleans(),
)


def minutes_of(spans: list[tuple[datetime, datetime]]) -> set[datetime]:
    """Every quarter of an hour in them."""
    quarter = timedelta(minutes=15)
    return {
        start + n * quarter for start, end in spans for n in range(int((end - start) / quarter))
    }


@given(st.lists(made, max_size=5), st.sampled_from(ZONES))
def test_as_the_naive_expansion_has_it(entries: list[Made], zone: str) -> None:
    found = read(a_file(*(one.text() for one in entries)), zone, FIRST, LAST)
    from_, until = (
        datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) for day in (FIRST, LAST + DAY)
    )
    expected = {at for one in entries for at in minutes_of(one.spans()) if from_ <= at < until}
    assert minutes_of(found.busy) == expected
    assert all(a[1] < b[0] for a, b in zip(found.busy, found.busy[1:], strict=False))
    assert found.unread == 0


lines = st.lists(
    st.sampled_from(
        (
            "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VTIMEZONE",
            "END:VTIMEZONE", "DTSTART:20261101T100000", "DTSTART;VALUE=DATE:20261101", "X",
            "DTEND:20261101T110000", "DURATION:-P1D", "RRULE:FREQ=WEEKLY", "RRULE:COUNT=2", "UID:1",
            "RECURRENCE-ID:20261108T100000", "RDATE;VALUE=PERIOD:20261102T100000/PT1H", ":", "\x00",
            "EXDATE:20261101", "SUMMARY;X=\":vacation", "ATTENDEE;PARTSTAT=DECLINED", " folded",
            "SEQUENCE:-", "STATUS", "DTEND:", "DTSTART;TZID=:20261101T100000", "ÄÖ:1",
        )
    ),
    max_size=40,
)  # fmt: skip


@given(lines)
def test_whatever_is_in_a_file_is_read_or_refused(inside: list[str]) -> None:
    content = "\r\n".join(["BEGIN:VCALENDAR", *inside, "END:VCALENDAR", ""]).encode()
    word = ""
    spans: list[tuple[datetime, datetime]] = []
    try:
        spans = read(content, first=FIRST, last=LAST).busy
    except Unreadable as refused:
        word = refused.word
    assert word in ("", "broken", "not_a_calendar")
    assert all(start < end for start, end in spans)
