"""What calendar files say, as Outlook, Google, Apple and others write them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.calendars.found import Unreadable
from bot.calendars.lines import MOST_ENTRIES
from bot.calendars.reading import MOST_TIMES
from tests.ical.files import OUTLOOK_ZONE, a_file, off, read, said

TEN = "DTSTART:20261125T100000\nDTEND:20261125T110000\n"  # of no zone: where the person is
WHOLE_DAYS = "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20270102\n"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (TEN, ["11-25 10:00-11:00"]),
        ("DTSTART:20261125T090000Z\nDTEND:20261125T100000Z", ["11-25 10:00-11:00"]),
        ("DTSTART;TZID=America/New_York:20261125T040000\nDURATION:PT1H", ["11-25 10:00-11:00"]),
        (
            "DTSTART;TZID=W. Europe Standard Time:20261125T100000\nDURATION:PT90M",
            ["11-25 10:00-11:30"],
        ),
        ('DTSTART;TZID="Eastern Standard Time":20261125T040000\nDURATION:PT1H',
         ["11-25 10:00-11:00"]),
        ("DTSTART;TZID=/example.org/20260101/Europe/Berlin:20261125T100000\nDURATION:PT1H",
         ["11-25 10:00-11:00"]),
        ("DTSTART;TZID=Nowhere/Land:20261125T100000\nDURATION:PT1H", ["11-25 10:00-11:00"]),
        ("DTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261126", ["11-25 00:00-11-26 00:00"]),
        ("DTSTART;VALUE=DATE:20261125", ["11-25 00:00-11-26 00:00"]),
        ("DTSTART:20261125T100000", []),  # takes no time
        ("DTSTART:20261123T100000\nDTEND:20261124T010000", ["11-24 00:00-01:00"]),  # cut
        ("DTSTART:20261101T100000\nDTEND:20261120T010000", []),
        ("DTSTART:20270301T100000\nDTEND:20270301T110000", []),
    ],
)  # fmt: skip
def test_when_an_entry_is(entry: str, expected: list[str]) -> None:
    found = read(a_file(entry))
    assert (said(found), found.unread) == (expected, 0)


@pytest.mark.parametrize(
    ("lines", "busy"),
    [
        ("", True),
        ("STATUS:CONFIRMED\nTRANSP:OPAQUE", True),
        ("STATUS:TENTATIVE", True),
        ("STATUS:CANCELLED", False),
        ("TRANSP:TRANSPARENT", False),
        ("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", True),
        ("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", True),
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", True),
        ("X-MICROSOFT-CDO-BUSYSTATUS:FREE", False),
        ("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", False),
        ("TRANSP:OPAQUE\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", False),
        ("TRANSP:TRANSPARENT\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY", True),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:ana@example.com", False),
        ("ATTENDEE;CN=Ana;PARTSTAT=DECLINED:MAILTO:Ana@Example.com", False),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:max@example.com", True),
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.com\n"
         "ATTENDEE;PARTSTAT=DECLINED:mailto:max@example.com", True),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:max@example.com\n"
         "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@example.com", False),
        ("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ana@example.com", True),
    ],
)  # fmt: skip
def test_whether_an_entry_takes_time(lines: str, busy: bool) -> None:
    assert said(read(a_file(TEN + lines))) == (["11-25 10:00-11:00"] if busy else [])


def test_googles_calendar_is_called_like_its_owner() -> None:
    declined = f"{TEN}ATTENDEE;PARTSTAT=DECLINED:mailto:a.weiss@other.example"
    assert said(read(a_file(declined, before="X-WR-CALNAME:a.weiss@other.example"))) == []
    assert said(read(a_file(declined, before="X-WR-CALNAME:Private"))) == ["11-25 10:00-11:00"]


# --- what recurs


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([f"{TEN}RRULE:FREQ=WEEKLY;COUNT=3"], ["11-25", "12-02", "12-09"]),
        ([f"{TEN}RRULE:FREQ=WEEKLY;UNTIL=20261202"], ["11-25"]),
        ([f"{TEN}RRULE:FREQ=WEEKLY;UNTIL=20261202T090000Z"], ["11-25", "12-02"]),
        ([f"{TEN}RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20261202T100000"], ["11-25", "12-09"]),
        ([f"{TEN}RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20261125T100000,20261209T100000"], ["12-02"]),
        ([f"{TEN}RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20261202T090000Z"], ["11-25", "12-09"]),
        ([f"{TEN}RDATE:20261127T100000,20261130T100000"], ["11-25", "11-27", "11-30"]),
        (["DTSTART:20200101T100000\nDTEND:20200101T110000\nRRULE:FREQ=MONTHLY;BYDAY=1MO"],
         ["12-07", "01-04", "02-01"]),
        (["DTSTART:20200101T100000\nDTEND:20200101T110000\nRRULE:FREQ=DAILY;UNTIL=20250101"], []),
        ([f"UID:1\n{TEN}RRULE:FREQ=WEEKLY;COUNT=3",
          "UID:1\nRECURRENCE-ID:20261202T100000\nDTSTART:20261203T100000\nDTEND:20261203T110000"],
         ["11-25", "12-03", "12-09"]),
        ([f"UID:1\n{TEN}RRULE:FREQ=WEEKLY;COUNT=3",
          "UID:1\nRECURRENCE-ID:20261202T100000\nDTSTART:20270603T100000\nDTEND:20270603T110000"],
         ["11-25", "12-09"]),
        (["UID:1\nDTSTART:20200101T100000\nDTEND:20200101T110000\nRRULE:FREQ=YEARLY;COUNT=3",
          "UID:1\nRECURRENCE-ID:20220101T100000\nDTSTART:20261203T100000\nDTEND:20261203T110000"],
         ["12-03"]),
        ([f"UID:1\n{TEN}RRULE:FREQ=WEEKLY;COUNT=3",
          "UID:1\nRECURRENCE-ID:20261202T100000\nDTSTART:20261202T100000\nDTEND:20261202T110000\n"
          "STATUS:CANCELLED"], ["11-25", "12-09"]),
        ([f"UID:1\n{TEN}RRULE:FREQ=WEEKLY;COUNT=3",
          "UID:1\nRECURRENCE-ID:20261202T100000\nDTSTART:20261202T100000\nDTEND:20261202T110000\n"
          "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@example.com"], ["11-25", "12-09"]),
    ],
)  # fmt: skip
def test_on_which_days_it_recurs(entries: list[str], expected: list[str]) -> None:
    found = read(a_file(*entries))
    assert said(found) == [f"{day} 10:00-11:00" for day in expected]
    assert found.unread == 0


@pytest.mark.parametrize(
    ("zone", "first", "expected"),
    [
        ("Europe/Berlin", date(2026, 10, 19), ["10-22 08:00", "10-29 09:00"]),
        ("America/New_York", date(2026, 10, 26), ["10-29 14:00", "11-05 15:00"]),
        ("Australia/Sydney", date(2026, 9, 28), ["10-01 00:00", "10-07 23:00"]),
        ("America/Santiago", date(2026, 8, 31), ["09-03 14:00", "09-10 13:00"]),
        ("Asia/Kolkata", date(2026, 10, 19), ["10-22 04:30", "10-29 04:30"]),
    ],
)
def test_what_recurs_keeps_its_time_when_clocks_change(
    zone: str, first: date, expected: list[str]
) -> None:
    """Thursdays at ten on the clock of the zone, seen from UTC."""
    entry = f"DTSTART;TZID={zone}:20260101T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    found = read(a_file(entry), zone, first, first + timedelta(days=13))
    assert [f"{start:%m-%d %H:%M}" for start, _ in found.busy] == expected


@pytest.mark.parametrize(
    ("zone", "lines", "expected"),
    [  # a time that a change of clocks skips lands after it by as much; one that is twice, first
        ("Europe/Berlin", "20270328T023000", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("Europe/Berlin", "20261025T023000", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Australia/Sydney", "20261004T023000", datetime(2026, 10, 3, 16, 30, tzinfo=UTC)),
        ("Australia/Sydney", "20270404T023000", datetime(2027, 4, 3, 15, 30, tzinfo=UTC)),
    ],
)
def test_at_the_edge_of_summer_time(zone: str, lines: str, expected: datetime) -> None:
    entry = f"DTSTART;TZID={zone}:{lines}\nDURATION:PT15M"
    day = date(int(lines[:4]), int(lines[4:6]), int(lines[6:8]))
    assert [start for start, _ in read(a_file(entry), zone, day, day).busy] == [expected]


def test_a_whole_day_is_the_persons_own_wherever_they_are() -> None:
    entry = "DTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261126"
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu"):
        assert said(read(a_file(entry), zone), zone) == ["11-25 00:00-11-26 00:00"]
    [(start, end)] = read(
        a_file("DTSTART;VALUE=DATE:20270328"), first=date(2027, 3, 28), last=date(2027, 3, 28)
    ).busy
    assert (end - start).total_seconds() == 23 * 3600  # the clock is set forward on it


# --- zones of the file's own


def test_a_zone_that_only_the_file_knows() -> None:
    zone = OUTLOOK_ZONE.replace("W. Europe Standard Time", "Customized Time Zone")
    entry = (
        "DTSTART;TZID=Customized Time Zone:20261125T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2"
    )
    found = read(a_file(entry, before=zone), "UTC")
    assert said(found, "UTC") == ["11-25 09:00-10:00", "11-26 09:00-10:00"]


def test_one_files_zone_is_not_the_next_ones() -> None:
    entry = "DTSTART;TZID=Customized Time Zone:20261125T100000\nDURATION:PT1H"
    zone = OUTLOOK_ZONE.replace("W. Europe Standard Time", "Customized Time Zone")
    other = zone.replace("+0100", "+0500").replace("+0200", "+0600")
    assert said(read(a_file(entry, before=zone), "UTC"), "UTC") == ["11-25 09:00-10:00"]
    assert said(read(a_file(entry, before=other), "UTC"), "UTC") == ["11-25 05:00-06:00"]
    assert said(read(a_file(entry), "UTC"), "UTC") == ["11-25 10:00-11:00"]


def test_a_zone_that_makes_no_sense_spoils_nothing() -> None:
    bad = "BEGIN:VTIMEZONE\nTZID:Odd\nBEGIN:STANDARD\nDTSTART:x\nEND:STANDARD\nEND:VTIMEZONE"
    assert said(read(a_file(TEN, before=bad + OUTLOOK_ZONE))) == ["11-25 10:00-11:00"]


# --- out of office


@pytest.mark.parametrize(
    ("entry", "days", "busy"),
    [
        (f"{WHOLE_DAYS}SUMMARY:Vacation", ["12-24 to 01-01"], []),
        (f"{WHOLE_DAYS}SUMMARY:Urlaub", ["12-24 to 01-01"], []),
        (f"{WHOLE_DAYS}SUMMARY:Vacation: Lisbon", ["12-24 to 01-01"], []),
        (f"{WHOLE_DAYS}SUMMARY:OOO – Ana", ["12-24 to 01-01"], []),
        (f"{WHOLE_DAYS}SUMMARY:Ana Weiss - PTO", ["12-24 to 01-01"], []),
        (f"{WHOLE_DAYS}SUMMARY:🏝 Out of office", ["12-24 to 01-01"], []),
        (f"{WHOLE_DAYS}X-GOOGLE-EVENT-TYPE:outOfOffice", ["12-24 to 01-01"], []),
        (f"{WHOLE_DAYS}X-MICROSOFT-CDO-BUSYSTATUS:OOF\nSUMMARY:Paris", ["12-24 to 01-01"], []),
        (f"{WHOLE_DAYS}SUMMARY:Vacation\nTRANSP:TRANSPARENT", [], []),
        (f"{WHOLE_DAYS}SUMMARY:Vacation planning", [], ["12-24 00:00-01-02 00:00"]),
        (f"{WHOLE_DAYS}SUMMARY:Max: vacation", [], ["12-24 00:00-01-02 00:00"]),
        (f"{WHOLE_DAYS}SUMMARY:Trade fair", [], ["12-24 00:00-01-02 00:00"]),
        ("DTSTART:20261201T090000\nDTEND:20261201T170000\nX-MICROSOFT-CDO-BUSYSTATUS:OOF",
         ["12-01"], []),
        ("DTSTART:20261201T090100\nDTEND:20261201T170000\nX-MICROSOFT-CDO-BUSYSTATUS:OOF",
         [], ["12-01 09:01-17:00"]),
        ("DTSTART:20261201T130000\nDTEND:20261203T120000\nSUMMARY:Out of office",
         ["12-02"], ["12-01 13:00-12-02 00:00", "12-03 00:00-12:00"]),
        ("DTSTART;TZID=America/New_York:20261201T000000\nDTEND;TZID=America/New_York:20261202T000000"
         "\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\nX-MICROSOFT-CDO-BUSYSTATUS:OOF", ["12-01"], []),
        ("DTSTART:20261201T080000\nDTEND:20261201T180000\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\n"
         "RRULE:FREQ=WEEKLY;COUNT=2", ["12-01", "12-08"], []),
        ("DTSTART;VALUE=DATE:20261020\nDTEND;VALUE=DATE:20261128\nSUMMARY:Parental leave",
         ["10-20 to 11-27"], []),
        ("DTSTART;VALUE=DATE:20261020\nDTEND;VALUE=DATE:20261124\nSUMMARY:Parental leave", [], []),
    ],
)  # fmt: skip
def test_which_days_are_off(entry: str, days: list[str], busy: list[str]) -> None:
    found = read(a_file(entry))
    assert (off(found), said(found), found.unread) == (days, busy, 0)


def test_time_off_of_years_is_cut_into_what_one_absence_holds() -> None:
    entry = "DTSTART;VALUE=DATE:20250101\nDTEND;VALUE=DATE:20990101\nSUMMARY:Leave"
    early, late = read(a_file(entry)), read(a_file(entry), first=date(2026, 12, 24))
    assert sorted(early.away.values()) == [
        (date(2026, 1, 2), date(2027, 1, 2)),
        (date(2027, 1, 3), date(2028, 1, 3)),
    ]
    assert early.away == late.away, "the keys and days stay as time goes by"


def test_the_key_of_days_off_says_nothing_and_stays() -> None:
    entry = f"UID:ana@example.com\n{WHOLE_DAYS}SUMMARY:Vacation"
    [key] = read(a_file(entry)).away
    assert len(key) == 32
    assert "ana" not in key
    assert list(read(a_file(TEN, entry), first=date(2026, 12, 30)).away) == [key]


# --- as they are really written


def test_as_outlook_publishes() -> None:
    """Folded lines, a zone with a Windows name, text that is none of ours."""
    content = a_file(
        """
        DESCRIPTION:Long\\, and folded:
         BEGIN:VEVENT is no component here
        UID:040000008200E00074C5B7101A82E008
        SUMMARY:Standup
        DTSTART;TZID=W. Europe Standard Time:20261001T091500
        DTEND;TZID=W. Europe Standard Time:20261001T093000
        RRULE:FREQ=WEEKLY;UNTIL=20261202T081500Z;INTERVAL=1;BYDAY=MO,WE;WKST=MO
        EXDATE;TZID=W. Europe Standard Time:20261125T091500
        CLASS:PUBLIC
        TRANSP:OPAQUE
        STATUS:CONFIRMED
        X-MICROSOFT-CDO-BUSYSTATUS:BUSY
        BEGIN:VALARM
        DTSTART:20261126T000000
        TRIGGER:-PT15M
        ACTION:DISPLAY
        END:VALARM
        """.replace("\n         BEGIN:VEVENT is", " BEGIN:VEVENT is"),
        before=OUTLOOK_ZONE,
    )
    assert said(read(content)) == ["11-30 09:15-09:30", "12-02 09:15-09:30"]


def test_as_google_and_apple_write() -> None:
    google = """
        DTSTART:20261125T140000Z
        DTEND:20261125T150000Z
        DTSTAMP:20261101T000000Z
        UID:abc@google.com
        ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;X-NUM-GUESTS=0:mailto:ana@example.com
        SEQUENCE:0
        STATUS:CONFIRMED
        SUMMARY:Call
        TRANSP:OPAQUE
        """
    apple = """
        UID:7C1E
        DTSTART;TZID=Europe/London:20261125T143000
        DTEND;TZID=Europe/London:20261125T160000
        X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
        SUMMARY:Dentist
        """
    found = read(a_file(google, apple, before="X-WR-TIMEZONE:America/New_York"))
    assert said(found) == ["11-25 15:00-17:00"], "what overlaps is one time"


def test_two_calendars_in_one_file() -> None:
    other = f"UID:other\n{TEN}".replace("1125", "1126")
    assert said(read(a_file(TEN) + a_file(other))) == ["11-25 10:00-11:00", "11-26 10:00-11:00"]


# --- what cannot be read


@pytest.mark.parametrize(
    "bad",
    [
        "SUMMARY:no time at all",
        "DTSTART:tomorrow",
        "DTSTART:20261399T990000",
        f"{TEN}RRULE:FREQ=SOMETIMES",
        f"{TEN}RRULE:FREQ=DAILY;INTERVAL=0",
        f"{TEN}RRULE:FREQ=SECONDLY",
        f"{TEN}RRULE:FREQ=MINUTELY;COUNT=9",
        f"{TEN}RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5",
        f"{TEN}EXDATE:never\nRRULE:FREQ=DAILY",
        "DTSTART:20261125T100000\nDURATION:P9999999999D",
        "DTSTART:00010101T000000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=1\nEXDATE:x",
    ],
)
def test_an_entry_that_cannot_be_read_is_counted_and_spoils_nothing(bad: str) -> None:
    found = read(a_file(bad, "DTSTART:20261126T100000\nDTEND:20261126T110000"))
    assert (said(found)[-1], found.unread) == ("11-26 10:00-11:00", 1)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "not_a_calendar"),
        (b"<html>", "not_a_calendar"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "not_a_calendar"),
        (b"BEGIN:VCALENDAR\r\n", "broken"),
        (a_file(TEN)[:-20], "broken"),
        (a_file(TEN).replace(b"END:VEVENT", b"END:VTODO"), "broken"),
        (b"END:VCALENDAR\r\n", "not_a_calendar"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:X\r\n" * 100_000, "broken"),
        (a_file(TEN) + b"END:VCALENDAR\r\n", "broken"),
        (a_file(*[TEN] * (MOST_ENTRIES + 1)), "too_much"),
        (a_file(*[f"{TEN}RRULE:FREQ=HOURLY"] * (MOST_TIMES // 1700 + 1)), "too_much"),
    ],
)
def test_a_file_that_cannot_be_read(content: bytes, word: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.word == word


def test_what_is_over_is_let_go_before_it_is_counted() -> None:
    old = "DTSTART:20200101T100000\nDTEND:20200101T110000"
    assert said(read(a_file(*[old] * (MOST_ENTRIES + 1), TEN))) == ["11-25 10:00-11:00"]


def test_nothing_of_what_an_entry_is_called_comes_out() -> None:
    secret = "SUMMARY:Secret talks\nDESCRIPTION:Secret\nLOCATION:Secret\nUID:secret"
    found: Any = read(a_file(TEN + secret, f"{WHOLE_DAYS}SUMMARY:Vacation\nUID:secret2"))
    assert "secret" not in repr(found).casefold()
