"""A Bolt app that finds what listens to a button, menu or modal by its id, at once.

Bolt asks its listeners one after the other and builds all their arguments for each question, which
the sixtieth of them waits for. Our ids are matched whole (handlers/ids.py), so a table answers.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt import Ack, App

Listener = Callable[..., Any]
_ANY = re.compile("")


class Table:
    """Listeners by id; each takes `ack`, `body`, or both."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Listener, frozenset[str]]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def add(self, name: object, listener: Listener) -> None:
        """Raises ValueError for an id that is none, is taken, or a listener that wants more."""
        wanted = frozenset(inspect.signature(listener).parameters)
        if not isinstance(name, str) or name in self._found or not wanted <= {"ack", "body"}:
            raise ValueError(f"{name!r} is no id of its own, or {listener} wants {sorted(wanted)}")
        self._found[name] = listener, wanted

    def call(self, name: str, ack: Ack, body: dict[str, Any]) -> None:
        listener, wanted = self._found[name]
        given = {"ack": ack, "body": body}
        listener(**{each: given[each] for each in wanted})


class RoutedApp(App):
    """Registering is as with Bolt: `app.action("review.decide")(decide)`."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._by_action, self._by_view = Table(), Table()
        super().action(_ANY, matchers=[self._knows_action])(self._act)
        super().view(_ANY, matchers=[self._knows_view])(self._submit)

    def action(
        self,
        constraints: Any,
        matchers: Sequence[Callable[..., bool]] | None = None,
        middleware: Sequence[Any] | None = None,
    ) -> Callable[[Listener], None]:
        return _into(self._by_action, constraints, matchers, middleware)

    def view(
        self,
        constraints: Any,
        matchers: Sequence[Callable[..., bool]] | None = None,
        middleware: Sequence[Any] | None = None,
    ) -> Callable[[Listener], None]:
        return _into(self._by_view, constraints, matchers, middleware)

    def _knows_action(self, body: dict[str, Any]) -> bool:
        return _action_id(body) in self._by_action

    def _act(self, ack: Ack, body: dict[str, Any]) -> None:
        self._by_action.call(_action_id(body), ack, body)

    def _knows_view(self, body: dict[str, Any]) -> bool:
        return body["view"]["callback_id"] in self._by_view

    def _submit(self, ack: Ack, body: dict[str, Any]) -> None:
        self._by_view.call(body["view"]["callback_id"], ack, body)


def _into(
    table: Table, name: object, matchers: Sequence[Any] | None, middleware: Sequence[Any] | None
) -> Callable[[Listener], None]:
    if matchers or middleware:
        raise ValueError("a table knows ids alone")
    return lambda listener: table.add(name, listener)


def _action_id(body: dict[str, Any]) -> str:
    """Of a click in blocks; what else Bolt calls an action has none."""
    actions = body.get("actions") or [{}]
    return str(actions[0].get("action_id", ""))
