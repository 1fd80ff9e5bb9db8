"""The read models of everything that people see, and their loaders.

A message's loader takes `(session, subject_id, now)`; its None means "no longer wanted, or not
allowed". What a person opens takes the actor too, and refuses with the rules' own typed errors.
Signatures (review_parent and so on: the loader of ReviewParent):

review_parent(session, review_id, now) · deal_card(session, review_deal_id, now)
answers_reply(session, answer_set_id, now) · owner_dm(session, first_review_deal_id, now)
deciding_dm(session, review_id, now) · closing_card(session, review_id, now)
coaching_person(session, log_id, now) · coaching_coach(session, log_id, now)
coaching_disputed(session, entry_id, now)
skipped_notice(session, occurrence_id, now) · admin_parked(session, delivery_id, now)

review_status(session, actor, team, now) · start_form(session, actor, team, now)
answer_form(session, actor, review_deal_id, now) · decide_form(session, actor, review_deal_id, now)
log_form(session, actor, now, person_id, deal_id) · edit_form(session, actor, log_id, now)
dispute_form(session, actor, entry_id) · coaching_trail(session, actor, log_id, now)
history(session, actor, deal_id, now) · home(session, actor, now)
digest(session, occurrence_id, now) · days_off(session, actor, now) · reminders(session, actor)

one_on_one_coach(session, sitting_id, now) · one_on_one_person(session, sitting_id, now)
one_on_one_changed(session, sitting_id, now) · standing_told(session, standing_id, now)
breach_told(session, breach_id, now) · breach_told_above(session, breach_id, now)
finish_form(session, actor, one_on_one_id, now) · move_form, cancel_form: the same
points_form(session, actor, one_on_one_id) · notes_form(session, actor, one_on_one_id)
standings_form(session, actor) · standing_form(session, actor, person_id, now)

rating_asked(session, sitting_id, now) · comment_sent(session, one_on_one_id, now)
rating_form(session, actor, one_on_one_id, now) · comment_form(session, actor, one_on_one_id, now)
profile_form(session, actor) · drives(session, actor, one_on_one_id)
dropped_file(session, file_id, now) · file_form(session, actor, file_id)

who(session, person_ids) · deal_names(session, deal_ids) · question_names(session, question_ids)
for the facts that typed errors carry.
"""

