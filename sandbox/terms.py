"""The terms on which Slack deals with apps, in seconds of real time."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """Slack's own figures; a test may shorten its waits.

    - `ack`: within which an app acknowledges.
    - `trigger`: how long a trigger_id lives.
    - `redelivery`: after which delays an event that was not acknowledged is sent again
      (the delays are known second-hand).
    - `refresh`: between the warning and the closing of a connection.
    - `rate_limits`: the factor on every rate limit; infinite for none.
    - `newest_blocks`: whether blocks that Slack rolls out step by step (data_table and
      data_visualization, 2026) have reached the workspaces; without, messages with one are refused.
    - `real`: the clock that triggers, response URLs and rate limits go by.
    """

    ack: float = 3.0
    trigger: float = 3.0
    redelivery: tuple[float, ...] = (0.0, 60.0, 300.0)
    refresh: float = 10.0
    rate_limits: float = 1.0
    newest_blocks: bool = True
    real: Callable[[], float] = time.monotonic
