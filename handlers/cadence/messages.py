"""The help of `/cadence`: five lines, one per thing to do, each with its button."""

from handlers import lines
from handlers.blocks import button, context, section
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Code, Line, with_code
from handlers.message import Rendered
from handlers.pipeline_review import phrases


def overview(
    workspace_id: str, app_id: str, *, coaches: bool, is_admin: bool = False, unknown: str = ""
) -> Rendered:
    """To somebody who `coaches` people, or to anybody else; to admins also how to set up.
    `unknown`: a word after the command that it does not know.
    """
    home = f"slack://app?team={workspace_id}&id={app_id}&tab=home"
    found: list[tuple[Line, Json]] = [
        (
            (Bold("See how a review stands"), ", and what waits for you"),
            button("Status", Id.STATUS),
        ),
        (
            (
                Bold("Answer and decide" if coaches else "Answer"),
                ": on the deals' cards, or at Home",
                ", where your days off and messages are" if coaches else "",
            ),
            button("Open Home", Id.OPEN_LINK, url=home),
        ),
    ]
    found = [_REVIEW, *found, *_TO_COACHES] if coaches else [*found, *_TO_OTHERS]
    if is_admin:
        found.append(_TO_ADMINS)
    shown = [section(line, accessory, f"help.{n}") for n, (line, accessory) in enumerate(found)]
    if coaches:
        shown.append(context(_TO_WHO_RUNS_A_TEAM))
    if not unknown:
        return Rendered(lines.text(*(line for line, _ in found)), shown)
    not_known = phrases.not_known(unknown)
    said = lines.text(not_known, *(line for line, _ in found))
    return Rendered(said, [lines.rich_text(not_known), *shown])


_TO_ADMINS: tuple[Line, Json] = (
    (Bold("Set up teams"), ": people, quotas, times, previews: ", Code("/cadence setup")),
    button("Set up", Id.SET_UP),
)
_TO_WHO_RUNS_A_TEAM: Line = with_code("`/cadence forecast`: Friday's forecast of your team.")
_REVIEW: tuple[Line, Json] = (
    (Bold("Review the pipeline"), ": a card and a decision per deal"),
    button("Pipeline review", Id.START, primary=True),
)
_TO_COACHES: list[tuple[Line, Json]] = [
    (
        (Bold("Set one-on-ones"), ": who, when, how long: ", Code("/cadence one-on-ones")),
        button("One-on-ones", Id.STANDINGS),
    ),
    (
        (Bold("Log coaching"), ", in half a minute: ", Code("/log-coaching")),
        button("Log coaching", Id.OPEN_LOG),
    ),
]
_TO_OTHERS: list[tuple[Line, Json]] = [
    (
        (Bold("Say when you are off"), ": your one-on-ones then are excused"),
        button("Days off", Id.DAYS_OFF),
    ),
    (
        (Bold("Choose your messages"), ": reminders, quiet hours, snooze"),
        button("Messages", Id.MESSAGES),
    ),
    (
        (Bold("Say what drives you"), ", if you like: you choose what to share"),
        button("What drives me", Id.PROFILE),
    ),
]
