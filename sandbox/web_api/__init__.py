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
from sandbox.service import Service
from sandbox.web_api import chat, conversations, files, identity, users, views
from sandbox.web_api.arguments import Arguments, read
from sandbox.web_api.call import Call, Caller, Result

METHODS: dict[str, Callable[[Call], Result]] = {
    **identity.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **users.METHODS,
    **views.METHODS,
}
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
    caller: Caller | None = None
    arguments: dict[str, Any] | None = None


class WebApi:
    """Serves calls of methods."""

    def __init__(self, service: Service) -> None:
        """Where they are carried out."""
        self._service = service

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answers a call, unless a fault has it otherwise."""
        started = time.monotonic()
        method = request.match_info["method"]
        fault = self._service.faults.take(method, FAULTS)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind == "drop_before":
            return self._drop(request, method, fault, started)
        answer = _refused_by(fault) or await self._answer(request, method)
        if fault and fault.kind == "drop_after":
            return self._drop(request, method, fault, started)
        self._service.traffic.record(
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
        self._service.traffic.record(
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
        caller = self._caller_of(arguments.token)
        answer.caller, answer.arguments = caller, arguments.given
        if caller:
            answer.headers = {**(answer.headers or {}), **_scope_headers(caller, method)}
        _add_warnings(answer.body, arguments.warnings)
        return answer

    def _carry_out(self, method: str, arguments: Arguments) -> Answer:
        function = METHODS.get(method)
        if function is None:
            raise Refused("unknown_method", req_method=method)
        caller = self._authenticated(arguments.token)
        if caller.kind not in TOKENS.get(method, ("bot",)):
            raise Refused("not_allowed_token_type")
        wait = self._service.limiter.check(
            method, workspace=caller.app.id, channel=arguments.text("channel")
        )
        if wait is not None:
            return _ratelimited(wait)
        call = Call(self._service, caller, method, arguments)
        call.need_scopes()
        result = function(call)
        self._service.changed()
        return Answer({"ok": True, **result})

    def _caller_of(self, token: str | None) -> Caller | None:
        for app in self._service.workspace.apps:
            if token and token == app.bot_token:
                return Caller(app, "bot")
            if token and token == app.app_token:
                return Caller(app, "app")
        return None

    def _authenticated(self, token: str | None) -> Caller:
        if not token:
            raise Refused("not_authed")
        caller = self._caller_of(token)
        if caller is None:
            raise Refused("invalid_auth")
        if caller.app.revoked:
            raise Refused("token_revoked")
        if self._service.workspace.people[caller.app.bot_user_id].deleted:
            raise Refused("account_inactive")
        return caller


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
