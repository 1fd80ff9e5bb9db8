"""What the sample team did with the bot in the past weeks (`story.toml`), by the real rules."""

from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.sample.people import DOMAIN
from crm.toml_file import parse_toml
from models.deals import Deal, stages
from models.evidence import Question, save_answers
from models.next_actions import set_next_action
from models.people import Person, Team, get_person
from models.pipeline_review import (
    DecisionInput,
    DecisionKind,
    Removal,
    ReviewKind,
    close_review,
    record_decision,
    review_deals,
    start_review,
)
from models.schedule import instant


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answers(BaseModel):
    """What an owner answered about a deal: by the questions' keys."""

    model_config = ConfigDict(extra="allow", frozen=True)

    deal: str
    day: int


class Action(Part):
    """A next action that no review set."""

    deal: str
    day: int
    text: str
    owner: str
    due: str


class Decided(Part):
    """One decision of last week's review."""

    deal: str
    kind: DecisionKind
    reason: str | None = None
    stage: str | None = None
    close: str | None = None
    removal: Removal | None = None
    next: str | None = None
    owner: str | None = None
    due: str | None = None


class PastReview(Part):
    """Last week's review of a team."""

    team: str
    decisions: tuple[Decided, ...]


class Friday(Part):
    """A team's forecast and wrap-up on the Friday `day`: how long it took, what was committed to,
    and so many `percent` of what the deals say as commit."""

    team: str
    day: int
    minutes: int
    percent: int
    activities: int
    conversions: int
    agenda: tuple[str, ...]


class Story(Part):
    answers: tuple[Answers, ...]
    actions: tuple[Action, ...]
    reviews: tuple[PastReview, ...]
    fridays: tuple[Friday, ...]


def read_story() -> Story:
    """The story as it is written."""
    text = files("bot.sample").joinpath("story.toml").read_text(encoding="utf-8")
    return parse_toml(text, "story.toml", Story)


def play_answers(session: Session, at: datetime, *, answers: Answers, monday: date) -> None:
    """The deal's owner answers."""
    deal = deal_of(session, answers.deal)
    asked = session.scalars(select(Question).where(Question.stage_id == deal.stage_id))
    by_key = {question.key: question.id for question in asked}
    given: dict[str, dict[str, Any]] = answers.model_extra or {}
    values = {by_key[key]: _dated(value, monday) for key, value in given.items()}
    save_answers(session, deal, get_person(session, deal.owner_id), values, set(), at)


def play_actions(session: Session, at: datetime, *, action: Action, monday: date) -> None:
    """Somebody sets a next action."""
    owner = person_of(session, action.owner)
    deal = deal_of(session, action.deal)
    set_next_action(session, deal.id, action.text, owner.id, _day(action.due, monday), owner.id, at)


def play_review(session: Session, at: datetime, *, review: PastReview, monday: date) -> None:
    """A review from its cards, on the day of `at` at 15:00, to its closing on the next day."""
    team = session.scalars(select(Team).where(Team.name == review.team)).one()
    manager = get_person(session, team.manager_id or 0)
    cards = instant(at.date(), time(15), team.zone)
    deciding = instant(at.date() + timedelta(days=1), time(10), team.zone)
    started = start_review(
        session,
        manager,
        team,
        [deal_of(session, decided.deal).id for decided in review.decisions],
        cards,
        kind=ReviewKind.SCHEDULED,
        decide_from=deciding,
    )
    for minutes, (entry, decided) in enumerate(
        zip(review_deals(session, started.id), review.decisions, strict=True)
    ):
        record_decision(
            session,
            manager,
            entry.id,
            _choice(session, decided, monday),
            deciding + timedelta(minutes=5 * minutes + 5),
            replacing=None,
        )
    close_review(session, manager, started.id, deciding + timedelta(minutes=40))


def _choice(session: Session, decided: Decided, monday: date) -> DecisionInput:
    by_name = {stage.name: stage.id for stage in stages(session)}
    return DecisionInput(
        kind=decided.kind,
        reason=decided.reason,
        stage_id=by_name[decided.stage] if decided.stage else None,
        close_on=_day(decided.close, monday) if decided.close else None,
        removal=decided.removal,
        next_text=decided.next,
        next_owner_id=person_of(session, decided.owner).id if decided.owner else None,
        next_due_on=_day(decided.due, monday) if decided.due else None,
    )


def deal_of(session: Session, external_id: str) -> Deal:
    """The deal, by the CRM's id."""
    return session.scalars(select(Deal).where(Deal.external_id == external_id)).one()


def person_of(session: Session, key: str) -> Person:
    """The person, by their key."""
    return session.scalars(select(Person).where(Person.email == f"{key}@{DOMAIN}")).one()


def _day(offset: str, monday: date) -> date:
    return monday + timedelta(days=int(offset))


def _dated(value: dict[str, Any], monday: date) -> dict[str, Any]:
    """An answer with a real date where it names one."""
    return value | {"on": _day(value["on"], monday).isoformat()} if "on" in value else value
