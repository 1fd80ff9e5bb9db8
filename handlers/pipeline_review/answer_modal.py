"""The answer modal: what is open first, what was answered before below."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from handlers import lines, words
from handlers.blocks import actions, button, divider, modal
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Line, joined
from handlers.pipeline_review import phrases
from handlers.pipeline_review.evidence_form import AnswersForm, form_for, names, start
from handlers.pipeline_review.evidence_values import Value
from models.evidence import State
from models.screens import AnswerForm, Asked

_TITLE = 24  # docs.slack.dev: characters of a modal's title


class AnswerMeta(BaseModel):
    """`stage_id`: the stage whose questions these are; `seen`: the answers that are shown, by
    question."""

    review_deal_id: int
    stage_id: int
    seen: dict[int, int] | None = None
    home: bool = False  # opened from Home, which is drawn anew after the submission


def form_of(shown: AnswerForm) -> type[AnswersForm]:
    return form_for(shown.open, shown.answered, _currency(shown))


def answer(
    shown: AnswerForm,
    *,
    changing: bool = False,
    home: bool = False,
    typed: Mapping[str, Any] | None = None,
    meanwhile: Line = (),
    still: Mapping[int, int] | None = None,
) -> Json:
    """`typed` stands in its fields instead of what was answered; `meanwhile` says what became of
    the answers since the form was opened, `still` which of them the fields show all the same."""
    form = form_of(shown)
    counted = f"{shown.evidence.proved} of {shown.evidence.asked} proved. "
    said: list[Line] = [meanwhile, (Bold(counted), *_task(shown)), behalf(shown)]
    if title(shown) != _whole_title(shown):
        said.insert(1, phrases.deal_line(shown.deal, shown.today))
    blocks: list[Json] = [lines.rich_text(*said)]
    for asked in shown.open:
        blocks += _fields(form, asked, shown, typed)
    if shown.answered:
        if shown.open:
            blocks.append(divider())
        blocks.append(lines.rich_text((Bold("Answered before"),)))
        for asked in shown.answered:
            blocks += _earlier(form, asked, shown, typed, changing=changing)
        if not changing and shown.behalf_of is None:
            change = button("Change an earlier answer", Id.CHANGE_ANSWERS, shown.review_deal_id)
            blocks.append(actions(change))
    meta = AnswerMeta(
        review_deal_id=shown.review_deal_id,
        stage_id=shown.deal.stage.id,
        seen={
            asked.question_id: asked.answer_id
            for asked in (*shown.open, *shown.answered)
            if asked.answer_id is not None
        }
        | dict(still or {}),
        home=home,
    )
    asks = any(block["type"] == "input" for block in blocks)
    return modal(
        Id.SAVE_ANSWERS,
        title(shown),
        blocks,
        submit="Save" if asks else None,
        close="Cancel" if asks else "Close",
        private_metadata=meta.model_dump_json(),
    )


def draw_again(
    shown: AnswerForm,
    given: Mapping[int, Value],
    typed: Mapping[str, Any],
    meanwhile: Line,
    seen: Mapping[int, int],
    *,
    home: bool,
) -> Json:
    """The answers as they are now, with what somebody typed of their own in its fields (`given`, by
    question), and below `meanwhile` what has no field any more because its owner proved it.

    Slack leaves all fields that stay as they are: those in which nothing was typed show what was
    `seen`.
    """
    for_owner = shown.behalf_of is not None
    currency = _currency(shown)
    own = [one for one in (*shown.open, *shown.answered) if one.question_id in given]
    kept = {name: typed[name] for one in own for name in names(one, currency) if name in typed}
    for one in own if for_owner else ():
        if one in shown.answered:
            said = phrases.answer(one.kind, given[one.question_id], shown.team.locale, shown.today)
            meanwhile += (f" Left out, {words.said(one.short)}: {said}.",)
    still = {question_id: one for question_id, one in seen.items() if question_id not in given}
    return answer(
        shown, changing=not for_owner, home=home, typed=kept, meanwhile=meanwhile, still=still
    )


def title(shown: AnswerForm) -> str:
    """`Nexus Corp · Proposal`, cut to what Slack takes."""
    stage = f" · {words.said(shown.deal.stage.name, 12)}"
    return f"{words.said(shown.deal.name, _TITLE - len(stage))}{stage}"


def _whole_title(shown: AnswerForm) -> str:
    return f"{phrases.name(shown.deal)} · {words.said(shown.deal.stage.name)}"


def _task(shown: AnswerForm) -> Line:
    if shown.open:
        return ("Answer what you know; the rest can wait. One answer is enough to save.",)
    if any(asked.given_by for asked in shown.answered):
        return ("Tick what is right: until then it only fills.",)
    if any(asked.stale for asked in shown.answered):
        return ("Tick what still holds: until then it does not count.",)
    return ("Nothing is open here.",)


def behalf(shown: AnswerForm) -> Line:
    """For whom somebody else answers, and what that is worth."""
    if shown.behalf_of is None:
        return ()
    owner = phrases.who(shown.behalf_of)
    return "You answer for ", owner, ": it only fills until ", owner, " confirms it."


def _currency(shown: AnswerForm) -> str:
    return shown.team.currency


def _fields(
    form: type[AnswersForm], asked: Asked, shown: AnswerForm, typed: Mapping[str, Any] | None
) -> list[Json]:
    currency = _currency(shown)
    hints = {}
    if given := _given(asked, shown):
        first = names(asked, currency)[0]
        hints[first] = joined([given, (form.asks()[first].hint,)], " ")
    return form.blocks(
        only=names(asked, currency),
        hints={name: lines.plain(line) for name, line in hints.items()},
        **start(asked, currency) | dict(typed or {}),
    )


def _given(asked: Asked, shown: AnswerForm) -> Line:
    """What stands in a field at first, where it does not prove."""
    if asked.answered_on is None:
        return ()
    on = f"Answered {words.day(asked.answered_on)}"
    match asked.state:
        case State.FILLED:
            return (f"{on}; that only fills.",)
        case State.UNCONFIRMED if shown.behalf_of:
            return (f"{on}; ", phrases.who(shown.behalf_of), " has not confirmed it yet.")
        case State.STALE if shown.behalf_of:
            return (
                f"{on}; too old, unless ",
                phrases.who(shown.behalf_of),
                " says it still holds.",
            )
        case _:
            return ()


def _earlier(
    form: type[AnswersForm],
    asked: Asked,
    shown: AnswerForm,
    typed: Mapping[str, Any] | None,
    *,
    changing: bool,
) -> list[Json]:
    """An answer with its date; what is stale has its tick, and all have fields when changing."""
    said = _said(asked, shown)
    blocks: list[Json] = []
    if asked.stale or asked.given_by:
        name = f"{asked.key}.still_true"
        blocks += form.blocks(only=[name], labels={name: said})
    elif not changing:
        hand = " · second-hand" if asked.second_hand else ""
        blocks.append(lines.rich_text((f"{said} · proved{hand}",)))
    return blocks + (_fields(form, asked, shown, typed) if changing else [])


def _said(asked: Asked, shown: AnswerForm) -> str:
    """`The objection · Thu 12 Nov · “price against incumbent”`."""
    value: dict[str, Any] = asked.value or {}
    on = words.day(asked.answered_on, shown.today) if asked.answered_on else ""
    answer = phrases.answer(asked.kind, value, shown.team.locale, shown.today)
    by = f"given by {words.said(asked.given_by.name, 40)}" if asked.given_by else ""
    parts = (phrases.capital(asked.short), on, answer, by)
    return " · ".join(part for part in parts if part)
