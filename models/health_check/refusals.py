"""What the health check refuses, each with its facts. The words are the handlers'."""

from datetime import datetime

from models.base import RuleBroken
from models.coaching import TalkExcuse, TalkState


class UnknownCheck(RuleBroken):
    """No such check, or no such conversation, in this workspace."""

    def __init__(self, asked_for: int) -> None:
        super().__init__(asked_for)
        self.asked_for = asked_for


class TalkSettled(RuleBroken):
    """The conversation is no longer open: it was kept, or its day is over."""

    def __init__(self, state: TalkState, excuse: TalkExcuse | None) -> None:
        super().__init__(state, excuse)
        self.state = state
        self.excuse = excuse


class TimeTaken(RuleBroken):
    """The two cannot talk then. `free`: when they still can today."""

    def __init__(self, free: tuple[datetime, ...]) -> None:
        super().__init__(free)
        self.free = free
