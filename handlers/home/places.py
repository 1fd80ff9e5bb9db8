"""Time zones and holiday calendars as people look for them: by city, country, or part of one."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from babel.languages import get_official_languages
from babel.localedata import locale_identifiers

from handlers import words
from handlers.forms import Option
from models.days import calendars
from models.screens import TeamShown

MOST = 50
SLACKS = "slack"
"""The value of "the zone of my Slack profile"."""
NO_HOLIDAYS = "none"

_ENGLISH = Locale("en")


class _Place(NamedTuple):
    """`also`: what else it is called."""

    value: str
    text: str
    also: str = ""


_AS_IN_SLACK = _Place(SLACKS, "As in my Slack profile")
_NONE = _Place(NO_HOLIDAYS, "No public holidays", "none")


def zones(query: str) -> list[Option]:
    """That of the Slack profile, then the zones whose city, country or IANA name begins with what
    was typed, by city."""
    return _found((_AS_IN_SLACK,), _zones(), query)


def holiday_calendars(query: str) -> list[Option]:
    """None, then the calendars whose country or part of one begins with what was typed, by name."""
    return _found((_NONE,), _calendars(), query)


def zone_named(zone: str) -> str:
    """`Berlin, Germany`; an IANA name that nobody lists as it is."""
    return next((one.text for one in _zones() if one.value == zone), zone)


def calendar_named(calendar: str | None) -> str:
    """`Germany, Bayern`; `No public holidays` for None."""
    if calendar is None:
        return _NONE.text
    return next((one.text for one in _calendars() if one.value == calendar), calendar)


def whose_zone(of_team: TeamShown) -> str:
    """What somebody is told of whom Slack says no zone."""
    place = words.said(zone_named(of_team.zone), 80)
    name = words.said(of_team.name, 80)
    return f"Slack does not say where you are: {name}'s zone counts, {place}"


def _found(first: Iterable[_Place], places: Iterable[_Place], query: str) -> list[Option]:
    wanted = _plain(query)
    hits = [place for place in (*first, *places) if _begins(place, wanted)]
    return [(one.value, one.text) for one in hits[: MOST + 1]]


def _begins(place: _Place, wanted: str) -> bool:
    """Whether one of its names begins so from one of its words on: "new y" finds New York."""
    words = _plain(" ".join(place)).split()
    return any(" ".join(words[n:]).startswith(wanted) for n in range(len(words)))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("/", " ").replace("_", " ").replace(",", " ").split())


@cache
def _known_as(country: str) -> str:
    """The other names of a country: its own, in its languages, and its codes (`USA`, `UK`)."""
    own = [
        Locale.parse(language).territories.get(country, "")
        for language in get_official_languages(country, regional=True)
        if language in _LOCALES
    ]
    codes = [code for code, meant in get_global("territory_aliases").items() if meant == [country]]
    return " ".join([*own, *(code for code in codes if code.isalpha())])


_LOCALES = frozenset(locale_identifiers())


@cache
def _zones() -> tuple[_Place, ...]:
    """Every zone of a territory, by its city."""
    named = []
    for zone, territory in get_global("zone_territories").items():
        if territory == "001" or not is_zone(zone):
            continue
        city = get_timezone_location(zone, return_city=True, locale=_ENGLISH)
        country = _ENGLISH.territories.get(territory, territory)
        named.append(_Place(zone, f"{city}, {country}", _known_as(territory)))
    return tuple(sorted(named, key=lambda one: one.text))


def is_zone(zone: str) -> bool:
    """Whether it is an IANA zone that this machine knows."""
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        return False
    return True


@cache
def _calendars() -> tuple[_Place, ...]:
    named = []
    for country, parts in calendars().items():
        name = _ENGLISH.territories.get(country)
        if name is None:
            continue
        also = _known_as(country)
        named.append(_Place(country, name, also))
        for part, known_as in parts.items():
            named.append(_Place(f"{country}-{part}", f"{name}, {known_as or part}", also))
    return tuple(sorted(named, key=lambda one: one.text))
