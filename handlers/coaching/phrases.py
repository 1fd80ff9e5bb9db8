"""How occasions, ways of coaching and logs are put, wherever they appear."""

from datetime import date

from handlers import words
from handlers.lines import Bold, Line, Moment, joined
from handlers.pipeline_review import phrases
from models.coaching import MOST_FEEDBACK, CoachingKind, How
from models.screens import CoachingAnswered, EntryShown, Who

KINDS = {
    CoachingKind.ONE_ON_ONE: "one-on-one",
    CoachingKind.CALL_REVIEW: "call review",
    CoachingKind.SKILL_SESSION: "skill session",
    CoachingKind.HUDDLE: "huddle",
    CoachingKind.COVERAGE: "coverage conversation",
}
HOWS = {
    How.QUESTIONS: "questions",
    How.ROLE_PLAY: "role-play",
    How.JOINT_CALL: "joint call",
    How.DEMONSTRATION: "demonstration",
    How.ADVICE: "advice",
}


def quoted(text: str) -> str:
    """All of what was written: who confirms it has to have read it."""
    return phrases.quoted(text, MOST_FEEDBACK)


def next_step(entry: EntryShown, today: date) -> Line:
    """`Next: “two calls without a price” by Fri 27 Nov`."""
    said = f"{quoted(entry.next_step)} by {words.day(entry.next_on, today)}"
    return Bold("Next: "), said


def details(entry: EntryShown, today: date) -> Line:
    """`Mon 23 Nov · call review · role-play · 30 minutes · Nexus Corp`."""
    parts = [
        words.day(entry.held_on, today),
        KINDS[entry.kind],
        HOWS[entry.how],
        words.plural(entry.minutes, "minute"),
    ]
    if entry.deal is not None:
        parts.append(words.said(entry.deal, phrases.NAME))
    return (" · ".join(parts),)


def late(entry: EntryShown) -> Line:
    """Of what was logged too late: nothing else."""
    return ("logged late: kept, outside the metrics",) if entry.is_late else ()


def answer(said: CoachingAnswered, person: Who, zone: str) -> Line:
    """`@ana: that's right · Tue 24 Nov, 15:00`."""
    return joined([(phrases.who(person), f": {_answered(said)}"), (Moment(said.at, zone),)])


def own_answer(said: CoachingAnswered, zone: str) -> Line:
    """`You said: that's right · Tue 24 Nov, 15:00`."""
    return joined([(f"You said: {_answered(said)}",), (Moment(said.at, zone),)])


def _answered(said: CoachingAnswered) -> str:
    if said.agrees:
        return "that's right"
    return f"I see it differently{f': {quoted(said.text)}' if said.text else ''}"
