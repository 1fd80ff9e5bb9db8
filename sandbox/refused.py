"""A refusal, by Slack's own error name."""

from typing import Any


class Refused(Exception):
    """What was asked is refused.

    `error` is the name that Slack documents for it, `messages` its sentences for
    `response_metadata.messages`, `facts` further keys of the answer (`needed`, `provided`).
    """

    def __init__(self, error: str, *messages: str, **facts: Any) -> None:
        """The error name, its sentences and its facts."""
        super().__init__(error)
        self.error = error
        self.messages = messages
        self.facts = facts

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.facts}
        if self.messages:
            body["response_metadata"] = {"messages": [*self.messages]}
        return body
