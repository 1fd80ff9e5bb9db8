"""Trigger ids: what lets an app open a modal right after somebody did something.

Each lives three seconds of real time and works once (docs.slack.dev, "Handling user interaction").
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from sandbox.app import App
from sandbox.refused import Refused

REMEMBERED = 600.0
"""How many seconds an old trigger is remembered, to say that it expired."""


@dataclass
class Trigger:
    """What an app was given: for whose screen, from which modal, and when (real seconds)."""

    app: App
    user: str
    view_id: str | None
    issued: float
    exchanged: bool = False


class Triggers:
    """The trigger ids that were given out."""

    def __init__(self, real: Callable[[], float], seconds: float) -> None:
        """`real` is real time in seconds; a trigger lives for `seconds`."""
        self._real = real
        self._seconds = seconds
        self._issued: dict[str, Trigger] = {}
        self._numbers = count(1_000_000)

    def issue(self, app: App, user: str, view_id: str | None = None) -> str:
        """A new trigger id, for something that `user` did (in a modal: its `view_id`)."""
        now = self._real()
        for old in [t for t, trigger in self._issued.items() if now - trigger.issued > REMEMBERED]:
            del self._issued[old]
        number = next(self._numbers)
        trigger_id = f"{number}.{number * 7919}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = Trigger(app, user, view_id, now)
        return trigger_id

    def forget(self) -> None:
        """All trigger ids so far are worth nothing."""
        self._issued.clear()

    def exchange(self, trigger_id: str, app: App) -> Trigger:
        """Uses a trigger up.

        Raises Refused: invalid_trigger_id, expired_trigger_id, exchanged_trigger_id.
        """
        trigger = self._issued.get(trigger_id)
        if trigger is None or trigger.app is not app:
            raise Refused("invalid_trigger_id")
        if trigger.exchanged:
            raise Refused("exchanged_trigger_id")
        if self._real() - trigger.issued > self._seconds:
            raise Refused("expired_trigger_id")
        trigger.exchanged = True
        return trigger
