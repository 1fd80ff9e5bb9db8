"""What is refused about coaching logs, as typed errors with their facts."""

from datetime import date, datetime

from models.base import Faults, RuleBroken


class LogFault(RuleBroken):
    """One thing in a log that will not do."""


class FeedbackTooShort(LogFault):
    """The feedback has fewer than `least` characters."""

    def __init__(self, least: int) -> None:
        super().__init__(least)
        self.least = least


class EmptyFeedback(LogFault):
    """The feedback says nothing ("good job"). `text`: as it was given."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class FeedbackTooLong(LogFault):
    """The feedback has more than `most` characters."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class EmptyNextStep(LogFault):
    """The next step says nothing ("follow up"). `text`: as it was given."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NextStepTooLong(LogFault):
    """The next step has more than `most` characters."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class NextOnUnfit(LogFault):
    """The next step's date lies before `least` or after `most`, both allowed themselves."""

    def __init__(self, least: date, most: date) -> None:
        super().__init__(least, most)
        self.least = least
        self.most = most


class HeldInFuture(LogFault):
    """It was held after the day of logging, `today`."""

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self.today = today


class HeldWithOneOnOne(LogFault):
    """A one-on-one's log keeps that session's day, `held_on`."""

    def __init__(self, held_on: date) -> None:
        super().__init__(held_on)
        self.held_on = held_on


class KindOfOneOnOne(LogFault):
    """A one-on-one's log keeps that kind."""


class HeldTooLongAgo(LogFault):
    """It was held before `least`, the earliest day that may be logged."""

    def __init__(self, least: date) -> None:
        super().__init__(least)
        self.least = least


class MinutesUnfit(LogFault):
    """Fewer minutes than `least` or more than `most`."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(least, most)
        self.least = least
        self.most = most


class UnknownFocus(LogFault):
    """Not one of the focus areas of this person, `areas`."""

    def __init__(self, areas: tuple[str, ...]) -> None:
        super().__init__(areas)
        self.areas = areas


class DealUnfit(LogFault):
    """The deal is not this person's, nor of the teams that this person sells for or manages."""


class LogUnfit(Faults):
    """A log will not do."""


class NobodyToCoach(RuleBroken):
    """This person coaches nobody."""


class UnknownLog(RuleBroken):
    """No such log, or version of one, in this workspace."""


class LogWithdrawn(RuleBroken):
    """The log was withdrawn at `at`: nothing about it changes any more."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


class LogChanged(RuleBroken):
    """The version that was answered is not the current one: `coach_id` has changed the log."""

    def __init__(self, coach_id: int) -> None:
        super().__init__(coach_id)
        self.coach_id = coach_id


class AlreadyLogged(RuleBroken):
    """This one-on-one has its coaching log."""

    def __init__(self, one_on_one_id: int) -> None:
        super().__init__(one_on_one_id)
        self.one_on_one_id = one_on_one_id


class PartOfOneOnOne(RuleBroken):
    """The log belongs to a one-on-one, and none ends without its coaching: it can be edited."""


class ReasonMissing(RuleBroken):
    """A log is withdrawn with a reason that says something. `text`: as it was given."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class TextTooLong(RuleBroken):
    """What was written to a log has more than `most` characters."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most
