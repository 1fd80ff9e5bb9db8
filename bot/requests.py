"""What arrives by HTTP, checked on its raw bytes before anything parses it.

Bolt parses before it verifies, so a forged or malformed request could reach its parsers and its
log. Here a request is refused with 401 (not provably Slack's) or 400 (Slack's signature, but no
request that Slack sends); only what passes both becomes a BoltRequest. Source: Slack's docs,
"Verifying requests from Slack".
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

MAX_AGE_SECONDS = 300
MAX_BODY_BYTES = 3_000_000


@dataclass(frozen=True)
class Refusal:
    """Why a request is not carried out: an HTTP status and a word for the log, never the body."""

    status: int
    why: str


def checked(
    headers: Mapping[str, str | Sequence[str]], body: bytes, *, secret: str, at: float
) -> Refusal | str:
    """What a genuine, well-formed request of Slack's says; `at` is real time in seconds.

    An interaction's is its JSON alone, without the form around it: decoding that a second time
    would cost Bolt more than all else that it does.
    """
    return _unproven(headers, body, secret, at) or _well_formed(headers, body)


def _unproven(
    headers: Mapping[str, str | Sequence[str]], body: bytes, secret: str, at: float
) -> Refusal | None:
    stamp = str(headers.get("x-slack-request-timestamp", ""))
    signature = str(headers.get("x-slack-signature", ""))
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return Refusal(401, "no timestamp")
    if abs(at - int(stamp)) > MAX_AGE_SECONDS:
        return Refusal(401, "stale")
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    if not hmac.compare_digest(f"v0={digest.hexdigest()}".encode(), signature.encode()):
        return Refusal(401, "forged")
    return None


def _well_formed(headers: Mapping[str, str | Sequence[str]], body: bytes) -> Refusal | str:
    try:
        text = body.decode("utf-8")
        kind = str(headers.get("content-type", "")).partition(";")[0].strip().lower()
        said = _event(text) if kind == "application/json" else _form(text)
    except (ValueError, RecursionError):
        return Refusal(400, "unreadable")
    return Refusal(400, "not a request of Slack's") if said is None else said


def _event(text: str) -> str | None:
    body = json.loads(text)
    return text if isinstance(body, dict) and _is_event(body) else None


def _is_event(body: dict[str, object]) -> bool:
    if body.get("type") == "url_verification":
        return isinstance(body.get("challenge"), str)
    event = body.get("event")
    return (
        body.get("type") == "event_callback"
        and isinstance(event, dict)
        and isinstance(event.get("type"), str)
        and _is_word(body.get("team_id"))
        and _is_word(body.get("event_id"))
    )


def _form(text: str) -> str | None:
    form = parse_qs(text, keep_blank_values=True, strict_parsing=True, errors="strict")
    if "payload" in form:
        said = form["payload"][0].strip()
        payload = json.loads(said)
        return said if isinstance(payload, dict) and _is_interaction(payload) else None
    if form.get("ssl_check") == ["1"] and "command" not in form:
        return text
    words = (form.get(name, [None])[0] for name in ("command", "team_id", "user_id"))
    return text if all(map(_is_word, words)) else None


def _is_interaction(payload: dict[str, object]) -> bool:
    user, team = payload.get("user"), payload.get("team")
    if not (_has_id(user) and _has_id(team)):
        return False
    kind = payload.get("type")
    if kind == "block_actions":
        actions = payload.get("actions")
        return isinstance(actions, list) and bool(actions) and all(map(_is_action, actions))
    if kind == "block_suggestion":
        return _is_action(payload)
    if kind in ("view_submission", "view_closed"):
        view = payload.get("view")
        return isinstance(view, dict) and isinstance(view.get("callback_id"), str)
    return kind in ("shortcut", "message_action") and isinstance(payload.get("callback_id"), str)


def _has_id(thing: object) -> bool:
    return isinstance(thing, dict) and _is_word(thing.get("id"))


def _is_action(action: object) -> bool:
    """What was pressed, or the select whose options are asked for."""
    return isinstance(action, dict) and isinstance(action.get("action_id"), str)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value)
