"""Calendars looked at: claimed, asked, read, written down; by several at once only once."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import select

from bot.calendars.apart import read_apart
from bot.calendars.reading import read_calendar
from bot.calendars.watching import LEASE, Watcher
from bot.delivery import Post
from bot.scheduler import Rhythm, Scheduler
from models.absences import Absence
from models.base import Database
from models.calendars import BusyTime, CalendarAddress, Problem, connect
from models.one_on_ones import leave_calendar
from models.people import get_person
from tests.ical.files import a_file
from tests.ical.site import ADDRESS, HOST, PATH, Headers, Site, dripping, whole
from tests.scenarios.floor import at_once
from tests.world import NOW, World

REAL = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MEETING = "UID:1\nDTSTART:20261125T100000\nDTEND:20261125T110000"
FRIDAY = "UID:2\nDTSTART;VALUE=DATE:20261127\nDTEND;VALUE=DATE:20261128\nSUMMARY:Vacation"


class Ended(BaseException):
    """The process ends here: nothing of ours catches it."""


@dataclass
class Place:
    """Ana's address, a site behind it, and what the watchers see of both clocks."""

    database: Database
    world: World
    site: Site
    real: datetime = REAL
    told: list[str] = field(default_factory=list)

    def watcher(self, read: Any = read_calendar, **internet: Any) -> Watcher:
        """One that reads in this process, unless told otherwise: it is quicker."""
        return Watcher(
            self.database,
            lambda: NOW,
            news=lambda _workspace_id, slack_id: self.told.append(slack_id),
            internet=self.site.internet(**internet),
            read=read,
            real=lambda: self.real,
        )

    def enter(self, name: str = "ana", address: str = ADDRESS) -> None:
        with self.database.transaction(self.world.workspace_id) as session:
            connect(session, get_person(session, getattr(self.world, name)), address, NOW)

    def remove(self) -> None:
        with self.database.transaction(self.world.workspace_id) as session:
            leave_calendar(session, get_person(session, self.world.ana), NOW)

    def rows(self, table: Any) -> list[Any]:
        with self.database.transaction(self.world.workspace_id) as session:
            return list(session.scalars(select(table).order_by(table.id)))

    def row(self) -> CalendarAddress:
        found: CalendarAddress = self.rows(CalendarAddress)[-1]
        return found


@pytest.fixture
def place(north: tuple[Database, World], site: Site) -> Place:
    return Place(*north, site)


def test_what_was_found_is_written_down(place: Place) -> None:
    place.enter()
    place.site.says(a_file(MEETING, FRIDAY, "UID:3\nDTSTART:never"), ETag='"1"')
    assert place.watcher(read_apart).run_once() == 1
    [busy] = place.rows(BusyTime)
    assert (busy.starts_at, busy.ends_at) == (NOW + 19 * HOUR, NOW + 20 * HOUR)  # 10:00 there
    [off] = place.rows(Absence)
    assert (off.starts_on.day, off.ends_on.day, off.source) == (27, 27, "calendar")
    row = place.row()
    assert (row.read_at, row.problem, row.etag, row.unread) == (NOW, None, '"1"', 1)
    assert place.told == ["U0ANA"]
    assert place.watcher().run_once() == 0, "not due for hours"


def test_later_it_is_asked_whether_it_changed(place: Place) -> None:
    place.enter()
    place.site.says(a_file(MEETING), ETag='"1"')
    place.watcher().run_once()
    place.site.says(b"", status="304 Not Modified")
    place.real += 7 * HOUR
    assert place.watcher().run_once() == 1
    assert place.site.asked[-1][1]["If-None-Match"] == '"1"'
    assert len(place.rows(BusyTime)) == 1
    place.site.says(a_file(FRIDAY))
    place.real += 7 * HOUR
    place.watcher().run_once()
    assert (len(place.rows(BusyTime)), len(place.rows(Absence))) == (0, 1)
    assert place.row().etag is None
    assert place.told == ["U0ANA", "U0ANA"], "of what is as before nobody hears"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<html>", Problem.NOT_A_CALENDAR),
        (b"BEGIN:VCALENDAR\r\n", Problem.BROKEN),
        (a_file(MEETING)[:-8], Problem.BROKEN),
    ],
)
def test_what_cannot_be_read_says_why_and_is_tried_again(
    place: Place, content: bytes, problem: Problem
) -> None:
    place.enter()
    place.site.says(content)
    assert place.watcher(read_apart).run_once() == 1
    row = place.row()
    assert (row.problem, row.failing_since, row.next_at) == (problem, NOW, REAL + 6 * HOUR)
    assert place.told == ["U0ANA"]
    place.site.says(a_file(MEETING))
    place.real += 6 * HOUR
    place.watcher().run_once()
    assert (place.row().problem, place.row().failures, len(place.rows(BusyTime))) == (None, 0, 1)


