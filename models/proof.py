"""What an answer is made of, and what it is worth: it proves, or it only fills.

product.md, "Pipeline review": "no", "none", "not yet" and dates that have passed only fill. An
answer is judged at every reading, with today's date, since a date that proves today passes
tomorrow. What cannot be an answer at all is refused once, when it is given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from models.standards import NO_ANSWERS, is_phrase

MOST_MINOR = 10**15  # of any currency's minor units: more is a slip of the finger
MOST_CHARACTERS = 3000  # what Slack's text input takes
MOST_NAME = 200


class AnswerKind(StrEnum):
    """The kinds of answers and their shapes (product.md, the table of questions)."""

    MONEY = "money"  # {"minor": 12000000, "currency": "USD"}
    CONTACT = "contact"  # {"name": …, "title": …}
    SOURCE = "source"  # {"source": "told" | "contact" | "not_yet"}
    MET = "met"  # {"met": true, "on": "2026-11-20"} | {"met": false}
    MEETING = "meeting"  # {"state": "booked" | "held" | "none", "on": "2026-11-28"}
    DATE = "date"  # {"on": "2026-12-10"}
    TEXT = "text"  # {"text": …}


class Fault(StrEnum):
    """What is wrong with an answer that cannot be kept."""

    MALFORMED = "malformed"  # not the kind's shape
    MISSING = "missing"
    TOO_LONG = "too_long"
    NOT_POSITIVE = "not_positive"
    TOO_MUCH = "too_much"
    NO_NAME = "no_name"
    NO_TITLE = "no_title"
    NO_DATE = "no_date"
    IN_FUTURE = "in_future"  # what is said to have happened lies ahead
    NOT_ASKED = "not_asked"  # not a question of the stage in which the deal is now
    NOTHING_TO_CONFIRM = "nothing_to_confirm"  # "Still true" of no answer
    OWNERS = "owners"  # only the deal's owner confirms, or changes what they have proved


class Malformed(ValueError):
    """Not an answer of its kind."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Proof:
    """What an answer is worth. `second_hand`: it proves, through a contact."""

    proves: bool
    second_hand: bool = False


def judge(
    kind: AnswerKind,
    value: Mapping[str, Any],
    today: date,
    no_answers: tuple[str, ...] = NO_ANSWERS,
) -> Proof:
    """What a kept answer is worth on the team's local date `today`; never raises.

    money: above zero proves · contact: a name and a title that are no "none" · source: told by
    that person proves, through a contact proves second-hand, not yet fills · met: yes on a day
    proves, no fills · meeting: booked for today or later proves, held by today proves, none fills ·
    date: today or later proves · text: anything but a "no" (`no_answers`) proves.
    """
    try:
        kept = as_kept(kind, value, today)
    except Malformed:
        return Proof(proves=False)
    if kind is AnswerKind.SOURCE:
        return Proof(kept["source"] != "not_yet", second_hand=kept["source"] == "contact")
    return Proof(_PROVES[kind](kept, today, no_answers))


