"""Who may do what, checked at the moment of acting (product.md, "Who may").

`access` sees people only: nouns pass ids. What it knows is the line upwards from a team's manager,
the team's deputy and members, a deal's owner and the admins. An inactive person may nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from models.base import RuleBroken
from models.deputies import deputy_of, teams_deputised
from models.people import (
    Person,
    Role,
    Team,
    admins,
    chain_above,
    get_person,
    members,
    people_below,
    team,
    teams_of,
    with_those_above,
)


class Act(StrEnum):
    """What somebody may want to do: about a team's review, or in coaching."""

    SEE_REVIEW = "see_review"
    START_REVIEW = "start_review"
    ADJUST_PICK = "adjust_pick"  # which deals its cards will be about
    ANSWER = "answer"
    ANSWER_FOR = "answer_for"  # on the owner's behalf: it proves once the owner confirms
    CONFIRM_ANSWERS = "confirm_answers"  # given on the owner's behalf
    DECIDE = "decide"
    ADVANCE_OWN = "advance_own"  # advance a deal that whoever decides owns: the others who decide
    CORRECT = "correct"
    CLOSE_REVIEW = "close_review"
    PROPOSE_PRACTICE = "propose_practice"  # somebody's words, as worth copying
    ANSWER_PRACTICE = "answer_practice"  # share one's own words, or rather not
    NAME_DEPUTY = "name_deputy"
    ANSWER_ACTION = "answer_action"  # say what became of a next action, and what comes after it
    RUN_FORECAST = "run_forecast"  # Friday's: see it, go through it, take it over
    SET_COMMITMENTS = "set_commitments"  # of the reps, for a week; see them and their coaching
    SEE_SETUP = "see_setup"
    COACH = "coach"  # log coaching with somebody, set their standing one-on-one
    EDIT_COACHING = "edit_coaching"
    ANSWER_COACHING = "answer_coaching"  # confirm or dispute a log
    RUN_ONE_ON_ONE = "run_one_on_one"  # start it, finish it
    CHANGE_ONE_ON_ONE = "change_one_on_one"  # move it, cancel it, add a talking point
    TALK_COVERAGE = "talk_coverage"  # speak with a rep under the standard that Monday
    RATE = "rate"
    IMPORT = "import"  # a file of the CRM's
    ACCEPT_ABSENCE = "accept_absence"  # days off that were entered when something had begun
    SEE_DRIVES = "see_drives"  # what drives a person, where that person shared it


class Refused(RuleBroken):
    """This person may not. `allowed`: the ids of those who may, nearest to the team first.
    `owns`: the deal is theirs, so that they can at least answer for it. `deputy_id`: which of those
    who may is the team's deputy, where one is.
    """

    def __init__(
        self,
        act: Act,
        allowed: tuple[int, ...],
        deputy_id: int | None = None,
        *,
        owns: bool = False,
    ) -> None:
        super().__init__(act, allowed)
        self.act = act
        self.allowed = allowed
        self.deputy_id = deputy_id
        self.owns = owns


def require(
    session: Session, actor: Person, act: Act, *, team_id: int, owner_id: int | None = None
) -> None:
    """Let this person act, or raise `Refused` with who may.

    `owner_id`: the deal's owner where it is about a deal; `Act.ANSWER` and `Act.CONFIRM_ANSWERS`
    need it. Raises `UnknownTeam` where the team is another workspace's.
    """
    who = allowed(session, act, team_id=team_id, owner_id=owner_id)
    if actor.id not in {person.id for person in who}:
        ids = tuple(person.id for person in who)
        raise Refused(act, ids, deputy_id(session, team_id), owns=owner_id == actor.id)


def require_to_answer(
    session: Session, actor: Person, *, team_id: int, owner_id: int
) -> int | None:
    """Let this person answer about a deal: its owner, or the manager on the owner's behalf.

    The owner's id where it is on their behalf, else None. Raises `Refused` (`Act.ANSWER`) with
    both.
    """
    if may(session, actor, Act.ANSWER, team_id=team_id, owner_id=owner_id):
        return None
    own = allowed(session, Act.ANSWER, team_id=team_id, owner_id=owner_id)
    others = allowed(session, Act.ANSWER_FOR, team_id=team_id)
    if actor.id in {person.id for person in others}:
        return owner_id
    raise Refused(Act.ANSWER, tuple({person.id: person for person in (*own, *others)}))


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

    answer, confirm: the deal's owner · answer on the owner's behalf: the team's manager · start,
    adjust its pick, decide, correct, close, propose a practice, talk about coverage, run the
    forecast: the team's manager, deputy and everybody above · name the deputy, set commitments: the
    manager and everybody above · see the review: the members, those who decide, admins · see the
    setup: admins. Raises `UnknownTeam`.
    """
    found = _RULES[act](session, team_id, owner_id)
    return [person for person in {p.id: p for p in found}.values() if person.active]


def deputy_id(session: Session, team_id: int) -> int | None:
    """Who stands in for the team's manager now."""
    found = deputy_of(session, team(session, team_id))
    return None if found is None else found.id


