"""Days off and reminders, opened from Home, which is drawn anew after each change."""

from typing import Any

from slack_bolt import Ack, App

from handlers.context import Context
from handlers.forms import checked
from handlers.home import modals
from handlers.home.forms import DaysOffForm, Remind, RemindersForm
from handlers.home.publishing import publish_home
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.replies import open_modal, update_modal
from models import screens
from models.agenda import choose_reminders
from models.delivery import received_first
from models.one_on_ones import enter_absence, leave_absence
from models.schedule import local_date


def register(app: App, context: Context) -> None:
    settings = Settings(context)
    app.action(str(Id.DAYS_OFF))(settings.open_days_off)
    app.view(str(Id.SAVE_DAYS_OFF))(settings.add_days_off)
    app.action(str(Id.TAKE_BACK_DAYS_OFF))(settings.take_back)
    app.action(str(Id.REMINDERS))(settings.open_reminders)
    app.view(str(Id.SAVE_REMINDERS))(settings.save_reminders)


class Settings:
    def __init__(self, context: Context) -> None:
        self.context = context

    def open_days_off(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        open_modal(self.context, incoming, modals.days_off(self._days_off(incoming)))
        ack()

    def add_days_off(self, ack: Ack, body: dict[str, Any]) -> None:
        """The days are kept; then the modal says what they excuse."""
        incoming, now = Incoming.of(body), self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            person = incoming.person(session)
            if received_first(session, incoming.once, now):
                form = checked(DaysOffForm, body["view"], today=local_date(now, person.zone))
                enter_absence(session, person, form.starts_on, form.last, now)
        publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack(response_action="update", view=modals.days_off_added(self._days_off(incoming)))

    def take_back(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, now = Incoming.of(body), self.context.now()
        absence_id = int(body["actions"][0]["value"])
        with self.context.database.transaction(incoming.workspace_id) as session:
            person = incoming.person(session)
            if received_first(session, incoming.once, now):
                leave_absence(session, person, absence_id, now)
        redrawn = modals.days_off(self._days_off(incoming))
        update_modal(self.context, incoming, body["view"], redrawn)
        publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack()

    def _days_off(self, incoming: Incoming) -> screens.DaysOff:
        now = self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            return screens.days_off(session, incoming.person(session), now)

    def open_reminders(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)
        with self.context.database.transaction(incoming.workspace_id) as session:
            shown = screens.reminders(session, incoming.person(session))
        open_modal(self.context, incoming, modals.reminders(shown))
        ack()

    def save_reminders(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, now = Incoming.of(body), self.context.now()
        form = checked(RemindersForm, body["view"], today=now.date())
        with self.context.database.transaction(incoming.workspace_id) as session:
            person = incoming.person(session)
            if received_first(session, incoming.once, now):
                day_before, at_start = (each in form.remind for each in Remind)
                choose_reminders(session, person, day_before=day_before, at_start=at_start)
        publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack()
