"""What one person asked for: status, modals, history, Home and its settings, as frozen facts."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from models.absences import AbsenceSource
from models.attention import Block, Topic
from models.calendars import Problem
from models.days import DayOff
from models.deals import Field
from models.evidence import AnswerKind, State
from models.people import Role
from models.pipeline_review import DecisionKind, Seen
from models.screens.confirming import ToConfirm
from models.screens.forecast_home import NO_FORECAST, ForecastAtHome
from models.screens.late_absences import LateAbsence
from models.screens.leading import ManagerShown
from models.screens.one_on_ones import HeldShown, OneOnOneRow
from models.screens.received import CoachingReceived
from models.screens.review_shown import (
    DealLine,
    PutRightDm,
    ReviewParent,
)
from models.screens.shown import (
    AdminParked,
    ClosedShown,
    DealShown,
    DecisionShown,
    DueAction,
    EvidenceShown,
    Money,
    NextShown,
    Posted,
    StageShown,
    TeamShown,
    Who,
    Why,
)
from models.screens.standings import LeftOutShown, TurnShown
from models.screens.strip import HeldBack, PromptOfDay
from models.screens.talks import TalkRow, TalkTold


@dataclass(frozen=True)
class ReviewStatus:
    """`/pipeline-review status`. `mine`: the deals that wait for this person's answers or decision.

    `last`: the team's last closed review. `next_cards`, `next_deciding`: the schedule's next
    instants, None where there is no schedule. `pick_id`: the pick that waits for its cards, where
    this person may adjust it.
    """

    team: TeamShown
    actor: Who
    review: ReviewParent | None
    parent: Posted | None
    mine: tuple[DealLine, ...]
    decides: bool
    may_start: bool
    last: ClosedShown | None
    last_day: date | None
    next_cards: datetime | None
    next_deciding: datetime | None
    pick_id: int | None = None


@dataclass(frozen=True)
class Asked:
    """One question of the answer modal. `stale`: counts only after "Still true" is ticked.

    `answer_id`, `value` and `answered_on` are the current answer's, None where there is none.
    `given_by`: who gave it on the owner's behalf, while it waits for the owner to tick that it is
    right.
    """

    question_id: int
    key: str
    kind: AnswerKind
    label: str
    short: str
    state: State
    stale: bool
    second_hand: bool
    value: dict[str, Any] | None
    answered_on: date | None
    given_by: Who | None = None
    answer_id: int | None = None


@dataclass(frozen=True)
class AnswerForm:
    """`open` first (unanswered or only filled), then `answered` (proved, or waiting for a tick).

    `behalf_of`: the owner for whom the actor answers; then `open` is all that is not proved.
    """

    review_deal_id: int
    team: TeamShown
    deal: DealShown
    today: date
    evidence: EvidenceShown
    open: tuple[Asked, ...]
    answered: tuple[Asked, ...]
    behalf_of: Who | None = None


@dataclass(frozen=True)
class AdvanceShown:
    """Whether Advance is possible and, if not, why: open questions, or a manager's own deal."""

    possible: bool
    to_stage: StageShown
    wins: bool
    open: tuple[str, ...]
    allowed: tuple[Who, ...]  # who may, where the actor may not; else empty


@dataclass(frozen=True)
class DecideForm:
    """`replacing`: the current decision's id, to hand back on submit (None: there is none yet).

    Where `current` stands, everything else is as it was before it: a correction restores that.
    `demote_to` is empty in the first open stage: then removal is what is left.
    """

    review_deal_id: int
    team: TeamShown
    deal: DealShown
    today: date
    evidence: EvidenceShown
    advance: AdvanceShown
    demote_to: tuple[StageShown, ...]  # nearest first
    recommended: DecisionKind | None
    current: DecisionShown | None
    replacing: int | None
    self_decided: bool
    next_action: NextShown | None  # the open one
    next_owner: Who  # preset
    next_due: date  # preset
    due_least: date
    due_most: date
    owners: tuple[Who, ...]  # who may own a next action here
    seen: Seen | None = None  # what of the deal is shown, to hand back on submit


@dataclass(frozen=True)
class StartDeal:
    deal: DealShown
    score: float | None  # None: not picked
    why: Why
    picked: bool


@dataclass(frozen=True)
class StartForm:
    """The pick to adjust: `deals` with the picked first, best first, then the team's others.

    `least` and `most` bound the choice (a team with fewer open deals reviews all: `least` is
    then their number). `next_day`: the next working day of who decides. `open_review`: one is
    under way already.
    """

    team: TeamShown
    actor: Who
    deals: tuple[StartDeal, ...]
    least: int
    most: int
    next_day: date
    open_review: ReviewParent | None
    open_parent: Posted | None
    next_deciding: datetime | None


