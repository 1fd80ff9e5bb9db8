"""What Slack's answer to a call means for what the call was to bring about.

Sources: the "Errors" of each method's page on docs.slack.dev; slack.md. A word that nobody here
knows is a refusal: Slack answered, did nothing, and an admin gets to see it.
"""

import math
from collections.abc import Callable
from http.client import HTTPException
from socket import gaierror
from urllib.error import URLError

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

TOKEN_ERRORS = frozenset(
    {
        "account_inactive", "ekm_access_denied", "enterprise_is_restricted", "invalid_auth",
        "not_authed", "org_login_required", "team_access_not_granted", "token_expired",
        "token_revoked", "two_factor_setup_required",
    }
)  # fmt: skip
"""The token is refused, whatever is asked: it concerns the whole workspace."""

UNSURE_ERRORS = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
)
"""Slack failed on the way: "some aspect of the operation may have succeeded"."""

LIMIT_ERRORS = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

RETRY_AFTER_SECONDS = 30.0
"""Waited after a 429 that does not say how long."""


class NotDone(Exception):
    """A call that did not bring what it should. `reason` is a stable word, without any data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Limited(NotDone):
    """429: certainly not done, welcome again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


class Unreached(NotDone):
    """The call never got to Slack: certainly not done."""


class InDoubt(NotDone):
    """A timeout, a broken connection, a 5xx: it may have been done."""


class TokenRefused(NotDone):
    """Certainly not done, and nothing else will be with this token."""


class Refused(NotDone):
    """Certainly not done, and asking again would not help."""


def ask(call: Callable[[], SlackResponse]) -> SlackResponse:
    """Makes one call of the Web API. Raises a NotDone, whatever goes wrong on the way."""
    try:
        return call()
    except SlackApiError as error:
        raise _meaning(error.response) from None
    except URLError as error:
        if isinstance(error.reason, ConnectionRefusedError | gaierror):
            raise Unreached("unreached") from None
        raise InDoubt(_word(error.reason)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise InDoubt(_word(error)) from None


def _meaning(response: SlackResponse) -> NotDone:
    word = response.get("error") if isinstance(response.data, dict) else None
    if response.status_code == 429 or word in LIMIT_ERRORS:
        return Limited(_retry_after(response))
    if response.status_code >= 500 or word in UNSURE_ERRORS:
        return InDoubt(f"http_{response.status_code}")
    if not isinstance(word, str) or not word.replace("_", "").isalnum():
        return InDoubt("not_an_answer")
    if word in TOKEN_ERRORS:
        return TokenRefused(word)
    return Refused(word)


def _retry_after(response: SlackResponse) -> float:
    headers = {name.lower(): value for name, value in response.headers.items()}
    try:
        seconds = float(headers["retry-after"])
    except (KeyError, TypeError, ValueError):
        return RETRY_AFTER_SECONDS
    return seconds if math.isfinite(seconds) and seconds >= 0 else RETRY_AFTER_SECONDS


def _word(error: object) -> str:
    return type(error).__name__ if isinstance(error, BaseException) else "connection"
