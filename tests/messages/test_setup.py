"""The quotas' form, read as it was typed, and previews, which keep every button and do nothing."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given

from handlers import MESSAGES
from handlers.forms import Wrong, checked
from handlers.setup import modals
from handlers.setup.forms import quotas_form
from handlers.setup.messages import setup
from handlers.setup.previews import INERT, Previewed, preview
from models.screens import QuotasForm, QuotaShown, SetupShown, SkippedTime, TeamSteps
from models.setup import ReviewTimes, WeekTime
from sandbox.blocks import validate_view
from sandbox.values import state
from tests.messages import made, setup_strategies, strategies
from tests.reading import read

ANA, BEN, WHOLE = (f"quota.{who}.2026-10-01" for who in (made.ANA.id, made.BEN.id, "team"))
QUOTAS = QuotasForm(
    team=made.WEST,
    quarter=(date(2026, 10, 1), date(2026, 12, 31)),
    today=made.TODAY,
    reps=((made.ANA, 400_000_00), (made.BEN, 350_000_50)),
    whole=None,
)
YEN = replace(QUOTAS, team=replace(made.WEST, currency="JPY"))


def entered(shown: QuotasForm, **typed: Any) -> dict[str, Any]:
    """The modal as it would be submitted, with what was typed into it."""
    view = modals.quotas(shown)
    assert validate_view(view) == []
    values, _ = state(view["blocks"], {})
    for field, value in typed.items():
        values[field] = {"form.field": {"type": "number_input", "value": value}}
    return {**view, "state": {"values": values}}


def amounts(shown: QuotasForm, **typed: Any) -> list[int | None]:
    view = entered(shown, **typed)
    return [*checked(quotas_form(shown), view, today=shown.today).amounts().values()]


def test_each_rep_has_a_field_and_then_the_whole_team() -> None:
    view = modals.quotas(QUOTAS)
    assert [block["block_id"] for block in view["blocks"]] == ["quarter", ANA, BEN, WHOLE]
    starts = [block["element"].get("initial_value") for block in view["blocks"][1:]]
    assert starts == ["400000", "350000.5", None]
    assert [block.get("hint") is not None for block in view["blocks"][1:]] == [False, False, True]
    labels = [block["label"]["text"] for block in view["blocks"][1:]]
    assert labels == ["Ana, USD", "Ben, USD", "The whole team, USD"]
    offered = [one["value"] for one in view["blocks"][0]["accessory"]["options"]]
    assert offered == ["2026-10-01", "2027-01-01", "2027-04-01", "2027-07-01"]


def test_what_was_typed_is_kept_in_the_smallest_unit() -> None:
    assert amounts(QUOTAS) == [400_000_00, 350_000_50, None]
    assert amounts(QUOTAS, **{ANA: "0", BEN: None, WHOLE: "750000.50"}) == [0, None, 750_000_50]
    assert amounts(YEN, **{ANA: "5000000", BEN: "12.0"}) == [5_000_000, 12, None]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "Not less than 0."),
        ("1000.555", "Not more than 2 decimals."),
        ("99999999999999999", "Not more than 1,000,000,000,000."),
        ("NaN", "A number, please, like 12000."),
        ("much", "A number, please, like 12000."),
    ],
)
def test_what_is_no_amount_is_refused_at_its_field(typed: str, sentence: str) -> None:
    with pytest.raises(Wrong) as refused:
        amounts(QUOTAS, **{ANA: typed, WHOLE: typed})
    assert refused.value.errors == {ANA: sentence, WHOLE: sentence}


def pressed(blocks: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """What can be pressed, block by block."""
    rows = [
        block["elements"] if block["type"] == "actions" else [block.get("accessory", {})]
        for block in blocks
    ]
    return [[one for one in row if "action_id" in one] for row in rows]


@strategies.many
@given(setup_strategies.preview)
def test_a_preview_keeps_every_button_and_none_does_anything(shown: Previewed) -> None:
    render = MESSAGES[shown.kind].render
    real, still = pressed(render(shown.screen).blocks), pressed(preview(shown, render).blocks[1:])
    assert [len(row) for row in still] == [len(row) for row in real[: len(still)]]
    assert {one["action_id"] for row in still for one in row} <= {*INERT}
    assert not any({"url", "confirm"} & one.keys() for row in still for one in row)


STEPS = TeamSteps(
    team=replace(made.WEST, zone="Europe/Berlin"),
    manager=made.MAX,
    leader=None,
    reps=(made.ANA, made.BEN),
    wrong=None,
    deals=6,
    deals_as_of=made.TEN,
    deals_stale=False,
    quotas=QuotaShown(date(2026, 10, 1), 0, None),
    times=ReviewTimes(WeekTime(6, time(15)), WeekTime(7, time(2, 30))),
    previewed=False,
    starts_on=None,
    trial_ends_on=None,
    monday=date(2026, 11, 30),
)


def read_steps(**changes: Any) -> str:
    shown = SetupShown(1, "Europe/Berlin", replace(STEPS, **changes), ())
    return read(setup(shown).blocks)


def test_who_has_no_zone_is_named_among_the_people() -> None:
    assert "Slack does not say" not in read_steps()
    assert "Slack does not say where @Ana, @Ben are: West's zone counts" in read_steps(
        zoneless=(made.ANA, made.BEN)
    )


def test_a_time_that_the_clocks_skip_is_named_among_the_times() -> None:
    skipped = SkippedTime(time(2, 30), date(2027, 3, 28), time(3, 30))
    assert "there is no 02:30" not in read_steps()
    said = read_steps(skipped=(skipped,))
    assert "On Sun 28 Mar 2027 there is no 02:30 in Berlin: it runs at 03:30." in said
