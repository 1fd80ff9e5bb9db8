"""Days off that came too late, as the leader reads of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.home.late_days_off import late
from handlers.home.messages import home
from models.absences import AbsenceSource
from models.screens import ForecastBegun, LateAbsence, SessionBegun, TalkBegun
from sandbox.blocks import validate_view
from tests.messages import made
from tests.messages.made_home import home as a_home
from tests.reading import read

DAY = timedelta(days=1)
SHOWN = LateAbsence(
    absence_id=7,
    person=made.ANA,
    starts_on=made.TODAY - 2 * DAY,
    ends_on=made.TODAY,
    entered_at=made.TEN,
    source=AbsenceSource.OWN,
    zone=made.WEST.zone,
    today=made.TODAY,
    sessions=(
        SessionBegun(made.MAX, made.TEN - DAY, missed=True),
        SessionBegun(made.MAX, made.TEN, missed=False),
    ),
    talks=(TalkBegun(made.MAX, made.ANA, made.TODAY - 2 * DAY, missed=True),),
    forecasts=(ForecastBegun(made.WEST, made.TODAY),),
    accepted_by=None,
    accepted_at=None,
)


def said(**changes: Any) -> list[str]:
    shown = late(replace(SHOWN, **changes))
    assert shown.text == "Days off of Ana, entered late"
    return read(shown.blocks).replace("\u00a0", " ").splitlines()


HEAD = "Days off entered late: @Ana, Mon 23 Nov to Wed 25 Nov, said Wed 25 Nov, 10:00."


def test_what_had_begun_stands_with_what_became_of_it() -> None:
    assert said() == [
        HEAD,
        "This had begun by then, and counts as it is:",
        "- one-on-one with @Max, Tue 24 Nov, 10:00: missed",
        "- one-on-one with @Max, Wed 25 Nov, 10:00: nothing recorded",
        "- coverage conversation with @Max, Mon 23 Nov: not held",
        "- Friday forecast of West, Wed 25 Nov: not done",
        "[Accept]",
        "Days off excuse what begins after they were entered. Accepted, they excuse this too.",
    ]


def test_a_conversation_whose_day_is_not_over_is_not_missed() -> None:
    talk = TalkBegun(made.MAX, made.ANA, made.TODAY, missed=False)
    line = "- coverage conversation with @Max, Wed 25 Nov: nothing logged"
    assert line in said(talks=(talk,))


def test_at_home_it_stands_with_its_button() -> None:
    view = home(a_home(to_accept=(SHOWN,) * 5))
    assert validate_view(view) == []
    at_home = read(view["blocks"]).replace("\u00a0", " ").splitlines()
    assert at_home[:2] == ["What waits for you", HEAD]
    assert at_home.count("[Accept]") == 3
    assert "and 2 more, in Messages" in at_home


def test_accepted_it_says_what_that_excused() -> None:
    done = said(accepted_by=made.LEA, accepted_at=made.TEN + DAY, talks=(), forecasts=())
    assert done == [
        HEAD,
        "Accepted by @Lea, Thu 26 Nov, 10:00. Excused:",
        "- one-on-one with @Max, Tue 24 Nov, 10:00",
        "- one-on-one with @Max, Wed 25 Nov, 10:00",
    ]


def test_one_day_and_nothing_left() -> None:
    nothing = {"sessions": (), "talks": (), "forecasts": ()}
    assert said(starts_on=made.TODAY, **nothing) == [
        "Days off entered late: @Ana, Wed 25 Nov, said Wed 25 Nov, 10:00.",
        "Nothing of it counts against anybody any more.",
    ]
    assert said(taken_back=True) == [HEAD, "They were taken back."]


def test_a_long_list_is_cut() -> None:
    many = tuple(SessionBegun(made.MAX, made.TEN - n * DAY, missed=True) for n in range(14))
    assert said(sessions=many)[12] == "- and 6 more"
