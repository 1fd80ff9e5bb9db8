"""What the messages of a review show, as frozen facts, made of the pieces of `shown`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.evidence import AnswerKind
from models.flags import Flag
from models.pipeline_review import DecisionKind, Gone, Grade, Removal, ReviewKind
from models.screens.shown import (
    ClosedShown,
    DealShown,
    DecisionShown,
    EvidenceShown,
    LastAction,
    Money,
    NextShown,
    Posted,
    StageShown,
    TeamShown,
    Who,
    Why,
)


@dataclass(frozen=True)
class Waiting:
    """Who is waited for: so many unanswered questions, so many deals undecided."""

    who: Who
    answers: int
    decisions: int


@dataclass(frozen=True)
class ReviewParent:
    """The parent message. `day` is the local day of deciding; the amounts are those at the start.

    `undecided` names the deals without a decision; those that the CRM closed meanwhile, or that
    left the team, need none and count as settled. `closed` is None while the review is open.
    `trial`: it lies in the team's first week, or before.
    """

    review_id: int
    team: TeamShown
    kind: ReviewKind
    day: date
    decide_from: datetime
    deciding: bool  # decide_from has come
    deals: int
    decided: int  # of `deals`, those settled included
    amount: Money
    team_open: Money
    waiting: tuple[Waiting, ...]
    undecided: tuple[str, ...]
    closed: ClosedShown | None
    trial: bool = False


@dataclass(frozen=True)
class DealCard:
    """One deal's card. Buttons: [Answer] if `answerable`, [Decide] if `decidable`, else only ⋯.

    `answerable`: the stage asks something and nothing is decided; `decidable`: nothing is decided
    (before `decide_from` a click is refused with that time). Neither once the review is closed.

    `recommended`: the decision that the unproved questions ask for (demote, or remove from the
    first stage with questions); None before deciding begins, when nothing is open, or when a
    decision stands. `unchanged_since`: the day of the last review, when it was in it with the same
    stage and close date; `unchanged_reviews`: in how many closed ones before, one after the other.
    `last_action`: what became of what was agreed before. `settled`: the stage in which the CRM
    closed the deal during the review. `correctable`: a decision stands and the review is open.
    `left`: it went to another team undecided.
    """

    review_id: int
    review_deal_id: int
    team: TeamShown
    deal: DealShown
    today: date
    why: Why
    evidence: EvidenceShown
    next_action: NextShown | None  # the open one, unless the decision below set it
    last_action: LastAction | None
    unchanged_since: date | None
    unchanged_reviews: int
    recommended: DecisionKind | None
    decision: DecisionShown | None
    settled: StageShown | None
    decide_from: datetime
    deciding: bool
    closed: ClosedShown | None
    answerable: bool
    decidable: bool
    correctable: bool
    left: bool = False


@dataclass(frozen=True)
class AnswerShown:
    """One answer: `value` as models.evidence.AnswerKind says. `renewed`: ticked "Still true".

    `unconfirmed`: given on the owner's behalf, and waits for their word. `superseded`: it waited
    until it was answered anew.
    """

    label: str
    short: str
    kind: AnswerKind
    value: dict[str, Any]
    proves: bool
    second_hand: bool
    renewed: bool
    answered_on: date
    unconfirmed: bool = False
    superseded: bool = False


@dataclass(frozen=True)
class Author:
    """Who wrote a message: anybody in Slack, so that there may be nobody here behind it."""

    slack_id: str
    name: str


@dataclass(frozen=True)
class QuotedShown:
    """A message of Slack that became evidence: its address, and who wrote it."""

    url: str
    author: Author


@dataclass(frozen=True)
class AnswersReply:
    """What was submitted in one go: a reply in the deal's thread.

    `behalf_of`: the owner for whom it was given. `quoted`: the message that it was made from.
    """

    answer_set_id: int
    review_deal_id: int
    team: TeamShown
    deal: DealShown
    by: Who
    answers: tuple[AnswerShown, ...]
    evidence: EvidenceShown
    behalf_of: Who | None = None
    quoted: QuotedShown | None = None


@dataclass(frozen=True)
class DealLine:
    """A deal in a list: what its evidence is, and whether a decision stands. `left`: it went to
    another team undecided."""

    review_deal_id: int
    deal: DealShown
    evidence: EvidenceShown
    decided: DecisionKind | None
    settled: StageShown | None
    recommended: DecisionKind | None
    card: Posted | None
    left: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing is answered or decided about it any more."""
        return self.decided is not None or self.settled is not None or self.left


@dataclass(frozen=True)
class OwnerDm:
    """To an owner: that owner's deals in this review, none where all went to somebody else.
    `closed`: nothing is asked any more. The nudge names only deals that wait for answers."""

    review_id: int
    team: TeamShown
    owner: Who
    deals: tuple[DealLine, ...]
    decide_from: datetime
    deciding: bool
    closed: ClosedShown | None


