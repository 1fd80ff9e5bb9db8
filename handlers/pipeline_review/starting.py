"""Starting a review: which team, which deals, deciding now or later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers import words
from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import Wrong, checked, entered
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.pipeline_review import modals
from handlers.pipeline_review.forms import StartForm, TeamForm, When
from handlers.pipeline_review.modals import StartMeta
from handlers.pipeline_review.standing import said, statuses
from handlers.replies import note_of, open_modal, tell, update_modal
from models.access import Act, may, teams_for
from models.days import day_off
from models.people import Person, Team, team, today_of
from models.pipeline_review import (
    NoChannel,
    NoDeals,
    ReviewKind,
    first_decider,
    open_review,
    start_review,
)
from models.schedule import instant
from models.screens import ReviewStatus, review_status, start_form


def register(app: App, context: Context) -> None:
    starting = Starting(context)
    app.action(str(Id.START))(starting.press)
    app.action(str(Id.CHOOSE_TIME))(starting.choose_time)
    app.view(str(Id.WHICH_TEAM))(starting.team)
    app.view(str(Id.START_REVIEW))(starting.start)


@dataclass(frozen=True)
class Shown:
    """What a person gets who wants a review: a modal, or else how the reviews stand."""

    view: dict[str, Any] | None = None
    statuses: tuple[ReviewStatus, ...] = ()


class Starting:
    def __init__(self, context: Context) -> None:
        self.context = context

    def press(self, ack: Ack, body: dict[str, Any]) -> None:
        """A button "Start a review": of the team in its value, or of the one to be asked for."""
        incoming = Incoming.of(body)
        value = body["actions"][0].get("value")
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            chosen = team(session, int(value)) if value else None
            shown = self.for_team(session, actor, chosen, home=incoming.from_home)
        if shown.view is not None:
            open_modal(self.context, incoming, shown.view)
        else:
            tell(self.context, incoming, said(self.context, incoming, shown.statuses))
        ack()

    def for_team(
        self, session: Session, actor: Person, chosen: Team | None, *, home: bool = False
    ) -> Shown:
        """The start modal of a team; its status where a review runs or the person may not start;
        without a team, the question which one. Raises `NoDeals`, `NoChannel`."""
        now = self.context.now()
        if chosen is None:
            led = [one for one in teams_for(session, actor) if _may_start(session, actor, one)]
            if not led:
                return Shown(statuses=statuses(session, actor, now))
            return Shown(view=modals.which_team([(one.id, one.name) for one in led]))
        runs = open_review(session, chosen.id) is not None
        if runs or not _may_start(session, actor, chosen):
            return Shown(statuses=(review_status(session, actor, chosen, now),))
        form = start_form(session, actor, chosen, now)
        if not form.deals:
            raise NoDeals(chosen.id)
        if chosen.channel_id is None:
            raise NoChannel(chosen.id)
        return Shown(view=modals.start(form, home=home))

    def team(self, ack: Ack, body: dict[str, Any]) -> None:
        """Which team was answered: on to its start, or to how its review stands."""
        incoming = Incoming.of(body)
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            now = self.context.now()
            form = checked(TeamForm, body["view"], today=now.date())
            shown = self.for_team(session, actor, team(session, form.team))
        view = shown.view or note_of(said(self.context, incoming, shown.statuses))
        ack(response_action="update", view=view)

    def choose_time(self, ack: Ack, body: dict[str, Any]) -> None:
        """Live or later was chosen: the modal shows or hides the moment."""
        incoming, view = Incoming.of(body), body["view"]
        when = When(body["actions"][0]["selected_option"]["value"])
        update_modal(self.context, incoming, view, self._redrawn(incoming, view, when))
        ack()

    def start(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, view = Incoming.of(body), body["view"]
        meta = StartMeta.model_validate_json(view["private_metadata"])
        if (when := When(entered(view).get("when", meta.when))) is not meta.when:
            ack(response_action="update", view=self._redrawn(incoming, view, when))
            return

        def start(session: Session, actor: Person, now: datetime) -> None:
            of = team(session, meta.team_id)
            form = checked(StartForm, view, today=today_of(of, now))
            start_review(
                session,
                actor,
                of,
                form.deal_ids(),
                now,
                kind=ReviewKind.AD_HOC,
                decide_from=_decide_from(session, actor, form, of, now),
            )

        do_once(self.context, incoming, start)
        ack()

    def _redrawn(self, incoming: Incoming, view: dict[str, Any], when: When) -> dict[str, Any]:
        meta = StartMeta.model_validate_json(view["private_metadata"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            of = team(session, meta.team_id)
            shown = start_form(session, actor, of, self.context.now())
        return modals.start(shown, when, home=meta.home)


def _may_start(session: Session, actor: Person, of: Team) -> bool:
    return may(session, actor, Act.START_REVIEW, team_id=of.id)


def _decide_from(
    session: Session, actor: Person, form: StartForm, of: Team, now: datetime
) -> datetime:
    if form.on is None or form.at is None:
        return now
    moment = instant(form.on, form.at, of.zone)
    if moment <= now:
        raise Wrong({"on": "That is in the past. Choose a later time."})
    decider = first_decider(session, of.id)
    if decider and day_off(session, decider, form.on) is not None:
        whose = f"a day off of {words.said(decider.name)}, who decides"
        said = f"{words.day(form.on)} is {'your day off' if decider.id == actor.id else whose}."
        raise Wrong({"on": f"{said} Choose a working day."})
    return moment
