"""A review from its start to its closing card, as the people of a team live it."""

from datetime import date

from models.deals import Deal
from models.delivery import Delivery, DeliveryState
from models.evidence import Answer
from models.next_actions import ActionState, NextAction
from models.pipeline_review import Decision, DecisionKind, Grade, Review, ReviewState
from tests.scenarios.floor import SIX, WEST, Floor, seen, six_deals

MENU = "review.card_menu"
DEMOTION = {"reason": "No meeting, buyer not met", "next_text": "Book the economic buyer"}


def test_a_manager_starts_a_review(floor: Floor) -> None:
    six_deals(floor)
    assert floor.max.command(WEST, "/pipeline-review")["ok"]
    modal = floor.max.modal
    assert modal
    assert modal.title == "Start a review"
    assert "West: 6 open deals. Nothing is dropped after the start." in seen(modal)
    assert len(modal.values["picked"]) == 6
    assert floor.max.submit()["ok"]
    assert floor.max.modal is None
    floor.deliver()

    assert seen(floor.parent()).replace("\u00a0", " ") == (
        "Pipeline review · West · Tue 24 Nov — 6 deals, $780 K of $780 K open\n"
        "░░░░░░ 0 of 6 decided · waiting: @Ana 9 answers, @Ben 9 answers, @Max 6 decisions\n"
        "[Close review] ⋯(Who may do what, Help)"
    )
    for deal in SIX:
        assert "Evidence 0 of 3 proved" in seen(floor.card(deal))
    assert len(floor.channel()) == 7
    for owner in (floor.ana, floor.ben):
        (message,) = floor.dm(owner)
        assert message.fallback == "Pipeline review · West: 3 deals of yours wait for your answers"
    (review,) = floor.rows(Review)
    assert (review.state, review.started_by_id) == (ReviewState.OPEN, floor.world.max)
    assert {one.state for one in floor.rows(Delivery)} == {DeliveryState.POSTED}


def test_an_owner_answers_and_the_card_and_its_thread_show_it(review: Floor) -> None:
    ana = review.ana
    modal = review.opened(ana, review.card("Nexus"), "Answer")
    assert modal.title == "Nexus Corp · Proposal"
    assert [*modal.fields] == ["review_meeting", "review_meeting.on", "objection", "reply"]
    ana.submit({"review_meeting": "Held", "review_meeting.on": "2026-11-20", "objection": "none"})
    review.deliver()

    assert "Evidence 1 of 3 proved · open: the objection, our answer to the objection" in seen(
        review.card("Nexus")
    )
    assert review.thread("Nexus") == [
        "@Ana answered · evidence 1 of 3 proved\n"
        "- The review meeting: held on Fri 20 Nov — proves\n"
        "- The objection: “none” — only fills"
    ]
    assert "@Ana 7 answers" in seen(review.parent()) or "@Ana 8 answers" in seen(review.parent())
    assert [answer.value for answer in review.rows(Answer)] == [
        {"state": "held", "on": "2026-11-20"},
        {"text": "none"},
    ]

    # what was answered is below now, and can be changed
    again = review.opened(ana, review.card("Nexus"), "Answer")
    assert "The review meeting · Tue 24 Nov · held on Fri 20 Nov · proved" in seen(again)
    changing = review.opened(ana, again, "Change an earlier answer")
    assert changing.values["review_meeting"] == "held"
    assert ana.submit(objection="Price against the incumbent", reply="Six weeks to go live")["ok"]
    review.deliver()
    assert "Evidence 3 of 3 proved" in seen(review.card("Nexus"))
    assert len(review.rows(Answer, Answer.is_current)) == 3


