"""What both sides get of a coaching log: one message each, changed in place."""

from handlers import lines, words
from handlers.blocks import actions, button, context, menu, section
from handlers.coaching import phrases
from handlers.forms import Json
from handlers.ids import Choice, Id
from handlers.lines import Bold, Line, Link, Mention, Moment, joined
from handlers.message import Rendered
from handlers.pipeline_review.phrases import who
from models.screens import CoachingAnswered, CoachingShown, DisputedShown, WithdrawnShown

RIGHT, DIFFERENTLY = "That's right", "I see it differently"


# --- to who was coached


def person(shown: CoachingShown) -> Rendered:
    """What was logged, and whether it is right; the notification says only that there is one."""
    text = lines.text((who(shown.coach), " logged coaching with you"))
    if shown.withdrawn is not None:
        gone = _withdrawn(shown, shown.withdrawn, (who(shown.coach),), ("you",))
        return Rendered(text, [lines.rich_text(gone)])
    head: Line = (
        who(shown.coach),
        " logged coaching with you: ",
        Bold(words.said(shown.entry.focus)),
    )
    blocks = [lines.rich_text(head, *_said(shown)), *_quote(shown), context(_details(shown))]
    if shown.answer is not None:
        blocks.append(lines.rich_text(phrases.own_answer(shown.answer, shown.zone)))
    blocks.append(answer_buttons(shown.entry.id, shown.answer))
    blocks.append(context((who(shown.coach), " sees which one you press.")))
    return Rendered(text, blocks)


def answer_buttons(entry_id: int, answer: CoachingAnswered | None = None) -> Json:
    """[That's right] [I see it differently] to a version of a log; answered, to change one's mind
    or the words."""
    right = button(RIGHT, Id.CONFIRM, entry_id)
    if answer is None:
        differently = button(DIFFERENTLY, Id.DISPUTE, entry_id)
        return actions(right, differently, block_id=f"coaching.{entry_id}")
    if answer.agrees:
        return actions(button(DIFFERENTLY, Id.DISPUTE, entry_id), block_id=f"coaching.{entry_id}")
    words_anew = button("Change what I said", Id.DISPUTE, entry_id)
    return actions(right, words_anew, block_id=f"coaching.{entry_id}")


# --- to the coach


def coach(shown: CoachingShown) -> Rendered:
    """The coach's own copy: what was logged, and what the person says to it."""
    text = lines.text(("Coaching logged with ", who(shown.person)))
    if shown.withdrawn is not None:
        gone = _withdrawn(shown, shown.withdrawn, ("You",), (who(shown.person),))
        return Rendered(text, [lines.rich_text(gone), actions(_menu(shown))])
    head: Line = (
        "Coaching logged with ",
        who(shown.person),
        ": ",
        Bold(words.said(shown.entry.focus)),
    )
    blocks = [section(head, _menu(shown)), lines.rich_text(*_said(shown)), *_quote(shown)]
    blocks.append(context(joined([_details(shown), phrases.late(shown.entry)])))
    if shown.answer is not None:
        blocks.append(lines.rich_text(phrases.answer(shown.answer, shown.person, shown.zone)))
    return Rendered(text, blocks)


def disputed(shown: DisputedShown) -> Rendered:
    """A version is seen differently, and what has become of that."""
    log = shown.log
    text = lines.text((who(log.person), " answered your coaching log"))
    focus = Bold(words.said(log.entry.focus))
    about: Line = (
        "About your coaching log on ",
        focus,
        f", {words.day(log.entry.held_on, log.today)}:",
    )
    said = lines.rich_text(about, phrases.answer(shown.answer, log.person, log.zone))
    if log.withdrawn is not None:
        return Rendered(text, [said, context(("You have withdrawn it since.",))])
    if not shown.is_current:
        return Rendered(text, [said, context(("You have edited it since.",))])
    return Rendered(text, [said, actions(_menu(log))])


def _menu(shown: CoachingShown) -> Json:
    """A log that was withdrawn changes no more; a one-on-one's cannot be withdrawn."""
    edit = (Choice.EDIT, shown.log_id, "Edit")
    withdraw = (Choice.WITHDRAW, shown.log_id, "Withdraw")
    change = [] if shown.withdrawn else [edit] if shown.of_one_on_one else [edit, withdraw]
    return menu(Id.LOG_MENU, [*change, (Choice.TRAIL, shown.log_id, "Trail")], {})


# --- to both


def _said(shown: CoachingShown) -> list[Line]:
    return [(phrases.quoted(shown.entry.feedback),), phrases.next_step(shown.entry, shown.today)]


def _quote(shown: CoachingShown) -> list[Json]:
    if shown.quote is None or shown.quote_url is None:
        return []
    author = shown.quote_by
    by: Line = (" — ", Mention(author.slack_id, author.name)) if author else ()
    return [lines.rich_quote((shown.quote, *by, " ", Link(shown.quote_url, "see the message")))]


def _details(shown: CoachingShown) -> Line:
    parts = [phrases.details(shown.entry, shown.today)]
    if shown.is_edited:
        parts.append(("edited on ", Moment(shown.entry.written_at, shown.zone)))
    return joined(parts)


def _withdrawn(shown: CoachingShown, done: WithdrawnShown, by: Line, person: Line) -> Line:
    about: Line = (
        Bold(words.said(shown.entry.focus)),
        f", {words.day(shown.entry.held_on, shown.today)}",
    )
    return (
        *by, " withdrew the coaching log with ", *person, " on ", *about,
        ": ", phrases.quoted(done.because), " · ", Moment(done.at, shown.zone),
    )  # fmt: skip
