"""The numbers and phrases of the product that a workspace may set, with their defaults.

Kept as one JSON column of the workspace: only what differs from the default is stored.
"""

from datetime import time
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

EMPTY_PHRASES = (
    "follow up", "follow-up", "followup", "check in", "touch base", "circle back", "keep going",
    "keep in touch", "stay in touch", "good job", "well done", "call", "e-mail", "email", "tbd",
    "ping them", "reach out", "next steps", "nothing", "none", "n/a", "same as before",
    "ok", "okay",
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

# What an entry of a calendar is called that says: out of office.
AWAY_WORDS = (
    "vacation", "holiday", "holidays", "annual leave", "on leave", "leave", "parental leave",
    "sick leave", "sick", "day off", "days off", "time off", "off", "pto", "ooo", "out of office",
    "out of the office", "urlaub", "abwesend", "krank", "elternzeit", "vacances", "congé",
    "congés", "absent", "absence", "vacaciones", "ausente", "fuera de la oficina", "ferie",
    "férias", "vakantie", "verlof", "afwezig", "semester", "ferier", "loma", "urlop",
)  # fmt: skip

# Words that say nothing by themselves, so that "follow up with the customer" is still empty.
_FILLERS = frozenset((
    "a", "again", "an", "and", "asap", "client", "customer", "her", "him", "i", "it", "next", "on",
    "please", "prospect", "soon", "the", "them", "then", "they", "this", "to", "us", "we", "week",
    "will", "with",
))  # fmt: skip


# What in the status of a Slack profile means out of office: an emoji, or the words it begins with,
# in some languages. Travelling or working elsewhere is none: who sells does both at work.
STATUS_EMOJIS = ("palm_tree", "beach_with_umbrella", "desert_island", "face_with_thermometer")
STATUS_WORDS = (
    "vacation", "vacationing", "holiday", "holidays", "out of office", "out of the office", "ooo",
    "pto", "annual leave", "on leave", "parental leave", "maternity leave", "paternity leave",
    "sick", "sick leave", "out sick", "off sick", "day off", "off today",
    "urlaub", "im urlaub", "krank", "krankgeschrieben", "abwesend", "elternzeit",
    "vacances", "en congé", "en congés", "malade", "absent", "absente", "congé maladie",
    "vacaciones", "de vacaciones", "enfermo", "enferma", "de baja", "fuera de la oficina",
    "ferie", "in ferie", "malato", "malata", "in malattia", "fuori ufficio",
    "férias", "de férias", "doente", "fora do escritório",
    "vakantie", "met vakantie", "op vakantie", "ziek", "afwezig",
)  # fmt: skip
# A status that has one of these is none of out of office, whatever else it says.
STATUS_NOT_AWAY = (
    "back from", "back at work", "not on", "tomorrow", "next week", "next month", "soon", "after",
    "before", "planning", "planner", "campaign", "season", "party", "lunch", "working", "remote",
    "remotely", "half day", "wfh",
    "zurück aus", "morgen", "nächste woche", "bald", "vor", "nach", "halber tag",
    "de retour", "demain", "bientôt", "mañana", "pronto", "domani", "presto", "amanhã", "em breve",
    "terug van",
)  # fmt: skip


FOCUS_AREAS = (
    "discovery and qualifying", "consultative selling", "value selling", "objection handling",
    "pricing and quotes", "negotiation", "closing", "prospecting", "pipeline hygiene",
    "mindset (need for approval, talking about money)",
)  # fmt: skip
MANAGER_FOCUS_AREAS = (
    "coaching", "accountability", "motivating", "recruiting", "pipeline", "forecast",
    "own selling skill", "quality of advice", "style (positive yet demanding)",
)  # fmt: skip

FocusArea = Annotated[str, StringConstraints(min_length=1, max_length=70, strip_whitespace=True)]


class Standards(BaseModel):
    """product.md, "The week", "One-on-ones", "Pipeline review" and "Coaching".

    Thresholds in days, durations in minutes, money in minor units, times local.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    coverage: float = Field(3.0, gt=0)  # × of quota
    coverage_against: str = Field("remaining", pattern="^(remaining|full)$")
    next_period_days: int = 30  # in a period's last days the next one triggers too
    coverage_reminder_at: time = time(16)  # of the coverage conversations still open that Monday
    review_deals: int = 7
    review_deals_least: int = 5
    review_deals_most: int = 10
    evidence_days: int = 14  # an answer older than this wants "Still true"
    next_action_days: int = 14  # a next action is due within
    next_action_preset_days: int = 7
    unchanged_reviews: int = Field(3, ge=1)  # so many without any change: a deal is named
    rescuing_least: int = Field(5, ge=1)  # next actions, before a share of them is said
    forecast_minutes: int = Field(20, ge=1, le=240)  # within which Friday is to be done
    forecast_accuracy_days: int = Field(14, ge=0, le=90)  # before a period's end
    slip_rate_least: int = Field(5, ge=1)  # deals, before a share of them is said
    quiet_days: int = 14  # no activity for this long is a flag
    activity_days_before: int = 7  # a stage change wants an activity in this window
    activity_days_after: int = 1
    import_days: int = 3  # deals older than this are stale
    one_on_ones_a_day: int = Field(3, ge=1, le=20)  # per coach
    one_on_one_days: str = Field("234", pattern="^[1-5]+$")  # ISO weekdays of standing schedules
    one_on_one_minutes: int = Field(30, ge=1, le=480)  # proposed
    one_on_one_minutes_least: int = Field(30, ge=1, le=480)
    one_on_one_minutes_most: int = Field(45, ge=1, le=480)
    one_on_one_earliest: time = time(6)  # where each of the two is
    one_on_one_latest: time = time(22)
    free_times_from: time = time(9)  # free times are offered between these
    free_times_until: time = time(17)
    reminder_minutes: int = Field(10, ge=0, le=240)  # before a one-on-one
    rating_minutes: int = Field(15, ge=0, le=1440)  # after its scheduled end
    rating_change_hours: int = Field(24, ge=0, le=168)
    rating_open_days: int = Field(7, ge=1, le=31)  # until when it may be given at all
    digest_at: time = time(8, 30)
    messages_rep: int = Field(2, ge=1, le=50)  # unprompted ones, on a working day
    messages_manager: int = Field(4, ge=1, le=50)  # and to a manager or leader
    quiet_from: time = time(19)  # no messages between these, where somebody chose nothing else
    quiet_until: time = time(7, 30)
    coaching_minutes: int = Field(30, ge=1, le=480)  # proposed
    coaching_late_days: int = 7  # logged later than this: kept, outside the metrics
    coaching_oldest_days: int = 90
    coaching_next_step_days: int = Field(90, ge=1, le=366)  # a next step is due within
    coaching_hours_least: float = Field(3, ge=0)  # asked per person and month
    coaching_hours_most: float = Field(4, ge=0)
    coaching_share: float = Field(0.5, ge=0, le=1)  # asked, of a manager's working time
    day_hours: float = Field(8, gt=0, le=24)  # of a working day
    feedback_characters: int = 15  # at least
    focus_areas: tuple[FocusArea, ...] = FOCUS_AREAS
    manager_focus_areas: tuple[FocusArea, ...] = MANAGER_FOCUS_AREAS
    empty_phrases: tuple[str, ...] = EMPTY_PHRASES
    no_answers: tuple[str, ...] = NO_ANSWERS
    status_emojis: tuple[str, ...] = STATUS_EMOJIS  # without colons
    status_words: tuple[str, ...] = STATUS_WORDS
    status_not_away: tuple[str, ...] = STATUS_NOT_AWAY
    status_evening: time = time(17)  # one that ends earlier does not count for that day
    status_open_days: int = Field(14, ge=1, le=366)  # so long one without an end counts
    away_words: tuple[str, ...] = AWAY_WORDS

    @model_validator(mode="after")
    def _ordered(self) -> "Standards":
        if not 1 <= self.review_deals_least <= self.review_deals <= self.review_deals_most:
            raise ValueError("review_deals must lie between review_deals_least and _most")
        least, most = self.one_on_one_minutes_least, self.one_on_one_minutes_most
        if not least <= self.one_on_one_minutes <= most:
            raise ValueError("one_on_one_minutes must lie between its _least and _most")
        if self.coaching_hours_least > self.coaching_hours_most:
            raise ValueError("coaching_hours_least must not exceed coaching_hours_most")
        if self.quiet_from == self.quiet_until:
            raise ValueError("quiet_from and quiet_until must differ")
        for areas in (self.focus_areas, self.manager_focus_areas):
            if not areas or len({area.casefold() for area in areas}) != len(areas):
                raise ValueError("focus areas must be there, each once")
        return self


def is_empty_phrase(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether a text says nothing: no word, or only fillers around one of the phrases.

    Case, spaces and punctuation do not count, nor that it is said again: "Follow up with the
    customer!" is "follow up", "N/a n/a" is "n/a".
    """
    plain = _plain(text)
    core = _core(plain)
    return not core or plain in _all_plain(phrases) or core in _all_plain(phrases, cores=True)


def is_phrase(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether a text is one of the phrases, or no word at all; compared as above."""
    plain = _plain(text)
    return not plain or plain in _all_plain(phrases)


_AROUND = frozenset(("am", "at", "currently", "i", "i'm", "im", "in", "on", "still", "the"))


def starts_with_phrase(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether a text begins with one of the phrases, as whole words; "I'm on" before it is let go.

    Compared as above.
    """
    plain = _spaced(text)
    first = next((n for n, word in enumerate(plain) if word not in _AROUND), len(plain))
    starts = [" ".join(plain[n:]) + " " for n in range(first + 1)]
    return any(start.startswith(f"{one} ") for one in _phrases(phrases) for start in starts)


def has_phrase(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether one of the phrases is in a text, as whole words; compared as above."""
    plain = f" {' '.join(_spaced(text))} "
    return any(f" {one} " in plain for one in _phrases(phrases))


@lru_cache(maxsize=256)
def _phrases(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, (" ".join(_spaced(phrase)) for phrase in phrases)))


@lru_cache(maxsize=256)
def _all_plain(phrases: tuple[str, ...], *, cores: bool = False) -> frozenset[str]:
    """A workspace's phrases as texts are compared with them: read often, changed by setup alone."""
    plain = (_plain(phrase) for phrase in phrases)
    return frozenset(_core(phrase) if cores else phrase for phrase in plain)


def _plain(text: str) -> str:
    return " ".join(dict.fromkeys(_spaced(text)))


def _spaced(text: str) -> list[str]:
    """A text's words, without case and punctuation around them."""
    text = text.replace("\u2019", "'")
    spaced = "".join(c if c.isalnum() or c in "'/-" else " " for c in text.casefold())
    words = (word.strip("'/-") for word in spaced.split())
    return [word for word in words if word]


def _core(plain: str) -> str:
    return " ".join(word for word in plain.split() if word not in _FILLERS)
