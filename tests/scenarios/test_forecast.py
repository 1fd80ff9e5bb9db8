"""A Friday on the floor: Max goes through the forecast, from the message to its end."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.ids import Id
from models.delivery import Delivery, Kind
from models.forecast import Forecast, ForecastLine, ForecastState, WeeklyCommitment
from models.people import get_person, team
from models.pipeline_review import name_deputy
from models.week_agenda import AgendaItem
from sandbox.person import ActingPerson, SeenMessage, SeenView
from tests.forecasts import CLOSED, FRIDAY, LATE, MINUTE, put_friday
from tests.scenarios.floor import WEST, Floor, at_once, seen
from tests.scenarios.mornings import home, row
from tests.scenarios.sessions import COACHING, newest
from tests.world import a_deal

HOUR = timedelta(hours=1)


@pytest.fixture
def friday(floor: Floor) -> Floor:
    """Friday 15:00, West's week as it is; Ana has deals in two stages, and won one."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        ana = floor.world.ana
        a_deal(session, ana, "Negotiation", name="Nexus Corp", amount_minor=40_000_00)
        a_deal(session, ana, "Proposal", name="Orbit", amount_minor=25_000_00)
        won_on = FRIDAY.date()
        a_deal(session, ana, "Closed Won", amount_minor=20_000_50, closed_on=won_on)
        put_friday(session, floor.world)
    floor.later(FRIDAY)
    return floor


def card(floor: Floor, who: ActingPerson) -> SeenMessage:
    floor.deliver()
    return newest(floor, who, Kind.FORECAST_CARD)


def reads(floor: Floor, who: ActingPerson) -> str:
    return seen(card(floor, who)).replace("\u00a0", " ")


def shows(who: ActingPerson) -> str:
    assert who.modal is not None
    return seen(who.modal).replace("\u00a0", " ")


def title(who: ActingPerson) -> str:
    assert who.modal is not None
    return str(who.modal.json["title"]["text"])


def fields(modal: SeenView, name: str) -> list[str]:
    """The fields of a person, in order."""
    return [field for field, label in modal.fields.items() if label.startswith(f"{name}: ")]


def submit(who: ActingPerson, values: dict[str, Any] | None = None) -> None:
    outcome = who.submit(values or {})
    assert outcome["ok"], outcome


def test_a_friday_from_the_message_to_its_end(friday: Floor) -> None:
    boss = friday.max
    asked = card(friday, boss)
    assert asked.fallback == "Friday forecast of West"
    assert "░░░░ 0 of 4" in reads(friday, boss)
    modal = friday.opened(boss, asked, "Start")
    assert title(boss) == "Forecast · 1 of 4"
    said = shows(boss)
    assert "commit = won so far + Negotiation; best case = + Proposal;" in said
    assert "pipeline = + Qualified, Discovery; closing by Thu 31 Dec." in said
    assert "@Ana · won $20,001 · quota $300,000" in said
    blocks = {one.get("block_id"): one for one in modal.blocks}
    first = [blocks[name]["element"]["initial_value"] for name in fields(modal, "Ana")]
    assert first == ["60,000.50", "85,000.50", "85,000.50"]
    friday.server.clock.advance(3 * MINUTE)

    commit, best, pipeline = fields(modal, "Ana")
    outcome = boss.submit({commit: "€90,000", best: "$85,000", pipeline: "lots"})
    assert set(outcome["errors"]) == {commit, pipeline}
    assert outcome["errors"][commit] == (
        "“€90,000” is not in USD, the team's currency: convert it first. Like 120,000, please."
    )
    outcome = boss.submit({commit: "90k", best: "$85,000", pipeline: "0.1m"})
    assert outcome["errors"] == {best: "Best case includes commit: $90,000 at least."}
    submit(boss, {commit: "70k", best: "$85,000", pipeline: "0.1m"})

    assert title(boss) == "Coaching · 2 of 4"
    assert "No coaching logged this week: 3 of 3 reps" in shows(boss)
    friday.server.clock.advance(2 * MINUTE)
    step = boss.modal
    assert step is not None
    assert boss.click(step, Id.OPEN_LOG, block_id=row(step, "@U0BEN"))["ok"]
    assert title(boss) == "Log coaching"
    submit(boss, COACHING)
    assert title(boss) == "Coaching · 2 of 4"  # it still stands below
    submit(boss)
    assert title(boss) == "Commitments · 3 of 4"
    assert boss.modal is not None
    activities, conversions = fields(boss.modal, "Ana")
    submit(boss, {activities: "20", conversions: "2"})
    assert title(boss) == "Agenda · 4 of 4"
    friday.server.clock.advance(4 * MINUTE)
    outcome = boss.submit({"agenda": "\n".join(f"- {n}" for n in range(12))})
    assert outcome["errors"] == {"agenda": "10 lines at most; these are 12."}
    submit(boss, {"agenda": "- Nexus Corp: who signs?\n\n• Pipeline <!channel>"})
    assert "Done in 9 minutes, by @Max." in shows(boss)
    assert "The team: commit $70,000 · best case $85,000 · pipeline $100,000" in shows(boss)
    boss.close()

    done = reads(friday, boss)
    assert "Done in 9 minutes, by @Max." in done
    assert "@Ana | $70,000 | $85,000 | $100,000" in done
    assert "The team | $70,000 | $85,000 | $100,000" in done
    assert "too few data (1 deal in commit, of 5 at least)" in done
    [made] = friday.rows(Forecast)
    assert (made.state, made.steps_done) == (ForecastState.DONE, 4)
    assert [one.text for one in friday.rows(AgendaItem)] == [
        "Nexus Corp: who signs?", "Pipeline <!channel>",
    ]  # fmt: skip
    agreed = friday.rows(WeeklyCommitment, WeeklyCommitment.activities.is_not(None))
    assert [(one.person_id, one.activities, one.conversions) for one in agreed] == [
        (friday.world.ana, 20, 2)
    ]
    assert "Forecast" not in "".join(seen(one) for one in friday.channel())
    assert "commit $70,000 · best case $85,000" in seen(home(friday.ana))
    assert "$70,000" not in seen(home(friday.ben))


