"""The numbers and phrases of the product that a workspace may set, with their defaults.

Kept as one JSON column of the workspace: only what differs from the default is stored.
"""

from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, model_validator

EMPTY_PHRASES = (
    "follow up", "follow-up", "followup", "check in", "touch base", "circle back", "keep going",
    "keep in touch", "stay in touch", "good job", "well done", "call", "e-mail", "email", "tbd",
    "ping them", "reach out", "next steps", "nothing", "none", "n/a", "same as before",
)  # fmt: skip

# An answer of this kind fills a question of evidence and proves nothing.
NO_ANSWERS = (
    "no", "none", "not yet", "none yet", "no one", "nobody", "nothing", "nothing yet", "n/a", "na",
    "not applicable", "unknown", "not known", "not known yet", "don't know", "i don't know",
    "dont know", "i dont know", "no clue",
    "do not know", "no idea", "not sure", "unclear", "tbd", "tba", "tbc", "to be defined",
    "to be decided", "to be confirmed", "open", "pending", "later", "nope", "nil", "not asked yet",
    "not discussed yet", "not yet known", "none so far", "so far none", "none known",
)  # fmt: skip

# Words that say nothing by themselves, so that "follow up with the customer" is still empty.
_FILLERS = frozenset((
    "a", "again", "an", "and", "asap", "client", "customer", "her", "him", "i", "it", "next", "on",
    "please", "prospect", "soon", "the", "them", "then", "they", "this", "to", "us", "we", "week",
    "will", "with",
))  # fmt: skip


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
    no_answers: tuple[str, ...] = NO_ANSWERS

    @model_validator(mode="after")
    def _ordered(self) -> "Standards":
        if not 1 <= self.review_deals_least <= self.review_deals <= self.review_deals_most:
            raise ValueError("review_deals must lie between review_deals_least and _most")
        return self


def is_empty_phrase(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether a text says nothing: no word, or only fillers around one of the phrases.

    Case, spaces and punctuation do not count: "Follow up with the customer!" is "follow up".
    """
    plain = _plain(text)
    core = _core(plain)
    return not core or plain in _all_plain(phrases) or core in _all_plain(phrases, cores=True)


def is_phrase(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether a text is one of the phrases, or no word at all; case and punctuation ignored."""
    plain = _plain(text)
    return not plain or plain in _all_plain(phrases)


@lru_cache(maxsize=256)
def _all_plain(phrases: tuple[str, ...], *, cores: bool = False) -> frozenset[str]:
    """A workspace's phrases as texts are compared with them: read often, changed by setup alone."""
    plain = (_plain(phrase) for phrase in phrases)
    return frozenset(_core(phrase) if cores else phrase for phrase in plain)


def _plain(text: str) -> str:
    text = text.replace("\u2019", "'")
    spaced = "".join(c if c.isalnum() or c in "'/-" else " " for c in text.casefold())
    words = (word.strip("'/-") for word in spaced.split())
    return " ".join(word for word in words if word)


def _core(plain: str) -> str:
    return " ".join(word for word in plain.split() if word not in _FILLERS)
