"""The review as one person sees it: direct messages, the status, and rows that Home shares."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from handlers import lines, words
from handlers.blocks import actions, button, context, section
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Channel, Italic, Line, Link, Moment, joined
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from handlers.pipeline_review.messages import amounts, closed, progress
from handlers.words import escape
from models.screens import (
    DealLine,
    DecidingDm,
    DecidingOver,
    OwnerDm,
    ReviewParent,
    ReviewStatus,
    TeamShown,
)

MOST_ROWS = 10  # deals named one by one before "and 3 more"


def title(team: TeamShown) -> str:
    return f"Pipeline review · {words.said(team.name)}"


# --- rows


def row(line: DealLine, press: Id | None, today: date | None) -> Json:
    """A deal with where its evidence stands, and the one button that helps."""
    said = joined([(Bold(phrases.name(line.deal)),), phrases.deal_facts(line.deal, today)])
    text = (*said, "\n", *_standing(line))
    accessory = None
    if press is Id.ANSWER:
        accessory = button("Answer", Id.ANSWER, line.review_deal_id, primary=True)
    elif press is Id.DECIDE:
        accessory = button("Decide", Id.DECIDE, line.review_deal_id)
    return section(text, accessory, f"deal.{line.review_deal_id}")


def _standing(line: DealLine) -> Line:
    if line.settled:
        return (f"{words.said(line.settled.name)} in the CRM: nothing left to decide",)
    if line.left:
        return ("With another team now: nothing left to answer or decide here",)
    if line.decided:
        return (f"{phrases.DECISIONS[line.decided].capitalize()}",)
    return phrases.evidence(line.evidence)


def rows(found: Sequence[DealLine], press: Id | None, today: date | None) -> list[Json]:
    blocks = [row(line, press, today) for line in found[:MOST_ROWS]]
    if (more := len(found) - MOST_ROWS) > 0:
        blocks.append(context((f"and {more} more, in the channel",)))
    return blocks


def waits_for_answer(line: DealLine) -> bool:
    return bool(line.evidence.unanswered) and not line.is_over


# --- to an owner, when the cards are there


def owner(shown: OwnerDm) -> Rendered:
    waiting = sum(waits_for_answer(line) for line in shown.deals)
    if not shown.deals:
        return _none_left(shown)
    today = shown.decide_from.astimezone(ZoneInfo(shown.team.zone)).date()
    first: Line = (Bold(f"{title(shown.team)}: your deals"),)
    if shown.closed:
        said = closed(shown.closed, shown.team.zone)
        listed = [row(line, None, today) for line in shown.deals[:MOST_ROWS]]
        return Rendered(
            escape(f"{title(shown.team)} has ended"), [lines.rich_text(first, said), *listed]
        )
    blocks = [lines.rich_text(first, _owner_task(shown, waiting))]
    for line in shown.deals[:MOST_ROWS]:
        press = Id.ANSWER if waits_for_answer(line) or _waits_for_word(line) else None
        blocks.append(row(line, press, today))
    if (more := len(shown.deals) - MOST_ROWS) > 0:
        blocks.append(context((f"and {more} more, in the channel",)))
    asked = "nothing more is asked of you"
    if any(_waits_for_word(line) for line in shown.deals):
        asked = "answered for you; your word is wanted"
    if waiting:
        asked = f"{words.plural(waiting, 'deal')} of yours {_wait(waiting)} for your answers"
    return Rendered(escape(f"{title(shown.team)}: {asked}"), blocks)


def _none_left(shown: OwnerDm) -> Rendered:
    said = "None of its deals is yours any more: nothing is asked of you."
    first: Line = (Bold(f"{title(shown.team)}: your deals"),)
    return Rendered(escape(f"{title(shown.team)}: {said}"), [lines.rich_text(first, (said,))])


# --- to an owner who is silent, once


def nudge(shown: OwnerDm) -> Rendered:
    """The deals that still wait for this owner's answers; once none does, it says so."""
    first: Line = (Bold(f"{title(shown.team)}: your answers are missing"),)
    if shown.closed:
        first = (Bold(f"{title(shown.team)}: your answers"),)
        said = closed(shown.closed, shown.team.zone)
        return Rendered(escape(f"{title(shown.team)} has ended"), [lines.rich_text(first, said)])
    if not shown.deals:
        first = (Bold(f"{title(shown.team)}: your answers"),)
        done = _owner_task(shown, 0)
        said_done = escape(f"{title(shown.team)}: nothing more is asked of you")
        return Rendered(said_done, [lines.rich_text(first, done)])
    today = shown.decide_from.astimezone(ZoneInfo(shown.team.zone)).date()
    asked = rows(shown.deals, Id.ANSWER, today)
    count = len(shown.deals)
    text = f"{words.plural(count, 'deal')} of yours {_wait(count)} for your answers"
    blocks = [lines.rich_text(first, _owner_task(shown, count)), *asked]
    return Rendered(escape(f"{title(shown.team)}: {text}"), blocks)


def _is_open(line: DealLine) -> bool:
    return bool(line.evidence.open) and not line.is_over


