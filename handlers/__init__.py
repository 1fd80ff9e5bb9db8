"""Everything Slack-shaped: which message says what, and who listens to what.

`MESSAGES` is for the post, `register` for the Bolt app; how either runs is not known here.
"""

from typing import Any

from slack_bolt import App

from handlers import notices
from handlers.cadence import listeners as cadence_listeners
from handlers.coaching import listeners as coaching_listeners
from handlers.coaching import messages as coaching_messages
from handlers.context import Context
from handlers.digest import messages as digest_messages
from handlers.errors import error_handler
from handlers.forecast import listeners as forecast_listeners
from handlers.forecast import messages as forecast_messages
from handlers.health_check import listeners as health_listeners
from handlers.health_check import messages as health_messages
from handlers.health_check import personal as health_personal
from handlers.home import late_days_off
from handlers.home import listeners as home_listeners
from handlers.imports import listeners as import_listeners
from handlers.imports import messages as import_messages
from handlers.message import Message, Rendered
from handlers.motivation import listeners as motivation_listeners
from handlers.next_actions import listeners as next_action_listeners
from handlers.one_on_ones import listeners as one_on_one_listeners
from handlers.one_on_ones import messages as one_on_one_messages
from handlers.pipeline_review import (
    closing,
    confirming,
    messages,
    personal,
    picked,
    practice_words,
)
from handlers.pipeline_review import listeners as review_listeners
from handlers.put_right import messages as put_right_messages
from handlers.ratings import listeners as rating_listeners
from handlers.ratings import messages as rating_messages
from handlers.setup import company as company_listeners
from handlers.setup import listeners as setup_listeners
from handlers.setup import messages as setup_messages
from handlers.setup import previews
from models import screens
from models.delivery import Kind

MESSAGES: dict[Kind, Message[Any]] = {
    Kind.REVIEW_PICK: Message(screens.pick_dm, picked.pick),
    Kind.REVIEW_PARENT: Message(screens.review_parent, messages.parent),
    Kind.REVIEW_CARD: Message(screens.deal_card, messages.card),
    Kind.REVIEW_ANSWERS: Message(screens.answers_reply, messages.answers),
    Kind.REVIEW_OWNER: Message(screens.owner_dm, personal.owner),
    Kind.REVIEW_DECIDING: Message(screens.deciding_dm, personal.deciding),
    Kind.REVIEW_DECIDING_OVER: Message(screens.deciding_over, personal.deciding_over),
    Kind.REVIEW_NEW_OWNER: Message(screens.new_owner_dm, personal.owner),
    Kind.REVIEW_NUDGE: Message(screens.nudge, personal.nudge),
    Kind.REVIEW_ENDED: Message(screens.review_ended, notices.ended),
    Kind.PUT_RIGHT: Message(screens.put_right_dm, put_right_messages.put_right),
    Kind.DEPUTY_NAMED: Message(screens.deputy_named, notices.deputy),
    Kind.REVIEW_CLOSING: Message(screens.closing_card, closing.closing),
    Kind.REVIEW_TO_CONFIRM: Message(screens.to_confirm_dm, confirming.to_confirm),
    Kind.REVIEW_PRACTICE: Message(screens.practice_asked, practice_words.asked),
    Kind.ONE_ON_ONE_COACH: Message(screens.one_on_one_coach, one_on_one_messages.card),
    Kind.ONE_ON_ONE_PERSON: Message(screens.one_on_one_person, one_on_one_messages.card),
    Kind.ONE_ON_ONE_CHANGED: Message(screens.one_on_one_changed, one_on_one_messages.changed),
    Kind.ONE_ON_ONE_CHANGED_COACH: Message(
        screens.one_on_one_changed_coach, one_on_one_messages.changed
    ),
    Kind.ONE_ON_ONE_STANDING: Message(screens.standing_told, one_on_one_messages.standing),
    Kind.ONE_ON_ONE_NEW_COACH: Message(screens.new_coach_told, one_on_one_messages.new_coach),
    Kind.ONE_ON_ONE_UNSET: Message(screens.unset_told, one_on_one_messages.unset),
    Kind.ONE_ON_ONE_ZONE: Message(screens.zone_told, one_on_one_messages.zone),
    Kind.ONE_ON_ONE_ZONE_OTHER: Message(screens.others_zone_told, one_on_one_messages.others_zone),
    Kind.ONE_ON_ONE_BREACH: Message(screens.breach_told, one_on_one_messages.breach),
    Kind.ONE_ON_ONE_BREACH_ABOVE: Message(screens.breach_told_above, one_on_one_messages.breach),
    Kind.ONE_ON_ONE_RATING: Message(screens.rating_asked, rating_messages.asked),
    Kind.ONE_ON_ONE_COMMENT: Message(screens.comment_sent, rating_messages.comment_sent),
    Kind.COACHING_PERSON: Message(screens.coaching_person, coaching_messages.person),
    Kind.COACHING_COACH: Message(screens.coaching_coach, coaching_messages.coach),
    Kind.COACHING_DISPUTED: Message(screens.coaching_disputed, coaching_messages.disputed),
    Kind.HEALTH_SUMMARY: Message(screens.health_summary, health_messages.summary),
    Kind.HEALTH_FLAGS: Message(screens.health_flags, health_messages.flags),
    Kind.HEALTH_TALKS: Message(screens.talks_dm, health_personal.talks),
    Kind.HEALTH_TALK: Message(screens.talk_told, health_personal.told),
    Kind.HEALTH_REMINDER: Message(screens.talk_reminder, health_personal.reminder),
    Kind.HEALTH_QUOTAS: Message(screens.quotas_missing, health_personal.quotas),
    Kind.IMPORT_REMINDER: Message(screens.import_reminder, health_personal.import_reminder),
    Kind.FORECAST_CARD: Message(screens.forecast_dm, forecast_messages.dm),
    Kind.IMPORT_FILE: Message(screens.dropped_file, import_messages.file),
    Kind.ABSENCE_LATE: Message(screens.late_absence, late_days_off.late),
    Kind.SCHEDULE_SKIPPED: Message(screens.skipped_notice, notices.skipped),
    Kind.ADMIN_PARKED: Message(screens.admin_parked, notices.parked),
    Kind.SETUP: Message(screens.setup_steps, setup_messages.setup),
}
MESSAGES[Kind.SETUP_PREVIEW] = previews.message(MESSAGES)
MESSAGES[Kind.DIGEST] = digest_messages.message(MESSAGES)


def register(app: App, context: Context) -> None:
    """Tells the Bolt app who listens to what. It must be made with `process_before_response`."""
    review_listeners.register(app, context)
    cadence_listeners.register(app, context)
    coaching_listeners.register(app, context)
    home_listeners.register(app, context)
    next_action_listeners.register(app, context)
    one_on_one_listeners.register(app, context)
    rating_listeners.register(app, context)
    health_listeners.register(app, context)
    motivation_listeners.register(app, context)
    setup_listeners.register(app, context)
    company_listeners.register(app, context)
    import_listeners.register(app, context)
    forecast_listeners.register(app, context)
    app.error(error_handler(context))


__all__ = ["MESSAGES", "Context", "Message", "Rendered", "register"]
