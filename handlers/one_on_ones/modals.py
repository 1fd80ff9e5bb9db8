"""The one-on-ones' modals, drawn from their screens; what each is for travels as ids."""

from pydantic import AwareDatetime, BaseModel

from handlers import lines, words
from handlers.blocks import actions, button, confirm, context, divider, menu, modal, note, section
from handlers.forms import Json, Option
from handlers.ids import Choice, Id
from handlers.lines import Bold, Line
from handlers.one_on_ones import phrases
from handlers.one_on_ones.forms import (
    ROTATE,
    CancelForm,
    MoveForm,
    NotesForm,
    PointsForm,
    StandingForm,
)
from handlers.pipeline_review.phrases import quoted, who
from models import screens
from models.screens import PointShown, Side, StandingRow

_CHECKBOXES = 10  # docs.slack.dev: options of checkboxes
_ROWS = 40  # people in a list of at most 100 blocks
_POINT = 75


class SessionMeta(BaseModel):
    """`seen_at`: when the session was, as it was shown. `home`: opened from Home, which is drawn
    anew afterwards."""

    one_on_one_id: int
    seen_at: AwareDatetime | None = None
    home: bool = False


# --- moving, cancelling


def move(shown: screens.ChangeForm, *, home: bool = False) -> Json:
    options: list[Option] = [
        (str(int(at.timestamp())), words.moment(at, shown.zone)) for at in shown.free
    ]
    only = {"starts_at", *(["free"] if options else [])}
    blocks = MoveForm.blocks(only=only, options={"free": options})
    hint: Line = (f"Moving it within its day counts against nobody.{_told(shown)}",)
    meta = SessionMeta(one_on_one_id=shown.one_on_one_id, seen_at=shown.starts_at, home=home)
    return modal(
        Id.SAVE_MOVE,
        "Reschedule",
        [lines.rich_text(_session(shown)), *blocks, context(hint)],
        submit="Reschedule",
        private_metadata=meta.model_dump_json(),
    )


def cancel(shown: screens.ChangeForm, *, home: bool = False) -> Json:
    hint = f"{words.said(shown.other.name, 80)} reads it."
    blocks = CancelForm.blocks(hints={"reason": hint})
    said: Line = (f"It counts as due and not held. Rescheduling it keeps it.{_told(shown)}",)
    meta = SessionMeta(one_on_one_id=shown.one_on_one_id, seen_at=shown.starts_at, home=home)
    return modal(
        Id.SAVE_CANCEL,
        "Cancel one-on-one",
        [lines.rich_text(_session(shown)), *blocks, context(said)],
        submit="Cancel it",
        close="Keep it",
        private_metadata=meta.model_dump_json(),
    )


def _told(shown: screens.ChangeForm) -> str:
    """To who leads it: what comes of doing so often."""
    if shown.side is Side.PERSON:
        return ""
    return (
        " More than one cancelled or moved with the same person in a quarter is told your leader."
    )


def _session(shown: screens.ChangeForm) -> Line:
    when = words.moment(shown.starts_at, shown.zone)
    return Bold("One-on-one with "), who(shown.other), Bold(f", {when}"), f" · {shown.minutes} min"


# --- talking points, notes


def points(shown: screens.PointsForm, *, home: bool = False) -> Json:
    found: list[Line] = [(who(one.by), f": {quoted(one.text)}") for one in shown.others]
    listed = [lines.rich_list(found)] if found else []
    if not found and not shown.mine:
        listed = [
            lines.rich_text(("No talking points yet. They stay until they were talked about.",))
        ]
    mine = [_option(one) for one in shown.mine[:_CHECKBOXES]]
    only = {"text", *(["drop"] if mine else [])}
    blocks = PointsForm.blocks(
        only=only,
        options={"drop": mine},
        hints={"text": f"{words.said(shown.other.name, 80)} sees it too."},
    )
    meta = SessionMeta(one_on_one_id=shown.one_on_one_id, home=home)
    return modal(
        Id.SAVE_POINTS,
        "Talking points",
        [*listed, *blocks],
        submit="Save",
        private_metadata=meta.model_dump_json(),
    )


def _option(point: PointShown) -> Option:
    return str(point.id), words.said(point.text, _POINT)


def notes(shown: screens.NotesForm, *, home: bool = False) -> Json:
    meta = SessionMeta(one_on_one_id=shown.one_on_one_id, home=home)
    first: Line = ("About ", who(shown.person))
    return modal(
        Id.SAVE_NOTES,
        phrases.NOTES,
        [lines.rich_text(first), *NotesForm.blocks(notes=shown.text)],
        submit="Save",
        private_metadata=meta.model_dump_json(),
    )


# --- standing schedules


class StandingsMeta(BaseModel):
    home: bool = False


class StandingMeta(BaseModel):
    """`list_view`: the list below, which is drawn anew afterwards."""

    person_id: int
    list_view: str | None = None
    home: bool = False


