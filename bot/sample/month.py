"""The sample team's one-on-ones and coaching of the past weeks, as `month.toml` tells them."""

from importlib.resources import files

from pydantic import Field, model_validator

from bot.sample.story import Part
from bot.setup.form import Standing
from crm.toml_file import parse_toml
from models.coaching import CoachingKind, How
from models.motivation import MovedBy


class StandingOf(Standing):
    """Whose standing one-on-one is when."""

    person: str


class Coaching(Part):
    """What a coaching log says; its next step is due `in_days` after it is written."""

    focus: str
    how: How
    feedback: str
    step: str
    in_days: int = Field(alias="in")


class DealGone(Part):
    """A deal that was gone through, and the next action with which it left."""

    deal: str
    next: str
    in_days: int = Field(alias="in")


class Point(Part):
    """A talking point, added the day before."""

    by: str
    text: str


class Cancelled(Part):
    by: str
    why: str


class SessionOf(Part):
    """What became of one week's session: held, cancelled or missed."""

    person: str
    week: int
    moved: str | None = None
    points: tuple[Point, ...] = ()
    notes: str | None = None
    deals: tuple[DealGone, ...] = ()
    coaching: Coaching | None = None
    cancelled: Cancelled | None = None
    missed: bool = False
    score: int | None = Field(None, ge=0, le=5)
    answer: str | None = Field("confirmed", pattern="^(confirmed|none)$")

    @model_validator(mode="after")
    def _one_end(self) -> "SessionOf":
        ends = (self.coaching is not None, self.cancelled is not None, self.missed)
        if sum(ends) != 1:
            raise ValueError("is either held (it has coaching), cancelled or missed")
        return self


class Edited(Part):
    after: int
    feedback: str


class Withdrawn(Part):
    after: int
    why: str


class LogOf(Part):
    """Coaching outside the one-on-ones, logged on `day`, `held` so many days before."""

    person: str
    day: int
    held: int = 0
    kind: CoachingKind
    minutes: int
    deal: str | None = None
    coaching: Coaching
    edited: Edited | None = None
    withdrawn: Withdrawn | None = None
    answer: str | None = Field(None, pattern="^(confirmed|disputed)$")
    says: str | None = None


class PointOf(Point):
    """A talking point that is still open."""

    person: str
    day: int


class AbsenceOf(Part):
    """Days out of office, and the day on which they were entered."""

    person: str
    first: int
    last: int
    entered: int


class ProfileOf(Part):
    """What drives somebody, and whether their coach may see it."""

    person: str
    day: int
    shared: bool
    goal: str | None = None
    gets_up_for: str | None = None
    free_time: str | None = None
    in_ten_years: str | None = None
    coach_can_help: str | None = None
    moved_by: MovedBy | None = None


class Month(Part):
    standings: tuple[StandingOf, ...]
    sessions: tuple[SessionOf, ...]
    logs: tuple[LogOf, ...]
    points: tuple[PointOf, ...]
    absences: tuple[AbsenceOf, ...]
    profiles: tuple[ProfileOf, ...]


def read_month() -> Month:
    """The month as it is written."""
    text = files("bot.sample").joinpath("month.toml").read_text(encoding="utf-8")
    return parse_toml(text, "month.toml", Month)
