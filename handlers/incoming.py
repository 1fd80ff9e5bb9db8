"""Who asks for something in Slack, and what of it may be carried out only once.

Slack's payloads differ by kind (docs.slack.dev, Interactivity; Events API): this is the one place
that knows where each keeps its workspace, person and trigger.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models.base import RuleBroken
from models.people import Person, admins, person_by_slack_id


class Stranger(RuleBroken):
    """Nobody here has this Slack id. `admins`: the Slack ids and names of who can add them."""

    def __init__(self, found: list[Person]) -> None:
        super().__init__(len(found))
        self.admins = [(person.slack_id, person.name) for person in found]


class Inactive(Stranger):
    """Somebody who was here once, and is not any more."""


@dataclass(frozen=True)
class Incoming:
    """One command, shortcut, click or submission.

    `once` is what a redelivery or double click repeats. `from_home`: at Home itself, or in a modal
    that was opened there and says so in its private_metadata (`{"home": true}`).
    """

    workspace_id: str
    slack_id: str
    channel_id: str | None
    trigger_id: str
    response_url: str | None
    once: str
    in_modal: bool = False
    from_home: bool = False

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Incoming":
        if "command" in body:
            return cls._command(body)
        return cls._interaction(body)

    @classmethod
    def _command(cls, body: Mapping[str, Any]) -> "Incoming":
        trigger_id = str(body.get("trigger_id", ""))
        return cls(
            workspace_id=body["team_id"],
            slack_id=body["user_id"],
            channel_id=body.get("channel_id"),
            trigger_id=trigger_id,
            response_url=body.get("response_url"),
            once=f"command:{trigger_id}",
        )

    @classmethod
    def _interaction(cls, body: Mapping[str, Any]) -> "Incoming":
        view = body.get("view") or {}
        meta = json.loads(view.get("private_metadata") or "{}")
        return cls(
            workspace_id=body["team"]["id"] if body.get("team") else body["user"]["team_id"],
            slack_id=body["user"]["id"],
            channel_id=(body.get("channel") or {}).get("id"),
            trigger_id=str(body.get("trigger_id", "")),
            response_url=body.get("response_url"),
            once=_once(body),
            in_modal=view.get("type") == "modal",
            from_home=view.get("type") == "home" or bool(meta.get("home")),
        )

    def person(self, session: Session) -> Person:
        """Who this is. Raises `Stranger`, or `Inactive`."""
        found = person_by_slack_id(session, self.slack_id)
        if found is None:
            raise Stranger(admins(session))
        if not found.active:
            raise Inactive(admins(session))
        return found


def _once(body: Mapping[str, Any]) -> str:
    """A view as it was submitted, a shortcut's trigger, or a person's click at one moment."""
    if body.get("type") in ("shortcut", "message_action"):
        return f"shortcut:{body.get('trigger_id', '')}"
    if body.get("type") == "view_submission":
        view = body["view"]
        return f"view:{view['id']}:{view.get('hash', '')}"
    action = (body.get("actions") or [{}])[0]
    container = body.get("container") or {}
    place = container.get("message_ts") or container.get("view_id") or ""
    return f"click:{body['user']['id']}:{place}:{action.get('action_ts', '')}"
