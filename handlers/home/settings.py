"""Days off, messages, working time, deputies, what was not posted: Home is drawn anew after."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import Json, Wrong, checked
from handlers.home import message_modal, modals
from handlers.home.forms import (
    CalendarForm,
    DaysOffForm,
    MessagesForm,
    Remind,
    deputies_form,
)
from handlers.home.places import NO_HOLIDAYS, SLACKS
from handlers.home.publishing import publish_home
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.replies import open_modal, update_modal
from handlers.setup.directory import status_of, zone_of
from models import attention, screens, statuses
from models.agenda import choose_calendar, choose_reminders
from models.delivery import try_parked_again
from models.late_absences import accept
from models.one_on_ones import enter_absence, leave_absence
from models.people import Person, person_by_slack_id, standards, team
from models.pipeline_review import name_deputy
from models.schedule import local_date


def register(app: App, context: Context) -> None:
    settings = Settings(context)
    app.action(str(Id.DAYS_OFF))(settings.open_days_off)
    app.view(str(Id.SAVE_DAYS_OFF))(settings.add_days_off)
    app.action(str(Id.TAKE_BACK_DAYS_OFF))(settings.take_back)
    app.action(str(Id.FOLLOW_STATUS))(settings.follow_status)
    app.action(str(Id.DEPUTY))(settings.open_deputies)
    app.action(str(Id.REMOVE_DEPUTY))(settings.remove_deputy)
    app.view(str(Id.SAVE_DEPUTY))(settings.save_deputies)
    app.action(str(Id.MESSAGES))(settings.open_messages)
    app.view(str(Id.SAVE_MESSAGES))(settings.save_messages)
    app.action(str(Id.REMOVE_BLOCK))(settings.remove_block)
    app.action(str(Id.END_SNOOZE))(settings.end_snooze)
    app.action(str(Id.CALENDAR))(settings.open_calendar)
    app.options(str(Id.FIND_ZONE))(settings.find_zone)
    app.options(str(Id.FIND_HOLIDAYS))(settings.find_holidays)
    app.view(str(Id.SAVE_CALENDAR))(settings.save_calendar)
    app.action(str(Id.TRY_AGAIN))(settings.try_again)
    app.action(str(Id.ACCEPT_DAYS_OFF))(settings.accept_days_off)


class Settings:
    def __init__(self, context: Context) -> None:
        self.context = context

    def open_days_off(self, ack: Ack, body: dict[str, Any]) -> None:
        """From Home or help; in the modal itself, for more days."""
        incoming = Incoming.of(body)
        drawn = self._drawn_days_off(incoming)
        if incoming.in_modal:
            update_modal(self.context, incoming, body["view"], drawn)
        else:
            open_modal(self.context, incoming, drawn)
        ack()

    def add_days_off(self, ack: Ack, body: dict[str, Any]) -> None:
        """The days are kept; then the modal says what they excuse."""
        incoming, view = Incoming.of(body), body["view"]

        def add(session: Session, person: Person, now: datetime) -> None:
            form = checked(DaysOffForm, view, today=local_date(now, person.zone))
            enter_absence(session, person, form.starts_on, form.last, now)

        do_once(self.context, incoming, add)
        publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack(response_action="update", view=modals.days_off_added(self._days_off(incoming)))

    def take_back(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, absence_id = Incoming.of(body), int(body["actions"][0]["value"])

        def leave(session: Session, person: Person, now: datetime) -> None:
            leave_absence(session, person, absence_id, now)

        do_once(self.context, incoming, leave)
        redrawn = self._drawn_days_off(incoming)
        update_modal(self.context, incoming, body["view"], redrawn)
        publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack()

    def follow_status(self, ack: Ack, body: dict[str, Any]) -> None:
        """Out of office by the Slack status counts, as it stands now; or not any more."""
        incoming, follows = Incoming.of(body), body["actions"][0]["value"] == "on"
        said = status_of(self._profile(incoming)) if follows else None

        def choose(session: Session, person: Person, now: datetime) -> None:
            statuses.choose_following(session, person, follows=follows, now=now)
            if said is not None:
                statuses.tell(session, person, said, now)

        do_once(self.context, incoming, choose)
        redrawn = self._drawn_days_off(incoming)
        update_modal(self.context, incoming, body["view"], redrawn)
        publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack()

    def _drawn_days_off(self, incoming: Incoming) -> dict[str, Any]:
        return modals.days_off(self._days_off(incoming), calendars=self.context.calendars)

    def _days_off(self, incoming: Incoming) -> screens.DaysOff:
        now = self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            return screens.days_off(session, incoming.person(session), now)

    def open_deputies(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        open_modal(self.context, incoming, modals.deputies(self._deputies(incoming)))
        ack()

    def save_deputies(self, ack: Ack, body: dict[str, Any]) -> None:
        """Only what was changed: who stood there when the modal was drawn may be none by now."""
        incoming, view = Incoming.of(body), body["view"]
        drawn = {
            block["block_id"]: block["element"].get("initial_user")
            for block in view["blocks"]
            if block["type"] == "input"
        }

        def save(session: Session, actor: Person, now: datetime) -> None:
            asked = {int(name.rpartition("_")[2]): name for name in drawn}
            form = checked(deputies_form(asked), view, today=now.date())
            for team_id, slack_id in form.chosen().items():
                if slack_id == drawn[asked[team_id]]:
                    continue
                person = person_by_slack_id(session, slack_id)
                if person is None:
                    raise Wrong({asked[team_id]: "Nobody has set this person up here."})
                name_deputy(session, actor, team(session, team_id), person, now)

        do_once(self.context, incoming, save)
        ack()

    def remove_deputy(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, team_id = Incoming.of(body), int(body["actions"][0]["value"])

        def remove(session: Session, actor: Person, now: datetime) -> None:
            name_deputy(session, actor, team(session, team_id), None, now)

        do_once(self.context, incoming, remove)
        redrawn = modals.deputies(self._deputies(incoming))
        update_modal(self.context, incoming, body["view"], redrawn)
        ack()

    def _deputies(self, incoming: Incoming) -> tuple[screens.DeputyTeam, ...]:
        with self.context.database.transaction(incoming.workspace_id) as session:
            return screens.deputies(session, incoming.person(session))

    def open_messages(self, ack: Ack, body: dict[str, Any]) -> None:
        self.show_messages(Incoming.of(body))
        ack()

    def show_messages(self, incoming: Incoming) -> None:
        """From Home, help, or by command."""
        open_modal(self.context, incoming, self._messages(incoming))

    def save_messages(self, ack: Ack, body: dict[str, Any]) -> None:
        """All of it or, where something will not do, nothing."""
        incoming, view = Incoming.of(body), body["view"]

        def choose(session: Session, person: Person, now: datetime) -> None:
            form = checked(MessagesForm, view, today=now.date())
            day_before, at_start = (each in form.remind for each in Remind)
            choose_reminders(session, person, day_before=day_before, at_start=at_start)
            unwanted = set(attention.offered(person)) - set(form.topics)
            attention.choose_messages(session, person, now, quiet=form.quiet, unwanted=unwanted)
            if form.selling is not None:
                attention.add_block(session, person, form.selling, now)
            until = form.snooze_until
            if form.snooze is not None:
                until = attention.snooze_until(person, form.snooze, standards(session), now)
            if until is not None:
                attention.snooze(session, person, until, now)

        do_once(self.context, incoming, choose)
        publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack()

    def remove_block(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, block_id = Incoming.of(body), int(body["actions"][0]["value"])

        def remove(session: Session, person: Person, now: datetime) -> None:
            attention.remove_block(session, person, block_id, now)

        do_once(self.context, incoming, remove)
        update_modal(self.context, incoming, body["view"], self._messages(incoming))
        ack()

    def end_snooze(self, ack: Ack, body: dict[str, Any]) -> None:
        """At Home, or in the modal."""
        incoming = Incoming.of(body)
        do_once(self.context, incoming, attention.end_snooze)
        if incoming.in_modal:
            update_modal(self.context, incoming, body["view"], self._messages(incoming))
            publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack()

    def _messages(self, incoming: Incoming) -> Json:
        now = self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            shown = screens.messages_chosen(session, incoming.person(session), now)
        return message_modal.messages(shown)

    def open_calendar(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        with self.context.database.transaction(incoming.workspace_id) as session:
            shown = screens.calendar(session, incoming.person(session))
        open_modal(self.context, incoming, modals.calendar(shown))
        ack()

    def find_zone(self, ack: Ack, body: dict[str, Any]) -> None:
        ack(options=modals.zone_options(body.get("value", "")))

    def find_holidays(self, ack: Ack, body: dict[str, Any]) -> None:
        ack(options=modals.holiday_options(body.get("value", "")))

    def save_calendar(self, ack: Ack, body: dict[str, Any]) -> None:
        """Who goes by the Slack profile again gets its zone from there."""
        incoming, view = Incoming.of(body), body["view"]
        form = checked(CalendarForm, view, today=self.context.now().date())
        own = None if form.zone == SLACKS else form.zone
        zone = own or self._slacks_zone(incoming)

        def choose(session: Session, person: Person, now: datetime) -> None:
            choose_calendar(
                session,
                person,
                now,
                zone=zone,
                zone_is_own=own is not None,
                working_days="".join(sorted(form.working_days)),
                holidays=None if form.holidays == NO_HOLIDAYS else form.holidays,
            )

        do_once(self.context, incoming, choose)
        publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack()

    def _slacks_zone(self, incoming: Incoming) -> str | None:
        """The zone of a person's Slack profile; None where it names none that exists."""
        return zone_of(self._profile(incoming))

    def _profile(self, incoming: Incoming) -> dict[str, Any]:
        """What Slack says of whoever asks."""
        client = self.context.client_for(incoming.workspace_id)
        found: dict[str, Any] = client.users_info(user=incoming.slack_id)["user"]
        return found

    def try_again(self, ack: Ack, body: dict[str, Any]) -> None:
        """An admin has mended what held messages up."""

        def again(session: Session, person: Person, now: datetime) -> None:
            try_parked_again(session, person, now)

        do_once(self.context, Incoming.of(body), again)
        ack()

    def accept_days_off(self, ack: Ack, body: dict[str, Any]) -> None:
        """A leader, of somebody below; from the message or from Home."""
        absence_id = int(body["actions"][0]["value"])

        def accepted(session: Session, actor: Person, now: datetime) -> None:
            accept(session, actor, absence_id, now)

        do_once(self.context, Incoming.of(body), accepted)
        ack()
