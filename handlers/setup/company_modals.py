"""The modal of the company days: those that stand, and what is asked to add some."""

from datetime import date
from typing import Annotated, Self

from pydantic import StringConstraints, ValidationInfo, model_validator
from slack_sdk.models.blocks import DatePickerElement, PlainTextInputElement, StaticSelectElement

from handlers import lines, words
from handlers.blocks import actions, button, confirm, context, divider, modal, section
from handlers.forms import Ask, Form, Json, Option, check_to_come
from handlers.home import places
from handlers.ids import Id
from handlers.lines import Bold, Line, joined
from models.company_days import LONGEST_NAME, CompanyDaySaid
from models.screens import CompanyDays, CompanyDayShown

EVERYBODY = "everybody"
_TEAM, _CALENDAR = "team:", "holidays:"
_MOST = 20  # company days listed
_MOST_TEAMS, _MOST_CALENDARS = 60, 39  # with everybody, as many as a select takes
_TITLE = "Company days"
_EXCUSES: Line = (
    "Nobody works then: no digest comes, one-on-ones that have not begun are planned for another"
    " day or excused, and nothing counts as missed.",
)


class CompanyDaysForm(Form):
    """Company days to come."""

    name: Annotated[
        str,
        StringConstraints(min_length=1, max_length=LONGEST_NAME),
        Ask(
            "Name",
            PlainTextInputElement(max_length=LONGEST_NAME),
            "Like Christmas Eve, or Company off-site.",
        ),
    ]
    starts_on: Annotated[date, Ask("First day", DatePickerElement())]
    ends_on: Annotated[
        date | None, Ask("Last day", DatePickerElement(), "Empty: that one day.")
    ] = None
    whose: Annotated[
        str,
        Ask(
            "For",
            StaticSelectElement(),
            "Of a team: its reps and its manager. Of a country: whoever keeps its holidays.",
        ),
    ]

    def said(self) -> CompanyDaySaid:
        team, calendar = (
            self.whose.removeprefix(kind) if self.whose.startswith(kind) else None
            for kind in (_TEAM, _CALENDAR)
        )
        return CompanyDaySaid(
            self.name,
            self.starts_on,
            self.ends_on or self.starts_on,
            team_id=None if team is None else int(team),
            holiday_calendar=calendar,
        )

    @model_validator(mode="after")
    def _to_come(self, info: ValidationInfo) -> Self:
        check_to_come(self.starts_on, (info.context or {})["today"])
        return self


def company_days(shown: CompanyDays) -> Json:
    """Those to come, and the fields to add some."""
    blocks = _listed(shown) or [lines.rich_text(("No company days are entered.",))]
    form = CompanyDaysForm.blocks(options={"whose": _whose(shown)}, whose=EVERYBODY)
    blocks += [divider(), *form, context(_EXCUSES)]
    return modal(Id.SAVE_COMPANY_DAYS, _TITLE, blocks, submit="Add", close="Done")


def added(shown: CompanyDays) -> Json:
    """What stands now, said after adding."""
    more = actions(button("Add more", Id.COMPANY_DAYS))
    return modal(Id.NOTE, _TITLE, [*_listed(shown), context(_EXCUSES), more], close="Done")


def _whose(shown: CompanyDays) -> list[Option]:
    teams: list[Option] = [
        (f"{_TEAM}{one.id}", words.said(one.name, 75)) for one in shown.teams[:_MOST_TEAMS]
    ]
    calendars: list[Option] = [
        (f"{_CALENDAR}{one}", _keepers(one)) for one in shown.calendars[:_MOST_CALENDARS]
    ]
    return [(EVERYBODY, "Everybody"), *teams, *calendars]


def _keepers(calendar: str) -> str:
    return f"Holidays of {places.calendar_named(calendar)}"


def _listed(shown: CompanyDays) -> list[Json]:
    blocks = [_row(one, shown.today) for one in shown.days[:_MOST]]
    if (more := len(shown.days) - _MOST) > 0:
        blocks.append(context((f"and {more} more, later",)))
    return blocks


def _row(one: CompanyDayShown, today: date) -> Json:
    """`Thu 24 Dec · Christmas Eve · West`, with a button beside it."""
    days = words.days(one.starts_on, one.ends_on, today)
    whose = "everybody"
    if one.team:
        whose = words.said(one.team.name)
    elif one.calendar:
        whose = _keepers(one.calendar)
    sure = confirm(
        "Take these days back?",
        "They are working days after all. One-on-ones to come that they excused are due again.",
        "Take back",
        "Leave them",
    )
    said = joined([(Bold(days),), (words.said(one.name),), (whose,)])
    pressed = button("Take back", Id.TAKE_BACK_COMPANY_DAYS, one.company_day_id, confirm=sure)
    return section(said, pressed)
