"""Days off that came too late for something: what a leader is asked, with the one button."""

from collections.abc import Sequence

from handlers import lines, words
from handlers.blocks import actions, button, context
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Line, Moment
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from models.screens import LateAbsence

_MOST = 10
_AT_HOME = 3


def late(shown: LateAbsence) -> Rendered:
    """`@Ana: days off of Mon 23 Nov, entered Mon 23 Nov, 11:05, when this had begun`, a button."""
    name = words.said(shown.person.name, 80)
    head: Line = (
        Bold("Days off entered late"),
        ": ",
        phrases.who(shown.person),
        f", {words.days(shown.starts_on, shown.ends_on, shown.today)}, said ",
        Moment(shown.entered_at, shown.zone),
        ".",
    )
    text = words.escape(f"Days off of {name}, entered late")
    begun = _begun(shown)
    if shown.taken_back:
        return Rendered(text, [lines.rich_text(head, ("They were taken back.",))])
    if shown.accepted_by is not None and shown.accepted_at is not None:
        done: Line = ("Accepted by ", phrases.who(shown.accepted_by), ", ")
        done = (*done, Moment(shown.accepted_at, shown.zone), ". Excused:" if begun else ".")
        return Rendered(text, [lines.rich_text(head, done), *_listed(begun)])
    if not shown.waits:
        said = ("Nothing of it counts against anybody any more.",)
        return Rendered(text, [lines.rich_text(head, said)])
    pressed = button("Accept", Id.ACCEPT_DAYS_OFF, shown.absence_id, primary=True)
    rest = "Days off excuse what begins after they were entered. Accepted, they excuse this too."
    blocks = [lines.rich_text(head, ("This had begun by then, and counts as it is:",))]
    return Rendered(text, [*blocks, *_listed(begun), actions(pressed), context((rest,))])


def at_home(waiting: Sequence[LateAbsence]) -> list[Json]:
    """As their messages, with their button."""
    blocks = [block for one in waiting[:_AT_HOME] for block in late(one).blocks]
    if (more := len(waiting) - _AT_HOME) > 0:
        blocks.append(context((f"and {more} more, in Messages",)))
    return blocks


def _listed(begun: list[Line]) -> list[Json]:
    if not begun:
        return []
    more = len(begun) - _MOST
    rest: list[Line] = [(f"and {more} more",)] if more > 0 else []
    return [lines.rich_list([*begun[:_MOST], *rest])]


def _begun(shown: LateAbsence) -> list[Line]:
    """Each with when it was; before it is accepted, with what became of it."""
    is_open = shown.accepted_by is None
    found: list[Line] = []
    for one in shown.sessions:
        became = ": missed" if one.missed else ": nothing recorded"
        when: Line = (", ", Moment(one.starts_at, shown.zone), became if is_open else "")
        found.append(("one-on-one with ", phrases.who(one.other), *when))
    for talk in shown.talks:
        other = talk.person if talk.asked.id == shown.person.id else talk.asked
        day = words.day(talk.day, shown.today)
        became = ": not held" if talk.missed else ": nothing logged"
        not_held = became if is_open else ""
        found.append(("coverage conversation with ", phrases.who(other), f", {day}{not_held}"))
    for made in shown.forecasts:
        name, day = words.said(made.team.name, 80), words.day(made.day, shown.today)
        found.append((f"Friday forecast of {name}, {day}{': not done' if is_open else ''}",))
    return found
