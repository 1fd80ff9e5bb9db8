"""Files that people give to an app in a form: the `file_input` of a modal.

A view knows of each only its id, name and size; the app is told the whole file object, and may
read the file from the submission on (docs.slack.dev, "File input element").
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox import values
from sandbox.files import File
from sandbox.refused import Refused
from sandbox.views import View
from sandbox.workspace import Workspace

Json = dict[str, Any]


def chosen(workspace: Workspace, view: View, entered: Mapping[str, Any]) -> Json:
    """The values, with id, name and size of each file that was given by its id.

    Raises Refused: invalid_value, for a file that is not this person's.
    """
    resolved = {**entered}
    for key in values.keys_of(view.content["blocks"], values.FILE_INPUT):
        if isinstance(resolved.get(key), list):
            resolved[key] = [_facts(workspace, view.user, each) for each in resolved[key]]
    return resolved


def give(workspace: Workspace, view: View) -> None:
    """The app may read from now on what the view holds."""
    for entry in _entries(view.state()):
        for file in _files(workspace, entry):
            if view.app.bot_user_id not in file.given_to:
                file.given_to.append(view.app.bot_user_id)


def shown(workspace: Workspace, view: View) -> Json:
    """The view object with what was entered, files as file objects."""
    told = view.as_slack(workspace.team.id, state=True)
    for entry in _entries(told["state"]["values"]):
        files = _files(workspace, entry)
        entry["files"] = [file.as_slack(workspace.team, workspace.url) for file in files]
    return told


def _facts(workspace: Workspace, user: str, given: Any) -> Json:
    id = given.get("id") if isinstance(given, dict) else given
    file = workspace.files.find(id) if isinstance(id, str) else None
    if file is None or file.deleted or file.user != user:
        raise Refused("invalid_value", f"no file of this person: {id!r}")
    return {"id": file.id, "name": file.name, "size": file.size}


def _entries(state: Json) -> Iterator[Json]:
    for block in state.values():
        for entry in block.values():
            if entry["type"] == values.FILE_INPUT:
                yield entry


def _files(workspace: Workspace, entry: Json) -> list[File]:
    return [file for each in entry["files"] if (file := workspace.files.find(each["id"]))]
