"""How money, days, people and other people's words are written. Every number in the team's locale.

What somebody typed may hold anything: a mention, a link, a change of writing direction. `said`
makes it one harmless line; `escape` is for mrkdwn only (docs.slack.dev, "Escaping text").
"""

import re
import unicodedata
from collections.abc import Sequence
from copy import copy
from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.numbers import (
    NumberPattern,
    format_compact_currency,
    format_decimal,
    get_currency_precision,
)

TRIAL = "Trial week: nothing counts as missed."
"""Said in what a team is sent before its first week is over (models/trial.py)."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
_NO_BREAK = "\u00a0"
_FAR_AWAY_DAYS = 300  # from here on a date says its year


@lru_cache(maxsize=64)
def place_of(name: str) -> Locale:
    """A team's locale; the American one where nobody knows it."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en", "US")


def _amount(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def money(minor: int, currency: str, locale: str) -> str:
    """`$180,000`; cents only where there are some."""
    amount = _amount(minor, currency)
    digits = 0 if amount == amount.to_integral_value() else get_currency_precision(currency)
    place = place_of(locale)
    written = _pattern(place, digits).apply(amount, place, currency=currency, currency_digits=False)
    return str(written)


def figure(minor: int, currency: str, locale: str) -> str:
    """`$493,333`: what was computed has no cents from a hundred on."""
    amount = _amount(minor, currency)
    if abs(amount) >= 100:
        whole = amount.quantize(Decimal(1), ROUND_HALF_UP)
        minor = int(whole.scaleb(get_currency_precision(currency)))
    return money(minor, currency, locale)


@lru_cache(maxsize=64)
def _pattern(place: Locale, digits: int) -> NumberPattern:
    """The place's way to write money, with so many decimals."""
    pattern: NumberPattern = copy(place.currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    return pattern


def money_short(minor: int, currency: str, locale: str) -> str:
    """`$1.24 M`: for headlines, where the order of magnitude is what matters."""
    place = place_of(locale)
    amount = _amount(minor, currency)
    if abs(amount) < 1000:
        return money(minor, currency, locale)
    short = format_compact_currency(amount, currency, locale=place, fraction_digits=2)
    if len(short) > 1 and short[-1].isascii() and short[-1].isalpha() and short[-2].isdigit():
        return f"{short[:-1]}{_NO_BREAK}{short[-1]}"
    return str(short)


def times(ratio: float, locale: str, standard: float | None = None) -> str:
    """`2.1×`. What misses the standard by a hair says so: 2.96 of 3 is `2.96×`, never `3×`."""
    exact = Decimal(str(ratio))
    shown = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if standard is not None and ratio < standard <= shown:
        shown = exact.quantize(Decimal("0.01"), ROUND_DOWN)
    if ratio > 0 and not shown:
        return f"under {format_decimal(Decimal('0.1'), format='0.#', locale=place_of(locale))}×"
    return f"{format_decimal(shown, format='0.##', locale=place_of(locale))}×"


def percent(share: float) -> str:
    """`15 %`; what rounds to nothing says so."""
    whole = round(share * 100)
    return f"{whole}{_NO_BREAK}%" if whole else f"under 1{_NO_BREAK}%"


def day(on: date, today: date | None = None) -> str:
    """`Thu 26 Nov`, with its year where it is far from today."""
    short = f"{WEEKDAYS[on.weekday()][:3]} {on.day} {_MONTHS[on.month - 1][:3]}"
    if today is not None and abs((on - today).days) > _FAR_AWAY_DAYS:
        return f"{short} {on.year}"
    return short


def days(first: date, last: date, today: date) -> str:
    """`Thu 26 Nov to Fri 27 Nov`; one day alone is that day."""
    if last == first:
        return day(first, today)
    return f"{day(first, today)} to {day(last, today)}"


def month(on: date) -> str:
    return _MONTHS[on.month - 1]


def clock(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def moment(at: datetime, zone: str) -> str:
    """`Thu 26 Nov, 10:00` where the reader is."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M}"


def duration(minutes: int) -> str:
    """`45 min`, `2 h`, `2 h 15 min`."""
    hours, rest = divmod(minutes, 60)
    said = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours)
    return " ".join(said)


def plural(count: int, one: str, many: str = "") -> str:
    """`1 answer`, `2 answers`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def number(count: int) -> str:
    """Small numbers in letters, to begin a sentence with: `Two`."""
    return (_NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)).capitalize()


def listed(items: Sequence[str], most: int = 5) -> str:
    """`Orbit, Halcyon and 3 more`."""
    if len(items) <= most:
        return ", ".join(items)
    return f"{', '.join(items[: most - 1])} and {len(items) - most + 1} more"


def mention(slack_id: str) -> str:
    return f"<@{slack_id}>"


def escape(text: str) -> str:
    """For mrkdwn: what comes out holds no mention, link, broadcast or format.

    Slack knows no way to write a literal `*`, `_`, `~` or backtick where it reads one as a format,
    at the edge of a word: there a sign that looks the same stands for it.
    """
    plain = _FORMAT.sub(lambda found: found[0].translate(_LOOKS_THE_SAME), text)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_FORMAT = re.compile(r"(?<![^\W_])[*_~`]+|[*_~`]+(?![^\W_])")
_LOOKS_THE_SAME = str.maketrans("*_~`", "\u2217\u02cd\u223c\u02cb")


def _is_odd(character: str) -> bool:
    """Control characters, and marks that would turn the direction of what follows."""
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or (
        unicodedata.bidirectional(character)
        in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    )


def said(text: str, most: int = 300) -> str:
    """Somebody's words on one line, at most `most` long, that disturb nothing around them."""
    calm = "".join(" " if _is_odd(character) else character for character in text)
    line = cut(" ".join(calm.split()), most) or "–"
    if any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in line):
        return f"{FIRST_STRONG_ISOLATE}{line}{POP_ISOLATE}"
    return line


def cut(text: str, most: int) -> str:
    """At most `most` characters as Slack counts them (UTF-16 units), the last one `…`."""
    if _units(text) <= most:
        return text
    kept = text[: most - 1]
    while _units(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
