"""A one-on-one is rated: one click, changed, commented on; by nobody else, and not for ever."""

from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from slack_sdk import WebClient

from models.delivery import Delivery, DeliveryState, Kind, refresh
from models.one_on_ones import OneOnOne, State
from models.people import get_person
from models.ratings import Rating, RatingComment, current_rating
from sandbox.person import ActingPerson, SeenMessage
from tests.scenarios.floor import BOT, Floor, at_once, seen
from tests.sittings import a_one_on_one, asking, set_to, settle
from tests.world import NOW

STARTS = NOW + timedelta(hours=1)  # Tuesday, 16:00 in New York
ASKED = STARTS + timedelta(minutes=45)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FACES = ("1 😞", "2 🙁", "3 😐", "4 🙂", "5 🤩", "It did not happen")
QUESTION = (
    "Your one-on-one with @Max, Tue 24 Nov, 16:00. Did it happen? How useful was it?\n"
    "[1 😞] [2 🙁] [3 😐] [4 🙂] [5 🤩] [It did not happen]\n"
    "Counted monthly, never shown one by one. You can change it for 24 hours."
)
SAID = "The role-play helped; the forecast part could be shorter"


@pytest.fixture
def asked(floor: Floor) -> Floor:
    """Ana's one-on-one with Max is over, and she is asked about it."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        a_one_on_one(session, floor.world.max, floor.world.ana, STARTS)
    floor.later(ASKED)
    return floor


def dm(floor: Floor) -> SeenMessage:
    """The newest message that asks Ana how a one-on-one was, as it stands now."""
    return standing(floor, floor.ana, Kind.ONE_ON_ONE_RATING)


def standing(floor: Floor, who: ActingPerson, kind: Kind) -> SeenMessage:
    ts = floor.rows(Delivery, Delivery.kind == kind, Delivery.ts.is_not(None))[-1].ts
    return next(one for one in floor.dm(who) if one.ts == ts)


def to_max(floor: Floor) -> SeenMessage:
    """Ana's comment in Max's messages."""
    return standing(floor, floor.max, Kind.ONE_ON_ONE_COMMENT)


def said_to(floor: Floor, who: ActingPerson) -> str:
    """All that the bot wrote to somebody."""
    return "\n".join(f"{one.fallback}\n{seen(one)}" for one in floor.dm(who))


def whispered(floor: Floor, who: ActingPerson) -> str:
    return floor.whispered(who, who.dm_with(BOT))


def pressed(floor: Floor, button: str) -> str:
    """Ana presses; what the message says then."""
    floor.press(floor.ana, dm(floor), button)
    floor.deliver()
    return seen(dm(floor))


def changed(floor: Floor, **values: object) -> None:
    """Ana changes her rating in the modal."""
    floor.opened(floor.ana, dm(floor), "Change")
    assert floor.ana.submit(dict(values))["ok"]
    floor.deliver()


def commented(floor: Floor, button: str, **values: object) -> None:
    """Ana writes a comment in the modal."""
    floor.opened(floor.ana, dm(floor), button)
    outcome = floor.ana.submit(dict(values))
    assert outcome["ok"], outcome
    floor.deliver()


def test_asked_a_quarter_of_an_hour_after_the_end(floor: Floor) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        a_one_on_one(session, floor.world.max, floor.world.ana, STARTS)
    floor.later(ASKED - timedelta(seconds=1))
    assert "How useful was it?" not in said_to(floor, floor.ana)

    floor.later(ASKED)

    assert seen(dm(floor)) == QUESTION
    assert dm(floor).fallback == "Your one-on-one: did it happen? How useful was it?"
    assert "How useful was it?" not in said_to(floor, floor.max)


@pytest.mark.parametrize("face", FACES)
def test_one_click(asked: Floor, face: str) -> None:
    gave = "You said it did not happen" if face == FACES[5] else f"You gave {face}"

    assert pressed(asked, face) == (
        f"{gave}: your one-on-one with @Max, Tue 24 Nov, 16:00\n"
        "[Change] [Add a comment]\n"
        "You can change it until Wed 25 Nov, 16:45. Counted monthly, never shown one by one."
    )

    assert dm(asked).fallback == "You answered how your one-on-one was."
    [row] = asked.rows(Rating)
    assert row.score == (None if face == FACES[5] else int(face[0]))
    assert said_to(asked, asked.ana).count("Your one-on-one:") == 0  # in place


def test_a_double_click_is_one(asked: Floor) -> None:
    """Two clicks to Slack, each with its own time, on buttons that are not redrawn yet."""
    question = dm(asked)
    for _ in range(2):
        asked.ana.click(question, "4 🙂")
    asked.server.settled()
    asked.deliver()

    assert [row.score for row in asked.rows(Rating)] == [4]
    assert seen(dm(asked)).startswith("You gave 4 🙂")


def test_changed_within_the_day(asked: Floor) -> None:
    pressed(asked, "4 🙂")
    modal = asked.opened(asked.ana, dm(asked), "Change")
    assert modal.title == "Change your rating"
    assert modal.values == {"given": "rating.give_4"}
    assert asked.ana.submit(given="It did not happen")["ok"]
    asked.deliver()
    assert seen(dm(asked)).startswith("You said it did not happen")

    asked.later(ASKED + 23 * HOUR)
    changed(asked, given="2 🙁")
    assert "until Wed 25 Nov, 16:45" in seen(dm(asked))  # counted from the first click
    assert [row.score for row in asked.rows(Rating)] == [4, None, 2]


def test_not_after_24_hours(asked: Floor) -> None:
    question = dm(asked)
    pressed(asked, "4 🙂")
    asked.opened(asked.ana, dm(asked), "Change")
    asked.later(ASKED + DAY)

    late = "This could be changed until Wed 25 Nov, 16:45. What you gave counts."
    assert asked.ana.submit(given="1 😞")["errors"] == {"given": late}
    asked.ana.close()
    asked.press(asked.ana, dm(asked), "Change")
    assert whispered(asked, asked.ana) == late
    assert asked.ana.modal is None
    assert [row.score for row in asked.rows(Rating)] == [4]
    assert dm(asked).ts == question.ts  # one message for one session


def test_not_a_week_after_it_was_asked(asked: Floor) -> None:
    asked.later(ASKED + 7 * DAY)
    asked.press(asked.ana, dm(asked), "4 🙂")
    assert whispered(asked, asked.ana) == (
        "This could be rated until Tue 1 Dec, 16:45. It counts without a rating."
    )
    assert asked.rows(Rating) == []


def forged(floor: Floor, who: ActingPerson) -> SeenMessage:
    """Somebody gets hold of Ana's buttons."""
    client = WebClient("xoxb-cadence", base_url=floor.server.api_url)
    client.proxy = None
    theirs = dm(floor)
    client.chat_postMessage(channel=who.dm_with(BOT), text="Rate", blocks=theirs.blocks)
    return floor.dm(who)[-1]


