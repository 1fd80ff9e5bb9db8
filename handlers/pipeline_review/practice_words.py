"""Words worth copying: how they are proposed, the question to their author, the closing card."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel
from slack_sdk.models.blocks import Option, RadioButtonsElement

from handlers import lines, words
from handlers.blocks import actions, button, context, modal
from handlers.forms import Ask, Form, Json
from handlers.ids import Id
from handlers.lines import Bold, Line, Mention
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from handlers.words import escape
from models.pipeline_review import MOST_PRACTICE
from models.screens import PracticeAsked, PracticeBefore, PracticeForm, PracticeShown

TITLE = "Worth copying"
_MARKS = 2  # what `words.said` may put around words that run from right to left
_CHOICES = 10  # docs.slack.dev: radio buttons
_MOST_SHOWN = 5


class ChooseForm(Form):
    answer: Annotated[
        int,
        Ask(
            "Which answer?",
            RadioButtonsElement(options=[Option(value="0", label="–")]),
            wrong="Choose one.",
        ),
    ]


class PracticeMeta(BaseModel):
    """`text`, `source`, `author`: of a message; without them an answer is chosen."""

    review_deal_id: int
    text: str = ""
    source: str = ""
    author_id: int = 0


def as_shown(text: str) -> str:
    """Somebody's words as the closing card will show them."""
    return words.said(text, MOST_PRACTICE - _MARKS)


# --- proposing


def choose(shown: PracticeForm) -> Json:
    """The deal's answers in words, to choose one; and what was proposed before."""
    blocks: list[Json] = [lines.rich_text(_how(shown.deal)), *_before(shown.before)]
    if not shown.choices:
        way = "No answer in words is left to propose. ⋯ of a message in the thread does the same."
        blocks.append(lines.rich_text((way,)))
        return modal(Id.NOTE, TITLE, blocks, close="Close")
    options = [
        (str(one.answer_id), f"{one.author.name}: {one.text}", phrases.capital(one.short))
        for one in shown.choices[:_CHOICES]
    ]
    options = [(value, words.said(text, 75), about) for value, text, about in options]
    blocks += ChooseForm.blocks(options={"answer": options})
    meta = PracticeMeta(review_deal_id=shown.review_deal_id)
    return modal(
        Id.SAVE_PRACTICE, TITLE, blocks, submit="Ask", private_metadata=meta.model_dump_json()
    )


def message(shown: PracticeForm, meta: PracticeMeta, author: Mention) -> Json:
    """One message, to be proposed as it stands."""
    quote = lines.rich_quote((meta.text, " — ", author))
    blocks = [lines.rich_text(_how(shown.deal)), quote, *_before(shown.before)]
    return modal(
        Id.SAVE_PRACTICE_MESSAGE,
        TITLE,
        blocks,
        submit="Ask",
        private_metadata=meta.model_dump_json(),
    )


def _how(deal: str) -> Line:
    said = "Its author is asked first. With their word it stands in the review's closing card."
    return Bold(words.said(deal, phrases.NAME)), f": {said}"


def _before(before: Sequence[PracticeBefore]) -> list[Json]:
    if not before:
        return []
    listed = [
        (phrases.quoted(one.text, 120), " — ", phrases.who(one.author), f": {_became(one.shared)}")
        for one in before[:_CHOICES]
    ]
    return [lines.rich_text((Bold("Proposed before"),)), lines.rich_list(listed)]


def _became(shared: bool) -> str:
    return "shared" if shared else "not yet"


def became(author: Mention, *, shared: bool, is_new: bool) -> Line:
    """What a proposal came to, to who made it."""
    if shared:
        return ("It stands in the closing card.",) if is_new else ("It is shared already.",)
    if is_new:
        return author, " is asked. With their word it stands in the closing card."
    return author, " was asked before: not yet."


# --- to the author


def asked(shown: PracticeAsked) -> Rendered:
    deal = words.said(shown.deal, phrases.NAME)
    head: Line = (phrases.who(shown.by), " finds this worth copying. May it be shared?")
    quote = lines.rich_quote((*practice_line(PracticeShown(shown.author, shown.deal, shown.text)),))
    share = button("Share it", Id.SHARE_PRACTICE, shown.practice_id, primary=shown.shared is None)
    keep = button("Rather not", Id.KEEP_PRACTICE, shown.practice_id)
    buttons = [share, keep] if shown.shared is None else [keep] if shown.shared else [share]
    text = f"{words.said(shown.team.name)} · {deal}: may your words be shared?"
    return Rendered(
        escape(text),
        [lines.rich_text(head), quote, actions(*buttons), context((_what_becomes(shown),))],
    )


def _what_becomes(shown: PracticeAsked) -> str:
    if shown.shared is None:
        return "With your click it stands in the review's closing card. Without it nobody sees it."
    if shown.shared:
        return "You share it: it stands in the review's closing card. “Rather not” takes it back."
    return "You keep it: nobody sees it. To who asked it says “not yet”."


# --- in the closing card


def practices(found: Sequence[PracticeShown]) -> list[Line]:
    """`Worth copying: @ben on Halcyon — “asked who signs before sending the price”`."""
    said: list[Line] = [
        (Bold("Worth copying: "), *practice_line(one)) for one in found[:_MOST_SHOWN]
    ]
    if (more := len(found) - _MOST_SHOWN) > 0:
        said.append((f"and {more} more",))
    return said


def practice_line(one: PracticeShown) -> Line:
    deal = words.said(one.deal, phrases.NAME)
    return phrases.who(one.author), f" on {deal} — {phrases.quoted(one.text)}"
