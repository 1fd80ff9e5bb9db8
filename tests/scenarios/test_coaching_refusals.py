"""What is refused about coaching, at its field and with nothing typed lost."""

from typing import Any

import pytest

from handlers.ids import Id
from models.coaching import CoachingAnswer, CoachingLog
from models.people import Role, get_person
from models.roster import put_team
from tests.scenarios.floor import APP, BOT, WEST, Floor, six_deals
from tests.scenarios.test_coaching import LOG, chosen, edited, logged, opened_log, received
from tests.world import a_person

NOT_YOURS = "Only Nia coaches this person. Choose somebody whom you coach."


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"held_on": "2026-11-25"},
         {"held_on": "Only what has happened is logged: Tue 24 Nov or before."}),
        ({"held_on": "2026-08-25"},
         {"held_on": "That is too long ago to be logged: Wed 26 Aug is the earliest day."}),
        ({"feedback": "Be bolder"},
         {"feedback": "Say a little more: 15 characters at least."}),
        ({"feedback": "Good job!"},
         {"feedback": "“Good job!” says nothing."
                      " What did you see, and what is to be done differently?"}),
        ({"next_step": "Follow up"},
         {"next_step": "“Follow up” says nothing."
                       " What will be done, so that somebody could tell whether it was?"}),
        ({"next_on": "2026-11-23"},
         {"next_on": "Choose a day from Tue 24 Nov to Mon 22 Feb."}),
        ({"next_on": "2027-02-23"},
         {"next_on": "Choose a day from Tue 24 Nov to Mon 22 Feb."}),
        ({"minutes": "0"}, {"minutes": "Between 1 and 480 minutes."}),
        ({"minutes": "481"}, {"minutes": "Between 1 and 480 minutes."}),
    ],
)  # fmt: skip
def test_every_bad_input_at_its_field(
    floor: Floor, changes: dict[str, Any], errors: dict[str, str]
) -> None:
    chosen(floor, opened_log(floor, floor.max), "Ana")
    outcome = floor.max.submit({**LOG, **changes})
    assert outcome["errors"] == errors
    modal = floor.max.modal
    assert modal is not None
    entered = {**LOG, "focus": "negotiation", **changes}
    assert {name: str(modal.values[name]) for name in entered} == entered
    assert floor.rows(CoachingLog) == []


def test_all_faults_at_once_and_then_it_is_logged(floor: Floor) -> None:
    chosen(floor, opened_log(floor, floor.max), "Ana")
    wrong = {"feedback": "ok", "next_step": "tbd", "next_on": "2026-11-01", "minutes": "900",
             "held_on": "2026-12-24"}  # fmt: skip
    outcome = floor.max.submit({**LOG, **wrong})
    assert set(outcome["errors"]) == {"feedback", "next_step", "next_on", "minutes", "held_on"}
    assert floor.max.submit({**LOG, "minutes": "15", "held_on": "2026-11-24"})["ok"]
    assert len(floor.rows(CoachingLog)) == 1


@pytest.mark.parametrize("name", ["person", "focus", "feedback", "next_step", "next_on"])
def test_nothing_that_is_needed_is_left_out(floor: Floor, name: str) -> None:
    modal = opened_log(floor, floor.max)
    if name != "person":
        chosen(floor, modal, "Ana")
    outcome = floor.max.submit({**LOG, **({} if name == "person" else {name: None})})
    assert set(outcome["errors"]) == {name}
    assert floor.rows(CoachingLog) == []


def test_a_focus_area_of_the_person_chosen_before(floor: Floor) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        a_person(session, "U0ADA", "Ada", reports_to_id=floor.world.lea)
    opened_log(floor, floor.lea)
    outcome = floor.lea.submit({**LOG, "person": "Max"})
    assert outcome["errors"] == {"focus": "Choose one of this person's focus areas."}


def test_a_deal_of_the_person_chosen_before(floor: Floor) -> None:
    """The choice was quicker than the modal, and Ben's deal is the team's as much as Ana's."""
    six_deals(floor)
    modal = chosen(floor, opened_log(floor, floor.max), "Ana")
    assert "deal" in modal.fields
    assert floor.max.submit({**LOG, "person": "Ben", "deal": "Nexus Corp"})["ok"]


