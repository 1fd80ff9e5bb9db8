"""Money as people type it into a field: read in their team's locale, and put back as they write it.

`120,000`, `$120,000.50`, `120.000 €` in German, `120k`, `1.2m`: whatever can be read in one way.
"""

import re
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_precision, get_decimal_symbol

from crm.amounts import parse_amount
from crm.problems import Unusable
from handlers.words import place_of

MOST = 10**12
"""In whole units of the currency: more is a slip."""

_SHORT = re.compile(r"(.*[0-9])\s*([kKmM])\s*", re.DOTALL)
_TIMES = {"k": 1_000, "m": 1_000_000}
_BY_HUNDREDS = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")  # 1,20,000, as in India


def read_money(text: str, currency: str, locale: str) -> int:
    """What was typed, in minor units. Raises `Unusable`, whose text goes on a sentence that names
    it."""
    shortened = _SHORT.fullmatch(text)
    said, times = (shortened[1], _TIMES[shortened[2].lower()]) if shortened else (text, 1)
    said = _BY_HUNDREDS.sub(lambda grouped: grouped[0].replace(",", ""), said)
    mark = get_decimal_symbol(place_of(locale))
    minor = parse_amount(said, currency, mark if mark in (".", ",") else None)
    if minor is None:
        raise Unusable("is not an amount")
    if minor * times > MOST * 10 ** get_currency_precision(currency):
        raise Unusable("is too large to be true")
    return minor * times


def typed_money(minor: int, currency: str, locale: str) -> str:
    """The amount as it would be typed: `120,000`, with decimals only where there are some."""
    digits = get_currency_precision(currency)
    amount = Decimal(minor).scaleb(-digits)
    is_whole = amount == amount.to_integral_value()
    decimals = "" if is_whole or not digits else "." + "0" * digits
    return format_decimal(amount, format=f"#,##0{decimals}", locale=place_of(locale))
