"""What messages show, as frozen facts: one read model each, made of common pieces.

Facts only, never words: money in minor units with currency and locale, days as local dates of the
team, moments as aware UTC beside the zone to say them in, people with what a mention needs.
"""

from dataclasses import dataclass
from datetime import date, datetime

from models.delivery import Kind
from models.flags import Flag
from models.next_actions import ActionState, Outcome
from models.pipeline_review import DecisionKind, Grade, Removal, ReviewState

# --- the pieces


@dataclass(frozen=True)
class Who:
    """A person: `slack_id` for the mention, `name` for a select or a notification."""

    id: int
    slack_id: str
    name: str


@dataclass(frozen=True)
class Money:
    """An amount in minor units (cents), and the locale in which its team reads numbers."""

    minor: int
    currency: str
    locale: str


@dataclass(frozen=True)
class TeamShown:
    id: int
    name: str
    channel_id: str | None
    currency: str
    locale: str
    zone: str


@dataclass(frozen=True)
class StageShown:
    id: int
    name: str


@dataclass(frozen=True)
class Posted:
    """Where a message stands in Slack, for a link to it."""

    channel_id: str
    ts: str


@dataclass(frozen=True)
class DealShown:
    id: int
    name: str
    owner: Who
    amount: Money | None
    stage: StageShown
    close_on: date | None
    url: str | None  # in the CRM
    closed_on: date | None = None  # the day it was won or lost


@dataclass(frozen=True)
class Why:
    """Why a deal is in the review, as at the start. `share` is of the team's open amount, 0–1.

    `by_hand`: the manager added it. `advanced`: it advanced since the last review.
    `days_to_close` is negative once the close date is past.
    """

    by_hand: bool
    share: float
    without_amount: bool
    days_to_close: int | None
    flags: tuple[Flag, ...]
    advanced: bool


@dataclass(frozen=True)
class EvidenceShown:
    """The questions of the deal's current stage. `open` and `second_hand` are their short names.

    `unanswered` counts those that wait for the owner: never answered, or wanting "Still true".
    `unconfirmed` are the short names of those that were answered on the owner's behalf.
    """

    proved: int
    asked: int
    open: tuple[str, ...]
    second_hand: tuple[str, ...]
    unanswered: int
    unconfirmed: tuple[str, ...] = ()


@dataclass(frozen=True)
class NextShown:
    text: str
    owner: Who
    due_on: date
    overdue: bool


@dataclass(frozen=True)
class LastAction:
    """A next action of before this review, and what became of it; `outcome` None: no word."""

    text: str
    owner: Who
    due_on: date
    outcome: Outcome | None


@dataclass(frozen=True)
class DueAction:
    """A next action that is due, to its owner. `renewable`: said about, and none came after it."""

    action_id: int
    deal: DealShown
    text: str
    due_on: date
    overdue: bool
    state: ActionState
    renewable: bool


@dataclass(frozen=True)
class DecisionShown:
    """A decision. `to_stage` where it moved the deal (won: `won`), `to_close` where it re-dated.

    `not_in_crm`: the CRM does not say so yet. `replaced`: how many decisions it supersedes.
    """

    id: int
    kind: DecisionKind
    removal: Removal | None
    won: bool
    by: Who
    at: datetime
    reason: str | None
    from_stage: StageShown
    to_stage: StageShown | None
    from_close: date | None
    to_close: date | None
    next_action: NextShown | None
    self_decided: bool
    not_in_crm: bool
    replaced: int


@dataclass(frozen=True)
class ClosedShown:
    """How a review ended. `by` None: by itself. `grade` None: abandoned, or not held; then
    `undecided` counts the deals without a decision."""

    by: Who | None
    at: datetime
    grade: Grade | None
    state: ReviewState
    undecided: int


# --- what went wrong, said to who can mend it


@dataclass(frozen=True)
class AdminParked:
    """A message that Slack refused for good, or that may or may not stand there."""

    delivery_id: int
    kind: Kind
    team: TeamShown | None
    channel_id: str | None
    to: Who | None
    error: str
    since: datetime
    mended: bool  # no longer refused: it was sent after all, or dropped


@dataclass(frozen=True)
class SkippedNotice:
    """A prompt that was skipped: a team's, or (`team` None) the reader's own, in their zone.

    `reason` is a stable word: see models.agenda and schedule. `put_off_to`: when it comes due
    instead. `review_open`: whether the team has an open review now, and `deciding` in it has begun.
    `day_off`: what the team's day off is called, where that was why it was put off. `others`:
    prompts of the team, and when they were due, that the same outage skipped.
    """

    occurrence_id: int
    prompt: str
    team: TeamShown | None
    zone: str
    due_at: datetime
    reason: str
    put_off_to: datetime | None
    review_open: bool = False
    deciding: bool = False
    day_off: str = ""
    others: tuple[tuple[str, datetime], ...] = ()
