"""What is wrong with a Block Kit payload, in Slack's own form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One error: a JSON pointer, Slack's sentence, and a code.

    The codes are those of `blocks.validate` (`failed_constraint` for a broken limit), or the name
    of the Web API's error where it is not plain `invalid_blocks`: `no_text`,
    `invalid_blocks_format`, `only_one_table_allowed`, `view_too_large`.
    """

    pointer: str
    message: str
    code: str = "failed_constraint"


NO_TEXT = "no_text"
NOT_BLOCKS = "invalid_blocks_format"
TWO_TABLES = "only_one_table_allowed"
VIEW_TOO_LARGE = "view_too_large"
_NAMED = (NO_TEXT, NOT_BLOCKS, TWO_TABLES, VIEW_TOO_LARGE)


def rendered(problem: Problem) -> str:
    """A line of `response_metadata.messages`: `[ERROR] … [json-pointer:/blocks/1/text/text]`."""
    return f"[ERROR] {problem.message} [json-pointer:{problem.pointer}]"


def messages(problems: Iterable[Problem]) -> list[str]:
    """All lines of `response_metadata.messages`."""
    return [rendered(problem) for problem in problems]


def error_name(problems: Sequence[Problem], default: str = "invalid_blocks") -> str:
    """The `error` of the Web API's answer; `default` is `invalid_arguments` for views."""
    codes = {problem.code for problem in problems}
    return next((name for name in _NAMED if name in codes), default)
