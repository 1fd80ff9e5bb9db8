"""What went wrong, said to who can mend it: a prompt that was skipped, a message not posted."""

from dataclasses import replace

from handlers import lines, words
from handlers.blocks import context
from handlers.lines import Bold, Channel, Line, Moment, joined, with_code
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from handlers.setup.messages import UNFIT
from handlers.words import escape
from models.agenda import PUT_OFF, Skipped
from models.delivery import Kind
from models.pipeline_review import ReviewState
from models.schedule import SkipReason
from models.screens import AdminParked, DeputyTold, HeldBack, ReviewEnded, SkippedNotice
from models.week import (
    CARDS,
    DECIDING,
    DIGEST,
    FORECAST,
    HEALTH,
    IMPORT_REMINDER,
    PICK,
    PUT_RIGHT,
)

PROMPTS = {
    IMPORT_REMINDER: "reminder to import",
    HEALTH: "pipeline health check",
    PICK: "the review's pick",
    CARDS: "deal cards",
    DECIDING: "deciding",
    FORECAST: "Friday forecast",
    PUT_RIGHT: "what to put right in the CRM",
    DIGEST: "your morning digest",
}

_REASONS: dict[str, str] = {
    SkipReason.LATE: "the bot was away until it was too late",
    SkipReason.FAILED: "it failed until it was too late; the log says why",
    Skipped.DAY_OFF: "it was a day off",
    Skipped.TEAM_OFF: "nobody of the team works that day",
    SkipReason.NO_PROMPT: "this installation does not know it",
    Skipped.REVIEW_OPEN: "a review is under way, and goes on",
    Skipped.NO_CARDS: "no deal cards were to come",
    Skipped.NO_CHANNEL: "the team has no channel: an admin sets it",
    Skipped.NO_DEALS: "the team has no open deals: import them",
    Skipped.NO_DECIDER: "the team has nobody who decides: an admin sets its manager",
    Skipped.NO_REVIEW: "no review was open",
    Skipped.DECIDES_LATER: "the open review decides later",
    Skipped.ALL_DECIDED: "every deal had its decision already",
    Skipped.UNDER_WAY: "it had begun already",
    Skipped.PUT_OFF: "nobody who decides is there that day",
    Skipped.TEAM_PUT_OFF: "nobody of the team works that day",
    Skipped.FRESH: "the deals are fresh",
    Skipped.NOBODY_THERE: "everybody who could run it is off that day, so it is excused",
    Skipped.WEEK_HAS_ONE: "the week had one already",
    Skipped.NOT_HELD: "nobody who decides was there, nor the working day before",
}


def why(reason: str | None) -> str:
    """Why a prompt was skipped, in words."""
    return _REASONS.get(reason or "", reason or "")


def skipped(shown: SkippedNotice) -> Rendered:
    """`Skipped: deal cards of West, due Tue 24 Nov, 15:00: …`, with what to do instead."""
    if shown.others:
        return _skipped_together(shown)
    what = PROMPTS.get(shown.prompt, shown.prompt)
    because = why(shown.reason)
    if shown.day_off:
        because = f"{because} ({words.said(shown.day_off, 60)})"
    of_team = f" of {words.said(shown.team.name)}" if shown.team else ""
    due = Moment(shown.due_at, shown.zone)
    head = "Put off" if shown.reason in PUT_OFF else "Skipped"
    line: Line = (Bold(f"{head}: {what}{of_team}"), ", due ", due, f": {because}.")
    if shown.reason in PUT_OFF and shown.put_off_to:
        line = (*line, " It begins ", Moment(shown.put_off_to, shown.zone), ".")
    heading = escape(f"{head}: {what}{of_team}: {because}.")  # hours would be those of the schedule
    return Rendered(heading, [lines.rich_text(line), context(_way_out(shown))])


def _skipped_together(shown: SkippedNotice) -> Rendered:
    """What one outage skipped of a team's prompts: each with when it was due and its way out."""
    found = [(shown.prompt, shown.due_at), *shown.others]
    of_team = f" of {words.said(shown.team.name)}" if shown.team else ""
    head = f"{words.plural(len(found), 'prompt')}{of_team} skipped: {why(shown.reason)}."
    listed: list[tuple[Line, list[Line]]] = []
    for prompt, due_at in sorted(found, key=lambda one: one[1]):
        what = PROMPTS.get(prompt, prompt)
        one = replace(shown, prompt=prompt, due_at=due_at)
        listed.append(((f"{what}, due ", Moment(due_at, shown.zone)), [_way_out(one)]))
    return Rendered(escape(head), [lines.rich_text((Bold(head),)), lines.nested_list(listed)])


