"""The modal that finishes a one-on-one: notes, deals, talking points, coaching."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, create_model
from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    PlainTextInputElement,
    StaticMultiSelectElement,
)

from handlers import lines, words
from handlers.blocks import divider, modal
from handlers.coaching.forms import CoachingFields, coaching_options, feedback_hint
from handlers.forms import Ask, Json, Option
from handlers.ids import Id
from handlers.lines import Bold, Line, Moment
from handlers.one_on_ones.forms import Notes
from handlers.one_on_ones.refusals import due_field, text_field
from handlers.pipeline_review.phrases import NAME, who
from models import screens
from models.coaching import CoachingKind, How
from models.next_actions import MOST_CHARACTERS
from models.one_on_ones import DealNext, FinishInput
from models.screens import FinishDeal, PointShown

MOST_DEALS = 10
_OPTIONS = 100  # docs.slack.dev: options of a select
_CHECKBOXES = 10  # and of checkboxes
_META = 3000  # characters of private_metadata


class FinishMeta(BaseModel):
    """`deals`: those whose next actions are asked. `kept`: what was typed at others before."""

    one_on_one_id: int
    deals: list[int] = []
    kept: dict[str, str] = {}
    home: bool = False


class FinishForm(CoachingFields):
    """The next actions of the deals that were chosen are added by `form_for`."""

    notes: Notes = None
    deals: Annotated[
        list[int],
        Ask(
            "Deals you went through",
            StaticMultiSelectElement(placeholder="Choose deals", max_selected_items=MOST_DEALS),
            "Those without a next action stand first. Each leaves with one.",
            action=Id.CHOOSE_DEALS,
        ),
    ] = Field(default_factory=list)
    talked: Annotated[
        list[int], Ask("Talked about", CheckboxesElement(), "Untick what carries over.")
    ] = Field(default_factory=list)

    def given(self, shown: screens.FinishForm) -> FinishInput:
        """What was entered; who does what stays as it was, else it is the deal's owner."""
        owners = {deal.id: deal.next_owner.id for deal in shown.deals}
        return FinishInput(
            notes=self.notes or "",
            deals=tuple(
                DealNext(
                    deal_id=deal_id,
                    text=getattr(self, text_field(deal_id)),
                    due_on=getattr(self, due_field(deal_id)),
                    owner_id=owners.get(deal_id, shown.person.id),
                )
                for deal_id in self.deals
            ),
            log=self.logged(held_on=shown.today, kind=CoachingKind.ONE_ON_ONE),
            talked=tuple(self.talked),
        )


def form_for(deal_ids: Iterable[int]) -> type[FinishForm]:
    """The form with the next actions of these deals."""
    fields: dict[str, Any] = {}
    for deal_id in deal_ids:
        fields[text_field(deal_id)] = (_TEXT, ...)
        fields[due_field(deal_id)] = (_DUE, ...)
    return create_model("Finish", __base__=FinishForm, **fields)


_TEXT = Annotated[
    Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)],
    Ask("Next action", PlainTextInputElement(max_length=MOST_CHARACTERS)),
]
_DUE = Annotated[date, Ask("Due", DatePickerElement())]


def asked_of(deal_ids: Iterable[int]) -> set[str]:
    """The fields that these deals need."""
    return {field(deal_id) for deal_id in deal_ids for field in (text_field, due_field)}


# --- drawing


