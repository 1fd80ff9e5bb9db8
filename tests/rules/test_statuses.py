"""Out of office by the status of a Slack profile: which ones, for how long, and who has the say."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import statuses
from models.absences import Absence, AbsenceSource
from models.days import DAY, days_off
from models.one_on_ones import Excuse, OneOnOne, State, leave_absence, put_standing
from models.people import Person, get_person, put_workspace
from models.standards import Standards
from models.statuses import SlackStatus, StatusSaid, last_day, means_away, tell
from tests.world import NOW, TODAY, World

RULES = Standards()
NEW_YORK = ZoneInfo("America/New_York")
PALM, SICK = ":palm_tree:", ":face_with_thermometer:"
MIDNIGHT = datetime(2026, 11, 25, 5, tzinfo=UTC)  # in New York


def until(day: date, at: time = time(23, 59, 59)) -> datetime:
    """As Slack ends a status: a moment, here of New York."""
    return datetime.combine(day, at, NEW_YORK).astimezone(UTC)


@pytest.fixture
def ana(session: Session, world: World) -> Person:
    return get_person(session, world.ana)


def away(session: Session, person: Person) -> list[date]:
    """The days out of office of the next two weeks, weekends left out."""
    found = days_off(session, [person], TODAY - 3 * DAY, TODAY + 14 * DAY)[person.id]
    return sorted(day for day, off in found.items() if off.why == "away")


# --- which


@pytest.mark.parametrize(
    ("emoji", "text"),
    [
        (PALM, "Vacationing"),
        (PALM, ""),
        (SICK, "Out sick"),
        (":desert_island:", "Back on Monday"),
        (":speech_balloon:", "On vacation until 3 Dec"),
        (":speech_balloon:", "I’m on vacation!"),
        (":calendar:", "Out of office • Outlook Calendar"),
        ("", "OOO"),
        ("", "PTO, ask Ben"),
        ("", "Sick today"),
        (":flag-de:", "Im Urlaub bis 3.12."),
        ("", "Krank"),
        ("", "En congé"),
        ("", "De vacaciones"),
        ("", "In ferie"),
        ("", "Férias"),
        ("", "Vakantie"),
    ],
)
def test_what_means_out_of_office(emoji: str, text: str) -> None:
    assert means_away(StatusSaid(emoji, text), RULES)


@pytest.mark.parametrize(
    ("emoji", "text"),
    [
        ("", ""),
        (":hamburger:", "Lunch"),
        (PALM, "Lunch at the Palm"),
        (":calendar:", "In a meeting"),
        (":bus:", "Commuting"),
        (":house_with_garden:", "Working remotely"),
        (PALM, "Working remotely from Lisbon"),
        (":airplane:", "At the customer in Denver"),
        (PALM, "Back from vacation"),
        ("", "Vacation tomorrow"),
        ("", "Vacation planning"),
        ("", "Holiday campaign"),
        ("", "Sickening numbers"),
        ("", "Ask me about our sick leave policy"),
        ("", "Half day, off from noon"),
        (":palm_tree_:", "Palm Springs office"),
        (PALM, "Morgen Urlaub"),
    ],
)
def test_what_does_not(emoji: str, text: str) -> None:
    assert not means_away(StatusSaid(emoji, text), RULES)


def test_a_skin_tone_changes_no_meaning() -> None:
    assert means_away(StatusSaid(":palm_tree::skin-tone-3:", ""), RULES)


@given(st.text(max_size=100), st.text(max_size=30))
def test_whatever_is_typed_it_only_says_yes_or_no(text: str, emoji: str) -> None:
    assert means_away(StatusSaid(emoji, text), RULES) in (True, False)


def test_a_workspace_has_its_own_words(session: Session, world: World, ana: Person) -> None:
    own = Standards(status_emojis=("beer",), status_words=("gone fishing",))
    put_workspace(session, world.workspace_id, now=NOW, standards=own)
    tell(session, ana, StatusSaid(PALM, "", until(TODAY)), NOW)
    assert away(session, ana) == []
    tell(session, ana, StatusSaid("", "Gone fishing!", until(TODAY)), NOW)
    assert away(session, ana) == [TODAY]


# --- for how long


@pytest.mark.parametrize(
    ("at", "last"),
    [
        (time(23, 59, 59), TODAY),
        (time(17), TODAY),
        (time(16, 59), TODAY - DAY),
        (time(9), TODAY - DAY),
    ],
)
def test_the_day_on_which_it_ends_counts_if_that_is_in_the_evening(at: time, last: date) -> None:
    assert last_day(until(TODAY, at), "America/New_York", RULES.status_evening) == last


def test_it_lasts_until_the_day_where_the_person_is(session: Session, ana: Person) -> None:
    tell(session, ana, StatusSaid(PALM, "", until(TODAY + 2 * DAY)), NOW)
    assert away(session, ana) == [TODAY, TODAY + DAY, TODAY + 2 * DAY]
    [kept] = session.scalars(select(Absence))
    assert (kept.source, kept.entered_at) == (AbsenceSource.SLACK, NOW)


def test_some_hours_are_no_day(session: Session, ana: Person) -> None:
    tell(session, ana, StatusSaid(SICK, "At the doctor", until(TODAY, time(16))), NOW)
    assert away(session, ana) == []
    tell(session, ana, StatusSaid(":hamburger:", "Lunch", NOW + timedelta(hours=1)), NOW)
    assert away(session, ana) == []


def test_what_is_over_counts_no_more(session: Session, ana: Person) -> None:
    tell(session, ana, StatusSaid(PALM, "", NOW), NOW)
    assert away(session, ana) == []
    assert not statuses.stands(session, ana)


def test_a_status_for_years_is_cut_to_one(session: Session, ana: Person) -> None:
    tell(session, ana, StatusSaid(PALM, "", until(date(2031, 1, 1))), NOW)
    [kept] = session.scalars(select(Absence))
    assert kept.ends_on - kept.starts_on == timedelta(days=366)


def test_without_an_end_it_counts_day_by_day(session: Session, world: World, ana: Person) -> None:
    tell(session, ana, StatusSaid(SICK, "Out sick"), NOW)
    assert away(session, ana) == [TODAY]
    assert statuses.unfollowed(session, MIDNIGHT - timedelta(seconds=1)) == set()
    assert statuses.unfollowed(session, MIDNIGHT) == {world.workspace_id}
    assert statuses.follow(session, MIDNIGHT) == 1
    assert statuses.unfollowed(session, MIDNIGHT) == set()
    assert away(session, ana) == [TODAY, TODAY + DAY]
    statuses.follow(session, MIDNIGHT + 2 * DAY)  # the bot was away for a day
    assert away(session, ana) == [TODAY, TODAY + DAY, TODAY + 3 * DAY]


def test_without_an_end_it_counts_some_weeks_at_most(session: Session, ana: Person) -> None:
    tell(session, ana, StatusSaid(SICK, ""), NOW)
    for days in range(30):
        if statuses.unfollowed(session, MIDNIGHT + days * DAY):
            statuses.follow(session, MIDNIGHT + days * DAY)
    kept = [row.starts_on for row in session.scalars(select(Absence).order_by(Absence.id))]
    assert kept == [TODAY + n * DAY for n in range(RULES.status_open_days)]


def test_cleared_it_ends_from_today_on(session: Session, ana: Person) -> None:
    tell(session, ana, StatusSaid(PALM, "", until(TODAY + 3 * DAY)), NOW)
    assert tell(session, ana, StatusSaid(), NOW + DAY)
    assert away(session, ana) == [TODAY]
    assert session.scalars(select(SlackStatus)).all() == []


def test_told_twice_nothing_changes(session: Session, ana: Person) -> None:
    said = StatusSaid(PALM, "", until(TODAY + DAY))
    assert tell(session, ana, said, NOW)
    assert not tell(session, ana, said, NOW + timedelta(hours=3))


def test_another_zone_another_last_day(session: Session, ana: Person) -> None:
    tell(session, ana, StatusSaid(PALM, "", until(TODAY + DAY, time(18))), NOW)
    assert away(session, ana) == [TODAY, TODAY + DAY]
    ana.zone = "America/Los_Angeles"
    statuses.keep(session, ana, NOW)
    assert away(session, ana) == [TODAY], "there it ends on Wednesday at 15:00"


# --- who has the say


def test_taken_back_it_stays_away_while_the_same_status_stands(
    session: Session, ana: Person
) -> None:
    said = StatusSaid(SICK, "Out sick")
    tell(session, ana, said, NOW)
    [brought] = session.scalars(select(Absence))
    leave_absence(session, ana, brought.id, NOW)
    tell(session, ana, said, NOW)
    statuses.follow(session, MIDNIGHT)
    assert away(session, ana) == []
    tell(session, ana, StatusSaid(), MIDNIGHT)
    tell(session, ana, said, MIDNIGHT + timedelta(hours=1))
    assert away(session, ana) == [TODAY + DAY], "set anew, it is another one"


def test_who_does_not_want_it_followed(session: Session, ana: Person) -> None:
    said = StatusSaid(PALM, "", until(TODAY + DAY))
    tell(session, ana, said, NOW)
    statuses.choose_following(session, ana, follows=False, now=NOW)
    assert away(session, ana) == []
    tell(session, ana, said, NOW)
    assert away(session, ana) == []
    statuses.choose_following(session, ana, follows=True, now=NOW)
    tell(session, ana, said, NOW)
    assert away(session, ana) == [TODAY, TODAY + DAY]


def test_who_is_not_here_any_more_has_none(session: Session, ana: Person) -> None:
    ana.active = False
    assert not tell(session, ana, StatusSaid(PALM, "", until(TODAY + DAY)), NOW)


def test_one_on_ones_follow(session: Session, world: World, ana: Person) -> None:
    put_standing(
        session, get_person(session, world.max), ana,
        weekday=3, local_time=time(10), minutes=30, active_from=TODAY, now=NOW,
    )  # fmt: skip

    def first() -> tuple[State, Excuse | None]:
        found = session.scalars(select(OneOnOne).order_by(OneOnOne.week)).first()
        assert found is not None
        return found.state, found.excuse

    tell(session, ana, StatusSaid(PALM, "", until(TODAY + DAY)), NOW)
    assert first() == (State.EXCUSED, Excuse.PERSON_OFF)
    tell(session, ana, StatusSaid(), NOW)
    assert first() == (State.DUE, None)
