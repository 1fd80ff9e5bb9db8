"""What the Friday forecast refuses, with its facts."""

from datetime import datetime

from models.base import RuleBroken
from models.forecast.tables import Tier


class UnknownForecast(RuleBroken):
    """No such forecast in this workspace."""


class ForecastClosed(RuleBroken):
    """Nothing about it changes any more. `at`: since when."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


class RunByOther(RuleBroken):
    """Somebody else is at it now: `by_id`. Who may run the team can take it over."""

    def __init__(self, by_id: int) -> None:
        super().__init__(by_id)
        self.by_id = by_id


class ChangedMeanwhile(RuleBroken):
    """Somebody else has changed it since the person saw it: a person's entry, or the agenda."""

    def __init__(self, person_id: int | None = None) -> None:
        super().__init__(person_id)
        self.person_id = person_id


class FigureTooSmall(RuleBroken):
    """A figure includes the one before it, so it is that one at least: `least_minor`, of `team_id`.

    `tier`: which figure of the person it is.
    """

    def __init__(self, team_id: int, person_id: int, tier: Tier, least_minor: int) -> None:
        super().__init__(team_id, person_id, tier, least_minor)
        self.team_id = team_id
        self.person_id = person_id
        self.tier = tier
        self.least_minor = least_minor


class CommitmentUnfit(RuleBroken):
    """A number of a week's commitment that is none: from nought to `most`. `what`: the field."""

    def __init__(self, person_id: int, what: str, most: int) -> None:
        super().__init__(person_id, what, most)
        self.person_id = person_id
        self.what = what
        self.most = most


class AgendaTooLong(RuleBroken):
    """More lines than an agenda has: `count` of `most`."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(count, most)
        self.count = count
        self.most = most


class AgendaLineTooLong(RuleBroken):
    """A line, by its number from 1, has more than `most` characters."""

    def __init__(self, number: int, most: int) -> None:
        super().__init__(number, most)
        self.number = number
        self.most = most
