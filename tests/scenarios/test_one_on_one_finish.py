"""Finish: the one modal that ends a one-on-one, and everything that it asks for."""

from datetime import date, timedelta

from sqlalchemy import select

from models.coaching import CoachingEntry, CoachingLog
from models.deals import Deal
from models.one_on_ones import ReviewedDeal, State
from sandbox.person import SeenView
from tests.scenarios.floor import Floor, at_once, seen, six_deals
from tests.scenarios.sessions import (
    COACHING,
    DAY,
    WED,
    card,
    finishing,
    nexts,
    offered,
    options,
    reads,
    session_of,
    stand,
)


def test_without_open_deals_there_is_none_to_go_through(floor: Floor) -> None:
    stand(floor)
    floor.later(WED)
    modal = finishing(floor)
    assert "No open deals. There is none to go through." in seen(modal)
    assert floor.max.submit(COACHING)["ok"]
    assert "Held · recorded Wed 25 Nov, 10:00" in reads(floor, floor.max)


def test_finished_twice_at_once_is_finished_once(reminded: Floor) -> None:
    modal = finishing(reminded, "Vale")
    values = {**COACHING, **nexts(modal, Vale="Send the paper")}
    submit = {"as": "U0MAX", "view_id": modal.id, "values": values}

    def press() -> object:
        try:
            return reminded.server.request("POST", "/sandbox/submit", submit)
        except Exception as gone:  # the modal has closed: nobody could press any more
            return type(gone).__name__

    at_once([press] * 8)
    assert len(reminded.rows(CoachingLog)) == 1
    assert len(reminded.rows(ReviewedDeal)) == 1
    assert session_of(reminded).state is State.HELD


def test_submitted_before_the_modal_was_drawn_anew(reminded: Floor) -> None:
    """The deal is chosen and Finish pressed at once: the modal then asks what is next on it."""
    max_ = reminded.max
    modal = finishing(reminded)
    (nexus,) = options(modal, "Nexus Corp")
    outcome = max_.submit({**COACHING, "deals": [nexus], "notes": "Ask about the move"})
    assert outcome["ok"]
    redrawn = max_.modal
    assert redrawn
    assert redrawn.id == modal.id
    assert "Nexus Corp: next action" in redrawn.fields.values()
    assert redrawn.values["feedback"] == COACHING["feedback"]
    assert redrawn.values["notes"] == "Ask about the move"
    assert redrawn.values["focus"] == "negotiation"
    assert session_of(reminded).state is State.DUE
    assert max_.submit(nexts(redrawn, **{"Nexus Corp": "Book the economic buyer"}))["ok"]
    assert session_of(reminded).state is State.HELD


def test_deals_chosen_and_dropped_lose_nothing(reminded: Floor) -> None:
    max_ = reminded.max
    modal = finishing(reminded, "Nexus Corp")
    max_.fill({**nexts(modal, **{"Nexus Corp": "Book the buyer"}), "feedback": "Half a sentence"})
    other = reminded.opened(max_, modal, "one_on_one.choose_deals", options(modal, "Vale"))
    assert "Nexus Corp: next action" not in other.fields.values()
    max_ = reminded.server.as_person(max_.id)  # whose hands hold nothing: the modal has it
    both = reminded.opened(
        max_, other, "one_on_one.choose_deals", options(modal, "Vale", "Nexus Corp")
    )
    names = {label: name for name, label in both.fields.items()}
    assert both.values[names["Nexus Corp: next action"]] == "Book the buyer"
    assert both.values["feedback"] == "Half a sentence"


