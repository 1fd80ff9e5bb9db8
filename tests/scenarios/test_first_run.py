"""From nothing to a first review, inside Slack: the ten minutes of an admin."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from handlers.ids import Id
from models.delivery import Delivery, DeliveryState, Kind
from models.people import Person, Quota, Team
from models.pipeline_review import Review
from models.schedule import Schedule
from tests.reused import Reused
from tests.scenarios.floor import BOT, Floor, at_once, seen
from tests.scenarios.newcomers import OPEN, SHARED, TEAM_WEST, WEST, installed, steps
from tests.world import a_deal, an_import, somebody


@pytest.fixture(params=["socket-sqlite", "http-postgresql"])
def fresh(request: pytest.FixtureRequest, reused: Reused) -> Iterator[Floor]:
    transport, kind = request.param.split("-")
    with (
        reused.at(request.getfixturevalue(f"{kind}_url")) as database,
        installed(database, transport) as floor,
    ):
        yield floor


def six(floor: Floor) -> None:
    """What a file brings, by the rules alone: six deals of Ana and Ben."""
    with floor.database.transaction("T0NORTH") as session:
        an_import(session, floor.now())
        for number in range(6):
            owner = somebody(session, "U0ANA" if number % 2 else "U0BEN")
            a_deal(session, owner.id, "Proposal", name=f"Deal {number}")


def with_west(floor: Floor) -> None:
    """Sid has made West and picked its people."""
    floor.sid.command(OPEN, "/cadence setup")
    floor.opened(floor.sid, steps(floor, floor.sid), "Make the first team")
    assert floor.sid.submit(TEAM_WEST)["ok"]
    floor.opened(floor.sid, steps(floor, floor.sid), "Pick people")
    assert floor.sid.submit({"reps": ["U0ANA", "U0BEN"], "leader": "U0LEA"})["ok"]


def with_quotas(floor: Floor, said: dict[str, str]) -> None:
    """Sid has set these quotas, by the form's labels."""
    modal = floor.opened(floor.sid, steps(floor, floor.sid), Id.SETUP_QUOTAS)
    names = {label: field for field, label in modal.fields.items()}
    assert floor.sid.submit({names[label]: amount for label, amount in said.items()})["ok"]


def test_from_nothing_to_a_first_review(fresh: Floor) -> None:
    sid = fresh.sid
    sid.command(OPEN, "/cadence setup")
    first = steps(fresh, sid)
    assert first.fallback == "Set up Cadence: make the first team"
    fresh.opened(sid, first, "Make the first team")
    assert sid.submit(TEAM_WEST)["ok"]
    assert steps(fresh, sid).fallback == "Set up West: 5 steps left"
    fresh.opened(sid, steps(fresh, sid), "Pick people")
    assert sid.submit({"reps": ["U0ANA", "U0BEN"], "leader": "U0LEA"})["ok"]
    assert "▶️ *Deals*: drop your CRM's export" in seen(steps(fresh, sid))
    six(fresh)

    modal = fresh.opened(sid, steps(fresh, sid), "Set quotas")
    names = {label: field for field, label in modal.fields.items()}
    assert list(names) == ["Ana, USD", "Ben, USD", "The whole team, USD"]
    assert sid.submit({names["Ana, USD"]: "400000", names["Ben, USD"]: "350000.5"})["ok"]
    assert "$750,000.50 in Q4 2026, 2 of 2 reps with their own" in seen(steps(fresh, sid))
    assert [one.amount_minor for one in fresh.rows(Quota)] == [400_000_00, 350_000_50]

    fresh.press(sid, steps(fresh, sid), "Preview")
    fresh.deliver()
    previews = [one for one in fresh.dm(sid) if one.fallback.startswith("Preview: ")]
    assert [one.fallback for one in previews] == [
        "Preview: in the channel, on Monday morning",
        "Preview: in the thread of the health check",
        "Preview: to the manager, alone, on Monday morning",
        "Preview: to the manager, alone, an hour before the review's cards",
        "Preview: in the channel, when the review starts",
        "Preview: in the channel, one for each deal of the review",
        "Preview: to each owner, alone, when the review starts",
        "Preview: to the manager, alone, when deciding begins",
        "Preview: in the channel, when the review is closed",
        "Preview: to everybody, alone, in the morning where there is something to say",
        "Preview: to the manager, alone, before each one-on-one",
        "Preview: to the rep, alone, before each one-on-one",
        "Preview: to the rep, alone, after each one-on-one",
        "Preview: to the manager, alone, on Friday",
    ]
    fresh.press(sid, previews[5], "Decide")
    assert seen(sid.ephemerals(sid.dm_with(BOT))[-1]) == (
        "This is a preview: the button does nothing here."
    )
    assert fresh.rows(Review) == []

    fresh.press(sid, steps(fresh, sid), "Start")
    assert "First day*: Mon 30 Nov. The first week, until Sun 6 Dec" in seen(steps(fresh, sid))
    begun = fresh.rows(Schedule, Schedule.team_id.is_not(None))
    assert {(one.is_on, one.active_from) for one in begun} == {(True, date(2026, 11, 30))}

    fresh.max.command(WEST, "/pipeline-review")
    assert fresh.max.submit()["ok"]
    fresh.deliver()
    parent = next(one for one in fresh.channel() if "Pipeline review ·" in one.text)
    assert "Trial week: nothing counts as missed." in seen(parent)
    assert [one.kind for one in fresh.rows(Delivery, Delivery.state == DeliveryState.PARKED)] == []


