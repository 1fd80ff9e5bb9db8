"""Money, days, people and other people's words."""

import re
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import lines, words
from handlers.lines import Bold, Channel, Link, Mention, Moment

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "said"),
    [
        (180_000_00, "USD", "en_US", "$180,000"),
        (180_000_50, "USD", "en_US", "$180,000.50"),
        (0, "USD", "en_US", "$0"),
        (180_000, "JPY", "en_US", "¥180,000"),
        (180_000_00, "EUR", "de_DE", f"180.000{SPACE}€"),
        (180_000_00, "EUR", "de-DE", f"180.000{SPACE}€"),
        (180_000_00, "USD", "xx_nowhere", "$180,000"),
    ],
)
def test_money_in_the_teams_currency_and_locale(
    minor: int, currency: str, locale: str, said: str
) -> None:
    assert words.money(minor, currency, locale) == said


def test_what_was_computed_has_no_cents_from_a_hundred_on() -> None:
    assert words.figure(493_333_33, "USD", "en_US") == "$493,333"
    assert words.figure(-99_999_50, "EUR", "de_DE") == words.money(-100_000_00, "EUR", "de_DE")
    assert words.figure(99_33, "USD", "en_US") == "$99.33"
    assert words.figure(12_345, "JPY", "en_US") == "¥12,345"


@pytest.mark.parametrize(
    ("minor", "locale", "said"),
    [
        (1_240_000_00, "en_US", f"$1.24{SPACE}M"),
        (3_100_000_00, "en_US", f"$3.1{SPACE}M"),
        (180_000_00, "en_US", f"$180{SPACE}K"),
        (999_00, "en_US", "$999"),
        (1_240_000_00, "de_DE", f"1,24{SPACE}Mio.{SPACE}$"),
    ],
)
def test_money_in_a_headline(minor: int, locale: str, said: str) -> None:
    assert words.money_short(minor, "USD", locale) == said


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (2.128, "2.1×"),
        (1.495, "1.5×"),
        (2.96, "2.96×"),
        (2.999, "2.99×"),
        (3.0, "3×"),
        (3.04, "3×"),
        (0.04, "under 0.1×"),
        (0.0, "0×"),
    ],
)
def test_a_ratio_is_never_rounded_up_to_the_standard(ratio: float, said: str) -> None:
    assert words.times(ratio, "en_US", 3.0) == said


def test_days_and_moments_in_the_readers_zone() -> None:
    assert words.day(date(2026, 11, 26)) == "Thu 26 Nov"
    assert words.day(date(2027, 1, 29), date(2026, 11, 26)) == "Fri 29 Jan"
    assert words.day(date(2028, 1, 28), date(2026, 11, 26)) == "Fri 28 Jan 2028"
    ten = datetime(2026, 11, 26, 15, tzinfo=UTC)
    assert words.moment(ten, "America/New_York") == "Thu 26 Nov, 10:00"
    assert words.moment(ten, "Asia/Tokyo") == "Fri 27 Nov, 00:00"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (135, "2 h 15 min"), (1440, "24 h")],
)
def test_a_duration(minutes: int, said: str) -> None:
    assert words.duration(minutes) == said


def test_counts_and_lists() -> None:
    assert words.plural(1, "answer") == "1 answer"
    assert words.plural(2, "answer") == "2 answers"
    assert words.plural(2, "question is open", "questions are open") == "2 questions are open"
    assert words.number(2) == "Two"
    assert words.number(40) == "40"
    assert words.listed(["Orbit", "Halcyon"]) == "Orbit, Halcyon"
    assert words.listed([*"abcdefg"], 5) == "a, b, c, d and 3 more"


@given(st.text(max_size=400))
def test_what_somebody_said_is_one_harmless_line(text: str) -> None:
    said = words.said(text, 100)
    inner = said.removeprefix(words.FIRST_STRONG_ISOLATE).removesuffix(words.POP_ISOLATE)
    assert len(inner.encode("utf-16-le")) // 2 <= 100
    assert not any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in said)
    assert not any(unicodedata.bidirectional(character) in ("RLO", "LRO") for character in said)


@given(st.text(max_size=80))
def test_no_mention_link_or_broadcast_comes_out_of_typed_words(text: str) -> None:
    line = (Bold(text), " · ", Mention("U0ANA", "Ana"), " ", text)
    for written in (lines.text(line), lines.mrkdwn(line)):
        assert re.findall(r"<([^>]*)>", written) == ["@U0ANA"]
        assert written.count("<") == 1


def test_right_to_left_words_stay_among_themselves() -> None:
    assert words.said("شركة النور") == "\u2068شركة النور\u2069"
    assert words.said("a\u202eb\nc") == "a b c"


def test_a_line_in_its_three_forms() -> None:
    ten = datetime(2026, 11, 26, 15, tzinfo=UTC)
    line = (
        Bold("A*B"),
        Bold("Nexus"),
        Mention("U0ANA", "Ana"),
        Channel("C0WEST"),
        Link("https://crm.example/1?a=1|2>3", "CRM & co"),
        Moment(ten, "UTC"),
    )
    link = "<https://crm.example/1?a=1%7C2%3E3|CRM &amp; co>"
    assert lines.text(line) == f"A*BNexus<@U0ANA><#C0WEST>{link}Thu 26 Nov, 15:00"
    assert lines.mrkdwn(line).startswith("A*B*Nexus*")
    assert lines.plain(line) == "A*BNexusAnathe team's channelCRM & coThu 26 Nov, 15:00"
    kinds = [each["type"] for each in lines.rich_text(line)["elements"][0]["elements"]]
    assert kinds == ["text", "text", "user", "channel", "link", "date"]


@pytest.mark.parametrize(
    "name", ["*Big* deal", "**off**", "_x_", "~gone~", "`rm`", "5 * 3", "(*x*)"]
)
def test_what_slack_would_read_as_a_format_looks_the_same_and_is_none(name: str) -> None:
    said = lines.mrkdwn((name, " · ", Bold(name)))
    assert not {*"*_~`"} & {*said}
    assert len(said) == 2 * len(name) + 3


@pytest.mark.parametrize("name", ["snake_case", "3*4", "a~b"])
def test_within_a_word_it_is_no_format_and_stays(name: str) -> None:
    assert words.escape(name) == name


@pytest.mark.parametrize(
    ("text", "most", "said"),
    [
        ("🙂" * 10, 9, "🙂🙂🙂🙂…"),
        ("abcdefghijk", 10, "abcdefghi…"),
        ("abcdefghij", 10, "abcdefghij"),
    ],
)
def test_cutting_counts_as_slack_does_and_splits_no_sign(text: str, most: int, said: str) -> None:
    assert words.cut(text, most) == said
