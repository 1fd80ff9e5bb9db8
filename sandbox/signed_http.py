"""Reaching an app at its request URL, signed as Slack signs (docs.slack.dev, "Verifying requests
from Slack"): `v0=` and the HMAC-SHA256 of `v0:{timestamp}:{body}` under the signing secret.
"""

import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.app import App
from sandbox.delivery import Answer, Envelope, Unanswered
from sandbox.refused import Refused

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What `X-Slack-Signature` says of a body sent at `timestamp` (real seconds)."""
    signed = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class SignedHttp:
    """Sends to request URLs. Never through a proxy: apps are on loopback, as the workspace is."""

    def __init__(self, seconds: float) -> None:
        """An app has `seconds` of real time for its whole answer."""
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, app: App, envelope: Envelope) -> Answer:
        """Posts an envelope's payload in the form of its kind. Raises Unanswered."""
        content_type, body = _encoded(envelope)
        headers = {"Content-Type": content_type}
        if envelope.attempt:
            headers["X-Slack-Retry-Num"] = str(envelope.attempt)
            headers["X-Slack-Retry-Reason"] = envelope.reason
        status, answer_headers, text = await self._post(app, body, headers)
        no_retry = answer_headers.get("X-Slack-No-Retry") == "1"
        if not 200 <= status < 300:
            raise Unanswered("http_error", f"HTTP {status}", no_retry=no_retry)
        return Answer(_decoded(text), str(status))

    async def verify(self, app: App) -> None:
        """Asks the request URL to answer a challenge. Raises Refused: url_verification_failed."""
        challenge = secrets.token_urlsafe(32)
        question = {
            "token": app.verification_token,
            "challenge": challenge,
            "type": "url_verification",
        }
        try:
            status, _, text = await self._post(
                app, json.dumps(question).encode(), {"Content-Type": JSON}
            )
        except Unanswered as lost:
            raise Refused("url_verification_failed", f"{lost.reason} {lost.note}") from lost
        answer = _decoded(text)
        said = answer.get("challenge") if isinstance(answer, dict) else answer
        if status != 200 or said != challenge:
            raise Refused("url_verification_failed", "Your URL didn't respond with the challenge.")

    async def close(self) -> None:
        """Closes the connections that are kept open."""
        if self._session:
            await self._session.close()

    async def _post(
        self, app: App, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], str]:
        if self._session is None:
            # a kept connection that an app has closed would look like an app that is gone
            connector = aiohttp.TCPConnector(force_close=True)
            self._session = aiohttp.ClientSession(
                connector=connector, trust_env=False, timeout=self._timeout
            )
        timestamp = str(int(time.time()))
        headers = headers | {
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(app.signing_secret, timestamp, body),
        }
        try:
            async with self._session.post(
                app.request_url or "", data=body, headers=headers, allow_redirects=False
            ) as response:
                return response.status, {**response.headers}, await response.text()
        except TimeoutError as error:
            raise Unanswered("http_timeout") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise Unanswered("connection_failed", str(error)) from error


def _encoded(envelope: Envelope) -> tuple[str, bytes]:
    if envelope.kind == "events_api":
        return JSON, json.dumps(envelope.payload).encode()
    if envelope.kind == "slash_commands":
        return FORM, urlencode(envelope.payload).encode()
    return FORM, urlencode({"payload": json.dumps(envelope.payload)}).encode()


def _decoded(text: str) -> Any:
    """An answer's JSON, its text if it is none, None if it is empty."""
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
