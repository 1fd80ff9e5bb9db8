"""What the listeners are given when the bot is put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from slack_sdk import WebClient

from models.base import Database


@dataclass(frozen=True)
class Context:
    """`now` is business time; `client_for` a workspace's id gives its client."""

    database: Database
    now: Callable[[], datetime]
    client_for: Callable[[str], WebClient]
