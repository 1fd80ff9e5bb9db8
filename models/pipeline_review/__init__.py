"""The pipeline review: deals picked, evidence given, one recorded decision each, a grade.

Rooms: `tables` · `refusals` (the typed errors) · `pick` · `start` · `answers` · `choices` (what a
decision may be) and `deciding` (recording it) · `closing` · `ending` (by itself) · `unchanged` ·
`deputies` (who stands in) · `following` (next actions) · `rescuing` · `reading` · `owed` (its
messages).
"""

from models.pipeline_review.answers import answer
from models.pipeline_review.choices import (
    Case,
    DecisionInput,
    case_of,
    next_owners,
    questioned_stages,
    recommended,
)
from models.pipeline_review.closing import close_review, undecided_deals
from models.pipeline_review.deciding import (
    advance_own_ids,
    decide,
    held_case,
    record_decision,
    require_to_decide,
)
from models.pipeline_review.deputies import decider_at, name_deputy
from models.pipeline_review.ending import make_way, not_held, put_off_deciding
from models.pipeline_review.following import answer_action, mornings, renew_action
from models.pipeline_review.owed import (
    deciding_was_told,
    first_decider,
    show_changed_deals,
    show_deciding,
)
from models.pipeline_review.pick import Candidate, candidates, choose, pick
from models.pipeline_review.reading import (
    current_decision,
    current_decisions,
    get_review,
    get_review_deal,
    held_open_review,
    is_settled,
    last_closed,
    open_review,
    review_deals,
)
from models.pipeline_review.refusals import (
    AdvanceUnproved,
    AlreadyClosed,
    AlreadyDecided,
    AlreadyOpen,
    DateMissing,
    DateUnfit,
    NextActionMissing,
    NextOwnerUnfit,
    NoChannel,
    NoDeals,
    NotEarlier,
    NotTheTeams,
    NotYetDeciding,
    ReasonMissing,
    RemovalMissing,
    ReviewClosed,
    SettledByCrm,
    StageMissing,
    TooFewDeals,
    TooManyDeals,
    Undecided,
    UnknownReview,
)
from models.pipeline_review.rescuing import Rescuing, rescuing
from models.pipeline_review.start import bounds, start_review
from models.pipeline_review.tables import (
    Decision,
    DecisionKind,
    Grade,
    Removal,
    Review,
    ReviewDeal,
    ReviewKind,
    ReviewState,
)
from models.pipeline_review.unchanged import unchanged_before

__all__ = [
    "AdvanceUnproved",
    "AlreadyClosed",
    "AlreadyDecided",
    "AlreadyOpen",
    "Candidate",
    "Case",
    "DateMissing",
    "DateUnfit",
    "Decision",
    "DecisionInput",
    "DecisionKind",
    "Grade",
    "NextActionMissing",
    "NextOwnerUnfit",
    "NoChannel",
    "NoDeals",
    "NotEarlier",
    "NotTheTeams",
    "NotYetDeciding",
    "ReasonMissing",
    "Removal",
    "RemovalMissing",
    "Rescuing",
    "Review",
    "ReviewClosed",
    "ReviewDeal",
    "ReviewKind",
    "ReviewState",
    "SettledByCrm",
    "StageMissing",
    "TooFewDeals",
    "TooManyDeals",
    "Undecided",
    "UnknownReview",
    "advance_own_ids",
    "answer",
    "answer_action",
    "bounds",
    "candidates",
    "case_of",
    "choose",
    "close_review",
    "current_decision",
    "current_decisions",
    "decide",
    "decider_at",
    "deciding_was_told",
    "first_decider",
    "get_review",
    "get_review_deal",
    "held_case",
    "held_open_review",
    "is_settled",
    "last_closed",
    "make_way",
    "mornings",
    "name_deputy",
    "next_owners",
    "not_held",
    "open_review",
    "pick",
    "put_off_deciding",
    "questioned_stages",
    "recommended",
    "record_decision",
    "renew_action",
    "require_to_decide",
    "rescuing",
    "review_deals",
    "show_changed_deals",
    "show_deciding",
    "start_review",
    "unchanged_before",
    "undecided_deals",
]
