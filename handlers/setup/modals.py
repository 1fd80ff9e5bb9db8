"""The modals of setting up."""

from datetime import date
from typing import Any

from handlers import words
from handlers.blocks import context, modal
from handlers.forms import Json, Option, option
from handlers.forms import plain as plain_text
from handlers.ids import Id
from handlers.setup import forms
from handlers.setup.forms import QuotaMeta, TeamMeta, quarter_word
from models.days import DAY
from models.one_on_ones import quarter_of
from models.screens import PeopleForm, QuotasForm, TeamForm, TimesForm
from models.week import FORECAST, HEALTH, PUT_RIGHT, WEEK

QUARTER = "quarter"


def team(shown: TeamForm) -> Json:
    here = shown.team
    blocks = forms.TeamForm.blocks(
        options={"may_be_public": forms.PUBLIC, "locale": forms.locales(shown.locale)},
        name=here and here.name,
        manager=shown.manager and shown.manager.slack_id,
        channel=here and here.channel_id,
        may_be_public=[forms.YES] if shown.may_be_public else [],
        currency=shown.currency,
        zone=shown.zone,
        locale=shown.locale,
    )
    title = "Change the team" if here else "A team"
    meta = _meta(here.id) if here else ""
    return modal(Id.SAVE_TEAM, title, blocks, submit="Save", private_metadata=meta)


def _meta(team_id: int) -> str:
    return TeamMeta(team=team_id).model_dump_json()


def people(shown: PeopleForm) -> Json:
    blocks = forms.PeopleForm.blocks(
        reps=[rep.slack_id for rep in shown.reps],
        leader=shown.leader and shown.leader.slack_id,
    )
    zones = "Names, addresses and time zones come from Slack."
    return modal(
        Id.SAVE_PEOPLE,
        f"People of {words.said(shown.team.name)}",
        [*blocks, context((zones,))],
        submit="Save",
        private_metadata=_meta(shown.team.id),
    )


def quotas(shown: QuotasForm) -> Json:
    meta = QuotaMeta(team=shown.team.id, quarter=shown.quarter[0])
    choose: Json = {
        "type": "section",
        "block_id": QUARTER,
        "text": plain_text("Quarter"),
        "accessory": {
            "type": "static_select",
            "action_id": str(Id.CHOOSE_QUARTER),
            "options": [_quarter(first) for first in _quarters(shown)],
            "initial_option": _quarter(shown.quarter[0]),
        },
    }
    return modal(
        Id.SAVE_QUOTAS,
        f"Quotas of {words.said(shown.team.name)}",
        [choose, *forms.quota_blocks(shown)],
        submit="Save",
        private_metadata=meta.model_dump_json(),
    )


def _quarter(first: date) -> Json:
    return option(str(first), quarter_word(first))


def _quarters(shown: QuotasForm) -> list[date]:
    """The current quarter and the three after it, with the one that is shown."""
    found, day = {shown.quarter[0]}, shown.today
    for _ in range(4):
        first, last = quarter_of(day)
        found.add(first)
        day = last + DAY
    return sorted(found)


def times(shown: TimesForm) -> Json:
    """Those of the review; once the team has begun all of the week's, in its order."""
    said = shown.times
    review = ["cards_day", "cards_at", "deciding_day", "deciding_at"]
    friday = [f"{each}_{part}" for each in _FRIDAY for part in ("day", "at")]
    all_week = ["health_day", "health_at", *review, "runs", *friday, "others"]
    fields = all_week if shown.started else review
    days: dict[str, list[Option]] = {each: forms.DAYS for each in fields if each.endswith("_day")}
    blocks = forms.TimesForm.blocks(
        only=fields,
        options=days | {"runs": forms.RUNS, "others": forms.OTHERS},
        cards_day=str(said.cards.day),
        cards_at=said.cards.at,
        deciding_day=str(said.deciding.day),
        deciding_at=said.deciding.at,
        runs=[forms.YES] if said.is_on else [],
        others=[other for other, prompt in _OTHERS.items() if shown.fixed[prompt]],
        **_fixed(shown),
    )
    zone = f"In the team's time zone, {shown.team.zone}."
    return modal(
        Id.SAVE_TIMES,
        "Times of the week" if shown.started else "Times of the review",
        [*blocks, context((zone,))],
        submit="Save",
        private_metadata=_meta(shown.team.id),
    )


_FRIDAY = (forms.Other.FORECAST, forms.Other.PUT_RIGHT)
_OTHERS = {
    forms.Other.HEALTH: HEALTH,
    forms.Other.FORECAST: FORECAST,
    forms.Other.PUT_RIGHT: PUT_RIGHT,
}


def _fixed(shown: TimesForm) -> dict[str, Any]:
    """The fields of the week's other prompts; what is off has its usual time."""
    usual = {one.prompt: one.when for one in WEEK}
    found: dict[str, Any] = {}
    for other, prompt in _OTHERS.items():
        when = shown.fixed[prompt] or usual[prompt]
        found |= {f"{other}_day": str(when.day), f"{other}_at": when.at}
    return found
