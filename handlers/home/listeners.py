"""Home opened, people changed, the bot invited: what Slack tells by events; Home's settings."""

from datetime import datetime
from typing import Any

from slack_bolt import App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.home import calendars, settings
from handlers.home.publishing import publish_home
from handlers.ids import Id
from handlers.setup.directory import is_guest, status_of, zone_of
from models import channels, setup, statuses
from models.agenda import keep_digest
from models.delivery import received_first, unpark
from models.health_check import hand_over
from models.one_on_ones import follow_people, follow_zone
from models.people import KEEP, person_by_slack_id, workspace
from models.pipeline_review import show_changed_people
from models.roster import put_person


def register(app: App, context: Context) -> None:
    surroundings = Surroundings(context)
    app.event(str(Id.HOME_OPENED))(surroundings.home_opened)
    app.event(str(Id.USER_CHANGED))(surroundings.user_changed)
    app.event(str(Id.MEMBER_JOINED))(surroundings.member_joined)
    for name in (Id.MEMBER_LEFT, Id.CHANNEL_SHARED, Id.CHANNEL_UNSHARED):
        app.event(str(name))(surroundings.channel_changed)
    settings.register(app, context)
    calendars.register(app, context)


class Surroundings:
    def __init__(self, context: Context) -> None:
        self.context = context

    def home_opened(self, body: dict[str, Any]) -> None:
        event, workspace_id = body["event"], body["team_id"]
        if event.get("tab") == "messages":
            return
        self._ask_of_status(workspace_id, event["user"])
        publish_home(self.context, workspace_id, event["user"])

    def _ask_of_status(self, workspace_id: str, slack_id: str) -> None:
        """Who is out of office by their Slack status, and comes to Home: is it so still? What
        Slack told while the bot was away may have been lost."""
        with self.context.database.transaction(workspace_id) as session:
            person = person_by_slack_id(session, slack_id)
            if person is None or not statuses.stands(session, person):
                return
        user = self.context.client_for(workspace_id).users_info(user=slack_id)["user"]
        with self.context.database.transaction(workspace_id) as session:
            person = person_by_slack_id(session, slack_id)
            if person is not None:
                statuses.tell(session, person, status_of(user), self.context.now())

    def user_changed(self, body: dict[str, Any]) -> None:
        """Name, address, zone and status follow Slack's profile; who was deactivated there is out
        here. Their days off, their digest and their one-on-ones follow.
        """
        user, now = body["event"]["user"], self.context.now()
        profile = user.get("profile") or {}
        with self.context.database.transaction(body["team_id"]) as session:
            if not received_first(session, f"event:{body['event_id']}", now):
                return
            channels.person_changed(session, now, is_guest=is_guest(user))
            person = person_by_slack_id(session, user["id"])
            if person is None:
                return
            before = person.zone
            leaves = bool(user.get("deleted")) and person.active
            zone = None if person.zone_is_own else zone_of(user)
            person, changed = put_person(
                session,
                person.slack_id,
                name=profile.get("real_name") or user.get("real_name") or person.name,
                role=person.role,
                email=profile.get("email") or KEEP,
                zone=zone or KEEP,
                zone_is_teams=False if zone else KEEP,
                active=False if user.get("deleted") else KEEP,
            )
            if leaves:
                show_changed_people(session, now)
            statuses.tell(session, person, status_of(user), now)
            if changed:
                keep_digest(session, person, now)
                follow_people(session, [person.id], now)
                hand_over(session, now)
                follow_zone(session, person, before, now)

    def member_joined(self, body: dict[str, Any]) -> None:
        """The bot was invited (again): what could not be posted there is owed once more. Anybody
        else: a guest, perhaps, so the channel is looked at again.
        """
        event, now = body["event"], self.context.now()
        with self.context.database.transaction(body["team_id"]) as session:
            if not received_first(session, f"event:{body['event_id']}", now):
                return
            self._look_again(session, event["channel"], now)
            if event["user"] == workspace(session).bot_user_id:
                unpark(session, event["channel"], now)

    def channel_changed(self, body: dict[str, Any]) -> None:
        """Somebody left it, or it was shared, or is no longer: it is looked at again."""
        event, now = body["event"], self.context.now()
        with self.context.database.transaction(body["team_id"]) as session:
            if received_first(session, f"event:{body['event_id']}", now):
                self._look_again(session, event["channel"], now)

    def _look_again(self, session: Session, channel_id: str, now: datetime) -> None:
        if channels.changed(session, channel_id, now):
            setup.show(session, now)
