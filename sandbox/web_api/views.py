"""views.open, views.push, views.update, views.publish.

A view that is not valid answers `invalid_arguments` with the reasons, as on docs.slack.dev.
"""

from typing import Any

from sandbox import given_files
from sandbox.blocks import error_name, messages, validate_view
from sandbox.refused import Refused
from sandbox.triggers import Trigger
from sandbox.views import View
from sandbox.web_api.call import Call, Result


def views_open(call: Call) -> Result:
    """Opens a modal for whoever made the trigger.

    Refuses: invalid_trigger_id, expired_trigger_id, exchanged_trigger_id, duplicate_external_id.
    """
    view = _given(call, "modal")
    trigger = _trigger(call)
    return _answer(call, call.workspace.open_modal(call.app, trigger.user, view))


def views_push(call: Call) -> Result:
    """Puts a modal on top of the one that the trigger came from.

    Refuses: not_found without one, push_limit_reached above three, and what views.open refuses.
    """
    view = _given(call, "modal")
    trigger = _trigger(call)
    return _answer(call, call.workspace.push_modal(call.app, trigger.user, view))


def views_update(call: Call) -> Result:
    """Replaces what a modal shows. Refuses: not_found, hash_conflict, duplicate_external_id."""
    content = _given(call, None)
    view_id = call.arguments.text("view_id") or ""
    external_id = call.arguments.text("external_id") or ""
    if not (view_id or external_id):
        raise Refused("invalid_arguments", "[ERROR] missing required field: view_id")
    view = call.workspace.views.find(call.app, view_id=view_id, external_id=external_id)
    if view is None or view.content["type"] != content["type"]:
        raise Refused("not_found")
    _check_hash(call, view)
    call.workspace.update_view(view, content)
    return _answer(call, view)


def views_publish(call: Call) -> Result:
    """Sets a person's Home. Refuses: not_enabled, hash_conflict, user_not_found."""
    content = _given(call, "home")
    user = call.arguments.required("user_id")
    if user not in call.workspace.people:
        raise Refused("invalid_arguments", "invalid `user_id`")
    if not call.app.declared.home_enabled:
        raise Refused("not_enabled")
    home = call.workspace.views.home(call.app, user)
    if home:
        _check_hash(call, home)
    return _answer(call, call.workspace.publish_home(call.app, user, content))


def _given(call: Call, type: str | None) -> dict[str, Any]:
    if not call.arguments.given.get("view"):
        raise Refused("invalid_arguments", "[ERROR] missing required field: view")
    view = call.arguments.structure("view", "invalid_arguments")
    problems = validate_view(view)
    if problems:
        raise Refused(error_name(problems, "invalid_arguments"), *messages(problems))
    if type and view["type"] != type:
        raise Refused(
            "invalid_arguments", f"[ERROR] must be of type {type} [json-pointer:/view/type]"
        )
    checked: dict[str, Any] = view
    return checked


def _trigger(call: Call) -> Trigger:
    pointer = call.arguments.text("interactivity_pointer")
    trigger_id = pointer or call.arguments.required("trigger_id")
    return call.service.triggers.exchange(trigger_id, call.app)


def _check_hash(call: Call, view: View) -> None:
    given = call.arguments.text("hash")
    if given and given != view.hash:
        raise Refused("hash_conflict")


def _answer(call: Call, view: View) -> Result:
    return {"view": given_files.shown(call.workspace, view)}


METHODS = {
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
    "views.publish": views_publish,
}
