"""What each of Slack's answers means: done, certainly not done, or in doubt."""

import socket
from collections.abc import Callable
from http.client import IncompleteRead, RemoteDisconnected
from typing import Any
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.answers import (
    RETRY_AFTER_SECONDS,
    InDoubt,
    Limited,
    NotDone,
    Refused,
    TokenRefused,
    Unreached,
    ask,
)


def said(
    status: int = 200, data: Any = None, headers: dict[str, str] | None = None
) -> SlackResponse:
    return SlackResponse(
        client=WebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data=data,
        headers=headers or {},
        status_code=status,
    )


def answering(response: SlackResponse) -> Callable[[], SlackResponse]:
    def call() -> SlackResponse:
        raise SlackApiError("what a person wrote", response)  # type: ignore[no-untyped-call]

    return call


def breaking(error: Exception) -> Callable[[], SlackResponse]:
    def call() -> SlackResponse:
        raise error

    return call


def no(word: object) -> dict[str, object]:
    return {"ok": False, "error": word}


NOT_JSON = no("Received a response in a non-JSON format: <html>")  # as slack_sdk puts it


def test_a_good_answer_is_handed_on() -> None:
    good = said(data={"ok": True})
    assert ask(lambda: good) is good


@pytest.mark.parametrize(
    ("response", "meaning", "reason"),
    [
        (said(200, no("channel_not_found")), Refused, "channel_not_found"),
        (said(200, no("a_word_of_next_year")), Refused, "a_word_of_next_year"),
        (said(200, no("token_revoked")), TokenRefused, "token_revoked"),
        (said(401, no("invalid_auth")), TokenRefused, "invalid_auth"),
        (said(200, no("internal_error")), InDoubt, "http_200"),
        (said(500, no("fatal_error")), InDoubt, "http_500"),
        (said(503, no("channel_not_found")), InDoubt, "http_503"),
        (said(502, NOT_JSON), InDoubt, "http_502"),
        (said(200, NOT_JSON), InDoubt, "not_an_answer"),
        (said(404, NOT_JSON), InDoubt, "not_an_answer"),
        (said(200, no(None)), InDoubt, "not_an_answer"),
        (said(429, no("ratelimited")), Limited, "ratelimited"),
        (said(200, no("ratelimited")), Limited, "ratelimited"),
    ],
)  # fmt: skip
def test_an_answer_means(response: SlackResponse, meaning: type[NotDone], reason: str) -> None:
    with pytest.raises(meaning) as failure:
        ask(answering(response))
    assert failure.type is meaning
    assert failure.value.reason == reason


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (URLError(ConnectionRefusedError()), Unreached),
        (URLError(socket.gaierror()), Unreached),
        (URLError(TimeoutError()), InDoubt),
        (URLError("no host given"), InDoubt),
        (TimeoutError(), InDoubt),
        (ConnectionResetError(), InDoubt),
        (RemoteDisconnected("without response"), InDoubt),
        (IncompleteRead(b""), InDoubt),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "what a person wrote"), InDoubt),
    ],
)
def test_no_answer_means(error: Exception, meaning: type[NotDone]) -> None:
    with pytest.raises(meaning) as failure:
        ask(breaking(error))
    assert "wrote" not in str(failure.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({}, RETRY_AFTER_SECONDS),
        ({"Retry-After": "soon"}, RETRY_AFTER_SECONDS),
        ({"Retry-After": "nan"}, RETRY_AFTER_SECONDS),
        ({"Retry-After": "-1"}, RETRY_AFTER_SECONDS),
    ],
)
def test_a_429_says_how_long(headers: dict[str, str], seconds: float) -> None:
    with pytest.raises(Limited) as limit:
        ask(answering(said(429, no("ratelimited"), headers)))
    assert limit.value.seconds == seconds
