"""The modals of the health check: the list of flags, all conversations, a time for one of them."""

from typing import Any

from pydantic import BaseModel

from handlers import lines, words
from handlers.blocks import MOST_BLOCKS, actions, button, context, modal, note
from handlers.forms import Json, Option, option
from handlers.health_check import rows
from handlers.health_check.forms import TimeForm
from handlers.health_check.messages import row_line
from handlers.health_check.personal import head
from handlers.ids import Id
from handlers.lines import Bold, Line
from handlers.pipeline_review.phrases import who
from models import screens
from models.coaching import TalkState

_OPTIONS = 99  # of a select, the first of which is everybody
EVERYBODY = "0"


class FlagsMeta(BaseModel):
    """Which page of which check's flags a modal shows. `owner_id` None: of everybody."""

    check_id: int
    owner_id: int | None = None
    page: int = 0


class TalkMeta(BaseModel):
    talk_id: int
    home: bool = False  # opened from Home, which is drawn anew after the submission


def flags(shown: screens.FlagsScreen) -> Json:
    """A page of flagged deals, of one owner or of all, with what turns it."""
    meta = FlagsMeta(
        check_id=shown.check_id, owner_id=shown.owner and shown.owner.id, page=shown.page
    )
    view = note("Flags")
    said: Line = (f"{words.plural(shown.number, 'flagged deal')} on {words.day(shown.day)}",)
    if shown.owner:
        said = (*said, " of ", who(shown.owner))
    blocks: list[Json] = [lines.rich_text((Bold(words.said(shown.team.name)), " · ", *said))]
    if shown.rows:
        blocks.append(lines.rich_list(row_line(row) for row in shown.rows))
    else:
        blocks.append(lines.rich_text(("None.",)))
    blocks.append(actions(_owners(shown), *_turning(shown), block_id="flags.turn"))
    if shown.pages > 1:
        blocks.append(context((f"Page {shown.page + 1} of {shown.pages}",)))
    return view | {"blocks": blocks, "private_metadata": meta.model_dump_json()}


def _owners(shown: screens.FlagsScreen) -> Json:
    options = [option(EVERYBODY, "Everybody")]
    named = [one for one in shown.owners if one != shown.owner][: _OPTIONS - 1]
    if shown.owner:
        named.insert(0, shown.owner)
    options += [option(str(one.id), words.said(one.name, 70)) for one in named]
    chosen: dict[str, Any] = options[1] if shown.owner else options[0]
    return {
        "type": "static_select",
        "action_id": str(Id.FLAGS_OWNER),
        "options": options,
        "initial_option": chosen,
    }


def _turning(shown: screens.FlagsScreen) -> list[Json]:
    pressed = []
    if shown.page > 0:
        pressed.append(button("Page before", Id.FLAGS_BEFORE, shown.page - 1))
    if shown.page + 1 < shown.pages:
        pressed.append(button("Next page", Id.FLAGS_AFTER, shown.page + 1))
    return pressed


def talks(shown: screens.TalksDm) -> Json:
    """All conversations of a check: those still open first."""
    title = f"Coverage · {words.said(shown.team.name)} · {words.day(shown.day)}"
    open_first = sorted(shown.rows, key=lambda row: row.state is not TalkState.OPEN)
    blocks = head(shown, title)
    for n, row in enumerate(open_first):
        more = rows.blocks(row, shown.day)
        if len(blocks) + len(more) >= MOST_BLOCKS["view"]:
            blocks.append(context((f"and {len(open_first) - n} more",)))
            break
        blocks += more
    return note("Coverage") | {"blocks": blocks}


def schedule(shown: screens.TalkForm, *, home: bool = False) -> Json:
    """When to talk today; where nothing is free, what to do instead."""
    person = who(shown.person)
    if not shown.free:
        said: Line = ("No time is left today at which both of you are free. Talk with ", person)
        return note("Schedule it today", (*said, " when it suits, and log it."))
    options: list[Option] = [
        (str(int(at.timestamp())), words.clock(at, shown.zone)) for at in shown.free
    ]
    start = None if shown.sits_at is None else str(int(shown.sits_at.timestamp()))
    meta = TalkMeta(talk_id=shown.talk_id, home=home)
    return modal(
        Id.SAVE_TALK_TIME,
        "Schedule it today",
        [
            lines.rich_text(("With ", person)),
            *TimeForm.blocks(options={"at": options}, at=start),
            context((*_is_told(shown), f" {shown.minutes} minutes; it can be changed.")),
        ],
        submit="Schedule",
        private_metadata=meta.model_dump_json(),
    )


def _is_told(shown: screens.TalkForm) -> Line:
    """`@ana is told.`; in hours in which a rep gets no messages, when, and what to do."""
    person = who(shown.person)
    if shown.hears_at is None:
        return person, " is told."
    if not shown.hears_today:
        return person, " gets no more messages today. Tell ", person, " yourself."
    until = f" gets no messages until {words.clock(shown.hears_at, shown.zone)}."
    return person, f"{until} Tell ", person, " yourself about an earlier talk."
