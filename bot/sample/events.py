"""What happened in the sample's past, in the order of time, whichever of its files tells it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import count

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Event:
    """Something that happened at a moment, and may have led to other events from then on."""

    at: datetime
    happen: Callable[[Session, datetime], Iterable["Event"] | None]


def play(session: Session, events: Iterable[Event], until: datetime) -> None:
    """Lets everything happen in order, what begins at the same moment in the order given.

    What would lie after `until` does not happen.
    """
    number = count()
    waiting = [(event.at, next(number), event) for event in events]
    heapify(waiting)
    while waiting:
        at, _, event = heappop(waiting)
        if at > until:
            return
        for led_to in event.happen(session, at) or ():
            heappush(waiting, (led_to.at, next(number), led_to))
