"""Next actions: what is done next on a deal, by whom, by when."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import access
from models.access import Act, Refused
from models.attention import digests_from
from models.base import (
    Base,
    InWorkspace,
    RuleBroken,
    one_of,
    refuse,
    refused,
    within_workspace,
)
from models.deals import Deal, Stage, StageKind, get_deal, local_day, locked_deal
from models.delivery import refresh_keys
from models.people import Person, home_team_id, standards
from models.standards import Standards, is_empty_phrase


class Outcome(StrEnum):
    """What its owner, or the manager, said became of a next action."""

    DONE = "done"
    NOT_DONE = "not_done"


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not_done"
    REPLACED = "replaced"
    DROPPED = "dropped"  # the deal left the pipeline before it was due


class NextAction(InWorkspace, Base):
    """A deal has at most one open; a new one replaces it, and the old one stays as trail."""

    __tablename__ = "next_actions"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("deal_id", "deals"),
        within_workspace("owner_id", "people"),
        within_workspace("set_by_id", "people"),
        Index(
            "uq_next_actions_open", "workspace_id", "deal_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))
    owner_id: Mapped[int]
    due_on: Mapped[date]
    state: Mapped[ActionState] = mapped_column(one_of(ActionState, "state"))
    set_by_id: Mapped[int]
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class NextActionAnswer(InWorkspace, Base):
    """Done, or not done: each word that was given, the newest of which stands."""

    __tablename__ = "next_action_answers"
    __table_args__ = (
        within_workspace("action_id", "next_actions"),
        within_workspace("by_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int]
    state: Mapped[Outcome] = mapped_column(one_of(Outcome, "state"))
    by_id: Mapped[int]
    at: Mapped[datetime]


MOST_CHARACTERS = 500


class EmptyPhrase(RuleBroken):
    """The text says nothing ("follow up"). `text`: as it was given."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class TooLong(RuleBroken):
    """More characters than a next action may have: at most `most`."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class DueOutOfRange(RuleBroken):
    """The due date lies before `least` or after `most`, both allowed themselves."""

    def __init__(self, least: date, most: date) -> None:
        super().__init__(least, most)
        self.least = least
        self.most = most


class UnknownAction(RuleBroken):
    """No such next action in this workspace."""

    def __init__(self, action_id: int) -> None:
        super().__init__(action_id)
        self.action_id = action_id


class ActionOver(RuleBroken):
    """Nothing is asked about it any more: it was replaced, or its deal left the pipeline."""

    def __init__(self, action_id: int, state: ActionState) -> None:
        super().__init__(action_id, state)
        self.action_id = action_id
        self.state = state


class ActionStands(RuleBroken):
    """The deal has a next action again: which."""

    def __init__(self, action_id: int) -> None:
        super().__init__(action_id)
        self.action_id = action_id


def check_next_action(text: str, due_on: date, today: date, standards: Standards) -> None:
    """What a next action must be: more than an empty phrase, and due from today on within 14 days.

    `today` is the team's local date; days and phrases are the workspace's standards. Raises
    `EmptyPhrase`, `TooLong`, `DueOutOfRange`, or `Faults` of both (product.md, "Pipeline review").
    """
    found = (*refused(check_text, text, standards), *refused(check_due, due_on, today, standards))
    refuse(found)


def check_text(text: str, standards: Standards) -> None:
    """The text's part of `check_next_action`. Raises `EmptyPhrase`, `TooLong`."""
    if is_empty_phrase(text, standards.empty_phrases):
        raise EmptyPhrase(text)
    if len(text.strip()) > MOST_CHARACTERS:
        raise TooLong(MOST_CHARACTERS)


def check_due(due_on: date, today: date, standards: Standards) -> None:
    """The due date's part of `check_next_action`. Raises `DueOutOfRange`."""
    most = today + timedelta(days=standards.next_action_days)
    if not today <= due_on <= most:
        raise DueOutOfRange(today, most)


def set_next_action(
    session: Session,
    deal_id: int,
    text: str,
    owner_id: int,
    due_on: date,
    by_id: int,
    now: datetime,
) -> NextAction:
    """The deal's open next action from now on; the one it replaces stays as trail, and the digests
    that ask for it, or for what is next, show it.

    The same text, owner and date again is the same next action: the open one is returned. Whoever
    calls has checked it (`check_next_action`) and holds the deal.
    """
    text = text.strip()
    open_one = _open_one(session, deal_id)
    if open_one is not None:
        if (open_one.text, open_one.owner_id, open_one.due_on) == (text, owner_id, due_on):
            return open_one
        _end(session, open_one, ActionState.REPLACED, now)
    elif (last := _last_one(session, deal_id)) is not None:
        _show(session, last, now)
    made = NextAction(
        deal_id=deal_id,
        text=text,
        owner_id=owner_id,
        due_on=due_on,
        state=ActionState.OPEN,
        set_by_id=by_id,
        set_at=now,
    )
    session.add(made)
    session.flush()
    return made


