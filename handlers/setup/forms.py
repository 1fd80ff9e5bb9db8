"""What setup asks for, each modal declared once; the quotas' fields are the team's reps."""

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from babel import Locale
from babel.numbers import get_currency_precision, list_currencies
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, create_model
from slack_sdk.models.blocks import (
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    NumberInputElement,
    PlainTextInputElement,
    StaticSelectElement,
    TimePickerElement,
    UserMultiSelectElement,
    UserSelectElement,
)

from handlers import words
from handlers.forms import Ask, Form, Json, Option
from handlers.home.places import is_zone
from models.screens import QuotasForm
from models.week import FORECAST, HEALTH, PUT_RIGHT, WeekTime

YES = "yes"
LOCALES = (
    "en_US", "en_GB", "de_DE", "de_AT", "de_CH", "fr_FR", "fr_CH", "es_ES", "it_IT", "nl_NL",
    "pt_BR", "pt_PT", "pl_PL", "cs_CZ", "da_DK", "sv_SE", "nb_NO", "fi_FI", "en_AU", "en_CA",
    "en_IN", "ja_JP", "ko_KR", "zh_CN",
)  # fmt: skip
LARGEST = Decimal(10) ** 12
_MOST_REPS = 90  # of the hundred blocks that a modal may have


def _currency(code: str) -> str:
    if code.upper() not in list_currencies():
        raise ValueError(code)
    return code.upper()


def _zone(name: str) -> str:
    if not is_zone(name):
        raise ValueError(name)
    return name


def locales(own: str) -> list[Option]:
    """How each locale writes, with the team's own first if it is none of the usual."""
    names = LOCALES if own in LOCALES else (own, *LOCALES)
    return [(name, str(Locale.parse(name).get_display_name("en"))) for name in names]


class TeamForm(Form):
    """A team: what it is called, who runs it, where its review takes place."""

    name: Annotated[
        str,
        StringConstraints(min_length=1, max_length=80),
        Ask("Name", PlainTextInputElement(max_length=80), "Like West, or DACH."),
    ]
    manager: Annotated[str, Ask("Manager", UserSelectElement(), "Runs the week of this team.")]
    channel: Annotated[
        str,
        Ask(
            "Channel",
            ConversationSelectElement(
                filter=ConversationFilter(
                    include=["public", "private"],
                    exclude_external_shared_channels=True,
                    exclude_bot_users=True,
                )
            ),
            "Where its review takes place. You and the bot have to be in it: /invite @Cadence",
        ),
    ]
    may_be_public: Annotated[
        list[Literal["yes"]],
        Ask(
            "If the channel is public",
            CheckboxesElement(),
            "A private channel needs no tick.",
        ),
    ] = Field(default_factory=list)
    currency: Annotated[
        str,
        AfterValidator(_currency),
        Ask(
            "Currency",
            PlainTextInputElement(max_length=3),
            "Three letters. It stays once the team has deals.",
            "Three letters of a currency, like USD or EUR.",
        ),
    ]
    zone: Annotated[
        str,
        AfterValidator(_zone),
        Ask(
            "Time zone",
            PlainTextInputElement(max_length=64),
            "In which the team's week runs.",
            "A time zone, like America/New_York or Europe/Berlin.",
        ),
    ]
    locale: Annotated[str, Ask("Numbers and dates are written as in", StaticSelectElement())]

    @property
    def public(self) -> bool:
        return bool(self.may_be_public)


PUBLIC: list[Option] = [(YES, "Everybody in this workspace may read the review")]


class PeopleForm(Form):
    reps: Annotated[
        list[str],
        Field(min_length=1),
        Ask(
            "Reps",
            UserMultiSelectElement(),
            "Who sells. A rep of another team moves here, with deals and quota. Whoever you take"
            " out keeps no part here; their deals stay the team's, their quota does not.",
        ),
    ]
    leader: Annotated[
        str | None,
        Ask(
            "Who leads the manager",
            UserSelectElement(),
            "May see and decide what the manager may. Empty: nobody.",
        ),
    ] = None


class Day(StrEnum):
    MONDAY = "1"
    TUESDAY = "2"
    WEDNESDAY = "3"
    THURSDAY = "4"
    FRIDAY = "5"


DAYS: list[Option] = [(day.value, day.name.capitalize()) for day in Day]


class Other(StrEnum):
    HEALTH = "health"
    FORECAST = "forecast"
    PUT_RIGHT = "put_right"


