"""The modals of a forecast: its four steps, its end, its trail, and where each team's stands."""

from collections.abc import Sequence
from typing import Any

from handlers import lines, words
from handlers.amounts import typed_money
from handlers.blocks import button, context, divider, modal, section
from handlers.forecast import phrases
from handlers.forecast.forms import (
    LABELS,
    NUMBERS,
    AgendaLines,
    CommitmentsOfPage,
    FlowMeta,
    LinesOfPage,
    commitments_form,
    lines_form,
    money_field,
    number_field,
)
from handlers.forecast.messages import asides
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Italic, Line, Moment, joined
from handlers.pipeline_review.phrases import NAME, figure, who
from models.forecast import Tier
from models.one_on_ones import State
from models.screens import (
    AgendaForm,
    CoachedInWeek,
    CoachingWeek,
    CommitmentAsked,
    CommitmentsForm,
    CommitmentVersion,
    FlowShown,
    ForecastDm,
    ForecastOverview,
    ForecastTrail,
    LineAsked,
    LinesForm,
    LineVersion,
    StepForm,
    TeamForecast,
    Who,
)
from models.week_agenda import MOST_ITEM, MOST_ITEMS

_MOST_UNCOACHED = 40
_MOST_COACHED = 60
_MOST_VERSIONS = 60
_MOST_TEAMS = 20


def step(
    shown: StepForm, *, left: Sequence[Who] = (), editing: bool = False, home: bool = False
) -> Json:
    """The form of a step, or what it all came to. `left`: who is of the team no more, so that what
    was typed for them was left out."""
    match shown:
        case LinesForm():
            view = _lines(shown, left, editing=editing, home=home)
        case CoachingWeek():
            view = _coaching(shown, left, home=home)
        case CommitmentsForm():
            view = _commitments(shown, left, editing=editing, home=home)
        case AgendaForm():
            view = _agenda(shown, left, editing=editing, home=home)
        case ForecastDm():
            return end(shown)
    return view | {"notify_on_close": True}


def _head(flow: FlowShown, number: int, page: int, pages: int, left: Sequence[Who]) -> list[Json]:
    """How far it is, which page of how many, and who was left out."""
    said: list[Line] = [(f"{phrases.progress(flow)} · now: {phrases.STEPS[number - 1]}",)]
    if pages > 1:
        said.append((f"Page {page + 1} of {pages}",))
    if left:
        gone = words.listed([words.said(one.name, NAME) for one in left])
        said.append((f"No longer of this team, and left out: {gone}",))
    return [context(joined(said))]


def _drawn(
    callback: Id,
    number: int,
    name: str,
    blocks: list[Json],
    meta: FlowMeta,
    submit: str = "Next",
) -> Json:
    title = f"{name} · {number} of {len(phrases.STEPS)}"
    said = meta.model_dump_json()
    if not meta.editing:
        kept = "Later keeps what was sent before, not what stands in this form."
        blocks = [*blocks, context((kept,))]
    return modal(
        callback,
        name if meta.editing else title,
        blocks,
        submit="Save" if meta.editing else submit,
        close="Cancel" if meta.editing else "Later",
        private_metadata=said,
    )


def _entries(people: Sequence[LineAsked | CommitmentAsked]) -> dict[int, int]:
    return {one.person.id: one.entry_id for one in people if one.entry_id is not None}


# --- figures


def _lines(shown: LinesForm, left: Sequence[Who], *, editing: bool, home: bool) -> Json:
    flow = shown.flow
    blocks = _head(flow, 1, shown.page, shown.pages, left)
    blocks.append(context(*_rule(shown)))
    form = lines_form((one.person.id for one in shown.people), flow.team.currency, flow.team.locale)
    for one in shown.people:
        blocks += [lines.rich_text(*_person(one)), *_amounts(form, one)]
    if not shown.people:
        blocks.append(lines.rich_text(("The team has no reps yet: there is nothing to forecast.",)))
    meta = FlowMeta(
        forecast=flow.forecast_id,
        page=shown.page,
        people=[one.person.id for one in shown.people],
        editing=editing,
        home=home,
        seen=_entries(shown.people),
    )
    return _drawn(Id.SAVE_FIGURES, 1, "Forecast", blocks, meta)


