"""Somebody gives the address of their calendar, from the modal to the excused one-on-one."""

from collections.abc import Iterator

import pytest
import trustme

from bot.calendars.watching import Watcher
from bot.tokens import find_installation
from handlers import Context
from handlers.home.publishing import publish_home
from models.absences import Absence
from models.calendars import BusyTime, CalendarAddress, connect
from models.one_on_ones import Excuse, State
from models.people import get_person
from sandbox.person import SeenView
from tests.ical.files import a_file
from tests.ical.site import ADDRESS, Site
from tests.reused import Reused
from tests.scenarios.floor import Floor, at_work, seen
from tests.scenarios.mornings import at_home, home
from tests.scenarios.sessions import MINUTE, WED, session_of, stand, told
from tests.world import World

MEETING = "UID:1\nDTSTART:20261125T150000\nDTEND:20261125T160000"
WEDNESDAY = (
    "UID:2\nDTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261126\n"
    "X-MICROSOFT-CDO-BUSYSTATUS:OOF\nSUMMARY:Secret"
)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(trustme.CA()) as serving:
        yield serving


def look(floor: Floor, site: Site) -> int:
    """The scheduler's thread does: looks, and draws Home anew."""
    tokens = find_installation("xoxb-cadence", floor.server.api_url)
    context = Context(floor.database, floor.now, tokens.client_for)
    watcher = Watcher(
        floor.database,
        floor.now,
        news=lambda workspace_id, slack_id: publish_home(context, workspace_id, slack_id),
        internet=site.internet(),
    )
    handled = watcher.run_once()
    floor.deliver()
    return handled


def opened(floor: Floor) -> SeenView:
    """Ana opens Days off, and there the address of her calendar."""
    days_off = floor.opened(floor.ana, home(floor.ana), "Days off")
    button = "Calendar address" if floor.rows(CalendarAddress) else "Add its address"
    return floor.opened(floor.ana, days_off, button)


def modal(floor: Floor) -> str:
    shown = floor.ana.modal
    assert shown is not None, floor.ana.notices()
    return seen(shown).replace("\u00a0", " ")


def test_from_the_address_to_the_excused_one_on_one(floor: Floor, site: Site) -> None:
    stand(floor)
    site.says(a_file(MEETING, WEDNESDAY))
    opened(floor)
    assert floor.ana.submit({"address": f"  {ADDRESS.replace('https', 'webcal')} "})["ok"]
    assert "Looking…" in modal(floor)
    assert ADDRESS not in modal(floor)
    assert "Your calendar is being looked at." in "\n".join(at_home(floor.ana))
    assert site.asked == [], "nothing is fetched while Slack waits"

    assert look(floor, site) == 1
    found = "1 busy time in the next 2 weeks · days off: Wed 25 Nov."
    assert f"Your calendar: {found}" in "\n".join(at_home(floor.ana)), "drawn without being opened"
    shown = floor.ana.modal
    assert shown is not None
    floor.press(floor.ana, shown, "Show what was found")
    assert modal(floor) == f"calendar.example …cdef\n{found}"
    held = session_of(floor)
    assert (held.state, held.excuse) == (State.EXCUSED, Excuse.PERSON_OFF)
    assert told(floor, floor.max).startswith("@Ana is off then")
    floor.ana.close(all=True)
    days_off = floor.opened(floor.ana, home(floor.ana), "Days off")
    assert "*Wed 25 Nov* · from your calendar · excused: @Max, Wed 25 Nov, 10:00" in seen(days_off)
    everything = repr([one.__dict__ for one in (*floor.rows(BusyTime), *floor.rows(Absence))])
    assert "Secret" not in everything


def test_removed_what_it_brought_goes(floor: Floor, site: Site) -> None:
    stand(floor)
    site.says(a_file(MEETING, WEDNESDAY))
    opened(floor)
    floor.ana.submit({"address": ADDRESS})
    look(floor, site)
    floor.ana.close(all=True)
    floor.press(floor.ana, opened(floor), "Remove")
    assert "iCal address: ___" in modal(floor)
    assert session_of(floor).state is State.DUE
    assert floor.rows(BusyTime) == []
    assert "Your calendar" not in "\n".join(at_home(floor.ana))
    [gone] = floor.rows(CalendarAddress)
    assert (gone.url, gone.ended_at) == (None, floor.now())
    assert look(floor, site) == 0


