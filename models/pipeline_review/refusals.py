"""What the pipeline review refuses, each with its facts. The words are the handlers'."""

from dataclasses import dataclass
from datetime import date, datetime

from models.base import RuleBroken


class UnknownReview(RuleBroken):
    """No such review, deal in a review, or decision in this workspace."""

    def __init__(self, asked_for: int) -> None:
        super().__init__(asked_for)
        self.asked_for = asked_for


class ReviewClosed(RuleBroken):
    """The review was closed: by whom (a person's id), when. Nothing in it changes any more."""

    def __init__(self, review_id: int, by_id: int | None, at: datetime) -> None:
        super().__init__(review_id, by_id, at)
        self.review_id = review_id
        self.by_id = by_id
        self.at = at


class AlreadyClosed(ReviewClosed):
    """Closing what is closed already, as a double click does."""


# --- starting


class AlreadyOpen(RuleBroken):
    """The team has an open review; one at a time."""

    def __init__(self, review_id: int) -> None:
        super().__init__(review_id)
        self.review_id = review_id


class NoChannel(RuleBroken):
    """The team has no channel to hold its review in."""

    def __init__(self, team_id: int) -> None:
        super().__init__(team_id)
        self.team_id = team_id


class NoDeals(RuleBroken):
    """The team has no open deals: there is nothing to review."""

    def __init__(self, team_id: int) -> None:
        super().__init__(team_id)
        self.team_id = team_id


class TooFewDeals(RuleBroken):
    """Fewer deals chosen than a review needs."""

    def __init__(self, chosen: int, least: int, most: int) -> None:
        super().__init__(chosen, least, most)
        self.chosen = chosen
        self.least = least
        self.most = most


class TooManyDeals(RuleBroken):
    """More deals chosen than a review can do justice to."""

    def __init__(self, chosen: int, least: int, most: int) -> None:
        super().__init__(chosen, least, most)
        self.chosen = chosen
        self.least = least
        self.most = most


class NotTheTeams(RuleBroken):
    """These deals are not open deals of the team (any more)."""

    def __init__(self, deal_ids: tuple[int, ...]) -> None:
        super().__init__(deal_ids)
        self.deal_ids = deal_ids


# --- adjusting the pick


class PickOver(RuleBroken):
    """The pick waits for its cards no more: they are out (`review_id`), or will not come, for a
    reason (a stable word)."""

    def __init__(self, team_id: int, review_id: int | None, why: str) -> None:
        super().__init__(team_id, review_id, why)
        self.team_id = team_id
        self.review_id = review_id
        self.why = why


class PickChanged(RuleBroken):
    """Another pick stands than the person saw: by whom (a person's id) and since when."""

    def __init__(self, by_id: int | None, at: datetime) -> None:
        super().__init__(by_id, at)
        self.by_id = by_id
        self.at = at


# --- a deal that is no longer here


class LeftTeam(RuleBroken):
    """The deal went to another team with its owner: nothing of it is answered or decided in this
    review any more."""

    def __init__(self, deal_id: int, owner_id: int) -> None:
        super().__init__(deal_id, owner_id)
        self.deal_id = deal_id
        self.owner_id = owner_id


# --- answering


class DealDecided(RuleBroken):
    """The deal has its decision, so that nothing more is asked about it: by whom."""

    def __init__(self, by_id: int) -> None:
        super().__init__(by_id)
        self.by_id = by_id


class NothingOpen(RuleBroken):
    """The deal's stage asks nothing that is not proved: nothing is left to answer."""


# --- best practices


class AuthorGone(RuleBroken):
    """Whose words they are is no longer active, and cannot agree: a person's id."""

    def __init__(self, person_id: int) -> None:
        super().__init__(person_id)
        self.person_id = person_id


# --- deciding


class NotYetDeciding(RuleBroken):
    """Answers are still awaited; decisions are taken from `decide_from` on."""

    def __init__(self, decide_from: datetime) -> None:
        super().__init__(decide_from)
        self.decide_from = decide_from


class SettledByCrm(RuleBroken):
    """The CRM closed the deal during the review: there is nothing left to decide."""

    def __init__(self, deal_id: int, stage_id: int) -> None:
        super().__init__(deal_id, stage_id)
        self.deal_id = deal_id
        self.stage_id = stage_id


@dataclass(frozen=True)
class Seen:
    """What of a deal somebody saw who decides about it: its ground, amount and owner."""

    stage_id: int
    close_on: date | None
    amount_minor: int | None
    owner_id: int


class DealChanged(RuleBroken):
    """The deal is not any more what the person saw who decides about it: that, and what it is."""

    def __init__(self, deal_id: int, before: Seen, now: Seen) -> None:
        super().__init__(deal_id, before, now)
        self.deal_id = deal_id
        self.before = before
        self.now = now


class AlreadyDecided(RuleBroken):
    """A decision stands that the person had not seen: which, and by whom."""

    def __init__(self, decision_id: int, by_id: int) -> None:
        super().__init__(decision_id, by_id)
        self.decision_id = decision_id
        self.by_id = by_id


class AdvanceUnproved(RuleBroken):
    """Advance needs every question of the stage proved; these are not."""

    def __init__(self, question_ids: tuple[int, ...]) -> None:
        super().__init__(question_ids)
        self.question_ids = question_ids


class NotEarlier(RuleBroken):
    """Demoting goes to an earlier open stage; this is none."""

    def __init__(self, stage_id: int) -> None:
        super().__init__(stage_id)
        self.stage_id = stage_id


class StageMissing(RuleBroken):
    """Demoting without saying to which stage."""


class RemovalMissing(RuleBroken):
    """Removing without saying whether the deal is lost or disqualified."""


class DateMissing(RuleBroken):
    """Re-dating without a new close date."""


class DateUnfit(RuleBroken):
    """The new close date is not in the future, or is the one that stands (`unchanged`)."""

    def __init__(self, close_on: date, *, unchanged: bool) -> None:
        super().__init__(close_on, unchanged)
        self.close_on = close_on
        self.unchanged = unchanged


class ReasonMissing(RuleBroken):
    """No reason, or one that says nothing: `text` is then the empty phrase, else ""."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NextActionMissing(RuleBroken):
    """The decision carries no next action, or not all of it: which of text, owner, due."""

    def __init__(self, lacking: tuple[str, ...]) -> None:
        super().__init__(lacking)
        self.lacking = lacking


class NextOwnerUnfit(RuleBroken):
    """Not an active member of the team, its manager, or one of the leaders above."""

    def __init__(self, person_id: int) -> None:
        super().__init__(person_id)
        self.person_id = person_id


# --- closing


class Undecided(RuleBroken):
    """The review cannot close while these deals lack their decision."""

    def __init__(self, deal_ids: tuple[int, ...]) -> None:
        super().__init__(deal_ids)
        self.deal_ids = deal_ids
