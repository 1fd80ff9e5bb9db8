"""The review's modals, drawn from their screens: which team, start, decide, history.

What a modal was opened for travels in its private_metadata, as ids.
"""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from pydantic import BaseModel

from handlers import lines, words
from handlers.blocks import context, modal, note
from handlers.forms import Json, Option, anew
from handlers.ids import Id
from handlers.lines import Bold, Italic, Line, Moment, joined
from handlers.pipeline_review import phrases
from handlers.pipeline_review.forms import (
    FIELDS,
    NEXT,
    DecisionForm,
    PickForm,
    StartForm,
    TeamForm,
    When,
)
from models import screens
from models.deals import Field
from models.pipeline_review import DecisionKind, Removal, Seen
from models.screens import Money, StageShown, Who

_CHECKBOXES = 10  # docs.slack.dev: options of checkboxes
_OPTIONS = 100  # and of a select
_TITLE = 24  # and what a modal's title shows of a name
_HISTORY = 20
_KEPT = 2000  # characters of typed text that travel in the metadata of 3,000


# --- which team


def which_team(teams: Sequence[tuple[int, str]]) -> Json:
    """Asked of who leads several teams, or stands elsewhere than in the team's channel."""
    options = [(str(team_id), words.said(name)) for team_id, name in teams[:_OPTIONS]]
    first = options[0][0] if len(options) == 1 else None
    blocks = TeamForm.blocks(options={"team": options}, team=first)
    said: Line = ("Whose pipeline? The cards go to that team's channel.",)
    return modal(Id.WHICH_TEAM, "Pipeline review", [lines.rich_text(said), *blocks], submit="Next")


# --- start


class StartMeta(BaseModel):
    team_id: int
    when: When
    home: bool = False  # opened from Home, which is drawn anew after the submission


_WHEN: list[Option] = [
    (When.LIVE, "Now, live", "You decide as soon as the cards are there"),
    (When.BY, "Answers by …", "Owners answer first; deciding begins then"),
]


def start(shown: screens.StartForm, when: When = When.LIVE, *, home: bool = False) -> Json:
    only = {"when"} | ({"on", "at"} if when is When.BY else set())
    start = {"when": when, "on": shown.next_day, "at": time(10)}
    blocks = _chosen(StartForm, shown, only, {"when": _WHEN}, start)
    first: Line = (Bold(words.said(shown.team.name)), f": {_how_many(shown)}")
    meta = StartMeta(team_id=shown.team.id, when=when, home=home)
    return modal(
        Id.START_REVIEW,
        "Start a review",
        [lines.rich_text(first), *blocks],
        submit="Start",
        private_metadata=meta.model_dump_json(),
    )


class PickMeta(BaseModel):
    """`version_id`: the pick as the person saw it."""

    pick_id: int
    version_id: int


def adjust(shown: screens.AdjustForm, changed: Line = ()) -> Json:
    """The pick to adjust; `changed`: what happened to it while it was open before."""
    count = words.plural(len(shown.deals), "open deal")
    first: Line = (
        Bold(words.said(shown.team.name)),
        f": {count}. What stands here is what the cards are about.",
    )
    meta = PickMeta(pick_id=shown.pick_id, version_id=shown.version_id)
    blocks = _chosen(PickForm, shown, set(), {}, {})
    return modal(
        Id.SAVE_PICK,
        "Adjust the pick",
        [lines.rich_text(changed, first), *(anew(blocks, shown.version_id) if changed else blocks)],
        submit="Save",
        private_metadata=meta.model_dump_json(),
    )


def _chosen(
    form: type[PickForm],
    shown: screens.StartForm | screens.AdjustForm,
    only: set[str],
    options: dict[str, list[Option]],
    start: dict[str, Any],
) -> list[Json]:
    """The fields that choose deals, and whatever else the form asks."""
    picked = [one for one in shown.deals if one.picked]
    beside = picked[_CHECKBOXES:]
    picked = picked[:_CHECKBOXES]
    others = [*beside, *(one for one in shown.deals if not one.picked)]
    choices: dict[str, list[Option]] = {
        "picked": [_pick(one) for one in picked],
        "others": [_pick(one) for one in others[:_OPTIONS]],
    }
    blocks = form.blocks(
        only=only | {name for name, found in choices.items() if found},
        options=options | choices,
        hints={"others": _bounds(shown)},
        picked=[one.deal.id for one in picked],
        others=[one.deal.id for one in beside],
        **start,
    )
    for block in blocks:
        block["optional"] = block["block_id"] in choices
    return blocks


