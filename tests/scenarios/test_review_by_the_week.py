"""The review by the week on the floor: the pick by DM, the cards, imports in between, Friday."""

import html
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from handlers.ids import Id
from models.deals import Deal, stages
from models.delivery import Delivery, DeliveryState, Kind
from models.people import get_person, team
from models.pipeline_review import Decision, PickVersion, Review, review_deals
from models.setup import ReviewTimes, put_times
from models.week import keep
from sandbox.person import ActingPerson, SeenMessage, SeenView
from tests.deals_in.files import as_csv, take_in
from tests.scenarios.floor import BOT, PEOPLE, WEST, Floor, at_once, seen, six_deals
from tests.scenarios.sessions import DAY, HOUR, newest
from tests.world import NOW, a_deal

NEXT = NOW + 7 * DAY  # Tuesday 1 December, 15:00 in New York
DECIDES = NEXT + 19 * HOUR
MORE = ("Ember", "Fjord", "Grove")


@pytest.fixture
def week(floor: Floor) -> Floor:
    """Tuesday, 14:00: the pick of nine deals has been sent."""
    six_deals(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        for n, name in enumerate(MORE):
            a_deal(session, floor.world.cleo, name=name, amount_minor=(n + 1) * 1_000_00)
        put_times(session, team(session, floor.world.team), ReviewTimes(), NOW)
        keep(session, NOW)
    floor.later(NEXT - HOUR)
    return floor


def pick(floor: Floor) -> str:
    return seen(newest(floor, floor.max, Kind.REVIEW_PICK)).replace("\u00a0", " ")


def value(modal: SeenView, field: str, deal: str) -> str:
    """The value under which a modal offers this deal."""
    (block,) = [one for one in modal.blocks if one.get("block_id") == field]
    offered = block["element"]["options"]
    return str(
        next(one["value"] for one in offered if html.unescape(one["text"]["text"]).startswith(deal))
    )


def files(floor: Floor, **changed: dict[str, str]) -> None:
    """The CRM's export of all nine, with what changed since; every deal not named as it is here."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        names = {stage.id: stage.name for stage in stages(session)}
        rows = []
        for deal in session.scalars(select(Deal).order_by(Deal.id)):
            row = {
                "id": deal.external_id, "name": deal.name,
                "owner": get_person(session, deal.owner_id).slack_id,
                "stage": names[deal.crm_stage_id],
                "amount": "" if deal.amount_minor is None else str(deal.amount_minor // 100),
                "close_date": "" if deal.crm_close_on is None else deal.crm_close_on.isoformat(),
            } | changed.get(deal.name.split()[0].lower(), {})  # fmt: skip
            rows.append(",".join(row.values()))
    taken = take_in(floor.database, floor.world, as_csv(rows), floor.now())
    assert taken.plan is not None, taken.text
    floor.deliver()


def test_the_pick_is_adjusted_by_dm_and_its_cards_follow(week: Floor) -> None:
    message = newest(week, week.max, Kind.REVIEW_PICK)
    assert message.fallback == "Pipeline review · West: 7 deals picked, to adjust"
    assert pick(week).splitlines()[0].startswith("Pipeline review · West: the pick — 7 deals, ")
    assert "The cards come Tue 1 Dec, 15:00 about these deals." in pick(week)
    modal = week.opened(week.max, message, "Adjust the pick")
    nexus, ember = value(modal, "picked", "Nexus"), value(modal, "others", "Ember")
    kept = [one for one in modal.values["picked"] if one != nexus]
    refused = week.max.submit(picked=kept[:3])
    assert refused["errors"] == {"others": "Choose 5 to 10 deals; 3 are chosen."}
    assert week.max.submit(picked=kept, others=[ember])["ok"]
    week.deliver()
    assert "Adjusted by @Max, Tue 1 Dec, 14:00: added Ember; dropped Nexus Corp" in pick(week)

    files(week, orbit={"stage": "Closed Won"})
    assert "closed in the CRM: it will be left out" in pick(week)
    week.opened(week.max, newest(week, week.max, Kind.REVIEW_PICK), "Adjust the pick")
    week.later(NEXT)
    assert "7 deals" not in seen(week.parent())
    cards = [one.text for one in week.channel() if not one.text.startswith("Pipeline")]
    assert [text for text in cards if text.startswith(("Nexus", "Orbit"))] == []
    assert "added by hand" in seen(week.card("Ember"))
    said = pick(week)
    assert said.startswith("Pipeline review · West: started, its cards go to #C0WEST — 6 deals")
    assert "Left out, since picked: Orbit (closed in the CRM)" in said
    assert "[Adjust the pick]" not in said
    too_late = week.max.submit()
    assert too_late["errors"] == {
        "picked": "The cards are out: the review is in the team's channel. Nothing is dropped"
        " after the start; /pipeline-review shows it."
    }


def test_of_two_who_adjust_at_once_the_second_sees_the_first(week: Floor) -> None:
    week.lea.command(WEST, "/pipeline-review status")
    theirs = week.opened(week.lea, week.lea.ephemerals(WEST)[-1], "Adjust the pick")
    mine = week.opened(week.max, newest(week, week.max, Kind.REVIEW_PICK), "Adjust the pick")
    without = [value(theirs, "picked", "Nexus"), value(mine, "picked", "Orbit")]
    each = [[one for one in mine.values["picked"] if one != left] for left in without]
    outcomes = at_once(
        [lambda: week.lea.submit(picked=each[0]), lambda: week.max.submit(picked=each[1])]
    )
    assert all(one["ok"] for one in outcomes)
    assert len(week.rows(PickVersion)) == 2
    (loser,) = [who for who in (week.lea, week.max) if who.modal is not None]
    modal = loser.modal
    assert modal is not None
    winner = "@Max" if loser is week.lea else "@Lea"
    assert seen(modal).startswith(f"{winner} changed the pick meanwhile, Tue 1 Dec, 14:00.")
    [shown] = [name for name in modal.values if name.startswith("picked~")]
    assert len(modal.values[shown]) == 6
    assert loser.submit({shown: modal.values[shown][:5]})["ok"]
    assert [one.is_current for one in week.rows(PickVersion)] == [False, False, True]


def test_the_second_is_shown_what_the_first_added(week: Floor) -> None:
    week.lea.command(WEST, "/pipeline-review status")
    theirs = week.opened(week.lea, week.lea.ephemerals(WEST)[-1], "Adjust the pick")
    mine = week.opened(week.max, newest(week, week.max, Kind.REVIEW_PICK), "Adjust the pick")
    everything = mine.values["picked"]
    assert week.lea.submit(picked=everything[1:])["ok"]
    assert week.max.submit(picked=everything[1:-1])["ok"]  # it fits what Lea left
    modal = week.max.modal
    assert modal is not None
    [shown] = [name for name in modal.values if name.startswith("picked~")]
    assert modal.values[shown] == theirs.values["picked"][1:]
    too_few = week.max.submit({shown: everything[1:3]})
    assert [*too_few["errors"]] == [shown.replace("picked", "others")]


def test_forms_that_were_open_when_an_import_came(week: Floor) -> None:
    week.later(NEXT)
    week.later(DECIDES)
    answering = week.opened(week.ana, week.card("Nexus"), "Answer")
    assert answering.title == "Nexus Corp · Proposal"
    week.chose(week.max, "Nexus", "hold")
    files(week, nexus={"stage": "Discovery", "amount": "90000", "close_date": "2027-02-26"})
    assert "$90,000 · Discovery · closes Fri 26 Feb" in seen(week.card("Nexus"))

    refused = week.ana.submit({"objection": "Price"})
    assert "The deal is in another stage now" in str(refused)
    assert "Evidence 0 of 4 proved" in seen(week.card("Nexus"))

    typed = {"reason": "Waits for their board", "next_text": "Send Dana the security paper"}
    assert week.max.submit(typed)["ok"]
    modal = week.max.modal
    assert modal is not None
    said = seen(modal).replace("\u00a0", " ")
    assert said.startswith(
        "Changed by an import while you were deciding: stage Proposal → Discovery, close date"
        " Tue 15 Dec → Fri 26 Feb, amount $180,000 → $90,000. Nothing was recorded yet."
    )
    assert {name: modal.values[name] for name in typed} == typed
    assert week.rows(Decision) == []
    assert week.max.submit()["ok"]
    week.deliver()
    [held] = week.rows(Decision)
    assert held.reason == typed["reason"]
    assert "Held by @Max" in seen(week.card("Nexus"))


def test_the_bot_is_thrown_out_of_the_channel_before_deciding(week: Floor) -> None:
    """Who decides is told all the same, and can; the admin hears of it once; then all comes."""
    week.later(NEXT)
    everybody = [*PEOPLE.values()]
    week.server.request("POST", "/sandbox/channel", {"id": WEST, "members": everybody})
    for deal, said in (("Nexus", "Price"), ("Halcyon", "Their own team")):
        click(week, week.ana, newest(week, week.ana, Kind.REVIEW_OWNER), "Answer", deal)
        assert week.ana.submit({"objection": said})["ok"]
    week.later(DECIDES)
    call = newest(week, week.max, Kind.REVIEW_DECIDING)
    assert call.fallback == "Pipeline review · West: 7 of 7 deals lack a decision."
    click(week, week.max, call, "Decide", "Nexus")
    modal = week.max.modal
    assert modal is not None
    week.opened(week.max, modal, Id.CHOOSE_DECISION, "hold")
    assert week.max.submit(reason="Their board meets", next_text="Send Dana the paper")["ok"]
    week.deliver()
    parked = week.rows(Delivery, Delivery.state == DeliveryState.PARKED)
    assert {(one.channel_id, one.error) for one in parked} == {(WEST, "not_in_channel")}
    assert [one.kind for one in parked] == [Kind.REVIEW_ANSWERS] * 2
    assert len(week.rows(Delivery, Delivery.kind == Kind.ADMIN_PARKED)) == 1
    assert "in #C0WEST" in seen(newest(week, week.ada, Kind.ADMIN_PARKED))

    week.server.request("POST", "/sandbox/channel", {"id": WEST, "members": [*everybody, BOT]})
    week.max.wait_for(lambda: not week.rows(Delivery, Delivery.state == DeliveryState.PARKED))
    week.deliver()
    assert "1 of 7 decided" in seen(week.parent())
    assert "Held by @Max" in seen(week.card("Nexus"))
    for deal, said in (("Nexus", "Price"), ("Halcyon", "Their own team")):
        [reply] = week.thread(deal)
        assert said in reply
    assert seen(newest(week, week.ada, Kind.ADMIN_PARKED)).startswith("Mended: ")


def click(floor: Floor, who: ActingPerson, where: SeenMessage, button: str, deal: str) -> None:
    """The button beside a deal's row."""
    row = next(block["block_id"] for block in where.blocks if deal in str(block))
    assert who.click(where, button, block_id=row)["ok"], floor.now()


def test_friday_in_the_crm(week: Floor) -> None:
    with week.database.transaction(week.world.workspace_id) as session:
        a_deal(session, week.world.ana, name="Iris", amount_minor=None)
        a_deal(session, week.world.ana, name="Juno", close_on=date(2026, 11, 30))
    week.later(NEXT)
    week.later(DECIDES)
    week.decide(
        week.max, "Nexus", "demote", to_stage=str(week.world.stages["Discovery"]),
        reason="Nobody met the buyer", next_text="Book the economic buyer",
    )  # fmt: skip
    friday = datetime(2026, 12, 4, 21, 0, tzinfo=UTC)
    week.later(friday)
    message = newest(week, week.ana, Kind.PUT_RIGHT)
    assert message.fallback == "Before Monday, in the CRM: 3 deals of yours to put right"
    said = seen(message).replace("\u00a0", " ")
    assert "Nexus Corp — Discovery was decided, the CRM says Proposal" in said
    assert "Iris — no amount" in said
    assert "Juno — close date past by 4 days" in said
    assert [one.person_id for one in week.rows(Delivery, Delivery.kind == Kind.PUT_RIGHT)] == [
        week.world.ana
    ]
    files(week, nexus={"stage": "Discovery"}, iris={"amount": "5000"})
    said = seen(newest(week, week.ana, Kind.PUT_RIGHT)).replace("\u00a0", " ")
    assert said.splitlines()[0] == "Before Monday, in the CRM: 1 deal of yours to put right"
    assert said.splitlines()[-1].startswith("In order by now: ")
    files(week, juno={"close_date": "2027-01-15"})
    said = seen(newest(week, week.ana, Kind.PUT_RIGHT))
    assert said == "Before Monday, in the CRM\nAll is in order. Thank you."


def test_a_deal_changes_hands_by_an_import(week: Floor) -> None:
    week.later(NEXT)
    files(week, nexus={"owner": "U0CLEO"})
    told = week.rows(Delivery, Delivery.kind == Kind.REVIEW_NEW_OWNER)
    assert told == []  # Cleo has a deal in it, and her message shows this one too
    assert "Nexus Corp" in seen(newest(week, week.cleo, Kind.REVIEW_OWNER))
    assert "Nexus Corp" not in seen(newest(week, week.ana, Kind.REVIEW_OWNER))
    assert "@Cleo" in seen(week.card("Nexus"))
    [review] = week.rows(Review)
    with week.database.transaction(week.world.workspace_id) as session:
        assert len(review_deals(session, review.id)) == 7
