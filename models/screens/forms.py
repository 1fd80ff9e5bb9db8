"""Loaders of the modals: answering, deciding, starting. They refuse as the rules would."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models import access
from models.access import Act
from models.agenda import next_due
from models.days import next_working_day
from models.deals import Deal, StageKind, earlier_stages, get_deal, next_stage, open_deals, stages
from models.evidence import QuestionStanding, State, standing, unconfirmed
from models.next_actions import ActionState, renewable
from models.people import (
    Person,
    Team,
    get_person,
    home_teams,
    people_by_id,
    standards,
    team,
    today_of,
)
from models.pipeline_review import (
    Candidate,
    Case,
    NothingOpen,
    Review,
    ReviewClosed,
    SettledByCrm,
    advance_own_ids,
    bounds,
    candidates,
    case_of,
    check_here,
    check_not_closed,
    check_undecided,
    check_waiting,
    choose,
    current_version,
    deals_of,
    first_decider,
    get_pick,
    get_review,
    get_review_deal,
    next_owners,
    open_review,
    questioned_stages,
    recommended,
    require_to_decide,
    review_deals,
    seen_of,
)
from models.screens.asked import (
    AdjustForm,
    AdvanceShown,
    AnswerForm,
    Asked,
    DecideForm,
    RenewForm,
    StartDeal,
    StartForm,
)
from models.screens.messages import parent_shown
from models.screens.pieces import (
    deal_shown,
    evidence_shown,
    next_shown,
    parent_of,
    stage_shown,
    team_shown,
    who,
    who_shown,
    why_shown,
)
from models.screens.reading import Reading
from models.screens.shown import Who
from models.week import DECIDING


def answer_form(session: Session, actor: Person, review_deal_id: int, now: datetime) -> AnswerForm:
    """The questions of the deal's stage, for its owner or for the manager on the owner's behalf:
    what is open first, then what was answered.

    Both are empty at a stage that asks nothing. Raises `UnknownReview`, `ReviewClosed`, `Refused`,
    `LeftTeam`; and `DealDecided` or `SettledByCrm` where the deal is closed.
    """
    entry = get_review_deal(session, review_deal_id)
    review = _still_open(get_review(session, entry.review_id))
    deal = get_deal(session, entry.deal_id)
    for_id = access.require_to_answer(
        session, actor, team_id=review.team_id, owner_id=deal.owner_id
    )
    check_here(session, review.team_id, deal)
    check_not_closed(session, entry, deal)
    owner = get_person(session, deal.owner_id)
    of_team = team(session, review.team_id)
    today = today_of(of_team, now)
    stands = standing(session, [deal], now, today)[deal.id]
    givers = _givers(session, deal)
    asked = [_asked(each, of_team, givers) for each in stands.questions]
    by_id = {stage.id: stage for stage in stages(session)}
    below = _ANSWERED if for_id is None else (State.PROVED,)
    return AnswerForm(
        review_deal_id=entry.id,
        team=team_shown(of_team),
        deal=deal_shown(deal, by_id[deal.stage_id], owner, of_team),
        today=today,
        evidence=evidence_shown(stands),
        open=tuple(each for each in asked if each.state not in below),
        answered=tuple(each for each in asked if each.state in below),
        behalf_of=None if for_id is None else who_shown(owner),
    )


_ANSWERED = (State.UNCONFIRMED, State.STALE, State.PROVED)


def message_form(session: Session, actor: Person, review_deal_id: int, now: datetime) -> AnswerForm:
    """As `answer_form`, for a message that is to become evidence: `open` is all that is not proved.

    Raises as that, and `DealDecided`, `SettledByCrm`, `NothingOpen`.
    """
    shown = answer_form(session, actor, review_deal_id, now)
    entry = get_review_deal(session, review_deal_id)
    check_undecided(session, entry, get_deal(session, entry.deal_id))
    waiting = tuple(each for each in shown.answered if each.state is not State.PROVED)
    if not shown.open and not waiting:
        raise NothingOpen
    return replace(shown, open=(*shown.open, *waiting))


def _givers(session: Session, deal: Deal) -> dict[int, Who]:
    """Who gave what waits for the owner's word, by answer."""
    waiting = unconfirmed(session, Deal.id == deal.id)
    people = people_by_id(session, {one.given.answered_by_id for one in waiting})
    return {one.answer.id: who_shown(people[one.given.answered_by_id]) for one in waiting}


