"""What a person can do in Slack, by real interactions: press, open, submit, go Home."""

from typing import Any

from sandbox.person import NotThere, Seen, SeenView
from sandbox.refused import Refused
from tests.quarter.office import Office
from tests.scenarios.floor import APP


class Trouble(Exception):
    """Slack could not reach the bot."""


class Hands:
    """Everybody's."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def press(
        self, who: str, where: Seen, button: str, value: Any = None, block_id: str | None = None
    ) -> bool:
        """Whether the bot took it: it whispered nothing. A button that is gone is not pressed."""
        channel = getattr(where, "channel", None) or self._office.dms[who]
        before = self._office.whispers(channel)
        try:
            outcome = self._office.people[who].click(where, button, value, block_id=block_id)
        except (NotThere, Refused):
            return False
        if not outcome["ok"]:
            raise Trouble
        return self._office.whispers(channel) == before

    def opens(
        self, who: str, where: Seen, button: str, value: Any = None, block_id: str | None = None
    ) -> SeenView | None:
        """The modal that this opened; None: it was refused, or nothing opened."""
        if not self.press(who, where, button, value, block_id):
            return None
        return self._office.modal(who)

    def submits(self, who: str, modal: SeenView | None, **values: Any) -> bool:
        """Whether the bot took it. A modal that only says something is closed."""
        if modal is None or modal.submit is None:
            self.close(who)
            return False
        given = {"as": self._office.people[who].id, "view_id": modal.id, "values": values}
        outcome = self._office.server.request("POST", "/sandbox/submit", given)
        self.close(who)
        if not outcome["ok"] and "errors" not in outcome:
            raise Trouble
        return bool(outcome["ok"])

    def walks(self, who: str, modal: SeenView | None) -> bool:
        """Through a form of several steps, with what they offer; whether it came to its end."""
        while modal is not None and modal.submit is not None:
            given = {"as": self._office.people[who].id, "view_id": modal.id, "values": {}}
            outcome = self._office.server.request("POST", "/sandbox/submit", given)
            if not outcome["ok"]:
                self.close(who)
                if "errors" not in outcome:
                    raise Trouble
                return False
            modal = self._office.modal(who)
        self.close(who)
        return modal is not None

    def close(self, who: str) -> None:
        if self._office.modal(who) is not None:
            self._office.people[who].close(all=True)

    def home(self, who: str) -> SeenView:
        person = self._office.people[who]
        if not self._office.is_up:
            raise Trouble
        person.home(APP)
        self._office.server.settled()
        view = person.home_now(APP)
        assert view is not None
        return view
