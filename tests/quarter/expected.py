"""What must have come of the quarter, worked out from its events, the team and the calendars: each
occurrence with its state and reason, each message with its reader, moment and what it says.

Nothing of the product's rules is imported. Time goes from one moment with something to do to the
next; while the bot is away nothing is done, and what was missed is made up for when it is back.
"""

from collections.abc import Iterator
from datetime import datetime

from tests.quarter.deeds import Deeds
from tests.quarter.events import Event
from tests.quarter.office import Posted
from tests.quarter.prompts import Prompts
from tests.quarter.rooms import Rooms
from tests.quarter.team import SET_UP


class Expected(Rooms):
    """Everything that is expected, as far as it has been worked out."""

    def __init__(self, events: list[Event], posted: list[Posted], until: datetime) -> None:
        super().__init__(posted, SET_UP)
        self.until = until
        self._prompts, self._deeds = Prompts(self), Deeds(self)
        self.due, self.breaches = self._prompts.due, self._deeds.breaches
        self.wrong = self._deeds.wrong
        for talk in self.meetings.talks.values():
            self._deeds.owe_sitting(talk, talk.now_at)
        self._work_out(events, until)

    def _work_out(self, events: list[Event], until: datetime) -> None:
        ahead, is_up, now = [*events], True, SET_UP
        while now < until:
            moments = [until, *([ahead[0].at] if ahead else [])]
            if is_up:
                moments += [at for at in self._moments(now) if at > now]
            now = min(moments)
            if is_up or now == until:
                self._look(now)
            while ahead and ahead[0].at == now:
                event = ahead.pop(0)
                if event.what in ("down", "up"):
                    is_up = event.what == "up"
                elif event.what != "killed":  # it goes on where it was
                    self._deeds.take(event)
                if event.what == "up":
                    self._look(now)
            if is_up:
                self._look(now)

    def _moments(self, now: datetime) -> Iterator[datetime]:
        """At which there may be something to do."""
        yield from self._prompts.moments()
        yield from self.mail.moments(now)
        yield from self.meetings.plan_at.values()
        for talk in self.meetings.talks.values():
            if talk.state == "due":
                yield self.meetings.missed_at(talk)

    def _look(self, now: datetime) -> None:
        """All that is due by then, in the order in which it is done."""
        for talk in self.meetings.plan(now):
            self._deeds.owe_sitting(talk, talk.now_at)
        self.meetings.settle(now)
        self._prompts.look(now)
        self.mail.deliver(now)