def test_decisions_of_every_kind_and_a_correction(review: Floor) -> None:
    max_ = review.max
    ana = review.ana
    review.opened(ana, review.card("Nexus"), "Answer")
    ana.submit({"review_meeting": "held", "review_meeting.on": "2026-11-20",
                "objection": "Price", "reply": "Six weeks to go live"})  # fmt: skip

    modal = review.opened(max_, review.card("Orbit"), "Decide")
    assert [*modal.fields] == ["decision"]
    assert modal.values["decision"] is None
    assert "0 of 3 proved. Open: the review meeting, the objection" in seen(modal)
    max_.close()

    review.decide(max_, "Nexus", "advance", next_text="Agree the terms with legal")
    review.decide(max_, "Orbit", "demote", **DEMOTION)
    review.decide(
        max_, "Halcyon", "re_date", close_on="2027-01-29", reason="Budget opens in January",
        next_text="Ask Dana for the date", next_owner="U0MAX", next_due="2026-12-04",
    )  # fmt: skip
    review.decide(max_, "Tern", "remove", removal="lost", reason="They chose somebody else")
    review.hold_all("Vale", "Quill")

    assert seen(review.card("Orbit")) == (
        "Orbit · $160,000 · Discovery · closes Tue 15 Dec · @Ben\n"
        "Demoted to Discovery by @Max · “No meeting, buyer not met”"
        " · next: @Ben “Book the economic buyer” by Tue 1 Dec · not yet in the CRM\n"
        "⋯(Correct the decision, Log coaching, History, Worth copying)"
    )
    assert "Advanced to Negotiation by @Max" in seen(review.card("Nexus"))
    assert "Re-dated to Fri 29 Jan by @Max" in seen(review.card("Halcyon"))
    assert "next: @Max “Ask Dana for the date” by Fri 4 Dec" in seen(review.card("Halcyon"))
    assert "Removed: lost by @Max" in seen(review.card("Tern"))
    assert "▓▓▓▓▓▓ 6 of 6 decided" in seen(review.parent())

    # a correction restores what was before, and the trail keeps both
    modal = review.opened(max_, review.card("Orbit"), MENU, "Correct the decision")
    assert "Demoted to Discovery by @Max" in seen(modal)
    review.opened(max_, modal, "review.choose_decision", "hold")
    assert max_.modal
    assert max_.modal.values["reason"] == "No meeting, buyer not met"
    assert max_.submit(reason="They met on Monday")["ok"]
    review.deliver()
    assert "Held by @Max · “They met on Monday”" in seen(review.card("Orbit"))
    assert "corrected" in seen(review.card("Orbit"))
    history = review.opened(max_, review.card("Orbit"), MENU, "History")
    assert "(replaced by a correction)" in seen(history)
    max_.close()
    (orbit,) = review.rows(Deal, Deal.name == "Orbit")
    assert orbit.stage_id == review.world.stages["Proposal"]
    made = review.rows(Decision, Decision.deal_id == orbit.id)
    assert [(one.kind, one.is_current) for one in made] == [
        (DecisionKind.DEMOTE, False),
        (DecisionKind.HOLD, True),
    ]

    # the end
    review.press(max_, review.parent(), "Close review")
    review.deliver()
    closing = review.channel()[-1]
    lines = seen(closing).replace("\u00a0", " ").splitlines()
    assert lines[0] == "Review closed · decided — 1 advanced, 1 removed, 1 re-dated, 3 held"
    assert "Halcyon | Re-dated to Fri 29 Jan | Ask Dana for the date | @Max | Fri 4 Dec" in lines
    assert any(line.startswith("Coverage") for line in lines)
    assert "quota" not in closing.fallback
    assert "Closed by @Max, Tue 24 Nov, 15:00 · decided" in seen(review.parent())
    assert "[" not in seen(review.parent())
    assert seen(review.card("Orbit")).endswith("⋯(Log coaching, History, Worth copying)")
    assert "Closed by @Max" in seen(review.dm(review.ana)[0])
    (closed,) = review.rows(Review)
    assert (closed.grade, closed.closed_by_id) == (Grade.DECIDED, review.world.max)
    open_ = review.rows(NextAction, NextAction.state == ActionState.OPEN)
    assert {action.due_on for action in open_} == {date(2026, 12, 1), date(2026, 12, 4)}
    assert len(open_) == 5


def test_a_review_of_holds_only_is_below_standard(review: Floor) -> None:
    review.hold_all()
    review.press(review.max, review.parent(), "Close review")
    review.deliver()
    closing = seen(review.channel()[-1])
    assert closing.startswith("Review closed · below standard — 6 held\nOnly new dates")


def test_a_change_of_mind_in_the_modal_loses_nothing(review: Floor) -> None:
    max_ = review.max
    modal = review.chose(max_, "Nexus", "hold")
    max_.fill(reason="Waits for their board", next_text="Send the paper")
    removing = review.opened(max_, modal, "review.choose_decision", "remove")
    assert [*removing.fields] == ["decision", "removal", "reason"]
    assert removing.values["reason"] == "Waits for their board"
    max_ = review.server.as_person(max_.id)  # whose hands hold nothing: the modal has it
    back = review.opened(max_, removing, "review.choose_decision", "hold")
    assert back.values["reason"] == "Waits for their board"
    assert back.values["next_text"] == "Send the paper"
    assert max_.submit()["ok"]
    (decision,) = review.rows(Decision)
    assert decision.reason == "Waits for their board"


def test_a_choice_quicker_than_the_modal_is_caught_up(review: Floor) -> None:
    """Somebody submits before the modal showed what the decision needs: it shows it then."""
    max_ = review.max
    review.opened(max_, review.card("Nexus"), "Decide")
    assert max_.submit(decision="hold")["ok"]
    modal = max_.modal
    assert modal
    assert [*modal.fields] == ["decision", "reason", "next_text", "next_owner", "next_due"]
    assert modal.values["decision"] == "hold"
    assert review.rows(Decision) == []
    assert max_.submit(reason="Waits for their board", next_text="Send the paper")["ok"]
    assert len(review.rows(Decision)) == 1


def test_the_managers_own_deal_is_marked(review: Floor) -> None:
    with review.database.transaction(review.world.workspace_id) as session:
        deal = session.get(Deal, review.rows(Deal, Deal.name == "Quill")[0].id)
        assert deal
        deal.owner_id = review.world.max
    review.decide(review.max, "Quill", "hold", reason="Their board", next_text="Send the paper")
    assert "self-decided" in seen(review.card("Quill"))
