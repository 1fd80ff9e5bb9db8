"""Amounts of money as CRMs write them, read into minor units or refused, never guessed.

Which mark groups thousands and which starts the decimals is taken as clear only where the number
can be read in one way: `1,234` can be read in two, so it wants to be told (`decimal`).
"""

import re
from collections.abc import Iterable

from babel.numbers import get_currency_precision

from crm.problems import Unusable

SIGNS = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"), "US$": ("USD",), "$US": ("USD",),
    "€": ("EUR",), "£": ("GBP",), "£GB": ("GBP",), "¥": ("JPY", "CNY"), "₹": ("INR",),
    "zł": ("PLN",), "kr": ("SEK", "NOK", "DKK"), "Fr.": ("CHF",),
}  # fmt: skip
MOST_DIGITS = 15
"""More digits than these, in minor units, are a mistake and not money."""

_ALIKE = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "−": "-"})
_PARTS = re.compile(r"(?P<before>[^0-9]*)(?P<number>[0-9](?:[0-9.,' ]*[0-9])?)(?P<after>[^0-9]*)")
_GROUPED = re.compile(r"[0-9]{1,3}([.,' ])[0-9]{3}(?:\1[0-9]{3})*")


class Unclear(Unusable):
    """It can be read in two ways; `decimal` would settle it."""


def decimal_mark(texts: Iterable[str]) -> str | None:
    """The mark before the decimals with which all of these can be read; None: both, or neither."""
    possible = {".", ","}
    for text in texts:
        for mark in tuple(possible):
            try:
                parse_amount(text, None, mark)
            except Unusable:
                possible.discard(mark)
    return possible.pop() if len(possible) == 1 else None


def parse_amount(text: str, currency: str | None, decimal: str | None = None) -> int | None:
    """An amount in minor units of `currency`; None where nothing is written.

    `decimal` is the mark before the decimals, "." or ",", where the file's owner said so; an
    unknown currency counts as one of two decimals. Raises Unusable for what is no plain amount, is
    negative, is in another currency, or can be read in two ways.
    """
    text = text.translate(_ALIKE).strip()
    if not text:
        return None
    if "-" in text or text.startswith("("):
        raise Unusable("is negative, or not an amount")
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise Unusable("is not an amount")
    for sign in (parts["before"].strip(), parts["after"].strip()):
        _check_sign(sign, currency)
    whole, decimals = _split(parts["number"], decimal)
    digits = get_currency_precision(currency or "XXX")
    grouped = digits < len(decimals) and _GROUPED.fullmatch(parts["number"])
    if decimals[digits:].strip("0") or grouped:  # 45.000 is rather a thousand times as much
        raise Unusable(f"has more decimals than {currency or 'money'} has")
    minor = int(whole + decimals[:digits].ljust(digits, "0"))
    if len(str(minor)) > MOST_DIGITS:
        raise Unusable("is too large to be an amount")
    return minor


def _check_sign(sign: str, currency: str | None) -> None:
    if not sign or sign.upper() == currency or currency in SIGNS.get(sign, ()):
        return
    is_money = sign in SIGNS or (len(sign) == 3 and sign.isalpha())
    if is_money and currency is None:
        return
    if is_money:
        raise Unusable(f"is not in {currency}, the team's currency: convert it first")
    raise Unusable("is not an amount")


def _split(number: str, decimal: str | None) -> tuple[str, str]:
    """The digits before and after the decimal mark, grouping taken out."""
    mark = decimal or _decimal_mark(number)
    whole, decimals = number, ""
    if mark and mark in number:
        whole, _mark, decimals = number.rpartition(mark)
    if decimals and not decimals.isdigit():
        raise Unusable("is not an amount")
    if whole.isdigit():
        return whole, decimals
    grouped = _GROUPED.fullmatch(whole)
    if grouped is None or grouped[1] == mark:
        raise Unusable("is not an amount")
    return "".join(filter(str.isdigit, whole)), decimals


def _decimal_mark(number: str) -> str | None:
    """The mark before the decimals, where there is one way to read the number; None: no decimals.

    Two kinds of marks: the last one. The same mark repeatedly: it groups. One mark before exactly
    three digits: Unusable, since it may do either.
    """
    dots, commas = number.count("."), number.count(",")
    if dots and commas:
        return max(".,", key=number.rfind)
    if dots + commas != 1:
        return None
    mark = "." if dots else ","
    before, _mark, after = number.partition(mark)
    if len(after) != 3 or not before.isdigit() or len(before) > 3 or before.startswith("0"):
        return mark
    raise Unclear(
        f"could be {before}{after}, or {before} and a fraction",
        ": say --decimal . or --decimal , for the mark before the decimals",
    )
