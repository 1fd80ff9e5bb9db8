"""The address of a person's calendar: entered, looked at by a worker, removed.

Here nothing is fetched: that does not fit into Slack's three seconds.
"""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import Wrong, checked
from handlers.home import calendar_words
from handlers.home.forms import CalendarAddressForm
from handlers.home.publishing import publish_home
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.replies import open_modal, update_modal
from models import calendars, screens
from models.one_on_ones import leave_calendar
from models.people import Person


def register(app: App, context: Context) -> None:
    addresses = Addresses(context)
    app.action(str(Id.CALENDAR_ADDRESS))(addresses.open)
    app.action(str(Id.SHOW_CALENDAR))(addresses.show)
    app.action(str(Id.REMOVE_CALENDAR))(addresses.remove)
    app.view(str(Id.SAVE_CALENDAR_ADDRESS))(addresses.save)


class Addresses:
    def __init__(self, context: Context) -> None:
        self.context = context

    def open(self, ack: Ack, body: dict[str, Any]) -> None:
        """From Home, or on top of Days off."""
        incoming = Incoming.of(body)
        open_modal(self.context, incoming, self._drawn(incoming))
        ack()

    def save(self, ack: Ack, body: dict[str, Any]) -> None:
        """What can be seen from the address is refused at once; the modal then says that the rest
        is being looked at."""
        incoming, view = Incoming.of(body), body["view"]

        def connect(session: Session, person: Person, now: datetime) -> None:
            if not self.context.calendars:
                raise Wrong({"address": calendar_words.OFF})
            form = checked(CalendarAddressForm, view, today=now.date())
            calendars.connect(session, person, form.address, now)

        do_once(self.context, incoming, connect)
        publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack(response_action="update", view=calendar_words.saved(self._shown(incoming)))

    def show(self, ack: Ack, body: dict[str, Any]) -> None:
        """In the modal, after a moment: what was found by now."""
        incoming = Incoming.of(body)
        redrawn = calendar_words.saved(self._shown(incoming))
        update_modal(self.context, incoming, body["view"], redrawn)
        ack()

    def remove(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming = Incoming.of(body)

        def leave(session: Session, person: Person, now: datetime) -> None:
            leave_calendar(session, person, now)

        do_once(self.context, incoming, leave)
        update_modal(self.context, incoming, body["view"], self._drawn(incoming))
        publish_home(self.context, incoming.workspace_id, incoming.slack_id)
        ack()

    def _drawn(self, incoming: Incoming) -> dict[str, Any]:
        return calendar_words.address(self._shown(incoming), takes=self.context.calendars)

    def _shown(self, incoming: Incoming) -> screens.CalendarShown | None:
        now = self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            return screens.calendar_shown(session, incoming.person(session), now)
