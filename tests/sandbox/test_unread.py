"""What somebody has not seen yet."""

from slack_sdk import WebClient

from sandbox import Server
from sandbox.person import ActingPerson
from tests.sandbox.stream import Stream


def counts(person: ActingPerson, channel: str) -> tuple[int, int]:
    """How many messages of a channel are unread, and how many of them name this person."""
    (found,) = [each for each in person.state()["channels"] if each["id"] == channel]
    return found["unread"], found["mentions"]


def test_what_others_say_is_unread_until_one_looks(
    client: WebClient, max_: ActingPerson, lena: ActingPerson
) -> None:
    lena.say("C0WEST", "one")
    client.chat_postMessage(channel="C0WEST", text="two for <@U0MAX>")
    client.chat_postMessage(channel="C0WEST", text="three for <!channel>")
    assert counts(max_, "C0WEST") == (3, 2)
    assert counts(lena, "C0WEST") == (2, 1)
    assert max_.unreads() == {"C0WEST": 3}
    max_.read("C0WEST")
    assert max_.unreads() == {}
    lena.say("C0WEST", "whoever speaks has read")
    assert (lena.unread("C0WEST"), max_.unread("C0WEST")) == (0, 1)


def test_a_change_is_not_new_and_what_is_deleted_is_gone(
    client: WebClient, max_: ActingPerson
) -> None:
    seen = client.chat_postMessage(channel="U0MAX", text="one")
    dm = str(seen["channel"])
    max_.read(dm)
    client.chat_update(channel=dm, ts=str(seen["ts"]), text="one, better")
    assert max_.unread(dm) == 0
    later = client.chat_postMessage(channel="U0MAX", text="two")
    client.chat_update(channel=dm, ts=str(later["ts"]), text="two, better")
    assert max_.unread(dm) == 1
    client.chat_delete(channel=dm, ts=str(later["ts"]))
    assert max_.unread(dm) == 0


def test_threads_joins_and_leaves_are_no_news(
    server: Server, client: WebClient, max_: ActingPerson, lena: ActingPerson
) -> None:
    parent = max_.say("C0WEST", "who?")
    client.chat_postMessage(channel="C0WEST", text="a reply", thread_ts=parent)
    server.request("POST", "/sandbox/channel", {"id": "C0WEST", "members": ["U0MAX", "U0BOT"]})
    assert max_.unread("C0WEST") == 0
    client.chat_postMessage(
        channel="C0WEST", text="for all", thread_ts=parent, reply_broadcast=True
    )
    assert max_.unread("C0WEST") == 1
    max_.say("C0WEST", "thanks", thread_ts=parent)
    assert max_.unread("C0WEST") == 1  # who answers in a thread has not looked at the channel


def test_everybodys_direct_messages_are_counted_for_all_to_see(
    client: WebClient, max_: ActingPerson, lena: ActingPerson
) -> None:
    assert max_.state()["unread"] == {}
    client.chat_postMessage(channel="U0LENA", text="one")
    client.chat_postMessage(channel="U0LENA", text="two")
    lena.say(lena.dm_with("U0MAX"), "psst")
    lena.say("C0WEST", "not a direct message")
    assert max_.state()["unread"] == lena.state()["unread"] == {"U0LENA": 2, "U0MAX": 1}
    lena.read(lena.dm_with("U0BOT"))
    assert max_.state()["unread"] == {"U0MAX": 1}


def test_pages_are_told_of_it_live(live: tuple[Server, Stream, Stream]) -> None:
    server, his, hers = live
    max_, lena = server.as_person("U0MAX"), server.as_person("U0LENA")
    dm = max_.dm_with("U0LENA")
    max_.say(dm, "psst")
    lena.read(dm)
    for stream in (his, hers):
        stream.wait_for("unread", 2)
        assert [news["unread"] for news in stream.of("unread")] == [{"U0LENA": 1}, {}]
