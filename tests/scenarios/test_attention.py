"""Attention on the floor: what waits for the morning, and what people choose at Home."""

from datetime import timedelta
from typing import Any

from models.attention import MessageSettings, SellingBlock
from models.coaching import CoachingAnswer, withdraw_log
from models.delivery import Delivery, DeliveryState, Kind
from models.people import Person, get_person
from tests.coaching import GIVEN, a_log
from tests.scenarios.floor import LOBBY, Floor, seen
from tests.scenarios.mornings import WEDNESDAY, at_home, digest, digests, home, keep_digests

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def logs(floor: Floor, number: int) -> None:
    """Max logs coaching with Ana, so many times."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        for _ in range(number):
            a_log(session, floor.world, now=floor.now())
    floor.deliver()


def received(floor: Floor) -> list[Delivery]:
    return floor.rows(Delivery, Delivery.kind == Kind.COACHING_PERSON)


def test_what_there_is_no_room_for_comes_in_the_thread_of_the_next_digest(floor: Floor) -> None:
    keep_digests(floor)
    logs(floor, 3)
    assert [one.ts is None for one in received(floor)] == [False, False, True]
    home(floor.ana)
    assert "1 message waits for your next morning digest." in at_home(floor.ana)
    floor.later(WEDNESDAY)
    parent = digest(floor, floor.ana)
    assert parent.fallback.endswith(", 1 more message in the thread")
    assert "1 more message in the thread of this message." in seen(parent)
    dm = floor.ana.dm_with("U0BOT")
    [reply] = floor.ana.messages(dm, parent.ts)[1:]
    assert reply.ts == received(floor)[2].ts
    floor.press(floor.ana, reply, "That's right")
    floor.deliver()
    assert [one.agrees for one in floor.rows(CoachingAnswer)] == [True]
    [after] = floor.ana.messages(dm, parent.ts)[1:]
    assert "That's right" not in seen(after), "it is updated in place"
    assert {one.state for one in received(floor)} == {DeliveryState.POSTED}


def test_what_was_taken_back_over_night_brings_no_digest(floor: Floor) -> None:
    keep_digests(floor)
    logs(floor, 3)
    log_ids = [one.subject_id for one in received(floor)]
    with floor.database.transaction(floor.world.workspace_id) as session:
        boss = get_person(session, floor.world.max)
        for log_id in log_ids:
            withdraw_log(session, boss, log_id, "That was another call", floor.now())
    floor.later(WEDNESDAY)
    floor.deliver()
    assert digests(floor, "ana") == []
    assert [one.state for one in received(floor)] == [
        DeliveryState.POSTED, DeliveryState.POSTED, DeliveryState.DROPPED,
    ]  # fmt: skip


def test_coaching_stands_in_the_digest_or_in_its_thread(floor: Floor) -> None:
    keep_digests(floor)
    logs(floor, 3)
    floor.later(WEDNESDAY)
    said = seen(digest(floor, floor.ana))
    assert "1 more message in the thread" in said
    assert said.count(GIVEN.feedback) == 2, "the third stands in the thread"


def test_snoozed_by_command_and_awake_again_from_home(floor: Floor) -> None:
    floor.ana.command(LOBBY, "/cadence snooze")
    modal = floor.ana.modal
    assert modal is not None
    assert "At most 2 messages a day come unasked." in seen(modal)
    assert floor.ana.submit(snooze="tomorrow")["ok"]
    logs(floor, 1)
    assert [one.ts for one in received(floor)] == [None]
    view = home(floor.ana)
    assert at_home(floor.ana)[:2] == ["Snoozed until Wed 25 Nov, 08:30.", "[End snooze]"]
    floor.press(floor.ana, view, "End snooze")
    assert "[End snooze]" not in at_home(floor.ana)
    floor.deliver()
    assert received(floor)[0].ts is not None


def test_bad_choices_are_refused_at_their_fields_and_nothing_is_kept(floor: Floor) -> None:
    floor.opened(floor.ana, home(floor.ana), "Messages")
    wrong: dict[str, dict[str, Any]] = {
        "selling_until": (
            {"selling_days": ["2"], "selling_from": "11:00", "selling_until": "09:00"}
        ),
        "quiet_until": {"quiet_from": "09:00", "quiet_until": "09:00"},
        "snooze_until": {"snooze_until": int((floor.now() - HOUR).timestamp())},
    }
    clean: dict[str, Any] = {
        "selling_days": [],
        "selling_from": None,
        "selling_until": None,
        "snooze_until": None,
    }
    for field, values in wrong.items():
        usual = {"quiet_from": "19:00", "quiet_until": "07:30", **clean}
        assert list(floor.ana.submit({**usual, **values})["errors"]) == [field]
    assert floor.rows(MessageSettings) == []
    assert floor.rows(SellingBlock) == []
    assert [one.reminded_at_start for one in floor.rows(Person, Person.slack_id == "U0ANA")] == [
        True
    ]


def test_selling_hours_are_added_hold_messages_and_are_removed(floor: Floor) -> None:
    floor.opened(floor.ana, home(floor.ana), "Messages")
    hours = {"selling_days": ["2"], "selling_from": "14:00", "selling_until": "17:00"}
    assert floor.ana.submit({**hours, "topics": ["practice", "skipped"]})["ok"]
    logs(floor, 1)
    assert [one.state for one in received(floor)] == [DeliveryState.DROPPED], "not wanted"
    modal = floor.opened(floor.ana, home(floor.ana), "Messages")
    assert "Selling · Tuesday, 14:00–17:00" in seen(modal).replace("*", "")
    floor.press(floor.ana, modal, "Remove")
    again = floor.ana.modal
    assert again is not None
    assert "[Remove]" not in seen(again)
    assert floor.rows(SellingBlock) == []
