"""Next actions that are due, to their owner: in the morning digest, and at Home."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.days import working_day_before
from models.deals import Deal, StageKind, stages
from models.next_actions import ActionState, NextAction, open_actions
from models.people import Person, home_teams, people_by_id
from models.screens.pieces import deal_shown
from models.screens.shown import DueAction

_ASKED = (ActionState.OPEN, ActionState.DONE, ActionState.NOT_DONE)
_Found = tuple[NextAction, Deal]


def of_morning(
    session: Session, person: Person, day: date, went_out: datetime
) -> tuple[DueAction, ...]:
    """What fell due since the last working day, and once more what did since the one before that.

    Also what was said about it since that morning's digest went out.
    """
    since = working_day_before(session, person, working_day_before(session, person, day))
    rows = session.execute(
        select(NextAction, Deal)
        .join(Deal, Deal.id == NextAction.deal_id)
        .where(
            NextAction.owner_id == person.id,
            NextAction.due_on > since,
            NextAction.due_on <= day,
            NextAction.set_at <= went_out,
            NextAction.ended_at.is_(None) | (NextAction.ended_at >= went_out),
        )
        .order_by(NextAction.due_on, NextAction.id)
    )
    return _shown(session, [(action, deal) for action, deal in rows], day)


def waiting(
    session: Session, person: Person, today: date, since: datetime
) -> tuple[DueAction, ...]:
    """All that is due by today without a word, and what was said since then."""
    rows = session.execute(
        select(NextAction, Deal)
        .join(Deal, Deal.id == NextAction.deal_id)
        .where(
            NextAction.owner_id == person.id,
            NextAction.due_on <= today,
            NextAction.ended_at.is_(None) | (NextAction.ended_at >= since),
        )
        .order_by(NextAction.due_on, NextAction.id)
    )
    return _shown(session, [(action, deal) for action, deal in rows], today)


def _shown(session: Session, found: Sequence[_Found], today: date) -> tuple[DueAction, ...]:
    """Of deals that are open; what was replaced, or left with its deal, waits for nobody."""
    by_id = {stage.id: stage for stage in stages(session)}
    owners = {deal.owner_id for _, deal in found}
    people, of_teams = people_by_id(session, owners), home_teams(session, owners)
    standing = open_actions(session, {deal.id for _, deal in found})
    shown = []
    for action, deal in found:
        stage, of_team = by_id[deal.stage_id], of_teams.get(deal.owner_id)
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
