"""The morning digest as people live with it: what it names, and what becomes of that by day."""

from datetime import UTC, date, datetime, time

from models.absences import put_absence
from models.coaching import CoachingAnswer
from models.delivery import Delivery, Kind
from models.one_on_ones import State
from models.people import get_person
from models.ratings import Rating
from models.schedule import Occurrence, OccurrenceState
from tests.coaching import a_log
from tests.scenarios.floor import Floor, seen, six_deals
from tests.scenarios.mornings import WEDNESDAY, digest, digests, keep_digests, morning
from tests.scenarios.sessions import (
    COACHING,
    DAY,
    HOUR,
    MENU,
    MINUTE,
    nexts,
    options,
    session_of,
    stand,
)

THURSDAY_ON = date(2026, 11, 26)
THURSDAY = "One-on-one with @Max at 10:00 · 30 min"


def tomorrow(floor: Floor) -> None:
    """Wednesday 08:30; Max and Ana sit together on Thursdays at 10:00."""
    stand(floor, weekday=4)
    keep_digests(floor)
    floor.later(WEDNESDAY)


def test_the_day_before_stands_in_the_digest_of_both(floor: Floor) -> None:
    six_deals(floor)
    tomorrow(floor)
    assert morning(floor, floor.max) == [
        "Your morning, Wed 25 Nov",
        "Tomorrow, Thu 26 Nov",
        "One-on-one with @Ana at 10:00 · 30 min",
        "3 deals lack a next action: Halcyon, Nexus Corp, Vale",
        "⋯(Talking points, Reschedule, Cancel, What drives Ana)",
    ]
    assert morning(floor, floor.ana)[2] == THURSDAY
    assert digest(floor, floor.ana).fallback == "Your morning: 1 one-on-one tomorrow"


def test_with_nothing_in_it_nobody_gets_a_message(floor: Floor) -> None:
    tomorrow(floor)
    for name in ("ben", "cleo", "lea", "ada"):
        assert digests(floor, name) == []
    assert len(digests(floor, "ana")) == 1
    floor.later(WEDNESDAY + HOUR)
    assert len(digests(floor, "ana")) == 1, "one a day"


def test_what_was_moved_after_it_went_out_says_so_to_both(floor: Floor) -> None:
    tomorrow(floor)
    floor.later(WEDNESDAY + HOUR)
    floor.opened(floor.ana, digest(floor, floor.ana), MENU, "Reschedule")
    tuesday = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)  # 14:00 in New York
    assert floor.ana.submit({"starts_at": int(tuesday.timestamp())})["ok"]
    for who in (floor.max, floor.ana):
        assert "Moved by @Ana, Wed 25 Nov, 09:30, to Tue 1 Dec, 14:00" in morning(floor, who)


def test_what_was_cancelled_after_it_went_out_says_so_to_both(floor: Floor) -> None:
    tomorrow(floor)
    floor.later(WEDNESDAY + HOUR)
    floor.opened(floor.max, digest(floor, floor.max), MENU, "Cancel")
    assert floor.max.submit(reason="A customer comes at ten")["ok"]
    for who in (floor.max, floor.ana):
        last = morning(floor, who)[-1]
        assert last == "Cancelled by @Max, Wed 25 Nov, 09:30: “A customer comes at ten”"


def test_what_was_moved_far_and_then_cancelled_says_so_to_both(floor: Floor) -> None:
    tomorrow(floor)
    floor.later(WEDNESDAY + HOUR)
    floor.opened(floor.max, digest(floor, floor.max), MENU, "Reschedule")
    friday = datetime(2026, 12, 4, 15, 0, tzinfo=UTC)  # far from the digest that named it
    assert floor.max.submit({"starts_at": int(friday.timestamp())})["ok"]
    assert morning(floor, floor.ana)[-1].startswith("⋯(")
    floor.opened(floor.max, digest(floor, floor.max), MENU, "Cancel")
    assert floor.max.submit(reason="A customer comes at ten")["ok"]
    for who in (floor.max, floor.ana):
        last = morning(floor, who)[-1]
        assert last == "Cancelled by @Max, Wed 25 Nov, 09:30: “A customer comes at ten”"


def test_a_digest_that_stands_follows_though_the_day_was_taken_off(floor: Floor) -> None:
    stand(floor)
    keep_digests(floor)
    floor.later(WEDNESDAY)
    floor.later(WEDNESDAY + DAY)
    assert "[Finish]" in morning(floor, floor.max)
    with floor.database.transaction(floor.world.workspace_id) as session:
        max_ = get_person(session, floor.world.max)
        put_absence(session, max_, THURSDAY_ON, THURSDAY_ON, floor.now())
    six_deals(floor)
    modal = floor.opened(floor.max, digest(floor, floor.max), "Finish")
    [deal] = options(modal, "Nexus Corp")
    modal = floor.opened(floor.max, modal, "one_on_one.choose_deals", [deal])
    typed = nexts(modal, **{"Nexus Corp": "Book the economic buyer"})
    assert floor.max.submit({**COACHING, **typed})["ok"]
    assert morning(floor, floor.max) == ["Your morning, Thu 26 Nov", "Nothing of it is left."]


def test_a_talking_point_added_from_the_digest_stands_in_it(floor: Floor) -> None:
    tomorrow(floor)
    floor.opened(floor.ana, digest(floor, floor.ana), MENU, "Talking points")
    assert floor.ana.submit(text="Pricing for Orbit")["ok"]
    assert "On @Ana's list: “Pricing for Orbit”" in morning(floor, floor.max)
    assert "On yours: “Pricing for Orbit”" in morning(floor, floor.ana)


