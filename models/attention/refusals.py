"""What is refused when somebody chooses when messages may come. The words are the handlers'."""

from datetime import datetime, timedelta

from models.base import RuleBroken


class QuietUnfit(RuleBroken):
    """Quiet hours that end when they begin would last all day."""


class BlockUnfit(RuleBroken):
    """A selling block names no weekday (`in_order` True), or does not end after it begins."""

    def __init__(self, *, in_order: bool) -> None:
        super().__init__(in_order)
        self.in_order = in_order


class TooManyBlocks(RuleBroken):
    """A person has `most` selling blocks already."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class NothingFree(RuleBroken):
    """Quiet hours and selling blocks together leave less than `least` of some day. `by_block`:
    it is the block to be added that does; else the quiet hours."""

    def __init__(self, least: timedelta, *, by_block: bool) -> None:
        super().__init__(least, by_block)
        self.least = least
        self.by_block = by_block


class SnoozeUnfit(RuleBroken):
    """A snooze ends before it begins, or after `latest`."""

    def __init__(self, latest: datetime) -> None:
        super().__init__(latest)
        self.latest = latest


class UnknownBlock(RuleBroken):
    """No such selling block of this person, or it was removed already."""
