"""What only Slack can show to be wrong, each with its place; and Slack itself refusing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from slack_sdk import WebClient

from bot.setup import SlackDirectory, SlackRefused, TeamFile, resolve
from crm.toml_file import Mistakes, parse_toml
from handlers.setup.directory import Account, ChannelFacts
from sandbox import Channel, Server
from tests.team_setup.local_slack import ANA, BEN, GONE, LEA, MAX, TEAM, TOKEN, a_slack, directory


@pytest.fixture(scope="module")
def slack() -> Iterator[Server]:
    with a_slack() as server:
        yield server


def mistakes(server: Server, text: str) -> list[str]:
    with pytest.raises(Mistakes) as wrong:
        resolve(parse_toml(text, "team.toml", TeamFile), directory(server))
    return wrong.value.sentences


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            '"ana@example.com"',
            '"eva@example.com"',
            "teams[0].reps[0].email: nobody in this workspace has eva@example.com",
        ),
        ("U0BEN", "U0NONE", "teams[0].reps[1].slack: nobody in this workspace has U0NONE"),
        ("U0BEN", "U0BOT", "teams[0].reps[1].slack: Cadence is a bot"),
        ("U0BEN", "U0GONE", "teams[0].reps[1].slack: Gus Gone is deactivated in Slack"),
        ("U0BEN", "U0ANA", "teams[0].reps[1].slack: Ana Silva is a rep of West already, at"),
        ("U0BEN", "U0MAX", "teams[0].reps[1].slack: Max Okafor is a manager already, at"),
        (
            'reports_to = "lea@example.com"',
            'reports_to = "ben@example.com"',
            "teams[0].manager.reports_to: Ben Carter is neither a leader nor a manager",
        ),
        (
            '[[leaders]]\nemail = "lea@example.com"',
            '[[leaders]]\nemail = "lea@example.com"\nreports_to = "U0MAX"',
            "reports_to: Lea Lindqvist would report to themselves, through others",
        ),
        (
            'reports_to = "lea@example.com" }',
            'one_on_one = { day = "Tue", at = "10:00" } }',
            "teams[0].manager.one_on_one: Max Okafor reports to nobody here: who would hold it?",
        ),
        (
            'slack = "U0BEN"',
            'slack = "U0GONE"\nactive = false\none_on_one = { day = "Tue", at = "10:00" }',
            "teams[0].reps[1].one_on_one: Gus Gone has left, so there are no one-on-ones",
        ),
        (
            'zone = "America/New_York"',
            'deputy = "U0MAX"',
            "teams[0].deputy: Max Okafor is the team",
        ),
        ('zone = "America/New_York"', 'deputy = "U0NONE"', "teams[0].deputy: nobody in this work"),
        ('currency = "USD"', "", "teams[0].currency: is missing, here and at the top of the file"),
        ("400_000", "400_000.005", "quotas[0].amount: has more decimals than USD has"),
        (
            "amount = 400_000 }",
            "amount = 4 }, { starts = 2026-12-01, ends = 2027-01-31, amount = 1 }",
            "teams[0].reps[0].quotas[1]: overlaps with another quota of this list",
        ),
        ("#west", "#none", "teams[0].channel: the bot sees no channel #none"),
        ("#west", "C0NONE", "teams[0].channel: the bot sees no channel C0NONE"),
        ("#west", "#secret", "teams[0].channel: the bot sees no channel #secret"),
        ("#west", "#old", "teams[0].channel: #old is archived"),
        ("#west", "#open", "teams[0].channel: #open is public, so everybody here can read"),
    ],
)
def test_mistakes_have_their_place(slack: Server, old: str, new: str, says: str) -> None:
    assert any(says in sentence for sentence in mistakes(slack, TEAM.replace(old, new, 1)))


def test_all_mistakes_are_said_at_once(slack: Server) -> None:
    text = TEAM.replace("ana@", "eva@").replace("U0BEN", "U0NONE").replace("#west", "#none")
    assert len(mistakes(slack, text)) == 3


def test_teams_may_share_neither_name_nor_channel(slack: Server) -> None:
    second = TEAM[TEAM.index("[[teams]]") :].replace("ana@example.com", "gus@example.com")
    found = mistakes(slack, TEAM + second)
    assert "teams[1].name: teams[0] has the same name" in found
    assert "teams[1].channel: teams[0] has the same channel; each team needs its own" in found


class WithOutsiders(SlackDirectory):
    """Slack where Ana is a guest and #open is shared with another company."""

    def person(self, who: str) -> Account | None:
        account = super().person(who)
        return account and replace(account, is_guest=account.slack_id == "U0ANA")

    def channel(self, word: str) -> ChannelFacts | None:
        channel = super().channel(word)
        return channel and replace(channel, is_shared=channel.name == "open")


@pytest.mark.parametrize(
    ("channel", "says"),
    [("#west", "#west has guests: Ana Silva"), ("#open", "#open is shared with another company")],
)
def test_channels_that_outsiders_read_are_refused(slack: Server, channel: str, says: str) -> None:
    file = parse_toml(TEAM.replace("#west", channel), "team.toml", TeamFile)
    with pytest.raises(Mistakes) as wrong:
        resolve(file, WithOutsiders(WebClient(TOKEN, base_url=slack.api_url)))
    assert wrong.value.sentences == [f"teams[0].channel: {says}"]


# --- Slack itself


@pytest.mark.parametrize(
    ("scope", "says"),
    [
        ("users:read.email", "the bot lacks the scope users:read.email"),
        ("groups:read", "the bot lacks the scope"),
    ],
)
def test_a_missing_scope_is_one_sentence(scope: str, says: str) -> None:
    with a_slack(without_scopes=[scope]) as server, pytest.raises(SlackRefused, match=says):
        resolve(parse_toml(TEAM, "team.toml", TeamFile), directory(server))


def test_a_wrong_token_is_one_sentence(slack: Server) -> None:
    client = WebClient("xoxb-wrong", base_url=slack.api_url)
    with pytest.raises(SlackRefused, match="Slack does not accept SLACK_BOT_TOKEN"):
        SlackDirectory(client).installation()


def test_slack_that_is_not_there_is_one_sentence() -> None:
    client = WebClient("xoxb-1", base_url="http://127.0.0.1:9/", retry_handlers=[])
    with pytest.raises(SlackRefused, match="Slack cannot be reached"):
        SlackDirectory(client).installation()


def test_many_channels_and_people_come_in_pages() -> None:
    many = [Channel(f"C{n:06}", f"room-{n}") for n in range(450)]
    west = Channel("C999999", "west", members=["U0MAX", "U0BOT"], kind="private")
    with a_slack([LEA, MAX, ANA, BEN, replace(GONE)], [*many, west]) as server:
        found = directory(server).channel("#west")
    assert found is not None
    assert found.id == "C999999"


def test_one_person_has_one_standing_one_on_one(slack: Server) -> None:
    """A leader who also manages a team is named twice."""
    text = TEAM.replace(
        '[[leaders]]\nemail = "lea@example.com"',
        '[[leaders]]\nemail = "lea@example.com"\n[[leaders]]\nslack = "U0MAX"\n'
        'reports_to = "lea@example.com"\none_on_one = { day = "Tue", at = "10:00" }',
    ).replace('{ slack = "U0MAX",', '{ slack = "U0MAX", one_on_one = { day = "Wed", at = "9:00" },')
    text = text.replace('"9:00"', '"09:00"')
    assert mistakes(slack, text) == [
        "teams[0].manager.one_on_one: is said already, at leaders[1].one_on_one"
    ]
