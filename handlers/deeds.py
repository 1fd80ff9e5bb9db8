"""What a click or a submission asks to be done, done once."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.home.publishing import publish_home
from handlers.incoming import Incoming
from models.delivery import received_first
from models.people import Person

Deed = Callable[[Session, Person, datetime], object]
"""What is done for whoever asked, at the moment of acting."""


def do_once(context: Context, incoming: Incoming, deed: Deed) -> None:
    """Does it, however often Slack sends it or somebody clicks; all of it or, where a rule
    refuses, nothing. Then their Home is drawn anew if it was asked for there.

    Raises `Stranger`, `Inactive`, and whatever the deed raises.
    """
    now = context.now()
    with context.database.transaction(incoming.workspace_id) as session:
        actor = incoming.person(session)
        if received_first(session, incoming.once, now):
            deed(session, actor, now)
    if incoming.from_home:
        publish_home(context, incoming.workspace_id, incoming.slack_id)
