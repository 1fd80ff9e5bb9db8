"""Dates: ISO is understood, everything else by the pattern that was told."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.dates import DateReader
from crm.problems import FileRefused, Unusable

DAYS = st.dates(min_value=date(1980, 1, 1), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (None, "2026-11-30"),
        (None, "2026-11-30T23:30:00Z"),
        (None, "2026-11-30 23:30:00.829"),
        ("DD.MM.YYYY", "30.11.2026"),
        ("DD.MM.YYYY", "2026-11-30"),
        ("M/D/YY", "11/30/26"),
        ("MM/DD/YY", "11/30/26 08:55 PM"),
        ("%d/%m/%Y", "30/11/2026"),
        ("D MMM YYYY", "30 Nov 2026"),
        ("MM/DD/YYYY HH:mm", "11/30/2026 20:55"),
    ],
)
def test_one_day_in_many_forms(pattern: str | None, text: str) -> None:
    assert DateReader(pattern).day(text) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("pattern", "text", "why"),
    [
        (None, "03/04/2026", "could be two dates: say --date-format MM/DD/YYYY or DD/MM/YYYY"),
        (None, "3.4.26", "MM.DD.YY or DD.MM.YY"),
        (None, "30/11/2026", "looks like --date-format DD/MM/YYYY"),
        (None, "11/30/2026", "looks like --date-format MM/DD/YYYY"),
        (None, "2026-02-30", "no|not a date of the calendar"),
        (None, "45991", "not a date like 2026-11-30"),
        (None, "20261130", "not a date like 2026-11-30"),
        (None, "2026-W49-1", "not a date like 2026-11-30"),
        (None, "0026-11-30", "outside 1980 to 2100"),
        ("DD.MM.YYYY", "11/30/2026", "not a date in the form DD.MM.YYYY"),
    ],
)
def test_what_is_unclear_is_asked(pattern: str | None, text: str, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        DateReader(pattern).day(text)


@pytest.mark.parametrize("pattern", ["MM/YYYY", "%H:%M", "x", "DD.MM."])
def test_a_pattern_needs_day_month_and_year(pattern: str) -> None:
    with pytest.raises(FileRefused, match="needs day, month and year"):
        DateReader(pattern)


def test_nothing_written_is_no_date() -> None:
    assert DateReader().day(" ") is None
    assert DateReader().moment("", ZoneInfo("UTC")) is None


def test_a_date_begins_at_midnight_of_its_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    reader = DateReader()
    assert reader.moment("2026-11-30", berlin) == datetime(2026, 11, 29, 23, tzinfo=UTC)
    assert reader.moment("2026-11-30T12:00:00Z", berlin) == datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert reader.moment("2026-11-30 12:00", berlin) == datetime(2026, 11, 30, 11, tzinfo=UTC)


@given(DAYS, st.sampled_from(["DD.MM.YYYY", "M/D/YYYY", "YYYY-MM-DD", "D MMM YYYY", "%Y/%m/%d"]))
def test_every_day_comes_back(day: date, pattern: str) -> None:
    written = {
        "DD.MM.YYYY": f"{day:%d.%m.%Y}",
        "M/D/YYYY": f"{day.month}/{day.day}/{day.year}",
        "YYYY-MM-DD": day.isoformat(),
        "D MMM YYYY": f"{day.day} {day:%b %Y}",
        "%Y/%m/%d": f"{day:%Y/%m/%d}",
    }[pattern]
    assert DateReader(pattern).day(written) == day


@given(DAYS)
def test_without_a_pattern_no_slashed_date_is_taken(day: date) -> None:
    for text in (f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}", f"{day:%d.%m.%y}"):
        with pytest.raises(Unusable):
            DateReader().day(text)


@given(st.text(max_size=24), st.sampled_from([None, "DD.MM.YYYY", "%m/%d/%y"]))
def test_any_text_is_a_date_or_refused(text: str, pattern: str | None) -> None:
    try:
        day = DateReader(pattern).day(text)
    except Unusable:
        return
    assert day is None or date(1980, 1, 1) <= day < date(2100, 1, 1)
