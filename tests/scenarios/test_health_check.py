"""A Monday: the check in the channel, its thread, and the conversations, as people live them."""

from datetime import datetime, timedelta

from sqlalchemy import select

from models.attention import snooze
from models.coaching import CoverageTalk, TalkState
from models.deals import Deal
from models.delivery import Delivery, DeliveryState, Kind
from models.next_actions import set_next_action
from models.people import get_person, team
from sandbox.person import ActingPerson, Seen, SeenMessage, SeenView
from tests.coaching import a_log
from tests.health import FOUR, MIDNIGHT, NINE
from tests.scenarios.floor import WEST, Floor, at_once, seen, six_deals
from tests.scenarios.mornings import at_home, home
from tests.scenarios.sessions import COACHING
from tests.world import an_import

HOUR = timedelta(hours=1)
SAID = COACHING | {"next_on": "2026-12-03"}


def monday(floor: Floor) -> None:
    """Six deals of Ana and Ben, imported that morning; it is nine."""
    six_deals(floor)
    floor.later(HOUR)  # the week is kept from Tuesday on
    floor.later(NINE - 2 * HOUR)
    with floor.database.transaction(floor.world.workspace_id) as session:
        an_import(session, NINE - 2 * HOUR)
    floor.later(NINE)


def summary(floor: Floor) -> SeenMessage:
    return [one for one in floor.channel() if "health check" in one.text][-1]


def listed(floor: Floor, who: ActingPerson | None = None) -> SeenMessage:
    """The list of who is to be spoken with."""
    found = [one for one in floor.dm(who or floor.max) if one.text.startswith("Coverage · West ·")]
    return found[-1]


def rows(floor: Floor) -> list[str]:
    return seen(listed(floor)).splitlines()


def states(floor: Floor) -> dict[int, TalkState]:
    return {talk.person_id: talk.state for talk in floor.rows(CoverageTalk)}


def test_the_channel_the_thread_and_the_list(floor: Floor) -> None:
    monday(floor)
    shown = summary(floor)
    assert seen(shown).splitlines() == [
        "Pipeline health check · West · Mon 30 Nov",
        "Deals as of Mon 30 Nov, 07:00",
        "The first check: the next one begins with what was put right.",
        "Team coverage, Q4 · asked: 3× of remaining quota",
        "- 0.9× of remaining quota · $1,920,000 missing",
        "- 0.9× of full quota",
        "- none of it evidenced (only deals whose stage is fully proved)",
        "6 of 6 open deals flagged: the list is in the thread.",
        "6 no next action",
        "[All flags] [My deals]",
    ]
    [table] = floor.max.messages(WEST, shown.ts)[1:]
    assert seen(table).splitlines()[:2] == [
        "Deal | Owner | Flags | Amount",
        "Nexus Corp | Ana | no next action | $180,000",
    ]
    assert rows(floor)[:3] == [
        "Coverage · West · Mon 30 Nov",
        "3 of 3 reps under 3× of remaining quota. Speak with each before the day ends.",
        "@Cleo · no coverage · *$900,000 short* in Q4",
    ]
    for person in (floor.ana, floor.ben, floor.cleo, floor.lea, floor.ada):
        assert not [one for one in floor.dm(person) if "Coverage" in seen(one)]


