"""How the bot's own faults are logged: type and place, never an exception's words, since those
may carry what people wrote or what a row holds.
"""

import traceback


def described(fault: BaseException) -> str:
    """For example: KeyError in messages.py, line 12. Enough to find it, and no data."""
    frames = traceback.extract_tb(fault.__traceback__)
    name = type(fault).__name__
    if not frames:
        return name
    return f"{name} in {frames[-1].filename}, line {frames[-1].lineno}"
