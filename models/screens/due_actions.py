"""Next actions, to their owner: those due in the morning digest, and at Home those to come too."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.days import working_day_before
from models.deals import Deal, Stage, StageKind
from models.next_actions import ActionState, NextAction, open_actions
from models.people import Person, Team, home_teams, people_by_id
from models.screens.asked import HomeAction
from models.screens.pieces import deal_shown, next_shown
from models.screens.shown import DueAction

_ASKED = (ActionState.OPEN, ActionState.DONE, ActionState.NOT_DONE)
_Found = tuple[NextAction, Deal, Stage]


def of_morning(
    session: Session, person: Person, day: date, went_out: datetime
) -> tuple[DueAction, ...]:
    """What fell due since the last working day, and once more what did since the one before that.

    Also what was said about it since that morning's digest went out.
    """
    since = working_day_before(session, person, working_day_before(session, person, day))
    found = _of(
        session,
        person,
        NextAction.due_on > since,
        NextAction.due_on <= day,
        NextAction.set_at <= went_out,
        NextAction.ended_at.is_(None) | (NextAction.ended_at >= went_out),
    )
    return _due(session, found, _teams(session, found), day)


def at_home(
    session: Session, person: Person, today: date, since: datetime
) -> tuple[tuple[DueAction, ...], tuple[HomeAction, ...]]:
    """All that is due by today without a word, and what was said since then; and what is open and
    not due yet. The soonest first."""
    due_or_open = (NextAction.due_on <= today) | (NextAction.state == ActionState.OPEN)
    unsaid = NextAction.ended_at.is_(None) | (NextAction.ended_at >= since)
    found = _of(session, person, due_or_open, unsaid)
    of_teams = _teams(session, found)
    due = [one for one in found if one[0].due_on <= today]
    coming = [one for one in found if one[0].due_on > today]
    return _due(session, due, of_teams, today), _coming(session, coming, of_teams, today)


def _of(session: Session, person: Person, *which: ColumnElement[bool]) -> list[_Found]:
    rows = session.execute(
        select(NextAction, Deal, Stage)
        .join(Deal, Deal.id == NextAction.deal_id)
        .join(Stage, Stage.id == Deal.stage_id)
        .where(NextAction.owner_id == person.id, *which)
        .order_by(NextAction.due_on, NextAction.id)
    )
    return [(action, deal, stage) for action, deal, stage in rows]


def _teams(session: Session, found: Sequence[_Found]) -> dict[int, Team]:
    """The home teams of the deals' owners, by the owner's id."""
    return home_teams(session, {deal.owner_id for _, deal, _ in found})


def _due(
    session: Session, found: Sequence[_Found], of_teams: Mapping[int, Team], today: date
) -> tuple[DueAction, ...]:
    """Of deals that are open; what was replaced, or left with its deal, waits for nobody."""
    people = people_by_id(session, {deal.owner_id for _, deal, _ in found})
    standing = open_actions(session, {deal.id for _, deal, _ in found})
    shown = []
    for action, deal, stage in found:
        of_team = of_teams.get(deal.owner_id)
        is_asked = action.state in _ASKED and stage.kind is StageKind.OPEN
        if of_team is None or not is_asked:
            continue
        shown.append(
            DueAction(
                action_id=action.id,
                deal=deal_shown(deal, stage, people[deal.owner_id], of_team),
                text=action.text,
                due_on=action.due_on,
                overdue=action.due_on < today,
                state=action.state,
                renewable=action.state is not ActionState.OPEN and deal.id not in standing,
            )
        )
    return tuple(shown)


def _coming(
    session: Session, found: Sequence[_Found], of_teams: Mapping[int, Team], today: date
) -> tuple[HomeAction, ...]:
    ids = {each for action, deal, _ in found for each in (deal.owner_id, action.owner_id)}
    people = people_by_id(session, ids)
    shown = []
    for action, deal, stage in found:
        if (of_team := of_teams.get(deal.owner_id)) is not None:
            deal_piece = deal_shown(deal, stage, people[deal.owner_id], of_team)
            shown.append(HomeAction(deal_piece, next_shown(action, people, today)))
    return tuple(shown)
