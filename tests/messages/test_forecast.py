"""The forecast's words: money as it is typed, measures with their facts, the agenda's lines."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.problems import Unusable
from handlers import lines, words
from handlers.amounts import read_money, typed_money
from handlers.forecast import messages, modals, phrases
from handlers.forecast.forms import AgendaLines, commitments_form, lines_form
from handlers.forms import Wrong, checked
from handlers.home import messages as home
from handlers.setup.forms import LOCALES
from models.forecast import Checked, Excuse, Figures, ForecastState, Numbers, Result, WeekResult
from models.screens import (
    AccuracyShown,
    AgendaForm,
    FiguresShown,
    FlowShown,
    ForecastAtHome,
    ForecastDm,
    LineShown,
    MeasuresShown,
    Money,
    OwnForecast,
    SlippedShown,
    SlipShown,
    TeamMeasured,
    WeekCommitted,
)
from tests.messages import made
from tests.messages.made_home import home as a_home
from tests.reading import read

FRIDAY, Q3, Q4 = date(2026, 11, 27), (date(2026, 7, 1), date(2026, 9, 30)), made.TODAY
FLOW = FlowShown(
    forecast_id=5,
    team=made.WEST,
    day=FRIDAY,
    starts_on=date(2026, 10, 1),
    ends_on=date(2026, 12, 31),
    state=ForecastState.OPEN,
    excuse=None,
    steps_done=0,
    minutes=0,
    aim=20,
    runner=None,
    running=False,
    late_from=datetime(2026, 11, 28, 5, tzinfo=UTC),
    closes_at=datetime(2026, 11, 30, 14, tzinfo=UTC),
    over=False,
    finished_by=None,
)
DM = ForecastDm(
    flow=FLOW, to=made.MAX, stands_in_for=None, lines=(), total=None, total_before=None,
    before_day=None, before_ends_on=None, measures=None, chain=True, lacking=0,
)  # fmt: skip


def usd(thousands: int) -> Money:
    return Money(thousands * 1000_00, "USD", "en_US")


def three(commit: int, best_case: int, pipeline: int) -> FiguresShown:
    return FiguresShown(usd(commit), usd(best_case), usd(pipeline))


def said(dm: ForecastDm) -> str:
    return read(messages.dm(dm).blocks).replace("\u00a0", " ")


def text(line: lines.Line) -> str:
    return lines.plain(line).replace("\u00a0", " ")


# --- money


@pytest.mark.parametrize(
    ("typed", "locale", "minor"),
    [
        ("120,000", "en_US", 120_000_00),
        ("$120,000.50", "en_US", 120_000_50),
        ("120000", "de_DE", 120_000_00),
        ("120.000", "de_DE", 120_000_00),
        ("120.000,5", "de_DE", 120_000_50),
        ("USD 1’200", "de_CH", 1_200_00),
        ("12,00,000", "en_IN", 1_200_000_00),
        ("120k", "en_US", 120_000_00),
        ("1,5 m", "de_DE", 1_500_000_00),
        ("0", "en_US", 0),
    ],
)
def test_money_is_read_as_the_team_writes_it(typed: str, locale: str, minor: int) -> None:
    assert read_money(typed, "USD", locale) == minor


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("-5", "is negative, or not an amount"),
        ("(5)", "is negative, or not an amount"),
        ("lots", "is not an amount"),
        ("", "is not an amount"),
        ("€5", "is not in USD, the team's currency: convert it first"),
        ("1.234", "has more decimals than USD has"),
        ("9" * 14, "is too large to be an amount"),
        ("2000000000000", "is too large to be true"),
        ("9999999m", "is too large to be true"),
        ("5 k k", "is not an amount"),
    ],
)
def test_what_is_no_amount_says_why(typed: str, problem: str) -> None:
    with pytest.raises(Unusable) as refused:
        read_money(typed, "USD", "en_US")
    assert refused.value.says == problem


@given(st.integers(0, 10**12), st.sampled_from(("USD", "JPY", "KWD")), st.sampled_from(LOCALES))
def test_what_a_field_starts_with_is_read_back(minor: int, currency: str, locale: str) -> None:
    assert read_money(typed_money(minor, currency, locale), currency, locale) == minor


# --- forms


def view(**typed: Any) -> dict[str, Any]:
    values = {
        name: {"form.field": {"type": "plain_text_input", "value": value}}
        for name, value in typed.items()
    }
    return {"state": {"values": values}}


def test_each_person_has_three_amounts() -> None:
    form = lines_form([7], "EUR", "de_DE")
    entered = view(commit_7="1.000", best_case_7="2.000 €", pipeline_7="3k")
    assert checked(form, entered, today=FRIDAY).given() == {7: Figures(1000_00, 2000_00, 3000_00)}
    with pytest.raises(Wrong) as refused:
        checked(form, view(commit_7="$5", pipeline_7="x" * 200), today=FRIDAY)
    assert refused.value.errors["commit_7"] == (
        "“$5” is not in EUR, the team's currency: convert it first. Like 120.000, please."
    )
    assert refused.value.errors["best_case_7"] == "This is needed."
    assert len(refused.value.errors["pipeline_7"]) < 100


def test_a_commitment_may_be_empty_and_is_whole() -> None:
    form = commitments_form([7])
    assert checked(form, view(activities_7="20"), today=FRIDAY).given() == {7: Numbers(20, None)}
    for typed in ("-1", "1000", "2.5", "many"):
        with pytest.raises(Wrong) as refused:
            checked(form, view(conversions_7=typed), today=FRIDAY)
        assert set(refused.value.errors) == {"conversions_7"}


def test_an_agenda_is_its_lines() -> None:
    typed = " - Nexus \n\n• Orbit\n* - Vale\nOrbit\n  \n- \n–5 % of reps"
    read_ = checked(AgendaLines, view(agenda=typed), today=FRIDAY)
    assert read_.lines() == ["Nexus", "Orbit", "Vale", "5 % of reps"]
    starred = checked(AgendaLines, view(agenda="*Ask* Ben\n* \n*"), today=FRIDAY)
    assert starred.lines() == ["*Ask* Ben"], "bold is no bullet"
    assert checked(AgendaLines, view(), today=FRIDAY).lines() == []


def test_suggestions_are_lines_that_the_channel_may_read() -> None:
    shown = AgendaForm(
        flow=FLOW, monday=date(2026, 11, 30), lines=(), missing=usd(640), standard=3.0,
        slipped=(
            SlippedShown("Nexus", date(2026, 12, 1), date(2027, 1, 15)),
            SlippedShown("Orbit\nCorp", date(2026, 12, 1), None),
        ),
        not_in_crm=("Tern", "Vale"),
    )  # fmt: skip
    assert modals.suggested(shown) == [
        "Pipeline: $640,000 short of 3× what remains of the quota",
        "Nexus: close date moved from Tue 1 Dec to Fri 15 Jan",
        "Orbit Corp: close date moved from Tue 1 Dec and has none now",
        "Not yet in the CRM: Tern, Vale",
    ]


# --- the message


def test_nothing_of_it_stands_in_the_notification() -> None:
    done = replace(FLOW, state=ForecastState.DONE, steps_done=4, minutes=12, finished_by=made.MAX)
    shown = replace(DM, flow=done, total=three(1, 2, 3))
    assert messages.dm(shown).text == "Friday forecast of West"


def test_before_it_is_begun() -> None:
    found = said(replace(DM, stands_in_for=made.LEA))
    assert found.splitlines()[:2] == [
        "Friday forecast · West · Fri 27 Nov",
        "forecast per rep → the week's coaching → commitments → Monday's agenda",
    ]
    assert "You are asked in place of @Lea." in found
    assert "[Start]" in found
    assert "[Later]" not in found


def test_under_way_put_aside_and_somebody_elses() -> None:
    mine = replace(FLOW, steps_done=2, minutes=6, runner=made.MAX, running=True)
    under_way = said(replace(DM, flow=mine))
    assert "▓▓░░ 2 of 4 · 6 min so far" in under_way
    assert under_way.endswith("[Next] [Later] ⋯(Change the forecast, Trail)")
    assert "[Later]" not in said(replace(DM, flow=replace(mine, running=False)))
    theirs = said(replace(DM, flow=replace(mine, runner=made.LEA)))
    assert "@Lea is at it." in theirs
    assert theirs.endswith("[Take over]")


@pytest.mark.parametrize(
    ("state", "excuse", "over", "sentence"),
    [
        (ForecastState.MISSED, None, False, "Not done in time: it counts as missed."),
        (ForecastState.MISSED, None, True, "It was not done: it counts as missed."),
        (ForecastState.EXCUSED, Excuse.TRIAL, False, words.TRIAL),
        (ForecastState.EXCUSED, Excuse.NOBODY, True, "Excused: everybody was off."),
    ],
)
def test_what_became_of_it(
    state: ForecastState, excuse: Excuse | None, over: bool, sentence: str
) -> None:
    found = said(replace(DM, flow=replace(FLOW, state=state, excuse=excuse, over=over)))
    assert sentence in found
    assert ("[Start]" in found) is not over


def test_how_long_it_took_and_the_table() -> None:
    done = replace(FLOW, state=ForecastState.DONE, steps_done=4, minutes=24, finished_by=made.MAX)
    line = LineShown(made.ANA, three(10, 20, 30), three(5, 6, 7))
    shown = replace(
        DM, flow=done, lines=(line, replace(line, person=made.BEN, before=None)),
        total=three(20, 40, 60), total_before=three(5, 6, 7), before_day=date(2026, 11, 20),
        before_ends_on=Q3[1], lacking=1,
    )  # fmt: skip
    found = said(shown).splitlines()
    assert found[1] == "Done in 24 minutes, by @Max. Four more than the 20 it is to fit in."
    assert found[2:6] == [
        "– | Commit | Best case | Pipeline | Commit Fri 20 Nov",
        "@Ana | $10,000 | $20,000 | $30,000 | $5,000",
        "@Ben | $10,000 | $20,000 | $30,000 | –",
        "The team | $20,000 | $40,000 | $60,000 | $5,000",
    ]
    assert "The last forecast, Fri 20 Nov, was of another period, until Wed 30 Sep." in found
    assert "1 rep has no commitments for next week yet: see ⋯." in found
    assert "Change the commitments" in found[-1]
    standing_in = said(replace(shown, chain=False)).splitlines()[-1]
    assert "Change the commitments" not in standing_in
    late = replace(done, state=ForecastState.LATE, minutes=1)
    assert text(phrases.took(late)) == "Done late, in 1 minute, by Max."


# --- Home


def test_at_home_it_waits_with_the_same_button_and_reps_read_their_own() -> None:
    at_home = ForecastAtHome(
        flows=(replace(FLOW, steps_done=1, minutes=4, runner=made.MAX),),
        own=OwnForecast(FRIDAY, date(2026, 10, 1), date(2026, 12, 31), three(1, 2, 3)),
        weeks=(WeekCommitted(date(2026, 11, 23), WeekResult(Checked(20, 3, Result.OFF), None)),),
        measured=(TeamMeasured(made.WEST, MeasuresShown(ACCURACY, None, None)),),
    )
    found = read(home.home(a_home(forecast=at_home))["blocks"]).replace("\u00a0", " ")
    lines_ = found.splitlines()
    assert lines_[0] == "What waits for you"
    assert "▓░░░ 1 of 4 · 4 min so far" in lines_[1]
    assert lines_[2].endswith("[Next]")
    assert (
        "- Forecast of Fri 27 Nov for Q4 2026: commit $1,000 · best case $2,000 · pipeline $3,000"
        in lines_
    )
    assert "- Week of Mon 23 Nov: 3 of 20 activities: off all week" in lines_
    assert any(line.startswith("- West · Forecast accuracy, Q3 2026: 87 %") for line in lines_)
    assert "forecast" not in read(home.home(a_home())["blocks"]).casefold()


# --- measures

ACCURACY = AccuracyShown(
    *Q3, usd(870), date(2026, 9, 11), usd(1000), 0.87,
    ((date(2026, 9, 4), -0.4), (date(2026, 9, 11), 0.87)),
)  # fmt: skip
SLIP = SlipShown(*Q3, 2, 11, usd(200), usd(1100), 5)


def test_measures_say_numerator_and_denominator() -> None:
    found = [text(line) for line in phrases.measures(MeasuresShown(ACCURACY, SLIP, SLIP))]
    assert found == [
        "Forecast accuracy, Q3 2026: 87 % (commit of Fri 11 Sep $870,000, won $1,000,000;"
        " of what was won) · week by week: −40 %, 87 %",
        "Slip rate, Q3 2026: 2 of 11 deals in commit (18 %), $200,000 of $1,100,000 (18 %)",
        "Slip rate, Q3 2026 so far: 2 of 11 deals in commit (18 %), $200,000 of $1,100,000 (18 %)",
    ]
    assert phrases.measures(MeasuresShown(None, None, None)) == []


def test_where_there_is_no_figure_it_says_why() -> None:
    nothing = replace(ACCURACY, won=usd(0), value=None, weeks=())
    assert "no figure: nothing was won (commit of" in text(phrases.accuracy(nothing))
    early = replace(ACCURACY, forecast=None, on=None, value=None)
    assert text(phrases.accuracy(early)).endswith("too few data: no forecast early enough.")
    few = replace(SLIP, slipped=1, counted=3)
    assert text(phrases.slip(few)).endswith("too few data (3 deals in commit, of 5 at least).")


def test_shares_of_nothing_and_below() -> None:
    assert [phrases.percent(one).replace("\u00a0", " ") for one in (0, -0.4, 1, 0.001)] == [
        "0 %", "−40 %", "100 %", "under 1 %",
    ]  # fmt: skip


def test_periods_are_quarters_or_days() -> None:
    assert phrases.period(*Q3) == "Q3 2026"
    assert phrases.period(date(2026, 11, 1), date(2027, 1, 31)) == "Sun 1 Nov to Sun 31 Jan 2027"
    assert phrases.period(date(2026, 10, 1), date(2026, 10, 31)) == "Thu 1 Oct to Sat 31 Oct 2026"


def test_a_weeks_result() -> None:
    result = WeekResult(Checked(20, 18, Result.MISSED), Checked(2, 2, Result.HIT))
    assert phrases.result(result) == "18 of 20 activities: missed · 2 of 2 deals advanced: hit"
    assert phrases.result(WeekResult(Checked(20, 3, Result.NOT_CHECKED), None)) == (
        "3 of 20 activities: not checked yet"
    )
    one = WeekResult(Checked(1, 0, Result.MISSED), Checked(1, 1, Result.HIT))
    assert phrases.result(one) == "0 of 1 activity: missed · 1 of 1 deal advanced: hit"
