"""What is refused, in which words, and that nothing was recorded: each as a person meets it."""

from slack_sdk import WebClient
from sqlalchemy import select

from models.deals import Deal
from models.delivery import Delivery, DeliveryState, Kind
from models.evidence import Answer
from models.people import Person
from models.pipeline_review import Decision, Review, ReviewState
from sandbox.faults import Fault
from tests.scenarios.floor import BOT, SIX, WEST, Floor, at_once, seen
from tests.world import prove as prove_deal

MENU = "review.card_menu"
HOLD = {"reason": "Waits for their board", "next_text": "Send the paper"}


def test_a_rep_neither_decides_nor_closes(review: Floor) -> None:
    for who in (review.ana, review.cleo):
        review.press(who, review.card("Nexus"), "Decide")
        can = "answer or comment" if who is review.ana else "comment"
        assert review.whispered(who) == (
            f"Only @Max or @Lea decides here. You can still {can} in the thread."
        )
        review.press(who, review.parent(), "Close review")
        assert review.whispered(who) == (
            "Only @Max or @Lea closes this review."
            " You can still comment in the threads, and answer for your own deals."
        )
        assert who.modal is None
    assert review.rows(Decision) == []
    assert review.rows(Review)[0].state is ReviewState.OPEN


def test_only_the_owner_and_the_manager_answer(review: Floor) -> None:
    for who in (review.ben, review.lea):
        review.press(who, review.card("Nexus"), "Answer")
        assert review.whispered(who) == (
            "Only @Ana or @Max answers for this deal. You can still comment in its thread."
        )
        assert who.modal is None


def test_a_stranger_is_told_who_can_help(review: Floor) -> None:
    sentence = "You are not set up here yet. @Ada can add you."
    review.press(review.guest, review.card("Nexus"), "Answer")
    assert review.whispered(review.guest) == sentence
    for words in (
        "/pipeline-review",
        "/pipeline-review status",
        "/pipeline-review help",
        "/cadence",
    ):
        review.guest.command(WEST, words)
        assert review.whispered(review.guest) == sentence
    review.guest.home("A0CADENCE")
    home = review.guest.wait_for(lambda: review.guest.home_now("A0CADENCE"))
    assert home
    assert seen(home) == sentence


def test_the_review_cannot_close_while_deals_are_undecided(review: Floor) -> None:
    review.hold_all(*SIX[2:])
    review.press(review.max, review.parent(), "Close review")
    assert review.whispered(review.max) == "Two deals have no decision yet: Nexus Corp, Orbit."
    assert review.rows(Review)[0].state is ReviewState.OPEN


def test_advance_without_proof(review: Floor) -> None:
    max_ = review.max
    modal = review.chose(max_, "Nexus", "advance")
    assert "Advance to Negotiation" in str(modal.blocks)
    assert "Not possible: 3 questions are open" in str(modal.blocks)
    outcome = max_.submit(next_text="Agree the terms with legal")
    assert outcome["errors"] == {
        "decision": "Advance is not possible. Open: the review meeting, the objection,"
        " our answer to the objection. Demote it, or get the answers first."
    }
    assert max_.modal
    assert max_.modal.values["next_text"] == "Agree the terms with legal"
    assert review.rows(Decision) == []


def test_the_managers_own_deal_is_advanced_by_the_leader(review: Floor) -> None:
    with review.database.transaction(review.world.workspace_id) as session:
        nexus = session.scalars(select(Deal).where(Deal.name == "Nexus Corp")).one()
        prove_deal(session, nexus, review.now())
        nexus.owner_id = review.world.max
    modal = review.chose(review.max, "Nexus", "advance")
    assert "Your own deal: Lea may advance it" in str(modal.blocks)
    assert review.max.submit(next_text="Agree the terms with legal")["errors"] == {
        "decision": "This is your own deal: only Lea can advance it."
        " You can demote, re-date, hold or remove it."
    }
    review.decide(review.lea, "Nexus", "advance", next_text="Agree the terms with legal")
    assert "Advanced to Negotiation by @Lea" in seen(review.card("Nexus"))


