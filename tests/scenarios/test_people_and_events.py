"""Home, people who change in Slack, and triggers that came too late."""

from collections.abc import Iterator

import pytest

from models.people import Person, person_by_slack_id
from models.pipeline_review import Review
from tests.reused import Reused
from tests.scenarios.floor import WEST, Floor, at_work, seen, six_deals
from tests.world import World

LATE = "Slack gave the bot too little time, and nothing was recorded. Press it again."


@pytest.fixture(params=["socket", "http"])
def late(
    request: pytest.FixtureRequest, sqlite_north: tuple[str, World], reused: Reused
) -> Iterator[Floor]:
    """A floor where every trigger has expired when it is used."""
    url, world = sqlite_north
    with (
        reused.at(url) as database,
        at_work(database, request.param, world, trigger_seconds=-1.0) as floor,
    ):
        yield floor


def test_a_trigger_that_expired(late: Floor) -> None:
    six_deals(late)
    late.max.command(WEST, "/pipeline-review")
    assert late.max.modal is None
    assert late.whispered(late.max) == LATE
    assert late.rows(Review) == []
    late.max.command(WEST, "/cadence")
    help_ = late.max.ephemerals(WEST)[-1]
    late.press(late.max, help_, "Pipeline review")
    assert late.whispered(late.max) == LATE


def home_of(floor: Floor, name: str) -> str:
    person = getattr(floor, name)
    person.home("A0CADENCE")
    home = person.wait_for(lambda: person.home_now("A0CADENCE"))
    return seen(home)


def test_home_of_each_role(review: Floor) -> None:
    max_ = home_of(review, "max")
    assert max_.startswith("What waits for you\n*Nexus Corp*")
    assert max_.count("[Decide]") == 6
    assert "Open reviews" in max_
    ana = home_of(review, "ana")
    assert ana.count("[Answer]") == 3
    assert "[Decide]" not in ana
    cleo = home_of(review, "cleo")
    assert cleo.startswith("Nothing waits for you\nWhen you are asked for answers, ratings")
    assert home_of(review, "lea").count("[Decide]") == 6


def test_home_is_drawn_anew_after_what_was_done_from_it(review: Floor) -> None:
    home_of(review, "ana")
    home = review.ana.home_now("A0CADENCE")
    assert home
    nexus = next(block["block_id"] for block in home.blocks if "Nexus" in str(block))
    review.ana.click(home, "Answer", block_id=nexus)
    assert review.ana.submit(
        {"review_meeting": "held", "review_meeting.on": "2026-11-20",
         "objection": "Price", "reply": "Six weeks"}
    )["ok"]  # fmt: skip
    home = review.ana.home_now("A0CADENCE")
    assert home
    assert seen(home).count("[Answer]") == 2


def test_a_persons_profile_is_followed(floor: Floor) -> None:
    def ana() -> Person:
        return floor.rows(Person, Person.slack_id == "U0ANA")[0]

    floor.server.request(
        "POST", "/sandbox/person", {"id": "U0ANA", "tz": "Europe/Berlin", "real_name": "Ana Ruiz"}
    )
    floor.ana.wait_for(lambda: ana().name == "Ana Ruiz")
    assert ana().zone == "Europe/Berlin"
    with floor.database.transaction(floor.world.workspace_id) as session:
        found = person_by_slack_id(session, "U0ANA")
        assert found
        found.zone_is_own = True
    floor.server.request(
        "POST", "/sandbox/person", {"id": "U0ANA", "tz": "Asia/Tokyo", "real_name": "Ana R."}
    )
    floor.ana.wait_for(lambda: ana().name == "Ana R.")
    assert ana().zone == "Europe/Berlin"
    floor.server.request("POST", "/sandbox/person", {"id": "U0ANA", "deleted": True})
    floor.ana.wait_for(lambda: not ana().active)


def test_somebody_unknown_changes(floor: Floor) -> None:
    floor.server.request("POST", "/sandbox/person", {"id": "U0GUEST", "real_name": "Gus"})
    floor.server.request("POST", "/sandbox/person", {"id": "U0ANA", "real_name": "Ana Ruiz"})
    floor.ana.wait_for(lambda: floor.rows(Person, Person.slack_id == "U0ANA")[0].name == "Ana Ruiz")
    assert floor.rows(Person, Person.slack_id == "U0GUEST") == []


def test_who_is_inactive_here_is_told_so(floor: Floor) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        found = person_by_slack_id(session, "U0ANA")
        assert found
        found.active = False
    floor.ana.command(WEST, "/pipeline-review")
    assert floor.whispered(floor.ana) == "You are no longer active here. @Ada can change that."
    assert home_of(floor, "ana") == "You are no longer active here. @Ada can change that."
