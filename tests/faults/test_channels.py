"""Looking at a channel: who is a guest stays one, and who is none is not asked about again."""

from collections import Counter
from datetime import timedelta
from typing import Any, cast

from slack_sdk import WebClient

from bot.channels import GUESTS_HOLD, Channels
from tests.faults.desk import Moving
from tests.world import NOW


class Saying:
    """Slack, as far as a channel is looked at."""

    def __init__(self, **members: dict[str, bool]) -> None:
        self.members = members
        self.asked: Counter[str] = Counter()

    def conversations_info(self, channel: str) -> dict[str, Any]:
        return {"channel": {"id": channel, "is_private": True}}

    def conversations_members(self, **_page: object) -> dict[str, Any]:
        return {"members": [*self.members]}

    def users_info(self, user: str) -> dict[str, Any]:
        self.asked[user] += 1
        return {"user": self.members[user]}


def has_guests(channels: Channels, slack: Saying) -> bool:
    return channels.look(cast(WebClient, slack), "T0NORTH", "C0WEST").has_guests


def test_a_guest_stays_one_however_often_it_is_asked() -> None:
    for word in ("is_restricted", "is_ultra_restricted", "is_stranger"):
        channels, slack = Channels(Moving(NOW)), Saying(U0ANA={}, U0SOMEBODY={word: True})
        assert [has_guests(channels, slack) for _time in range(3)] == [True] * 3
        assert slack.asked == {"U0ANA": 1, "U0SOMEBODY": 3}


def test_who_is_none_is_asked_about_again_after_a_while() -> None:
    real = Moving(NOW)
    channels, slack = Channels(real), Saying(U0ANA={})
    assert not has_guests(channels, slack)
    real.move(GUESTS_HOLD + timedelta(seconds=1))
    slack.members["U0ANA"] = {"is_restricted": True}
    assert has_guests(channels, slack)