def test_put_aside_and_taken_up_again(friday: Floor) -> None:
    boss = friday.max
    friday.opened(boss, card(friday, boss), "Start")
    friday.server.clock.advance(4 * MINUTE)
    submit(boss)
    boss.close()  # the second step was opened and closed
    friday.server.clock.advance(2 * HOUR)
    assert "▓░░░ 1 of 4 · 4 min so far" in reads(friday, boss)
    mine = home(boss)
    friday.opened(boss, mine, Id.FORECAST_NEXT)
    assert title(boss) == "Coaching · 2 of 4"
    friday.server.clock.advance(MINUTE)
    friday.press(boss, card(friday, boss), "Later")
    assert "5 min so far" in reads(friday, boss)
    assert "[Later]" not in reads(friday, boss)
    assert len(friday.rows(ForecastLine)) == 3


def test_a_double_click_and_two_devices_at_once(friday: Floor) -> None:
    boss = friday.max
    message = card(friday, boss)
    at_once([lambda: boss.click(message, "Start")] * 3)
    submit(boss)
    message = card(friday, boss)
    at_once([lambda: boss.click(message, "Next")] * 2)
    submit(boss)
    assert title(boss) == "Commitments · 3 of 4"
    assert len(friday.rows(ForecastLine)) == 3
    assert len(friday.rows(Delivery, Delivery.kind == Kind.FORECAST_CARD)) == 1


def test_the_deputy_takes_over(friday: Floor) -> None:
    boss, cleo = friday.max, friday.cleo
    friday.opened(boss, card(friday, boss), "Start")
    with friday.database.transaction(friday.world.workspace_id) as session:
        deputy = get_person(session, friday.world.cleo)
        west, manager = team(session, friday.world.team), get_person(session, friday.world.max)
        name_deputy(session, manager, west, deputy, friday.now())
    cleo.command(WEST, "/cadence forecast")
    assert "@Max is at it." in shows(cleo)
    assert cleo.modal is not None
    friday.opened(cleo, cleo.modal, "Take over")
    assert title(cleo) == "Forecast · 1 of 4"
    assert "@Cleo is at it." in reads(friday, boss)
    outcome = boss.submit({})
    assert list(outcome["errors"].values()) == [
        "Cleo has taken this over. Take over in your message takes it back; what was saved stands."
    ]
    submit(cleo)
    assert "The reps' coaching is for @Max and above: go on." in shows(cleo)
    friday.opened(boss, card(friday, boss), "Take over")
    assert title(boss) == "Coaching · 2 of 4"
    outcome = cleo.submit({})
    assert "Max has taken this over." in shows(cleo)


def test_not_done_by_midnight_and_late_until_monday(friday: Floor) -> None:
    boss = friday.max
    friday.later(LATE)
    assert "Not done in time: it counts as missed." in reads(friday, boss)
    friday.opened(boss, card(friday, boss), "Start")
    for _ in range(4):
        submit(boss)
    assert "Done late, in 1 minute, by @Max." in shows(boss)
    boss.close()
    friday.later(CLOSED)
    last = reads(friday, boss)
    assert "Done late" in last
    assert "⋯" not in last


