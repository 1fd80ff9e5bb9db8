"""The closing card, read back from the figures that were frozen at closing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.delivery import Kind
from models.people import Person, Team, people_by_id, team
from models.pipeline_review import DecisionKind, Removal, get_review, shared_practices
from models.screens.pieces import (
    closed_shown,
    deal_names,
    is_in_its_channel,
    money,
    team_shown,
    who_shown,
)
from models.screens.reading import day_of
from models.screens.review_shown import (
    ClosingCard,
    ClosingRow,
    CoverageShown,
    MonthShown,
    PracticeShown,
)
from models.screens.shown import (
    Money,
)


def closing_card(session: Session, review_id: int, _now: datetime) -> ClosingCard | None:
    """The closing card, while the team's channel is the one it was owed to.

    A team of fewer than three reps keeps its coverage private: then it is left out here.
    """
    review = get_review(session, review_id)
    of_team = team(session, review.team_id)
    figures: dict[str, Any] | None = review.figures.get("closing")
    if figures is None or not is_in_its_channel(session, Kind.REVIEW_CLOSING, review.id, of_team):
        return None
    ids = {row["next_owner_id"] for row in figures["rows"]} | {review.closed_by_id}
    people = people_by_id(session, (person_id for person_id in ids if person_id is not None))
    closed = closed_shown(review, people)
    if closed is None or closed.grade is None:
        return None
    unchanged = figures.get("unchanged", {"deals": (), "reviews": 0})  # not kept before 0006
    return ClosingCard(
        review_id=review.id,
        team=team_shown(of_team),
        day=day_of(review, of_team.zone),
        closed=closed,
        grade=closed.grade,
        counts={DecisionKind(kind): number for kind, number in figures["counts"].items()},
        rows=tuple(_row(row, people) for row in figures["rows"]),
        settled=tuple((each["deal"], each["stage"]) for each in figures["settled"]),
        coverage=None if figures["private"] else coverage_shown(figures["coverage"], of_team),
        month=None if figures["private"] else _month(figures["month"], of_team),
        private=figures["private"],
        unchanged=tuple(unchanged["deals"]),
        unchanged_reviews=unchanged["reviews"],
        practices=_practices(session, review.id),
        left=tuple(figures.get("left", ())),  # not kept before 0011
    )


def _practices(session: Session, review_id: int) -> tuple[PracticeShown, ...]:
    """Never frozen: consent can come after the closing, and can be taken back."""
    found = shared_practices(session, review_id)
    authors = people_by_id(session, {practice.author_id for practice, _ in found})
    return tuple(
        PracticeShown(who_shown(authors[practice.author_id]), name, practice.text)
        for practice, deal_id in found
        for name in deal_names(session, [deal_id])
    )


def _row(row: Mapping[str, Any], people: Mapping[int, Person]) -> ClosingRow:
    owner_id, removal = row["next_owner_id"], row["removal"]
    return ClosingRow(
        deal=row["deal"],
        kind=DecisionKind(row["kind"]),
        removal=None if removal is None else Removal(removal),
        won=row["won"],
        to_stage=row["to_stage"],
        to_close=_day(row["to_close"]),
        self_decided=row["self_decided"],
        next_text=row["next_text"],
        next_owner=None if owner_id is None else who_shown(people[owner_id]),
        next_due=_day(row["next_due"]),
    )


def coverage_shown(figures: Mapping[str, Any], of_team: Team) -> CoverageShown:
    """A team's coverage, from the figures that were frozen."""

    def shown(minor: int | None) -> Money | None:
        return money(minor, of_team.currency, of_team)

    return CoverageShown(
        period_starts=date.fromisoformat(figures["period"]["starts_on"]),
        period_ends=date.fromisoformat(figures["period"]["ends_on"]),
        quota=shown(figures["quota_minor"]),
        remaining=shown(figures["remaining_minor"]),
        pipeline=Money(figures["pipeline_minor"], of_team.currency, of_team.locale),
        against_remaining=figures["against_remaining"],
        against_full=figures["against_full"],
        evidenced=figures["evidenced"],
        standard=figures["standard"],
        missing=shown(figures["missing_minor"]),
        without_amount=figures["without_amount"],
    )


def _month(figures: Mapping[str, Any], of_team: Team) -> MonthShown:
    def shown(minor: int | None) -> Money | None:
        return money(minor, of_team.currency, of_team)

    def known(minor: int) -> Money:
        return Money(minor, of_team.currency, of_team.locale)

    return MonthShown(
        month=date.fromisoformat(figures["month"]),
        target=shown(figures["target_minor"]),
        won=known(figures["won_minor"]),
        revenue_gap=shown(figures["revenue_gap_minor"]),
        qualified_closing=known(figures["qualified_closing_minor"]),
        needed=shown(figures["needed_minor"]),
        coverage_gap=shown(figures["coverage_gap_minor"]),
    )


def _day(iso: str | None) -> date | None:
    return None if iso is None else date.fromisoformat(iso)
