"""What an answer is in the fields of a modal: read from them, checked, put back into them.

The shapes are those of `models.proof.AnswerKind`. What cannot be an answer is refused at its field.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from babel.numbers import get_currency_precision

from handlers.forms import FAR, Wrong, is_far
from models.evidence import AnswerKind
from models.proof import Fault
from models.screens import Asked

Value = dict[str, Any]


class Entered(Protocol):
    """The fields of a modal, by name; None where nothing was entered."""

    currency: ClassVar[str]

    def get(self, name: str) -> Any: ...


# --- reading: fields to an answer (None: nothing was entered)


def _read_money(form: Entered, key: str) -> Value | None:
    amount = form.get(key)
    if amount is None:
        return None
    minor = int(amount.scaleb(get_currency_precision(form.currency)))
    return {"minor": minor, "currency": form.currency}


def _read_contact(form: Entered, key: str) -> Value | None:
    name, title = form.get(key), form.get(f"{key}.title")
    return {"name": name, "title": title} if name and title else None


def _read_source(form: Entered, key: str) -> Value | None:
    return {"source": form.get(key)} if form.get(key) else None


def _read_met(form: Entered, key: str) -> Value | None:
    if form.get(key) == "yes":
        return {"met": True, "on": form.get(f"{key}.on").isoformat()}
    return {"met": False} if form.get(key) else None


def _read_meeting(form: Entered, key: str) -> Value | None:
    state = form.get(key)
    if state in ("booked", "held"):
        return {"state": state, "on": form.get(f"{key}.on").isoformat()}
    return {"state": state} if state else None


def _read_date(form: Entered, key: str) -> Value | None:
    return {"on": form.get(key).isoformat()} if form.get(key) else None


def _read_text(form: Entered, key: str) -> Value | None:
    return {"text": form.get(key)} if form.get(key) else None


READ: dict[AnswerKind, Callable[[Entered, str], Value | None]] = {
    AnswerKind.MONEY: _read_money,
    AnswerKind.CONTACT: _read_contact,
    AnswerKind.SOURCE: _read_source,
    AnswerKind.MET: _read_met,
    AnswerKind.MEETING: _read_meeting,
    AnswerKind.DATE: _read_date,
    AnswerKind.TEXT: _read_text,
}


# --- what does not fit together


def check(form: Entered, asked: Asked, today: date) -> dict[str, str]:
    """What is wrong with what was entered for a question, by field."""
    found = _CHECKS.get(asked.kind)
    return found(form, asked.key, today) if found else {}


def _check_contact(form: Entered, key: str, _today: date) -> dict[str, str]:
    name, title = form.get(key), form.get(f"{key}.title")
    if name and not title:
        return {f"{key}.title": "And what is this person's title?"}
    return {key: "And the name?"} if title and not name else {}


def _check_met(form: Entered, key: str, today: date) -> dict[str, str]:
    met, on = form.get(key), form.get(f"{key}.on")
    if met is None and on:
        return {key: "Yes or no?"}
    if met == "yes":
        return _happened(f"{key}.on", on, today)
    return {}


def _check_meeting(form: Entered, key: str, today: date) -> dict[str, str]:
    state, on = form.get(key), form.get(f"{key}.on")
    if state is None and on:
        return {key: "Booked, or held?"}
    if state == "held":
        return _happened(f"{key}.on", on, today)
    return _booked(f"{key}.on", on, today) if state == "booked" else {}


def _booked(name: str, on: date | None, today: date) -> dict[str, str]:
    if on is None:
        return {name: "For which day?"}
    if on < today:
        return {name: "That day has passed. Was it held, or is it on another day?"}
    return {name: FAR} if is_far(on, today) else {}


def _check_date(form: Entered, key: str, today: date) -> dict[str, str]:
    on = form.get(key)
    return {key: FAR} if on is not None and is_far(on, today) else {}


def _happened(name: str, on: date | None, today: date) -> dict[str, str]:
    if on is None:
        return {name: "On which day?"}
    if on > today:
        return {name: "That day is still to come."}
    return {name: FAR} if is_far(on, today) else {}


_CHECKS: dict[AnswerKind, Callable[[Entered, str, date], dict[str, str]]] = {
    AnswerKind.CONTACT: _check_contact,
    AnswerKind.MET: _check_met,
    AnswerKind.MEETING: _check_meeting,
    AnswerKind.DATE: _check_date,
}


# --- starting: an answer to fields


def _start_money(key: str, value: Value, currency: str) -> dict[str, Any]:
    if value["currency"] != currency:
        return {}
    return {key: Decimal(value["minor"]).scaleb(-get_currency_precision(currency))}


def _start_contact(key: str, value: Value, _currency: str) -> dict[str, Any]:
    return {key: value["name"], f"{key}.title": value["title"]}


def _start_source(key: str, value: Value, _currency: str) -> dict[str, Any]:
    return {key: value["source"]}


def _start_met(key: str, value: Value, _currency: str) -> dict[str, Any]:
    return {key: "yes" if value["met"] else "no", f"{key}.on": value.get("on")}


def _start_meeting(key: str, value: Value, _currency: str) -> dict[str, Any]:
    return {key: value["state"], f"{key}.on": value.get("on")}


def _start_date(key: str, value: Value, _currency: str) -> dict[str, Any]:
    return {key: value["on"]}


def _start_text(key: str, value: Value, _currency: str) -> dict[str, Any]:
    return {key: value["text"]}


START: dict[AnswerKind, Callable[[str, Value, str], dict[str, Any]]] = {
    AnswerKind.MONEY: _start_money,
    AnswerKind.CONTACT: _start_contact,
    AnswerKind.SOURCE: _start_source,
    AnswerKind.MET: _start_met,
    AnswerKind.MEETING: _start_meeting,
    AnswerKind.DATE: _start_date,
    AnswerKind.TEXT: _start_text,
}


# --- what the rules may still refuse

FAULTS: Mapping[Fault, str] = {
    Fault.MALFORMED: "This will not do. Please look at it again.",
    Fault.MISSING: "This is needed.",
    Fault.TOO_LONG: "Shorter, please.",
    Fault.NOT_POSITIVE: "An amount in figures, like 12000: above zero, below a trillion.",
    Fault.TOO_MUCH: "That amount is too large to be true.",
    Fault.NO_NAME: "And the name?",
    Fault.NO_TITLE: "And what is this person's title?",
    Fault.NO_DATE: "On which day?",
    Fault.IN_FUTURE: "That day is still to come.",
    Fault.NOT_ASKED: "This is not asked in the deal's stage any more.",
    Fault.NOTHING_TO_CONFIRM: "There is no earlier answer to confirm.",
    Fault.OWNERS: "The deal's owner has proved this, and alone can change it.",
}
_AT = {Fault.NO_TITLE: ".title", Fault.NO_DATE: ".on", Fault.IN_FUTURE: ".on"}


def fault_at(asked: Sequence[Asked], question_id: int, fault: Fault) -> Wrong:
    """What the rules found wrong with an answer, at its field."""
    key = next((one.key for one in asked if one.question_id == question_id), "")
    return Wrong({f"{key}{_AT.get(fault, '')}": FAULTS[fault]})