def finish(
    shown: screens.FinishForm,
    chosen: Sequence[int] = (),
    *,
    typed: Mapping[str, Any] | None = None,
    home: bool = False,
) -> Json:
    """The modal with a next action for each chosen deal. `typed`: all that was entered so far,
    put back as it was; a deal that is chosen anew has its presets."""
    deals = {deal.id: deal for deal in shown.deals}
    chosen = [deal_id for deal_id in chosen if deal_id in deals][:MOST_DEALS]
    start = _presets(shown) if typed is None else dict(typed)
    start["deals"] = chosen
    form = form_for(chosen)
    of: Line = (
        Bold("One-on-one with "),
        who(shown.person),
        ", ",
        Moment(shown.starts_at, shown.zone),
    )
    blocks: list[Json] = [lines.rich_text(of)]
    blocks += form.blocks(only=("notes",), **start)
    blocks += _deals(form, shown, start)
    for deal_id in chosen:
        blocks += _next(form, deals[deal_id], shown, _deal_presets(deals[deal_id]) | start)
    blocks += _talked(form, shown, start)
    blocks += [divider(), lines.rich_text((Bold("Coaching"),)), *_coaching(form, shown, start)]
    drawn = {name for block in blocks if (name := block.get("block_id"))}
    return modal(
        Id.SAVE_FINISH,
        "Finish one-on-one",
        blocks,
        submit="Finish",
        private_metadata=_meta(shown, chosen, start, drawn, home=home),
    )


def _presets(shown: screens.FinishForm) -> dict[str, Any]:
    return {
        "notes": shown.notes,
        "talked": [point.id for point in shown.points],
        "next_on": shown.next_on,
        "how": How.QUESTIONS,
        "minutes": shown.minutes,
    }


def _deal_presets(deal: FinishDeal) -> dict[str, Any]:
    text = deal.next_action.text if deal.next_action else None
    return {text_field(deal.id): text, due_field(deal.id): deal.due_on}


def _deals(form: type[FinishForm], shown: screens.FinishForm, start: dict[str, Any]) -> list[Json]:
    if not shown.deals:
        return [lines.rich_text((Bold("No open deals."), " There is none to go through."))]
    options: list[Option] = [_deal(deal) for deal in shown.deals[:_OPTIONS]]
    blocks = form.blocks(only=("deals",), options={"deals": options}, **start)
    return [block | {"optional": not shown.needs_deals} for block in blocks]


def _deal(deal: FinishDeal) -> tuple[str, str, str]:
    if deal.next_action is None:
        standing = "No next action yet"
    else:
        due = words.day(deal.next_action.due_on)
        standing = f"By {due}: {words.said(deal.next_action.text, 60)}"
    stage = f" · {words.said(deal.stage, 20)}"
    return str(deal.id), words.said(deal.name, 75 - len(stage)) + stage, standing


def _next(
    form: type[FinishForm], deal: FinishDeal, shown: screens.FinishForm, start: dict[str, Any]
) -> list[Json]:
    name = words.said(deal.name, NAME)
    text, due = text_field(deal.id), due_field(deal.id)
    return form.blocks(
        only=(text, due),
        labels={text: f"{name}: next action", due: f"{name}: due"},
        hints={
            text: f"{words.said(deal.next_owner.name, NAME)} does it.",
            due: f"By {words.day(shown.due_most)} at the latest.",
        },
        **start,
    )


def _talked(form: type[FinishForm], shown: screens.FinishForm, start: dict[str, Any]) -> list[Json]:
    options: list[Option] = [_point(point) for point in shown.points[:_CHECKBOXES]]
    return form.blocks(only=("talked",), options={"talked": options}, **start) if options else []


def _point(point: PointShown) -> tuple[str, str, str]:
    return str(point.id), words.said(point.text, 75), f"From {words.said(point.by.name, 60)}"


def _coaching(
    form: type[FinishForm], shown: screens.FinishForm, start: dict[str, Any]
) -> list[Json]:
    return form.blocks(
        only=CoachingFields.asks(),
        options=coaching_options(shown.focus_areas),
        hints={"feedback": feedback_hint(shown.feedback_characters)},
        **start,
    )


def _meta(
    shown: screens.FinishForm,
    chosen: list[int],
    start: dict[str, Any],
    drawn: set[str],
    *,
    home: bool,
) -> str:
    """What was typed at a deal that is out of sight now travels along, as far as it fits."""
    every = asked_of(deal.id for deal in shown.deals) - drawn
    kept = {name: str(start[name]) for name in every if start.get(name)}
    meta = FinishMeta(one_on_one_id=shown.one_on_one_id, deals=chosen, kept=kept, home=home)
    said = meta.model_dump_json()
    if len(said) <= _META:
        return said
    return meta.model_copy(update={"kept": {}}).model_dump_json()