from models.screens.asked import (
    AbsenceShown,
    AdvanceShown,
    AnswerForm,
    Asked,
    ChangeShown,
    Coached,
    CoachingMonth,
    DayOfWeek,
    DaysOff,
    DecideForm,
    HistoryScreen,
    HomeAction,
    HomeCoach,
    HomeReview,
    HomeScreen,
    PastDecision,
    Reminders,
    ReviewStatus,
    StartDeal,
    StartForm,
    Upcoming,
)
from models.screens.closing import (
    closing_card,
)
from models.screens.coaching import (
    CoachingAnswered,
    CoachingShown,
    CoachingTrail,
    DealChoice,
    DisputedShown,
    DisputeScreen,
    EditScreen,
    EntryShown,
    LogScreen,
    VersionShown,
    WithdrawnShown,
    coaching_coach,
    coaching_disputed,
    coaching_person,
    coaching_trail,
    dispute_form,
    edit_form,
    log_form,
)
from models.screens.digest import (
    Digest,
    DigestSession,
    Unrecorded,
    digest,
)
from models.screens.forms import (
    answer_form,
    decide_form,
    start_form,
)
from models.screens.home import (
    days_off,
    home,
    reminders,
)
from models.screens.imports import (
    FileForm,
    FileShown,
    Findings,
    dropped_file,
    file_form,
)
from models.screens.messages import (
    answers_reply,
    deal_card,
    deciding_dm,
    owner_dm,
    review_parent,
)
from models.screens.motivation import (
    Drives,
    ProfileForm,
    drives,
    profile_form,
)
from models.screens.notices import (
    admin_parked,
    skipped_notice,
)
from models.screens.one_on_one_cards import (
    BreachTold,
    MovedShown,
    OneOnOneCard,
    OneOnOneChanged,
    SettledShown,
    StandingShown,
    StandingTold,
    StartedShown,
    breach_told,
    breach_told_above,
    one_on_one_changed,
    one_on_one_coach,
    one_on_one_person,
    standing_told,
)
from models.screens.one_on_one_forms import (
    ChangeForm,
    FinishDeal,
    FinishForm,
    NotesForm,
    PointsForm,
    StandingForm,
    StandingRow,
    StandingsForm,
    cancel_form,
    finish_form,
    move_form,
    notes_form,
    points_form,
    standing_form,
    standings_form,
)
from models.screens.one_on_ones import (
    FlaggedDeal,
    HeldShown,
    LastCoaching,
    OneOnOneRow,
    PointShown,
    Preparation,
    Side,
    one_on_one_row,
    preparation,
)
from models.screens.personal import (
    history,
    review_status,
)
from models.screens.pieces import (
    deal_names,
    question_names,
    who,
)
from models.screens.ratings import (
    CommentSent,
    CommentShown,
    GivenShown,
    RatingAsked,
    comment_form,
    comment_sent,
    rating_asked,
    rating_form,
)
from models.screens.received import CoachingReceived
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
    "AbsenceShown",
    "AdminParked",
    "AdvanceShown",
    "AnswerForm",
    "AnswerShown",
    "AnswersReply",
    "Asked",
    "BreachTold",
    "ChangeForm",
    "ChangeShown",
    "ClosedShown",
    "ClosingCard",
    "ClosingRow",
    "Coached",
    "CoachingAnswered",
    "CoachingMonth",
    "CoachingReceived",
    "CoachingShown",
    "CoachingTrail",
    "CommentSent",
    "CommentShown",
    "CoverageShown",
    "DayOfWeek",
    "DaysOff",
    "DealCard",
    "DealChoice",
    "DealLine",
    "DealShown",
    "DecideForm",
    "DecidingDm",
    "DecisionShown",
    "Digest",
    "DigestSession",
    "DisputeScreen",
    "DisputedShown",
    "Drives",
    "EditScreen",
    "EntryShown",
    "EvidenceShown",
    "FileForm",
    "FileShown",
    "Findings",
    "FinishDeal",
    "FinishForm",
    "FlaggedDeal",
    "GivenShown",
    "HeldShown",
    "HistoryScreen",
    "HomeAction",
    "HomeCoach",
    "HomeReview",
    "HomeScreen",
    "LastCoaching",
    "LogScreen",
    "Money",
    "MonthShown",
    "MovedShown",
    "NextShown",
    "NotesForm",
    "OneOnOneCard",
    "OneOnOneChanged",
    "OneOnOneRow",
    "OwnerDm",
    "PastDecision",
    "PointShown",
    "PointsForm",
    "Posted",
    "Preparation",
    "ProfileForm",
    "RatingAsked",
    "Reminders",
    "ReviewParent",
    "ReviewStatus",
    "SettledShown",
    "Side",
    "SkippedNotice",
    "StageShown",
    "StandingForm",
    "StandingRow",
    "StandingShown",
    "StandingTold",
    "StandingsForm",
    "StartDeal",
    "StartForm",
    "StartedShown",
    "TeamShown",
    "Unrecorded",
    "Upcoming",
    "VersionShown",
    "Waiting",
    "Who",
    "Why",
    "WithdrawnShown",
    "admin_parked",
    "answer_form",
    "answers_reply",
    "breach_told",
    "breach_told_above",
    "cancel_form",
    "closing_card",
    "coaching_coach",
    "coaching_disputed",
    "coaching_person",
    "coaching_trail",
    "comment_form",
    "comment_sent",
    "days_off",
    "deal_card",
    "deal_names",
    "decide_form",
    "deciding_dm",
    "digest",
    "dispute_form",
    "drives",
    "dropped_file",
    "edit_form",
    "file_form",
    "finish_form",
    "history",
    "home",
    "log_form",
    "move_form",
    "notes_form",
    "one_on_one_changed",
    "one_on_one_coach",
    "one_on_one_person",
    "one_on_one_row",
    "owner_dm",
    "points_form",
    "preparation",
    "profile_form",
    "question_names",
    "rating_asked",
    "rating_form",
    "reminders",
    "review_parent",
    "review_status",
    "skipped_notice",
    "standing_form",
    "standing_told",
    "standings_form",
    "start_form",
    "who",
]
