"""Home opened, people changed, the bot invited: what Slack tells by events; Home's settings."""

from datetime import datetime
from typing import Any

from slack_bolt import App
from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.home import calendars, settings
from handlers.home.places import is_zone
from handlers.home.publishing import publish_home
from handlers.ids import Id
from handlers.setup.directory import is_guest
from models import channels, setup
from models.agenda import keep_digest
from models.delivery import received_first, unpark
from models.one_on_ones import follow_people
from models.people import KEEP, person_by_slack_id, workspace
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
        publish_home(self.context, workspace_id, event["user"])

    def user_changed(self, body: dict[str, Any]) -> None:
        """Name, address and zone follow Slack's profile; who was deactivated there is out here.

        Their digest and their one-on-ones follow.
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
            zone = user.get("tz")
            person, changed = put_person(
                session,
                person.slack_id,
                name=profile.get("real_name") or user.get("real_name") or person.name,
                role=person.role,
                email=profile.get("email") or KEEP,
                zone=zone if zone and not person.zone_is_own and is_zone(zone) else KEEP,
                active=False if user.get("deleted") else KEEP,
            )
            if changed:
                keep_digest(session, person, now)
                follow_people(session, [person.id], now)

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