def test_nobody_did_it(friday: Floor) -> None:
    boss = friday.max
    modal = friday.opened(boss, card(friday, boss), "Start")
    friday.later(CLOSED)
    assert "It was not done: it counts as missed." in reads(friday, boss)
    outcome = boss.submit({})
    assert outcome["errors"] == {
        fields(modal, "Ana")[0]: "This forecast has been over since Mon 30 Nov, 09:00."
        " /cadence forecast says when the next one comes."
    }


def test_what_was_given_can_be_changed_with_a_trail(friday: Floor) -> None:
    boss = friday.max
    friday.opened(boss, card(friday, boss), "Start")
    for _ in range(4):
        submit(boss)
    boss.close()
    [made] = friday.rows(Forecast)
    menu = card(friday, boss)
    modal = friday.opened(boss, menu, Id.FORECAST_MENU, f"figures:{made.id}")
    submit(boss, {fields(modal, "Ben")[2]: "1,000"})
    assert boss.modal is None
    modal = friday.opened(boss, menu, Id.FORECAST_MENU, f"agenda:{made.id}")
    submit(boss, {"agenda": "Changed"})
    friday.opened(boss, menu, Id.FORECAST_MENU, f"trail:{made.id}")
    assert "@Ben: $0 · $0 · $1,000, by @Max" in shows(boss)
    assert "@Ben: $0 · $0 · $0, by @Max" in shows(boss)
    assert "@Ben | $0 | $0 | $1,000" in reads(friday, boss)
    assert friday.rows(AgendaItem)[-1].text == "Changed"
    [made] = friday.rows(Forecast)
    assert (made.state, made.active_seconds) == (ForecastState.DONE, 0)


def test_what_two_change_at_once_is_not_undone(friday: Floor) -> None:
    boss, cleo = friday.max, friday.cleo
    with friday.database.transaction(friday.world.workspace_id) as session:
        deputy = get_person(session, friday.world.cleo)
        west, manager = team(session, friday.world.team), get_person(session, friday.world.max)
        name_deputy(session, manager, west, deputy, friday.now())
    cleo.command(WEST, "/cadence forecast")
    cleo.close()
    friday.opened(boss, card(friday, boss), "Take over")
    for _ in range(4):
        submit(boss)
    boss.close()
    [made] = friday.rows(Forecast)
    menus = {who: card(friday, who) for who in (boss, cleo)}

    def both_open(step: str) -> SeenView:
        friday.opened(cleo, menus[cleo], Id.FORECAST_MENU, f"{step}:{made.id}")
        return friday.opened(boss, menus[boss], Id.FORECAST_MENU, f"{step}:{made.id}")

    modal = both_open("figures")
    ana, ben = fields(modal, "Ana")[2], fields(modal, "Ben")
    submit(cleo, {ben[2]: "1,000"})
    submit(boss, {ana: "99,000"})  # who looked at another one changed that one alone
    assert lines_now(friday, friday.world.ben) == 1_000_00
    assert lines_now(friday, friday.world.ana) == 99_000_00

    both_open("figures")
    submit(cleo, {ben[2]: "2,000"})
    said = "Somebody else has changed this meanwhile."
    assert boss.submit({ben[2]: "3,000"})["errors"][ben[0]].startswith(said)
    boss.close()
    assert lines_now(friday, friday.world.ben) == 2_000_00

    both_open("agenda")
    submit(cleo, {"agenda": "Theirs"})
    assert boss.submit({"agenda": "Mine"})["errors"]["agenda"].startswith(said)
    submit(boss, {"agenda": "Theirs"})
    standing = [one.text for one in friday.rows(AgendaItem) if one.replaced_at is None]
    assert standing == ["Theirs"]


def lines_now(friday: Floor, person_id: int) -> int:
    """What stands of somebody's pipeline."""
    [line] = [
        one for one in friday.rows(ForecastLine) if one.is_current and one.person_id == person_id
    ]
    return line.pipeline_minor


def test_the_command_says_when_it_comes_and_shows_the_last(friday: Floor) -> None:
    boss, ana = friday.max, friday.ana
    boss.command(WEST, "/cadence forecast")
    assert title(boss) == "Forecast · 1 of 4"  # one team, nobody else at it: it begins
    for _ in range(4):
        submit(boss)
    boss.close()
    friday.later(CLOSED)
    boss.command(WEST, "/cadence forecast")
    assert "West · the next one comes" in shows(boss)
    assert "The last one, Fri 27 Nov: commit $60,001" in shows(boss)
    assert "@Ana: $60,001 · $85,001 · $85,001" in shows(boss)
    ana.command(WEST, "/cadence forecast")
    assert shows(ana).startswith("Your line of Fri 27 Nov, for Q4 2026: commit $60,001")
