"""Friday's message to who runs the team: the four steps, how far it is, and what came of it.

Nothing of its figures stands in a notification.
"""

from handlers import lines, words
from handlers.blocks import actions, button, context, menu, table
from handlers.forecast import phrases
from handlers.forms import Json
from handlers.ids import Choice, Id
from handlers.lines import Bold, Line
from handlers.message import Rendered
from handlers.pipeline_review.phrases import figure, who
from models.forecast import Step
from models.screens import FiguresShown, ForecastDm

_ROWS = 60  # of a table; Slack takes a hundred


def dm(shown: ForecastDm) -> Rendered:
    flow = shown.flow
    text: Line = (f"Friday forecast of {words.said(flow.team.name)}",)
    blocks = _finished(shown) if flow.finished else _to_do(shown)
    return Rendered(lines.text(text), blocks)


def _to_do(shown: ForecastDm) -> list[Json]:
    flow = shown.flow
    steps: Line = (" → ".join(phrases.STEPS),)
    said = [phrases.title(flow), steps, (phrases.progress(flow),), phrases.at_it(flow, shown.to)]
    if shown.stands_in_for and flow.runner is None:
        said.append(("You are asked in place of ", who(shown.stands_in_for), "."))
    blocks = [lines.rich_text(*said), context(phrases.standing(flow))]
    if flow.over:
        return blocks
    pressed = [phrases.next_button(flow, shown.to)]
    is_mine = flow.runner is not None and flow.runner.id == shown.to.id
    if is_mine and flow.running:
        pressed.append(button("Later", Id.FORECAST_LATER, flow.forecast_id))
    if is_mine and flow.steps_done:
        pressed.append(_menu(shown))
    return [*blocks, actions(*pressed)]


def _menu(shown: ForecastDm) -> Json:
    """What was given can be changed until it is over, and its trail read."""
    flow, subject = shown.flow, shown.flow.forecast_id
    choices = [(Choice.FIGURES, subject, "Change the forecast")]
    if shown.chain and flow.steps_done >= Step.COMMITMENTS:
        choices.append((Choice.COMMITMENTS, subject, "Change the commitments"))
    if flow.steps_done >= Step.AGENDA:
        choices.append((Choice.AGENDA, subject, "Change Monday's agenda"))
    choices.append((Choice.TRAIL, subject, "Trail"))
    return menu(Id.FORECAST_MENU, choices, {})


def _finished(shown: ForecastDm) -> list[Json]:
    blocks = [lines.rich_text(phrases.title(shown.flow), phrases.took(shown.flow))]
    if shown.lines:
        blocks.append(_table(shown))
    if below := asides(shown):
        blocks.append(context(*below))
    return blocks if shown.flow.over else [*blocks, actions(_menu(shown))]


def asides(shown: ForecastDm) -> list[Line]:
    """What stands below the figures: the last forecast's period, measures, what is lacking."""
    said: list[Line] = []
    if shown.before_day and shown.before_ends_on:
        until = words.day(shown.before_ends_on, shown.flow.day)
        said.append((f"The last forecast, {words.day(shown.before_day)}, was of another period,"
                     f" until {until}.",))  # fmt: skip
    if shown.measures:
        said += phrases.measures(shown.measures)
    if shown.chain and shown.lacking:
        reps = words.plural(shown.lacking, "rep has", "reps have")
        said.append((f"{reps} no commitments for next week yet: see ⋯.",))
    return said


def _table(shown: ForecastDm) -> Json:
    """A row per person, and the team's; the last forecast's commit beside it."""
    before = shown.before_day is not None
    heads = ["", "Commit", "Best case", "Pipeline"]
    if shown.before_day:
        heads.append(f"Commit {words.day(shown.before_day)}")
    rows: list[list[Line]] = [[(Bold(head),) if head else () for head in heads]]
    rows += [
        _row((who(one.person),), one.figures, one.before, before) for one in shown.lines[:_ROWS]
    ]
    if shown.total:
        team: Line = (Bold("The team"),)
        rows.append(_row(team, shown.total, shown.total_before, before))
    return table(rows)


def _row(
    name: Line, figures: FiguresShown, before: FiguresShown | None, has_before: bool
) -> list[Line]:
    three = (figures.commit, figures.best_case, figures.pipeline)
    cells: list[Line] = [name, *((figure(one),) for one in three)]
    if has_before:
        cells.append((figure(before.commit),) if before else ())
    return cells
