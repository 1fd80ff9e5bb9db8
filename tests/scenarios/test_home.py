"""Home after each click, for rep, manager and leader: what was done there stands there at once."""

from datetime import UTC, datetime

from models.coaching import CoachingAnswer, CoachingLog
from models.delivery import Delivery, DeliveryState, Kind
from models.one_on_ones import State, TalkingPoint, start
from models.people import Person, get_person
from models.ratings import Rating
from models.schedule import Schedule
from models.standards import MANAGER_FOCUS_AREAS
from sandbox.person import ActingPerson
from tests.coaching import a_log
from tests.scenarios.floor import Floor, seen, six_deals
from tests.scenarios.mornings import at_home, home, keep_digests, row
from tests.scenarios.sessions import (
    COACHING,
    DAY,
    HOUR,
    MENU,
    MINUTE,
    WED,
    nexts,
    options,
    session_of,
    stand,
)


def press(floor: Floor, who: ActingPerson, words: str, button: str, value: str = "") -> None:
    """Presses what stands beside these words at Home, opened just now."""
    view = home(who)
    done = who.click(view, button, value or None, block_id=row(view, words))
    assert done["ok"], who.notices()


# --- a rep


def test_a_rep_rates_from_home(floor: Floor) -> None:
    stand(floor)
    floor.later(WED + 50 * MINUTE)
    press(floor, floor.ana, "How useful was it?", "4 🙂")
    assert [one.score for one in floor.rows(Rating)] == [4]
    assert at_home(floor.ana)[0] == "Today, Wed 25 Nov"
    assert "Nothing waits for you" in at_home(floor.ana)


def test_a_rep_answers_coaching_from_home_and_finds_it_in_the_record(floor: Floor) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        a_log(session, floor.world, now=floor.now())
    home(floor.ana)
    assert "[That's right] [I see it differently]" in at_home(floor.ana)
    assert any("Tue 24 Nov · negotiation, from @Max" in line for line in at_home(floor.ana))
    press(floor, floor.ana, "logged coaching with you", "That's right")
    assert [one.agrees for one in floor.rows(CoachingAnswer)] == [True]
    assert at_home(floor.ana)[0] == "Nothing waits for you"
    assert any(line.endswith("(confirmed)") for line in at_home(floor.ana))


def test_a_rep_sees_it_differently_from_home(floor: Floor) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        a_log(session, floor.world, now=floor.now())
    press(floor, floor.ana, "logged coaching with you", "I see it differently")
    assert floor.ana.submit(text="The price was never named")["ok"]
    assert any(line.endswith("(you see it differently)") for line in at_home(floor.ana))


def test_a_rep_moves_the_next_one_from_home(floor: Floor) -> None:
    stand(floor)
    press(floor, floor.ana, "Wed 25 Nov", MENU, "Reschedule")
    thursday = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
    assert floor.ana.submit({"starts_at": int(thursday.timestamp())})["ok"]
    said = at_home(floor.ana)
    where = said.index("Your next one-on-ones")
    assert said[where + 1].startswith("@Max · Thu 26 Nov, 10:00 · 30 min ⋯(")


def test_a_rep_cancels_the_next_one_from_home(floor: Floor) -> None:
    stand(floor)
    press(floor, floor.ana, "Wed 25 Nov", MENU, "Cancel")
    assert floor.ana.submit(reason="I am with a customer")["ok"]
    assert session_of(floor).state is State.CANCELLED
    said = at_home(floor.ana)
    where = said.index("Your next one-on-ones")
    assert said[where + 1].startswith("@Max · Wed 2 Dec, 10:00 · 30 min ⋯(")


def test_a_rep_adds_a_talking_point_from_home(floor: Floor) -> None:
    stand(floor)
    press(floor, floor.ana, "Wed 25 Nov", MENU, "Talking points")
    assert floor.ana.submit(text="Pricing for Orbit")["ok"]
    assert [one.text for one in floor.rows(TalkingPoint)] == ["Pricing for Orbit"]


def test_a_rep_without_anything_reads_what_to_do_next(floor: Floor) -> None:
    home(floor.cleo)
    assert at_home(floor.cleo) == [
        "Nothing waits for you",
        "When you are asked for answers, ratings or decisions, they stand here.",
        "Your next one-on-ones",
        "None is planned. Your manager sets a weekly time for it.",
        "Coaching you got",
        "None is logged yet. What your manager logs with you stands here.",
        "No deals were imported yet.",
        "[Days off] [Working time] [Messages] [What drives me]",
    ]


