"""Zones and holiday calendars, found by what people type."""

import pytest

from handlers.home import modals, places
from sandbox.blocks import validate_view


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("berl", ("Europe/Berlin", "Berlin, Germany")),
        ("NEW Y", ("America/New_York", "New York, United States")),
        ("europe/ber", ("Europe/Berlin", "Berlin, Germany")),
        ("germany", ("Europe/Berlin", "Berlin, Germany")),
        ("Österr", ("Europe/Vienna", "Vienna, Austria")),
        ("uk", ("Europe/London", "London, United Kingdom")),
        ("slack", ("slack", "As in my Slack profile")),
    ],
)
def test_a_zone_is_found_by_city_country_or_name(typed: str, zone: tuple[str, str]) -> None:
    assert zone in places.zones(typed)


@pytest.mark.parametrize(
    ("typed", "calendar"),
    [
        ("united st", ("US", "United States")),
        ("bayern", ("DE-BY", "Germany, Bayern")),
        ("de-by", ("DE-BY", "Germany, Bayern")),
        ("USA", ("US", "United States")),
        ("schweiz", ("CH", "Switzerland")),
        ("none", ("none", "No public holidays")),
        ("no p", ("none", "No public holidays")),
    ],
)
def test_a_calendar_is_found_by_country_or_part(typed: str, calendar: tuple[str, str]) -> None:
    assert calendar in places.holiday_calendars(typed)


def test_what_nobody_calls_anything_finds_nothing() -> None:
    assert places.zones("xyzzy") == places.holiday_calendars("xyzzy") == []
    assert modals.zone_options("xyzzy") == []


@pytest.mark.parametrize("offered", [modals.zone_options(""), modals.holiday_options("")])
def test_what_is_offered_at_first_is_what_slack_takes(offered: list[dict[str, object]]) -> None:
    assert len(offered) == places.MOST + 1
    assert len({str(one["value"]) for one in offered}) == len(offered)
    select = {"type": "static_select", "action_id": "a", "options": offered}
    blocks = [{"type": "actions", "elements": [select]}]
    assert validate_view({"type": "home", "blocks": blocks}) == []
