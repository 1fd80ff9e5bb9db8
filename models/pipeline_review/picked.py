"""The pick that waits for its deal cards: made an hour before them, adjusted, taken by them.

What whoever decides saw is what comes: the cards take the pick as it stands, and score nothing
anew. Only deals that closed or left the team meanwhile are left out, and the next best make up the
fewest that a review takes (product.md, "Pipeline review").
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.deals import Deal, StageKind, stages
from models.delivery import Kind, owe, refresh
from models.people import Person, Team, standards, team
from models.pipeline_review.pick import Candidate, candidates, choose, rank
from models.pipeline_review.refusals import NoDeals, PickChanged, PickOver, UnknownReview
from models.pipeline_review.start import bounds, check_choice, hold_team, start_review
from models.pipeline_review.tables import Pick, PickedDeal, PickVersion, Review, ReviewKind

STARTED, REPLACED = "started", "replaced"
"""Why a pick ended: by its review, or by the next one. Else why no review came of it."""


class Gone(StrEnum):
    """Why the cards cannot take a deal that was picked."""

    CLOSED = "closed"  # won or lost
    LEFT = "left"  # with its owner, to another team or to nobody's


def make_pick(session: Session, of_team: Team, cards_on: date, now: datetime) -> Pick:
    """The team's pick for the cards of that local date, by the score; one that waits still ends.

    Raises `NoDeals`.
    """
    of_team = hold_team(session, of_team)
    found = candidates(session, of_team, now)
    if not found:
        raise NoDeals(of_team.id)
    end_pick(session, of_team.id, REPLACED, now)
    pick = Pick(team_id=of_team.id, cards_on=cards_on, picked_at=now)
    session.add(pick)
    session.flush()
    _write(session, pick, choose(found, standards(session).review_deals), None, now)
    return pick


def owe_pick(session: Session, pick: Pick, person: Person, now: datetime) -> None:
    """Whoever decides is sent the pick, to adjust it."""
    owe(
        session,
        Kind.REVIEW_PICK,
        pick.id,
        dedupe_key=f"pick:{pick.id}:{person.id}",
        due_at=now,
        person_id=person.id,
    )


def adjust_pick(
    session: Session,
    actor: Person,
    pick_id: int,
    deal_ids: Sequence[int],
    now: datetime,
    *,
    seen: int,
) -> PickVersion:
    """The pick is these deals from now on, best first; what it was stays as trail.

    `seen`: the version that the person saw; where another stands meanwhile nothing is changed.
    What stands already is returned as it is. By who starts the team's reviews, until the cards are
    out. Raises `UnknownReview`, `Refused`, `PickOver`, `PickChanged`, `NoDeals`, `NotTheTeams`,
    `TooFewDeals`, `TooManyDeals`.
    """
    pick = _held(session, pick_id)
    access.require(session, actor, Act.ADJUST_PICK, team_id=pick.team_id)
    check_waiting(pick)
    current, chosen = current_version(session, pick.id), dict.fromkeys(deal_ids)
    if {one.deal_id for one in deals_of(session, current.id)} == chosen.keys():
        return current
    if current.id != seen:
        raise PickChanged(current.made_by_id, current.made_at)
    of_team = team(session, pick.team_id)
    found = {each.deal_id: each for each in candidates(session, of_team, now)}
    check_choice(session, of_team, list(chosen), found)
    wanted = sorted((found[deal_id] for deal_id in chosen), key=rank)
    made = _write(session, pick, wanted, actor.id, now)
    refresh(session, Kind.REVIEW_PICK, pick.id, now)
    return made


def check_waiting(pick: Pick) -> None:
    """Raises `PickOver` where its cards are out, or will not come."""
    if pick.ended_at is not None:
        raise PickOver(pick.team_id, pick.review_id, str(pick.ended_for))


# --- its cards


def start_picked(
    session: Session, of_team: Team, decide_from: datetime, now: datetime, cards_on: date | None
) -> Review:
    """The team's review as the schedule starts it: of the pick that waits for the cards of that
    local date, else of what the score picks now. Raises as `start_review`.
    """
    pick = waiting_pick(session, of_team.id)
    if pick is None or pick.cards_on != cards_on:
        best = choose(candidates(session, of_team, now), standards(session).review_deals)
        return _start(session, of_team, [one.deal_id for one in best], decide_from, now)
    pick = _held(session, pick.id)
    taken = _taken(session, of_team, pick, now)
    ids = [one.deal_id for one in taken.deals]
    review = _start(session, of_team, ids, decide_from, now, taken.by_hand)
    if ids != taken.before:
        _write(session, pick, taken.deals, None, now, taken.left_out)
    pick.ended_at, pick.ended_for, pick.review_id = now, STARTED, review.id
    refresh(session, Kind.REVIEW_PICK, pick.id, now)
    return review


def _start(
    session: Session,
    of_team: Team,
    deal_ids: Sequence[int],
    decide_from: datetime,
    now: datetime,
    by_hand: Collection[int] | None = None,
) -> Review:
    return start_review(
        session,
        None,
        of_team,
        deal_ids,
        now,
        kind=ReviewKind.SCHEDULED,
        decide_from=decide_from,
        by_hand=by_hand,
    )


@dataclass(frozen=True)
class _Taken:
    """What the cards take of a pick. `before`: the ids of the pick, in order."""

    deals: list[Candidate]
    by_hand: set[int]
    left_out: dict[str, str]
    before: list[int]


def _taken(session: Session, of_team: Team, pick: Pick, now: datetime) -> _Taken:
    found = {each.deal_id: each for each in candidates(session, of_team, now)}
    version, first = current_version(session, pick.id), first_version(session, pick.id)
    before = [one.deal_id for one in deals_of(session, version.id)]
    scored = {one.deal_id for one in deals_of(session, first.id)}
    least, most = bounds(session, len(found))
    kept = [found[deal_id] for deal_id in before if deal_id in found][:most]
    lacking = [deal_id for deal_id in before if deal_id not in found]
    deals = [*kept, *fill(found, before, least - len(kept), dropped=scored - {*before})]
    reasons = why_gone(session, lacking)
    return _Taken(
        deals=deals,
        by_hand={one.deal_id for one in kept} - scored,
        left_out={str(deal_id): reasons[deal_id].value for deal_id in lacking},
        before=before,
    )


def fill(
    found: Mapping[int, Candidate], picked: Collection[int], lacking: int, dropped: Collection[int]
) -> list[Candidate]:
    """The `lacking` next best beside those picked; those that somebody dropped come last."""
    rest = [each for each in found.values() if each.deal_id not in picked]
    rest.sort(key=lambda each: (each.deal_id in dropped, rank(each)))
    return rest[: max(lacking, 0)]


def why_gone(session: Session, deal_ids: Collection[int]) -> dict[int, Gone]:
    """Of deals that are no open ones of their pick's team any more: why."""
    kinds = {stage.id: stage.kind for stage in stages(session)}
    found = session.scalars(select(Deal).where(Deal.id.in_(deal_ids)))
    return {
        deal.id: Gone.LEFT if kinds[deal.stage_id] is StageKind.OPEN else Gone.CLOSED
        for deal in found
    }


