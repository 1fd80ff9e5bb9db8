"""Loader of what a leader can act on at Home: the managers below, worst first.

Everything here is a manager's doing, never a rep's: what of a review waits, which one-on-ones were
not recorded, who was left without coaching (product.md, "Measuring managers"). Ratings are not
here: they are released by the month.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access, metrics
from models.health_check import KeptRate, kept_rates
from models.one_on_ones import held_rates, places_of, quarter_of
from models.people import Person, Role, Team, standards
from models.pipeline_review import Grade
from models.schedule import local_date
from models.screens.one_on_ones import HeldShown
from models.screens.pieces import team_shown, who_shown
from models.screens.shown import TeamShown, Who

UNCOACHED_DAYS = 14
"""Somebody without logged coaching for so long was left out."""


@dataclass(frozen=True)
class ReviewWaits:
    """Deals that lack their decision since deciding began."""

    undecided: int
    since: datetime


@dataclass(frozen=True)
class TeamLed:
    """A manager's team. `last_grade`, `last_on`: of its latest closed review, in its own dates."""

    team: TeamShown
    waits: ReviewWaits | None
    last_grade: Grade | None
    last_on: date | None


@dataclass(frozen=True)
class ManagerShown:
    """What somebody below can act on, and how their quarter stands so far.

    `unrecorded`: one-on-ones that are over, with nothing recorded. `uncoached` of `coached` people
    had no coaching logged for `UNCOACHED_DAYS`. `breaches`: people whose one-on-ones were changed
    too often this quarter. `talks`: their coverage conversations of the quarter, None without any
    that was due. `may_coach`: the viewer coaches them. `places`: how many one-on-ones fit a week;
    with more people than that the span is too wide.
    """

    person: Who
    may_coach: bool
    teams: tuple[TeamLed, ...]
    unrecorded: int
    uncoached: int
    coached: int
    held: HeldShown | None
    breaches: int
    talks: KeptRate | None = None
    places: int = 9

    @property
    def to_act_on(self) -> int:
        """How many things wait for this manager."""
        undecided = sum(one.waits.undecided for one in self.teams if one.waits)
        return undecided + self.unrecorded + self.uncoached


def managers(
    session: Session, leader: Person, below: Iterable[Person], now: datetime
) -> tuple[ManagerShown, ...]:
    """Of everybody `below` who coaches somebody or runs a team, worst first.

    That is by how much waits for them, then by the lower held rate. Days are the leader's own.
    Empty for who leads none.
    """
    people = [one for one in below if one.active and one.role is not Role.REP]
    if leader.role is not Role.LEADER or not people:
        return ()
    found = _Below(session, leader, people, now)
    shown = [found.manager(one) for one in people]
    return tuple(sorted((one for one in shown if one.teams or one.coached), key=_worst_first))


def _worst_first(one: ManagerShown) -> tuple[int, float, str]:
    held = one.held.held / one.held.due if one.held else 1.0
    return -one.to_act_on, held, one.person.name


class _Below:
    """Everything about those below a leader, read once."""

    def __init__(
        self, session: Session, leader: Person, people: Sequence[Person], now: datetime
    ) -> None:
        self.leader, self.now = leader, now
        ids = [person.id for person in people]
        today = local_date(now, leader.zone)
        first, _ = quarter_of(today)
        self.places = places_of(standards(session))
        self.pairs = access.pairs_of(session, [leader.id, *ids])
        since = today - timedelta(days=UNCOACHED_DAYS)
        self.uncoached = metrics.uncoached(session, self.pairs, since)
        self.unrecorded = metrics.unrecorded_numbers(session, ids, now)
        self.held = held_rates(session, ids, first, today)
        self.breaches = metrics.breach_numbers(session, ids, first)
        self.talks = kept_rates(session, ids, first, today)
        managed = select(Team).where(Team.manager_id.in_(ids)).order_by(Team.name, Team.id)
        self.teams = list(session.scalars(managed))
        self.open = metrics.undecided_numbers(session, [team.id for team in self.teams])
        self.last = metrics.last_reviews(session, [team.id for team in self.teams])

    def manager(self, manager: Person) -> ManagerShown:
        held, talks = self.held[manager.id], self.talks[manager.id]
        return ManagerShown(
            person=who_shown(manager),
            may_coach=manager.id in self.pairs[self.leader.id],
            teams=tuple(self._led(team) for team in self.teams if team.manager_id == manager.id),
            unrecorded=self.unrecorded[manager.id],
            uncoached=len(self.uncoached[manager.id]),
            coached=len(self.pairs[manager.id]),
            held=HeldShown(held.held, held.due) if held.due else None,
            breaches=self.breaches[manager.id],
            talks=talks if talks.due else None,
            places=self.places,
        )

    def _led(self, team: Team) -> TeamLed:
        last = self.last.get(team.id)
        closed_at = None if last is None else last.closed_at
        return TeamLed(
            team=team_shown(team),
            waits=self._waits(team),
            last_grade=None if last is None else last.grade,
            last_on=None if closed_at is None else local_date(closed_at, team.zone),
        )

    def _waits(self, team: Team) -> ReviewWaits | None:
        review, undecided = self.open.get(team.id, (None, 0))
        if review is None or review.decide_from > self.now or not undecided:
            return None
        return ReviewWaits(undecided, review.decide_from)
