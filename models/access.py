"""Who may do what, checked at the moment of acting (product.md, "Who may").

`access` sees people only: nouns pass ids. What it knows is the line upwards from a team's manager,
the team's deputy and members, a deal's owner and the admins. An inactive person may nothing.
"""

from collections.abc import Callable
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import RuleBroken
from models.deputies import deputy_of, teams_deputised
from models.people import (
    Person,
    Role,
    Team,
    admins,
    get_person,
    members,
    team,
    teams_of,
    with_those_above,
)


class Act(StrEnum):
    """What somebody may want to do: about a team's review, or in coaching."""

    SEE_REVIEW = "see_review"
    START_REVIEW = "start_review"
    ANSWER = "answer"
    DECIDE = "decide"
    ADVANCE_OWN = "advance_own"  # advance a deal that whoever decides owns: the others who decide
    CORRECT = "correct"
    CLOSE_REVIEW = "close_review"
    NAME_DEPUTY = "name_deputy"
    ANSWER_ACTION = "answer_action"  # say what became of a next action, and what comes after it
    SEE_SETUP = "see_setup"
    COACH = "coach"  # log coaching with somebody, set their standing one-on-one
    EDIT_COACHING = "edit_coaching"
    ANSWER_COACHING = "answer_coaching"  # confirm or dispute a log
    RUN_ONE_ON_ONE = "run_one_on_one"  # start it, finish it
    CHANGE_ONE_ON_ONE = "change_one_on_one"  # move it, cancel it, add a talking point
    RATE = "rate"
    SEE_DRIVES = "see_drives"  # what drives a person, where that person shared it


class Refused(RuleBroken):
    """This person may not. `allowed`: the ids of those who may, nearest to the team first.

    `deputy_id`: which of them is the team's deputy, where one is.
    """

    def __init__(self, act: Act, allowed: tuple[int, ...], deputy_id: int | None = None) -> None:
        super().__init__(act, allowed)
        self.act = act
        self.allowed = allowed
        self.deputy_id = deputy_id


def require(
    session: Session, actor: Person, act: Act, *, team_id: int, owner_id: int | None = None
) -> None:
    """Let this person act, or raise `Refused` with who may.

    `owner_id`: the deal's owner, needed by `Act.ANSWER` alone. Raises `UnknownTeam` where the team
    is another workspace's.
    """
    who = allowed(session, act, team_id=team_id, owner_id=owner_id)
    if actor.id not in {person.id for person in who}:
        raise Refused(act, tuple(person.id for person in who), deputy_id(session, team_id))


def may(
    session: Session, actor: Person, act: Act, *, team_id: int, owner_id: int | None = None
) -> bool:
    """Whether `require` would let this person act."""
    who = allowed(session, act, team_id=team_id, owner_id=owner_id)
    return actor.id in {person.id for person in who}


def allowed(
    session: Session, act: Act, *, team_id: int, owner_id: int | None = None
) -> list[Person]:
    """Everybody who may, active people only, nearest to the team first, nobody twice.

    answer: the deal's owner · start, decide, correct, close: the team's manager, deputy and
    everybody above · name the deputy: the manager and everybody above · see the review: the
    members, those who decide, admins · see the setup: admins. Raises `UnknownTeam`.
    """
    found = _RULES[act](session, team_id, owner_id)
    return [person for person in {p.id: p for p in found}.values() if person.active]


def deputy_id(session: Session, team_id: int) -> int | None:
    """Who stands in for the team's manager now."""
    found = deputy_of(session, team(session, team_id))
    return None if found is None else found.id


def teams_for(session: Session, person: Person) -> list[Team]:
    """The teams this person works with, by name: `people.teams_of`, and where they are deputy."""
    found = [*teams_of(session, person), *teams_deputised(session, person)]
    return sorted({each.id: each for each in found}.values(), key=lambda each: (each.name, each.id))


# --- coaching: who coaches whom


def coach_of(session: Session, person: Person) -> Person | None:
    """Who coaches somebody: a rep's team's manager, everybody else's next above; None: nobody.

    An inactive coach coaches nobody.
    """
    if person.role is Role.REP and person.team_id is not None:
        coach_id = team(session, person.team_id).manager_id
    else:
        coach_id = person.reports_to_id
    coach = None if coach_id is None else get_person(session, coach_id)
    return coach if coach is not None and coach.active and coach is not person else None


def coached_by(session: Session, coach: Person) -> list[Person]:
    """The active people whom this person coaches, by name (see `coach_of`)."""
    of_my_team = Person.team_id.in_(select(Team.id).where(Team.manager_id == coach.id))
    in_a_team = (Person.role == Role.REP) & Person.team_id.is_not(None)
    below_me = ~in_a_team & (Person.reports_to_id == coach.id)
    found = select(Person).where(
        Person.active, Person.id != coach.id, (in_a_team & of_my_team) | below_me
    )
    return list(session.scalars(found.order_by(Person.name, Person.id))) if coach.active else []


def require_coach(session: Session, actor: Person, person: Person, act: Act = Act.COACH) -> None:
    """Let the actor coach this person, or raise `Refused` with who may.

    Nobody coaches somebody inactive: then `Refused.allowed` is empty.
    """
    coach = coach_of(session, person) if person.active else None
    if coach is not actor or not actor.active:
        raise Refused(act, () if coach is None else (coach.id,))


def require_one_of(actor: Person, act: Act, *person_ids: int) -> None:
    """Let one of these people act, as long as they are active; else `Refused` names them."""
    if not actor.active or actor.id not in person_ids:
        raise Refused(act, person_ids)


# --- the rules


def _owner(session: Session, team_id: int, owner_id: int | None) -> list[Person]:
    team(session, team_id)
    if owner_id is None:
        raise ValueError("who may answer depends on the deal's owner")
    return [get_person(session, owner_id)]


def _line(session: Session, team_id: int, _owner_id: int | None) -> list[Person]:
    manager_id = team(session, team_id).manager_id
    return [] if manager_id is None else with_those_above(session, manager_id)


def _heads(session: Session, team_id: int, owner_id: int | None) -> list[Person]:
    """The manager, the deputy, then those above."""
    line, deputy = _line(session, team_id, owner_id), deputy_of(session, team(session, team_id))
    return line if deputy is None else [*line[:1], deputy, *line[1:]]


def _around(session: Session, team_id: int, owner_id: int | None) -> list[Person]:
    return [
        *members(session, team_id),
        *_heads(session, team_id, owner_id),
        *admins(session),
    ]


def _admins(session: Session, _team_id: int, _owner_id: int | None) -> list[Person]:
    return admins(session)


_RULES: dict[Act, Callable[[Session, int, int | None], list[Person]]] = {
    Act.SEE_REVIEW: _around,
    Act.START_REVIEW: _heads,
    Act.ANSWER: _owner,
    Act.DECIDE: _heads,
    Act.CORRECT: _heads,
    Act.CLOSE_REVIEW: _heads,
    Act.NAME_DEPUTY: _line,
    Act.SEE_SETUP: _admins,
}