def test_working_time_is_chosen_at_home_and_the_digest_follows(floor: Floor) -> None:
    keep_digests(floor)
    modal = floor.opened(floor.ana, home(floor.ana), "Working time")
    assert modal.values["zone"]["value"] == "slack"
    offered = floor.ana.options(modal, "home.find_zone", "berl")
    assert [one["text"]["text"] for one in offered] == ["Berlin, Germany"]
    assert floor.ana.options(modal, "home.find_holidays", "bayern")
    nothing = floor.ana.submit(working_days=[])
    assert nothing["errors"] == {"working_days": "Choose one day at least."}
    chosen = {
        "zone": "Berlin, Germany",
        "working_days": ["1", "2"],
        "holidays": "Germany, Bayern",
    }
    assert floor.ana.submit(chosen)["ok"]

    [ana] = floor.rows(Person, Person.id == floor.world.ana)
    assert (ana.zone, ana.zone_is_own, ana.working_days, ana.holiday_calendar) == (
        "Europe/Berlin", True, "12", "DE-BY",
    )  # fmt: skip
    [schedule] = floor.rows(Schedule, Schedule.person_id == floor.world.ana)
    assert (schedule.zone, schedule.weekdays) == ("Europe/Berlin", "12")

    modal = floor.opened(floor.ana, home(floor.ana), "Working time")
    assert modal.values["zone"]["value"] == "Europe/Berlin"
    floor.ana.options(modal, "home.find_zone", "")
    assert floor.ana.submit(zone="As in my Slack profile")["ok"]
    [ana] = floor.rows(Person, Person.id == floor.world.ana)
    assert (ana.zone, ana.zone_is_own) == ("America/New_York", False)


# --- a manager


def test_a_manager_starts_and_finishes_from_home(floor: Floor) -> None:
    six_deals(floor)
    stand(floor)
    floor.later(WED)
    home(floor.max)
    assert at_home(floor.max)[:3] == [
        "Today, Wed 25 Nov",
        "@Ana · Wed 25 Nov, 10:00 · 30 min",
        "[Start] [Finish] ⋯(Talking points, Reschedule, Cancel, What drives Ana)",
    ]
    press(floor, floor.max, "@U0ANA", "Start")
    assert at_home(floor.max)[1] == "@Ana · Wed 25 Nov, 10:00 · 30 min · under way since 10:00"
    assert "- Wed 25 Nov: @Ana under way" in at_home(floor.max)

    press(floor, floor.max, "@U0ANA", "Finish")
    modal = floor.max.modal
    assert modal is not None
    modal = floor.opened(floor.max, modal, "one_on_one.choose_deals", options(modal, "Nexus Corp"))
    typed = nexts(modal, **{"Nexus Corp": "Book the economic buyer"})
    assert floor.max.submit({**COACHING, **typed, "minutes": "45"})["ok"]

    said = at_home(floor.max)
    assert said[1] == "@Ana · Wed 25 Nov, 10:00 · 30 min · held"
    assert "- Wed 25 Nov: @Ana held" in said
    assert "Held 1 of 1 one-on-ones this quarter, the excused left out" in said
    where = said.index("Coaching in November")
    assert said[where + 1 : where + 4] == [
        "- @Ben: none yet · not this week",
        "- @Cleo: none yet · not this week",
        "- @Ana: 45 min · once this week",
    ]


def test_a_manager_sees_the_next_day_what_is_not_recorded(floor: Floor) -> None:
    stand(floor)
    floor.later(WED + DAY)
    home(floor.max)
    said = at_home(floor.max)
    assert said[0] == "Not recorded yet"
    assert said[1] == "@Ana · Wed 25 Nov, 10:00 · 30 min · _not recorded yet_"
    assert "- Wed 25 Nov: @Ana not recorded" in said
    floor.later(WED + DAY + 14 * HOUR)
    home(floor.max)
    assert "- Wed 25 Nov: @Ana missed" in at_home(floor.max)
    assert "Not recorded yet" not in at_home(floor.max)


def test_a_manager_logs_coaching_from_home(floor: Floor) -> None:
    view = home(floor.max)
    modal = floor.opened(floor.max, view, "Log coaching")
    floor.opened(floor.max, modal, "coaching.choose_person", "Ben")
    assert floor.max.submit({**COACHING, "minutes": "25"})["ok"]
    assert len(floor.rows(CoachingLog)) == 1
    said = at_home(floor.max)
    assert "- @Ben: 25 min · once this week" in said
    assert "- @Cleo: none yet · not this week" in said


def test_a_manager_sets_a_standing_one_on_one_from_home(floor: Floor) -> None:
    view = home(floor.max)
    assert "Set a weekly one-on-one with each of your people: press One-on-ones below." in (
        at_home(floor.max)
    )
    modal = floor.opened(floor.max, view, "One-on-ones")
    ana = f"change.{floor.world.ana}"
    assert floor.max.click(modal, "one_on_one.change_standing", block_id=ana)["ok"]
    assert floor.max.submit(weekday="Wednesdays", local_time="10:00")["ok"]
    said = at_home(floor.max)
    where = said.index("Your next one-on-ones")
    assert said[where + 1].startswith("@Ana · Wed 2 Dec, 10:00 · 30 min ⋯(")