def _waits_for_word(line: DealLine) -> bool:
    """Whether somebody answered for the owner, who has not said yet that it is right."""
    return bool(line.evidence.unconfirmed) and not line.is_over


def _wait(count: int) -> str:
    return "waits" if count == 1 else "wait"


def _owner_task(shown: OwnerDm, waiting: int) -> Line:
    if not waiting and any(_waits_for_word(line) for line in shown.deals):
        return (
            "All is answered, some of it for you: press Answer and tick what is right. Until then"
            " it only fills.",
        )
    if not waiting and any(_is_open(line) for line in shown.deals):
        return (
            "All is answered. What stands as open is no proof yet: if you know more, answer again"
            " on its card.",
        )
    if not waiting:
        return ("Nothing more is asked of you. Thank you: the rest is decided in the channel.",)
    if shown.deciding:
        return ("Answer now: deciding has begun. What stays open counts as not proved.",)
    begins = Moment(shown.decide_from, shown.team.zone)
    return "Answer before deciding begins: ", begins, ". What stays open counts as not proved."


# --- to who decides, when deciding begins


def deciding(shown: DecidingDm) -> Rendered:
    first: Line = (Bold(f"{title(shown.team)}: deciding"),)
    if shown.stands_in_for and not shown.closed:
        first = (*first, ". ", phrases.who(shown.stands_in_for), " is out: you decide.")
    if shown.closed:
        said = closed(shown.closed, shown.team.zone)
        return Rendered(escape(f"{title(shown.team)} has ended"), [lines.rich_text(first, said)])
    if not shown.undecided:
        task = "Every deal has its decision. Close the review in the channel."
        return Rendered(escape(f"{title(shown.team)}: {task}"), [lines.rich_text(first, (task,))])
    open_ = f"{len(shown.undecided)} of {words.plural(shown.deals, 'deal')}"
    task = f"{open_} {'lacks' if len(shown.undecided) == 1 else 'lack'} a decision."
    blocks = [lines.rich_text(first, (task,)), *rows(shown.undecided, Id.DECIDE, shown.today)]
    return Rendered(escape(f"{title(shown.team)}: {task}"), blocks)


def deciding_over(shown: DecidingOver) -> Rendered:
    """To who was asked and decides no more."""
    head = f"{title(shown.team)}: deciding"
    if shown.closed:
        said: Line = (". It has ended.",)
    elif shown.decider is None:
        said = (". You are asked no more.",)
    else:
        said = (". You are asked no more: ", phrases.who(shown.decider), " decides.")
    text = lines.text((head, *said))
    return Rendered(text, [lines.rich_text((Bold(head), *said))])


# --- the status, to whoever asks


def status(shown: ReviewStatus, link: str | None = None) -> Rendered:
    if shown.review is None:
        said = [(Bold(f"{title(shown.team)}: no review is open."),), *_before_and_after(shown)]
        blocks = [lines.rich_text(*said)]
        buttons = []
        if shown.may_start:
            buttons.append(button("Start a review", Id.START, shown.team.id, primary=True))
        if shown.pick_id is not None:
            buttons.append(button("Adjust the pick", Id.ADJUST_PICK, shown.pick_id))
        if buttons:
            blocks.append(actions(*buttons))
        return Rendered(lines.text(*said), blocks)
    blocks = [lines.rich_text(*review_lines(shown.review), _where(shown, link))]
    decides = shown.decides
    blocks += my_rows(shown.mine, shown.actor.id, shown.review, shown.review.day, decides=decides)
    if not shown.mine:
        blocks.append(context(("Nothing waits for you here.",)))
    return Rendered(lines.text(*review_lines(shown.review)), blocks)


def review_lines(review: ReviewParent) -> tuple[Line, Line]:
    first = f"{title(review.team)} · {words.day(review.day)}"
    return (Bold(first), f" — {amounts(review)}"), progress(review)


def my_rows(
    mine: Sequence[DealLine], person_id: int, review: ReviewParent, today: date, *, decides: bool
) -> list[Json]:
    """What waits for this person: own deals to answer, then deals to decide."""
    answers = [one for one in mine if one.deal.owner.id == person_id and waits_for_answer(one)]
    undecided = [one for one in mine if one not in answers and not one.is_over]
    can_decide = decides and review.deciding
    press = Id.DECIDE if can_decide else None
    return [*rows(answers, Id.ANSWER, today), *rows(undecided, press, today)]


def _where(shown: ReviewStatus, link: str | None) -> Line:
    if link:
        return (Link(link, "Open the review"),)
    return ("In ", Channel(shown.team.channel_id)) if shown.team.channel_id else ()


def _before_and_after(shown: ReviewStatus) -> list[Line]:
    said: list[Line] = []
    if shown.last and shown.last_day:
        grade = phrases.GRADES[shown.last.grade] if shown.last.grade else "undecided"
        said.append((f"Last one: {words.day(shown.last_day)}, ", Italic(grade)))
    if shown.next_cards:
        said.append(("Next deal cards: ", Moment(shown.next_cards, shown.team.zone)))
    if shown.next_deciding:
        said.append(("Next deciding: ", Moment(shown.next_deciding, shown.team.zone)))
    if not said and not shown.may_start:
        said.append(("The team's manager starts one.",))
    return said