@dataclass(frozen=True)
class DecidingOver:
    """To who was asked to decide, and may no more. `decider`: who does; None: nobody is there."""

    team: TeamShown
    decider: Who | None
    closed: bool


@dataclass(frozen=True)
class DecidingDm:
    """To who decides, when deciding begins: what still lacks a decision. `stands_in_for`: the
    manager, where it is somebody else who is asked."""

    review_id: int
    team: TeamShown
    to: Who
    stands_in_for: Who | None
    deals: int
    undecided: tuple[DealLine, ...]
    parent: Posted | None
    closed: ClosedShown | None
    today: date


@dataclass(frozen=True)
class ClosingRow:
    deal: str
    kind: DecisionKind
    removal: Removal | None
    won: bool
    to_stage: str | None
    to_close: date | None
    self_decided: bool
    next_text: str | None
    next_owner: Who | None
    next_due: date | None


@dataclass(frozen=True)
class CoverageShown:
    """Coverage in multiples of quota. `against_*` None: no quota set, or nothing remains."""

    period_starts: date
    period_ends: date
    quota: Money | None
    remaining: Money | None
    pipeline: Money
    against_remaining: float | None
    against_full: float | None
    evidenced: float | None
    standard: float
    missing: Money | None
    without_amount: int


@dataclass(frozen=True)
class MonthShown:
    """The month gap. `needed` = standard × remaining target, None where no target is known."""

    month: date  # its first day
    target: Money | None
    won: Money
    revenue_gap: Money | None
    qualified_closing: Money
    needed: Money | None
    coverage_gap: Money | None


@dataclass(frozen=True)
class PracticeShown:
    """Words worth copying, which their author shares: said about which deal."""

    author: Who
    deal: str
    text: str


@dataclass(frozen=True)
class ClosingCard:
    """The closing card, frozen at closing, but for `practices`: what the authors share now.
    `private`: a team of fewer than three reps keeps its
    coverage out of the channel, so `coverage` and `month` are None."""

    review_id: int
    team: TeamShown
    day: date
    closed: ClosedShown
    grade: Grade
    counts: dict[DecisionKind, int]
    rows: tuple[ClosingRow, ...]
    settled: tuple[tuple[str, str], ...]  # (deal, stage) closed by the CRM meanwhile
    coverage: CoverageShown | None
    month: MonthShown | None
    private: bool
    unchanged: tuple[str, ...]  # deals that this review and those before it left as they were
    unchanged_reviews: int  # so many
    practices: tuple[PracticeShown, ...] = ()
    left: tuple[str, ...] = ()  # deals that went to another team undecided


@dataclass(frozen=True)
class ReviewEnded:
    """A review that ended without a grade, to the manager and the leader above."""

    review_id: int
    team: TeamShown
    day: date
    closed: ClosedShown
    deals: int
    undecided: tuple[str, ...]


@dataclass(frozen=True)
class DeputyTold:
    """To who was named a team's deputy. `by` None: setup. `ended_at`: they are it no more."""

    team: TeamShown
    by: Who | None
    manager: Who | None
    ended_at: datetime | None = None


# --- before the cards


@dataclass(frozen=True)
class PickRow:
    """A deal of a pick. `gone`: why the cards cannot take it any more."""

    deal: DealShown
    why: Why
    gone: Gone | None


@dataclass(frozen=True)
class PickAdjusted:
    """Who made the pick what it is, when, and which deals that added to the score's, or dropped."""

    by: Who
    at: datetime
    added: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class PickDm:
    """The pick, to who decides. While it waits: `cards_at` and what its deals are worth.

    Once its cards are out (`started`): `left_out` names the deals that they could not take, each
    with why, and `filled` those in their place. Else `ended` says why no cards came of it.
    """

    pick_id: int
    team: TeamShown
    today: date
    cards_at: datetime
    deals: tuple[PickRow, ...]
    amount: Money
    team_open: Money
    adjusted: PickAdjusted | None
    started: bool
    left_out: tuple[tuple[str, Gone], ...]
    filled: tuple[str, ...]
    ended: str | None
    trial: bool = False


# --- on Friday


@dataclass(frozen=True)
class RightRow:
    """A deal to put right: ours beside the CRM's stage and close date, where they differ and a
    decision made them so; `flags`: what else it lacks. None of either: it is in order now."""

    deal: DealShown
    crm_stage: StageShown | None
    crm_close: tuple[date | None] | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class PutRightDm:
    """To an owner on Friday: `rows` are still to be put right, `in_order` names those that are."""

    team: TeamShown
    today: date
    rows: tuple[RightRow, ...]
    in_order: tuple[str, ...]
