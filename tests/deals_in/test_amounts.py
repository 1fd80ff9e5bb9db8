"""Amounts: what can be read in one way is read, everything else is asked."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from crm.amounts import parse_amount
from crm.problems import Unusable


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("180000", "USD", 180_000_00),
        ("180000.5", "USD", 180_000_50),
        ("180000,50", "EUR", 180_000_50),
        ("1,234.50", "USD", 1_234_50),
        ("1.234,50", "EUR", 1_234_50),
        ("1 234,5", "EUR", 1_234_50),
        ("1\u202f234\u00a0567,50 €", "EUR", 1_234_567_50),
        ("1'234.50", "CHF", 1_234_50),
        ("1,234,567", "USD", 1_234_567_00),
        ("$1,234,567.00", "USD", 1_234_567_00),
        ("USD 12", "USD", 12_00),
        ("12 eur", "EUR", 12_00),
        ("15000.000", "USD", 15_000_00),
        ("0.125", "KWD", 125),
        ("1500.00", "JPY", 1500),
        ("0", "USD", 0),
        ("", "USD", None),
        ("  ", "USD", None),
    ],
)
def test_what_is_clear_is_read(text: str, currency: str, minor: int | None) -> None:
    assert parse_amount(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1,234", "could be 1234, or 1 and a fraction"),
        ("12.500", "could be 12500, or 12 and a fraction"),
        ("-5", "negative"),
        ("−5", "negative"),
        ("(1,200.00)", "negative"),
        ("€5", "not in USD"),
        ("5 EUR", "not in USD"),
        ("1.234.5", "not an amount"),
        ("1,23,456", "not an amount"),
        ("180k", "not an amount"),
        ("1.8E+05", "not an amount"),
        ("5.", "not an amount"),
        ("½", "not an amount"),
        ("١٢", "not an amount"),
        ("=SUM(A1)", "not an amount"),
        ("12.345678", "more decimals than USD"),
        ("9" * 20, "too large"),
    ],
)
def test_what_is_not_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        parse_amount(text, "USD")


@pytest.mark.parametrize(
    ("text", "decimal", "minor"),
    [("1,234", ".", 1_234_00), ("1.23", ".", 1_23), ("1,23", ",", 1_23), ("1.234", ",", 1_234_00)],
)
def test_the_mark_before_the_decimals_may_be_told(text: str, decimal: str, minor: int) -> None:
    assert parse_amount(text, "EUR", decimal) == minor


@given(
    minor=st.integers(min_value=0, max_value=10**14),
    locale=st.sampled_from(["en_US", "de_DE", "fr_FR", "de_CH", "en_IE", "pl_PL"]),
    currency=st.sampled_from(["USD", "EUR", "GBP", "CHF", "PLN"]),
)
def test_what_any_locale_writes_comes_back(minor: int, locale: str, currency: str) -> None:
    """With two decimals, as currencies are written, no amount is ambiguous."""
    text = format_currency(Decimal(minor) / 100, currency, locale=locale)
    assert parse_amount(text, currency) == minor


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        minor = parse_amount(text, "USD")
    except Unusable:
        return
    assert minor is None or minor >= 0


@given(st.from_regex(r"[0-9]{1,12}([.,][0-9]{1,2})?", fullmatch=True))
def test_plain_numbers_are_read_exactly(text: str) -> None:
    whole, _mark, decimals = text.replace(",", ".").partition(".")
    assert parse_amount(text, "USD") == int(whole) * 100 + int(decimals.ljust(2, "0"))


@pytest.mark.parametrize(("text", "mark"), [("€45.000", "."), ("45,000", ",")])
def test_what_groups_thousands_is_not_read_as_decimals_of_nought(text: str, mark: str) -> None:
    """Whoever names the wrong mark would import a thousandth of each amount, in silence."""
    with pytest.raises(Unusable, match="more decimals than EUR"):
        parse_amount(text, "EUR", mark)
