"""Reading in a process of its own: the same answer, and an end for files that have none."""

import time
from pathlib import Path

import pytest

from bot.calendars.apart import read_apart, surroundings
from bot.calendars.found import Unreadable
from tests.ical.files import FIRST, LAST, a_file, read, whose

TEN = "DTSTART:20261125T100000\nDTEND:20261125T110000\n"
FRIDAY = "DTSTART;VALUE=DATE:20261127\nSUMMARY:Vacation"


def test_the_same_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # wherever the bot was started
    content = a_file(TEN, FRIDAY, "DTSTART:never")
    found = read_apart(content, whose(), FIRST, LAST)
    assert found == read(content)
    assert (len(found.busy), len(found.away), found.unread) == (1, 1, 1)


@pytest.mark.parametrize(
    ("content", "word"), [(b"hello", "not_a_calendar"), (a_file(TEN)[:-9], "broken")]
)
def test_the_same_refusal(content: bytes, word: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_apart(content, whose(), FIRST, LAST)
    assert refused.value.word == word


@pytest.mark.parametrize(
    "hostile",
    [
        f"{TEN}RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",  # never, searched for to the end of time
        "DTSTART:19700101T000000Z\nDURATION:PT1S\nRRULE:FREQ=HOURLY;BYSETPOS=366;BYSECOND=1",
    ],
)
def test_a_rule_without_end_is_cut_off(hostile: str) -> None:
    began = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        read_apart(a_file(TEN, hostile), whose(), FIRST, LAST, seconds=1.5)
    assert refused.value.word == "too_much"
    assert time.monotonic() - began < 20


def test_what_takes_too_much_memory_is_cut_off() -> None:
    """With so little memory that an ordinary file of half a megabyte is too much."""
    content = a_file(*["DTSTART:20200101T100000\nDTEND:20200101T110000"] * 8_000)
    with pytest.raises(Unreadable) as refused:
        read_apart(content, whose(), FIRST, LAST, memory=4 << 20)
    assert refused.value.word == "too_much"
    assert read_apart(content, whose(), FIRST, LAST).busy == []


def test_the_process_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@host/name")
    assert "secret" not in repr(surroundings())
