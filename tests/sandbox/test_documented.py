"""docs/sandbox.md says what there is, all of it."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from sandbox import serve
from sandbox.control_endpoints import ControlEndpoints
from sandbox.events import ARCHIVING, LAST_WORDS, SUBSCRIPTION
from sandbox.faults import KINDS
from sandbox.live import Live
from sandbox.person_endpoints import PersonEndpoints
from sandbox.service import Slack
from sandbox.terms import Terms
from sandbox.web_api import METHODS
from tests.sandbox.little import little_workspace

DOCUMENT = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()


def test_every_endpoint() -> None:
    nothing: Any = lambda: None  # noqa: E731
    slack = Slack([little_workspace()], Terms(), seed=0, address=nothing, changed=nothing)
    service, live = slack.first, Live(slack.first)
    routes = [*PersonEndpoints(service, live).routes(), *ControlEndpoints(service).routes()]
    there = {(route.method, route.path) for route in routes}
    told = {
        (method, path)
        for methods, path in re.findall(r"`([A-Z/]+) (/sandbox/\w+)", DOCUMENT)
        for method in methods.split("/")
    }
    assert told == there


def test_every_method_and_no_other() -> None:
    (line,) = [line for line in DOCUMENT.splitlines() if line.startswith("- **Web API**")]
    families = {method.split(".")[0] for method in METHODS}
    told = {name for name in re.findall(r"`(\w+\.[\w.]+)`", line) if name.split(".")[0] in families}
    assert told == set(METHODS)


@pytest.mark.parametrize(
    "name",
    [
        *KINDS,
        *SUBSCRIPTION.values(),
        *ARCHIVING.values(),
        *LAST_WORDS,
        *[name for name in inspect.signature(serve).parameters if name != "workspaces"],
    ],
)
def test_every_name(name: str) -> None:
    assert re.search(rf"\b{re.escape(name)}\b", DOCUMENT)


def test_every_kind_of_live_news() -> None:
    source = inspect.getsource(Live)
    kinds = {*re.findall(r'"type": "(\w+)"', source), *re.findall(r'user, "(\w+)"\)', source)}
    assert "message" in kinds
    assert all(f"`{kind}`" in DOCUMENT for kind in kinds)
