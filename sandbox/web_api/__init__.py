"""The Web API: `/api/{method}`, its tokens, scopes, rate limits and faults."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

from sandbox import scopes
from sandbox.app import App
from sandbox.faults import Fault
from sandbox.refused import Refused
from sandbox.service import Service
from sandbox.web_api import chat, conversations, identity, users, views
from sandbox.web_api.arguments import Arguments, read
from sandbox.web_api.call import Call, Caller, Result

METHODS: dict[str, Callable[[Call], Result]] = {
    **identity.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **users.METHODS,
    **views.METHODS,
}
TOKENS: dict[str, tuple[Caller, ...]] = {
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
    app: App | None = None
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
            app_id=answer.app.id if answer.app else None,
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
        arguments, app = Arguments({}), None
        try:
            arguments = await read(request)
            answer, app = self._carry_out(method, arguments)
        except Refused as refused:
            answer = Answer(refused.as_json())
            app = app or self._app_of(arguments.token)
        answer.app, answer.arguments = app, arguments.given
        if app:
            answer.headers = {**(answer.headers or {}), **_scope_headers(app, method)}
        _add_warnings(answer.body, arguments.warnings)
        return answer

    def _carry_out(self, method: str, arguments: Arguments) -> tuple[Answer, App]:
        function = METHODS.get(method)
        if function is None:
            raise Refused("unknown_method", req_method=method)
        app, caller = self._authenticated(arguments.token)
        if caller not in TOKENS.get(method, ("bot",)):
            raise Refused("not_allowed_token_type")
        wait = self._service.limiter.check(
            method, workspace=app.id, channel=arguments.text("channel")
        )
        if wait is not None:
            return _ratelimited(wait), app
        call = Call(self._service, app, method, arguments, caller)
        call.need_scopes()
        result = function(call)
        self._service.changed()
        return Answer({"ok": True, **result}), app

    def _app_of(self, token: str | None) -> App | None:
        apps = self._service.workspace.apps
        return next((a for a in apps if token and token in (a.bot_token, a.app_token)), None)

    def _authenticated(self, token: str | None) -> tuple[App, Caller]:
        if not token:
            raise Refused("not_authed")
        app = self._app_of(token)
        if app is None:
            raise Refused("invalid_auth")
        if app.revoked:
            raise Refused("token_revoked")
        if self._service.workspace.people[app.bot_user_id].deleted:
            raise Refused("account_inactive")
        return app, "app" if token == app.app_token else "bot"


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


def _scope_headers(app: App, method: str) -> dict[str, str]:
    family = scopes.BY_CHANNEL.get(method)
    accepted = family.values() if family else filter(None, [scopes.ALWAYS.get(method)])
    return {
        "X-OAuth-Scopes": ",".join(sorted(app.scopes)),
        "X-Accepted-OAuth-Scopes": ",".join(accepted),
    }


def _add_warnings(body: dict[str, Any], warnings: list[str]) -> None:
    if not warnings:
        return
    metadata = body.setdefault("response_metadata", {})
    metadata["warnings"] = [*metadata.get("warnings", []), *warnings]
    body["warning"] = ",".join(metadata["warnings"])
