"""Modals and Homes: the views that apps show to people.

A person looks at one stack of modals at a time, of at most three views (docs.slack.dev, "Modals").
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox import values
from sandbox.app import App
from sandbox.blocks import stored, with_ids
from sandbox.ids import Ids
from sandbox.refused import Refused

STACK = 3
"""How many views a stack of modals may hold."""


def new_block_id() -> str:
    """An id such as Slack gives to blocks and elements that have none."""
    return secrets.token_urlsafe(4)[:5]


@dataclass
class View:
    """A view that is on somebody's screen.

    `content` is what the app sent, `entered` what the person has chosen or typed so far (keys as
    in docs/sandbox.md, "Values"), `errors` the sentences shown at its fields.
    """

    id: str
    app: App
    user: str
    content: dict[str, Any]
    root_view_id: str
    previous_view_id: str | None = None
    hash: str = ""
    entered: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        """The app's own name for it, unique in the workspace; empty if it gave none."""
        return str(self.content.get("external_id") or "")

    def flag(self, key: str) -> bool:
        """A yes or no of the view, no if it is not said."""
        return bool(self.content.get(key, False))

    def replace(self, content: dict[str, Any], hash: str) -> None:
        """Shows something else in its place; what was entered in fields that stay is kept."""
        self.content, self.hash, self.errors = content, hash, {}
        self.entered = {
            key: value
            for key, value in self.entered.items()
            if _still_fits(content["blocks"], {key: value})
        }

    def state(self) -> dict[str, Any]:
        """What its fields hold, as in `view.state.values`."""
        return values.state(self.content["blocks"], self.entered)[0]

    def as_slack(self, team_id: str, *, state: bool) -> dict[str, Any]:
        """The view object; with `state`, what was entered."""
        content = self.content
        return {
            "id": self.id,
            "team_id": team_id,
            "type": content["type"],
            "blocks": content["blocks"],
            "private_metadata": content.get("private_metadata") or "",
            "callback_id": content.get("callback_id") or "",
            "state": {"values": self.state() if state else {}},
            "hash": self.hash,
            "title": content.get("title") or _no_title(),
            "clear_on_close": self.flag("clear_on_close"),
            "notify_on_close": self.flag("notify_on_close"),
            "close": content.get("close"),
            "submit": content.get("submit"),
            "previous_view_id": self.previous_view_id,
            "root_view_id": self.root_view_id,
            "app_id": self.app.id,
            "external_id": self.external_id,
            "app_installed_team_id": team_id,
            "bot_id": self.app.bot_id,
        }

    def as_page(self, team_id: str) -> dict[str, Any]:
        """What the page draws of it."""
        return {
            "view_id": self.id,
            "app_id": self.app.id,
            "view": self.as_slack(team_id, state=False),
            "values": values.defaults(self.content["blocks"]) | self.entered,
            "errors": self.errors,
        }


class Views:
    """Everybody's stack of modals, and every app's Home for everybody."""

    def __init__(self, ids: Ids, seconds: Callable[[], int]) -> None:
        """`ids` names them, `seconds` is business time."""
        self._ids = ids
        self._seconds = seconds
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[tuple[str, str], View] = {}

    def all(self) -> Iterator[View]:
        """Everybody's stacks, topmost last, and all Homes."""
        for stack in self._stacks.values():
            yield from stack
        yield from self._homes.values()

    def put(self, view: View) -> None:
        """Takes a view in as it is: a modal on top of its person's stack, or a Home."""
        if view.content["type"] == "home":
            self._homes[view.app.id, view.user] = view
        else:
            self._stacks.setdefault(view.user, []).append(view)

    def stack(self, user: str) -> list[View]:
        """A person's modals, topmost last."""
        return [*self._stacks.get(user, [])]

    def home(self, app: App, user: str) -> View | None:
        """An app's Home as published for a person."""
        return self._homes.get((app.id, user))

    def find(self, app: App, *, view_id: str = "", external_id: str = "") -> View | None:
        """An app's view by its id or the app's own name for it."""
        for view in self.all():
            named = view.id == view_id or (external_id and view.external_id == external_id)
            if view.app is app and named:
                return view
        return None

    def on_screen(self, user: str, view_id: str) -> View | None:
        """The view of that id if this person looks at it."""
        found = [view for view in self.all() if view.id == view_id and view.user == user]
        return found[0] if found else None

    def open(self, app: App, user: str, content: dict[str, Any]) -> View:
        """Starts a new stack in place of the one that was there."""
        self._stacks.pop(user, None)
        view = self._view(app, user, content)
        self._stacks[user] = [view]
        return view

    def push(self, app: App, user: str, content: dict[str, Any]) -> View:
        """Adds a view to the stack. Raises Refused: not_found, push_limit_reached."""
        stack = self._stacks.get(user, [])
        if not stack or stack[-1].app is not app:
            raise Refused("not_found")
        if len(stack) >= STACK:
            raise Refused("push_limit_reached")
        view = self._view(app, user, content, below=stack[-1])
        stack.append(view)
        return view

    def publish(self, app: App, user: str, content: dict[str, Any]) -> View:
        """Sets an app's Home for a person."""
        home = self.home(app, user)
        if home:
            self.update(home, content)
            return home
        view = self._view(app, user, content)
        self._homes[app.id, user] = view
        return view

    def update(self, view: View, content: dict[str, Any]) -> None:
        """Replaces what a view shows."""
        self._check_external_id(content, view)
        view.replace(_prepared(content, view.content), self._new_hash())

    def close(self, view: View, *, all: bool = False) -> list[View]:
        """Takes a view and those above it off the stack (`all`: the whole stack).

        Returns those taken, topmost first.
        """
        stack = self._stacks.get(view.user, [])
        if view not in stack:
            return []
        at = 0 if all else stack.index(view)
        taken = stack[at:]
        del stack[at:]
        return taken[::-1]

    def _view(
        self, app: App, user: str, content: dict[str, Any], below: View | None = None
    ) -> View:
        self._check_external_id(content)
        view_id = self._ids.new("V")
        return View(
            id=view_id,
            app=app,
            user=user,
            content=_prepared(content),
            root_view_id=below.root_view_id if below else view_id,
            previous_view_id=below.id if below else None,
            hash=self._new_hash(),
        )

    def _check_external_id(self, content: dict[str, Any], view: View | None = None) -> None:
        external_id = content.get("external_id")
        if external_id and any(
            other.external_id == external_id for other in self.all() if other is not view
        ):
            raise Refused("duplicate_external_id")

    def _new_hash(self) -> str:
        return f"{self._seconds()}.{secrets.token_urlsafe(6)}"


def _prepared(content: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The view with ids filled in. An update keeps the external_id that it does not give."""
    kept = {"external_id": before["external_id"]} if before and before.get("external_id") else {}
    content = stored(content)
    return {**kept, **content, "blocks": with_ids(content["blocks"], new_block_id)}


def _still_fits(blocks: list[Any], entered: dict[str, Any]) -> bool:
    try:
        values.state(blocks, entered)
    except values.BadValue:
        return False
    return not values.unknown(blocks, entered)


def _no_title() -> dict[str, Any]:
    return {"type": "plain_text", "text": "View Title", "emoji": True}
