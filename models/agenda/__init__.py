"""What each scheduled prompt does when it comes due (product.md, "The week"), and the chores.

A prompt does its work in the transaction that claimed its occurrence, or skips it with a stable
word for the reason. Whoever runs the occurrences settles what was not skipped. A chore is what has
to be done as time passes, whoever asks for it: see `Chore`.

Rooms: `mondays` · `reviews` · `fridays` · `mornings` (each person's digest) · `skipping` (why, and
who is told).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import (
    coaching,
    dropped_files,
    forecast,
    late_absences,
    one_on_ones,
    pipeline_review,
    statuses,
    week,
)
from models.agenda.fridays import crm_put_right, friday_forecast
from models.agenda.mondays import health, import_reminder
from models.agenda.mornings import (
    choose_calendar,
    choose_reminders,
    keep_digest,
    morning_digest,
    person_id_of,
)
from models.agenda.reviews import next_due, review_cards, review_deciding, review_pick
from models.agenda.skipping import (
    OFF_WITH_TEAM,
    PUT_OFF,
    Skipped,
    missed,
    skipped_together,
    tell_skipped,
)
from models.schedule import Occurrence
from models.week import (
    CARDS,
    DECIDING,
    DIGEST,
    FORECAST,
    HEALTH,
    IMPORT_REMINDER,
    PICK,
    PUT_RIGHT,
)

PROMPTS: dict[str, Callable[[Session, Occurrence, datetime], None]] = {
    IMPORT_REMINDER: import_reminder,
    HEALTH: health,
    PICK: review_pick,
    CARDS: review_cards,
    DECIDING: review_deciding,
    FORECAST: friday_forecast,
    PUT_RIGHT: crm_put_right,
    DIGEST: morning_digest,
}


@dataclass(frozen=True)
class Chore:
    """What has to be done as time passes, again and again, without harm if it is done twice.

    `waiting` gives the ids of the workspaces in which there is something to do, from a session
    that sees them all; `do` does it inside one of them. `name` is for the log.
    """

    name: str
    waiting: Callable[[Session, datetime], set[str]]
    do: Callable[[Session, datetime], object]


CHORES = (
    Chore("keep the weeks", week.unkept, week.keep),
    Chore("plan one-on-ones", one_on_ones.unplanned, one_on_ones.plan),
    Chore("settle missed one-on-ones", one_on_ones.overdue, one_on_ones.settle_missed),
    Chore("settle coverage conversations", coaching.days_over, coaching.settle_talks),
    Chore("begin deciding", pipeline_review.beginning, pipeline_review.begin_deciding),
    Chore("show evidence that has faded", pipeline_review.faded, pipeline_review.show_faded),
    Chore("settle forecasts", forecast.overdue, forecast.settle),
    Chore("look for late days off", late_absences.unlooked, late_absences.look),
    Chore("follow Slack statuses", statuses.unfollowed, statuses.follow),
    Chore("let dropped files go", dropped_files.overdue, dropped_files.let_go),
)

__all__ = [
    "CHORES",
    "OFF_WITH_TEAM",
    "PROMPTS",
    "PUT_OFF",
    "Chore",
    "Skipped",
    "choose_calendar",
    "choose_reminders",
    "crm_put_right",
    "friday_forecast",
    "health",
    "import_reminder",
    "keep_digest",
    "missed",
    "morning_digest",
    "next_due",
    "person_id_of",
    "review_cards",
    "review_deciding",
    "review_pick",
    "skipped_together",
    "tell_skipped",
]
