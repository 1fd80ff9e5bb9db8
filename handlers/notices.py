"""What went wrong, said to who can mend it: a prompt that was skipped, a message not posted."""

from handlers import lines, words
from handlers.blocks import context
from handlers.lines import Bold, Channel, Line, Moment, joined, with_code
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from handlers.setup.messages import UNFIT
from models.agenda import CARDS, DECIDING, DIGEST, Skipped
from models.delivery import Kind
from models.schedule import SkipReason
from models.screens import AdminParked, SkippedNotice

PROMPTS = {CARDS: "deal cards", DECIDING: "deciding", DIGEST: "your morning digest"}

_REASONS: dict[str, str] = {
    SkipReason.LATE: "the bot was away until it was too late",
    SkipReason.FAILED: "it failed until it was too late; the log says why",
    Skipped.DAY_OFF: "it was a day off",
    SkipReason.NO_PROMPT: "this installation does not know it",
    Skipped.REVIEW_OPEN: "the last review is still open: close it",
    Skipped.NO_CHANNEL: "the team has no channel: an admin sets it",
    Skipped.NO_DEALS: "the team has no open deals: import them",
    Skipped.NO_REVIEW: "no review was open",
    Skipped.DECIDES_LATER: "the open review decides later",
    Skipped.ALL_DECIDED: "every deal had its decision already",
}


def skipped(shown: SkippedNotice) -> Rendered:
    """`Skipped: deal cards of West, due Tue 24 Nov, 15:00: …`, with what to do instead."""
    what = PROMPTS.get(shown.prompt, shown.prompt)
    why = _REASONS.get(shown.reason, shown.reason)
    of_team = f" of {words.said(shown.team.name)}" if shown.team else ""
    due = Moment(shown.due_at, shown.zone)
    line: Line = (Bold(f"Skipped: {what}{of_team}"), ", due ", due, f": {why}.")
    way_out: Line = ("What it would have said stands at Home.",)
    if shown.team:
        way_out = with_code("`/pipeline-review` in the team's channel starts one at any time.")
    return Rendered(lines.text(line), [lines.rich_text(line), context(way_out)])


_MESSAGES = {
    Kind.REVIEW_PARENT: "the review's parent message",
    Kind.REVIEW_CARD: "a deal card",
    Kind.REVIEW_ANSWERS: "answers in a thread",
    Kind.REVIEW_OWNER: "an owner's list of deals",
    Kind.REVIEW_DECIDING: "the call to decide",
    Kind.REVIEW_CLOSING: "a closing card",
    Kind.REVIEW_TO_CONFIRM: "answers to be confirmed by an owner",
    Kind.REVIEW_PRACTICE: "the question whether words may be shared",
    Kind.ONE_ON_ONE_COACH: "a one-on-one's card to who leads it",
    Kind.ONE_ON_ONE_PERSON: "a one-on-one's card to who is coached",
    Kind.ONE_ON_ONE_CHANGED: "news of a one-on-one moved or cancelled",
    Kind.ONE_ON_ONE_STANDING: "news of a standing one-on-one",
    Kind.ONE_ON_ONE_BREACH: "a word about one-on-ones that were changed often",
    Kind.ONE_ON_ONE_BREACH_ABOVE: "a word about one-on-ones that were changed often",
    Kind.ONE_ON_ONE_RATING: "the question how a one-on-one was",
    Kind.ONE_ON_ONE_COMMENT: "a comment about a one-on-one",
    Kind.COACHING_PERSON: "a coaching log to who was coached",
    Kind.COACHING_COACH: "a coach's own copy of a log",
    Kind.COACHING_DISPUTED: "an answer to a coaching log",
    Kind.DIGEST: "a morning digest",
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


def _which(head: str, shown: AdminParked) -> Line:
    parts: list[Line] = [(Bold(f"{head}: {_MESSAGES.get(shown.kind, str(shown.kind))}"),)]
    if shown.team:
        parts.append((words.said(shown.team.name),))
    if shown.channel_id:
        parts.append(("in ", Channel(shown.channel_id)))
    if shown.to:
        parts.append(("to ", phrases.who(shown.to)))
    return joined(parts)