def test_who_may_begin_and_two_at_once(fresh: Floor) -> None:
    fresh.ana.command(WEST, "/cadence setup")
    assert fresh.whispered(fresh.ana) == (
        "Nobody is set up here yet. An admin or owner of this Slack workspace begins: <@U0SID>."
    )
    assert fresh.rows(Person) == []
    fresh.server.request("POST", "/sandbox/person", {"id": "U0LEA", "is_admin": True})
    outcomes = at_once(
        [
            lambda: fresh.sid.command(OPEN, "/cadence setup"),
            lambda: fresh.lea.command(WEST, "/cadence setup"),
        ]
    )
    assert all(one["ok"] for one in outcomes)
    people = fresh.rows(Person)
    assert {(one.slack_id, one.is_admin) for one in people} == {("U0SID", True), ("U0LEA", True)}
    with_west(fresh)
    fresh.server.request("POST", "/sandbox/person", {"id": "U0BEN", "is_admin": True})
    fresh.ben.command(WEST, "/cadence setup")
    assert fresh.whispered(fresh.ben) == "Only @Lea or <@U0SID> can set things up here."
    fresh.press(fresh.sid, steps(fresh, fresh.sid), "Start")
    fresh.press(fresh.sid, steps(fresh, fresh.sid), "Add another team")


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"channel": SHARED}, "channel", "#partners is shared with another company"),
        ({"channel": OPEN}, "may_be_public", "#open is public. Tick this if everybody here may"),
        ({"manager": "U0GUEST"}, "manager", "Guest is a guest in this workspace: choose a member."),
        ({"manager": BOT}, "manager", "Cadence is a bot: choose a person."),
        ({"currency": "DOL"}, "currency", "Three letters of a currency, like USD or EUR."),
        ({"zone": "Boston"}, "zone", "A time zone, like America/New_York or Europe/Berlin."),
    ],
)
def test_what_is_wrong_with_a_team_stands_at_its_field(
    fresh: Floor, said: dict[str, Any], field: str, sentence: str
) -> None:
    fresh.sid.command(OPEN, "/cadence setup")
    fresh.opened(fresh.sid, steps(fresh, fresh.sid), "Make the first team")
    errors = fresh.sid.submit(TEAM_WEST | said)["errors"]
    assert list(errors) == [field]
    assert errors[field].startswith(sentence)
    assert fresh.rows(Team) == []


def test_people_who_do_not_fit_are_refused_at_their_field(fresh: Floor) -> None:
    sid = fresh.sid
    with_west(fresh)
    with_quotas(fresh, {"Ana, USD": "400000", "Ben, USD": "350000"})
    fresh.opened(sid, steps(fresh, sid), Id.SETUP_PEOPLE)
    assert sid.submit({"reps": ["U0ANA", "U0GUEST"]})["errors"] == {
        "reps": "Guest is a guest in this workspace: choose a member."
    }
    assert sid.submit({"reps": ["U0ANA", "U0MAX"]})["errors"] == {
        "reps": "Max manages West: change that first, or choose somebody else."
    }
    assert sid.submit({"reps": ["U0ANA"], "leader": "U0ANA"})["errors"] == {
        "leader": "Ana is a rep of West: change that first, or choose somebody else."
    }
    assert sid.submit({"reps": ["U0ANA"], "leader": "U0LEA"})["ok"]
    ben = fresh.rows(Person, Person.slack_id == "U0BEN")[0]
    assert (ben.active, ben.team_id) == (False, fresh.rows(Team)[0].id)
    assert "$400,000 in Q4 2026, 1 of 1 rep with their own" in seen(steps(fresh, sid))
    fresh.opened(sid, steps(fresh, sid), "Add another team")
    east = TEAM_WEST | {"name": "West", "manager": "U0ANA", "channel": OPEN}
    assert sid.submit(east | {"may_be_public": ["yes"]})["errors"] == {
        "name": "Another team has this name."
    }
    assert sid.submit({"name": "East"})["errors"] == {
        "manager": "Ana is a rep of West: change that first, or choose somebody else."
    }
    assert sid.submit({"manager": "U0BEN", "channel": WEST})["errors"] == {
        "channel": "This is the channel of West; each team needs its own."
    }


