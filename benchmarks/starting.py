"""How long `cadence run` takes to start, beside a process that only imports the same packages.

Both are fresh interpreters, started by turns. Ours reads its settings, opens the database, finds
its installation in a local workspace, connects by Socket Mode and runs; the other imports every
third-party module that ours has by then, and nothing of ours.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bot.migrate import upgrade
from models.base import Database
from sandbox import Clock, serve
from tests.scenarios.floor import workspace
from tests.world import a_workspace

TIMES = 7
OURS = ("bot", "crm", "handlers", "models", "migrations", "sandbox", "tests", "benchmarks")
_LIST = (
    "import sys; before = set(sys.modules); import bot.run; "
    "print(*[m for m in sys.modules if m not in before])"
)


def third_party() -> list[str]:
    """The modules that `cadence run` imports and that are neither ours nor Python's own."""
    said = subprocess.run([sys.executable, "-c", _LIST], capture_output=True, text=True, check=True)
    known = {*OURS, *sys.stdlib_module_names}
    return [name for name in said.stdout.split() if name.partition(".")[0] not in known]


def imports_alone(modules: list[str]) -> float:
    """Seconds until a process has imported these modules and ended."""
    code = (
        "import contextlib, importlib, sys\n"
        "for name in sys.stdin.read().split():\n"
        "    with contextlib.suppress(ImportError):\n"  # some are made by others, not imported
        "        importlib.import_module(name)\n"
    )
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, text=True, input=" ".join(modules))
    return time.perf_counter() - began


def until_running(environment: dict[str, str]) -> float:
    """Seconds until the bot says that it runs."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        heard = process.stderr or ()
        running = any("bot.run: running" in line for line in heard)
        took = time.perf_counter() - began
        process.kill()
    if not running:
        raise SystemExit("the bot did not start")
    return took


def measure() -> tuple[float, float, int]:
    """The medians of ours and of the imports alone, in seconds, and of how many modules."""
    modules = third_party()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'start.sqlite3'}"
        upgrade(url)
        database = Database(url)
        a_workspace(database)
        database.dispose()
        with serve(workspace(Clock()), rate_limits=False) as server:
            environment = os.environ | {
                "SLACK_BOT_TOKEN": "xoxb-cadence",
                "SLACK_APP_TOKEN": "xapp-cadence",
                "SLACK_API_URL": server.api_url,
                "DATABASE_URL": url,
            }
            ours, alone = [], []
            for _ in range(TIMES + 1):
                ours.append(until_running(environment))
                alone.append(imports_alone(modules))
    return median(ours[1:]), median(alone[1:]), len(modules)


def main() -> None:
    ours, alone, modules = measure()
    print("Start-up; seconds")
    print(f"  {f'importing {modules} third-party modules alone':48}{alone:6.2f}")
    print(f"  {'cadence run, until it is connected and runs':48}{ours:6.2f}")
    print(f"  ours ÷ imports {ours / alone:.1f}")
