"""A modal that is submitted, and what the app answers.

docs.slack.dev, "Modals": an empty acknowledgement closes the view; `response_action` shows
`errors` at fields, gives an `update`, does a `push` or a `clear`.
"""

import time
from typing import Any

from sandbox import changes, given_files, payloads
from sandbox.blocks import messages, validate_view
from sandbox.delivery import Delivery, Envelope, Unanswered
from sandbox.interactions import OK, TROUBLE, Interactions, Outcome
from sandbox.refused import Refused
from sandbox.traffic import Traffic
from sandbox.triggers import Triggers
from sandbox.views import View
from sandbox.workspace import Workspace


class Submissions:
    """Submits modals."""

    def __init__(
        self,
        workspace: Workspace,
        interactions: Interactions,
        delivery: Delivery,
        triggers: Triggers,
        traffic: Traffic,
    ) -> None:
        """Where it happens, and where an answer that Slack does not understand is noted."""
        self._workspace = workspace
        self._interactions = interactions
        self._delivery = delivery
        self._triggers = triggers
        self._traffic = traffic

    async def submit(self, view: View, entered: dict[str, Any]) -> Outcome:
        """Submits a view as filled in.

        A missing or malformed field stops it before the app is told. Raises Refused:
        invalid_value.
        """
        errors = self._interactions.enter(view, entered)
        self._show_errors(view, errors)
        if errors:
            return {"ok": False, "errors": errors}
        given_files.give(self._workspace, view)
        payload = {
            **payloads.interaction(self._workspace, view.app, view.user, "view_submission"),
            "trigger_id": self._triggers.issue(view.app, view.user, view.id),
            "view": given_files.shown(self._workspace, view),
            "response_urls": [],
        }
        started = time.monotonic()
        try:
            answer = await self._delivery.send(view.app, Envelope("interactive", payload))
            return self._react(view, answer.body)
        except Unanswered as lost:
            error = lost.error
        except Refused as refused:
            error = refused.error
            self._traffic.record(
                "in",
                "ack",
                "view_submission",
                app_id=view.app.id,
                status=error,
                started=started,
                request=answer.body,
                note="; ".join(refused.messages),
            )
        self._workspace.tell(changes.Noticed(view.user, TROUBLE))
        return {"ok": False, "error": error}

    def _react(self, view: View, body: Any) -> Outcome:
        """Carries out an answer. Raises Refused: invalid_response, push_limit_reached, ..."""
        if not body:
            self._workspace.close_modal(view)
            return OK
        if not isinstance(body, dict):
            raise Refused("invalid_response", "the answer must be empty or a JSON object")
        match body.get("response_action"):
            case "errors":
                errors = _errors(view, body.get("errors"))
                self._show_errors(view, errors)
                return {"ok": False, "errors": errors}
            case "update":
                self._workspace.update_view(view, _view(body))
            case "push":
                self._workspace.push_modal(view.app, view.user, _view(body))
            case "clear":
                self._workspace.close_modal(view, all=True)
            case other:
                raise Refused("invalid_response", f"no such response_action: {other!r}")
        return OK

    def _show_errors(self, view: View, errors: dict[str, str]) -> None:
        if view.errors != errors:
            view.errors = errors
            self._workspace.view_changed(view)


def _errors(view: View, errors: Any) -> dict[str, str]:
    """The app's sentences, whose keys must be block_ids of the view's input blocks."""
    if not isinstance(errors, dict) or not errors:
        raise Refused("invalid_response", "errors must map block_ids to sentences")
    inputs = {b["block_id"] for b in view.content["blocks"] if b["type"] == "input"}
    wrong = [key for key in errors if key not in inputs or not isinstance(errors[key], str)]
    if wrong:
        raise Refused("invalid_response", f"no input block with this id: {', '.join(wrong)}")
    return errors


def _view(body: dict[str, Any]) -> dict[str, Any]:
    view = body.get("view")
    problems = validate_view(view)
    if problems or not isinstance(view, dict):
        raise Refused("invalid_response", *messages(problems))
    if view["type"] != "modal":
        raise Refused("invalid_response", "the view must be a modal")
    return view