def teams_for(session: Session, person: Person) -> list[Team]:
    """The teams this person works with, by name: `people.teams_of`, and where they are deputy."""
    return _by_name(*teams_of(session, person), *teams_deputised(session, person))


def _by_name(*teams: Team) -> list[Team]:
    return sorted({each.id: each for each in teams}.values(), key=lambda each: (each.name, each.id))


@dataclass(frozen=True)
class Reach:
    """A person's teams (`teams_for`) and the people below, all that was asked for once.

    `led`: the ids of the teams whose manager they are, or are above. `decided`: of those in which
    they may decide, which is `may` of many at once: where they are deputy, too.
    """

    teams: list[Team]
    below: list[Person]
    led: set[int]
    decided: set[int]


def reach_of(session: Session, person: Person) -> Reach:
    """Somebody inactive leads no team and decides in none."""
    stands_in = teams_deputised(session, person)
    found = _by_name(*teams_of(session, person), *stands_in)
    below = people_below(session, person.id)
    line = {each.id for each in (person, *below)} if person.active else set()
    led = {each.id for each in found if each.manager_id in line}
    return Reach(found, below, led, led | {each.id for each in stands_in})


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
    found = _coached((Person,), coach.id).order_by(Person.name, Person.id)
    return list(session.scalars(found)) if coach.active else []


def pairs_of(session: Session, coach_ids: Collection[int]) -> dict[int, set[int]]:
    """The ids of the active people whom each of these active people coaches; perhaps none."""
    found: dict[int, set[int]] = {each: set() for each in coach_ids}
    for coach_id, person_id in session.execute(_coached((_COACH_ID, Person.id), *coach_ids)):
        found[coach_id].add(person_id)
    return found


_IN_A_TEAM = (Person.role == Role.REP) & Person.team_id.is_not(None)
_COACH_ID = case((_IN_A_TEAM, Team.manager_id), else_=Person.reports_to_id)


def _coached(asked: tuple[Any, ...], *coach_ids: int) -> Select[Any]:
    """What is asked of the active people who are coached by one of these."""
    in_team = (Team.id == Person.team_id) & (Team.workspace_id == Person.workspace_id)
    return (
        select(*asked)
        .select_from(Person)
        .outerjoin(Team, in_team)
        .where(Person.active, _COACH_ID.in_(coach_ids), Person.id != _COACH_ID)
    )


def require_coach(session: Session, actor: Person, person: Person, act: Act = Act.COACH) -> None:
    """Let the actor coach this person, or raise `Refused` with who may.

    Nobody coaches somebody inactive: then `Refused.allowed` is empty.
    """
    coach = coach_of(session, person) if person.active else None
    if coach is not actor or not actor.active:
        raise Refused(act, () if coach is None else (coach.id,))


def leaders_above(session: Session, person: Person) -> list[Person]:
    """The active leaders above a person, nearest first."""
    above = chain_above(session, person.id)
    return [one for one in above if one.active and one.role is Role.LEADER]


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


def _manager(session: Session, team_id: int, _owner_id: int | None) -> list[Person]:
    manager_id = team(session, team_id).manager_id
    return [] if manager_id is None else [get_person(session, manager_id)]


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
    Act.ADJUST_PICK: _heads,
    Act.ANSWER: _owner,
    Act.ANSWER_FOR: _manager,
    Act.CONFIRM_ANSWERS: _owner,
    Act.DECIDE: _heads,
    Act.CORRECT: _heads,
    Act.CLOSE_REVIEW: _heads,
    Act.PROPOSE_PRACTICE: _heads,
    Act.TALK_COVERAGE: _heads,
    Act.NAME_DEPUTY: _line,
    Act.RUN_FORECAST: _heads,
    Act.SET_COMMITMENTS: _line,
    Act.SEE_SETUP: _admins,
}
