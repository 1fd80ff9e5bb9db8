"""What the command is for, and where else coaching is logged from."""

from handlers import lines
from handlers.lines import Bold, Code, Line
from handlers.message import Rendered
from handlers.pipeline_review import phrases


def command_help(unknown: str = "") -> Rendered:
    """`unknown`: a word after the command that it does not know."""
    said: list[Line] = [
        phrases.not_known(unknown) if unknown else (),
        (Code("/log-coaching"), " logs coaching with somebody whom you coach"),
        (Code("/log-coaching @name"), " with whom is chosen already"),
        (Bold("Log coaching"), " in a message's menu quotes and links that message"),
        (Bold("Log coaching"), " in ⋯ on a deal's card logs it with the deal's owner"),
        (Bold("⋯"), " on your own copy edits a log, withdraws it, or shows its trail"),
        ("Whoever was coached gets it by direct message, and says whether it is right",),
    ]
    return Rendered(lines.text(*said), [lines.rich_text(*said)])
