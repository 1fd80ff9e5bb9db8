"""The one place where an error becomes an answer: in the modal, or to this person alone.

A broken rule is said with its way out. What nobody expected is logged without what was sent, and
the person hears that nothing was recorded, which is true: its transaction was rolled back.
"""

import logging
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from handlers import lines
from handlers.blocks import note
from handlers.context import Context
from handlers.forms import Wrong, field_of
from handlers.home.publishing import publish_home
from handlers.incoming import Incoming
from handlers.lines import Line
from handlers.refusal import Refusal
from handlers.refusals import refusal
from handlers.replies import tell_line
from models.base import Faults, RuleBroken
from models.people import person_by_slack_id

log = logging.getLogger("cadence.handlers")

_UNEXPECTED: Line = (
    "Something went wrong, and nothing was recorded. Try again; if it stays so, tell an admin.",
)
_TOO_LATE: Line = ("Slack gave the bot too little time, and nothing was recorded. Press it again.",)
_LATE = frozenset({"expired_trigger_id", "trigger_expired", "invalid_trigger_id"})
_DONE = frozenset({"exchanged_trigger_id", "trigger_exchanged", "hash_conflict"})


def error_handler(context: Context) -> Callable[[Exception, dict[str, Any]], BoltResponse]:
    """The function for `App.error`."""

    def handle(error: Exception, body: dict[str, Any]) -> BoltResponse:
        if body.get("type") == "event_callback":
            _log(error)
            return BoltResponse(status=500)  # Slack delivers it again
        if isinstance(error, SlackApiError) and error.response.get("error") in _DONE:
            return BoltResponse(status=200)  # a second click: the first one opened it
        return _answer(context, body, _refusal(context, body, error))

    return handle


def _refusal(context: Context, body: dict[str, Any], error: Exception) -> Refusal | Wrong:
    if isinstance(error, Wrong):
        return error
    if isinstance(error, SlackApiError) and error.response.get("error") in _LATE:
        return Refusal(_TOO_LATE)
    if not isinstance(error, RuleBroken):
        _log(error)
        return Refusal(_UNEXPECTED)
    incoming = Incoming.of(body)
    with context.database.transaction(incoming.workspace_id) as session:
        person = person_by_slack_id(session, incoming.slack_id)
        return _in_words(session, error, person.zone if person else "UTC")


def _in_words(session: Session, error: RuleBroken, zone: str) -> Refusal | Wrong:
    """The words for a broken rule; where several things are wrong, each at its field."""
    if not isinstance(error, Faults):
        return refusal(session, error, zone)
    errors: dict[str, str] = {}
    for one in (refusal(session, fault, zone) for fault in error.faults):
        before = errors.get(one.fields[0])
        said = lines.plain(one.line)
        errors[one.fields[0]] = f"{before} {said}" if before else said
    return Wrong(errors)


def _answer(context: Context, body: dict[str, Any], said: Refusal | Wrong) -> BoltResponse:
    line: Line = said.line if isinstance(said, Refusal) else tuple(said.errors.values())
    if body.get("type") == "view_submission":
        if not _fields(body["view"]):  # nothing was typed that could be lost
            shown = note("Cadence", line)
            return BoltResponse(status=200, body={"response_action": "update", "view": shown})
        errors = at_fields(body["view"], said)
        return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})
    if "command" in body:
        answer = {"response_type": "ephemeral", "text": lines.text(line)}
        return BoltResponse(status=200, body=answer)
    incoming = Incoming.of(body)
    try:
        tell_line(context, incoming, line)
        if incoming.from_home and not incoming.in_modal:  # what was pressed there is no longer so
            publish_home(context, incoming.workspace_id, incoming.slack_id)
    except (SlackApiError, OSError) as error:
        _log(error)
    return BoltResponse(status=200)


def at_fields(view: Mapping[str, Any], said: Refusal | Wrong) -> dict[str, str]:
    """Each sentence at a field that the modal shows; what has no place there, at the first."""
    shown = _fields(view)
    first = next(iter(shown.values()))
    if isinstance(said, Refusal):
        fit = next((shown[name] for name in said.fields if name in shown), first)
        return {fit: lines.plain(said.line)}
    errors: dict[str, str] = {}
    for name, sentence in said.errors.items():
        place = shown.get(name, first)
        errors[place] = f"{errors[place]} {sentence}" if place in errors else sentence
    return errors


def _fields(view: Mapping[str, Any]) -> dict[str, str]:
    """The inputs' blocks, by field."""
    ids = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    return {field_of(block_id): block_id for block_id in ids}


def _log(error: Exception) -> None:
    """What went wrong and where, without its message: that may hold what people wrote."""
    code = error.response.get("error") if isinstance(error, SlackApiError) else ""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s %s\n%s", type(error).__name__, code, frames)
