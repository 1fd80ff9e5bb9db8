"""The bot was removed from the team's channel: what is said, to whom, and what comes afterwards."""

from datetime import UTC, date, datetime, timedelta

from models.delivery import Delivery, DeliveryState, Kind
from models.people import team
from models.setup import ReviewTimes, put_times
from sandbox.person import SeenMessage
from tests.scenarios.floor import BOT, WEST, Floor, seen, six_deals
from tests.scenarios.mornings import at_home, home

MONDAY = date(2026, 11, 30)
CARDS_AT = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)  # Tuesday 15:00 in New York
DAY = timedelta(days=1)
WITHOUT = ["U0MAX", "U0ANA", "U0BEN", "U0CLEO", "U0LEA", "U0ADA"]


def scheduled(floor: Floor) -> None:
    six_deals(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        put_times(session, team(session, floor.world.team), ReviewTimes(), floor.now(), MONDAY)


def members(floor: Floor, *people: str) -> None:
    floor.server.request("POST", "/sandbox/channel", {"id": WEST, "members": [*people]})
    floor.server.settled()


def notices(floor: Floor) -> list[SeenMessage]:
    return [one for one in floor.dm(floor.ada) if one.text.startswith(("Not posted", "Mended"))]


def held_back(floor: Floor) -> list[Delivery]:
    return floor.rows(Delivery, Delivery.state == DeliveryState.PARKED)


def posted(floor: Floor) -> list[str]:
    return [one.text for one in floor.channel() if "Pipeline review ·" in one.text]


def test_it_is_said_once_a_day_and_comes_after_the_invitation(floor: Floor) -> None:
    scheduled(floor)
    members(floor, *WITHOUT)
    floor.later(CARDS_AT)
    assert posted(floor) == []
    assert {one.kind for one in held_back(floor)} >= {Kind.REVIEW_PARENT, Kind.REVIEW_CARD}
    [told] = notices(floor)
    assert "the bot is not in the channel. Invite the bot to the channel again" in seen(told)
    home(floor.max)
    said = "\n".join(at_home(floor.max))
    assert (
        "Tue 1 Dec: the review's pick skipped: the bot was away until it was too late"
        " · deal cards done\n"
    ) in said
    assert f"{len(held_back(floor))} messages are not posted in #C0WEST" in said
    assert "Invite the bot to the channel again: then it is posted." in said

    floor.later(CARDS_AT + timedelta(hours=2))
    assert len(notices(floor)) == 1

    members(floor, *WITHOUT, BOT)
    floor.deliver()
    assert len(posted(floor)) == 1
    assert seen(floor.card("Nexus Corp"))
    assert held_back(floor) == []
    assert [one.text.startswith("Mended") for one in notices(floor)] == [True]
    home(floor.max)
    assert "not posted in #C0WEST" not in "\n".join(at_home(floor.max))


def test_what_is_no_longer_worth_it_does_not_come(floor: Floor) -> None:
    """A week later the review has ended, and the next one stands: that one comes, and only that."""
    scheduled(floor)
    members(floor, *WITHOUT)
    floor.later(CARDS_AT)
    floor.later(CARDS_AT + 7 * DAY)
    assert posted(floor) == []
    members(floor, *WITHOUT, BOT)
    floor.deliver()
    assert len(posted(floor)) == 1
    assert "Wed 9 Dec" in posted(floor)[0]
    assert held_back(floor) == []


def test_on_the_next_day_it_is_said_again(floor: Floor) -> None:
    scheduled(floor)
    members(floor, *WITHOUT)
    floor.later(CARDS_AT)
    floor.max.command("C0LOBBY", "/pipeline-review")
    floor.later(CARDS_AT + 7 * DAY)
    assert len(notices(floor)) == 2
