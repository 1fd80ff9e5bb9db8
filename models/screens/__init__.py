"""The read models of everything that people see, and their loaders.

A message's loader takes `(session, subject_id, now)`; its None means "no longer wanted, or not
allowed". What a person opens takes the actor too, and refuses with the rules' own typed errors.
Signatures (review_parent and so on: the loader of ReviewParent):

review_parent(session, review_id, now) · deal_card(session, review_deal_id, now)
answers_reply(session, answer_set_id, now) · owner_dm(session, first_review_deal_id, now)
deciding_dm(session, review_id, now) · closing_card(session, review_id, now)
skipped_notice(session, occurrence_id, now) · admin_parked(session, delivery_id, now)

review_status(session, actor, team, now) · start_form(session, actor, team, now)
answer_form(session, actor, review_deal_id, now) · decide_form(session, actor, review_deal_id, now)
history(session, actor, deal_id, now) · home(session, actor, now)

who(session, person_ids) · deal_names(session, deal_ids) · question_names(session, question_ids)
for the facts that typed errors carry.
"""

from models.screens.asked import (
    AdvanceShown,
    AnswerForm,
    Asked,
    ChangeShown,
    DecideForm,
    HistoryScreen,
    HomeAction,
    HomeReview,
    HomeScreen,
    PastDecision,
    ReviewStatus,
    StartDeal,
    StartForm,
    Upcoming,
)
from models.screens.closing import (
    closing_card,
)
from models.screens.forms import (
    answer_form,
    decide_form,
    start_form,
)
from models.screens.messages import (
    admin_parked,
    answers_reply,
    deal_card,
    deciding_dm,
    owner_dm,
    review_parent,
    skipped_notice,
)
from models.screens.personal import (
    history,
    home,
    review_status,
)
from models.screens.pieces import (
    deal_names,
    question_names,
    who,
)
from models.screens.shown import (
    AdminParked,
    AnswerShown,
    AnswersReply,
    ClosedShown,
    ClosingCard,
    ClosingRow,
    CoverageShown,
    DealCard,
    DealLine,
    DealShown,
    DecidingDm,
    DecisionShown,
    EvidenceShown,
    Money,
    MonthShown,
    NextShown,
    OwnerDm,
    Posted,
    ReviewParent,
    SkippedNotice,
    StageShown,
    TeamShown,
    Waiting,
    Who,
    Why,
)

__all__ = [
    "AdminParked",
    "AdvanceShown",
    "AnswerForm",
    "AnswerShown",
    "AnswersReply",
    "Asked",
    "ChangeShown",
    "ClosedShown",
    "ClosingCard",
    "ClosingRow",
    "CoverageShown",
    "DealCard",
    "DealLine",
    "DealShown",
    "DecideForm",
    "DecidingDm",
    "DecisionShown",
    "EvidenceShown",
    "HistoryScreen",
    "HomeAction",
    "HomeReview",
    "HomeScreen",
    "Money",
    "MonthShown",
    "NextShown",
    "OwnerDm",
    "PastDecision",
    "Posted",
    "ReviewParent",
    "ReviewStatus",
    "SkippedNotice",
    "StageShown",
    "StartDeal",
    "StartForm",
    "TeamShown",
    "Upcoming",
    "Waiting",
    "Who",
    "Why",
    "admin_parked",
    "answer_form",
    "answers_reply",
    "closing_card",
    "deal_card",
    "deal_names",
    "decide_form",
    "deciding_dm",
    "history",
    "home",
    "owner_dm",
    "question_names",
    "review_parent",
    "review_status",
    "skipped_notice",
    "start_form",
    "who",
]
