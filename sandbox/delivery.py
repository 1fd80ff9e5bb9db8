"""How the workspace reaches an app: by signed HTTP or by Socket Mode, as it is set up."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sandbox.app import App
from sandbox.traffic import Kind as TrafficKind
from sandbox.traffic import Traffic

if TYPE_CHECKING:
    from sandbox.signed_http import SignedHttp
    from sandbox.socket_mode import Sockets

Kind = Literal["events_api", "interactive", "slash_commands"]
"""What is delivered, by its name in a Socket Mode envelope."""

SHOWN_AS: dict[Kind, TrafficKind] = {
    "events_api": "event",
    "interactive": "interaction",
    "slash_commands": "command",
}


@dataclass(frozen=True)
class Envelope:
    """One thing to deliver; `attempt` counts redeliveries, `reason` is why there is one."""

    kind: Kind
    payload: dict[str, Any]
    attempt: int = 0
    reason: str = ""

    @property
    def name(self) -> str:
        """What the inspector calls it."""
        payload = self.payload
        if self.kind == "slash_commands":
            return str(payload["command"])
        if self.kind == "events_api":
            return str(payload["event"]["type"])
        used = payload.get("actions") or [payload]
        actions = "".join(f" {each['action_id']}" for each in used if "action_id" in each)
        return f"{payload['type']}{actions}"


@dataclass(frozen=True)
class Answer:
    """An app's acknowledgement and what it carried: a JSON object, text, or None."""

    body: Any
    status: str


class Unanswered(Exception):
    """The app did not acknowledge.

    `reason` is Slack's word for it: `http_timeout`, `http_error`, `connection_failed` over HTTP;
    `timeout`, `connection_failed`, `no_connection` in Socket Mode. `no_retry` is set when the
    app asked not to be told again (`X-Slack-No-Retry: 1`).
    """

    def __init__(self, reason: str, note: str = "", *, no_retry: bool = False) -> None:
        """The reason, and what more the inspector may say."""
        super().__init__(reason)
        self.reason = reason
        self.note = note
        self.no_retry = no_retry

    @property
    def error(self) -> str:
        """Slack's name for a command or interaction that was not acknowledged."""
        return "operation_timeout" if self.timed_out else "dispatch_failed"

    @property
    def timed_out(self) -> bool:
        """Whether the app was reached and took too long."""
        return self.reason in ("http_timeout", "timeout")


class Delivery:
    """Delivers to apps and records it."""

    def __init__(self, sockets: "Sockets", http: "SignedHttp", traffic: Traffic) -> None:
        """The two ways there are, and the record."""
        self._sockets = sockets
        self._http = http
        self._traffic = traffic

    def reachable(self, app: App) -> bool:
        """Whether the app is connected, or has an address."""
        return not app.revoked and (app.request_url is not None or self._sockets.connected(app) > 0)

    async def send(self, app: App, envelope: Envelope) -> Answer:
        """Delivers and waits for the acknowledgement. Raises Unanswered."""
        started = time.monotonic()
        way = self._http if app.request_url else self._sockets
        try:
            answer = await way.send(app, envelope)
        except Unanswered as lost:
            self._record(app, envelope, started, lost.reason, note=lost.note)
            raise
        self._record(app, envelope, started, answer.status, response=answer.body)
        return answer

    def _record(
        self,
        app: App,
        envelope: Envelope,
        started: float,
        status: str,
        *,
        response: Any = None,
        note: str = "",
    ) -> None:
        retry = f"retry {envelope.attempt} ({envelope.reason})" if envelope.attempt else ""
        self._traffic.record(
            "out",
            SHOWN_AS[envelope.kind],
            envelope.name,
            app_id=app.id,
            status=status,
            started=started,
            request=envelope.payload,
            response=response,
            note="; ".join(part for part in (retry, note) if part),
        )