def test_what_can_be_seen_from_the_address_is_said_at_once(floor: Floor) -> None:
    opened(floor)
    for address, expected in (
        ("calendar.example/a.ics", "This is no address."),
        ("http://calendar.example/a.ics", "Only an address that begins with https://"),
        ("https://10.0.0.1/a.ics", "This leads into a private network"),
        ("https://[::1]/a.ics", "This leads into a private network"),
        ("https://localhost/a.ics", "This leads into a private network"),
        ("https://ana:pass@calendar.example/", "Leave out name and password"),
        ("https://calendar.example:444/", "An address with a port of its own is not asked."),
        (f"https://calendar.example/{'x' * 1000}", "Longer than 1,000 characters."),
    ):
        outcome = floor.ana.submit({"address": address})
        assert outcome["errors"]["address"].startswith(expected)
        assert floor.ana.modal is not None
        assert floor.ana.modal.values["address"] == address, "nothing typed is lost"
    assert floor.rows(CalendarAddress) == []


def test_what_is_found_out_when_looking_is_said_at_home_and_there(floor: Floor, site: Site) -> None:
    opened(floor)
    floor.ana.submit({"address": ADDRESS})
    site.says(b"<html>Sign in</html>")
    look(floor, site)
    shown = floor.ana.modal
    assert shown is not None
    floor.press(floor.ana, shown, "Show what was found")
    assert "what is there is no calendar. Give the iCal address" in modal(floor)
    floor.ana.close(all=True)
    at = home(floor.ana)
    assert "Your calendar cannot be read" in "\n".join(at_home(floor.ana))
    again = floor.opened(floor.ana, at, "Calendar address")
    assert "what is there is no calendar" in seen(again)
    site.says(a_file(MEETING))
    assert floor.ana.submit({"address": ADDRESS})["ok"], "the same address, mended"
    look(floor, site)
    assert "1 busy time in the next 2 weeks, no days off" in "\n".join(at_home(floor.ana))


def test_after_three_days_of_failure_home_says_so(floor: Floor, site: Site) -> None:
    opened(floor)
    floor.ana.submit({"address": ADDRESS})
    floor.ana.close(all=True)
    site.says(a_file(MEETING))
    look(floor, site)
    site.says(b"", status="404 Not Found")
    with floor.database.transaction(floor.world.workspace_id) as session:
        session.get_one(CalendarAddress, floor.rows(CalendarAddress)[0].id).next_at = None
    look(floor, site)
    home(floor.ana)
    assert "cannot be read" not in "\n".join(at_home(floor.ana))
    floor.later(WED + 2 * 24 * 60 * MINUTE)
    home(floor.ana)
    assert "cannot be read" not in "\n".join(at_home(floor.ana))
    floor.later(WED + 3 * 24 * 60 * MINUTE)
    home(floor.ana)
    assert "no calendar is there any more" in "\n".join(at_home(floor.ana))


def test_switched_off_nothing_is_offered_taken_or_asked(
    sqlite_north: tuple[str, World], reused: Reused
) -> None:
    url, world = sqlite_north
    with reused.at(url) as database, at_work(database, "http", world, calendars=False) as floor:
        assert floor.bot.watcher is None
        days_off = floor.opened(floor.ana, home(floor.ana), "Days off")
        assert "calendar" not in seen(days_off)
        floor.ana.close(all=True)
        with database.transaction(world.workspace_id) as session:  # before it was switched off
            connect(session, get_person(session, world.ana), ADDRESS, floor.now())
        assert "Your calendar" not in "\n".join(at_home(floor.ana))
        kept = opened(floor)
        assert kept.fields == {}
        assert "switched calendars off" in seen(kept)
        floor.press(floor.ana, kept, "Remove")
        assert floor.rows(CalendarAddress)[0].url is None
