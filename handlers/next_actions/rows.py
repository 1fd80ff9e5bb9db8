"""Next actions that are due, as Home and the digest show them, with their buttons."""

from collections.abc import Sequence

from handlers import lines, words
from handlers.blocks import actions, button, context
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Italic, Line
from handlers.pipeline_review import phrases
from models.next_actions import ActionState
from models.screens import DueAction

_MOST = 3


def due(found: Sequence[DueAction]) -> list[Json]:
    """One row each: what it was, done or not; then what comes next, or a change of mind.

    What was answered takes no place from what still waits: that comes up as answers are given.
    """
    waiting = [n for n, one in enumerate(found) if one.state is ActionState.OPEN]
    answered = [n for n, one in enumerate(found) if one.state is not ActionState.OPEN]
    blocks: list[Json] = []
    for n in sorted([*waiting[:_MOST], *answered[-_MOST:]]):
        blocks += [lines.rich_text(_line(found[n])), actions(*_buttons(found[n]))]
    if (more := len(waiting) - _MOST) > 0:
        left = words.plural(more, "more next action")
        blocks.append(context((f"And {left} that {'is' if more == 1 else 'are'} due.",)))
    return blocks


def _line(one: DueAction) -> Line:
    """`Orbit: “Send the price”, due Tue 24 Nov (overdue)`."""
    said: Line = (Bold(phrases.name(one.deal)), f": {phrases.quoted(one.text)}")
    match one.state:
        case ActionState.DONE:
            return *said, " — ", Bold("done")
        case ActionState.NOT_DONE:
            return *said, " — ", Bold("not done")
    late: Line = (Italic(" (overdue)"),) if one.overdue else ()
    return *said, f", due {words.day(one.due_on)}", *late


def _buttons(one: DueAction) -> list[Json]:
    done, not_done = one.state is ActionState.DONE, one.state is ActionState.NOT_DONE
    if not (done or not_done):
        return [
            button("Done", Id.ACTION_DONE, one.action_id, primary=True),
            button("Not done", Id.ACTION_NOT_DONE, one.action_id),
        ]
    made = []
    if one.renewable:
        text = "What comes next" if done else "New date"
        made.append(button(text, Id.RENEW_ACTION, one.action_id))
    if done:
        made.append(button("Not done after all", Id.ACTION_NOT_DONE, one.action_id))
    else:
        made.append(button("Done after all", Id.ACTION_DONE, one.action_id))
    return made