def test_logged_by_the_button_by_the_command_and_withdrawn(floor: Floor) -> None:
    monday(floor)
    modal = press(floor, listed(floor), "Log it", "cleo")
    assert modal is not None
    assert "Cleo" in str(modal.json)
    assert floor.max.submit(SAID)["ok"]
    floor.deliver()
    assert "✅ @Max logged it, Mon 30 Nov, 09:00" in "\n".join(rows(floor))
    floor.max.command(WEST, "/log-coaching")
    assert floor.max.submit(SAID | {"person": str(floor.world.ana), "kind": "coverage"})["ok"]
    floor.deliver()
    assert states(floor) == {
        floor.world.ana: TalkState.KEPT,
        floor.world.ben: TalkState.OPEN,
        floor.world.cleo: TalkState.KEPT,
    }
    floor.later(FOUR)
    [reminded] = [one for one in floor.dm(floor.max) if "still open" in one.text]
    assert seen(reminded).splitlines()[0] == "Coverage · West: still open today: @Ben."
    copy = next(one for one in floor.dm(floor.max) if "Coaching logged with" in one.text)
    floor.opened(floor.max, copy, "coaching.menu", "Withdraw")
    assert floor.max.submit(because="It was another day")["ok"]
    floor.deliver()
    assert TalkState.OPEN is states(floor)[floor.world.cleo]
    floor.later(MIDNIGHT)
    assert states(floor)[floor.world.ana] is TalkState.KEPT
    floor.deliver()
    assert "Missed: nothing was logged before midnight" in rows(floor)


def press(floor: Floor, where: Seen, button: str, name: str) -> SeenView | None:
    """Max presses a button in the row of this rep; the modal that it opened."""
    of_person = CoverageTalk.person_id == getattr(floor.world, name)
    value = str(floor.rows(CoverageTalk, of_person)[0].id)
    block_id = next(
        block["block_id"]
        for block in where.blocks
        if block["type"] == "actions" and block["elements"][0].get("value") == value
    )
    assert floor.max.click(where, button, block_id=block_id)["ok"], floor.max.notices()
    return floor.max.modal


def test_a_time_today_and_another_one(floor: Floor) -> None:
    monday(floor)
    before = "Schedule it today"
    for clock in ("14:30", "15:30", "14:30", "15:00"):
        press(floor, listed(floor), before, "ana")
        before = f"Change {clock}"
        assert floor.max.submit(at=clock)["ok"]
        floor.deliver()
        assert f"You talk Mon 30 Nov, {clock}" in rows(floor)
    told = [seen(one) for one in floor.dm(floor.ana) if "your pipeline" in seen(one)]
    assert len(told) == 4
    assert all(
        one.startswith("@Max wants to talk with you about your pipeline, Mon 30 Nov, 15:00")
        for one in told
    )
    fallback = floor.dm(floor.ana)[-1].fallback
    assert "short" not in fallback
    assert "×" not in fallback
    assert fallback.endswith("wants to talk with you today at 15:00")
    floor.later(MIDNIGHT)
    settled = [one for one in floor.dm(floor.ana) if "your pipeline" in seen(one)][-1]
    assert settled.fallback.endswith("wanted to talk with you on Mon 30 Nov, 15:00")


