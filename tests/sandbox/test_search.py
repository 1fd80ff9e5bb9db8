"""Search: over what somebody sees, by words and by who, where and when."""

from datetime import timedelta

import pytest
from slack_sdk import WebClient

from sandbox import Channel, Server, Workspace
from sandbox.person import ActingPerson
from sandbox.search import fold, search, spoken
from tests.sandbox.little import little_workspace


@pytest.fixture
def said(server: Server, client: WebClient, max_: ActingPerson, lena: ActingPerson) -> ActingPerson:
    """Max, once much was said over three days."""
    first = max_.say("C0WEST", "The *Überprüfung* of Nexus & Söhne, see https://x.test/a")
    server.clock.advance(timedelta(days=1))
    client.chat_postMessage(
        channel="C0WEST",
        text="A card",
        blocks=[
            {"type": "header", "text": {"type": "plain_text", "text": "Nexus Corp <1>"}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "_Ask_ <@U0LENA> in <#C0WEST>"}},
        ],
        thread_ts=first,
    )
    max_.drop("C0EAST", "Pipeline.csv", b"a,b", "The numbers")
    server.clock.advance(timedelta(days=1))
    lena.say("C0WEST", "Nexus has signed, planning is over")
    lena.say(lena.dm_with("U0MAX"), "plan: call Nexus")
    client.chat_postEphemeral(channel="C0WEST", user="U0MAX", text="Nexus, only for you")
    return max_


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("nexus", ["plan: call", "Nexus has", "Nexus Corp", "The *Ü"]),
        ("NEXUS signed", ["Nexus has"]),
        ("sign", ["Nexus has"]),
        ("igned", []),  # a word is found by its beginning
        ("uberprufung", ["The *Ü"]),
        ("Überprüfung", ["The *Ü"]),
        ("sohne &", ["The *Ü"]),
        ("plan", ["plan: call", "Nexus has"]),
        ('"plan"', ["plan: call"]),
        ('"nexus has"', ["Nexus has"]),
        ('"has nexus"', []),
        ("ask @lena #west", ["Nexus Corp"]),
        ("corp <1>", ["Nexus Corp"]),
        ("pipeline.csv", ["The numbers"]),
        ("nexus -signed -corp", ["plan: call", "The *Ü"]),
        ('nexus -"has signed"', ["plan: call", "Nexus Corp", "The *Ü"]),
        ("from:@lena", ["plan: call", "Nexus has"]),
        ("from:me", ["The numbers", "The *Ü"]),
        ("from:little", ["Nexus Corp"]),
        ("nexus -from:lena", ["Nexus Corp", "The *Ü"]),
        ("in:@lena", ["plan: call"]),
        ("in:#east", ["The numbers"]),
        ("nexus in:west", ["Nexus has", "Nexus Corp", "The *Ü"]),
        ("has:file", ["The numbers"]),
        ("on:2026-11-24", ["The *Ü"]),
        ("before:2026-11-25", ["The *Ü"]),
        ("after:2026-11-25", ["plan: call", "Nexus has"]),
        ("nexus after:2026-11-24 -on:2026-11-26", ["Nexus Corp"]),
        ("from:@nobody", []),
        ("after:tomorrow", []),
        ("", []),
        ("   ", []),
    ],
)
def test_what_is_found(said: ActingPerson, query: str, found: list[str]) -> None:
    texts = [message.text for message in said.search(query)]
    assert len(texts) == len(found), texts
    assert all(text.startswith(start) for text, start in zip(texts, found, strict=True))


def test_what_cannot_be_understood_is_a_word(max_: ActingPerson) -> None:
    max_.say("C0WEST", "They wrote from:@nobody and before:noon in:#none")
    for word in ("from:@nobody", "before:noon", "in:#none"):
        assert len(max_.search(word)) == 1
    max_.say("C0WEST", "a - b (c")
    for query in ("-", "(c", '"', "a -"):
        assert isinstance(max_.search(query), list)
    assert len(max_.search("(c")) == 1


def test_only_what_one_sees(said: ActingPerson, lena: ActingPerson, max_: ActingPerson) -> None:
    max_.say("G0IN", "a secret of Nexus")
    assert [m.channel for m in max_.search("secret")] == ["G0IN"]
    assert lena.search("secret") == []
    assert lena.search("pipeline") == []  # she is not in #east


def test_the_answer_says_how_many_there_are(server: Server, max_: ActingPerson) -> None:
    for n in range(35):
        max_.say("C0WEST", f"deal {n}")
    answer = server.request("GET", "/sandbox/search", **{"as": "U0MAX", "query": "deal"})
    assert (len(answer["matches"]), answer["total"]) == (30, 35)
    first = answer["matches"][0]
    assert (first["channel"], first["said"]) == ("C0WEST", "deal 34")
    assert first["message"]["text"] == "deal 34"


def test_deleted_and_broadcast(client: WebClient, max_: ActingPerson) -> None:
    parent = client.chat_postMessage(channel="C0WEST", text="gone")["ts"]
    client.chat_postMessage(
        channel="C0WEST", text="told both", thread_ts=parent, reply_broadcast=True
    )
    client.chat_delete(channel="C0WEST", ts=parent)
    assert max_.search("deleted") == []
    assert len(max_.search("told")) == 1


def test_days_are_those_of_whoever_searches() -> None:
    workspace: Workspace = little_workspace()
    channel: Channel = workspace.channels["C0WEST"]
    workspace.clock.advance(timedelta(hours=8, minutes=30))  # 23:30 UTC, 00:30 in Berlin
    workspace.post(channel, "U0MAX", "late")
    assert search(workspace, "U0MAX", "on:2026-11-25")[1] == 1
    assert search(workspace, "U0LENA", "on:2026-11-24")[1] == 1


def test_what_mrkdwn_says() -> None:
    workspace = little_workspace()
    told = "*_Hi_* <@U0MAX>, ~no~ `x` <!here> 2*3*4 <https://a.test|here &amp; there>"
    told += "\n<!date^1^{date}|Thu>"
    assert spoken(workspace, told) == "Hi @Max Weber, no x @here 2*3*4 here & there Thu"
    assert fold("ÉCOLE Straße ﬁ") == "ecole strasse fi"
