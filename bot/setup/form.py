"""The form of team.toml. A key that is not here is a mistake, and so is a value of another kind."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from models.company_days import LONGEST
from models.days import UnknownCalendar, check_calendar
from models.deals import StageKind
from models.standards import Standards

Entries = TypeVar("Entries")

NO_CALENDAR = "none"
"""What a person or team says who keeps no holidays where those above keep some."""

NOBODY = "none"
"""What a team says that has no deputy any more; one that says nothing keeps the one it has."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"“{name}” is no time zone; they are like Europe/Berlin") from None
    return name


def _currency(code: str) -> str:
    if code not in list_currencies():
        raise ValueError(f"“{code}” is no currency; they are like USD")
    return code


def _locale(name: str) -> str:
    try:
        return str(Locale.parse(name))
    except (UnknownLocaleError, ValueError):
        raise ValueError(f"“{name}” is no locale; they are like en_US") from None


def _weekday(name: object) -> object:
    """Monday 1. The first three letters will do."""
    if not isinstance(name, str):
        raise ValueError("must be a weekday like Tuesday, in quotation marks")
    for number, day in enumerate(DAYS, 1):
        if len(name) >= 3 and day.casefold().startswith(name.casefold()):
            return number
    raise ValueError(f"“{name}” is no weekday; they are like Tuesday, or Tue")


def _like(word: str, pattern: str, is_not: str) -> str:
    """The word, if all of it is of this pattern."""
    if not re.fullmatch(pattern, word):
        raise ValueError(f"“{word}” is {is_not}")
    return word


def _slack_id(word: str) -> str:
    return _like(word, r"[UW][A-Z0-9]{2,}", "no Slack id of a person; they begin with U or W")


def _email(word: str) -> str:
    return _like(word, r"[^@\s]+@[^@\s]+", "no e-mail address").casefold()


def _who(word: str) -> str:
    """A person by e-mail or Slack id."""
    return _email(word) if "@" in word else _slack_id(word)


def _not_empty(entries: tuple[Entries, ...]) -> tuple[Entries, ...]:
    if not entries:
        raise ValueError("is empty")
    return entries


def _calendar(name: str) -> str:
    if name != NO_CALENDAR:
        try:
            check_calendar(name)
        except UnknownCalendar:
            says = "is no holiday calendar; they are countries, or parts of them, like US or DE-BY"
            raise ValueError(f"“{name}” {says}") from None
    return name


def _kept_calendar(name: str) -> str:
    if name == NO_CALENDAR:
        raise ValueError("must be a holiday calendar, like US or DE-BY")
    return _calendar(name)


def _quarter(word: str) -> str:
    return _like(word, r"\d{4}-Q[1-4]", "no quarter; they are like 2026-Q4")


def _month(word: str) -> str:
    return _like(word, r"\d{4}-(0[1-9]|1[0-2])", "no month; they are like 2026-11")


def _working_days(days: tuple[int, ...]) -> tuple[int, ...]:
    if not days:
        raise ValueError("is empty")
    if len(set(days)) != len(days):
        raise ValueError("names a day twice")
    return days


Zone = Annotated[str, AfterValidator(_zone)]
Calendar = Annotated[str, AfterValidator(_calendar)]
Currency = Annotated[str, AfterValidator(_currency)]
LocaleName = Annotated[str, AfterValidator(_locale)]
Weekday = Annotated[int, BeforeValidator(_weekday)]
WorkingDays = Annotated[tuple[Weekday, ...], AfterValidator(_working_days)]
Who = Annotated[str, AfterValidator(_who)]
Deputy = Annotated[str, AfterValidator(lambda word: word if word == NOBODY else _who(word))]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]


