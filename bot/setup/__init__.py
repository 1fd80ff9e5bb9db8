"""`cadence setup team.toml`: who sells, who leads, what they have to bring, and when.

Rooms: `form` (the file) · `directory` (who and what Slack knows) · `resolve` (the file's people and
channels, found) · `picture` (what is set up here, in words) · `apply` (making it so), with `stages`
and `weeks` (standing one-on-ones, digests).
"""

from bot.setup.apply import Outcome, set_up
from bot.setup.form import TeamFile
from bot.setup.resolve import Resolved, resolve
from handlers.setup.directory import Directory, SlackDirectory, SlackRefused

__all__ = [
    "Directory",
    "Outcome",
    "Resolved",
    "SlackDirectory",
    "SlackRefused",
    "TeamFile",
    "resolve",
    "set_up",
]
