"""Setting up: what the file of `cadence setup` and the steps in Slack both write through.

Rooms: `teams` · `times` (when the review runs) · `quotas` · `following` (one-on-ones and digests
after a change).
"""

from models.setup.following import Coaching, coaching, follow, keep_digests
from models.setup.quotas import QuotaSaid, clear_the_way, put_quotas, take_quota
from models.setup.teams import has_deals
from models.setup.times import (
    OutOfOrder,
    ReviewTimes,
    WeekTime,
    next_monday,
    put_times,
    times_of,
)

__all__ = [
    "Coaching",
    "OutOfOrder",
    "QuotaSaid",
    "ReviewTimes",
    "WeekTime",
    "clear_the_way",
    "coaching",
    "follow",
    "has_deals",
    "keep_digests",
    "next_monday",
    "put_quotas",
    "put_times",
    "take_quota",
    "times_of",
]
