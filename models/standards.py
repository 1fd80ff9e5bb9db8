"""The numbers and phrases of the product that a workspace may set, with their defaults.

Kept as one JSON column of the workspace: only what differs from the default is stored.
"""

from pydantic import BaseModel, ConfigDict, Field, model_validator

EMPTY_PHRASES = (
    "follow up", "follow-up", "followup", "check in", "touch base", "circle back", "keep going",
    "keep in touch", "stay in touch", "good job", "well done", "call", "e-mail", "email", "tbd",
    "ping them", "reach out", "next steps", "nothing", "none", "n/a", "same as before",
)  # fmt: skip


class Standards(BaseModel):
    """product.md, "The week" and "Pipeline review": thresholds in days, money in minor units."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    coverage: float = Field(3.0, gt=0)  # × of quota
    coverage_against: str = Field("remaining", pattern="^(remaining|full)$")
    next_period_days: int = 30  # in a period's last days the next one triggers too
    review_deals: int = 7
    review_deals_least: int = 5
    review_deals_most: int = 10
    evidence_days: int = 14  # an answer older than this wants "Still true"
    next_action_days: int = 14  # a next action is due within
    next_action_preset_days: int = 7
    quiet_days: int = 14  # no activity for this long is a flag
    activity_days_before: int = 7  # a stage change wants an activity in this window
    activity_days_after: int = 1
    import_days: int = 3  # deals older than this are stale
    empty_phrases: tuple[str, ...] = EMPTY_PHRASES

    @model_validator(mode="after")
    def _ordered(self) -> "Standards":
        if not 1 <= self.review_deals_least <= self.review_deals <= self.review_deals_most:
            raise ValueError("review_deals must lie between review_deals_least and _most")
        return self


def is_empty_phrase(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether a text says nothing: one of the phrases, whatever its case, spaces or punctuation."""
    words = " ".join("".join(c if c.isalnum() or c in "-/" else " " for c in text).split())
    return words.casefold() in {phrase.casefold() for phrase in phrases}
