"""The Web API: `/api/{method}`, its tokens, scopes, rate limits and faults."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

from sandbox import scopes
from sandbox.faults import Fault
from sandbox.refused import Refused
from sandbox.service import Service, Slack
from sandbox.web_api import (
    channels,
    chat,
    conversations,
    files,
    identity,
    presence,
    reactions,
    trials,
    users,
    views,
)
from sandbox.web_api.arguments import Arguments, read
from sandbox.web_api.call import Call, Caller, Result

METHODS: dict[str, Callable[[Call], Result]] = {
    **identity.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **channels.METHODS,
    **files.METHODS,
    **presence.METHODS,
    **reactions.METHODS,
    **users.METHODS,
    **views.METHODS,
}
WITHOUT_TOKEN = trials.METHODS
TOKENS: dict[str, tuple[str, ...]] = {
    "apps.connections.open": ("app",),
    "auth.test": ("bot", "app"),
}
"""Methods that take other tokens than a bot's."""
FAULTS = ("ratelimited", "server_error", "slow", "drop_before", "drop_after")


@dataclass
class Answer:
    """What is answered, and to whom."""

    body: dict[str, Any]
    status: int = HTTPStatus.OK
    headers: dict[str, str] | None = None
    service: Service | None = None
    caller: Caller | None = None
    arguments: dict[str, Any] | None = None


class WebApi:
    """Serves calls of methods, in the workspace that the token is for."""

    def __init__(self, slack: Slack) -> None:
        """The workspaces."""
        self._slack = slack

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answers a call, unless a fault has it otherwise."""
        started = time.monotonic()
        method = request.match_info["method"]
        fault = self._slack.faults.take(method, FAULTS)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind == "drop_before":
            return self._drop(request, method, fault, started)
        answer = _refused_by(fault) or await self._answer(request, method)
        if fault and fault.kind == "drop_after":
            return self._drop(request, method, fault, started)
        service = answer.service or self._slack.first
        service.traffic.record(
            "in",
            "api",
            method,
            app_id=answer.caller.app.id if answer.caller else None,
            status=answer.status,
            started=started,
            request=answer.arguments,
            response=answer.body,
            note=f"fault: {fault.kind}" if fault else "",
        )
        return web.json_response(answer.body, status=answer.status, headers=answer.headers)

    def _drop(
        self, request: web.Request, method: str, fault: Fault, started: float
    ) -> web.StreamResponse:
        self._slack.first.traffic.record(
            "in",
            "api",
            method,
            app_id=None,
            status="dropped",
            started=started,
            note=f"fault: {fault.kind}",
        )
        if request.transport:
            request.transport.abort()
        return web.Response()

    async def _answer(self, request: web.Request, method: str) -> Answer:
        arguments = Arguments({})
        try:
            arguments = await read(request)
            answer = self._carry_out(method, arguments)
        except Refused as refused:
            answer = Answer(refused.as_json())
        answer.service, caller = self._caller_of(arguments.token)
        answer.caller, answer.arguments = caller, arguments.given
        if caller:
            answer.headers = {**(answer.headers or {}), **_scope_headers(caller, method)}
        _add_warnings(answer.body, arguments.warnings)
        return answer

    def _carry_out(self, method: str, arguments: Arguments) -> Answer:
        if method in WITHOUT_TOKEN:
            return self._without_token(method, arguments)
        function = METHODS.get(method)
        if function is None:
            raise Refused("unknown_method", req_method=method)
        service, caller = self._authenticated(arguments.token)
        if caller.kind not in TOKENS.get(method, ("bot",)):
            raise Refused("not_allowed_token_type")
        wait = service.limiter.check(
            method, workspace=caller.app.id, channel=arguments.text("channel")
        )
        if wait is not None:
            return _ratelimited(wait)
        call = Call(service, caller, method, arguments)
        call.need_scopes()
        result = function(call)
        service.changed()
        return Answer({"ok": True, **result})

    def _without_token(self, method: str, arguments: Arguments) -> Answer:
        wait = self._slack.first.limiter.check(method, workspace="")
        if wait is not None:
            return _ratelimited(wait)
        return Answer({"ok": True, **WITHOUT_TOKEN[method](arguments)})

    def _caller_of(self, token: str | None) -> tuple[Service, Caller] | tuple[None, None]:
        """Whose token it is; an app-level one, in the first workspace that has the app."""
        callers = [
            (service, Caller(app, "bot" if token == app.bot_token else "app"))
            for service in self._slack.services
            for app in service.workspace.apps
            if token and token in (app.bot_token, app.app_token)
        ]
        there = (found for found in callers if not found[1].app.revoked)
        return next(there, None) or next(iter(callers), (None, None))

    def _authenticated(self, token: str | None) -> tuple[Service, Caller]:
        if not token:
            raise Refused("not_authed")
        service, caller = self._caller_of(token)
        if service is None or caller is None:
            raise Refused("invalid_auth")
        if caller.app.revoked:
            raise Refused("token_revoked")
        if service.workspace.people[caller.app.bot_user_id].deleted:
            raise Refused("account_inactive")
        return service, caller


def _refused_by(fault: Fault | None) -> Answer | None:
    if fault and fault.kind == "ratelimited":
        return _ratelimited(fault.retry_after)
    if fault and fault.kind == "server_error":
        return Answer({"ok": False, "error": "internal_error"}, HTTPStatus.INTERNAL_SERVER_ERROR)
    return None


def _ratelimited(wait: int) -> Answer:
    return Answer(
        {"ok": False, "error": "ratelimited"},
        HTTPStatus.TOO_MANY_REQUESTS,
        {"Retry-After": str(wait)},
    )


def _scope_headers(caller: Caller, method: str) -> dict[str, str]:
    family = scopes.BY_CHANNEL.get(method)
    accepted = family.values() if family else filter(None, [scopes.ALWAYS.get(method)])
    return {
        "X-OAuth-Scopes": ",".join(sorted(caller.granted)),
        "X-Accepted-OAuth-Scopes": ",".join(accepted),
    }


def _add_warnings(body: dict[str, Any], warnings: list[str]) -> None:
    if not warnings:
        return
    metadata = body.setdefault("response_metadata", {})
    metadata["warnings"] = [*metadata.get("warnings", []), *warnings]
    body["warning"] = ",".join(metadata["warnings"])
