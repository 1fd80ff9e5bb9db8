"""Time zones and holiday calendars as people look for them: by city, country, or part of one."""

from collections.abc import Iterable, Iterator
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

from handlers import words
from handlers.forms import Option
from models.days import calendars
from models.screens import TeamShown

MOST = 50
SLACKS = "slack"
"""The value of "the zone of my Slack profile"."""
NO_HOLIDAYS = "none"

_ENGLISH = Locale("en")


def zones(query: str) -> list[Option]:
    """The zones whose city, country or IANA name begins with what was typed, by city."""
    return _found(_zones(), query)


def holiday_calendars(query: str) -> list[Option]:
    """The calendars whose country or part of one begins with what was typed, by name."""
    return _found(_calendars(), query)


def zone_named(zone: str) -> str:
    """`Berlin, Germany`; an IANA name that nobody lists as it is."""
    return next((text for value, text in _zones() if value == zone), zone)


def calendar_named(calendar: str | None) -> str:
    """`Germany, Bayern`; `No public holidays` for None."""
    if calendar is None:
        return "No public holidays"
    return next((text for value, text in _calendars() if value == calendar), calendar)


def whose_zone(of_team: TeamShown) -> str:
    """What somebody is told of whom Slack says no zone."""
    place = words.said(zone_named(of_team.zone), 80)
    name = words.said(of_team.name, 80)
    return f"Slack does not say where you are: {name}'s zone counts, {place}"


def _found(places: Iterable[tuple[str, str]], query: str) -> list[Option]:
    wanted = _plain(query)
    hits = [
        (value, text)
        for value, text in places
        if any(word.startswith(wanted) for word in _beginnings(f"{text} {value}"))
    ]
    return list(hits[:MOST])


def _beginnings(text: str) -> Iterator[str]:
    """The text from each of its words on, so that "new y" finds New York."""
    words = _plain(text).split()
    return (" ".join(words[n:]) for n in range(len(words)))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("/", " ").replace("_", " ").replace(",", " ").split())


@cache
def _zones() -> tuple[tuple[str, str], ...]:
    """Every zone of a territory, by its city."""
    named = []
    for zone, territory in get_global("zone_territories").items():
        if territory == "001" or not is_zone(zone):
            continue
        city = get_timezone_location(zone, return_city=True, locale=_ENGLISH)
        country = _ENGLISH.territories.get(territory, territory)
        named.append((zone, f"{city}, {country}"))
    return tuple(sorted(named, key=lambda one: one[1]))


def is_zone(zone: str) -> bool:
    """Whether it is an IANA zone that this machine knows."""
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        return False
    return True


@cache
def _calendars() -> tuple[tuple[str, str], ...]:
    named = []
    for country, parts in calendars().items():
        name = _ENGLISH.territories.get(country)
        if name is None:
            continue
        named.append((country, name))
        for part, known_as in parts.items():
            named.append((f"{country}-{part}", f"{name}, {known_as or part}"))
    return tuple(sorted(named, key=lambda one: one[1]))
