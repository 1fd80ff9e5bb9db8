"""`/cadence setup` and the steps of its message: who begins, what each step asks and keeps."""

from datetime import date, datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import Json, checked
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.lines import Line, Mention, joined
from handlers.replies import open_modal, tell_line, update_modal
from handlers.setup import forms, modals
from handlers.setup.directory import Account, SlackRefused
from handlers.setup.found import Found, known
from handlers.setup.previews import INERT
from handlers.setup.refusals import NOBODY
from models import channels, screens, setup
from models.delivery import received_first
from models.people import Person, person_by_slack_id, team
from models.setup import ReviewTimes, TeamSaid, WeekTime

_SENT: Line = ("The steps are in your messages with Cadence, under Apps.",)
_PREVIEW: Line = ("This is a preview: the button does nothing here.",)


def register(app: App, context: Context) -> None:
    steps = Steps(context)
    app.action(str(Id.SET_UP))(steps.begin_from_button)
    app.action(str(Id.SETUP_TURN))(steps.turn)
    app.action(str(Id.SETUP_TEAM))(steps.open_team)
    app.action(str(Id.SETUP_PEOPLE))(steps.open_people)
    app.action(str(Id.SETUP_QUOTAS))(steps.open_quotas)
    app.action(str(Id.CHOOSE_QUARTER))(steps.choose_quarter)
    app.action(str(Id.SETUP_TIMES))(steps.open_times)
    app.action(str(Id.SETUP_PREVIEW))(steps.preview)
    app.action(str(Id.SETUP_START))(steps.start)
    app.action(str(Id.SETUP_CHECK))(steps.check)
    for inert in INERT:
        app.action(str(inert))(steps.previewed)
    app.view(str(Id.SAVE_TEAM))(steps.save_team)
    app.view(str(Id.SAVE_PEOPLE))(steps.save_people)
    app.view(str(Id.SAVE_QUOTAS))(steps.save_quotas)
    app.view(str(Id.SAVE_TIMES))(steps.save_times)


