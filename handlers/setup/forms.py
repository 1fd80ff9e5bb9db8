"""What setup asks for, each modal declared once; the quotas' fields are the team's reps."""

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.numbers import get_currency_precision, list_currencies
from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from slack_sdk.models.blocks import (
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    PlainTextInputElement,
    StaticSelectElement,
    TimePickerElement,
    UserMultiSelectElement,
    UserSelectElement,
)

from handlers.forms import Ask, Form, Option, Wrong, plain
from handlers.ids import Id
from models.screens import QuotasForm

YES = "yes"
LOCALES = (
    "en_US", "en_GB", "de_DE", "de_AT", "de_CH", "fr_FR", "fr_CH", "es_ES", "it_IT", "nl_NL",
    "pt_BR", "pt_PT", "pl_PL", "cs_CZ", "da_DK", "sv_SE", "nb_NO", "fi_FI", "en_AU", "en_CA",
    "en_IN", "ja_JP", "ko_KR", "zh_CN",
)  # fmt: skip
LARGEST = Decimal(10) ** 12


def _currency(code: str) -> str:
    if code.upper() not in list_currencies():
        raise ValueError(code)
    return code.upper()


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(name) from None
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
            "Who sells. Whoever you take out keeps no part here; their deals stay the team's.",
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


class TimesForm(Form):
    cards_day: Annotated[Day, Ask("Deal cards: day", StaticSelectElement())]
    cards_at: Annotated[time, Ask("Deal cards: time", TimePickerElement())]
    deciding_day: Annotated[Day, Ask("Deciding: day", StaticSelectElement())]
    deciding_at: Annotated[time, Ask("Deciding: time", TimePickerElement())]
    runs: Annotated[list[Literal["yes"]], Ask("By itself", CheckboxesElement())] = Field(
        default_factory=list
    )


RUNS: list[Option] = [(YES, "The review starts by itself, every week")]


# --- quotas: a field for each rep, named by quarter, so that another quarter starts anew


class QuotaMeta(BaseModel):
    """What the quotas' modal remembers: whose they are, and the first day of their quarter."""

    team: int
    quarter: date


def quarter_word(first: date) -> str:
    """`Q4 2026`."""
    return f"Q{(first.month + 2) // 3} {first.year}"


def quota_field(person_id: int | None, quarter: date) -> str:
    return f"quota.{person_id or 'team'}.{quarter}"


def quota_blocks(shown: QuotasForm) -> list[dict[str, object]]:
    """A number for each rep, then one for the whole team."""
    quarter = shown.quarter[0]
    fields = [(who.id, who.name, amount) for who, amount in shown.reps[:90]]
    return [
        _number(quota_field(person_id, quarter), name, amount, shown.team.currency)
        for person_id, name, amount in [*fields, (None, "The whole team", shown.whole)]
    ]


def _number(field: str, label: str, minor: int | None, currency: str) -> dict[str, object]:
    digits = get_currency_precision(currency)
    element: dict[str, object] = {
        "type": "number_input",
        "action_id": str(Id.FIELD),
        "is_decimal_allowed": digits > 0,
        "min_value": "0",
    }
    if minor is not None:
        element["initial_value"] = f"{(Decimal(minor).scaleb(-digits)).normalize():f}"
    return {
        "type": "input",
        "block_id": field,
        "label": plain(f"{label}, {currency}"),
        "element": element,
        "optional": True,
    } | ({"hint": plain(_WHOLE)} if label == "The whole team" else {})


_WHOLE = "Counts instead of the sum of the reps. Empty: the sum counts."


def read_quotas(values: dict[str, object], shown: QuotasForm) -> dict[int | None, int | None]:
    """Minor units by person (None: the whole team), None where a field is empty. Raises Wrong."""
    digits = get_currency_precision(shown.team.currency)
    errors: dict[str, str] = {}
    amounts: dict[int | None, int | None] = {}
    for person_id in [*(who.id for who, _ in shown.reps[:90]), None]:
        field = quota_field(person_id, shown.quarter[0])
        said = values.get(field)
        try:
            amounts[person_id] = None if said is None else _minor(str(said), digits)
        except (ArithmeticError, ValueError):
            errors[field] = "A number, please, like 250000."
    if errors:
        raise Wrong(errors)
    return amounts


def _minor(said: str, digits: int) -> int:
    amount = Decimal(said)
    minor = amount.scaleb(digits)
    if not 0 <= amount <= LARGEST or minor != int(minor):
        raise ValueError(said)
    return int(minor)
