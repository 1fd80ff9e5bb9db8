"""What the review's command and buttons are for, and who may use which."""

from handlers import lines
from handlers.lines import Bold, Code, Line
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from models.screens import Who


def command_help(unknown: str = "") -> Rendered:
    """`unknown`: a word after the command that it does not know."""
    said: list[Line] = [
        phrases.not_known(unknown) if unknown else (),
        (Code("/pipeline-review"), " starts the team's review, or shows the one under way"),
        (Code("/pipeline-review status"), " says how it stands and what waits for you"),
        (
            Bold("Answer"),
            " on a deal's card: its owner gives the evidence of the stage, or the manager does for"
            " them: then it proves once the owner confirms",
        ),
        (Bold("Use as evidence"), " in the menu of a message in a card's thread: it answers too"),
        (Bold("Decide"), " on a deal's card: advance, demote, re-date, hold or remove, once"),
        (Bold("Close review"), " once every deal has its decision: the review gets its grade"),
        (
            Bold("Worth copying"),
            " in a card's or a message's menu: the closing card shows it if its author agrees",
        ),
    ]
    return Rendered(lines.text(*said), [lines.rich_text(*said)])


def who_may(deciders: tuple[Who, ...], deputy_id: int | None) -> list[Line]:
    may: Line = phrases.people(deciders, deputy_id) or (
        "nobody yet; an admin sets the team's manager",
    )
    return [
        (Bold("Answer"), ": the deal's owner, or the team's manager for them"),
        (Bold("Start, decide, correct, close"), ": ", *may),
        (Bold("Advance a deal of one's own"), ": nobody; one of the others does"),
        (Bold("Talk in the threads"), ": everybody in the channel"),
    ]
