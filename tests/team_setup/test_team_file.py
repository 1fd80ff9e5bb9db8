"""team.toml as a form: every mistake has its place, and pydantic's words reach nobody."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.setup import TeamFile
from bot.setup.form import QuotaEntry
from crm.toml_file import Mistakes, parse_toml, read_toml
from models.setup import next_monday
from tests.team_setup.local_slack import TEAM


def mistakes(text: str) -> str:
    with pytest.raises(Mistakes) as wrong:
        parse_toml(text, "team.toml", TeamFile)
    return str(wrong.value)


def test_the_defaults_are_the_products() -> None:
    file = parse_toml(TEAM, "team.toml", TeamFile)
    review = file.teams[0].review
    assert (review.cards.day, f"{review.cards.at:%H:%M}") == (2, "15:00")
    assert (review.deciding.day, f"{review.deciding.at:%H:%M}") == (3, "10:00")
    assert review.on
    assert file.locale == "en_US"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "West"', 'nam = "West"', "teams[0].name: is missing"),
        (
            'name = "West"',
            'nam = "West"',
            "teams[0].nam: there is no such key; did you mean “name”",
        ),
        ('name = "West"', "name = 5", "teams[0].name: must be text in quotation marks"),
        ('"ana@example.com"', '"ana"', "teams[0].reps[0].email: “ana” is no e-mail address"),
        ('slack = "U0BEN"', 'slack = "ben"', "teams[0].reps[1].slack: “ben” is no Slack id"),
        ('slack = "U0BEN"', "", "teams[0].reps[1]: needs either slack (U…) or email"),
        (
            'slack = "U0BEN"',
            'slack = "U0BEN"\nemail = "ben@example.com"',
            "teams[0].reps[1]: needs either slack (U…) or email",
        ),
        ("America/Chicago", "Chicago", "teams[0].reps[1].zone: “Chicago” is no time zone"),
        ("2026-Q4", "2026-Q5", "quotas[0].quarter: “2026-Q5” is no quarter; they are like 2026-Q4"),
        ("400_000", "-1", "teams[0].reps[0].quotas[0].amount: must be 0 or more"),
        ("400_000", '"x"', "teams[0].reps[0].quotas[0].amount: must be a number"),
        ('quarter = "2026-Q4", ', "", "quotas[0]: needs one of quarter = "),
        ('"USD"', '"Dollar"', "currency: “Dollar” is no currency; they are like USD"),
        ('currency = "USD"', 'currency = "USD"\nlocale = "xx_XX"', "locale: “xx_XX” is no locale"),
        ('admins = ["lea@example.com"]', "admins = 1", "admins: must be a list"),
        (
            "[[teams.reps]]",
            "[teams.review]\ncards = { day = 'Tag', at = '15:00' }\n[[teams.reps]]",
            "teams[0].review.cards.day: “Tag” is no weekday; they are like Tuesday, or Tue",
        ),
        (
            "[[teams.reps]]",
            "[teams.review]\ncards = { day = 2, at = '15h' }\n[[teams.reps]]",
            "teams[0].review.cards.at: must be a time like 15:00",
        ),
        (
            "[[teams.reps]]",
            "[teams.review]\ncards = { day = 'Thu', at = '15:00' }\n[[teams.reps]]",
            "teams[0].review: deciding must come after cards, in the same week",
        ),
        (
            'slack = "U0BEN"',
            "slack = 'U0BEN'\nholidays = 'Bavaria'",
            "teams[0].reps[1].holidays: “Bavaria” is no holiday calendar; they are countries",
        ),
        ('name = "West"', "name = 'West'\nholidays = 'DE-XX'", "teams[0].holidays: “DE-XX” is no"),
        ('currency = "USD"', "working_days = []", "working_days: is empty"),
        (
            'currency = "USD"',
            "working_days = ['Mon', 'Monday']",
            "working_days: names a day twice",
        ),
        ('currency = "USD"', "working_days = ['Mo']", "working_days[0]: “Mo” is no weekday"),
        (
            'slack = "U0BEN"',
            "slack = 'U0BEN'\none_on_one = { day = 'Tue' }",
            "teams[0].reps[1].one_on_one: needs day and at, or rotation = true",
        ),
        (
            'slack = "U0BEN"',
            "slack = 'U0BEN'\none_on_one = { day = 'Tag', at = '10:00' }",
            "teams[0].reps[1].one_on_one.day: “Tag” is no weekday",
        ),
        ("[[teams]]", "[standards]\ndigest_at = 'early'\n[[teams]]", "digest_at: must be a time"),
        (
            "[[teams]]",
            "[standards]\nfocus_areas = ['closing', 'Closing']\n[[teams]]",
            "standards: focus areas must be there, each once",
        ),
        (
            "[[teams]]",
            "[standards]\nreview_deals = 3\n[[teams]]",
            "standards: review_deals must lie",
        ),
        ("[[teams]]", "[standards]\ncoverage = 0\n[[teams]]", "coverage: must be more than 0"),
        ("[[teams]]", "[[stages]]\nname = 'A'\n[[teams]]", "stages: needs open ones, one that is"),
        ("[[teams]]", "[[teams", "team.toml: is not TOML: "),
    ],
)
def test_every_mistake_is_a_sentence_with_its_place(old: str, new: str, says: str) -> None:
    assert says in mistakes(TEAM.replace(old, new, 1))


def test_all_mistakes_are_said_at_once() -> None:
    text = TEAM.replace("West", "").replace("400_000", "-1").replace('"U0BEN"', '"x"')
    assert len(mistakes(text).splitlines()) == 3


def test_an_empty_file_says_what_is_missing() -> None:
    assert mistakes("") == "teams: is missing"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Mistakes, match="there is no such file"):
        read_toml(tmp_path / "team.toml", TeamFile)
    (tmp_path / "team.toml").write_bytes("ü".encode("latin-1"))
    with pytest.raises(Mistakes, match="is not UTF-8"):
        read_toml(tmp_path / "team.toml", TeamFile)


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ({"quarter": "2026-Q4"}, (date(2026, 10, 1), date(2026, 12, 31))),
        ({"quarter": "2027-Q1"}, (date(2027, 1, 1), date(2027, 3, 31))),
        ({"month": "2028-02"}, (date(2028, 2, 1), date(2028, 2, 29))),
        ({"month": "2026-12"}, (date(2026, 12, 1), date(2026, 12, 31))),
        (
            {"starts": date(2026, 9, 15), "ends": date(2026, 12, 14)},
            (date(2026, 9, 15), date(2026, 12, 14)),
        ),
    ],
)
def test_periods_of_quotas(said: dict[str, object], period: tuple[date, date]) -> None:
    assert QuotaEntry.model_validate({**said, "amount": 1}).period() == period


@pytest.mark.parametrize(
    ("now", "zone", "monday"),
    [
        (datetime(2026, 11, 24, 20, tzinfo=UTC), "America/New_York", date(2026, 11, 30)),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), "America/New_York", date(2026, 11, 30)),
        (datetime(2026, 11, 23, 3, tzinfo=UTC), "America/New_York", date(2026, 11, 23)),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 11, 30)),
    ],
)
def test_it_starts_next_monday(now: datetime, zone: str, monday: date) -> None:
    assert next_monday(now, zone) == monday