def test_every_fault_at_its_field_at_once(reminded: Floor) -> None:
    modal = finishing(reminded, "Nexus Corp", "Vale")
    names = {label: name for name, label in modal.fields.items()}
    outcome = reminded.max.submit(
        {
            "focus": "negotiation",
            "feedback": "good job",
            "next_step": "follow up",
            "next_on": "2027-11-01",
            "minutes": "481",
            names["Nexus Corp: next action"]: "follow up",
            names["Nexus Corp: due"]: "2026-12-01",
            names["Vale: next action"]: "Send the paper",
            names["Vale: due"]: "2027-01-20",
        }
    )
    errors = outcome["errors"]
    assert {*errors} == {
        "feedback",
        "next_step",
        "next_on",
        "minutes",
        names["Nexus Corp: next action"],
        names["Vale: due"],
    }
    assert errors[names["Nexus Corp: next action"]].startswith("“follow up” says nothing.")
    assert errors[names["Vale: due"]] == "Choose a day from Wed 25 Nov to Wed 9 Dec."
    assert session_of(reminded).state is State.DUE
    assert reminded.rows(CoachingLog) == []
    assert reminded.max.modal
    assert reminded.max.modal.values["feedback"] == "good job"


def test_finish_needs_a_deal_where_there_are_some(reminded: Floor) -> None:
    finishing(reminded)
    outcome = reminded.max.submit(COACHING)
    assert "deals" in outcome["errors"]
    assert session_of(reminded).state is State.DUE


def test_one_level_up_the_leader_coaches_the_manager(floor: Floor) -> None:
    six_deals(floor)
    stand(floor, "max", coach="lea")
    floor.later(WED - timedelta(minutes=10))
    assert reads(floor, floor.lea).startswith("One-on-one with @Max at 10:00 · 30 min")
    modal = floor.opened(floor.lea, card(floor, floor.lea), "Finish")
    areas = offered(modal, "focus")
    assert "Accountability" in areas
    assert "Prospecting" not in areas
    outcome = floor.lea.submit({**COACHING, "focus": "accountability"})
    assert outcome["ok"], outcome  # the team's deals may be left
    assert "Held" in reads(floor, floor.max)


def test_recorded_the_next_day_it_is_held(reminded: Floor) -> None:
    reminded.later(WED + DAY)
    modal = finishing(reminded, "Vale")
    assert modal.values["minutes"] == "30"
    assert reminded.max.submit({**COACHING, **nexts(modal, Vale="Send the paper")})["ok"]
    (entry,) = reminded.rows(CoachingEntry)
    assert entry.held_on == date(2026, 11, 25)
    assert session_of(reminded).state is State.HELD


def test_a_deal_that_went_to_somebody_else_while_finish_was_open(reminded: Floor) -> None:
    modal = finishing(reminded, "Vale")
    with reminded.database.transaction(reminded.world.workspace_id) as session:
        vale = session.scalars(select(Deal).where(Deal.name == "Vale")).one()
        vale.owner_id = reminded.world.ben
    outcome = reminded.max.submit({**COACHING, **nexts(modal, Vale="Send the paper")})
    assert outcome["errors"] == {
        "deals": "Not an open deal of this person any more: Vale. Drop it."
    }
    assert session_of(reminded).state is State.DUE


def at_home(floor: Floor) -> SeenView:
    """Max's Home as it stands."""
    home = floor.max.home_now("A0CADENCE")
    assert home
    return home


def test_started_and_finished_from_home(reminded: Floor) -> None:
    max_ = reminded.max
    max_.home("A0CADENCE")
    max_.wait_for(lambda: max_.home_now("A0CADENCE"))
    reminded.press(max_, at_home(reminded), "Start")
    assert "under way since 09:50" in seen(at_home(reminded))
    reminded.deliver()
    assert "Under way since 09:50" in reads(reminded, reminded.ana)

    modal = reminded.opened(max_, at_home(reminded), "Finish")
    modal = reminded.opened(max_, modal, "one_on_one.choose_deals", options(modal, "Vale"))
    assert max_.submit({**COACHING, **nexts(modal, Vale="Send the paper")})["ok"]
    assert "Finish" not in at_home(reminded).buttons
    assert session_of(reminded).state is State.HELD