def test_a_session_of_today_is_started_from_the_digest(floor: Floor) -> None:
    stand(floor)
    keep_digests(floor)
    floor.later(WEDNESDAY)
    assert morning(floor, floor.max)[1:3] == ["Today", "One-on-one with @Ana at 10:00 · 30 min"]
    floor.press(floor.max, digest(floor, floor.max), "Start")
    assert session_of(floor).started_at == WEDNESDAY
    assert morning(floor, floor.max)[-1].startswith("[Finish] ⋯(")


def test_what_was_not_recorded_is_finished_from_the_next_digest(floor: Floor) -> None:
    six_deals(floor)
    stand(floor)
    keep_digests(floor)
    floor.later(WEDNESDAY)
    floor.later(WEDNESDAY + DAY)
    said = morning(floor, floor.max)
    assert said[1:] == [
        "One-on-one with @Ana, Wed 25 Nov, 10:00: nothing recorded."
        " It counts as missed after today.",
        "[Finish]",
    ]
    modal = floor.opened(floor.max, digest(floor, floor.max), "Finish")
    [deal] = options(modal, "Nexus Corp")
    modal = floor.opened(floor.max, modal, "one_on_one.choose_deals", [deal])
    typed = nexts(modal, **{"Nexus Corp": "Book the economic buyer"})
    assert floor.max.submit({**COACHING, **typed})["ok"]
    assert session_of(floor).state is State.HELD
    assert morning(floor, floor.max) == ["Your morning, Thu 26 Nov", "Nothing of it is left."]


def test_left_alone_it_is_missed_and_named_no_more(floor: Floor) -> None:
    stand(floor)
    keep_digests(floor)
    for days in range(3):
        floor.later(WEDNESDAY + days * DAY)
    assert session_of(floor).state is State.MISSED
    assert len(digests(floor, "max")) == 2, "nothing is left to name on Friday"
    assert morning(floor, floor.max)[-1] == "Nothing of it is left."


def test_a_session_is_rated_from_the_digest(floor: Floor) -> None:
    stand(floor)
    keep_digests(floor)
    floor.later(WEDNESDAY)
    floor.later(WEDNESDAY + DAY)
    said = morning(floor, floor.ana)
    assert "[1 😞] [2 🙁] [3 😐] [4 🙂] [5 🤩] [It did not happen]" in said
    floor.press(floor.ana, digest(floor, floor.ana), "4 🙂")
    assert [one.score for one in floor.rows(Rating)] == [4]
    assert morning(floor, floor.ana) == ["Your morning, Thu 26 Nov", "Nothing of it is left."]


def test_coaching_is_confirmed_from_the_digest(floor: Floor) -> None:
    keep_digests(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        a_log(session, floor.world, now=floor.now())
    floor.deliver()
    floor.later(WEDNESDAY)
    said = morning(floor, floor.ana)
    assert said[1] == "@Max logged coaching with you: negotiation"
    assert digest(floor, floor.ana).fallback == "Your morning: 1 thing waits for you"
    floor.press(floor.ana, digest(floor, floor.ana), "That's right")
    assert [one.agrees for one in floor.rows(CoachingAnswer)] == [True]
    assert morning(floor, floor.ana) == ["Your morning, Wed 25 Nov", "Nothing of it is left."]


def test_after_an_outage_who_missed_something_hears_that_it_was_skipped(floor: Floor) -> None:
    stand(floor, weekday=4)
    keep_digests(floor)
    floor.server.clock.advance_to(WEDNESDAY + 4 * HOUR + MINUTE)
    floor.later(MINUTE)
    assert digests(floor, "ana") == digests(floor, "max") == []
    for who in (floor.ana, floor.max):
        assert "Skipped: your morning digest, due Wed 25 Nov, 08:30" in seen(floor.dm(who)[-1])
    told = floor.rows(Delivery, Delivery.kind == Kind.SCHEDULE_SKIPPED, Delivery.ts.is_not(None))
    assert {one.person_id for one in told} == {floor.world.ana, floor.world.max}
    skipped = floor.rows(Occurrence, Occurrence.state == OccurrenceState.SKIPPED)
    assert {one.reason for one in skipped} == {"late"}


def test_three_hours_late_it_still_comes(floor: Floor) -> None:
    stand(floor, weekday=4)
    keep_digests(floor)
    floor.later(WEDNESDAY + 3 * HOUR)
    assert THURSDAY in morning(floor, floor.ana)


def test_who_switched_the_day_before_off_has_no_such_lines(floor: Floor) -> None:
    stand(floor, weekday=4)
    keep_digests(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        get_person(session, floor.world.ana).reminded_day_before = False
    floor.later(WEDNESDAY)
    assert digests(floor, "ana") == []
    assert len(digests(floor, "max")) == 1


def test_a_person_in_another_zone_gets_it_at_their_own_half_past_eight(floor: Floor) -> None:
    stand(floor, weekday=4, at=time(16))
    with floor.database.transaction(floor.world.workspace_id) as session:
        get_person(session, floor.world.ana).zone = "America/Los_Angeles"
    keep_digests(floor)
    floor.later(WEDNESDAY + 3 * HOUR - MINUTE)
    assert digests(floor, "ana") == []
    floor.later(WEDNESDAY + 3 * HOUR)
    assert "One-on-one with @Max at 13:00 · 30 min" in morning(floor, floor.ana)
