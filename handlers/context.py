"""What the listeners are given when the bot is put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from slack_sdk import WebClient

from models.base import Database


@dataclass(frozen=True)
class Context:
    """`now` is business time; `client_for` a workspace's id gives its client. `calendars`: whether
    the address of a calendar may be given here."""

    database: Database
    now: Callable[[], datetime]
    client_for: Callable[[str], WebClient]
    calendars: bool = True