def test_what_is_refused_at_an_old_home_draws_it_anew(floor: Floor) -> None:
    stand(floor)
    floor.later(WED)
    old, held = home(floor.max), session_of(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        start(session, get_person(session, floor.world.max), held.id, WED)
    floor.later(MINUTE)
    floor.max.click(old, "Start", block_id=row(old, "@U0ANA"))
    assert "Wed 25 Nov, 10:00" in seen(floor.max.modals[-1])
    assert at_home(floor.max)[1].endswith("under way since 10:00")


def test_nobody_sees_anothers_people_or_ratings(floor: Floor) -> None:
    stand(floor)
    floor.later(WED + 50 * MINUTE)
    press(floor, floor.ana, "How useful was it?", "1 😞")
    for who in (floor.max, floor.lea, floor.ben, floor.ada):
        home(who)
        said = "\n".join(at_home(who))
        assert "😞" not in said
        assert "gave" not in said
    assert "@Ana" not in "\n".join(at_home(floor.ben))
    assert "@Ana" not in "\n".join(at_home(floor.lea))


# --- a leader


def test_a_leaders_managers_stand_where_a_managers_reps_do(floor: Floor) -> None:
    stand(floor, "max", coach="lea")
    floor.later(WED)
    press(floor, floor.lea, "@U0MAX", "Start")
    said = at_home(floor.lea)
    assert said[1] == "@Max · Wed 25 Nov, 10:00 · 30 min · under way since 10:00"
    assert "- Wed 25 Nov: @Max under way" in said
    assert "- @Max: none yet · not this week" in said
    assert "[Log coaching] [One-on-ones]" in said


def test_a_leader_logs_coaching_with_a_manager_who_then_has_a_record(floor: Floor) -> None:
    press(floor, floor.lea, "Pipeline review · West", "Log coaching")
    modal = floor.lea.modal
    assert modal is not None
    focus = MANAGER_FOCUS_AREAS[0]
    outcome = floor.lea.submit({**COACHING, "focus": focus})
    assert outcome["ok"], (outcome, modal.fields)
    assert "- @Max: 30 min · once this week" in at_home(floor.lea)
    home(floor.max)
    said = at_home(floor.max)
    assert "What waits for you" in said
    where = said.index("Coaching you got")
    assert said[where + 1].startswith(f"- Tue 24 Nov · {focus}, from @Lea")


def test_a_leader_sees_what_waits_below_and_coaches_from_there(floor: Floor) -> None:
    stand(floor)
    floor.later(WED + DAY)
    home(floor.lea)
    said = at_home(floor.lea)
    where = said.index("Your managers")
    assert said[where + 2] == "*1 one-on-one not recorded* · *no coaching for 3 of 3 in two weeks*"
    press(floor, floor.lea, "@U0MAX> · West", "Log coaching")
    assert floor.lea.modal is not None
    assert floor.lea.modal.values["person"] == str(floor.world.max)


# --- an admin


def test_an_admin_has_what_was_refused_posted_once_it_is_mended(floor: Floor) -> None:
    six_deals(floor)
    floor.max.command("C0WEST", "/pipeline-review")
    assert floor.max.submit()["ok"]
    floor.server.request("POST", "/sandbox/channel", {"id": "C0WEST", "archived": True})
    floor.deliver()
    view = home(floor.ada)
    assert "Could not be posted" in at_home(floor.ada)
    floor.server.request("POST", "/sandbox/channel", {"id": "C0WEST", "archived": False})
    floor.press(floor.ada, view, "Mended: try again")
    assert "Could not be posted" not in at_home(floor.ada)
    floor.deliver()
    assert floor.card("Orbit")


def test_who_is_no_admin_any_more_has_nothing_tried_again(floor: Floor) -> None:
    six_deals(floor)
    floor.max.command("C0WEST", "/pipeline-review")
    assert floor.max.submit()["ok"]
    floor.server.request("POST", "/sandbox/channel", {"id": "C0WEST", "archived": True})
    floor.deliver()
    view = home(floor.ada)
    with floor.database.transaction(floor.world.workspace_id) as session:
        get_person(session, floor.world.ada).is_admin = False
        get_person(session, floor.world.lea).is_admin = True
    floor.press(floor.ada, view, "Mended: try again")
    assert "Only @Lea sees the setup. Ask there." in seen(floor.ada.modals[-1])
    assert {one.state for one in floor.rows(Delivery, Delivery.kind == Kind.REVIEW_CARD)} == {
        DeliveryState.PARKED
    }