class TimesForm(Form):
    """The review's times, and once the team has begun those of the week's other prompts."""

    health_day: Annotated[Day, Ask("Health check: day", StaticSelectElement())] = Day.MONDAY
    health_at: Annotated[time, Ask("Health check: time", TimePickerElement())] = time(9)
    cards_day: Annotated[Day, Ask("Deal cards: day", StaticSelectElement())]
    cards_at: Annotated[time, Ask("Deal cards: time", TimePickerElement())]
    deciding_day: Annotated[Day, Ask("Deciding: day", StaticSelectElement())]
    deciding_at: Annotated[time, Ask("Deciding: time", TimePickerElement())]
    runs: Annotated[list[Literal["yes"]], Ask("By itself", CheckboxesElement())] = Field(
        default_factory=list
    )
    forecast_day: Annotated[Day, Ask("Forecast: day", StaticSelectElement())] = Day.FRIDAY
    forecast_at: Annotated[time, Ask("Forecast: time", TimePickerElement())] = time(15)
    put_right_day: Annotated[Day, Ask("To put right: day", StaticSelectElement())] = Day.FRIDAY
    put_right_at: Annotated[time, Ask("To put right: time", TimePickerElement())] = time(16)
    others: Annotated[list[Other], Ask("These come too", CheckboxesElement())] = Field(
        default_factory=list
    )

    def fixed(self) -> dict[str, WeekTime | None]:
        """The times of the week's other prompts by their ids; None: it does not come."""
        said = {
            HEALTH: (Other.HEALTH, self.health_day, self.health_at),
            FORECAST: (Other.FORECAST, self.forecast_day, self.forecast_at),
            PUT_RIGHT: (Other.PUT_RIGHT, self.put_right_day, self.put_right_at),
        }
        return {
            prompt: WeekTime(int(day), at) if other in self.others else None
            for prompt, (other, day, at) in said.items()
        }


RUNS: list[Option] = [(YES, "The review starts by itself, every week")]
OTHERS: list[Option] = [
    (Other.HEALTH, "The health check"),
    (Other.FORECAST, "The forecast and wrap-up"),
    (Other.PUT_RIGHT, "To owners: what to put right in the CRM"),
]


# --- quotas: a field for each rep, named by quarter, so that another quarter starts anew


class TeamMeta(BaseModel):
    """Whose team a modal is about."""

    team: int


class QuotaMeta(TeamMeta):
    """`quarter`: the first day of the one that is shown."""

    quarter: date


class QuotasOfTeam(Form):
    """An amount for each rep, then one for the whole team. `asked` (the field of each person's, by
    id; None: the whole team's) and `digits` of the currency are set by `quotas_form`."""

    asked: ClassVar[dict[int | None, str]] = {}
    digits: ClassVar[int] = 0

    def amounts(self) -> dict[int | None, int | None]:
        """Minor units by person (None: the whole team), None where a field is empty."""
        said = {person_id: getattr(self, field) for person_id, field in self.asked.items()}
        return {
            person_id: None if amount is None else int(amount.scaleb(self.digits))
            for person_id, amount in said.items()
        }


def quarter_word(first: date) -> str:
    """`Q4 2026`."""
    return f"Q{(first.month + 2) // 3} {first.year}"


def quotas_form(shown: QuotasForm) -> type[QuotasOfTeam]:
    """The form for this team and quarter; what is left empty has no quota."""
    digits = get_currency_precision(shown.team.currency)
    amount = Annotated[Decimal, Field(ge=0, le=LARGEST, decimal_places=digits)]
    asked = {person_id: _field(person_id, shown) for person_id, _, _ in _rows(shown)}
    fields: dict[str, Any] = {
        asked[person_id]: (Annotated[amount | None, _quota(person_id, name, shown)], None)
        for person_id, name, _ in _rows(shown)
    }
    form = create_model("QuotasFormOfTeam", __base__=QuotasOfTeam, **fields)
    form.asked, form.digits = asked, digits
    return form


def quota_blocks(shown: QuotasForm) -> list[Json]:
    """Each with the quota that it has."""
    form = quotas_form(shown)
    start: dict[str, Any] = {
        form.asked[person_id]: Decimal(minor).scaleb(-form.digits)
        for person_id, _, minor in _rows(shown)
        if minor is not None
    }
    return form.blocks(**start)


def _rows(shown: QuotasForm) -> list[tuple[int | None, str, int | None]]:
    """Whose quota it is, the person's name, and the amount that stands."""
    reps = [(who.id, who.name, amount) for who, amount in shown.reps[:_MOST_REPS]]
    return [*reps, (None, "The whole team", shown.whole)]


def _field(person_id: int | None, shown: QuotasForm) -> str:
    return f"quota.{person_id or 'team'}.{shown.quarter[0]}"


def _quota(person_id: int | None, name: str, shown: QuotasForm) -> Ask:
    whole = "Counts instead of the sum of the reps. Empty: the sum counts."
    digits = get_currency_precision(shown.team.currency)
    return Ask(
        f"{words.said(name)}, {shown.team.currency}",
        NumberInputElement(is_decimal_allowed=digits > 0, min_value="0"),
        whole if person_id is None else "",
    )
