"""What waits for one person beside reviews, as Home and the digest show it, with its buttons."""

from collections.abc import Sequence

from handlers import lines, words
from handlers.blocks import context
from handlers.coaching import phrases as coaching_phrases
from handlers.coaching.messages import answer_buttons
from handlers.forms import Json
from handlers.lines import Bold, Italic, Line, Moment
from handlers.pipeline_review import confirming, phrases
from handlers.ratings.messages import WHAT_BECOMES, buttons
from models.screens import CoachingReceived, OneOnOneRow, ToConfirm

_MOST = 3


def ratings(rows: Sequence[OneOnOneRow]) -> list[Json]:
    """Sessions to rate, each with its five buttons and the sixth."""
    blocks: list[Json] = []
    for row in rows[:_MOST]:
        about: Line = (" with ", phrases.who(row.other), ", ", Moment(row.starts_at, row.zone))
        said: Line = (Bold("Your one-on-one"), *about, ". Did it happen? How useful was it?")
        blocks += [lines.rich_text(said), buttons(row.one_on_one_id)]
    if blocks:
        blocks.append(context((f"{WHAT_BECOMES}{_more(len(rows))}",)))
    return blocks


def coaching(logs: Sequence[CoachingReceived]) -> list[Json]:
    """Logs to confirm or dispute, in full: who confirms one has to have read it."""
    blocks: list[Json] = []
    for one in logs[:_MOST]:
        said: Line = (phrases.who(one.by), " logged coaching with you: ", Bold(_focus(one)))
        feedback: Line = (coaching_phrases.quoted(one.feedback),)
        next_: Line = (
            Bold("Next: "),
            f"{coaching_phrases.quoted(one.next_step)} by {words.day(one.next_on)}",
        )
        blocks += [lines.rich_text(said, feedback, next_), answer_buttons(one.entry_id)]
    if blocks:
        told = "Who logged it sees which one you press."
        blocks.append(context((f"{told}{_more(len(logs))}",)))
    return blocks


def confirmations(found: Sequence[ToConfirm]) -> list[Json]:
    """What was answered on this person's behalf, to confirm or to change."""
    return confirming.deals(found, _MOST)


def record(one: CoachingReceived) -> Line:
    """`Mon 23 Nov · negotiation, from @max · next: “…” by Fri 27 Nov (confirmed)`."""
    answered: Line = ()
    if one.agrees is not None:
        answered = (Italic(" (confirmed)" if one.agrees else " (you see it differently)"),)
    next_step = f"{phrases.quoted(one.next_step, 120)} by {words.day(one.next_on)}"
    return (
        f"{words.day(one.held_on)} · ",
        Bold(_focus(one)),
        ", from ",
        phrases.who(one.by),
        f" · next: {next_step}",
        *answered,
    )


def _focus(one: CoachingReceived) -> str:
    return words.said(one.focus)


def _more(count: int) -> str:
    return f" And {count - _MOST} more, at Home." if count > _MOST else ""