def test_twenty_clicks_at_once_make_one_decision(review: Floor) -> None:
    review.chose(review.max, "Nexus", "hold")
    modal = review.max.modal
    assert modal
    submit = {"as": "U0MAX", "view_id": modal.id, "values": HOLD}

    def press() -> object:
        try:
            return review.server.request("POST", "/sandbox/submit", submit)
        except Exception as gone:  # the modal has closed: the person could not press any more
            return type(gone).__name__

    at_once([press] * 20)
    assert len(review.rows(Decision)) == 1
    review.deliver()
    assert "Held by @Max" in seen(review.card("Nexus"))


def test_two_people_decide_at_once(review: Floor) -> None:
    for who in (review.max, review.lea):
        review.chose(who, "Nexus", "hold")
    outcomes = at_once(
        [lambda: review.max.submit(HOLD), lambda: review.lea.submit(HOLD | {"reason": "Other"})]
    )
    assert sorted(outcome["ok"] for outcome in outcomes) == [False, True]
    (refused,) = [outcome["errors"]["decision"] for outcome in outcomes if not outcome["ok"]]
    assert refused.endswith(
        " decided this deal meanwhile. Close this; ⋯ on its card corrects the decision."
    )
    assert len(review.rows(Decision)) == 1


def test_a_double_click_on_close_closes_once(review: Floor) -> None:
    review.hold_all()
    parent = review.parent()
    at_once([lambda: review.max.click(parent, "Close review")] * 4)
    review.deliver()
    assert len(review.rows(Delivery, Delivery.kind == Kind.REVIEW_CLOSING)) == 1
    assert "It is closed already by @Max" in review.whispered(review.max)


def test_old_buttons_of_a_closed_review(review: Floor) -> None:
    review.hold_all(*SIX[1:])
    review.opened(review.ana, review.card("Nexus"), "Answer")
    parent = review.parent()
    review.decide(review.max, "Nexus", "hold", **HOLD)
    correcting = review.opened(review.max, review.card("Orbit"), MENU, "Correct the decision")
    review.opened(review.max, correcting, "review.choose_decision", "hold")
    review.press(review.lea, parent, "Close review")

    # the buttons are still to be seen: Slack has not drawn the closed review yet
    closed = "This review was closed by @Lea, Tue 24 Nov, 15:00."
    review.press(review.max, review.card("Orbit"), MENU, "Correct the decision")
    assert review.whispered(review.max).startswith(closed)

    # and so are modals that were open
    outcome = review.max.submit(HOLD)
    assert outcome["errors"]["decision"].startswith("This review was closed by Lea, Tue 24 Nov")
    outcome = review.ana.submit(objection="Price")
    assert outcome["errors"]["review_meeting"].startswith("This review was closed by Lea")
    assert review.rows(Answer) == []
    assert len(review.rows(Decision)) == 6


def test_a_deal_that_moved_on_while_its_questions_were_open(review: Floor) -> None:
    review.opened(review.ana, review.card("Nexus"), "Answer")
    review.decide(review.max, "Nexus", "demote", **HOLD)
    outcome = review.ana.submit(objection="Price")
    assert outcome["errors"] == {
        "review_meeting": "The deal is in another stage now, which asks other things."
        " Copy what you still need, close this and press Answer again."
    }
    assert review.rows(Answer) == []