def _rule(shown: LinesForm) -> list[Line]:
    """What the prefill counts, in one line; then what the last forecast beside it was of."""
    by = words.day(shown.flow.ends_on)
    named = {tier: _named(names) for tier, names in shown.stages.items()}
    said: list[Line] = [
        (
            f"Prefilled from the deals: commit = won so far + {named[Tier.COMMIT]};"
            f" best case = + {named[Tier.BEST_CASE]}; pipeline = + {named[Tier.PIPELINE]};"
            f" closing by {by}.",
        )
    ]
    if shown.deals_as_of:
        said.append(("Deals as of ", Moment(shown.deals_as_of, shown.flow.team.zone)))
    if shown.before_day:
        of = " of the same period"
        if shown.before_ends_on:
            of = f" of another period, until {words.day(shown.before_ends_on, shown.flow.day)}"
        said.append((f"“Last” is the forecast of {words.day(shown.before_day)},{of}.",))
    return said


def _named(stages: Sequence[str]) -> str:
    return words.listed([words.said(name, 40) for name in stages]) if stages else "nothing"


def _person(one: LineAsked) -> list[Line]:
    facts: list[Line] = [(who(one.person),), (f"won {figure(one.won)}",)]
    facts.append((f"quota {figure(one.quota)}" if one.quota else "no quota",))
    said = [joined(facts)]
    if one.before:
        said.append((f"Last: {phrases.three(one.before)}",))
    if one.uncounted:
        deals = words.plural(one.uncounted, "deal")
        said.append((Italic(f"{deals} without an amount in this currency: not counted"),))
    return said


def _amounts(form: type[LinesOfPage], one: LineAsked) -> list[Json]:
    fields = {tier: money_field(one.person.id, tier) for tier in Tier}
    name = words.said(one.person.name, NAME)
    amounts = {
        Tier.COMMIT: one.start.commit,
        Tier.BEST_CASE: one.start.best_case,
        Tier.PIPELINE: one.start.pipeline,
    }
    start: dict[str, Any] = {
        fields[tier]: typed_money(money.minor, money.currency, money.locale)
        for tier, money in amounts.items()
    }
    labels = {field: f"{name}: {LABELS[tier]}" for tier, field in fields.items()}
    return form.blocks(only=fields.values(), labels=labels, **start)


# --- coaching


def _coaching(shown: CoachingWeek, left: Sequence[Who], *, home: bool) -> Json:
    blocks = _head(shown.flow, 2, 0, 1, left)
    blocks += _hidden("coaching", shown.manager) if shown.people is None else _week(shown.people)
    meta = FlowMeta(forecast=shown.flow.forecast_id, home=home)
    return _drawn(Id.SAVE_COACHING, 2, "Coaching", blocks, meta)


def _hidden(what: str, manager: Who | None) -> list[Json]:
    """To who stands in: this is between each rep and the chain."""
    if manager is None:
        return [lines.rich_text((f"The reps' {what} is for their manager: go on.",))]
    return [lines.rich_text((f"The reps' {what} is for ", who(manager), " and above: go on."))]


def _week(people: Sequence[CoachedInWeek]) -> list[Json]:
    """Who had none first, each with a way to log it; then what the others had."""
    none = [one for one in people if not one.sessions]
    some = [one for one in people if one.sessions]
    due = [one for one in people if one.one_on_one not in (None, State.EXCUSED)]
    held = [one for one in due if one.one_on_one is State.HELD]
    blocks: list[Json] = []
    if none:
        count = f"{len(none)} of {words.plural(len(people), 'rep')}"
        blocks.append(lines.rich_text((Bold(f"No coaching logged this week: {count}"),)))
        blocks += [_uncoached(one) for one in none[:_MOST_UNCOACHED]]
    else:
        blocks.append(lines.rich_text((Bold("Every rep had coaching this week."),)))
    if some:
        blocks += [divider(), lines.rich_list(_coached(one) for one in some[:_MOST_COACHED])]
    counted = f"One-on-ones held this week: {len(held)} of {len(due)} due" if due else ""
    return [*blocks, context((counted or "No one-on-one was due this week.",))]


