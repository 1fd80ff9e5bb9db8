"""Setting up: what the file of `cadence setup` and the steps in Slack both write through.

Rooms: `admins` (who may, and their message) · `teams` · `times` (when the review runs) · `quotas` ·
`company` (days on which nobody works) · `rehearsal` (previews) · `following` (one-on-ones and
digests after a change) · `tables`.
"""

from models.setup.admins import (
    AdminsHere,
    Known,
    NotTheirs,
    claim,
    is_newest,
    make_admin,
    open_setup,
    require_admin,
    show,
    turn_to,
    zone_of,
)
from models.setup.company import (
    enter_company_day,
    follow_everybody,
    put_company_days,
    take_back_company_day,
)
from models.setup.following import Coaching, coaching, follow, follow_zones, keep_digests
from models.setup.quotas import QuotaSaid, clear_the_way, put_quotas, save_quotas, take_quota
from models.setup.rehearsal import Rehearsed, ask_previews, rehearsal
from models.setup.tables import Preview, Setup
from models.setup.teams import (
    CurrencyStays,
    LeaderTaken,
    NameTaken,
    NotReady,
    RoleTaken,
    TeamSaid,
    has_deals,
    save_people,
    save_team,
    save_times,
    start_team,
)
from models.setup.times import (
    OutOfOrder,
    ReviewTimes,
    next_monday,
    put_times,
    start_by,
    times_of,
)
from models.week import WeekTime

__all__ = [
    "AdminsHere",
    "Coaching",
    "CurrencyStays",
    "Known",
    "LeaderTaken",
    "NameTaken",
    "NotReady",
    "NotTheirs",
    "OutOfOrder",
    "Preview",
    "QuotaSaid",
    "Rehearsed",
    "ReviewTimes",
    "RoleTaken",
    "Setup",
    "TeamSaid",
    "WeekTime",
    "ask_previews",
    "claim",
    "clear_the_way",
    "coaching",
    "enter_company_day",
    "follow",
    "follow_everybody",
    "follow_zones",
    "has_deals",
    "is_newest",
    "keep_digests",
    "make_admin",
    "next_monday",
    "open_setup",
    "put_company_days",
    "put_quotas",
    "put_times",
    "rehearsal",
    "require_admin",
    "save_people",
    "save_quotas",
    "save_team",
    "save_times",
    "show",
    "start_by",
    "start_team",
    "take_back_company_day",
    "take_quota",
    "times_of",
    "turn_to",
    "zone_of",
]