class Steps:
    def __init__(self, context: Context) -> None:
        self.context = context

    # --- beginning

    def begin(self, incoming: Incoming) -> Line:
        """Sends the steps to an admin; somebody else becomes one first, or hears who can."""
        now = self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            here = person_by_slack_id(session, incoming.slack_id)
            if here is not None and here.is_admin and here.active:
                return self._open(session, incoming, here, now)
        found = Found(self.context.client_for(incoming.workspace_id))
        try:
            me = found.me(incoming.slack_id)
        except SlackRefused as refused:
            return (str(refused),)
        runs_slack = me.runs_slack and not me.is_guest
        try:
            with self.context.database.transaction(incoming.workspace_id) as session:
                admin = setup.claim(session, known(me), now, runs_slack=runs_slack)
                return self._open(session, incoming, admin, now)
        except setup.NotTheirs:
            return self._who_can(found)

    def _open(self, session: Session, incoming: Incoming, admin: Person, now: datetime) -> Line:
        if received_first(session, incoming.once, now):
            setup.open_setup(session, admin, now)
        return _SENT

    def _who_can(self, found: Found) -> Line:
        try:
            who: list[Account] = found.who_run_slack()[:3]
        except SlackRefused:
            who = []
        if not who:
            return NOBODY
        named = joined([(Mention(one.slack_id, one.name),) for one in who], " or ")
        return (
            "Nobody is set up here yet. An admin or owner of this Slack workspace begins: ",
            *named,
            ".",
        )

    def begin_from_button(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        tell_line(self.context, incoming, self.begin(incoming))
        ack()

    def turn(self, ack: Ack, body: dict[str, Any]) -> None:
        setup_id, team_id = map(int, _value(body).split(":"))

        def turned(session: Session, actor: Person, now: datetime) -> None:
            setup.turn_to(session, actor, setup_id, team_id, now)

        do_once(self.context, Incoming.of(body), turned)
        ack()

    # --- a team

    def open_team(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, said = Incoming.of(body), _value(body)
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = screens.team_form(session, actor, int(said) if said else None)
        open_modal(self.context, incoming, modals.team(shown))
        ack()

    def save_team(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, view = Incoming.of(body), body["view"]
        form = checked(forms.TeamForm, view, today=self.context.now().date())
        team_id = _team_id(view) if view["private_metadata"] else None
        self._require_admin(incoming)
        found = Found(self.context.client_for(incoming.workspace_id))
        people = found.people([("manager", form.manager)])
        channel = found.check_channel(form.channel, may_be_public=form.public)
        said = TeamSaid(
            name=form.name,
            manager=people[form.manager],
            channel_id=channel.id,
            channel_may_be_public=form.public,
            currency=form.currency,
            zone=form.zone,
            locale=form.locale,
        )

        def save(session: Session, actor: Person, now: datetime) -> None:
            made = setup.save_team(session, actor, said, team_id, now)
            if team_id is None:
                setup.open_setup(session, actor, now, made.id)

        do_once(self.context, incoming, save)
        ack()

    # --- its people

    def open_people(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, now = Incoming.of(body), self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            shown = screens.people_form(session, actor, int(_value(body)), now)
        open_modal(self.context, incoming, modals.people(shown))
        ack()

    def save_people(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, view = Incoming.of(body), body["view"]
        form = checked(forms.PeopleForm, view, today=self.context.now().date())
        self._require_admin(incoming)
        chosen = [("reps", rep) for rep in form.reps]
        if form.leader:
            chosen.append(("leader", form.leader))
        people = Found(self.context.client_for(incoming.workspace_id)).people(chosen)
        reps = [people[rep] for rep in dict.fromkeys(form.reps)]
        leader = people[form.leader] if form.leader else None

        def save(session: Session, actor: Person, now: datetime) -> None:
            setup.save_people(session, actor, _team_id(view), reps, leader, now)

        do_once(self.context, incoming, save)
        ack()

    def _require_admin(self, incoming: Incoming) -> None:
        """Before Slack is asked anything on somebody's behalf."""
        with self.context.database.transaction(incoming.workspace_id) as session:
            setup.require_admin(session, incoming.person(session))

    # --- quotas

    def open_quotas(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        shown = self._quotas(incoming, int(_value(body)))
        open_modal(self.context, incoming, modals.quotas(shown))
        ack()

    def choose_quarter(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, view = Incoming.of(body), body["view"]
        quarter = date.fromisoformat(body["actions"][0]["selected_option"]["value"])
        meta = forms.QuotaMeta.model_validate_json(view["private_metadata"])
        drawn = modals.quotas(self._quotas(incoming, meta.team, quarter))
        update_modal(self.context, incoming, view, drawn)
        ack()

    def save_quotas(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, view = Incoming.of(body), body["view"]
        meta = forms.QuotaMeta.model_validate_json(view["private_metadata"])
        shown = self._quotas(incoming, meta.team, meta.quarter)
        amounts = checked(forms.quotas_form(shown), view, today=shown.today).amounts()

        def save(session: Session, actor: Person, now: datetime) -> None:
            setup.save_quotas(session, actor, meta.team, shown.quarter, amounts, now)

        do_once(self.context, incoming, save)
        ack()

    def _quotas(
        self, incoming: Incoming, team_id: int, quarter: date | None = None
    ) -> screens.QuotasForm:
        now = self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            actor = incoming.person(session)
            return screens.quotas_form(session, actor, team_id, now, quarter)

    # --- times

    def open_times(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        with self.context.database.transaction(incoming.workspace_id) as session:
            shown = screens.times_form(session, incoming.person(session), int(_value(body)))
        open_modal(self.context, incoming, modals.times(shown))
        ack()

    def save_times(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, view = Incoming.of(body), body["view"]
        form = checked(forms.TimesForm, view, today=self.context.now().date())
        times = ReviewTimes(
            WeekTime(int(form.cards_day), form.cards_at),
            WeekTime(int(form.deciding_day), form.deciding_at),
            is_on=bool(form.runs),
        )

        def save(session: Session, actor: Person, now: datetime) -> None:
            setup.save_times(session, actor, _team_id(view), times, now, fixed=form.fixed())

        do_once(self.context, incoming, save)
        ack()

    # --- preview, start

    def preview(self, ack: Ack, body: dict[str, Any]) -> None:
        """Owes a preview of each prompt; says so where there is nothing to show yet."""
        incoming, counted = Incoming.of(body), [-1]

        def ask(session: Session, actor: Person, now: datetime) -> None:
            counted[0] = setup.ask_previews(session, actor, int(_value(body)), now)
            setup.show(session, now)

        do_once(self.context, incoming, ask)
        if counted[0] == 0:
            tell_line(self.context, incoming, _NO_PREVIEW)
        ack()

    def previewed(self, ack: Ack, body: dict[str, Any]) -> None:
        tell_line(self.context, Incoming.of(body), _PREVIEW)
        ack()

    def start(self, ack: Ack, body: dict[str, Any]) -> None:
        def begin(session: Session, actor: Person, now: datetime) -> None:
            setup.start_team(session, actor, int(_value(body)), now)

        do_once(self.context, Incoming.of(body), begin)
        ack()

    def check(self, ack: Ack, body: dict[str, Any]) -> None:
        """The channel was put right: what was held back is owed again, and it is looked at anew."""

        def again(session: Session, actor: Person, now: datetime) -> None:
            setup.require_admin(session, actor)
            channel_id = team(session, int(_value(body))).channel_id
            if channel_id is not None:
                channels.changed(session, channel_id, now)
            setup.show(session, now)

        do_once(self.context, Incoming.of(body), again)
        ack()


_NO_PREVIEW: Line = ("There is nothing to show yet: the review needs deals, a one-on-one a rep.",)


def _value(body: dict[str, Any]) -> str:
    return str(body["actions"][0].get("value", ""))


def _team_id(view: Json) -> int:
    return forms.TeamMeta.model_validate_json(view["private_metadata"]).team
