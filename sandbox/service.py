"""What runs around a workspace: everything that Slack, the service, counts in real time."""

import random
from collections import defaultdict, deque
from collections.abc import Callable

from sandbox import changes
from sandbox.delivery import Delivery
from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.interactions import Interactions
from sandbox.limits import Limiter
from sandbox.response_urls import ResponseUrls
from sandbox.signed_http import SignedHttp
from sandbox.socket_mode import Sockets
from sandbox.submissions import Submissions
from sandbox.suggestions import Suggestions
from sandbox.terms import Terms
from sandbox.traffic import Entry, Traffic
from sandbox.triggers import Triggers
from sandbox.workspace import Workspace

NOTICES = 50
"""How many of Slack's own warnings are remembered for each person."""


class Service:
    """The parts, put together. Lives in one event loop."""

    def __init__(
        self, workspace: Workspace, terms: Terms, *, seed: int, changed: Callable[[], None]
    ) -> None:
        """`seed` decides about faults by chance; `changed` is called after whatever happens."""
        self.workspace = workspace
        self.terms = terms
        self.changed = changed
        self.faults = Faults(random.Random(seed))  # noqa: S311  (chance, not secrecy)
        self.limiter = Limiter(terms.real, terms.rate_limits)
        self.traffic = Traffic(workspace.clock)
        self.triggers = Triggers(terms.real, terms.trigger)
        self.response_urls = ResponseUrls(workspace, terms.real)
        self.sockets = Sockets(
            address=self._socket_address,
            faults=self.faults,
            traffic=self.traffic,
            seconds=terms.ack,
            refresh_seconds=terms.refresh,
            changed=lambda app: workspace.tell(changes.AppChanged(app)),
        )
        self.http = SignedHttp(terms.ack)
        self.delivery = Delivery(self.sockets, self.http, self.traffic)
        self.events = Events(workspace, self.delivery, self.faults, terms.redelivery, changed)
        self.suggestions = Suggestions(workspace, self.delivery, self.traffic)
        self.interactions = Interactions(
            workspace, self.delivery, self.triggers, self.response_urls, self.suggestions
        )
        self.submissions = Submissions(
            workspace, self.interactions, self.delivery, self.triggers, self.traffic
        )
        self.notices: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=NOTICES))
        workspace.listen(self._changed)
        self.traffic.listen(self._recorded)

    async def close(self) -> None:
        """Ends deliveries and connections."""
        self.workspace.forget_listeners()
        await self.events.close()
        await self.sockets.close()
        await self.http.close()

    def _socket_address(self) -> str:
        return self.workspace.url.replace("http", "ws", 1) + "link/"

    def _changed(self, change: changes.Change) -> None:
        if isinstance(change, changes.Noticed):
            self.notices[change.user].append(change.text)
        self.changed()

    def _recorded(self, _entry: Entry) -> None:
        self.changed()
