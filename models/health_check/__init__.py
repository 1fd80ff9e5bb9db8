"""Monday's pipeline health check: flags, coverage, and who is to be spoken with about it that day.

Rooms: `tables` · `refusals` (the typed errors) · `reading` · `checking` (what is found and asked) ·
`put_right` (since the last check) · `reasons` (why a rep is under the standard) · `talking` (when
they talk, and who) · `reminding` (of old deals) · `counting` (what managers are measured by) ·
`owed` (its messages). What keeps a conversation are coaching logs: `models.coaching.talks`.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.deals import Import, ImportKind
from models.health_check.checking import check_team, lacking_still
from models.health_check.counting import KeptRate, kept_rates
from models.health_check.owed import show_quotas
from models.health_check.reading import (
    check_before,
    check_on,
    checks_since,
    flags_of,
    freshness,
    get_check,
)
from models.health_check.reasons import Reason, ReasonCode
from models.health_check.refusals import TalkSettled, TimeTaken, UnknownCheck
from models.health_check.reminding import (
    remind,
    reminded,
    show_reminders,
)
from models.health_check.tables import HealthCheck, HealthFlag
from models.health_check.talking import (
    deals_changed,
    free_today,
    hand_over,
    hears_at,
    open_talk,
    set_time,
)


def follow_import(session: Session, taken: Import, now: datetime) -> None:
    """A file was taken in: what shows how old the deals are, or what is missing, follows."""
    if taken.kind is ImportKind.DEALS:
        show_reminders(session, now)
    deals_changed(session, now)


def follow_quotas(session: Session, now: datetime) -> None:
    """Quotas were put or taken away: what admins were told today follows."""
    for check in checks_since(session, now - timedelta(days=1)):
        show_quotas(session, check, now)


__all__ = [
    "HealthCheck",
    "HealthFlag",
    "KeptRate",
    "Reason",
    "ReasonCode",
    "TalkSettled",
    "TimeTaken",
    "UnknownCheck",
    "check_before",
    "check_on",
    "check_team",
    "checks_since",
    "flags_of",
    "follow_import",
    "follow_quotas",
    "free_today",
    "freshness",
    "get_check",
    "hand_over",
    "hears_at",
    "kept_rates",
    "lacking_still",
    "open_talk",
    "remind",
    "reminded",
    "set_time",
]
