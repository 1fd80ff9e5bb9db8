"""What one-on-ones owe to Slack: two cards and the question for a rating, and news of changes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attention import digests_around
from models.delivery import Kind, owe, refresh, refresh_keys
from models.one_on_ones.tables import Breach, OneOnOne, Sitting, Standing, State
from models.people import Person, get_person, standards
from models.schedule import local_date


def owe_sitting(session: Session, one_on_one: OneOnOne, sitting: Sitting) -> None:
    """A card for each side before it starts, and after its end the question for a rating."""
    rules = standards(session)
    reminded_at = sitting.starts_at - timedelta(minutes=rules.reminder_minutes)
    asked_at = rating_asked_at(session, sitting)
    coach_key, person_key = sitting_keys(sitting.id)
    for kind, key, person_id, due_at in (
        (Kind.ONE_ON_ONE_COACH, coach_key, one_on_one.coach_id, reminded_at),
        (Kind.ONE_ON_ONE_PERSON, person_key, one_on_one.person_id, reminded_at),
        (Kind.ONE_ON_ONE_RATING, _rating_key(sitting.id), one_on_one.person_id, asked_at),
    ):
        owe(session, kind, sitting.id, dedupe_key=key, due_at=due_at, person_id=person_id)


def rating_asked_at(session: Session, sitting: Sitting) -> datetime:
    """When the rating of a session that sits then is asked."""
    return sitting.ends_at + timedelta(minutes=standards(session).rating_minutes)


def owe_changed(
    session: Session, one_on_one: OneOnOne, sitting: Sitting, by_id: int, now: datetime
) -> None:
    """The other side hears at once that one of the two moved or cancelled this sitting, or has the
    day off."""
    to_person = by_id == one_on_one.coach_id
    excused, changed = _news_keys(sitting.id, to_person=to_person)
    owe(
        session,
        Kind.ONE_ON_ONE_CHANGED if to_person else Kind.ONE_ON_ONE_CHANGED_COACH,
        sitting.id,
        dedupe_key=excused if one_on_one.state is State.EXCUSED else changed,
        due_at=now,
        person_id=one_on_one.person_id if to_person else one_on_one.coach_id,
    )


def owe_standing(session: Session, standing: Standing, now: datetime) -> None:
    """Who is coached hears of a standing one-on-one that the coach set; whom the coach was asked to
    set one for is one fewer."""
    refresh(session, Kind.ONE_ON_ONE_UNSET, standing.coach_id, now)
    owe(
        session,
        Kind.ONE_ON_ONE_STANDING,
        standing.id,
        dedupe_key=_standing_key(standing.id),
        due_at=now,
        person_id=standing.person_id,
    )


def owe_new_coach(
    session: Session, standing: Standing, person: Person, coach: Person, now: datetime
) -> None:
    """Who is coached hears once who leads their one-on-ones now, since a schedule ended with that
    of another; the new coach hears, once a day of all at once, who has no weekly time yet."""
    owe(
        session,
        Kind.ONE_ON_ONE_NEW_COACH,
        standing.id,
        dedupe_key=f"standing:{standing.id}:coach:{coach.id}",
        due_at=now,
        person_id=person.id,
    )
    unset = f"unset:{coach.id}:{local_date(now, coach.zone)}"
    owe(
        session,
        Kind.ONE_ON_ONE_UNSET,
        coach.id,
        dedupe_key=unset,
        due_at=now,
        person_id=coach.id,
    )
    refresh_keys(session, [unset], now)


def owe_zone(
    session: Session,
    person: Person,
    ahead: Sequence[tuple[OneOnOne, Sitting]],
    now: datetime,
) -> None:
    """A person's time zone is another now: they and the other side of each pair hear when what is
    ahead is for either, once each."""
    owe(
        session,
        Kind.ONE_ON_ONE_ZONE,
        person.id,
        dedupe_key=f"zone:{person.id}:{local_date(now, person.zone)}:{person.zone}",
        due_at=now,
        person_id=person.id,
    )
    told: set[int] = set()
    for one_on_one, sitting in ahead:
        show(session, one_on_one, sitting, now)
        both = (one_on_one.coach_id, one_on_one.person_id)
        other_id = next(each for each in both if each != person.id)
        if other_id not in told:
            owe(
                session,
                Kind.ONE_ON_ONE_ZONE_OTHER,
                sitting.id,
                dedupe_key=f"sitting:{sitting.id}:zone:{person.id}:{person.zone}",
                due_at=now,
                person_id=other_id,
            )
        told.add(other_id)


def owe_breach(session: Session, breach: Breach, leader_id: int | None, now: datetime) -> None:
    """The coach hears of a breach, and the leader above if there is one, once each."""
    told = {Kind.ONE_ON_ONE_BREACH: breach.coach_id, Kind.ONE_ON_ONE_BREACH_ABOVE: leader_id}
    for kind, person_id in told.items():
        if person_id is not None:
            owe(
                session,
                kind,
                breach.id,
                dedupe_key=f"breach:{breach.id}:{person_id}",
                due_at=now,
                person_id=person_id,
            )


def sitting_keys(sitting_id: int) -> tuple[str, str]:
    """The keys under which a sitting's cards are owed: the coach's, and that of who is coached."""
    return f"sitting:{sitting_id}:coach", f"sitting:{sitting_id}:person"


def show(session: Session, one_on_one: OneOnOne, sitting: Sitting, now: datetime) -> None:
    """What both cards show has changed, and what the question for a rating, the news of an excuse
    that was taken back, and digests say: a digest names a session at the time it had that day."""
    keys = [*sitting_keys(sitting.id), _rating_key(sitting.id)]
    for to_person in (True, False):
        keys += _news_keys(sitting.id, to_person=to_person)
    set_to = select(Sitting.starts_at).where(Sitting.one_on_one_id == one_on_one.id)
    times = session.scalars(set_to).all()
    for person_id in (one_on_one.coach_id, one_on_one.person_id):
        keys += digests_around(session, get_person(session, person_id), times)
    refresh_keys(session, keys, now)


def show_standing(session: Session, standing: Standing, now: datetime) -> None:
    """What the message about a standing one-on-one says has changed: it ended."""
    refresh_keys(session, [_standing_key(standing.id)], now)


def show_standings(session: Session, coach_id: int, now: datetime) -> None:
    """What the messages about a coach's standing one-on-ones say of the rotation has changed."""
    current = select(Standing.id).where(Standing.coach_id == coach_id, Standing.ended_at.is_(None))
    keys = [_standing_key(each) for each in session.scalars(current.order_by(Standing.id))]
    refresh_keys(session, keys, now)


def _news_keys(sitting_id: int, *, to_person: bool) -> tuple[str, str]:
    """Of one side: that of an excuse, and that of a move or cancellation."""
    side = "" if to_person else ":coach"
    return f"sitting:{sitting_id}:excused{side}", f"sitting:{sitting_id}:changed{side}"


def _rating_key(sitting_id: int) -> str:
    return f"sitting:{sitting_id}:rating"


def _standing_key(standing_id: int) -> str:
    return f"standing:{standing_id}:person"
