"""A Slack workspace on this machine, for demos and tests of a Bolt app (docs/sandbox.md)."""

from sandbox.app import App
from sandbox.channel import Channel
from sandbox.clock import Clock, Mark
from sandbox.saved import BadSave, load, save
from sandbox.server import Server, serve
from sandbox.team import Person, Team
from sandbox.workspace import Workspace

__all__ = [
    "App",
    "BadSave",
    "Channel",
    "Clock",
    "Mark",
    "Person",
    "Server",
    "Team",
    "Workspace",
    "load",
    "save",
    "serve",
]
