"""The DM that asks about a one-on-one, before and after the click, and a comment to the coach.

Nothing of what was given or written stands in a notification.
"""

from handlers import lines, words
from handlers.blocks import actions, button, context
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Line, Moment
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from models.screens import CommentSent, CommentShown, RatingAsked

FACES = {1: "😞", 2: "🙁", 3: "😐", 4: "🙂", 5: "🤩"}
BUTTONS: dict[Id, int | None] = {
    Id.RATE_1: 1,
    Id.RATE_2: 2,
    Id.RATE_3: 3,
    Id.RATE_4: 4,
    Id.RATE_5: 5,
    Id.DID_NOT_HAPPEN: None,
}
"""Each button, and the score that it gives; None: it did not happen."""

WHAT_BECOMES = "Counted monthly, never shown one by one."
_COMMENT = 1500  # characters of it in a message


def choice(score: int | None) -> str:
    """`4 🙂`, or `It did not happen`."""
    return "It did not happen" if score is None else f"{score} {FACES[score]}"


def buttons(one_on_one_id: int) -> Json:
    """The five and the sixth, wherever a session is asked about."""
    return actions(
        *(button(choice(score), pressed, one_on_one_id) for pressed, score in BUTTONS.items())
    )


def asked(shown: RatingAsked) -> Rendered:
    if shown.is_off:
        said: Line = (*_which(shown), " was cancelled or moved: there is nothing to rate.")
        return Rendered("Your one-on-one was cancelled or moved.", [lines.rich_text(said)])
    if shown.given is None:
        return _question(shown)
    return Rendered("You answered how your one-on-one was.", _answered(shown))


def _which(shown: RatingAsked) -> Line:
    """`Your one-on-one with @max, Tue 24 Nov, 10:00`."""
    at = Moment(shown.starts_at, shown.zone)
    return Bold("Your one-on-one"), " with ", phrases.who(shown.coach), ", ", at


def _question(shown: RatingAsked) -> Rendered:
    said: Line = (*_which(shown), ". Did it happen? How useful was it?")
    hours = words.plural(shown.change_hours, "hour")
    return Rendered(
        "Your one-on-one: did it happen? How useful was it?",
        [
            lines.rich_text(said),
            buttons(shown.one_on_one_id),
            context((f"{WHAT_BECOMES} You can change it for {hours}.",)),
        ],
    )


def _answered(shown: RatingAsked) -> list[Json]:
    at = Moment(shown.starts_at, shown.zone)
    about: Line = (": your one-on-one with ", phrases.who(shown.coach), ", ", at)
    said: list[Line] = [(Bold(given(shown)), *about)]
    if shown.comment:
        said.append(_own_comment(shown, shown.comment))
    write = button(
        "Edit the comment" if shown.comment else "Add a comment", Id.COMMENT, shown.one_on_one_id
    )
    if not shown.is_open:
        return [lines.rich_text(*said), actions(write), context((WHAT_BECOMES,))]
    change = button("Change", Id.CHANGE_RATING, shown.one_on_one_id)
    until: Line = ("You can change it until ", Moment(shown.until, shown.zone), f". {WHAT_BECOMES}")
    return [lines.rich_text(*said), actions(change, write), context(until)]


def given(shown: RatingAsked) -> str:
    """`You gave 4 🙂`."""
    score = None if shown.given is None else shown.given.score
    return "You said it did not happen" if score is None else f"You gave {choice(score)}"


def _own_comment(shown: RatingAsked, comment: CommentShown) -> Line:
    text = phrases.quoted(comment.text, _COMMENT)
    if comment.sent:
        return "Sent to ", phrases.who(shown.coach), f" with your name: {text}"
    return (f"Your comment, for you alone: {text}",)


# --- to the coach


def comment_sent(shown: CommentSent) -> Rendered:
    at = Moment(shown.starts_at, shown.zone)
    about: Line = (" about your one-on-one, ", at)
    if shown.text is None:
        said: Line = (phrases.who(shown.author), " took back a comment", *about, ".")
        return Rendered("A comment about a one-on-one was taken back.", [lines.rich_text(said)])
    said = (phrases.who(shown.author), *about, ": ", phrases.quoted(shown.text, _COMMENT))
    return Rendered("A comment about a one-on-one came in.", [lines.rich_text(said)])
