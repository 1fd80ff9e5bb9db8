"""What an answer is worth: it proves or only fills; and what cannot be an answer at all."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.proof import AnswerKind, Fault, Malformed, Proof, as_kept, judge
from tests.world import TODAY, proving

FILLS, PROVES, SECOND_HAND = Proof(False), Proof(True), Proof(True, second_hand=True)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def on(day: date, **more: Any) -> dict[str, Any]:
    return {**more, "on": day.isoformat()}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (AnswerKind.MONEY, {"minor": 1, "currency": "USD"}, PROVES),
        (AnswerKind.MONEY, {"minor": 12_000_000_00, "currency": "JPY"}, PROVES),
        (AnswerKind.CONTACT, {"name": "Dana Cole", "title": "CFO"}, PROVES),
        (AnswerKind.CONTACT, {"name": "Not yet", "title": "CFO"}, FILLS),
        (AnswerKind.CONTACT, {"name": "Dana Cole", "title": "unknown"}, FILLS),
        (AnswerKind.CONTACT, {"name": "?", "title": "?"}, FILLS),
        (AnswerKind.SOURCE, {"source": "told"}, PROVES),
        (AnswerKind.SOURCE, {"source": "contact"}, SECOND_HAND),
        (AnswerKind.SOURCE, {"source": "not_yet"}, FILLS),
        (AnswerKind.MET, on(TODAY, met=True), PROVES),
        (AnswerKind.MET, on(date(2024, 1, 1), met=True), PROVES),
        (AnswerKind.MET, {"met": False}, FILLS),
        (AnswerKind.MEETING, on(YESTERDAY, state="booked"), FILLS),
        (AnswerKind.MEETING, on(TODAY, state="booked"), PROVES),
        (AnswerKind.MEETING, on(TOMORROW, state="booked"), PROVES),
        (AnswerKind.MEETING, on(YESTERDAY, state="held"), PROVES),
        (AnswerKind.MEETING, on(TODAY, state="held"), PROVES),
        (AnswerKind.MEETING, {"state": "none"}, FILLS),
        (AnswerKind.DATE, on(YESTERDAY), FILLS),
        (AnswerKind.DATE, on(TODAY), PROVES),
        (AnswerKind.DATE, on(TOMORROW), PROVES),
        (AnswerKind.TEXT, {"text": "Price against the incumbent"}, PROVES),
        (AnswerKind.TEXT, {"text": "No downtime on migration"}, PROVES),
        (AnswerKind.TEXT, {"text": "価格"}, PROVES),
        (AnswerKind.TEXT, {"text": "No"}, FILLS),
        (AnswerKind.TEXT, {"text": "none."}, FILLS),
        (AnswerKind.TEXT, {"text": " Not yet! "}, FILLS),
        (AnswerKind.TEXT, {"text": "N/A"}, FILLS),
        (AnswerKind.TEXT, {"text": "nothing"}, FILLS),
        (AnswerKind.TEXT, {"text": "don’t know"}, FILLS),
        (AnswerKind.TEXT, {"text": "tbd"}, FILLS),
        (AnswerKind.TEXT, {"text": "…"}, FILLS),
    ],
)
def test_proves_or_fills(kind: AnswerKind, value: dict[str, Any], expected: Proof) -> None:
    assert judge(kind, value, TODAY) == expected
    assert judge(kind, as_kept(kind, value, TODAY), TODAY) == expected


def test_a_date_passes(today: date) -> None:
    assert judge(AnswerKind.DATE, on(TOMORROW), today) == PROVES
    assert judge(AnswerKind.DATE, on(TOMORROW), today + timedelta(days=2)) == FILLS
    booked = on(TOMORROW, state="booked")
    assert judge(AnswerKind.MEETING, booked, today + timedelta(days=2)) == FILLS


def test_the_workspace_may_name_other_noes() -> None:
    assert judge(AnswerKind.TEXT, {"text": "Nein"}, TODAY) == PROVES
    assert judge(AnswerKind.TEXT, {"text": "Nein"}, TODAY, ("nein",)) == FILLS


@pytest.mark.parametrize(
    ("kind", "value", "fault"),
    [
        (AnswerKind.MONEY, {}, Fault.MISSING),
        (AnswerKind.MONEY, {"minor": 0, "currency": "USD"}, Fault.NOT_POSITIVE),
        (AnswerKind.MONEY, {"minor": -5, "currency": "USD"}, Fault.NOT_POSITIVE),
        (AnswerKind.MONEY, {"minor": 10**15 + 1, "currency": "USD"}, Fault.TOO_MUCH),
        (AnswerKind.MONEY, {"minor": 1.5, "currency": "USD"}, Fault.MALFORMED),
        (AnswerKind.MONEY, {"minor": True, "currency": "USD"}, Fault.MALFORMED),
        (AnswerKind.MONEY, {"minor": "12", "currency": "USD"}, Fault.MALFORMED),
        (AnswerKind.MONEY, {"minor": 12}, Fault.MALFORMED),
        (AnswerKind.CONTACT, {"title": "CFO"}, Fault.NO_NAME),
        (AnswerKind.CONTACT, {"name": "  ", "title": "CFO"}, Fault.NO_NAME),
        (AnswerKind.CONTACT, {"name": "Dana Cole"}, Fault.NO_TITLE),
        (AnswerKind.CONTACT, {"name": "Dana Cole", "title": ""}, Fault.NO_TITLE),
        (AnswerKind.CONTACT, {"name": "D" * 201, "title": "CFO"}, Fault.TOO_LONG),
        (AnswerKind.CONTACT, {"name": 7, "title": "CFO"}, Fault.MALFORMED),
        (AnswerKind.SOURCE, {}, Fault.MISSING),
        (AnswerKind.SOURCE, {"source": "rumour"}, Fault.MALFORMED),
        (AnswerKind.SOURCE, {"source": ["told"]}, Fault.MALFORMED),
        (AnswerKind.MET, {}, Fault.MISSING),
        (AnswerKind.MET, {"met": "yes"}, Fault.MALFORMED),
        (AnswerKind.MET, {"met": True}, Fault.NO_DATE),
        (AnswerKind.MET, on(TOMORROW, met=True), Fault.IN_FUTURE),
        (AnswerKind.MEETING, {}, Fault.MISSING),
        (AnswerKind.MEETING, {"state": "booked"}, Fault.NO_DATE),
        (AnswerKind.MEETING, {"state": "held"}, Fault.NO_DATE),
        (AnswerKind.MEETING, on(TOMORROW, state="held"), Fault.IN_FUTURE),
        (AnswerKind.MEETING, {"state": "maybe"}, Fault.MALFORMED),
        (AnswerKind.DATE, {}, Fault.NO_DATE),
        (AnswerKind.DATE, {"on": "24.11.2026"}, Fault.MALFORMED),
        (AnswerKind.DATE, {"on": 20261124}, Fault.MALFORMED),
        (AnswerKind.TEXT, {}, Fault.MISSING),
        (AnswerKind.TEXT, {"text": " \n "}, Fault.MISSING),
        (AnswerKind.TEXT, {"text": "x" * 3001}, Fault.TOO_LONG),
        (AnswerKind.TEXT, {"text": "a\x00b"}, Fault.MALFORMED),
        (AnswerKind.TEXT, {"text": ["a"]}, Fault.MALFORMED),
    ],
)
def test_what_cannot_be_an_answer(kind: AnswerKind, value: dict[str, Any], fault: Fault) -> None:
    with pytest.raises(Malformed) as broken:
        as_kept(kind, value, TODAY)
    assert broken.value.fault is fault
    assert judge(kind, value, TODAY) == FILLS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["minor", "currency", "name", "title", "source", "met", "state", "on", "text"]
)


@given(kind=st.sampled_from(AnswerKind), value=st.dictionaries(KEYS | st.text(), JSON, max_size=6))
def test_anything_at_all_is_judged_and_kept_once_only(
    kind: AnswerKind, value: dict[str, Any]
) -> None:
    proof = judge(kind, value, TODAY)
    try:
        kept = as_kept(kind, value, TODAY)
    except Malformed:
        assert proof == FILLS
    else:
        assert as_kept(kind, kept, TODAY) == kept
        assert judge(kind, kept, TODAY) == proof


@pytest.mark.parametrize("kind", list(AnswerKind))
def test_every_kind_has_an_answer_that_proves(kind: AnswerKind) -> None:
    assert judge(kind, proving(kind), TODAY) == PROVES