def _uncoached(one: CoachedInWeek) -> Json:
    log = button("Log coaching", Id.OPEN_LOG, one.person.id) if one.may_log else None
    return section(joined([(who(one.person),), _sat(one)]), log)


def _coached(one: CoachedInWeek) -> Line:
    spent = f": {words.plural(one.sessions, 'session')}, {words.duration(one.minutes)}"
    return joined([(who(one.person), spent), _sat(one)])


def _sat(one: CoachedInWeek) -> Line:
    if one.one_on_one is None:
        return ()
    state = "not recorded yet" if one.one_on_one is State.DUE else one.one_on_one.value
    return (f"one-on-one {state}",)


# --- commitments


def _commitments(shown: CommitmentsForm, left: Sequence[Who], *, editing: bool, home: bool) -> Json:
    flow = shown.flow
    blocks = _head(flow, 3, shown.page, shown.pages, left)
    people = shown.people or ()
    if shown.people is None:
        blocks += _hidden("weekly commitment", shown.manager)
    else:
        blocks.append(context(*_how(shown)))
        form = commitments_form(one.person.id for one in people)
        for one in people:
            blocks += [lines.rich_text(*_result(one)), *_numbers(form, one)]
    meta = FlowMeta(
        forecast=flow.forecast_id,
        page=shown.page,
        people=[one.person.id for one in people],
        editing=editing,
        home=home,
        seen=_entries(people),
    )
    return _drawn(Id.SAVE_COMMITMENTS, 3, "Commitments", blocks, meta)


def _how(shown: CommitmentsForm) -> list[Line]:
    """For which week, and how it is decided."""
    told = f"known until {words.day(shown.told_until)}" if shown.told_until else "never imported"
    return [
        (f"For the week of {words.day(shown.monday)}; empty: none is agreed.",),
        (f"The data alone decide: activities (logged contacts with customers) are {told}.",),
    ]


def _result(one: CommitmentAsked) -> list[Line]:
    this_week = phrases.result(one.result) if one.result else ""
    return [(who(one.person), f" · this week: {this_week or 'nothing was agreed'}")]


def _numbers(form: type[CommitmentsOfPage], one: CommitmentAsked) -> list[Json]:
    """A nought, which an earlier version took, is no number to go on from."""
    fields = {what: number_field(one.person.id, what) for what in NUMBERS}
    name = words.said(one.person.name, NAME)
    return form.blocks(
        only=fields.values(),
        labels={field: f"{name}: {NUMBERS[what]}" for what, field in fields.items()},
        **{field: getattr(one.start, what) or None for what, field in fields.items()},
    )


# --- agenda


def _agenda(shown: AgendaForm, left: Sequence[Who], *, editing: bool, home: bool) -> Json:
    blocks = _head(shown.flow, 4, 0, 1, left)
    stands = shown.lines or tuple(suggested(shown))
    monday = words.day(shown.monday)
    told = "What stands." if shown.lines else "Suggested from this week: change it as you like."
    blocks.append(context((f"For {monday}. {told}",)))
    blocks += AgendaLines.blocks(agenda="\n".join(stands))
    items = [*shown.item_ids]
    meta = FlowMeta(forecast=shown.flow.forecast_id, editing=editing, home=home, items=items)
    return _drawn(Id.SAVE_AGENDA, 4, "Agenda", blocks, meta, "Done")


def suggested(shown: AgendaForm) -> list[str]:
    """The suggestions in words, each fit to be a line of an agenda."""
    said: list[str] = []
    if shown.missing:
        times = words.times(shown.standard, shown.missing.locale)
        said.append(f"Pipeline: {figure(shown.missing)} short of {times} what remains of the quota")
    for one in shown.slipped:
        to = f"to {words.day(one.to)}" if one.to else "and has none now"
        moved = f"close date moved from {words.day(one.before)} {to}"
        said.append(f"{words.said(one.name, NAME)}: {moved}")
    if shown.not_in_crm:
        deals = words.listed([words.said(name, 40) for name in shown.not_in_crm], 5)
        said.append(f"Not yet in the CRM: {deals}")
    return [words.cut(line, MOST_ITEM) for line in said[:MOST_ITEMS]]


