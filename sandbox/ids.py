"""Ids such as Slack's: a letter for what it is, and what makes it unique in the workspace."""

from dataclasses import dataclass


@dataclass
class Ids:
    """Gives out ids; `last` is the number of the one given last, of whatever kind."""

    last: int = 0

    def new(self, letter: str) -> str:
        """A new id of the kind that begins with `letter`."""
        self.last += 1
        return f"{letter}0{self.last:08X}"
