"""What the coached person says to a log, and what becomes of it when the log changes."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.access import Act, Refused
from models.coaching import (
    CoachingLog,
    LogChanged,
    LogWithdrawn,
    TextTooLong,
    UnknownLog,
    answers,
    confirm_log,
    current_answer,
    current_entry,
    dispute_log,
    edit_log,
    waiting_answers,
    withdraw_log,
)
from models.delivery import Delivery, Kind
from models.people import get_person
from tests.coaching import a_log, given
from tests.world import NOW, World

HOUR = timedelta(hours=1)


def entry_of(session: Session, log: CoachingLog) -> int:
    return current_entry(session, log.id).id


def told(session: Session) -> list[Delivery]:
    """What the coach is told about answers that differ."""
    return list(session.scalars(select(Delivery).where(Delivery.kind == Kind.COACHING_DISPUTED)))


def test_a_log_waits_until_it_is_confirmed(session: Session, world: World) -> None:
    log, ana = a_log(session, world), get_person(session, world.ana)
    assert [one for one, _, _ in waiting_answers(session, ana.id)] == [log]

    made = confirm_log(session, ana, entry_of(session, log), NOW + HOUR)

    assert (made.agrees, made.text, made.answered_at) == (True, None, NOW + HOUR)
    assert waiting_answers(session, ana.id) == []
    assert told(session) == []
    shown = select(Delivery.revision).where(Delivery.kind == Kind.COACHING_COACH)
    assert session.scalars(shown).all() == [2]


def test_twice_the_same_is_one_answer(session: Session, world: World) -> None:
    entry, ana = entry_of(session, a_log(session, world)), get_person(session, world.ana)
    first = confirm_log(session, ana, entry, NOW)
    assert confirm_log(session, ana, entry, NOW + HOUR) is first
    other = dispute_log(session, ana, entry, " It was Orbit ", NOW)
    assert dispute_log(session, ana, entry, "It was Orbit", NOW + HOUR) is other


def test_the_coach_is_told_once_of_a_version_that_is_seen_differently(
    session: Session, world: World
) -> None:
    log, ana = a_log(session, world), get_person(session, world.ana)
    entry = entry_of(session, log)

    made = dispute_log(session, ana, entry, "  ", NOW)
    assert (made.agrees, made.text) == (False, None)
    dispute_log(session, ana, entry, "It was Orbit, not Nexus", NOW + HOUR)

    (message,) = told(session)
    assert (message.subject_id, message.person_id) == (entry, world.max)
    assert message.revision == 2
    said = answers(session, log.id)
    assert [(one.text, one.is_current) for one in said] == [
        (None, False),
        ("It was Orbit, not Nexus", True),
    ]


def test_the_mind_may_be_changed_both_ways(session: Session, world: World) -> None:
    log, ana = a_log(session, world), get_person(session, world.ana)
    entry = entry_of(session, log)
    for said in (True, False, True):
        if said:
            confirm_log(session, ana, entry, NOW)
        else:
            dispute_log(session, ana, entry, "No", NOW)
    assert [one.agrees for one in answers(session, log.id)] == [True, False, True]
    current = current_answer(session, log.id)
    assert current is not None
    assert current.agrees


def test_an_edit_asks_anew(session: Session, world: World) -> None:
    log, ana = a_log(session, world), get_person(session, world.ana)
    dispute_log(session, ana, entry_of(session, log), "It was 45 minutes", NOW)

    edit_log(session, get_person(session, world.max), log.id, given(minutes=45), NOW + HOUR)

    assert current_answer(session, log.id) is None
    assert [one for one, _, _ in waiting_answers(session, ana.id)] == [log]
    (message,) = told(session)
    assert message.revision == 2
    confirm_log(session, ana, entry_of(session, log), NOW + HOUR)
    dispute_log(session, ana, entry_of(session, log), None, NOW + 2 * HOUR)
    assert len(told(session)) == 2


def test_the_answer_to_an_outdated_version_is_refused(session: Session, world: World) -> None:
    log, ana = a_log(session, world), get_person(session, world.ana)
    read = entry_of(session, log)
    edit_log(session, get_person(session, world.max), log.id, given(minutes=45), NOW)
    with pytest.raises(LogChanged) as broken:
        confirm_log(session, ana, read, NOW)
    assert broken.value.coach_id == world.max
    with pytest.raises(LogChanged):
        dispute_log(session, ana, read, None, NOW)
    assert answers(session, log.id) == []


def test_a_withdrawn_log_is_not_answered(session: Session, world: World) -> None:
    log, ana = a_log(session, world), get_person(session, world.ana)
    withdraw_log(session, get_person(session, world.max), log.id, "Wrong person", NOW)
    assert waiting_answers(session, ana.id) == []
    with pytest.raises(LogWithdrawn):
        confirm_log(session, ana, entry_of(session, log), NOW)


@pytest.mark.parametrize("actor", ["max", "lea", "ben", "ada"])
def test_only_who_was_coached_answers(session: Session, world: World, actor: str) -> None:
    entry = entry_of(session, a_log(session, world))
    with pytest.raises(Refused) as broken:
        confirm_log(session, get_person(session, getattr(world, actor)), entry, NOW)
    assert (broken.value.act, broken.value.allowed) == (Act.ANSWER_COACHING, (world.ana,))


def test_who_was_deactivated_answers_no_more(session: Session, world: World) -> None:
    entry, ana = entry_of(session, a_log(session, world)), get_person(session, world.ana)
    ana.active = False
    with pytest.raises(Refused):
        confirm_log(session, ana, entry, NOW)


def test_what_is_not_there_and_what_is_too_long(session: Session, world: World) -> None:
    ana = get_person(session, world.ana)
    with pytest.raises(UnknownLog):
        confirm_log(session, ana, 10**6, NOW)
    entry = entry_of(session, a_log(session, world))
    assert dispute_log(session, ana, entry, "x" * 2000, NOW)
    with pytest.raises(TextTooLong):
        dispute_log(session, ana, entry, "x" * 2001, NOW)


def test_the_database_holds_one_current_answer(session: Session, world: World) -> None:
    log, ana = a_log(session, world), get_person(session, world.ana)
    first = confirm_log(session, ana, entry_of(session, log), NOW)
    dispute_log(session, ana, entry_of(session, log), None, NOW)
    first.is_current = True
    with pytest.raises(IntegrityError):
        session.flush()
