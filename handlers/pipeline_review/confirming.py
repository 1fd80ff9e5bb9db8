"""Answers given on an owner's behalf, for the owner to confirm: in their message, and at Home."""

from collections.abc import Sequence

from handlers import lines, words
from handlers.blocks import actions, button, context
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Line
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from handlers.pipeline_review.personal import title
from handlers.words import escape
from models.screens import ToConfirm, ToConfirmDm

MOST_DEALS = 10


def to_confirm(shown: ToConfirmDm) -> Rendered:
    head = f"{title(shown.team)}: answered for you"
    count = len(shown.deals)
    if not count:
        settled = f"Nothing waits for you any more: {_settled(shown)}."
        return Rendered(
            escape(f"{head}. Nothing waits for you any more"),
            [lines.rich_text((Bold(head),), (settled,))],
        )
    blocks = [lines.rich_text((Bold(head),)), *deals(shown.deals)]
    if shown.settled:
        blocks.append(context((f"Nothing more about {_settled(shown)}.",)))
    waits = "waits" if count == 1 else "wait"
    return Rendered(escape(f"{head}. {words.plural(count, 'deal')} {waits} for your word"), blocks)


def deals(found: Sequence[ToConfirm], most: int = MOST_DEALS) -> list[Json]:
    """Each deal with what was answered, and the two buttons; and what becomes of it."""
    blocks: list[Json] = []
    for one in found[:most]:
        by = phrases.who(one.by)
        said: Line = (Bold(phrases.name(one.deal)), " · ", by, " answered for you:")
        listed = lines.rich_list(phrases.answered(each, one.team.locale) for each in one.answers)
        blocks += [lines.rich_text(said), listed, _buttons(one)]
    if blocks:
        more = len(found) - most
        rest = f" And {more} more, at Home." if more > 0 else ""
        blocks.append(context((f"Once you confirm it, it counts as your own answer.{rest}",)))
    return blocks


def _buttons(one: ToConfirm) -> Json:
    subject = one.review_deal_id
    right = button("That's right", Id.CONFIRM_ANSWERS, f"{subject}:{one.newest_id}", primary=True)
    change = [button("Change", Id.CORRECT_ANSWERS, subject)] if one.open else []
    return actions(right, *change, block_id=f"confirm.{subject}")


def _settled(shown: ToConfirmDm) -> str:
    return words.listed([words.said(name, phrases.NAME) for name in shown.settled]) or "–"
