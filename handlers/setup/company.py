"""Company days: an admin lists them, adds some, takes some back; from Home or from the steps."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import checked
from handlers.ids import Id
from handlers.incoming import Incoming
from handlers.replies import open_modal, update_modal
from handlers.setup import company_modals as modals
from handlers.setup.company_modals import CompanyDaysForm
from models import screens
from models.people import Person
from models.schedule import local_date
from models.setup import enter_company_day, take_back_company_day


def register(app: App, context: Context) -> None:
    days = CompanyDays(context)
    app.action(str(Id.COMPANY_DAYS))(days.open)
    app.view(str(Id.SAVE_COMPANY_DAYS))(days.add)
    app.action(str(Id.TAKE_BACK_COMPANY_DAYS))(days.take_back)


class CompanyDays:
    def __init__(self, context: Context) -> None:
        self.context = context

    def open(self, ack: Ack, body: dict[str, Any]) -> None:
        """From Home or from the steps; in the modal itself, for more days."""
        incoming = Incoming.of(body)
        drawn = modals.company_days(self._shown(incoming))
        if incoming.in_modal:
            update_modal(self.context, incoming, body["view"], drawn)
        else:
            open_modal(self.context, incoming, drawn)
        ack()

    def add(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, view = Incoming.of(body), body["view"]

        def enter(session: Session, actor: Person, now: datetime) -> None:
            form = checked(CompanyDaysForm, view, today=local_date(now, actor.zone))
            enter_company_day(session, actor, form.said(), now)

        do_once(self.context, incoming, enter)
        ack(response_action="update", view=modals.added(self._shown(incoming)))

    def take_back(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, company_day_id = Incoming.of(body), int(body["actions"][0]["value"])

        def leave(session: Session, actor: Person, now: datetime) -> None:
            take_back_company_day(session, actor, company_day_id, now)

        do_once(self.context, incoming, leave)
        drawn = modals.company_days(self._shown(incoming))
        update_modal(self.context, incoming, body["view"], drawn)
        ack()

    def _shown(self, incoming: Incoming) -> screens.CompanyDays:
        now = self.context.now()
        with self.context.database.transaction(incoming.workspace_id) as session:
            return screens.company_days(session, incoming.person(session), now)