def end_pick(session: Session, team_id: int, why: str, now: datetime) -> None:
    """No review comes of the team's pick that waits, if there is one: why, a stable word."""
    pick = waiting_pick(session, team_id)
    if pick is not None:
        pick = _held(session, pick.id)
        if pick.ended_at is None:
            pick.ended_at, pick.ended_for = now, why
            session.flush()
            refresh(session, Kind.REVIEW_PICK, pick.id, now)


# --- reading


def get_pick(session: Session, pick_id: int) -> Pick:
    """The pick. Raises `UnknownReview`, also for another workspace's."""
    found = session.get(Pick, pick_id)
    if found is None:
        raise UnknownReview(pick_id)
    return found


def waiting_pick(session: Session, team_id: int) -> Pick | None:
    """The team's pick whose cards are not out yet."""
    return session.scalar(select(Pick).where(Pick.team_id == team_id, Pick.ended_at.is_(None)))


def current_version(session: Session, pick_id: int) -> PickVersion:
    """The pick as it stands."""
    wanted = select(PickVersion).where(PickVersion.pick_id == pick_id, PickVersion.is_current)
    return session.scalars(wanted).one()


def first_version(session: Session, pick_id: int) -> PickVersion:
    """The pick as the score made it."""
    return versions(session, pick_id)[0]


def versions(session: Session, pick_id: int) -> list[PickVersion]:
    """The trail of a pick, oldest first."""
    wanted = select(PickVersion).where(PickVersion.pick_id == pick_id)
    return list(session.scalars(wanted.order_by(PickVersion.id)))


def deals_of(session: Session, version_id: int) -> list[PickedDeal]:
    """The deals of a version, best first."""
    wanted = select(PickedDeal).where(PickedDeal.version_id == version_id)
    return list(session.scalars(wanted.order_by(PickedDeal.position)))


def _held(session: Session, pick_id: int) -> Pick:
    """The pick as it is now, held until the transaction ends. Raises `UnknownReview`."""
    found = session.scalar(
        select(Pick)
        .where(Pick.id == pick_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise UnknownReview(pick_id)
    return found


def _write(
    session: Session,
    pick: Pick,
    wanted: Sequence[Candidate],
    by_id: int | None,
    now: datetime,
    left_out: dict[str, str] | None = None,
) -> PickVersion:
    for former in versions(session, pick.id):
        former.is_current = False
    session.flush()  # before the new one: only one may be current
    made = PickVersion(pick_id=pick.id, made_at=now, made_by_id=by_id, left_out=left_out or {})
    session.add(made)
    session.flush()
    session.add_all(
        PickedDeal(version_id=made.id, deal_id=one.deal_id, position=position, why=one.why)
        for position, one in enumerate(wanted, start=1)
    )
    session.flush()
    return made
