"""What runs around a workspace: everything that Slack, the service, counts in real time."""

import random
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sandbox import changes
from sandbox.app import App
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


class Slack:
    """All workspaces of a server, and what they share: faults, and the ways to apps.

    An app that is installed in several has one connection for all of them.
    """

    def __init__(
        self,
        workspaces: Iterable[Workspace],
        terms: Terms,
        *,
        seed: int,
        address: Callable[[], str],
        changed: Callable[[], None],
    ) -> None:
        """`seed` decides about faults by chance, `address` is where WebSockets connect to.

        `changed` is called after whatever happens. Raises ValueError without a workspace, or if
        two have one id.
        """
        self.faults = Faults(random.Random(seed))  # noqa: S311  (chance, not secrecy)
        self.http = SignedHttp(terms.ack)
        self.sockets = Sockets(
            address=address,
            faults=self.faults,
            record=self._record,
            installed=lambda app_id: any(self.installations(app_id)),
            seconds=terms.ack,
            refresh_seconds=terms.refresh,
            changed=self._connected,
        )
        self.services = [Service(each, self, terms, changed) for each in workspaces]
        self.by_team = {service.workspace.team.id: service for service in self.services}
        if not self.services or len(self.by_team) < len(self.services):
            raise ValueError("there must be workspaces, each with a team id of its own")

    @property
    def first(self) -> "Service":
        """The workspace that is meant where none is named."""
        return self.services[0]

    def installations(self, app_id: str) -> Iterator[tuple[Workspace, App]]:
        """Where an app is installed."""
        for service in self.services:
            app = service.workspace.app(app_id)
            if app and not app.revoked:
                yield service.workspace, app

    async def close(self) -> None:
        """Ends deliveries and connections."""
        for service in self.services:
            await service.close()
        await self.sockets.close()
        await self.http.close()

    def _connected(self, app_id: str) -> None:
        for service in self.services:
            app = service.workspace.app(app_id)
            if app:
                service.workspace.tell(changes.AppChanged(app))

    def _record(self, app_id: str, *args: Any, **facts: Any) -> None:
        """Notes what concerns a connection, wherever the app is installed."""
        for service in self.services:
            if service.workspace.app(app_id):
                service.traffic.record(*args, app_id=app_id, **facts)


class Service:
    """The parts of one workspace, put together. Lives in one event loop."""

    def __init__(
        self, workspace: Workspace, slack: Slack, terms: Terms, changed: Callable[[], None]
    ) -> None:
        """`changed` is called after whatever happens."""
        self.workspace = workspace
        self.slack = slack
        self.terms = terms
        self.changed = changed
        self.faults = slack.faults
        self.sockets = slack.sockets
        self.http = slack.http
        self.limiter = Limiter(terms.real, terms.rate_limits)
        self.traffic = Traffic(workspace.clock)
        self.triggers = Triggers(terms.real, terms.trigger)
        self.response_urls = ResponseUrls(workspace, terms.real)
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
        """Ends deliveries."""
        self.workspace.forget_listeners()
        await self.events.close()

    def _changed(self, change: changes.Change) -> None:
        if isinstance(change, changes.Noticed):
            self.notices[change.user].append(change.text)
        if isinstance(change, changes.Replaced):
            self._forget()
        self.changed()

    def _forget(self) -> None:
        """What was given out before belongs to what is gone."""
        self.triggers.forget()
        self.response_urls.forget()
        self.suggestions.forget()
        self.notices.clear()

    def _recorded(self, _entry: Entry) -> None:
        self.changed()
