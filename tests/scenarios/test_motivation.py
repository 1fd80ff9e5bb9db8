"""What drives Ana: written by Ana, shared with Max by name, read by Max; by nobody else."""

from typing import Any

import pytest
from slack_sdk import WebClient

from handlers.ids import Id
from models.motivation import MotivationProfile, MovedBy
from models.people import get_person, team
from sandbox.person import ActingPerson, SeenMessage, SeenView
from tests.scenarios.floor import BOT, Floor, seen
from tests.sittings import a_one_on_one

GOAL = "A house by the sea, paid by my own deals"
NOT_YET = "Ana has not shared this with you yet; Ana can do so from Home."


@pytest.fixture
def session_of_both(floor: Floor) -> int:
    """A one-on-one of Max and Ana: its id."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        return a_one_on_one(session, floor.world.max, floor.world.ana).id


def button(floor: Floor, who: ActingPerson, action: Id, value: str = "") -> SeenMessage:
    """A message with this one button, as Home and the one-on-one's card have it."""
    client = WebClient("xoxb-cadence", base_url=floor.server.api_url)
    client.proxy = None
    text = {"type": "plain_text", "text": "Press"}
    element: dict[str, Any] = {"type": "button", "action_id": str(action), "text": text}
    if value:
        element["value"] = value
    blocks = [{"type": "actions", "elements": [element]}]
    client.chat_postMessage(channel=who.dm_with(BOT), text="Press", blocks=blocks)
    return [one for one in floor.dm(who) if not one.is_ephemeral][-1]


def profile(floor: Floor) -> SeenView:
    """Ana opens the profile."""
    return floor.opened(floor.ana, button(floor, floor.ana, Id.PROFILE), "Press")


def saved(floor: Floor, **values: object) -> None:
    profile(floor)
    outcome = floor.ana.submit(dict(values))
    assert outcome["ok"], outcome


def asks(floor: Floor, who: ActingPerson, one_on_one_id: int) -> str:
    """Somebody presses "What drives them"; what they read."""
    floor.press(who, button(floor, who, Id.DRIVES, str(one_on_one_id)), "Press")
    if who.modal is None:
        return floor.whispered(who, who.dm_with(BOT))
    read = f"{who.modal.title}\n{seen(who.modal)}"
    who.close()
    return read


def test_written_shared_and_read(floor: Floor, session_of_both: int) -> None:
    assert asks(floor, floor.max, session_of_both) == NOT_YET
    modal = profile(floor)
    assert list(modal.fields.values()) == [
        "Your big, audacious goal",
        "What gets you up in the morning",
        "Your free time",
        "You, ten years from now",
        "How your manager can help",
        "What moves you more",
        "Who may see it",
    ]
    assert "Max may see it" in str(modal.blocks)
    assert floor.ana.submit(goal=GOAL, moved_by="The work itself")["ok"]
    assert asks(floor, floor.max, session_of_both) == NOT_YET

    assert profile(floor).values == {
        "goal": GOAL,
        "gets_up_for": None,
        "free_time": None,
        "in_ten_years": None,
        "coach_can_help": None,
        "moved_by": "work",
        "sharing": [],
    }
    assert floor.ana.submit(sharing=["share"])["ok"]
    read = asks(floor, floor.max, session_of_both)
    assert (
        read
        == (
            "What drives Ana\n"
            "The big, audacious goal\n"
            f"{GOAL}\n"
            "Moved more by\n"
            "The work itself\n"
            "Written Tue 24 Nov, 15:00. Between @Ana and you."
        )
        or "Written <!date" in read
    )
    [first, second] = floor.rows(MotivationProfile)
    assert (first.is_current, second.is_current) == (False, True)
    assert second.moved_by == MovedBy.WORK


def test_nobody_else_reads_it(floor: Floor, session_of_both: int) -> None:
    saved(floor, goal=GOAL, sharing=["share"])
    for name in ("lea", "ada", "ben", "ana"):
        assert "Only @Max" in asks(floor, floor.people[name], session_of_both)
    assert floor.max.modal is None


def test_a_new_coach_sees_nothing_until_it_is_shared_again(
    floor: Floor, session_of_both: int
) -> None:
    saved(floor, goal=GOAL, sharing=["share"])
    with floor.database.transaction(floor.world.workspace_id) as session:
        team(session, floor.world.team).manager_id = floor.world.lea

    assert "Only @Lea" in asks(floor, floor.max, session_of_both)
    assert asks(floor, floor.lea, session_of_both) == NOT_YET
    modal = profile(floor)
    assert "Lea may see it" in str(modal.blocks)
    assert modal.values["sharing"] == []
    assert floor.ana.submit(sharing=["share"])["ok"]
    assert GOAL in asks(floor, floor.lea, session_of_both)


def test_the_coach_changed_while_the_form_was_open(floor: Floor, session_of_both: int) -> None:
    """What was ticked was a name: Lea does not get what was meant for Max."""
    profile(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        team(session, floor.world.team).manager_id = floor.world.lea
    outcome = floor.ana.submit(goal=GOAL, sharing=["share"])
    assert outcome["errors"] == {
        "sharing": "Lea coaches you now. Close this and open it again to choose."
    }
    assert floor.rows(MotivationProfile) == []
    assert floor.ana.modal is not None
    assert floor.ana.modal.values["goal"] == GOAL
    assert floor.ana.submit(sharing=[])["ok"]
    assert floor.rows(MotivationProfile)[0].shared_with_id is None


def test_whom_nobody_coaches(floor: Floor) -> None:
    floor.opened(floor.lea, button(floor, floor.lea, Id.PROFILE), "Press")
    modal = floor.lea.modal
    assert modal is not None
    assert "sharing" not in modal.fields
    assert "nobody coaches you yet" in seen(modal)
    assert floor.lea.submit(free_time="Sailing")["ok"]
    assert floor.rows(MotivationProfile)[0].free_time == "Sailing"


def test_a_deactivated_person_is_seen_by_nobody(floor: Floor, session_of_both: int) -> None:
    saved(floor, goal=GOAL, sharing=["share"])
    with floor.database.transaction(floor.world.workspace_id) as session:
        get_person(session, floor.world.ana).active = False
    assert GOAL not in asks(floor, floor.max, session_of_both)