def standings(shown: screens.StandingsForm, *, home: bool = False) -> Json:
    """Everybody whom this person coaches, with what can be set; and this person's own."""
    own = _own(shown)
    people = len(shown.rows)
    if not shown.rows:
        nobody: Line = ("You coach nobody here. An admin says who leads whom.",)
        return note("One-on-ones", nobody, own)
    blocks: list[Json] = _too_wide(shown) if people > shown.places else []
    for row in shown.rows[:_ROWS]:
        blocks += _row(row, shown)
    if (more := len(shown.rows) - _ROWS) > 0:
        blocks.append(context((f"and {more} more",)))
    meta = StandingsMeta(home=home).model_dump_json()
    blocks += [divider(), context(own)]
    return modal(Id.NOTE, "One-on-ones", blocks, close="Close", private_metadata=meta)


def _too_wide(shown: screens.StandingsForm) -> list[Json]:
    """That the span is too wide, and who is left out where it rotates."""
    fact = f"{phrases.span(len(shown.rows), shown.places)}: the span is too wide."
    if not shown.left_out:
        rotate = (
            f" Let somebody else lead some of them, or choose “{phrases.IN_ROTATION}” for those who"
            " have no time: then each week some are left out, in turn."
        )
        return [lines.rich_text((Bold(fact), rotate))]
    out = [phrases.left_out(one, shown.today) for one in shown.left_out]
    return [lines.rich_text((Bold(fact), " Each week some are left out, in turn."), *out)]


def _row(row: StandingRow, shown: screens.StandingsForm) -> list[Json]:
    stands = phrases.standing(row.standing, shown.zone) if row.standing else "none yet"
    if row.standing and row.is_ahead:
        stands += f", {phrases.from_day(row.standing, shown.today, row.earlier, shown.zone)}"
    if row.left_out_in is not None:
        stands += f" · left out next in the week of {words.day(row.left_out_in, shown.today)}"
        stands += f", {words.plural(row.times, 'time')} this quarter" if row.times else ""
    said = section((who(row.person), f": {stands}"), None, f"standing.{row.person.id}")
    word = "Change" if row.standing else "Set"
    buttons = [button(word, Id.CHANGE_STANDING, row.person.id, primary=row.standing is None)]
    if row.standing:
        end = menu(Id.STANDING_MENU, [(Choice.END, row.person.id, "End")], {})
        sure = confirm(
            "End this standing one-on-one?",
            "Those already planned are cancelled, which counts as one cancellation of yours, and "
            "nothing more is planned. For another day or time, choose Change instead.",
            "End it",
            "Keep it",
        )
        buttons.append(end | {"confirm": sure})
    return [said, actions(*buttons, block_id=f"change.{row.person.id}")]


def _own(shown: screens.StandingsForm) -> Line:
    if shown.coach is None:
        return ("Nobody coaches you here.",)
    with_: Line = ("Your own, with ", who(shown.coach), ": ")
    return *with_, phrases.standing(shown.own, shown.zone) if shown.own else "none yet"


def standing(
    shown: screens.StandingForm, *, list_view: str | None = None, home: bool = False
) -> Json:
    """A person's standing one-on-one; the hints say whose time it is and what is free."""
    preset = shown.standing
    slots = " · ".join(phrases.slot(one) for one in shown.free)
    days: list[Option] = [(digit, phrases.weekday(int(digit))) for digit in shown.weekdays]
    if shown.may_rotate:
        days.append((str(ROTATE), phrases.IN_ROTATION))
    blocks = StandingForm.blocks(
        options={"weekday": days},
        hints={
            "weekday": _rotating(shown) if shown.may_rotate else "",
            "local_time": phrases.place(preset.zone) + (f". Free: {slots}" if slots else ""),
            "minutes": f"{shown.minutes_least} to {shown.minutes_most}.",
        },
        weekday=ROTATE if shown.in_rotation else preset.weekday,
        local_time=preset.local_time,
        minutes=preset.minutes,
        active_from=preset.active_from,
    )
    told: Line = (who(shown.person), " is told. What is planned already follows.")
    meta = StandingMeta(person_id=shown.person.id, list_view=list_view, home=home)
    return modal(
        Id.SAVE_STANDING,
        "Standing one-on-one",
        [lines.rich_text((Bold("With "), who(shown.person))), *blocks, context(told)],
        submit="Set" if shown.is_new else "Change",
        private_metadata=meta.model_dump_json(),
    )


def _rotating(shown: screens.StandingForm) -> str:
    return (
        f"{phrases.span(shown.people, shown.places)}: the span is too wide. In rotation there is no"
        " time of its own. Each week those who went longest without it are left out, whoever has a"
        " time too, and theirs is taken by somebody in rotation."
    )


def landing(shown: screens.StandingLanding) -> Json:
    """After one was set: what of the first weeks is not as it was asked for, and why."""
    stands = phrases.standing(shown.standing, shown.zone)
    head: Line = (Bold("Set: "), who(shown.person), f", {stands}.")
    return note("Standing one-on-one", head, *(phrases.lands(one, shown) for one in shown.weeks))