# --- the end, and what stands


def end(shown: ForecastDm) -> Json:
    """How long it took, and what its forecasts are measured by."""
    flow = shown.flow
    blocks = [lines.rich_text(phrases.title(flow), phrases.standing(flow))]
    if shown.total:
        blocks.append(lines.rich_text((f"The team: {phrases.three(shown.total)}",)))
    if below := asides(shown):
        blocks.append(lines.rich_text(*below))
    return modal(Id.NOTE, "Forecast", blocks, close="Close")


def trail(shown: ForecastTrail) -> Json:
    """Everything that was given, newest first."""
    blocks = [lines.rich_text(phrases.title(shown.flow))]
    newest = [_version(one, shown.flow.team.zone) for one in reversed(shown.lines)]
    blocks.append(lines.rich_list(newest[:_MOST_VERSIONS] or [("Nothing was given yet.",)]))
    if shown.commitments:
        zone = shown.flow.team.zone
        agreed = [_agreed(one, zone) for one in reversed(shown.commitments)][:_MOST_VERSIONS]
        blocks += [lines.rich_text((Bold("Commitments"),)), lines.rich_list(agreed)]
    return modal(Id.NOTE, "Trail", blocks, close="Close")


def _version(one: LineVersion, zone: str) -> Line:
    given: Line = (who(one.person), f": {phrases.short_three(one.figures)}, by ", who(one.by), ", ")
    said = f" · the deals said {phrases.short_three(one.suggested)}"
    return *given, Moment(one.at, zone), said, *_replaced(one)


def _agreed(one: CommitmentVersion, zone: str) -> Line:
    numbers = [
        counted(number)
        for number, counted in (
            (one.activities, phrases.activities),
            (one.conversions, phrases.advanced),
        )
        if number is not None
    ]
    said: Line = (who(one.person), f": {' · '.join(numbers) or 'none agreed'}, by ", who(one.by))
    return *said, ", ", Moment(one.at, zone), *_replaced(one)


def _replaced(one: LineVersion | CommitmentVersion) -> Line:
    return () if one.is_current else (Italic(" · replaced"),)


# --- the command


def overview(shown: ForecastOverview) -> Json:
    """Each team's forecast, with its button; to a rep the own line."""
    blocks: list[Json] = []
    alone = len(shown.teams) == 1
    for one in shown.teams[:_MOST_TEAMS]:
        blocks += _team(one, shown.person, alone)
    if shown.own:
        figures = f": {phrases.three(shown.own.figures)}"
        of = f"Your line of {words.day(shown.own.day)}, for "
        about = phrases.period(shown.own.starts_on, shown.own.ends_on)
        blocks.append(lines.rich_text((of, Bold(about), figures)))
    if not blocks:
        nobody: Line = ("Who runs a team is asked for its forecast on Fridays. You run none.",)
        blocks.append(lines.rich_text(nobody))
    return modal(Id.NOTE, "Forecast", blocks, close="Close")


def _team(one: TeamForecast, reader: Who, alone: bool) -> list[Json]:
    name = Bold(words.said(one.team.name))
    if one.current and not one.current.finished:
        flow = one.current
        said = joined([(name,), (phrases.progress(flow),), phrases.at_it(flow, reader)])
        return [
            section(said, phrases.next_button(flow, reader)),
            context(phrases.standing(flow)),
        ]
    parts: list[Line] = [(name,)]
    if one.next_at:
        parts.append(("the next one comes ", Moment(one.next_at, one.team.zone)))
    if one.last is None or one.total is None:
        return [lines.rich_text(joined([*parts, ("none was made yet",)]))]
    head: Line = (f"The last one, {words.day(one.last.day)}: {phrases.three(one.total)}. ",)
    blocks = [lines.rich_text(joined(parts), (*head, *phrases.standing(one.last)))]
    if alone and one.lines:
        blocks.append(lines.rich_list(phrases.listed(one.lines)))
    return blocks
