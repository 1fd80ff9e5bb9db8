"""The quarter from its first Monday to its last Sunday, from one moment with something to do to the
next, with outages and restarts."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.delivery import CRASH_POINTS
from tests.quarter.office import Office
from tests.quarter.people import People
from tests.quarter.team import (
    ADMIN,
    DAY,
    DEPUTY,
    FIRST,
    LEADER,
    MANAGER,
    PLACES,
    REPS,
    SET_UP,
    TEAM_ZONE,
)

POINTS = (*CRASH_POINTS, "prompt", "chore")
WEEK = 7 * DAY

OUTAGES = (
    # week, weekday, from, hours: what it lies over
    (2, 2, time(14, 40), 18.5),  # the cards, which still come on Wednesday at 09:10
    (4, 3, time(8, 20), 3.0),  # digests, deciding, the day's first one-on-one
    (6, 2, time(14, 30), 21.0),  # the cards, until deciding: too late for them
    (7, 6, time(20), 30.0),  # the night in which Berlin's clocks go back
    (8, 3, time(9, 45), 15.0),  # deciding, until after midnight
    (8, 1, time(6, 30), 4.0),  # the reminder; the health check is late
    (9, 1, time(7), 7.0),  # the health check
    (9, 5, time(14, 45), 4.5),  # the forecast, which still comes, and what to put right
    (11, 1, time(7), 48.0),  # two days of digests, the health check, the pick
    (13, 5, time(13), 14.0),  # Friday, until after midnight
)
"""When the bot is away: counted from the first week, 1, in the team's local time."""


IMPORTS: tuple[list[tuple[int, time]], ...] = (
    [(1, time(6, 50)), (4, time(12))],
    [(1, time(8, 10))],  # reminded
    [(1, time(7)), (6, time(11))],
    [],  # fresh since Saturday
    [(3, time(17))],  # reminded, and late
)
"""When the CRM's export is imported, by week."""


def at(week: int, weekday: int, local: time, zone: str = TEAM_ZONE) -> datetime:
    """A moment of the quarter (week and ISO weekday from 1) in UTC."""
    day = FIRST + (week - 1) * WEEK + (weekday - 1) * DAY
    return datetime.combine(day, local, ZoneInfo(zone)).astimezone(SET_UP.tzinfo)


def day(week: int, weekday: int) -> date:
    return FIRST + (week - 1) * WEEK + (weekday - 1) * DAY


def play(office: Office, weeks: int, seed: int) -> None:
    """The first so many weeks."""
    chance = random.Random(seed)
    until = at(weeks + 1, 1, time(0))
    people = People(office, chance, until)
    _plan(office, people, chance, weeks)
    while True:
        ahead = [people.next()]
        if office.is_up and (due := office.next_due()) is not None:
            ahead.append(due)
        moment = min(ahead)
        if moment >= until:
            break
        office.server.clock.advance_to(moment)
        if office.is_up:
            office.work()
            people.read(office.news())
        if people.act() and office.is_up:
            office.deliver()
            people.read(office.news())
    office.server.clock.advance_to(until)
    if not office.is_up:
        office.come_up()
    office.work()
    people.read(office.news())


def _plan(office: Office, people: People, chance: random.Random, weeks: int) -> None:
    """Outages, sudden ends, days off."""
    people.will_name_deputy(DEPUTY, at(1, 1, time(11)))
    people.will_be_reminded(MANAGER, at(2, 1, time(11)), day_before=False)
    people.will_be_reminded(MANAGER, at(11, 5, time(11)), day_before=True)
    for week, weekday, local, hours in OUTAGES:
        begins = at(week, weekday, local) + chance.randint(-9, 9) * timedelta(minutes=1)
        people.will(begins, office.go_down)
        people.will(begins + timedelta(hours=hours), lambda: _up(office, people))
    for week in range(1, weeks + 1):
        for number in range(3):
            point = POINTS[(3 * week + number) % len(POINTS)]
            moment = at(week, 1 + chance.randint(0, 4), time(chance.randint(0, 23)))
            passes = chance.randint(1, 6)
            people.will(moment, _dooming(office, point, passes))
    _days_off(people, chance, weeks)
    for week in range(1, weeks + 1):
        for weekday, local in IMPORTS[week % len(IMPORTS)]:
            people.will_import(ADMIN, at(week, weekday, local))


def _up(office: Office, people: People) -> None:
    office.come_up()
    office.work()
    people.read(office.news())


def _dooming(office: Office, point: str, passes: int) -> Callable[[], None]:
    return lambda: office.doom(point, passes)


def _days_off(people: People, chance: random.Random, weeks: int) -> None:
    # the manager is out: the deputy decides
    people.will_be_off(MANAGER, day(3, 2), day(3, 4), at(2, 4, time(12)))
    # nobody is there on Monday: Columbus Day of the other two
    people.will_be_off(MANAGER, day(6, 1), day(6, 1), at(5, 4, time(12)))
    # nobody is there on Wednesday, the manager is on Thursday: Veterans Day of the other two
    people.will_be_off(MANAGER, day(10, 3), day(10, 3), at(9, 4, time(12)))
    # nobody is there on either day, nor on Friday
    people.will_be_off(MANAGER, day(12, 3), day(12, 5), at(11, 4, time(12)))
    people.will_be_off(DEPUTY, day(12, 3), day(12, 5), at(11, 4, time(17)))
    people.will_be_off(LEADER, day(12, 2), day(12, 5), at(11, 5, time(17)))
    # company days: of everybody, without a forecast; of the team, on the day of deciding, and
    # on that of the health check
    people.will_close("Offsite", day(4, 4), day(4, 5), at(2, 3, time(13)))
    people.will_close("Depot open day", day(7, 3), day(7, 3), at(5, 1, time(13)), of_team=True)
    people.will_close("Stocktaking", day(13, 1), day(13, 1), at(12, 1, time(13)), of_team=True)
    for name in REPS:
        if name == DEPUTY:
            continue
        for _ in range(2):
            first = day(chance.randint(2, 12), chance.randint(1, 5))
            last = first + chance.choice([0, 0, 1, 2, 4]) * DAY
            ahead = chance.choice([0, 0, 1, 3, 9])  # 0: on the day itself, perhaps afterwards
            local = time(chance.randint(7, 18), 30)
            said = datetime.combine(first - ahead * DAY, local, ZoneInfo(PLACES[name]))
            said = said.astimezone(SET_UP.tzinfo)
            people.will_be_off(name, first, last, said)
            if ahead >= 3 and chance.random() < 0.5:
                people.will_be_back(name, first, said + DAY)
