"""api.test and blocks.validate: what an app tries out, without a token."""

from collections.abc import Callable
from typing import Any

from sandbox.blocks import Problem, messages, validate_message, validate_view
from sandbox.refused import Refused
from sandbox.web_api.arguments import Arguments


def api_test(arguments: Arguments) -> dict[str, Any]:
    """Hands back what it is given, `error` as the error. Refuses: whatever `error` says."""
    error = arguments.text("error")
    if error:
        raise Refused(error, args=arguments.given)
    return {"args": arguments.given}


def blocks_validate(arguments: Arguments) -> dict[str, Any]:
    """Whether Slack would take some blocks, a message or a view: just one of the three.

    Refuses: invalid_arguments; invalid_blocks, invalid_message or invalid_view, with `errors`, each
    `{pointer, code, message}`, pointing into what was given.
    """
    given = [name for name in PARTS if arguments.given.get(name)]
    if len(given) != 1:
        said = "[ERROR] must provide exactly one of `blocks`, `view` or `message`"
        raise Refused("invalid_arguments", said)
    name = given[0]
    problems = PARTS[name](arguments.structure(name, f"invalid_{name}"))
    if problems:
        errors = [
            {"pointer": p.pointer.removeprefix(f"/{name}"), "code": p.code, "message": p.message}
            for p in problems
        ]
        raise Refused(f"invalid_{name}", *messages(problems), errors=errors)
    return {}


def _blocks(blocks: Any) -> list[Problem]:
    return validate_message(text="-", blocks=blocks)


def _message(message: Any) -> list[Problem]:
    if not isinstance(message, dict):
        return [Problem("", "must provide an object", "wrong_type")]
    text, blocks, attachments = (message.get(key) for key in ("text", "blocks", "attachments"))
    return validate_message(text=text, blocks=blocks, attachments=attachments)


PARTS: dict[str, Callable[[Any], list[Problem]]] = {
    "blocks": _blocks,
    "message": _message,
    "view": validate_view,
}
METHODS: dict[str, Callable[[Arguments], dict[str, Any]]] = {
    "api.test": api_test,
    "blocks.validate": blocks_validate,
}