# --- what became of it


def get_action(session: Session, action_id: int) -> NextAction:
    """The next action. Raises `UnknownAction`, also for another workspace's."""
    found = session.get(NextAction, action_id)
    if found is None:
        raise UnknownAction(action_id)
    return found


def require_to_answer(session: Session, actor: Person, action: NextAction) -> None:
    """Let its owner, or whoever decides about the deal, say what became of it. Raises `Refused`."""
    team_id = home_team_id(session, get_deal(session, action.deal_id).owner_id)
    leads = team_id is not None and access.may(session, actor, Act.DECIDE, team_id=team_id)
    if not actor.active or not (actor.id == action.owner_id or leads):
        deciders = [] if team_id is None else access.allowed(session, Act.DECIDE, team_id=team_id)
        ids = dict.fromkeys([action.owner_id, *(person.id for person in deciders[:1])])
        raise Refused(Act.ANSWER_ACTION, tuple(ids))


def say_outcome(
    session: Session, actor: Person, action_id: int, outcome: Outcome, now: datetime
) -> NextAction:
    """Done, or not done. It can be said otherwise later; every word stays as trail.

    By its owner or who decides about the deal; what is said already changes nothing. Raises
    `UnknownAction`, `Refused`, `ActionOver`.
    """
    locked_deal(session, get_action(session, action_id).deal_id)
    action = session.scalars(
        select(NextAction)
        .where(NextAction.id == action_id)
        .execution_options(populate_existing=True)
    ).one()
    require_to_answer(session, actor, action)
    if action.state in (ActionState.REPLACED, ActionState.DROPPED):
        raise ActionOver(action.id, action.state)
    state = ActionState(outcome.value)
    if action.state is not state:
        _end(session, action, state, now)
        session.add(NextActionAnswer(action_id=action.id, state=outcome, by_id=actor.id, at=now))
        session.flush()
    return action


def renew(
    session: Session, actor: Person, action_id: int, text: str, due_on: date, now: datetime
) -> NextAction:
    """After one that was said to be done, or not: the deal's next one, of the same owner.

    Raises what `renewable` and `check_next_action` refuse.
    """
    locked_deal(session, get_action(session, action_id).deal_id)
    action, deal = renewable(session, actor, action_id)
    check_next_action(text, due_on, local_day(session, deal, now), standards(session))
    return set_next_action(session, deal.id, text, action.owner_id, due_on, actor.id, now)


def renewable(session: Session, actor: Person, action_id: int) -> tuple[NextAction, Deal]:
    """A next action after which this person may set the next one, and its deal.

    Raises `UnknownAction`, `Refused`, `ActionOver` (the deal left the pipeline), and
    `ActionStands` where the deal has an open one.
    """
    action = get_action(session, action_id)
    deal = get_deal(session, action.deal_id)
    require_to_answer(session, actor, action)
    if session.get_one(Stage, deal.stage_id).kind is not StageKind.OPEN:
        raise ActionOver(action.id, ActionState.DROPPED)
    standing = _open_one(session, deal.id)
    if standing is not None:
        raise ActionStands(standing.id)
    return action, deal


# --- finding


def open_actions(session: Session, deal_ids: Iterable[int]) -> dict[int, NextAction]:
    """The open next action of each of these deals that has one."""
    ids = set(deal_ids)
    if not ids:
        return {}
    found = session.scalars(
        select(NextAction).where(NextAction.deal_id.in_(ids), NextAction.state == ActionState.OPEN)
    )
    return {action.deal_id: action for action in found}


def end_open_action(session: Session, deal_id: int, now: datetime) -> NextAction | None:
    """The deal leaves the pipeline: its open next action is dropped, neither done nor missed."""
    open_one = _open_one(session, deal_id)
    if open_one is not None:
        _end(session, open_one, ActionState.DROPPED, now)
    return open_one


_OPEN_ONE = select(NextAction).where(
    NextAction.deal_id == bindparam("deal_id"), NextAction.state == ActionState.OPEN
)


def _open_one(session: Session, deal_id: int) -> NextAction | None:
    return session.scalar(_OPEN_ONE, {"deal_id": deal_id})


def _last_one(session: Session, deal_id: int) -> NextAction | None:
    of_deal = select(NextAction).where(NextAction.deal_id == deal_id)
    return session.scalar(of_deal.order_by(NextAction.id.desc()).limit(1))


def _end(session: Session, action: NextAction, state: ActionState, now: datetime) -> None:
    action.state = state
    action.ended_at = now
    session.flush()
    _show(session, action, now)


def _show(session: Session, action: NextAction, now: datetime) -> None:
    """The digests that ask about it say what became of it."""
    if keys := digests_from(session, action.owner_id, action.due_on):
        refresh_keys(session, keys, now)