def _how_many(shown: screens.StartForm) -> str:
    count = words.plural(len(shown.deals), "open deal")
    return f"{count}. Nothing is dropped after the start."


def _bounds(shown: screens.StartForm | screens.AdjustForm) -> str:
    if shown.least == shown.most:
        return f"{words.plural(shown.least, 'deal')} in all."
    return f"{shown.least} to {shown.most} deals in all."


def _pick(one: screens.StartDeal) -> tuple[str, str, str]:
    amount = phrases.money_short(one.deal.amount) if one.deal.amount else "no amount"
    about = f" · {amount} · {words.said(one.deal.stage.name, 20)}"
    text = words.cut(phrases.name(one.deal), 75 - len(about)) + about
    return str(one.deal.id), text, phrases.fitting(phrases.reasons(one.why, short=True), 75)


# --- decide


class DecideMeta(BaseModel):
    """`replacing`: the decision that the person saw as current, `seen` what they saw of the deal.
    `kept`: typed, now out of sight."""

    review_deal_id: int
    replacing: int | None
    kind: DecisionKind | None
    seen: Seen | None = None
    kept: dict[str, str] = {}
    home: bool = False


def decide(
    shown: screens.DecideForm,
    kind: DecisionKind | None = None,
    *,
    replacing: int | None = None,
    typed: Mapping[str, Any] | None = None,
    home: bool = False,
    changed: Line = (),
) -> Json:
    """The decision alone at first; once it is chosen, what it needs. `typed` is put back.
    `changed`: what happened to the deal while the modal was open before."""
    if kind is DecisionKind.DEMOTE and not shown.demote_to:
        kind = None  # meanwhile there is no earlier stage any more: it is not offered
    start = _decision_start(shown) | {
        name: value for name, value in (typed or {}).items() if name != "decision"
    }
    fields = {"decision", *shown_fields(shown, kind)}
    kept = {
        name: str(value)
        for name, value in (typed or {}).items()
        if name not in fields and name in ("reason", *NEXT)
    }
    if sum(map(len, kept.values())) > _KEPT:
        kept = {}
    meta = DecideMeta(
        review_deal_id=shown.review_deal_id,
        replacing=replacing,
        kind=kind,
        seen=shown.seen,
        kept=kept,
        home=home,
    )
    blocks = DecisionForm.blocks(
        only=fields,
        options={
            "decision": _decisions(shown),
            "to_stage": [(str(one.id), words.said(one.name)) for one in shown.demote_to],
            "removal": _REMOVALS,
        },
        hints={"next_due": f"By {words.day(shown.due_most)} at the latest."},
        decision=kind,
        **start,
    )
    for block in blocks:
        block["optional"] = False
    return modal(
        Id.RECORD_DECISION,
        phrases.name(shown.deal),
        [lines.rich_text(changed, *_ground(shown)), *blocks],
        submit="Record",
        private_metadata=meta.model_dump_json(),
    )


def shown_fields(shown: screens.DecideForm, kind: DecisionKind | None) -> tuple[str, ...]:
    """What is asked for a kind; a deal that is won needs no next action."""
    if kind is None or (kind is DecisionKind.ADVANCE and shown.advance.wins):
        return ()
    return FIELDS[kind]


_REMOVALS: list[Option] = [
    (Removal.LOST, "Lost", "They decided against us, or for nobody"),
    (Removal.DISQUALIFIED, "Disqualified", "It never was one for us"),
]


def _decision_start(shown: screens.DecideForm) -> dict[str, Any]:
    start: dict[str, Any] = {
        "next_owner": shown.next_owner.slack_id,
        "next_due": shown.next_due,
        "to_stage": shown.demote_to[0].id if shown.demote_to else None,
    }
    current = shown.current
    if current and current.reason:
        start["reason"] = current.reason
    if current and current.next_action:
        start["next_text"] = current.next_action.text
        start["next_owner"] = current.next_action.owner.slack_id
        if shown.due_least <= current.next_action.due_on <= shown.due_most:
            start["next_due"] = current.next_action.due_on
    return {name: value for name, value in start.items() if value is not None}


