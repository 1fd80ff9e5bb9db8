"""The buttons and forms of a forecast, and `/cadence forecast`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.blocks import chosen
from handlers.context import Context
from handlers.deeds import do_once
from handlers.forecast import modals
from handlers.forecast.forms import AgendaLines, FlowMeta, commitments_form, lines_form
from handlers.forms import checked
from handlers.ids import Choice, Id
from handlers.incoming import Incoming
from handlers.replies import open_modal
from models import forecast, screens
from models.forecast import Forecast, Step
from models.people import Person, team

Json = dict[str, Any]
Save = Callable[[Session, Person, Forecast, datetime], Sequence[int]]
"""Keeps what a form holds; who of it was left out."""

_STEPS = {
    Choice.FIGURES: Step.FORECAST,
    Choice.COMMITMENTS: Step.COMMITMENTS,
    Choice.AGENDA: Step.AGENDA,
}


def register(app: App, context: Context) -> None:
    fridays = Fridays(context)
    app.action(str(Id.FORECAST_NEXT))(fridays.next)
    app.action(str(Id.FORECAST_LATER))(fridays.later)
    app.action(str(Id.FORECAST_MENU))(fridays.menu)
    forms = {
        Id.SAVE_FIGURES: fridays.save_figures,
        Id.SAVE_COACHING: fridays.pass_coaching,
        Id.SAVE_COMMITMENTS: fridays.save_commitments,
        Id.SAVE_AGENDA: fridays.save_agenda,
    }
    for callback, save in forms.items():
        app.view_submission(str(callback))(save)
        app.view_closed(str(callback))(fridays.closed)


class Fridays:
    def __init__(self, context: Context) -> None:
        self.context = context

    def command(self, incoming: Incoming) -> None:
        """`/cadence forecast`: the forecast that is to be done, if there is one alone; else where
        each team's stands."""
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = screens.forecast_overview(session, actor, self.context.now())
        current = [one.current for one in shown.teams if one.current and not one.current.finished]
        if len(shown.teams) == 1 and current and _is_free(current[0].runner, shown.person):
            self._begin(incoming, current[0].forecast_id)
            return
        open_modal(self.context, incoming, modals.overview(shown))

    def next(self, ack: Ack, body: Json) -> None:
        """Start, Next, Take over."""
        self._begin(Incoming.of(body), int(body["actions"][0]["value"]))
        ack()

    def _begin(self, incoming: Incoming, forecast_id: int) -> None:
        def begin(session: Session, actor: Person, now: datetime) -> None:
            forecast.begin(session, actor, forecast_id, now)

        do_once(self.context, incoming, begin)
        view = modals.step(self._step(incoming, forecast_id), home=incoming.from_home)
        open_modal(self.context, incoming, view)

    def later(self, ack: Ack, body: Json) -> None:
        forecast_id = int(body["actions"][0]["value"])

        def put_aside(session: Session, actor: Person, now: datetime) -> None:
            forecast.put_aside(session, actor, forecast_id, now)

        do_once(self.context, Incoming.of(body), put_aside)
        ack()

    def closed(self, ack: Ack, body: Json) -> None:
        """A form was closed: what was submitted stands, and the clock stops."""
        incoming = Incoming.of(body)
        meta = FlowMeta.model_validate_json(body["view"]["private_metadata"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            forecast.leave(session, actor, meta.forecast, self.context.now())
        ack()

    def menu(self, ack: Ack, body: Json) -> None:
        """⋯: a step to be changed, or the trail."""
        incoming = Incoming.of(body)
        choice, forecast_id = chosen(body["actions"][0]["selected_option"]["value"])
        if choice is Choice.TRAIL:
            with self.context.database.transaction(incoming.workspace_id) as session:
                actor, now = incoming.person(session), self.context.now()
                view = modals.trail(screens.forecast_trail(session, actor, forecast_id, now))
        else:
            shown = self._step(incoming, forecast_id, _STEPS[choice], 0)
            view = modals.step(shown, editing=True, home=incoming.from_home)
        open_modal(self.context, incoming, view)
        ack()

    # the steps

    def save_figures(self, ack: Ack, body: Json) -> None:
        view = body["view"]
        meta = _meta(view)

        def save(session: Session, actor: Person, of: Forecast, now: datetime) -> Sequence[int]:
            form = lines_form(meta.people, of.currency, team(session, of.team_id).locale)
            given = checked(form, view, today=of.day).given()
            return forecast.save_lines(session, actor, of.id, given, now, meta.seen)

        self._saved(ack, body, Step.FORECAST, save)

    def pass_coaching(self, ack: Ack, body: Json) -> None:
        self._saved(ack, body, Step.COACHING, _pass(Step.COACHING))

    def save_commitments(self, ack: Ack, body: Json) -> None:
        """Of who stands in nothing is asked there: the step is passed."""
        view = body["view"]
        meta = _meta(view)

        def save(session: Session, actor: Person, of: Forecast, now: datetime) -> Sequence[int]:
            given = checked(commitments_form(meta.people), view, today=of.day).given()
            return forecast.save_commitments(session, actor, of.id, given, now, meta.seen)

        self._saved(ack, body, Step.COMMITMENTS, save if meta.people else _pass(Step.COMMITMENTS))

    def save_agenda(self, ack: Ack, body: Json) -> None:
        view = body["view"]
        meta = _meta(view)

        def save(session: Session, actor: Person, of: Forecast, now: datetime) -> Sequence[int]:
            lines = checked(AgendaLines, view, today=of.day).lines()
            forecast.save_agenda(session, actor, of.id, lines, now, meta.items)
            return ()

        self._saved(ack, body, Step.AGENDA, save)

    def _saved(self, ack: Ack, body: Json, step: Step, save: Save) -> None:
        """Keeps a form and goes on in the same modal: to the next page, the next step, the end."""
        incoming, meta = Incoming.of(body), _meta(body["view"])
        left: list[int] = []

        def keep(session: Session, actor: Person, now: datetime) -> None:
            of = forecast.get_forecast(session, meta.forecast)
            left.extend(save(session, actor, of, now))
            if meta.editing:
                forecast.leave(session, actor, of.id, now)

        do_once(self.context, incoming, keep)
        view = self._goes_on(incoming, meta, step, left)
        if view is None:
            ack()
        else:
            ack(response_action="update", view=view)

    def _goes_on(
        self, incoming: Incoming, meta: FlowMeta, step: Step, left: Sequence[int]
    ) -> Json | None:
        page = meta.page + 1
        shown = self._step(incoming, meta.forecast, *((step, page) if meta.editing else ()))
        if meta.editing and getattr(shown, "page", meta.page) != page:
            return None
        with self.context.database.transaction(incoming.workspace_id) as session:
            gone = screens.who(session, left)
        return modals.step(shown, left=gone, editing=meta.editing, home=meta.home)

    def _step(
        self,
        incoming: Incoming,
        forecast_id: int,
        step: Step | None = None,
        page: int | None = None,
    ) -> screens.StepForm:
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor, now = incoming.person(session), self.context.now()
            return screens.forecast_step(session, actor, forecast_id, now, step, page)


def _meta(view: Json) -> FlowMeta:
    return FlowMeta.model_validate_json(view["private_metadata"])


def _pass(step: Step) -> Save:
    def passed(session: Session, actor: Person, of: Forecast, now: datetime) -> Sequence[int]:
        forecast.pass_step(session, actor, of.id, step, now)
        return ()

    return passed


def _is_free(runner: screens.Who | None, reader: screens.Who) -> bool:
    """Whether nobody else is at it: taking over is asked for by its button."""
    return runner is None or runner.id == reader.id