def _still_open(review: Review) -> Review:
    if review.closed_at is not None:
        raise ReviewClosed(review.id, review.closed_by_id, review.closed_at)
    return review


def _asked(each: QuestionStanding, of_team: Team, givers: Mapping[int, Who]) -> Asked:
    answer, question = each.answer, each.question
    zone = ZoneInfo(of_team.zone)
    return Asked(
        question_id=question.id,
        key=question.key,
        kind=question.kind,
        label=question.label,
        short=question.short,
        state=each.state,
        stale=each.state is State.STALE,
        second_hand=each.second_hand,
        value=None if answer is None else dict(answer.value),
        answered_on=None if answer is None else answer.answered_at.astimezone(zone).date(),
        given_by=None if answer is None else givers.get(answer.id),
        answer_id=None if answer is None else answer.id,
    )


# --- deciding


def decide_form(session: Session, actor: Person, review_deal_id: int, now: datetime) -> DecideForm:
    """What can be decided about a deal, as it was before the decision that stands, if any.

    Raises `UnknownReview`, `ReviewClosed`, `Refused`, `NotYetDeciding`, `LeftTeam`, `SettledByCrm`.
    """
    entry = get_review_deal(session, review_deal_id)
    review = _still_open(get_review(session, entry.review_id))
    case = case_of(session, review, entry, get_deal(session, entry.deal_id), now)
    require_to_decide(session, actor, case, None, now)
    check_here(session, review.team_id, case.deal)
    if case.ground.stage.kind is not StageKind.OPEN:
        raise SettledByCrm(case.deal.id, case.ground.stage.id)
    reading = Reading(session, review, [entry], now)
    seen = seen_of(case)
    owners = next_owners(session, case.deal, review.team_id)
    preset = next((p for p in owners if p.id == case.deal.owner_id), actor)
    rules = standards(session)
    least, most = case.today, case.today + timedelta(days=rules.next_action_days)
    action = reading.open_actions.get(case.deal.id)
    questioned = questioned_stages(session)
    return DecideForm(
        review_deal_id=entry.id,
        team=reading.team,
        deal=replace(
            reading.deal(entry),
            stage=stage_shown(case.ground.stage),
            close_on=case.ground.close_on,
        ),
        today=case.today,
        evidence=evidence_shown(case.evidence),
        advance=_advance(session, actor, case),
        demote_to=tuple(
            stage_shown(stage) for stage in reversed(earlier_stages(case.stages, case.ground.stage))
        ),
        recommended=recommended(case.ground.stage, case.evidence, questioned, case.stages),
        current=reading.decision(entry),
        replacing=None if case.current is None else case.current.id,
        self_decided=case.deal.owner_id == actor.id,
        next_action=None if action is None else next_shown(action, reading.people, case.today),
        next_owner=who_shown(preset),
        next_due=min(least + timedelta(days=rules.next_action_preset_days), most),
        due_least=least,
        due_most=most,
        owners=tuple(who_shown(person) for person in owners),
        seen=seen,
    )


def _advance(session: Session, actor: Person, case: Case) -> AdvanceShown:
    to_stage = next_stage(case.stages, case.ground.stage)
    own = case.deal.owner_id == actor.id
    return AdvanceShown(
        possible=not case.evidence.open and not own,
        to_stage=stage_shown(to_stage),
        wins=to_stage.kind is StageKind.WON,
        open=tuple(question.short for question in case.evidence.open),
        allowed=who(session, advance_own_ids(session, case)) if own else (),
    )


