"""Block Kit: what Slack takes, and what it says about what it does not take.

`validate_message` and `validate_view` enforce the documented limits of docs.slack.dev, declared
as tables of rules. That they find nothing does not prove that Slack itself will accept it.
"""

from sandbox.blocks.entities import escaped, escaped_mrkdwn, stored
from sandbox.blocks.identity import UNSEEN, block_of, elements, find, interactive, walk, with_ids
from sandbox.blocks.problems import Problem, error_name, messages, rendered
from sandbox.blocks.surfaces import validate_message, validate_options, validate_view

__all__ = [
    "UNSEEN",
    "Problem",
    "block_of",
    "elements",
    "error_name",
    "escaped",
    "escaped_mrkdwn",
    "find",
    "interactive",
    "messages",
    "rendered",
    "stored",
    "validate_message",
    "validate_options",
    "validate_view",
    "walk",
    "with_ids",
]