def test_a_rep_of_another_team_moves_with_the_quota(fresh: Floor) -> None:
    sid = fresh.sid
    with_west(fresh)
    with_quotas(fresh, {"Ana, USD": "400000", "Ben, USD": "350000"})
    fresh.press(sid, steps(fresh, sid), Id.SETUP_START)
    fresh.opened(sid, steps(fresh, sid), "Add another team")
    east = TEAM_WEST | {"name": "East", "manager": "U0LEA", "channel": OPEN}
    assert sid.submit(east | {"may_be_public": ["yes"]})["ok"]
    fresh.opened(sid, steps(fresh, sid), "Pick people")
    assert sid.submit({"reps": ["U0BEN"]})["ok"]
    assert "$350,000 in Q4 2026, 1 of 1 rep with their own" in seen(steps(fresh, sid))
    [ben] = fresh.rows(Person, Person.slack_id == "U0BEN")
    [made] = fresh.rows(Team, Team.name == "East")
    assert (ben.active, ben.team_id, ben.reports_to_id) == (True, made.id, made.manager_id)
    fresh.press(sid, steps(fresh, sid), "Open")
    assert "$400,000 in Q4 2026, 1 of 1 rep with their own" in seen(steps(fresh, sid))


def test_times_are_changed_and_anybody_else_is_refused(fresh: Floor) -> None:
    sid = fresh.sid
    with_west(fresh)
    fresh.opened(sid, steps(fresh, sid), Id.SETUP_TIMES)
    assert sid.submit({"deciding_day": "1"})["errors"] == {
        "deciding_day": "Deciding must come after the deal cards, in the same week."
    }
    assert sid.submit({"deciding_day": "4", "deciding_at": "09:30"})["ok"]
    assert "deal cards Tuesdays 15:00, deciding Thursdays 09:30" in seen(steps(fresh, sid))
    assert not any(one.is_on for one in fresh.rows(Schedule, Schedule.team_id.is_not(None)))
    with fresh.database.transaction("T0NORTH") as session:
        somebody(session, "U0LEA").is_admin = True
        somebody(session, "U0SID").is_admin = False
    fresh.press(sid, steps(fresh, sid), Id.SETUP_START)
    assert seen(sid.ephemerals(sid.dm_with(BOT))[-1]) == "Only @Lea can set things up here."
    assert fresh.rows(Team)[0].trial_ends_on is None


def test_the_times_of_the_week_have_their_order_and_stand_in_the_steps(fresh: Floor) -> None:
    sid = fresh.sid
    with_west(fresh)
    fresh.press(sid, steps(fresh, sid), Id.SETUP_START)
    fresh.opened(sid, steps(fresh, sid), Id.SETUP_TIMES)
    assert sid.submit({"put_right_day": "1", "put_right_at": "08:00"})["errors"] == {
        "put_right_day": "It comes after the forecast, in the same week."
    }
    assert sid.submit({"put_right_day": "5", "put_right_at": "16:30", "health_at": "08:00"})["ok"]
    said = seen(steps(fresh, sid))
    assert "*Times of the week*: " in said
    assert (
        "deal cards Tuesdays 15:00, deciding Wednesdays 10:00,"
        " health check Mondays 08:00, forecast Fridays 15:00, to put right Fridays 16:30" in said
    )


def test_what_goes_to_the_channel_waits_while_it_is_not_fit(fresh: Floor) -> None:
    with_west(fresh)
    six(fresh)
    fresh.server.request("POST", "/sandbox/channel", {"id": WEST, "is_ext_shared": True})
    fresh.max.command(WEST, "/pipeline-review")
    assert fresh.max.submit()["ok"]
    fresh.deliver()
    assert not any("Pipeline review ·" in one.text for one in fresh.channel())
    told = next(one for one in fresh.dm(fresh.sid) if one.text.startswith("Not posted"))
    assert "the channel is shared with another company. Stop sharing it" in seen(told)
    fresh.server.request("POST", "/sandbox/channel", {"id": WEST, "is_ext_shared": False})
    fresh.server.settled()
    fresh.deliver()
    assert any("Pipeline review ·" in one.text for one in fresh.channel())
    assert seen(fresh.card("Deal 0"))
    owed = fresh.rows(Delivery, Delivery.state != DeliveryState.POSTED)
    assert {one.kind for one in owed} <= {Kind.SETUP}


def test_a_guest_and_a_channel_made_public(fresh: Floor) -> None:
    with_west(fresh)
    six(fresh)
    everybody = ["U0MAX", "U0LEA", "U0ANA", "U0BEN", BOT]
    request = fresh.server.request
    request("POST", "/sandbox/channel", {"id": WEST, "members": [*everybody, "U0GUEST"]})
    fresh.server.settled()
    fresh.max.command(WEST, "/pipeline-review")
    assert fresh.max.submit()["ok"]
    fresh.deliver()
    told = [one for one in fresh.dm(fresh.sid) if one.text.startswith("Not posted")]
    assert "the channel has guests. Take them out" in seen(told[-1])
    request("POST", "/sandbox/channel", {"id": WEST, "members": everybody, "kind": "channel"})
    fresh.server.settled()
    fresh.deliver()
    assert not any("Pipeline review ·" in one.text for one in fresh.channel())
    asked = steps(fresh, fresh.sid)
    assert "the channel is public" in seen(asked)
    request("POST", "/sandbox/channel", {"id": WEST, "kind": "private"})
    fresh.press(fresh.sid, asked, "Check the channel again")
    fresh.deliver()
    assert any("Pipeline review ·" in one.text for one in fresh.channel())