@pytest.mark.parametrize("name", ["max", "lea", "ada", "ben"])
def test_nobody_rates_for_somebody_else(asked: Floor, name: str) -> None:
    who = asked.people[name]
    for button in ("5 🤩", "It did not happen"):
        asked.press(who, forged(asked, who), button)
        assert whispered(asked, who) == (
            "Only @Ana rates this one-on-one. Yours are asked about in a message of their own."
        )
    pressed(asked, "4 🙂")
    for button in ("Change", "Add a comment"):
        asked.press(who, forged(asked, who), button)
        assert whispered(asked, who).startswith("Only @Ana rates this one-on-one.")
        assert who.modal is None
    assert [row.score for row in asked.rows(Rating)] == [4]
    assert seen(dm(asked)).startswith("You gave 4 🙂")


def test_all_six_buttons_at_once(asked: Floor) -> None:
    question = dm(asked)
    at_once([partial(asked.ana.click, question, face) for face in FACES * 3])
    asked.server.settled()
    asked.deliver()

    rows = asked.rows(Rating)
    assert {row.score for row in rows} == {1, 2, 3, 4, 5, None}
    assert all(one.score != other.score for one, other in pairwise(rows))
    newest = rows[-1].score
    gave = "You said it did not happen" if newest is None else f"You gave {FACES[newest - 1]}"
    assert seen(dm(asked)).startswith(gave)
    with asked.database.transaction(asked.world.workspace_id) as session:
        found = current_rating(session, asked.rows(OneOnOne)[0].id)
        assert found is not None
        assert found.id == rows[-1].id


def test_cancelled_while_ana_looked_at_it(asked: Floor) -> None:
    with asked.database.transaction(asked.world.workspace_id) as session:
        one_on_one = session.get_one(OneOnOne, asked.rows(OneOnOne)[0].id)
        settle(session, one_on_one, State.CANCELLED, asked.now())
    asked.press(asked.ana, dm(asked), "4 🙂")
    assert whispered(asked, asked.ana) == (
        "This one-on-one was cancelled: there is nothing to rate."
    )
    assert asked.rows(Rating) == []

    with asked.database.transaction(asked.world.workspace_id) as session:
        message = asking(session, session.get_one(OneOnOne, one_on_one.id))
        refresh(session, Kind.ONE_ON_ONE_RATING, message.subject_id, asked.now())
    asked.deliver()
    assert seen(dm(asked)) == (
        "Your one-on-one with @Max, Tue 24 Nov, 16:00 was cancelled or moved:"
        " there is nothing to rate."
    )