def as_kept(kind: AnswerKind, value: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The answer as it is stored: its kind's keys alone, texts trimmed. Raises `Malformed`."""
    return _SHAPES[kind](value, today)


# --- shapes


def _money(value: Mapping[str, Any], _today: date) -> dict[str, Any]:
    minor, currency = value.get("minor"), value.get("currency")
    if minor is None:
        raise Malformed(Fault.MISSING)
    if isinstance(minor, bool) or not isinstance(minor, int):
        raise Malformed(Fault.MALFORMED)
    if minor <= 0:
        raise Malformed(Fault.NOT_POSITIVE)
    if minor > MOST_MINOR:
        raise Malformed(Fault.TOO_MUCH)
    if not isinstance(currency, str) or len(currency) != 3:
        raise Malformed(Fault.MALFORMED)
    return {"minor": minor, "currency": currency}


def _contact(value: Mapping[str, Any], _today: date) -> dict[str, Any]:
    return {
        "name": _words(value.get("name"), MOST_NAME, Fault.NO_NAME),
        "title": _words(value.get("title"), MOST_NAME, Fault.NO_TITLE),
    }


def _source(value: Mapping[str, Any], _today: date) -> dict[str, Any]:
    return {"source": _choice(value.get("source"), ("told", "contact", "not_yet"))}


def _met(value: Mapping[str, Any], today: date) -> dict[str, Any]:
    met = value.get("met")
    if met is None:
        raise Malformed(Fault.MISSING)
    if not isinstance(met, bool):
        raise Malformed(Fault.MALFORMED)
    return {"met": True, "on": _happened(value, today)} if met else {"met": False}


def _meeting(value: Mapping[str, Any], today: date) -> dict[str, Any]:
    state = _choice(value.get("state"), ("booked", "held", "none"))
    if state == "none":
        return {"state": "none"}
    on = _happened(value, today) if state == "held" else _day(value).isoformat()
    return {"state": state, "on": on}


def _date(value: Mapping[str, Any], _today: date) -> dict[str, Any]:
    return {"on": _day(value).isoformat()}


def _text(value: Mapping[str, Any], _today: date) -> dict[str, Any]:
    return {"text": _words(value.get("text"), MOST_CHARACTERS, Fault.MISSING)}


def _words(given: object, most: int, missing: Fault) -> str:
    if given is None:
        raise Malformed(missing)
    if not isinstance(given, str) or "\x00" in given:
        raise Malformed(Fault.MALFORMED)
    words = given.strip()
    if not words:
        raise Malformed(missing)
    if len(words) > most:
        raise Malformed(Fault.TOO_LONG)
    return words


def _choice(given: object, choices: tuple[str, ...]) -> str:
    if given is None:
        raise Malformed(Fault.MISSING)
    if not isinstance(given, str) or given not in choices:
        raise Malformed(Fault.MALFORMED)
    return given


def _day(value: Mapping[str, Any]) -> date:
    given = value.get("on")
    if given is None:
        raise Malformed(Fault.NO_DATE)
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise Malformed(Fault.MALFORMED) from None


def _happened(value: Mapping[str, Any], today: date) -> str:
    on = _day(value)
    if on > today:
        raise Malformed(Fault.IN_FUTURE)
    return on.isoformat()


_SHAPES: dict[AnswerKind, Callable[[Mapping[str, Any], date], dict[str, Any]]] = {
    AnswerKind.MONEY: _money,
    AnswerKind.CONTACT: _contact,
    AnswerKind.SOURCE: _source,
    AnswerKind.MET: _met,
    AnswerKind.MEETING: _meeting,
    AnswerKind.DATE: _date,
    AnswerKind.TEXT: _text,
}


# --- worth


def _money_proves(_kept: dict[str, Any], _today: date, _no: tuple[str, ...]) -> bool:
    return True


def _contact_proves(kept: dict[str, Any], _today: date, no_answers: tuple[str, ...]) -> bool:
    return not any(is_phrase(kept[part], no_answers) for part in ("name", "title"))


def _met_proves(kept: dict[str, Any], _today: date, _no: tuple[str, ...]) -> bool:
    return kept["met"] is True


def _meeting_proves(kept: dict[str, Any], today: date, _no: tuple[str, ...]) -> bool:
    if kept["state"] == "booked":
        return date.fromisoformat(kept["on"]) >= today
    return bool(kept["state"] == "held")


def _date_proves(kept: dict[str, Any], today: date, _no: tuple[str, ...]) -> bool:
    return date.fromisoformat(kept["on"]) >= today


def _text_proves(kept: dict[str, Any], _today: date, no_answers: tuple[str, ...]) -> bool:
    return not is_phrase(kept["text"], no_answers)


_PROVES: dict[AnswerKind, Callable[[dict[str, Any], date, tuple[str, ...]], bool]] = {
    AnswerKind.MONEY: _money_proves,
    AnswerKind.CONTACT: _contact_proves,
    AnswerKind.MET: _met_proves,
    AnswerKind.MEETING: _meeting_proves,
    AnswerKind.DATE: _date_proves,
    AnswerKind.TEXT: _text_proves,
}
