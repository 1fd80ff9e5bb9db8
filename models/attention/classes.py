"""Which messages count, which may wait, and which a person may do without."""

from enum import StrEnum

from models.delivery import Kind
from models.people import Person


class Class(StrEnum):
    """How a message stands to the budget (product.md, "Attention is the budget")."""

    PUBLIC = "public"  # to a channel: no person's budget
    ANSWER = "answer"  # follows at once from what its reader did: never held, never counted
    START = "start"  # "starting soon": never held, never counted, one per session and side
    SESSION = "session"  # "how was it", or that it is off: waits for free hours, never counted
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
    Kind.DIGEST: Class.DIGEST,
    Kind.REVIEW_OWNER: Class.TIMED,
    Kind.REVIEW_NUDGE: Class.TIMED,
    Kind.REVIEW_DECIDING: Class.TIMED,
    Kind.REVIEW_TO_CONFIRM: Class.PATIENT,
    Kind.REVIEW_PRACTICE: Class.PATIENT,
    Kind.REVIEW_NEW_OWNER: Class.PATIENT,
    Kind.REVIEW_ENDED: Class.PATIENT,
    Kind.DEPUTY_NAMED: Class.PATIENT,
    Kind.ONE_ON_ONE_STANDING: Class.PATIENT,
    Kind.ONE_ON_ONE_COMMENT: Class.PATIENT,
    Kind.ONE_ON_ONE_BREACH: Class.PATIENT,
    Kind.ONE_ON_ONE_BREACH_ABOVE: Class.PATIENT,
    Kind.COACHING_PERSON: Class.PATIENT,
    Kind.COACHING_DISPUTED: Class.PATIENT,
    Kind.SCHEDULE_SKIPPED: Class.PATIENT,
}
"""Every kind has its class."""

COUNTED = frozenset({Class.DIGEST, Class.TIMED, Class.PATIENT})
"""What a person's budget of a day is spent on."""


class Topic(StrEnum):
    """What a person may do without. All else the practice asks for: deciding, the deals in review,
    ratings, what is due; reminders of one-on-ones are switched by themselves."""

    COACHING = "coaching"  # received: it stands at Home
    PRACTICE = "practice"  # whether words may be shared as worth copying
    SKIPPED = "skipped"  # notices of prompts that were skipped; admins always get them


TOPICS: dict[Kind, Topic] = {
    Kind.COACHING_PERSON: Topic.COACHING,
    Kind.REVIEW_PRACTICE: Topic.PRACTICE,
    Kind.SCHEDULE_SKIPPED: Topic.SKIPPED,
}


def offered(person: Person) -> tuple[Topic, ...]:
    """What this person may do without."""
    return tuple(each for each in Topic if not (person.is_admin and each is Topic.SKIPPED))