# --- after a next action


def renew_form(session: Session, actor: Person, action_id: int, now: datetime) -> RenewForm:
    """What comes after a next action that was said to be done, or not.

    Raises `UnknownAction`, `Refused`, `ActionOver`, `ActionStands`.
    """
    action, deal = renewable(session, actor, action_id)
    of_team = home_teams(session, [deal.owner_id])[deal.owner_id]
    people = people_by_id(session, [deal.owner_id, action.owner_id])
    by_id = {stage.id: stage for stage in stages(session)}
    days = timedelta(days=standards(session).next_action_preset_days)
    return RenewForm(
        action_id=action.id,
        deal=deal_shown(deal, by_id[deal.stage_id], people[deal.owner_id], of_team),
        text=action.text,
        done=action.state is ActionState.DONE,
        owner=who_shown(people[action.owner_id]),
        due=today_of(of_team, now) + days,
    )


# --- starting


def start_form(session: Session, actor: Person, of_team: Team, now: datetime) -> StartForm:
    """The team's open deals, the picked ones first, for who may start; or the review under way.

    Raises `Refused`.
    """
    access.require(session, actor, Act.START_REVIEW, team_id=of_team.id)
    found = candidates(session, of_team, now)
    picked = [c.deal_id for c in choose(found, standards(session).review_deals)]
    least, most = bounds(session, len(found))
    running = open_review(session, of_team.id)
    parent = None
    if running is not None:
        parent = parent_shown(Reading(session, running, review_deals(session, running.id), now))
    today = today_of(of_team, now)
    decider = first_decider(session, of_team.id) or actor
    return StartForm(
        team=team_shown(of_team),
        actor=who_shown(actor),
        deals=_start_deals(session, of_team, found, set(picked)),
        least=least,
        most=most,
        next_day=next_working_day(session, decider, today),
        open_review=parent,
        open_parent=None if running is None else parent_of(session, running.id),
        next_deciding=next_due(session, of_team.id, DECIDING, now),
    )


def adjust_form(session: Session, actor: Person, pick_id: int, now: datetime) -> AdjustForm:
    """A pick that waits for its cards, to be adjusted: its deals first, then the team's others.

    Raises `UnknownReview`, `Refused`, `PickOver`.
    """
    pick = get_pick(session, pick_id)
    access.require(session, actor, Act.ADJUST_PICK, team_id=pick.team_id)
    check_waiting(pick)
    of_team = team(session, pick.team_id)
    version = current_version(session, pick.id)
    found = candidates(session, of_team, now)
    least, most = bounds(session, len(found))
    picked = {one.deal_id for one in deals_of(session, version.id)}
    return AdjustForm(
        pick_id=pick.id,
        version_id=version.id,
        team=team_shown(of_team),
        deals=_start_deals(session, of_team, found, picked),
        least=least,
        most=most,
    )


def _start_deals(
    session: Session, of_team: Team, found: list[Candidate], picked: set[int]
) -> tuple[StartDeal, ...]:
    deals = {deal.id: deal for deal in open_deals(session, of_team.id)}
    owners = people_by_id(session, {deal.owner_id for deal in deals.values()})
    by_id = {stage.id: stage for stage in stages(session)}
    ranked = sorted(found, key=lambda c: (c.deal_id not in picked, -c.score, c.deal_id))
    shown = []
    for candidate in ranked:
        deal = deals[candidate.deal_id]
        shown.append(
            StartDeal(
                deal=deal_shown(deal, by_id[deal.stage_id], owners[deal.owner_id], of_team),
                score=float(candidate.score) if candidate.deal_id in picked else None,
                why=why_shown(candidate.why, by_hand=False),
                picked=candidate.deal_id in picked,
            )
        )
    return tuple(shown)
