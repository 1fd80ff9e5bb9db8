"""What every command waits for: not for the work of the others."""

import subprocess
import sys

HEAVY = ("handlers", "sandbox", "apscheduler", "cheroot", "bot.setup", "bot.doctor", "bot.run")


def test_a_command_imports_its_own_work_alone() -> None:
    code = f"import sys, bot.cli; print([name for name in {HEAVY} if name in sys.modules])"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.strip() == "[]"
