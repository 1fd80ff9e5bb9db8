"""Drawing a person's Home, when it is opened and after what was done from it."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.home.messages import home, no_home
from handlers.incoming import Inactive, Stranger
from models import screens
from models.people import admins, person_by_slack_id


def publish_home(context: Context, workspace_id: str, slack_id: str) -> None:
    with context.database.transaction(workspace_id) as session:
        view = _view(context, session, slack_id)
    context.client_for(workspace_id).views_publish(user_id=slack_id, view=view)


def _view(context: Context, session: Session, slack_id: str) -> dict[str, Any]:
    person = person_by_slack_id(session, slack_id)
    if person is None or not person.active:
        kind = Stranger if person is None else Inactive
        return no_home(kind(admins(session)))
    shown = screens.home(session, person, context.now())
    return home(shown if context.calendars else replace(shown, calendar=None))