def _way_out(shown: SkippedNotice) -> Line:
    """What to do instead."""
    if not shown.team:
        return ("What it would have said stands at Home.",)
    if shown.reason != Skipped.NO_DECIDER and shown.prompt in _MADE_UP_FOR:
        return _MADE_UP_FOR[shown.prompt]
    return _WAYS_OUT.get(shown.reason, _usual_way_out(shown))


def _usual_way_out(shown: SkippedNotice) -> Line:
    if shown.prompt == FORECAST:
        return _NEXT_FRIDAY
    if not shown.review_open:
        return _START_ONE
    begun = shown.prompt == DECIDING and shown.deciding
    return _DECIDE_ALL_THE_SAME if begun else _SHOW_IT


_SHOW_IT = with_code("`/pipeline-review` in the team's channel shows the one that is open.")
_START_ONE = with_code("`/pipeline-review` in the team's channel starts one at any time.")
_DECIDE_ALL_THE_SAME: Line = (
    "Its deals can be decided all the same: the buttons are on the cards.",
)
_NEXT_FRIDAY = with_code("`/cadence forecast` says when the next one comes.")
_MADE_UP_FOR: dict[str, Line] = {
    HEALTH: ("The next one is on Monday. Nothing is asked, and nothing counts as missed.",),
    IMPORT_REMINDER: ("Drop the CRM's export, a CSV file, into my messages at any time.",),
    PICK: ("The cards come all the same, about what the score picks then.",),
    PUT_RIGHT: ("Monday's health check names the same deals.",),
    FORECAST: _NEXT_FRIDAY,
}
_SET_UP = with_code("`/cadence setup` does it.")
_WAYS_OUT: dict[str, Line] = {
    Skipped.REVIEW_OPEN: _SHOW_IT,
    Skipped.NO_CHANNEL: _SET_UP,
    Skipped.NO_DECIDER: _SET_UP,
    **dict.fromkeys(PUT_OFF, ("Until then it can still be answered. Nothing else is to be done.",)),
}


def ended(shown: ReviewEnded) -> Rendered:
    """`Abandoned: the pipeline review of West, Wed 18 Nov: 2 of 7 deals had no decision: …`."""
    of_team = f"{words.said(shown.team.name)}, {words.day(shown.day)}"
    names = words.listed([words.said(name, phrases.NAME) for name in shown.undecided], 10)
    lacking = f"{len(shown.undecided)} of {words.plural(shown.deals, 'deal')}"
    if shown.closed.state is ReviewState.NOT_HELD:
        head, why = "Not held", "nobody who decides was there, nor on the working day before."
        rest = _START_ONE
    else:
        head = "Abandoned"
        why = f"{lacking} had no decision when the next one was due: {names}."
        rest = ("What was decided stands. It counts as abandoned.",)
    line: Line = (Bold(f"{head}: pipeline review of {of_team}"), f" — {why}")
    return Rendered(lines.text(line), [lines.rich_text(line), context(rest)])


def deputy(shown: DeputyTold) -> Rendered:
    """`@max named you deputy of West.`, until somebody else is, or nobody."""
    name = Bold(words.said(shown.team.name))
    if shown.ended_at:
        until: Line = ("You were the deputy of ", name, " until ")
        over: Line = (*until, Moment(shown.ended_at, shown.team.zone), ".")
        return Rendered(lines.text(over), [lines.rich_text(over)])
    line: Line = ("You are now the deputy of ", name, ".")
    if shown.by:
        line = (phrases.who(shown.by), " named you deputy of ", name, ".")
    may: Line = ("You may start its pipeline reviews, decide in them, correct and close them.",)
    if shown.manager:
        may = (*may, " When ", phrases.who(shown.manager), " is out, you are the one who is asked.")
    return Rendered(lines.text(line), [lines.rich_text(line, may)])