def test_one_who_drips_holds_nobody_up_for_long(place: Place) -> None:
    place.enter()
    place.enter("ben", f"https://{HOST}/ben.ics")
    head = b"HTTP/1.1 200 OK\r\n\r\nBEGIN:VCALENDAR\r\n"
    place.site.answers[PATH] = dripping(place.site, head, b"X")
    place.site.says(a_file(MEETING), "/ben.ics")
    assert place.watcher(seconds=0.5).run_once() == 2
    ana, ben = place.rows(CalendarAddress)
    assert (ana.problem, ana.next_at, ben.problem) == (Problem.SLOW, REAL + MINUTE, None)


def test_a_fault_of_ours_is_no_end(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    def stumble(*_: object) -> Any:
        raise KeyError("DTSTART of Ana's secret meeting")

    place.enter()
    place.site.says(a_file(MEETING))
    assert place.watcher(stumble).run_once() == 1
    assert (place.row().problem, place.row().next_at) == (Problem.UNEXPECTED, REAL + MINUTE)
    assert "KeyError in" in caplog.text
    assert "secret meeting" not in caplog.text


def test_nothing_of_the_address_is_logged(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    place.enter()
    place.watcher().run_once()
    place.site.says(a_file(MEETING))
    place.real += 7 * HOUR
    place.watcher().run_once()
    ours = [one.getMessage() for one in caplog.records if one.name.startswith(("bot", "models"))]
    assert [one.rpartition("=")[2] for one in ours] == ["gone", "read"]
    assert "private-" not in caplog.text


# --- several at once


def test_replicas_at_once_ask_once(place: Place) -> None:
    names = ("ana", "ben", "cleo")
    for name in names:
        place.enter(name, f"https://{HOST}/{name}.ics")
        place.site.says(a_file(MEETING), f"/{name}.ics")
    watchers: list[Callable[[], int]] = [place.watcher().run_once for _ in range(4)]
    assert sum(at_once(watchers)) == 3
    assert sorted(path for path, _ in place.site.asked) == [f"/{name}.ics" for name in names]
    assert len(place.rows(BusyTime)) == 3


def test_removed_while_it_is_asked_leaves_nothing(place: Place) -> None:
    """Nobody holds a transaction meanwhile: the removal goes through at once."""
    place.enter()

    def removing(_headers: Headers) -> list[bytes]:
        place.remove()
        return [whole(a_file(MEETING, FRIDAY))]

    place.site.answers[PATH] = removing
    assert place.watcher().run_once() == 1
    assert place.rows(BusyTime) == place.rows(Absence) == []
    assert place.told == []


def test_who_lost_the_lease_writes_nothing_more(place: Place) -> None:
    place.enter()
    place.site.says(a_file(MEETING))

    def slowly(content: bytes, *rest: Any) -> Any:
        place.real += LEASE + MINUTE
        place.site.says(a_file(FRIDAY))
        assert place.watcher().run_once() == 1
        return read_calendar(content, *rest)

    assert place.watcher(slowly).run_once() == 1
    assert (len(place.rows(BusyTime)), len(place.rows(Absence))) == (0, 1)


def test_after_a_process_ended_another_looks(place: Place) -> None:
    place.enter()
    place.site.says(a_file(MEETING))

    def end(*_: object) -> Any:
        raise Ended

    with pytest.raises(Ended):
        place.watcher(end).run_once()
    assert place.watcher().run_once() == 0, "the lease still holds"
    place.real += LEASE + MINUTE
    assert place.watcher().run_once() == 1
    assert len(place.rows(BusyTime)) == 1


def test_the_scheduler_looks_by_itself(place: Place) -> None:
    looked = threading.Event()

    def reading(*given: Any) -> Any:
        looked.set()
        return read_calendar(*given)

    def nobody(_workspace_id: str) -> WebClient:
        raise LookupError

    place.enter()
    place.site.says(a_file(MEETING))
    post = Post(place.database, {}, lambda: NOW, nobody)
    scheduler = Scheduler(
        place.database, lambda: NOW, post, {}, watcher=place.watcher(reading), rhythm=Rhythm()
    )
    scheduler.start()
    try:
        assert looked.wait(30)
    finally:
        scheduler.stop()
    assert len(place.rows(BusyTime)) == 1, "what is under way ends first"