def _decisions(shown: screens.DecideForm) -> list[Option]:
    advance = "Advance: won" if shown.advance.wins else f"Advance to {shown.advance.to_stage.name}"
    found: list[Option] = [(DecisionKind.ADVANCE, advance, _whether_to_advance(shown))]
    if shown.demote_to:
        found.append((DecisionKind.DEMOTE, "Demote", _advice(shown, DecisionKind.DEMOTE)))
    found += [
        (DecisionKind.RE_DATE, "Re-date", "A new close date; the stage stays"),
        (DecisionKind.HOLD, "Hold", "Stage and date stay, for a reason"),
        (DecisionKind.REMOVE, "Remove", _advice(shown, DecisionKind.REMOVE)),
    ]
    return found


def _whether_to_advance(shown: screens.DecideForm) -> str:
    advance = shown.advance
    if advance.open:
        open_ = words.plural(len(advance.open), "question is open", "questions are open")
        return f"Not possible: {open_}"
    if advance.allowed:
        names = " or ".join(words.said(who.name, 30) for who in advance.allowed[:2])
        return f"Your own deal: {names} may advance it"
    if not advance.possible:
        return "Not possible now"
    return "Everything asked here is proved" if shown.evidence.asked else "Nothing is asked here"


def _advice(shown: screens.DecideForm, kind: DecisionKind) -> str:
    if shown.recommended is kind:
        return "Recommended while questions are open"
    if kind is DecisionKind.DEMOTE:
        return "Back to an earlier stage"
    return "Lost or disqualified: out of the pipeline"


def _ground(shown: screens.DecideForm) -> list[Line]:
    """What a decision stands on, unproved questions first."""
    evidence = shown.evidence
    counted = f"{evidence.proved} of {evidence.asked} proved."
    said: list[Line] = [(Bold(counted if evidence.asked else "No evidence is asked here."),)]
    if evidence.open:
        said[0] += (f" Open: {words.listed(evidence.open)}.",)
    whole: Line = (Bold(phrases.name(shown.deal)),) if len(shown.deal.name) > _TITLE else ()
    facts = phrases.deal_facts(shown.deal, shown.today)
    said.append(joined([whole, facts, (phrases.who(shown.deal.owner),)]))
    if shown.next_action and not shown.current:
        said.append(("Next so far: ", *phrases.next_action(shown.next_action)))
    if shown.current:
        when = Moment(shown.current.at, shown.team.zone)
        headline = phrases.headline(shown.current)
        by = phrases.who(shown.current.by)
        said.append((Bold(headline), " by ", by, ", ", when, ". What you record replaces it."))
    if shown.self_decided:
        said.append((Italic("Your own deal: the decision is marked self-decided."),))
    return said


# --- history


def history(shown: screens.HistoryScreen) -> Json:
    """What was decided and what changed, newest first."""
    decided = [_past(one) for one in shown.decisions]
    changed = [_change(one, shown.team.zone) for one in shown.changes]
    if not decided and not changed:
        nothing: Line = ("Nothing has changed since the first import, and nothing was decided.",)
        return note(phrases.name(shown.deal), nothing)
    blocks: list[Json] = [lines.rich_text(phrases.deal_line(shown.deal, None))]
    for head, found in (("Decisions", decided), ("Changes", changed)):
        if found:
            blocks += [lines.rich_text((Bold(head),)), lines.rich_list(found[:_HISTORY])]
        if (more := len(found) - _HISTORY) > 0:
            blocks.append(context((f"and {more} more",)))
    return modal(Id.NOTE, phrases.name(shown.deal), blocks, close="Close")


def _past(one: screens.PastDecision) -> Line:
    said = (f"{words.day(one.day)}: ", *phrases.decision(one.decision, trail=True))
    return said if one.is_current else (*said, Italic(" (replaced by a correction)"))


_FIELDS = {
    Field.STAGE: "Stage",
    Field.AMOUNT: "Amount",
    Field.CLOSE: "Close date",
    Field.OWNER: "Owner",
}


def _change(one: screens.ChangeShown, zone: str) -> Line:
    by: Line = (phrases.who(one.by),) if one.by else ("the CRM",)
    on = one.at.date()
    return (
        f"{_FIELDS[one.field]}: {_value(one.before, on)} → {_value(one.after, on)} · ",
        *by,
        ", ",
        Moment(one.at, zone),
    )


def _value(value: StageShown | Money | date | Who | None, today: date) -> str:
    match value:
        case None:
            return "none"
        case Money():
            return phrases.money(value)
        case date():
            return words.day(value, today)
        case StageShown() | Who():
            return words.said(value.name, 80)
