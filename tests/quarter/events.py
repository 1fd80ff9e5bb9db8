"""What happens in the quarter, written down in plain data: what people did, and when the bot was
away. From this list, the team and its calendars alone it is worked out what must have come of it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Event:
    """`who` did `what` about `whom` (a person, or a deal), at a moment of business time.

    `ok`: it was taken; otherwise it was refused, and said so. `week`: of a one-on-one, its Monday.
    `facts`: what was said with it. Of the bot: "down", "up" and "killed".
    """

    at: datetime
    what: str
    who: str = ""
    whom: str = ""
    week: date | None = None
    ok: bool = True
    facts: dict[str, Any] = field(default_factory=dict)
