"""The help of `/cadence`: five lines, one per thing to do, each with its button."""

from handlers import lines
from handlers.blocks import button, section
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Line, with_code
from handlers.message import Rendered


def overview(workspace_id: str, app_id: str) -> Rendered:
    home = f"slack://app?team={workspace_id}&id={app_id}&tab=home"
    found: list[tuple[Line, Json | None]] = [
        (
            (Bold("Review the pipeline"), ": a card and a decision per deal"),
            button("Pipeline review", Id.START, primary=True),
        ),
        (
            (Bold("See how a review stands"), ", and what waits for you"),
            button("Status", Id.STATUS),
        ),
        (
            (Bold("Answer for your deals"), ": [Answer] on the card, or from Home"),
            button("Open Home", Id.OPEN_LINK, url=home),
        ),
        ((Bold("Decide and close"), ": [Decide] on each card, then [Close review]"), None),
        (with_code("Or type `/pipeline-review status` or `/pipeline-review help`"), None),
    ]
    return Rendered(
        lines.text(*(line for line, _ in found)),
        [section(line, accessory, f"help.{n}") for n, (line, accessory) in enumerate(found)],
    )