@dataclass(frozen=True)
class AdjustForm:
    """A pick that waits for its cards: `deals` and bounds as in `StartForm`. `version_id`: as which
    it stands now."""

    pick_id: int
    version_id: int
    team: TeamShown
    deals: tuple[StartDeal, ...]
    least: int
    most: int


@dataclass(frozen=True)
class ChangeShown:
    """One change. `before`, `after`: StageShown, Money, date or Who by `field`; None for none."""

    at: datetime
    field: Field
    before: StageShown | Money | date | Who | None
    after: StageShown | Money | date | Who | None
    by: Who | None  # None: the CRM, by an import


@dataclass(frozen=True)
class PastDecision:
    day: date  # of its review
    decision: DecisionShown
    is_current: bool  # False: superseded by a correction, kept as trail


@dataclass(frozen=True)
class HistoryScreen:
    """A deal's history, newest first."""

    team: TeamShown
    deal: DealShown
    changes: tuple[ChangeShown, ...]
    decisions: tuple[PastDecision, ...]


@dataclass(frozen=True)
class HomeReview:
    """`mine` is what waits for the person; `owns`: some of the review's deals are theirs."""

    review: ReviewParent
    parent: Posted | None
    mine: tuple[DealLine, ...]
    decides: bool
    owns: bool = False


@dataclass(frozen=True)
class HomeAction:
    deal: DealShown
    next_action: NextShown


@dataclass(frozen=True)
class Upcoming:
    """A scheduled prompt's next instant."""

    prompt: str
    team: TeamShown
    at: datetime


@dataclass(frozen=True)
class Coached:
    """How much somebody was coached by this person, late logs left out.

    `minutes` of this month, `contacts` of this week.
    """

    person: Who
    minutes: int
    contacts: int


@dataclass(frozen=True)
class CoachingMonth:
    """The gauges of who coaches. `people`: all whom they coach now, the least coached first.

    `hours`: least and most asked per person. `share`: of their own time, coaching of anybody; None
    before the month's first working day. `share_asked`: the standard.
    """

    people: tuple[Coached, ...]
    hours: tuple[float, float]
    share: float | None
    share_asked: float


@dataclass(frozen=True)
class RescuingShown:
    """Of the next actions on a manager's reps' deals this quarter, those that are the manager's.

    With fewer than `least` there are too few data to say a share.
    """

    manager: Who
    owned: int
    of: int
    least: int


@dataclass(frozen=True)
class DayOfWeek:
    """A day of the strip: this person's sessions on it, on either side, by time; the prompts of the
    teams that they manage; and that they are off."""

    on: date
    sessions: tuple[OneOnOneRow, ...]
    prompts: tuple[PromptOfDay, ...] = ()
    off: DayOff | None = None


@dataclass(frozen=True)
class HomeCoach:
    """What only who coaches, or manages a team, sees. `unrecorded`: sessions of earlier days that
    are over. `held_back`: what is not posted in their teams' channels."""

    unrecorded: tuple[OneOnOneRow, ...]
    held: HeldShown | None  # this quarter
    week: tuple[DayOfWeek, ...]
    month: CoachingMonth
    rescuing: tuple[RescuingShown, ...]  # one's own, then that of managers whom one coaches
    left_out: tuple[LeftOutShown, ...] = ()  # this and the next week, where some are in rotation
    held_back: tuple[HeldBack, ...] = ()


@dataclass(frozen=True)
class CalendarShown:
    """A person's own calendar, as it was found behind the address that they gave.

    `shown` stands for the address, which is a secret. `looking`: it is looked at for the first
    time, or again because its person asked. `problem` and `since`: why and since when it cannot be
    read; `to_tell`: for so long that its person has to hear of it; `was_read`: it could be once.
    `busy`: so many times in the next two weeks; `off`: days out of office that it brought and that
    are not over, first and last; `unread`: entries that could not be read.
    """

    shown: str
    zone: str
    today: date
    looking: bool
    problem: Problem | None
    since: datetime | None
    to_tell: bool
    was_read: bool
    busy: int
    off: tuple[tuple[date, date], ...]
    unread: int