def test_the_rep_is_told_on_a_full_day_and_at_home(floor: Floor) -> None:
    monday(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        for _ in range(3):
            a_log(session, floor.world, now=NINE, next_on=NINE.date() + timedelta(days=3))
    floor.deliver()
    modal = press(floor, listed(floor), "Schedule it today", "ana")
    assert modal is not None
    assert "@Ana is told. 30 minutes; it can be changed." in seen(modal)
    assert floor.max.submit(at="14:30")["ok"]
    floor.deliver()
    assert "wants to talk with you" in seen(floor.dm(floor.ana)[-1])
    home(floor.ana)
    today = at_home(floor.ana)
    first = today.index("Today, Mon 30 Nov")
    assert today[first + 1] == "@Max · about your pipeline · Mon 30 Nov, 14:30 · 30 min"
    home(floor.cleo)
    assert "Today, Mon 30 Nov" not in at_home(floor.cleo)


def test_in_hours_without_messages_it_comes_after_them_and_the_form_says_so(floor: Floor) -> None:
    monday(floor)
    snooze_cleo(floor, NINE + 4 * HOUR)
    modal = press(floor, listed(floor), "Schedule it today", "cleo")
    assert modal is not None
    assert (
        "@Cleo gets no messages until 13:00. Tell @Cleo yourself about an earlier talk."
    ) in seen(modal)
    assert floor.max.submit(at="12:00")["ok"]
    floor.deliver()
    assert floor.dm(floor.cleo) == []
    floor.later(NINE + 4 * HOUR)
    [told] = floor.dm(floor.cleo)
    assert seen(told).startswith("@Max wanted to talk with you about your pipeline, Mon 30 Nov, 12")
    snooze_cleo(floor, MIDNIGHT)
    modal = press(floor, listed(floor), "Change 12:00", "cleo")
    assert modal is not None
    assert "@Cleo gets no more messages today. Tell @Cleo yourself." in seen(modal)


def snooze_cleo(floor: Floor, until: datetime) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        snooze(session, get_person(session, floor.world.cleo), until, floor.now())


def test_two_clicks_at_once_make_one_log(floor: Floor) -> None:
    monday(floor)
    press(floor, listed(floor), "Log it", "ana")
    at_once([lambda: floor.max.submit(SAID) for _ in range(2)])
    floor.deliver()
    kept = floor.rows(CoverageTalk, CoverageTalk.state == TalkState.KEPT)
    assert [talk.person_id for talk in kept] == [floor.world.ana]
    assert len([one for one in floor.dm(floor.ana) if "logged coaching" in one.text]) == 1


def test_the_list_of_flags_page_by_page_and_ones_own(floor: Floor) -> None:
    monday(floor)
    modal = floor.opened(floor.lea, summary(floor), "All flags")
    assert seen(modal).splitlines()[0] == "West · 6 flagged deals on Mon 30 Nov"
    chosen = floor.opened(floor.lea, modal, "health.flags_owner", "Ben")
    assert seen(chosen).splitlines()[0] == "West · 3 flagged deals on Mon 30 Nov of @Ben"
    floor.lea.close()
    mine = floor.opened(floor.ana, summary(floor), "My deals")
    assert "- Nexus Corp · $180,000 · Ana: no next action" in seen(mine).splitlines()
    assert "Ben:" not in seen(mine)
    floor.press(floor.guest, summary(floor), "All flags")
    assert "You are not set up here yet." in floor.whispered(floor.guest)


def test_at_home_and_for_who_stands_in_the_day_after(floor: Floor) -> None:
    monday(floor)
    home(floor.max)
    assert "Speak with today, about coverage" in at_home(floor.max)
    press(floor, home(floor.max), "Log it", "cleo")
    assert floor.max.submit(SAID)["ok"]
    assert "@Cleo · no coverage" not in "\n".join(at_home(floor.max))
    modal = press(floor, home(floor.max), "Log it", "ana")
    assert modal is not None
    assert modal.title == "Log coaching"
    floor.later(MIDNIGHT + HOUR)
    assert floor.max.submit(SAID | {"held_on": "2026-11-30"})["ok"]  # kept, and too late
    assert states(floor)[floor.world.ana] is TalkState.MISSED
    floor.deliver()
    assert "[Log it] [Schedule it today]" not in rows(floor)


def test_a_former_managers_click_is_refused_with_who_may(floor: Floor) -> None:
    monday(floor)
    old = listed(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        team(session, floor.world.team).manager_id = floor.world.lea
    press(floor, old, "Schedule it today", "ana")
    dm = floor.max.dm_with("U0BOT")
    assert floor.whispered(floor.max, dm) == (
        "Only @Lea speaks with reps about coverage here. Ask one of them."
    )


def test_what_was_put_right_stands_first_the_monday_after(floor: Floor) -> None:
    monday(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        an_import(session, NINE + timedelta(days=6))
        nexus = session.scalars(select(Deal).where(Deal.name == "Nexus Corp")).one()
        day = (NINE + timedelta(days=9)).date()
        set_next_action(
            session, nexus.id, "Book the buyer", nexus.owner_id, day, floor.world.max, NINE
        )
    floor.later(NINE + timedelta(days=7))
    lines = seen(summary(floor)).splitlines()
    assert lines[2:4] == ["Put right since Mon 30 Nov", "- @Ana 1 flag: Nexus Corp"]
    parked = floor.rows(Delivery, Delivery.state == DeliveryState.PARKED)
    assert [(one.kind, one.error) for one in parked if one.kind is not Kind.DIGEST] == []
