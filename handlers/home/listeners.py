"""Home opened, people changed, the bot invited: what Slack tells by events; Home's settings."""

from typing import Any

from slack_bolt import App

from handlers.context import Context
from handlers.home import settings
from handlers.home.places import is_zone
from handlers.home.publishing import publish_home
from handlers.ids import Id
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
    settings.register(app, context)


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
            person = person_by_slack_id(session, user["id"])
            if person is None or not received_first(session, f"event:{body['event_id']}", now):
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
        """The bot was invited (again): what could not be posted there is owed once more."""
        event, now = body["event"], self.context.now()
        with self.context.database.transaction(body["team_id"]) as session:
            if event["user"] != workspace(session).bot_user_id:
                return
            if received_first(session, f"event:{body['event_id']}", now):
                unpark(session, event["channel"], now)