@dataclass(frozen=True)
class MessagesChosen:
    """Which messages a person gets, and when.

    The reminders of one-on-ones, `minutes` before the start; of the topics `offered`, which are
    `unwanted`; quiet hours and selling blocks (by id), local times; `snoozed_until`, if that is
    ahead; how many messages may come unasked on a day, and how many wait for the next digest.
    """

    zone: str
    day_before: bool
    at_start: bool
    minutes: int
    offered: tuple[Topic, ...]
    unwanted: frozenset[Topic]
    quiet: tuple[time, time] | None
    blocks: tuple[tuple[int, Block], ...]
    snoozed_until: datetime | None
    most: int
    waiting: int


@dataclass(frozen=True)
class HomeScreen:
    """A person's Home: what waits, what is open, what can be started, what comes next.

    `deals_as_of`: when the deals were last imported (None: never). `parked` is for admins only.
    `managers`: who of those below runs a team or coaches, worst first. `coach` is None for who
    coaches nobody. What is of one-on-ones stands on either side: those that
    this person runs, and those in which they are coached. `messages`: which they get, and when.
    """

    person: Who
    role: Role
    is_admin: bool
    zone: str
    today: date
    to_rate: tuple[OneOnOneRow, ...]
    to_answer: tuple[CoachingReceived, ...]
    reviews: tuple[HomeReview, ...]
    sessions_today: tuple[OneOnOneRow, ...]
    sessions_next: tuple[OneOnOneRow, ...]
    sessions_more: int  # later than these
    has_standing: bool  # a weekly time with whoever coaches them
    managers: tuple[ManagerShown, ...]
    coach: HomeCoach | None
    can_start: tuple[TeamShown, ...]  # without an open review
    due: tuple[DueAction, ...]  # my next actions that are due, soonest first
    actions: tuple[HomeAction, ...]  # those that are not, soonest first
    received: tuple[CoachingReceived, ...]  # the newest
    upcoming: tuple[Upcoming, ...]
    deals_as_of: datetime | None
    deals_stale: bool
    parked: tuple[AdminParked, ...]
    names_deputy: bool  # for a team of theirs, or below them
    to_confirm: tuple[ToConfirm, ...] = ()
    put_right: PutRightDm | None = None  # in the CRM, before Monday
    to_accept: tuple[LateAbsence, ...] = ()  # days off that came too late
    talks: tuple[TalkRow, ...] = ()  # reps under the standard whom I am to speak with today
    talks_with: tuple[TalkTold, ...] = ()  # who wants to speak with me today, and when
    forecast: ForecastAtHome = NO_FORECAST
    left_out: TurnShown | None = None  # where this person is, this week or next
    zone_of: TeamShown | None = None  # whose zone counts, where Slack says none
    calendar: CalendarShown | None = None
    messages: MessagesChosen | None = None
    zone_is_slacks: bool = True  # the zone of their Slack profile


@dataclass(frozen=True)
class AbsenceShown:
    """Days out of office, from where they are known, and the sessions that they excuse.

    `waits_for`: the leader without whose word what had begun counts as it is; `accepted_by`: who
    has said it. `may_take_back`: whether anything of them is left to be.
    """

    absence_id: int
    starts_on: date
    ends_on: date
    excused: tuple[OneOnOneRow, ...]
    source: AbsenceSource = AbsenceSource.OWN
    waits_for: Who | None = None
    accepted_by: Who | None = None
    may_take_back: bool = True


@dataclass(frozen=True)
class DaysOff:
    """A person's absences that are not over, or were entered late, soonest first, and their
    calendar if they gave one.

    `follows_status`: out of office by the status of the Slack profile counts. `company`: the
    company days of the next weeks, by their names.
    """

    today: date
    absences: tuple[AbsenceShown, ...]
    follows_status: bool = True
    company: tuple[tuple[date, str], ...] = ()
    calendar: CalendarShown | None = None


@dataclass(frozen=True)
class Calendar:
    """When a person works. `zone_is_own`: chosen, not Slack's. `working_days`: ISO digits.

    `holidays`: a country's calendar, or a part's ("US", "DE-BY"); None: none are kept. `zone_of`:
    the team whose zone counts, where Slack says none.
    """

    zone: str
    zone_is_own: bool
    working_days: str
    holidays: str | None
    zone_of: TeamShown | None = None


@dataclass(frozen=True)
class DeputyTeam:
    """A team for which this person may name the deputy, and who that is."""

    team: TeamShown
    deputy: Who | None


@dataclass(frozen=True)
class RenewForm:
    """After a next action that was said to be done, or not: what comes next, of the same owner."""

    action_id: int
    deal: DealShown
    text: str
    done: bool
    owner: Who
    due: date  # proposed
