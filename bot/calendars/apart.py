"""Reads a calendar file in a process of its own, which is cut off where it takes too much.

A rule in a file can keep the best library busy for years, and no thread can be stopped. The process
gets the file and nothing else: no settings, no tokens.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from bot.calendars.found import Found, Unreadable, Whose

PROCESSOR_SECONDS = 10
SECONDS = 45.0
MEMORY = 512 << 20  # bytes
_ROOT = Path(__file__).parents[2]
_TOLD = ("PATH", "LANG", "SYSTEMROOT", "PYTHONTZPATH")


def read_apart(
    content: bytes,
    whose: Whose,
    first: date,
    last: date,
    *,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Found:
    """As `reading.read_calendar`. Raises `Unreadable`, also where it takes too long or too much."""
    question = {
        "zone": whose.zone,
        "name": whose.name,
        "email": whose.email,
        "away_words": whose.away_words,
        "day": [whose.day_from.isoformat(), whose.day_until.isoformat()],
        "dates": [first.isoformat(), last.isoformat()],
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "bot.calendars.apart", str(memory)],
            input=json.dumps(question).encode() + b"\n" + content,
            capture_output=True,
            cwd=_ROOT,
            env=surroundings(),
            timeout=seconds,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise Unreadable("too_much") from None
    return _found(json.loads(done.stdout))


def surroundings() -> dict[str, str]:
    """What the process knows of its environment: no tokens, no addresses."""
    return {name: os.environ[name] for name in _TOLD if name in os.environ}


def _found(said: dict[str, Any]) -> Found:
    if "problem" in said:
        raise Unreadable(said["problem"])
    return Found(
        [
            (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
            for start, end in said["busy"]
        ],
        {
            key: (date.fromisoformat(first), date.fromisoformat(last))
            for key, (first, last) in said["away"].items()
        },
        said["unread"],
    )


# --- in the process of its own


def _limit(memory: int) -> None:
    """As far as this machine can."""
    try:
        import resource
    except ImportError:  # there are none to set: then only the time is limited
        return
    for what, most in (
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue


def _answer() -> dict[str, Any]:
    from bot.calendars.reading import read_calendar  # its libraries are needed only here

    question = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    day_from, day_until = (time.fromisoformat(one) for one in question["day"])
    first, last = (date.fromisoformat(one) for one in question["dates"])
    whose = Whose(
        question["zone"],
        question["name"],
        question["email"],
        tuple(question["away_words"]),
        day_from,
        day_until,
    )
    try:
        found = read_calendar(content, whose, first, last)
    except Unreadable as refused:
        return {"problem": refused.word}
    return {
        "busy": [(start.timestamp(), end.timestamp()) for start, end in found.busy],
        "away": {key: [str(first), str(last)] for key, (first, last) in found.away.items()},
        "unread": found.unread,
    }


if __name__ == "__main__":
    _limit(int(sys.argv[1]))
    json.dump(_answer(), sys.stdout)