class Part(BaseModel):
    """Every table of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class When(Part):
    """A weekday and a local time of the team."""

    day: Weekday
    at: time

    def minutes_into_week(self) -> int:
        """Since Monday, 00:00."""
        return ((self.day - 1) * 24 + self.at.hour) * 60 + self.at.minute


class Standing(Part):
    """A standing one-on-one, every week, in the team's zone (a manager's: in the coach's); or in
    rotation, without a time of its own."""

    day: Weekday | None = None
    at: time | None = None
    rotation: bool = False
    minutes: int | None = None

    @model_validator(mode="after")
    def _time_or_rotation(self) -> "Standing":
        said = [self.day is not None, self.at is not None]
        if any(said) if self.rotation else not all(said):
            raise ValueError("needs day and at, or rotation = true")
        return self

    @property
    def slot(self) -> tuple[int, time] | None:
        """None: in rotation."""
        return None if self.day is None or self.at is None else (self.day, self.at)


class Week(Part):
    """When people work. What is left out is said further up in the file, or nowhere."""

    working_days: WorkingDays | None = None
    holidays: Calendar | None = None


class Entry(Week):
    """A person, by Slack id or by e-mail: exactly one of the two."""

    slack: Annotated[str, AfterValidator(_slack_id)] | None = None
    email: Annotated[str, AfterValidator(_email)] | None = None
    zone: Zone | None = None
    one_on_one: Standing | None = None

    @model_validator(mode="after")
    def _one_name(self) -> "Entry":
        if (self.slack is None) == (self.email is None):
            raise ValueError("needs either slack (U…) or email")
        return self

    @property
    def who(self) -> str:
        return self.slack or self.email or ""


class Superior(Entry):
    """A leader or a manager; `reports_to` is somebody else in the file."""

    reports_to: Who | None = None


class QuotaEntry(Part):
    """What has to be won in a quarter, a month, or between two dates (both included)."""

    quarter: Annotated[str, AfterValidator(_quarter)] | None = None
    month: Annotated[str, AfterValidator(_month)] | None = None
    starts: date | None = None
    ends: date | None = None
    amount: Annotated[Decimal, Field(ge=0)]

    @model_validator(mode="after")
    def _one_period(self) -> "QuotaEntry":
        between = self.starts is not None and self.ends is not None
        half = (self.starts is None) != (self.ends is None)
        if half or [self.quarter is not None, self.month is not None, between].count(True) != 1:
            raise ValueError(
                'needs one of quarter = "2026-Q4", month = "2026-11", or starts and ends'
            )
        if self.starts and self.ends and self.starts > self.ends:
            raise ValueError("starts after it ends")
        return self

    def period(self) -> tuple[date, date]:
        """Its first and last day."""
        if self.starts and self.ends:
            return self.starts, self.ends
        said = self.quarter or self.month or ""
        months = 3 if self.quarter else 1
        year, number = int(said[:4]), int(said[-1] if self.quarter else said[-2:])
        return _months(year, (number - 1) * months + 1, months)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    after = month - 1 + count
    return date(year, month, 1), date(year + after // 12, after % 12 + 1, 1) - timedelta(days=1)


class Rep(Entry):
    """Somebody who sells. `active = false`: has left; their deals stay the team's."""

    active: bool = True
    quotas: tuple[QuotaEntry, ...] = ()


class ReviewTimes(Part):
    """When the team's pipeline review runs by itself (product.md, "The week")."""

    on: bool = True
    cards: When = When.model_validate({"day": "Tuesday", "at": time(15)})
    deciding: When = When.model_validate({"day": "Wednesday", "at": time(10)})
    starts: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "ReviewTimes":
        if self.cards.minutes_into_week() >= self.deciding.minutes_into_week():
            raise ValueError("deciding must come after cards, in the same week")
        return self


class FixedTimes(Part):
    """When the week's other prompts come, in the team's zone; "off": not at all."""

    import_reminder: When | Literal["off"] | None = None
    health_check: When | Literal["off"] | None = None
    forecast: When | Literal["off"] | None = None
    put_right: When | Literal["off"] | None = None


class TeamEntry(Week):
    """A team: its manager, its reps, its channel."""

    name: Name
    manager: Superior
    deputy: Deputy | None = None
    channel: str | None = None
    channel_may_be_public: bool = False
    currency: Currency | None = None
    locale: LocaleName | None = None
    zone: Zone | None = None
    quotas: tuple[QuotaEntry, ...] = ()
    review: ReviewTimes = ReviewTimes()
    week: FixedTimes = FixedTimes()
    reps: Annotated[tuple[Rep, ...], AfterValidator(_not_empty)]


class StageEntry(Part):
    """A stage of the pipeline, in the order of the file."""

    name: Name
    kind: StageKind = StageKind.OPEN
    qualified: bool = False
    age_days: Annotated[int, Field(ge=1)] | None = None


class CompanyDays(Part):
    """Days on which nobody works: of a team, of who keeps a holiday calendar, or everybody.

    `ends` left out: that one day.
    """

    name: Name
    starts: date
    ends: date | None = None
    team: str | None = None
    holidays: Annotated[str, AfterValidator(_kept_calendar)] | None = None

    @model_validator(mode="after")
    def _fit(self) -> "CompanyDays":
        if self.team is not None and self.holidays is not None:
            raise ValueError("is for a team or for a holiday calendar, not for both")
        if self.ends is not None and self.ends < self.starts:
            raise ValueError("starts after it ends")
        if self.ends is not None and self.ends - self.starts >= LONGEST:
            raise ValueError("is longer than a month")
        return self


class TeamFile(Week):
    """The whole file. What stands at the top counts for teams and people that say nothing else."""

    currency: Currency | None = None
    locale: LocaleName = "en_US"
    zone: Zone | None = None
    admins: tuple[Who, ...] = ()
    leaders: tuple[Superior, ...] = ()
    teams: Annotated[tuple[TeamEntry, ...], AfterValidator(_not_empty)]
    stages: tuple[StageEntry, ...] = ()
    standards: Standards | None = None
    company_days: tuple[CompanyDays, ...] = ()

    @model_validator(mode="after")
    def _whole_pipeline(self) -> "TeamFile":
        kinds = {stage.kind for stage in self.stages}
        if self.stages and kinds != set(StageKind):
            raise ValueError("stages: needs open ones, one that is won and one that is lost")
        names = [stage.name.casefold() for stage in self.stages]
        if len(set(names)) != len(names):
            raise ValueError("stages: two have the same name")
        return self