def test_somebody_elses_rep(floor: Floor) -> None:
    """The team got another manager while the modal was open."""
    chosen(floor, opened_log(floor, floor.max), "Ana")
    with floor.database.transaction(floor.world.workspace_id) as session:
        nia = a_person(session, "U0NIA", "Nia", Role.MANAGER)
        put_team(session, "West", currency="USD", zone="America/New_York", manager_id=nia.id)
    assert floor.max.submit(LOG)["errors"] == {"person": NOT_YOURS}
    assert floor.rows(CoachingLog) == []
    floor.max.close()
    floor.max.command(WEST, "/log-coaching")
    assert floor.max.modal is None
    assert floor.whispered(floor.max).startswith("You coach nobody here:")


def test_nobody_to_coach(floor: Floor) -> None:
    for who in (floor.ana, floor.ada):
        who.command(WEST, "/log-coaching")
        assert who.modal is None
        assert floor.whispered(who) == (
            "You coach nobody here: a manager coaches the team's reps, a leader the managers"
            " below. An admin sets who leads whom."
        )
    floor.ana.shortcut(APP, Id.LOG_SHORTCUT)
    modal = floor.ana.modal
    assert modal is not None
    assert "You coach nobody here" in str(modal.blocks)


def test_a_card_of_somebody_elses_rep(review: Floor) -> None:
    for who in (review.ana, review.ben, review.lea):
        review.press(who, review.card("Nexus"), Id.CARD_MENU, "Log coaching")
        assert who.modal is None
        assert review.whispered(who) == (
            "Only @Max coaches this person. Choose somebody whom you coach."
        )


def test_strangers_are_told_who_can_help(floor: Floor) -> None:
    sentence = "You are not set up here yet. @Ada can add you."
    for words in ("/log-coaching", "/log-coaching help"):
        floor.guest.command(WEST, words)
        assert floor.whispered(floor.guest) == sentence
    ts = floor.ana.say(WEST, "The price is fixed")
    message = next(one for one in floor.channel() if one.ts == ts)
    floor.guest.shortcut(APP, Id.LOG_MESSAGE, message)
    assert floor.whispered(floor.guest) == sentence
    floor.guest.shortcut(APP, Id.LOG_SHORTCUT)
    modal = floor.guest.modal
    assert modal is not None
    assert "You are not set up here yet." in str(modal.blocks)


def test_a_message_that_no_person_wrote(review: Floor) -> None:
    review.max.shortcut(APP, Id.LOG_MESSAGE, review.card("Nexus"))
    assert review.max.modal is None
    assert review.whispered(review.max) == (
        "Only what a person wrote can be quoted. `/log-coaching` logs without a message."
    )


def test_who_was_deactivated_answers_no_more(floor: Floor) -> None:
    logged(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        get_person(session, floor.world.ana).active = False
    floor.press(floor.ana, received(floor, floor.ana), "That's right")
    assert floor.whispered(floor.ana, floor.ana.dm_with(BOT)) == (
        "You are no longer active here. @Ada can change that."
    )
    assert floor.rows(CoachingAnswer) == []


def test_a_withdrawal_wants_a_reason(floor: Floor) -> None:
    logged(floor)
    floor.opened(floor.max, received(floor, floor.max), Id.LOG_MENU, "Withdraw")
    assert set(floor.max.submit(because=None)["errors"]) == {"because"}
    assert floor.rows(CoachingLog)[0].withdrawn_at is None


def test_an_edit_is_checked_like_a_log(floor: Floor) -> None:
    logged(floor)
    floor.opened(floor.max, received(floor, floor.max), Id.LOG_MENU, "Edit")
    outcome = floor.max.submit(feedback="ok", minutes="0")
    assert set(outcome["errors"]) == {"feedback", "minutes"}
    floor.max.close()
    edited(floor, minutes="60")
    assert len(floor.rows(CoachingLog)) == 1
