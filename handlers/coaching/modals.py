"""The modals of coaching: log, edit, dispute, withdraw, trail.

What a modal was opened for travels in its private_metadata, as ids; and the message it quotes.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from pydantic import BaseModel

from handlers import lines, words
from handlers.blocks import MOST_BLOCKS, context, modal, note
from handlers.coaching import phrases
from handlers.coaching.forms import (
    KIND_OPTIONS,
    DisputeForm,
    EditForm,
    LogForm,
    WithdrawForm,
    coaching_options,
    feedback_hint,
)
from handlers.forms import Json, Option
from handlers.ids import Id
from handlers.lines import Bold, Line, Moment, joined
from handlers.pipeline_review.phrases import who
from models import screens
from models.coaching import CoachingKind, How, Quote

_OPTIONS = 100  # docs.slack.dev: options of a select
_COACHING = (
    "focus",
    "feedback",
    "next_step",
    "next_on",
    "held_on",
    "kind",
    "how",
    "minutes",
    "deal",
)


class LogMeta(BaseModel):
    """`deal_id`: the deal it was opened about; `kind`: what it is to be a log of."""

    deal_id: int | None = None
    kind: CoachingKind | None = None
    quote: str | None = None
    quote_url: str | None = None
    quote_by: str | None = None  # the Slack id of who wrote it
    home: bool = False  # opened from Home, which is drawn anew after the submission

    def quoted(self) -> Quote | None:
        if self.quote is None or self.quote_url is None:
            return None
        return Quote(self.quote, self.quote_url, self.quote_by)


class SubjectMeta(BaseModel):
    """A log's id, or of a dispute that of the version which is answered."""

    subject: int
    home: bool = False


# --- logging and editing


def log(shown: screens.LogScreen, meta: LogMeta, typed: Mapping[str, Any] | None = None) -> Json:
    """An empty log with its presets; `typed`: what was entered already, which stays."""
    of_call = meta.quote is not None or meta.deal_id is not None
    usual = CoachingKind.CALL_REVIEW if of_call else CoachingKind.SKILL_SESSION
    start: dict[str, Any] = {
        "person": shown.person and shown.person.id,
        "next_on": shown.next_on,
        "held_on": shown.today,
        "kind": meta.kind or usual,
        "how": How.QUESTIONS,
        "minutes": shown.minutes,
        "deal": shown.deal_id,
    }
    fields = _fields(LogForm, ("person", *_COACHING), shown, start | dict(typed or {}))
    quote = [] if meta.quote is None else [lines.rich_quote((meta.quote,))]
    return modal(
        Id.SAVE_LOG,
        "Log coaching",
        [*quote, *fields],
        submit="Log",
        private_metadata=meta.model_dump_json(),
    )


def edit(shown: screens.EditScreen, meta: SubjectMeta) -> Json:
    """What a log says, to be put right. The person stays: a log is about one for good."""
    start = asdict(shown.given) | {"deal": shown.given.deal_id}
    person = shown.form.people[0]
    said: Line = ("With ", who(person), ", who sees that it was edited and is asked anew.")
    return modal(
        Id.SAVE_EDIT,
        "Edit coaching log",
        [lines.rich_text(said), *_fields(EditForm, _COACHING, shown.form, start)],
        submit="Save",
        private_metadata=meta.model_dump_json(),
    )


def _fields(
    form: type[EditForm], names: tuple[str, ...], shown: screens.LogScreen, start: Mapping[str, Any]
) -> list[Json]:
    options: dict[str, list[Option]] = coaching_options(shown.areas[:_OPTIONS]) | {
        "person": [(str(one.id), words.said(one.name)) for one in shown.people[:_OPTIONS]],
        "kind": KIND_OPTIONS,
        "deal": [(str(one.id), words.said(one.name)) for one in shown.deals[:_OPTIONS]],
    }
    late = f"Before {words.day(shown.late_before)}: kept, but late and outside the metrics."
    hints = {"feedback": feedback_hint(shown.feedback_least), "held_on": late}
    wanted = [name for name in names if name != "deal" or shown.deals]
    return [
        block
        for name in wanted
        for block in form.blocks(only=[name], options=options, hints=hints, **start)
    ]


def _reads(entry: screens.EntryShown, today: date) -> list[Line]:
    """What a version of a log says."""
    said: Line = (Bold(words.said(entry.focus)), f": {phrases.quoted(entry.feedback)}")
    return [said, phrases.next_step(entry, today)]


# --- what the coached person says, and taking a log back


def dispute(
    shown: screens.DisputeScreen, *, home: bool = False, changed: bool = False, typed: str = ""
) -> Json:
    """The log as it reads, and how the person sees it. `changed`: it has just become another, and
    what was `typed` about the one before stays."""
    entry = shown.entry
    before = shown.before.text if shown.before else None
    reads = _reads(entry, shown.today)
    if changed:
        reads.insert(0, (who(shown.coach), Bold(" has just changed it. Now it reads:")))
    said: Line = (who(shown.coach), " gets it by name. You may leave it empty.")
    meta = SubjectMeta(subject=entry.id, home=home)
    return modal(
        Id.SAVE_DISPUTE,
        "I see it differently",
        [lines.rich_text(*reads), *DisputeForm.blocks(text=typed or before), context(said)],
        submit="Send",
        private_metadata=meta.model_dump_json(),
    )


def withdraw(shown: screens.EditScreen, meta: SubjectMeta) -> Json:
    person = shown.form.people[0]
    said: Line = ("It counts no more. ", who(person), " sees that it was withdrawn, and why.")
    return modal(
        Id.WITHDRAW,
        "Withdraw coaching log",
        [lines.rich_text(said), *WithdrawForm.blocks()],
        submit="Withdraw",
        private_metadata=meta.model_dump_json(),
    )


# --- the trail


def trail(shown: screens.CoachingTrail) -> Json:
    """Every version, the newest first, with what was said to it."""
    blocks: list[Json] = []
    if shown.withdrawn is not None:
        blocks.append(lines.rich_text(_withdrawn(shown, shown.withdrawn)))
    count = len(shown.versions)
    for number in range(count, 0, -1):
        blocks += _version(shown, shown.versions[number - 1], is_first=number == 1)
    most = MOST_BLOCKS["view"]
    if len(blocks) > most:
        blocks = [*blocks[: most - 1], context(("The versions before these are kept, too.",))]
    return note("Trail") | {"blocks": blocks}


def _withdrawn(shown: screens.CoachingTrail, done: screens.WithdrawnShown) -> Line:
    because = phrases.quoted(done.because)
    return Bold("Withdrawn"), ", ", Moment(done.at, shown.zone), f": {because}"


def _version(
    shown: screens.CoachingTrail, version: screens.VersionShown, *, is_first: bool
) -> list[Json]:
    entry = version.entry
    head: Line = (
        Bold("Logged" if is_first else "Edited"), ", ", Moment(entry.written_at, shown.zone)
    )  # fmt: skip
    said = lines.rich_text(head, *_reads(entry, shown.today))
    details = context(joined([phrases.details(entry, shown.today), phrases.late(entry)]))
    answered = [
        lines.rich_text(phrases.answer(one, shown.person, shown.zone)) for one in version.answers
    ]
    return [said, details, *answered]
