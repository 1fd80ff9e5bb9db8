"""The settings' modals: days off, when and where somebody works, deputies."""

from collections.abc import Sequence
from typing import Any

from handlers import lines, words
from handlers.blocks import actions, button, confirm, context, divider, modal, section
from handlers.forms import Json, Option, option
from handlers.home import places
from handlers.home.calendar_words import beside_days_off
from handlers.home.forms import (
    CalendarForm,
    DaysOffForm,
    deputies_form,
)
from handlers.ids import Id
from handlers.lines import Bold, Line, Moment, joined
from handlers.pipeline_review import phrases
from models.absences import AbsenceSource
from models.screens import AbsenceShown, Calendar, DaysOff, DeputyTeam

_MOST = 20  # absences listed
_TITLE = "Days off"
_EXCUSES: Line = (
    "Your one-on-ones on these days are excused, and no digest comes. What has begun is excused"
    " only if a leader above accepts the days: that leader is asked.",
)


def days_off(shown: DaysOff, *, calendars: bool = True) -> Json:
    """The absences to come, two dates to add one, and the calendar that may bring some.

    `calendars`: whether the address of one may be given here.
    """
    blocks = _absences(shown) or [lines.rich_text(("You have entered no days off.",))]
    blocks += [*_company(shown), divider(), *DaysOffForm.blocks(), context(_EXCUSES)]
    blocks.append(_following(shown))
    if calendars or shown.calendar:
        blocks += beside_days_off(shown.calendar)
    return modal(Id.SAVE_DAYS_OFF, _TITLE, blocks, submit="Add", close="Done")


def _company(shown: DaysOff) -> list[Json]:
    """`Company days: Thu 24 Dec, Christmas Eve`, which need not be entered."""
    if not shown.company:
        return []
    said = [f"{words.day(on, shown.today)}, {words.said(name)}" for on, name in shown.company]
    return [context((f"Company days: {words.listed(said, 8)}",))]


def _following(shown: DaysOff) -> Json:
    if shown.follows_status:
        said: Line = ("A Slack status like 🌴 Vacationing or 🤒 Out sick counts as days off.",)
        return section(said, button("Do not follow it", Id.FOLLOW_STATUS, "off"))
    said = ("Your Slack status does not count: only what you enter here.",)
    return section(said, button("Follow my status", Id.FOLLOW_STATUS, "on"))


def days_off_added(shown: DaysOff) -> Json:
    """What stands now, said after adding."""
    more = actions(button("Add more", Id.DAYS_OFF))
    return modal(Id.NOTE, _TITLE, [*_absences(shown), context(_EXCUSES), more], close="Done")


def _absences(shown: DaysOff) -> list[Json]:
    blocks = [_absence(one, shown) for one in shown.absences[:_MOST]]
    if (more := len(shown.absences) - _MOST) > 0:
        blocks.append(context((f"and {more} more, later",)))
    return blocks


def _absence(one: AbsenceShown, shown: DaysOff) -> Json:
    """`Thu 26 Nov to Fri 27 Nov · excused: @max, Thu 26 Nov, 10:00`, with a button beside it."""
    days = words.days(one.starts_on, one.ends_on, shown.today)
    excused = [
        (phrases.who(row.other), ", ", Moment(row.starts_at, row.zone)) for row in one.excused
    ]
    source = _SOURCES.get(one.source)
    parts: list[Line] = [(Bold(days),), (source,) if source else ()]
    said = joined([*parts, ("excused: ", *joined(excused, "; ")) if excused else (), _late(one)])
    if not one.may_take_back:
        return section(said)
    sure = confirm(
        "Take these days back?",
        "You are there after all. One-on-ones to come that they excused are due again.",
        "Take back",
        "Leave them",
    )
    word = "I am there" if source else "Take back"
    return section(said, button(word, Id.TAKE_BACK_DAYS_OFF, one.absence_id, confirm=sure))


def _late(one: AbsenceShown) -> Line:
    """What of them had begun, and who says whether that is excused."""
    if one.accepted_by:
        return ("accepted by ", phrases.who(one.accepted_by))
    if one.waits_for:
        return ("what had begun counts, unless ", phrases.who(one.waits_for), " accepts them")
    return ()


_SOURCES = {
    AbsenceSource.SLACK: "from your Slack status",
    AbsenceSource.CALENDAR: "from your calendar",
}


def calendar(shown: Calendar) -> Json:
    """The zone, working days and public holidays of one person."""
    zone = shown.zone if shown.zone_is_own else places.SLACKS
    holidays = shown.holidays or places.NO_HOLIDAYS
    days: list[Option] = [(str(n), name) for n, name in enumerate(words.WEEKDAYS, start=1)]
    blocks = CalendarForm.blocks(
        options={"working_days": days},
        zone=(zone, places.zone_named(zone) if shown.zone_is_own else _slacks(shown)),
        working_days=list(shown.working_days),
        holidays=(holidays, places.calendar_named(shown.holidays)),
    )
    if shown.zone_of:
        blocks.append(context((f"{places.whose_zone(shown.zone_of)}.",)))
    return modal(Id.SAVE_CALENDAR, "Working time", blocks, submit="Save")


def zone_options(query: str) -> list[Json]:
    return [option(*one) for one in places.zones(query)]


def holiday_options(query: str) -> list[Json]:
    return [option(*one) for one in places.holiday_calendars(query)]


def _slacks(shown: Calendar) -> str:
    if shown.zone_of:
        team = words.said(shown.zone_of.name, 30)
        return f"As in my Slack profile, which says none: {team}'s counts"
    return f"As in my Slack profile: {places.zone_named(shown.zone)}"


_MOST_TEAMS = 20
_WHAT_A_DEPUTY_DOES: Line = (
    "The deputy starts the team's reviews, decides, corrects and closes, as you do, and is asked"
    " when you are off. A change counts at once, and whoever is named hears of it.",
)


def deputies(shown: Sequence[DeputyTeam]) -> Json:
    """Who stands in, for each team; one who is can be removed."""
    shown = shown[:_MOST_TEAMS]
    form = deputies_form({one.team.id: words.said(one.team.name, 60) for one in shown})
    named: dict[str, Any] = {
        f"deputy_{one.team.id}": one.deputy.slack_id for one in shown if one.deputy
    }
    blocks: list[Json] = []
    for one, block in zip(shown, form.blocks(**named), strict=True):
        blocks.append(block)
        if one.deputy:
            blocks.append(_removing(one))
    blocks.append(context(_WHAT_A_DEPUTY_DOES))
    return modal(Id.SAVE_DEPUTY, "Deputy", blocks, submit="Save")


def _removing(one: DeputyTeam) -> Json:
    said: Line = (phrases.who(one.deputy), " is the deputy now.") if one.deputy else ()
    return section(said, button("Remove", Id.REMOVE_DEPUTY, one.team.id))
