"""Which messages count, which may wait, and which a person may do without."""

from enum import StrEnum

from models.delivery import Kind
from models.people import Person, Role


class Class(StrEnum):
    """How a message stands to the budget (product.md, "Attention is the budget")."""

    PUBLIC = "public"  # to a channel: no person's budget
    ANSWER = "answer"  # follows at once from what its reader did: never held, never counted
    START = "start"  # "starting soon": never held, never counted, one per session and side
    SESSION = "session"  # "how was it", or when it is: waits for free hours, never counted
    DIGEST = "digest"  # one of the day's messages
    TIMED = "timed"  # worth little later: comes when it is due, as long as there is room
    PATIENT = "patient"  # can wait for the morning digest


CLASSES: dict[Kind, Class] = {
    Kind.REVIEW_PARENT: Class.PUBLIC,
    Kind.REVIEW_CARD: Class.PUBLIC,
    Kind.REVIEW_ANSWERS: Class.PUBLIC,
    Kind.REVIEW_CLOSING: Class.PUBLIC,
    Kind.COACHING_COACH: Class.ANSWER,
    Kind.IMPORT_FILE: Class.ANSWER,
    Kind.ADMIN_PARKED: Class.ANSWER,  # what holds messages up must not be held up itself
    Kind.SETUP: Class.ANSWER,
    Kind.SETUP_PREVIEW: Class.ANSWER,
    Kind.ONE_ON_ONE_COACH: Class.START,
    Kind.ONE_ON_ONE_PERSON: Class.START,
    Kind.ONE_ON_ONE_RATING: Class.SESSION,
    # in the place of the "starting soon" that will not come: nobody waits for somebody in vain
    Kind.ONE_ON_ONE_CHANGED: Class.SESSION,
    Kind.ONE_ON_ONE_CHANGED_COACH: Class.SESSION,
    Kind.HEALTH_TALK: Class.SESSION,  # of today: the next digest comes when it is over
    Kind.DIGEST: Class.DIGEST,
    Kind.HEALTH_SUMMARY: Class.PUBLIC,
    Kind.HEALTH_FLAGS: Class.PUBLIC,
    Kind.IMPORT_REMINDER: Class.TIMED,
    Kind.HEALTH_TALKS: Class.TIMED,
    Kind.HEALTH_REMINDER: Class.TIMED,
    Kind.REVIEW_PICK: Class.TIMED,
    Kind.FORECAST_CARD: Class.TIMED,
    Kind.PUT_RIGHT: Class.TIMED,
    Kind.REVIEW_OWNER: Class.TIMED,
    Kind.REVIEW_NUDGE: Class.TIMED,
    Kind.REVIEW_DECIDING: Class.TIMED,
    Kind.REVIEW_DECIDING_OVER: Class.TIMED,
    Kind.HEALTH_QUOTAS: Class.PATIENT,
    Kind.REVIEW_TO_CONFIRM: Class.PATIENT,
    Kind.REVIEW_PRACTICE: Class.PATIENT,
    Kind.REVIEW_NEW_OWNER: Class.PATIENT,
    Kind.REVIEW_ENDED: Class.PATIENT,
    Kind.DEPUTY_NAMED: Class.PATIENT,
    Kind.ONE_ON_ONE_STANDING: Class.PATIENT,
    Kind.ONE_ON_ONE_NEW_COACH: Class.PATIENT,
    Kind.ONE_ON_ONE_UNSET: Class.PATIENT,
    Kind.ONE_ON_ONE_ZONE: Class.PATIENT,
    Kind.ONE_ON_ONE_ZONE_OTHER: Class.PATIENT,
    Kind.ONE_ON_ONE_COMMENT: Class.PATIENT,
    Kind.ONE_ON_ONE_BREACH: Class.PATIENT,
    Kind.ONE_ON_ONE_BREACH_ABOVE: Class.PATIENT,
    Kind.COACHING_PERSON: Class.PATIENT,
    Kind.COACHING_DISPUTED: Class.PATIENT,
    Kind.SCHEDULE_SKIPPED: Class.PATIENT,
    Kind.ABSENCE_LATE: Class.PATIENT,
}
"""Every kind has its class."""

COUNTED = frozenset({Class.DIGEST, Class.TIMED, Class.PATIENT})
"""What a person's budget of a day is spent on."""


class Topic(StrEnum):
    """What a person may do without. All else the practice asks for: deciding, the deals in review,
    ratings, what is due; reminders of one-on-ones are switched by themselves."""

    TALK_REMINDER = "talk_reminder"  # of coverage conversations, on Monday afternoon
    PICK = "pick"  # of the review, before its cards
    PUT_RIGHT = "put_right"  # in the CRM, on Friday
    COACHING = "coaching"  # received: it stands at Home
    PRACTICE = "practice"  # whether words may be shared as worth copying
    SKIPPED = "skipped"  # notices of prompts that were skipped; admins always get them


TOPICS: dict[Kind, Topic] = {
    Kind.HEALTH_REMINDER: Topic.TALK_REMINDER,
    Kind.REVIEW_PICK: Topic.PICK,
    Kind.PUT_RIGHT: Topic.PUT_RIGHT,
    Kind.COACHING_PERSON: Topic.COACHING,
    Kind.REVIEW_PRACTICE: Topic.PRACTICE,
    Kind.SCHEDULE_SKIPPED: Topic.SKIPPED,
}


_LEADING = frozenset({Topic.TALK_REMINDER, Topic.PICK})
"""Only who leads gets these, as a rule."""


def offered(person: Person) -> tuple[Topic, ...]:
    """What this person may do without."""
    kept = {Topic.SKIPPED} if person.is_admin else set()
    if person.role is Role.REP:
        kept |= _LEADING
    return tuple(each for each in Topic if each not in kept)