def test_moved_before_its_time_only_the_new_time_asks(floor: Floor) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        made = a_one_on_one(session, floor.world.max, floor.world.ana, STARTS)
        set_to(session, made, STARTS + 2 * DAY)
    floor.later(ASKED)
    assert "How useful was it?" not in said_to(floor, floor.ana)
    floor.later(ASKED + 2 * DAY)
    assert "Thu 26 Nov, 16:00. Did it happen?" in seen(dm(floor))
    asked = floor.rows(Delivery, Delivery.kind == Kind.ONE_ON_ONE_RATING)
    assert [one.state for one in asked] == [DeliveryState.DROPPED, DeliveryState.POSTED]


def test_who_was_deactivated_is_not_asked_and_rates_nothing(asked: Floor) -> None:
    with asked.database.transaction(asked.world.workspace_id) as session:
        get_person(session, asked.world.ana).active = False
    asked.press(asked.ana, dm(asked), "4 🙂")
    assert whispered(asked, asked.ana) == ("You are no longer active here. @Ada can change that.")
    assert asked.rows(Rating) == []


# --- the comment


def test_a_comment_for_oneself_reaches_nobody(asked: Floor) -> None:
    pressed(asked, "2 🙁")
    modal = asked.opened(asked.ana, dm(asked), "Add a comment")
    assert "Send to Max, with my name" in str(modal.blocks)
    assert modal.values == {"comment": None, "sending": []}  # not ticked by default
    assert asked.ana.submit(comment=SAID)["ok"]
    asked.later(ASKED + HOUR)

    assert f"Your comment, for you alone: “{SAID}”" in seen(dm(asked))
    assert "[Change] [Edit the comment]" in seen(dm(asked))
    assert SAID not in dm(asked).fallback
    for other in (asked.max, asked.lea, asked.ada, asked.ben):
        assert SAID not in said_to(asked, other)
    assert asked.rows(Delivery, Delivery.kind == Kind.ONE_ON_ONE_COMMENT) == []


def test_a_comment_sent_by_name_edited_and_taken_back(asked: Floor) -> None:
    pressed(asked, "2 🙁")
    commented(asked, "Add a comment", comment=SAID, sending=["send"])
    assert f"Sent to @Max with your name: “{SAID}”" in seen(dm(asked))
    first = to_max(asked)
    assert seen(first) == f"@Ana about your one-on-one, Tue 24 Nov, 16:00: “{SAID}”"
    assert first.fallback == "A comment about a one-on-one came in."

    modal = asked.opened(asked.ana, dm(asked), "Edit the comment")
    assert modal.values == {"comment": SAID, "sending": ["send"]}
    asked.ana.close()
    commented(asked, "Edit the comment", comment="Only the role-play", sending=["send"])
    assert seen(to_max(asked)).endswith("“Only the role-play”")

    commented(asked, "Edit the comment", comment="Only the role-play", sending=[])
    assert seen(to_max(asked)) == (
        "@Ana took back a comment about your one-on-one, Tue 24 Nov, 16:00."
    )
    assert "Your comment, for you alone" in seen(dm(asked))
    assert to_max(asked).ts == first.ts  # in place
    assert SAID not in said_to(asked, asked.max)

    commented(asked, "Edit the comment", comment="After all", sending=["send"])
    assert seen(to_max(asked)).endswith("“After all”")
    assert [row.is_current for row in asked.rows(RatingComment)] == [False] * 3 + [True]


def test_a_comment_can_be_taken_back_for_ever(asked: Floor) -> None:
    pressed(asked, "2 🙁")
    commented(asked, "Add a comment", comment=SAID, sending=["send"])
    asked.later(ASKED + 30 * DAY)
    commented(asked, "Edit the comment", comment=SAID, sending=[])
    assert "took back a comment" in seen(to_max(asked))
    assert seen(dm(asked)).split("\n")[2:] == [
        "[Edit the comment]",
        "Counted monthly, never shown one by one.",
    ]


def test_an_emptied_comment_is_removed(asked: Floor) -> None:
    pressed(asked, "2 🙁")
    commented(asked, "Add a comment", comment=SAID, sending=["send"])
    commented(asked, "Edit the comment", comment="", sending=["send"])
    assert "took back a comment" in seen(to_max(asked))
    assert SAID not in seen(dm(asked))
    assert "[Change] [Add a comment]" in seen(dm(asked))


def test_an_empty_comment_is_refused_at_its_field(asked: Floor) -> None:
    pressed(asked, "2 🙁")
    asked.opened(asked.ana, dm(asked), "Add a comment")
    assert asked.ana.submit(comment="   ")["errors"] == {"comment": "This is needed."}
    assert asked.rows(RatingComment) == []