def test_a_card_that_somebody_deleted_is_posted_anew(review: Floor) -> None:
    old = review.card("Nexus")
    WebClient("xoxb-cadence", base_url=review.server.api_url).chat_delete(channel=WEST, ts=old.ts)
    review.ana.command(WEST, "/pipeline-review status")
    status = review.ana.ephemerals(WEST)[-1]
    nexus = next(block["block_id"] for block in status.blocks if "Nexus" in str(block))
    review.ana.click(status, "Answer", block_id=nexus)
    assert review.ana.submit(objection="Price")["ok"]
    review.deliver()
    assert "Evidence 1 of 3 proved" in seen(review.card("Nexus"))
    assert review.card("Nexus").ts != old.ts
    assert not review.rows(Delivery, Delivery.state == DeliveryState.PARKED)


def test_the_bot_was_removed_and_invited_again(review: Floor) -> None:
    everybody = ["U0MAX", "U0LEA", "U0ANA", "U0BEN", "U0CLEO", "U0ADA"]
    review.server.request("POST", "/sandbox/channel", {"id": WEST, "members": everybody})
    (message,) = review.dm(review.ana)
    nexus = next(block["block_id"] for block in message.blocks if "Nexus" in str(block))
    review.ana.click(message, "Answer", block_id=nexus)
    assert review.ana.submit(objection="Price")["ok"]
    review.deliver()
    assert review.thread("Nexus") == []
    assert review.rows(Delivery, Delivery.state == DeliveryState.PARKED)
    assert "the bot is not in the channel" in seen(review.dm(review.ada)[0])
    review.ada.home("A0CADENCE")
    home = review.ada.wait_for(lambda: review.ada.home_now("A0CADENCE"))
    assert home
    assert "Not posted: answers in a thread · West" in seen(home)

    review.server.request("POST", "/sandbox/channel", {"id": WEST, "members": [*everybody, BOT]})
    review.ada.wait_for(lambda: not review.rows(Delivery, Delivery.state == DeliveryState.PARKED))
    review.deliver()
    assert review.thread("Nexus") == [
        "@Ana answered · evidence 1 of 3 proved\n- The objection: “Price” — proves"
    ]
    assert seen(review.dm(review.ada)[0]).startswith("Mended: answers in a thread")


def test_an_event_that_is_delivered_twice(review: Floor) -> None:
    """A person's change comes twice and counts once; the second finds it remembered."""
    review.server.faults.add(Fault("duplicate", method="user_change", times=1))
    review.server.request("POST", "/sandbox/person", {"id": "U0ANA", "real_name": "Ana Ruiz"})
    review.ana.wait_for(
        lambda: review.rows(Person, Person.slack_id == "U0ANA")[0].name == "Ana Ruiz"
    )
    review.server.settled()
    keys = [row.key for row in review.received() if row.key.startswith("event:")]
    assert len(keys) == len(set(keys)) == 1


def test_somebody_who_left_may_nothing(review: Floor) -> None:
    review.server.request("POST", "/sandbox/person", {"id": "U0LEA", "deleted": True})
    review.max.wait_for(lambda: not review.rows(Person, Person.slack_id == "U0LEA")[0].active)
    review.press(review.ana, review.card("Nexus"), "Decide")
    assert review.whispered(review.ana).startswith("Only @Max decides here.")


def test_the_next_owner_must_be_of_the_team(review: Floor) -> None:
    review.chose(review.max, "Nexus", "hold")
    assert review.max.submit(HOLD | {"next_owner": "U0GUEST"})["errors"] == {
        "next_owner": "That is nobody of this team. Choose a member, the manager or a leader above."
    }
    assert review.max.submit(HOLD | {"next_owner": "U0ADA"})["errors"] == {
        "next_owner": "Ada is not of this team. Choose a member, the manager or a leader above."
    }
    assert review.rows(Decision) == []


def test_unexpected_failures_are_said_and_nothing_is_recorded(review: Floor) -> None:
    review.server.faults.add(Fault("server_error", method="views.open", times=1))
    review.press(review.max, review.card("Nexus"), "Decide")
    assert review.whispered(review.max) == (
        "Something went wrong, and nothing was recorded. Try again; if it stays so, tell an admin."
    )
    review.opened(review.max, review.card("Nexus"), "Decide")