_MESSAGES = {
    Kind.REVIEW_PICK: "the review's pick",
    Kind.REVIEW_PARENT: "the review's parent message",
    Kind.REVIEW_CARD: "a deal card",
    Kind.REVIEW_ANSWERS: "answers in a thread",
    Kind.REVIEW_OWNER: "an owner's list of deals",
    Kind.REVIEW_DECIDING: "the call to decide",
    Kind.REVIEW_DECIDING_OVER: "the call to decide",
    Kind.REVIEW_CLOSING: "a closing card",
    Kind.REVIEW_TO_CONFIRM: "answers to be confirmed by an owner",
    Kind.REVIEW_PRACTICE: "the question whether words may be shared",
    Kind.REVIEW_NUDGE: "a word to a silent owner",
    Kind.REVIEW_NEW_OWNER: "a new owner's list of deals",
    Kind.REVIEW_ENDED: "news of a review that ended without a grade",
    Kind.PUT_RIGHT: "what an owner is to put right in the CRM",
    Kind.DEPUTY_NAMED: "news of a new deputy",
    Kind.ONE_ON_ONE_COACH: "a one-on-one's card to who leads it",
    Kind.ONE_ON_ONE_PERSON: "a one-on-one's card to who is coached",
    Kind.ONE_ON_ONE_CHANGED: "news of a one-on-one moved or cancelled",
    Kind.ONE_ON_ONE_CHANGED_COACH: "news of a one-on-one moved or cancelled",
    Kind.ONE_ON_ONE_STANDING: "news of a standing one-on-one",
    Kind.ONE_ON_ONE_NEW_COACH: "news of who leads one-on-ones now",
    Kind.ONE_ON_ONE_UNSET: "the question for weekly one-on-ones with new people",
    Kind.ONE_ON_ONE_ZONE: "a word about one-on-ones in a new time zone",
    Kind.ONE_ON_ONE_ZONE_OTHER: "a word about one-on-ones in a new time zone",
    Kind.ONE_ON_ONE_BREACH: "a word about one-on-ones that were changed often",
    Kind.ONE_ON_ONE_BREACH_ABOVE: "a word about one-on-ones that were changed often",
    Kind.ONE_ON_ONE_RATING: "the question how a one-on-one was",
    Kind.ONE_ON_ONE_COMMENT: "a comment about a one-on-one",
    Kind.COACHING_PERSON: "a coaching log to who was coached",
    Kind.COACHING_COACH: "a coach's own copy of a log",
    Kind.COACHING_DISPUTED: "an answer to a coaching log",
    Kind.HEALTH_SUMMARY: "a health check's summary",
    Kind.HEALTH_FLAGS: "a health check's list of flags",
    Kind.HEALTH_TALKS: "the list of reps to speak with about coverage",
    Kind.HEALTH_TALK: "the time of a conversation about coverage",
    Kind.HEALTH_REMINDER: "a reminder of conversations about coverage",
    Kind.HEALTH_QUOTAS: "news of quotas that are missing",
    Kind.IMPORT_REMINDER: "a reminder to import",
    Kind.FORECAST_CARD: "a Friday forecast",
    Kind.IMPORT_FILE: "the answer to a dropped file",
    Kind.DIGEST: "a morning digest",
    Kind.ABSENCE_LATE: "days off that were entered late",
    Kind.SCHEDULE_SKIPPED: "a notice of a skipped prompt",
    Kind.ADMIN_PARKED: "a notice like this one",
    Kind.SETUP: "the steps of setting up",
    Kind.SETUP_PREVIEW: "a preview",
}

_INVITE = "Invite the bot to the channel again: then it is posted."
_ERRORS = {
    "not_in_channel": ("the bot is not in the channel", _INVITE),
    "channel_not_found": ("the bot cannot see the channel", _INVITE),
    "is_archived": (
        "the channel is archived",
        "Unarchive it and invite the bot, or give the team another channel.",
    ),
    "account_inactive": ("this person is deactivated in Slack", "Give their deals a new owner."),
    "user_not_found": ("Slack does not know this person", "Put the Slack id right in the setup."),
    **UNFIT,
    "message_not_found": ("the message was deleted", "Nothing to do: it is not posted again."),
}


def parked(shown: AdminParked) -> Rendered:
    line = parked_line(shown)
    return Rendered(lines.text(line), [lines.rich_text(line)])


def parked_line(shown: AdminParked) -> Line:
    """`Not posted: a deal card · West · in #west, since …: the bot is not in the channel. …`."""
    zone = shown.team.zone if shown.team else "UTC"
    since: Line = (", since ", Moment(shown.since, zone))
    if shown.mended:
        return *_which("Mended", shown), *since, ": it is no longer held up. Nothing to do."
    why, way_out = _ERRORS.get(shown.error, (f"Slack said {shown.error}", "The log says more."))
    return *_which("Not posted", shown), *since, f": {why}. {way_out}"


def held_back_line(shown: HeldBack, zone: str) -> Line:
    """`8 messages are not posted in #west, since …: the bot is not in the channel. …`, to who
    manages the team."""
    said, way_out = _ERRORS.get(shown.error, (f"Slack said {shown.error}", "The log says more."))
    where: Line = (Channel(shown.team.channel_id),) if shown.team.channel_id else ()
    number = words.plural(shown.count, "message is", "messages are")
    since = Moment(shown.since, zone)
    return f"{number} not posted in ", *where, ", since ", since, f": {said}. {way_out}"


def _which(head: str, shown: AdminParked) -> Line:
    parts: list[Line] = [(Bold(f"{head}: {_MESSAGES.get(shown.kind, str(shown.kind))}"),)]
    if shown.team:
        parts.append((words.said(shown.team.name),))
    if shown.channel_id:
        parts.append(("in ", Channel(shown.channel_id)))
    if shown.to:
        parts.append(("to ", phrases.who(shown.to)))
    return joined(parts)
