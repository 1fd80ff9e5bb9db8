"""A stage that changed without a logged activity: raised where somebody told, and only there."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from models.activities import Activity, stage_contacts
from models.deals import Deal, Import, ImportKind, set_stage
from models.flags import FlagCode, flags
from models.standards import Standards
from tests.world import NOW, TODAY, World, a_deal, a_rep, a_team, an_import, stage_named

MOVED = date(2026, 11, 12)
DAY = timedelta(days=1)
_numbers = count(1)


def noon(on: date) -> datetime:
    return datetime.combine(on, time(17), UTC)  # in New York, where West is


def moved(
    session: Session, deal: Deal, at: datetime, *, entered_at: datetime | None = None
) -> Deal:
    """An import saw it in the next stage; `entered_at`: since when, as the CRM says."""
    taken = an_import(session, at)
    stage = stage_named(session, "Discovery")
    set_stage(session, deal, stage, at, entered_at=entered_at, import_id=taken.id)
    session.flush()
    return deal


def told(
    session: Session,
    first: date,
    last: date,
    *contacts: tuple[Deal, date],
    at: datetime = NOW,
) -> None:
    """A file of activities that tells of these days was taken in."""
    taken = Import(
        file_name="activities.csv", sha256="0" * 64, imported_at=at, added=0, changed=0,
        unchanged=0, mapping={}, kind=ImportKind.ACTIVITIES, covers_from=first, covers_until=last,
    )  # fmt: skip
    session.add(taken)
    session.flush()
    for deal, on in contacts:
        number = f"A{next(_numbers)}"
        session.add(Activity(external_id=number, deal_id=deal.id, on_day=on, import_id=taken.id))
    session.flush()


def unlogged(session: Session, deal: Deal, rules: Standards | None = None) -> int | None:
    """How many days ago the change was that is accused; None: none is."""
    for flag in flags(session, [deal], NOW, TODAY, rules or Standards())[deal.id]:
        if flag.code is FlagCode.STAGE_UNLOGGED:
            return int(flag.facts["days"])
    return None


@pytest.fixture
def other(session: Session, world: World) -> Deal:
    """Another deal of the team, with which people were in contact."""
    return a_deal(session, world.ben)


@pytest.fixture
def deal(session: Session, world: World) -> Deal:
    """It changed its stage on the 12th at noon, as the CRM says; seen two days later."""
    return moved(session, a_deal(session, world.ana), noon(MOVED + 2 * DAY), entered_at=noon(MOVED))


@pytest.mark.parametrize(
    ("days", "is_raised"), [(-8, True), (-7, False), (0, False), (1, False), (2, True)]
)
def test_seven_days_before_to_one_day_after(
    session: Session, deal: Deal, days: int, is_raised: bool
) -> None:
    told(session, MOVED - 30 * DAY, TODAY - DAY, (deal, MOVED + days * DAY))
    assert unlogged(session, deal) == (12 if is_raised else None)


def test_the_window_is_the_workspaces(session: Session, deal: Deal) -> None:
    told(session, MOVED - 30 * DAY, TODAY - DAY, (deal, MOVED - 8 * DAY))
    rules = Standards(activity_days_before=8, activity_days_after=0)
    assert unlogged(session, deal, rules) is None
    assert unlogged(session, deal) == 12


@pytest.mark.parametrize(
    ("zone", "is_raised"), [("America/New_York", False), ("Europe/Berlin", True)]
)
def test_days_are_those_of_the_team(
    session: Session, world: World, zone: str, is_raised: bool
) -> None:
    """At 23:30 in New York it is tomorrow in Berlin: there a contact 7 days before is too old."""
    team = a_team(session, "East", zone=zone)
    eli = a_rep(session, team, "U0ELI", "Eli")
    late = datetime(2026, 11, 13, 4, 30, tzinfo=UTC)
    deal = moved(session, a_deal(session, eli.id), late, entered_at=late)
    told(session, MOVED - 30 * DAY, TODAY - DAY, (deal, date(2026, 11, 5)))
    assert unlogged(session, deal) == (11 if is_raised else None)


@pytest.mark.parametrize(
    ("first", "last"),
    [(MOVED - 6 * DAY, TODAY), (MOVED - 30 * DAY, MOVED), (TODAY, TODAY)],
)
def test_days_of_which_nobody_told_accuse_nobody(
    session: Session, deal: Deal, other: Deal, first: date, last: date
) -> None:
    told(session, first, last, (other, last))
    assert unlogged(session, deal) is None
    assert stage_contacts(session, [deal], Standards())[deal.id].logged is None


def test_files_that_follow_each_other_tell_together(
    session: Session, deal: Deal, other: Deal
) -> None:
    told(session, MOVED, MOVED + DAY, (other, MOVED))
    assert unlogged(session, deal) is None
    told(session, MOVED - 7 * DAY, MOVED - DAY, (other, MOVED - DAY))
    assert unlogged(session, deal) == 12


def test_without_activities_of_the_team_nobody_was_told_of_it(
    session: Session, world: World, deal: Deal
) -> None:
    assert unlogged(session, deal) is None
    dach = a_team(session, "DACH", zone="Europe/Berlin", currency="EUR")
    eva = a_rep(session, dach, "U0EVA", "Eva")
    theirs = moved(session, a_deal(session, eva.id), noon(MOVED), entered_at=noon(MOVED))
    told(session, MOVED - 30 * DAY, TODAY, (theirs, MOVED - 20 * DAY))
    assert unlogged(session, theirs) == 12
    assert unlogged(session, deal) is None
    nobodys = a_deal(session, world.lea)
    moved(session, nobodys, noon(MOVED), entered_at=noon(MOVED))
    assert unlogged(session, nobodys) is None


def test_a_decision_is_never_accused(session: Session, deal: Deal, other: Deal) -> None:
    told(session, MOVED - 30 * DAY, TODAY, (other, MOVED))
    set_stage(session, deal, stage_named(session, "Proposal"), NOW - DAY, decision_id=1)
    session.flush()
    assert unlogged(session, deal) is None


def test_a_deal_that_never_changed_or_is_closed_is_not_asked(
    session: Session, world: World, other: Deal
) -> None:
    told(session, MOVED - 30 * DAY, TODAY, (other, MOVED))
    new = a_deal(session, world.ana, entered_at=noon(MOVED))
    assert unlogged(session, new) is None
    won = moved(session, a_deal(session, world.ana), noon(MOVED), entered_at=noon(MOVED))
    taken = an_import(session, noon(MOVED + DAY))
    set_stage(session, won, stage_named(session, "Closed Won"), noon(MOVED), import_id=taken.id)
    session.flush()
    assert unlogged(session, won) is None


def test_the_last_contact_of_a_deals_file_is_one_too(
    session: Session, deal: Deal, other: Deal
) -> None:
    told(session, MOVED - 30 * DAY, TODAY, (other, MOVED))
    deal.last_activity_on = MOVED - 3 * DAY
    assert unlogged(session, deal) is None
    deal.last_activity_on = MOVED + 2 * DAY
    assert unlogged(session, deal) == 12


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_files_from_before_the_deal_was_here_left_its_activities_out(
    session: Session, deal: Deal, other: Deal, hours: int
) -> None:
    deal.seen_at = noon(MOVED + DAY)
    at = deal.seen_at + timedelta(hours=hours)
    told(session, MOVED - 30 * DAY, TODAY, (other, MOVED), at=at)
    assert unlogged(session, deal) == (None if hours < 0 else 12)


def test_a_change_that_was_only_seen_may_have_been_any_day_since_the_import_before(
    session: Session, world: World, other: Deal
) -> None:
    """Deals came on the 5th and on the 12th: the contact of 29 October may belong to it."""
    an_import(session, noon(date(2026, 11, 5)))
    deal = moved(session, a_deal(session, world.ana), noon(MOVED))
    told(session, date(2026, 10, 30), TODAY, (other, MOVED))
    assert unlogged(session, deal) is None  # nobody told of the 29th
    told(session, date(2026, 10, 1), date(2026, 10, 29), (other, date(2026, 10, 1)))
    assert unlogged(session, deal) == 12
    told(session, date(2026, 10, 29), date(2026, 10, 29), (deal, date(2026, 10, 29)))
    assert unlogged(session, deal) is None


def test_only_the_latest_change_is_asked_about(session: Session, deal: Deal, other: Deal) -> None:
    told(session, MOVED - 30 * DAY, TODAY, (deal, MOVED + 5 * DAY), (other, MOVED))
    assert unlogged(session, deal) == 12
    later = noon(MOVED + 6 * DAY)
    taken = an_import(session, later)
    proposal = stage_named(session, "Proposal")
    set_stage(session, deal, proposal, later, entered_at=later, import_id=taken.id)
    session.flush()
    assert unlogged(session, deal) is None
