"""A team's week without gaps: the deputy, the nudge, what fell due, and a review left open."""

from datetime import date, time

from models.absences import put_absence
from models.delivery import Kind
from models.deputies import deputy_of, put_deputy
from models.next_actions import ActionState, NextAction
from models.people import get_person, team
from models.pipeline_review import Review, ReviewState
from models.schedule import Lateness, put_schedule
from sandbox.person import ActingPerson, SeenMessage, SeenView
from tests.scenarios.floor import Floor, seen, six_deals
from tests.scenarios.mornings import WEDNESDAY, at_home, digest, home, keep_digests
from tests.scenarios.sessions import DAY, HOUR, MINUTE, newest
from tests.world import NOW

DECIDES = WEDNESDAY + 90 * MINUTE  # Wednesday 10:00 in New York
NEXT_WEEK = NOW + 7 * DAY  # Tuesday 15:00


def in_the_week(floor: Floor) -> None:
    """West's review by schedule: the cards are posted on Tuesday, 15:00."""
    six_deals(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        for prompt, weekday, at in (
            ("review.cards", "2", time(15)),
            ("review.deciding", "3", time(10)),
        ):
            put_schedule(
                session, floor.world.team, prompt, weekdays=weekday, local_time=at,
                zone="America/New_York", lateness=Lateness.MIDNIGHT, active_from=date(2026, 11, 23),
            )  # fmt: skip
    floor.later(NOW + MINUTE)


def out(floor: Floor, name: str, day: date) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        person = get_person(session, getattr(floor.world, name))
        put_absence(session, person, day, day, floor.now())


def name_deputy(floor: Floor, whom: str) -> None:
    """Max names a deputy, from Home."""
    floor.opened(floor.max, home(floor.max), "Deputy")
    field = f"deputy_{floor.world.team}"
    assert floor.max.submit({field: whom})["ok"]
    floor.deliver()


def click(who: ActingPerson, where: SeenMessage | SeenView, button: str, of: str) -> None:
    """The button of the row that says this: beside it, or below."""
    number = next(n for n, block in enumerate(where.blocks) if of in str(block))
    beside = "accessory" in where.blocks[number]
    block = where.blocks[number if beside else number + 1]
    assert who.click(where, button, block_id=block["block_id"])["ok"]


def nudged(floor: Floor, who: ActingPerson) -> SeenMessage:
    return newest(floor, who, Kind.REVIEW_NUDGE)


def test_a_deputy_named_at_home_decides_while_the_manager_is_out(floor: Floor) -> None:
    in_the_week(floor)
    floor.opened(floor.max, home(floor.max), "Deputy")
    refused = floor.max.submit({f"deputy_{floor.world.team}": "U0MAX"})
    assert "is this team's manager" in str(refused)
    assert floor.max.submit({f"deputy_{floor.world.team}": "U0CLEO"})["ok"]
    floor.deliver()
    told = seen(newest(floor, floor.cleo, Kind.DEPUTY_NAMED))
    assert told.startswith("@Max named you deputy of West.")

    out(floor, "max", date(2026, 11, 25))
    floor.later(DECIDES)
    call = newest(floor, floor.cleo, Kind.REVIEW_DECIDING)
    assert seen(call).startswith("Pipeline review · West: deciding. @Max is out: you decide.")
    assert "@Cleo 6 decisions" in seen(floor.parent())
    floor.press(floor.ben, floor.card("Nexus"), "Decide")
    assert floor.whispered(floor.ben).startswith("Only @Max, deputy @Cleo or @Lea decides here.")
    floor.decide(floor.cleo, "Nexus", "hold", reason="Their board", next_text="Send Dana the paper")
    assert "Held by @Cleo" in seen(floor.card("Nexus"))

    # who was removed decides nothing more, from whatever button
    modal = floor.opened(floor.max, home(floor.max), "Deputy")
    floor.press(floor.max, modal, "Remove")
    click(floor.cleo, call, "Decide", "Orbit")
    assert "Only @Max or @Lea decides here." in seen(floor.dm(floor.cleo)[-1])
    floor.deliver()
    (over,) = [one for one in floor.dm(floor.cleo) if one.ts == call.ts]
    assert seen(over) == "Pipeline review · West: deciding. You are asked no more: @Lea decides."
    assert newest(floor, floor.lea, Kind.REVIEW_DECIDING)


def test_a_deputy_removed_meanwhile_is_not_named_again_by_saving_the_rest(floor: Floor) -> None:
    field = f"deputy_{floor.world.team}"
    floor.opened(floor.max, home(floor.max), "Deputy")
    assert floor.max.submit({field: "U0CLEO"})["ok"]
    modal = floor.opened(floor.max, home(floor.max), "Deputy")
    assert modal.values[field] == "U0CLEO"
    with floor.database.transaction(floor.world.workspace_id) as session:
        of_team = team(session, floor.world.team)
        put_deputy(session, of_team, None, None, floor.now())
    assert floor.max.submit()["ok"]
    with floor.database.transaction(floor.world.workspace_id) as session:
        assert deputy_of(session, team(session, floor.world.team)) is None


def test_a_silent_owner_is_nudged_once(floor: Floor) -> None:
    in_the_week(floor)
    floor.opened(floor.ana, floor.card("Nexus"), "Answer")
    floor.ana.submit({"objection": "Price against the incumbent"})
    before = len(floor.dm(floor.ana)), len(floor.dm(floor.ben))
    floor.later(DECIDES - HOUR)
    assert (len(floor.dm(floor.ana)), len(floor.dm(floor.ben))) == (before[0] + 1, before[1] + 1)
    said = seen(nudged(floor, floor.ana))
    assert said.startswith("Pipeline review · West: your answers are missing\nAnswer before")
    assert "Nexus" not in said
    click(floor.ben, nudged(floor, floor.ben), "Answer", "Orbit")
    assert floor.ben.submit({"objection": "none yet", "reply": "We ask"})["ok"]
    floor.later(DECIDES)
    floor.later(DECIDES + HOUR)
    assert len(floor.dm(floor.ben)) == before[1] + 1


def test_what_fell_due_is_done_or_not_and_stands_on_the_next_card(floor: Floor) -> None:
    in_the_week(floor)
    keep_digests(floor)
    floor.later(DECIDES)
    floor.hold_all("Nexus Corp", "Halcyon")  # Ana's next actions, due in a week
    due_morning = WEDNESDAY + 7 * DAY
    floor.later(NEXT_WEEK)  # the next cards, which end the first review
    floor.later(due_morning)
    said = seen(digest(floor, floor.ana))
    assert "Nexus Corp: “Send Dana the security paper”, due Wed 2 Dec" in said
    assert digest(floor, floor.ana).fallback == "Your morning: 2 next actions due"

    click(floor.ana, digest(floor, floor.ana), "Done", "Nexus")
    assert "Nexus Corp: “Send Dana the security paper” — done" in seen(digest(floor, floor.ana))
    click(floor.ana, home(floor.ana), "Not done", "Halcyon")
    assert "Halcyon: “Send Dana the security paper” — not done" in "\n".join(at_home(floor.ana))
    view = floor.ana.home_now("A0CADENCE")
    assert view
    click(floor.ana, view, "New date", "Halcyon")
    modal = floor.ana.modal
    assert modal
    assert modal.values["next_text"] == "Send Dana the security paper"
    assert floor.ana.submit(next_due="2026-12-30")["ok"] is False
    assert floor.ana.submit(next_due="2026-12-09")["ok"]
    states = [each.state for each in floor.rows(NextAction)]
    assert states == [ActionState.DONE, ActionState.NOT_DONE, ActionState.OPEN]
    assert "Last time: @Ana “Send Dana the security paper” by Wed 2 Dec: done" in seen(
        floor.card("Nexus")
    )


def test_a_review_left_open_is_abandoned_when_the_next_is_due(floor: Floor) -> None:
    in_the_week(floor)
    floor.later(DECIDES)
    floor.hold_all("Nexus Corp")
    old, card = floor.parent(), floor.card("Orbit")
    floor.later(NEXT_WEEK)
    (first, second) = floor.rows(Review)
    assert (first.state, second.state) == (ReviewState.ABANDONED, ReviewState.OPEN)
    stood = {one.ts: seen(one) for one in floor.channel()}
    assert "Abandoned, Tue 1 Dec, 15:00 · 5 deals without a decision" in stood[old.ts]
    assert "[" not in stood[old.ts]
    assert "The review ended without a decision on this deal." in stood[card.ts]
    for boss in (floor.max, floor.lea):
        told = seen(newest(floor, boss, Kind.REVIEW_ENDED))
        assert told.startswith("Abandoned: pipeline review of West, Wed 25 Nov — 5 of 6 deals")
    now = next(one for one in floor.channel() if one.ts == card.ts)
    assert "Decide" not in seen(now)


def test_after_weeks_of_outage_it_has_ended_all_the_same(floor: Floor) -> None:
    """Nothing is started for the weeks that passed; what was left open is not left open."""
    in_the_week(floor)
    floor.later(DECIDES)
    before = len(floor.dm(floor.max))
    floor.later(NEXT_WEEK + 15 * DAY + 18 * HOUR)
    assert [one.state for one in floor.rows(Review)] == [ReviewState.ABANDONED]
    assert len(floor.dm(floor.max)) - before == 2, "that it has ended, and what was skipped"
    floor.later(DAY)  # the rest waited for the morning
    [told] = [seen(one) for one in floor.dm(floor.max) if "prompts of West skipped" in one.text]
    assert "deal cards, due Tue 15 Dec, 15:00" in told
    assert "deciding, due Wed 16 Dec, 10:00" in told
    assert "starts one at any time" in told
    assert "nothing counts as missed" in told, "of the health check"
