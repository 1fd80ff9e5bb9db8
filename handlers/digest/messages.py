"""The morning digest: one message a day, a section for each thing, and only what there is.

Nothing private stands in the notification: it counts.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from handlers import lines, words
from handlers.blocks import MOST_BLOCKS, actions, button, context
from handlers.forms import Json
from handlers.home import waiting
from handlers.ids import Id
from handlers.lines import Bold, Line
from handlers.message import Message, Rendered
from handlers.next_actions.rows import due
from handlers.one_on_ones import phrases
from handlers.pipeline_review.phrases import who
from models import screens
from models.days import DAY
from models.delivery import Kind
from models.next_actions import ActionState
from models.one_on_ones import State
from models.schedule import local_date
from models.screens import Digest, DigestSession, Unrecorded

_MOST_SESSIONS = 8
_MOST_UNRECORDED = 4


def message(messages: Mapping[Kind, Message[Any]]) -> Message[Digest]:
    """Its thread holds those of the others that their own loaders still want."""

    def is_wanted(session: Session, kind: Kind, subject_id: int, now: datetime) -> bool:
        return messages[kind].load(session, subject_id, now) is not None

    def load(session: Session, occurrence_id: int, now: datetime) -> Digest | None:
        return screens.digest(session, occurrence_id, now, is_wanted)

    return Message(load, digest)


def digest(shown: Digest) -> Rendered:
    title: Line = (Bold(f"Your morning, {words.day(shown.day)}"),)
    if shown.is_empty:
        done: Line = ("Nothing of it is left.",)
        return Rendered(
            lines.text(("Your morning: nothing is left",)), [lines.rich_text(title, done)]
        )
    blocks = [lines.rich_text(title), *(block for section in SECTIONS for block in section(shown))]
    if shown.trial:
        blocks.insert(1, context((words.TRIAL,)))
    if shown.in_thread:
        blocks.insert(1, context((f"{_in_thread(shown)} of this message.",)))
    for number, block in enumerate(blocks):
        block["block_id"] = f"digest.{number}"
    return Rendered(f"Your morning: {_counted(shown)}", blocks[: MOST_BLOCKS["message"]])


def _counted(shown: Digest) -> str:
    """`2 one-on-ones tomorrow, 1 thing waits for you`."""
    due = sorted(
        local_date(each.row.starts_at, shown.zone)
        for each in shown.sessions
        if each.row.state is State.DUE
    )
    counted = [
        f"{words.plural(len(list(same)), 'one-on-one')} {_when(day, shown.day)}"
        for day, same in groupby(due)
        if day <= shown.next_day
    ]
    asked = [one for one in shown.actions if one.state is ActionState.OPEN]
    if asked:
        counted.append(f"{words.plural(len(asked), 'next action')} due")
    if things := len(shown.unrecorded) + len(shown.to_rate) + len(shown.to_answer):
        waits = "waits" if things == 1 else "wait"
        counted.append(f"{words.plural(things, 'thing')} {waits} for you")
    if shown.in_thread:
        counted.append(_in_thread(shown))
    nothing = "your one-on-ones have changed" if shown.sessions else "nothing is left"
    return ", ".join(counted) or nothing


def _in_thread(shown: Digest) -> str:
    """`3 more messages in the thread`: what there was no room for the day before."""
    return f"{words.plural(shown.in_thread, 'more message')} in the thread"


def _when(day: date, today: date) -> str:
    """`today`, `tomorrow`, `on Mon 30 Nov`."""
    if day == today:
        return "today"
    return "tomorrow" if day == today + DAY else f"on {words.day(day)}"


# --- the sections


def one_on_ones(shown: Digest) -> list[Json]:
    """By day, each with what to prepare and ⋯; what was moved or cancelled since says so."""
    blocks: list[Json] = []
    by_day = groupby(
        shown.sessions[:_MOST_SESSIONS], lambda each: local_date(each.starts_at, shown.zone)
    )
    for day, same in by_day:
        when = "Today" if day == shown.day else words.day(day)
        when = f"Tomorrow, {when}" if day == shown.day + DAY else when
        blocks.append(lines.rich_text((Bold(when),)))
        blocks += [block for each in same for block in _session(each, day)]
    if (more := len(shown.sessions) - _MOST_SESSIONS) > 0:
        blocks.append(context((f"and {more} more, at Home",)))
    return blocks


def _session(each: DigestSession, day: date) -> list[Json]:
    row = each.row
    title = phrases.title(row.other, each.starts_at, row.zone, day)
    said: list[Line] = [(*title, f" · {row.minutes} min")]
    if each.moved:
        said.append(phrases.moved(each.moved, row.zone))
    if each.settled:
        said.append(phrases.settled(each.settled, row.side, row.other, row.zone))
    elif each.preparation and not each.moved:
        said += phrases.preparation(each.preparation, row.side, row.other)
    pressed = phrases.row_buttons(row)
    return [lines.rich_text(*said), *([actions(*pressed)] if pressed else [])]


def unrecorded(shown: Digest) -> list[Json]:
    """What is not recorded, and until when it can be."""
    return [
        block for each in shown.unrecorded[:_MOST_UNRECORDED] for block in _unrecorded(each, shown)
    ]


def _unrecorded(each: Unrecorded, shown: Digest) -> list[Json]:
    row = each.row
    title: Line = (Bold("One-on-one with "), who(row.other))
    until = "today" if each.until == shown.day else words.day(each.until)
    becomes = "can be recorded until the end of" if shown.trial else "counts as missed after"
    said = f", {words.moment(row.starts_at, row.zone)}: nothing recorded. It {becomes} {until}."
    finish = button("Finish", Id.FINISH, row.one_on_one_id)
    return [lines.rich_text((*title, said)), actions(finish)]


def ratings(shown: Digest) -> list[Json]:
    return waiting.ratings(shown.to_rate)


def coaching(shown: Digest) -> list[Json]:
    return waiting.coaching(shown.to_answer)


def next_actions(shown: Digest) -> list[Json]:
    """What falls due: done, or not."""
    found = due(shown.actions)
    return [lines.rich_text((Bold("Your next actions"),)), *found] if found else []


SECTIONS: tuple[Callable[[Digest], list[Json]], ...] = (
    one_on_ones,
    next_actions,
    unrecorded,
    ratings,
    coaching,
)
"""In this order; what comes later adds its own."""
