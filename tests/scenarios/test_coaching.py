"""Coaching logged, confirmed, disputed, edited, withdrawn: each as both sides meet it."""

from typing import Any

import pytest

from handlers.ids import Id
from models.coaching import CoachingAnswer, CoachingEntry, CoachingLog, get_log
from models.people import get_person
from sandbox.person import ActingPerson, SeenMessage, SeenView
from tests.coaching import a_log
from tests.scenarios.floor import APP, LOBBY, WEST, Floor, at_once, seen, six_deals
from tests.world import a_person

FOCUS, FEEDBACK = "Negotiation", "Let silence work after naming the price"
STEP = "Two calls without filling the pause"
LOG: dict[str, Any] = {
    "focus": FOCUS,
    "feedback": FEEDBACK,
    "next_step": STEP,
    "next_on": "2026-11-27",
}
DETAILS = "Tue 24 Nov · skill session · questions · 30 minutes"
LATER = 60 * 60


def opened_log(floor: Floor, who: ActingPerson, words: str = "/log-coaching") -> SeenView:
    who.command(WEST, words)
    modal = who.modal
    assert modal is not None, who.notices()
    return modal


def logged(floor: Floor, who: str = "Ana", **changes: Any) -> None:
    """Max logs coaching; both sides have their message."""
    modal = opened_log(floor, floor.max)
    chosen(floor, modal, who)
    outcome = floor.max.submit({**LOG, **changes})
    assert outcome["ok"], outcome
    floor.deliver()


def chosen(floor: Floor, modal: SeenView, who: str, by: ActingPerson | None = None) -> SeenView:
    """Chooses a person in the modal; what it asks then."""
    return floor.opened(by or floor.max, modal, Id.CHOOSE_PERSON, who)


def received(floor: Floor, who: ActingPerson) -> SeenMessage:
    """The newest direct message from the bot, whispers aside."""
    return [one for one in floor.dm(who) if not one.is_ephemeral][-1]


def text_of(floor: Floor, who: ActingPerson) -> str:
    return seen(received(floor, who)).replace("\u00a0", " ")


def options(view: SeenView, block_id: str) -> list[str]:
    block = next(one for one in view.blocks if one.get("block_id") == block_id)
    return [one["text"]["text"] for one in block["element"]["options"]]


def edited(floor: Floor, **changes: Any) -> None:
    floor.opened(floor.max, received(floor, floor.max), Id.LOG_MENU, "Edit")
    assert floor.max.submit(changes)["ok"]
    floor.deliver()


# --- the whole way


def test_whom_the_command_names_is_chosen(floor: Floor) -> None:
    modal = opened_log(floor, floor.max, "/log-coaching <@U0ANA|ana>")
    assert modal.values["person"] == str(floor.world.ana)
    assert modal.values["next_on"] == "2026-12-01", "a week ahead"
    floor.max.close()
    floor.ana.command(WEST, "/log-coaching <@U0BEN>")
    assert floor.ana.modal is None
    assert "coaches" in floor.whispered(floor.ana)
    floor.max.command(WEST, "/log-coaching <@U0GUEST>")
    assert floor.max.modal is None
    assert "does not know <@U0GUEST>" in floor.whispered(floor.max)


@pytest.mark.parametrize("words", ["@Ana", "ana", "@ANA"])
def test_a_name_as_it_is_typed_will_do(floor: Floor, words: str) -> None:
    modal = opened_log(floor, floor.max, f"/log-coaching {words}")
    assert modal.values["person"] == str(floor.world.ana)


@pytest.mark.parametrize(
    ("words", "read"),
    [("@Lea", "“@Lea”"), ("<@U0ANA> & co", "“@Ana & co”"), ("an", "“an”"), ("*now*", "“*now*”")],
)
def test_what_is_no_word_of_the_command_is_read_as_it_was_typed(
    floor: Floor, words: str, read: str
) -> None:
    floor.max.command(WEST, f"/log-coaching {words}")
    assert floor.max.modal is None
    assert floor.whispered(floor.max).startswith(f"{read} is no word of this command.")


def test_a_manager_logs_and_the_rep_says_that_it_is_right(floor: Floor) -> None:
    logged(floor)

    (log,), (entry,) = floor.rows(CoachingLog), floor.rows(CoachingEntry)
    assert (log.coach_id, log.person_id) == (floor.world.max, floor.world.ana)
    assert (entry.focus, entry.feedback, entry.minutes) == ("negotiation", FEEDBACK, 30)
    assert text_of(floor, floor.ana) == (
        f"@Max logged coaching with you: negotiation\n“{FEEDBACK}”\n"
        f"Next: “{STEP}” by Fri 27 Nov\n{DETAILS}\n"
        "[That's right] [I see it differently]\n@Max sees which one you press."
    )
    assert received(floor, floor.ana).fallback == "<@U0MAX> logged coaching with you"
    assert text_of(floor, floor.max).startswith("Coaching logged with @Ana: *negotiation* ⋯(")

    floor.press(floor.ana, received(floor, floor.ana), "That's right")
    floor.deliver()

    assert "You said: that's right · Tue 24 Nov, 15:00" in text_of(floor, floor.ana)
    assert received(floor, floor.ana).buttons == ["I see it differently"]
    assert text_of(floor, floor.max).endswith("@Ana: that's right · Tue 24 Nov, 15:00")
    assert [(one.agrees, one.entry_id) for one in floor.rows(CoachingAnswer)] == [(True, entry.id)]
    assert len(floor.dm(floor.max)) == len(floor.dm(floor.ana)) == 1


def test_a_rep_sees_it_differently_and_changes_the_words(floor: Floor) -> None:
    logged(floor)
    modal = floor.opened(floor.ana, received(floor, floor.ana), "I see it differently")
    assert "@Max gets it by name." in seen(modal)
    assert floor.ana.submit(text="I asked for <!channel> *silence*")["ok"]
    floor.deliver()

    said = "I see it differently: “I asked for <!channel> *silence*” · Tue 24 Nov, 15:00"
    assert f"You said: {said}" in text_of(floor, floor.ana)
    own_copy, told = floor.dm(floor.max)
    assert seen(own_copy).endswith(f"@Ana: {said}")
    assert seen(told) == (
        f"About your coaching log on negotiation, Tue 24 Nov:\n@Ana: {said}\n"
        "⋯(Edit, Withdraw, Trail)"
    )
    assert told.fallback == "<@U0ANA> answered your coaching log"

    modal = floor.opened(floor.ana, received(floor, floor.ana), "Change what I said")
    assert modal.values["text"] == "I asked for <!channel> *silence*"
    assert floor.ana.submit(text="It was Orbit")["ok"]
    floor.deliver()
    assert len(floor.dm(floor.max)) == 2
    assert "“It was Orbit”" in text_of(floor, floor.max)
    floor.press(floor.ana, received(floor, floor.ana), "That's right")
    floor.deliver()
    assert "@Ana: that's right" in text_of(floor, floor.max)


def test_an_edit_is_seen_and_asked_about_anew(floor: Floor) -> None:
    logged(floor)
    floor.press(floor.ana, received(floor, floor.ana), "That's right")
    floor.deliver()

    edited(floor, minutes="45")

    assert "45 minutes · edited on Tue 24 Nov, 15:00" in text_of(floor, floor.ana)
    assert received(floor, floor.ana).buttons == ["That's right", "I see it differently"]
    assert "that's right" not in text_of(floor, floor.max)
    trail = floor.opened(floor.max, received(floor, floor.max), Id.LOG_MENU, "Trail")
    lines = seen(trail).replace("\u00a0", " ").splitlines()
    assert lines[0] == "Edited, Tue 24 Nov, 15:00"
    assert lines[4] == "Logged, Tue 24 Nov, 15:00"
    assert lines[-1] == "@Ana: that's right · Tue 24 Nov, 15:00"


def test_a_withdrawn_log_says_so_to_both_and_asks_nothing(floor: Floor) -> None:
    logged(floor)
    floor.opened(floor.max, received(floor, floor.max), Id.LOG_MENU, "Withdraw")
    assert floor.max.submit(because="It was Ben")["ok"]
    floor.deliver()

    rest = "on negotiation, Tue 24 Nov: “It was Ben” · Tue 24 Nov, 15:00"
    own = f"You withdrew the coaching log with @Ana {rest}\n⋯(Trail)"
    assert text_of(floor, floor.max) == own
    assert text_of(floor, floor.ana) == f"@Max withdrew the coaching log with you {rest}"
    assert received(floor, floor.ana).actions == []
    trail = floor.opened(floor.max, received(floor, floor.max), Id.LOG_MENU, "Trail")
    assert seen(trail).startswith("Withdrawn, Tue 24 Nov, 15:00: “It was Ben”")
    assert floor.rows(CoachingLog)[0].withdrawn_because == "It was Ben"


def test_late_coaching_is_kept_and_the_coach_knows(floor: Floor) -> None:
    logged(floor, held_on="2026-11-10")
    assert "logged late: kept, outside the metrics" in text_of(floor, floor.max)
    assert "late" not in text_of(floor, floor.ana)
    assert floor.rows(CoachingEntry)[0].is_late


def test_a_leader_logs_with_managers_in_managers_focus_areas(floor: Floor) -> None:
    modal = opened_log(floor, floor.lea)
    assert options(modal, "person") == ["Max"]
    assert modal.values["person"] == str(floor.world.max)
    assert "Accountability" in options(modal, "focus")
    assert "Negotiation" not in options(modal, "focus")
    assert floor.lea.submit({**LOG, "focus": "Accountability"})["ok"]
    floor.deliver()
    assert "@Lea logged coaching with you: accountability" in text_of(floor, floor.max)


# --- opened from wherever it may be


def test_the_list_holds_exactly_those_whom_one_coaches(floor: Floor) -> None:
    modal = opened_log(floor, floor.max)
    assert options(modal, "person") == ["Ana", "Ben", "Cleo"]
    assert modal.fields.keys() >= {"person", "focus", "feedback", "next_step", "next_on"}
    assert "deal" not in modal.fields


def test_choosing_a_person_keeps_all_that_was_typed(floor: Floor) -> None:
    six_deals(floor)
    modal = opened_log(floor, floor.max)
    floor.max.fill(feedback="Half a thought", next_on="2026-11-30", minutes="20")
    modal = chosen(floor, modal, "Ana")
    assert modal.values["feedback"] == "Half a thought"
    assert (modal.values["next_on"], modal.values["minutes"]) == ("2026-11-30", "20")
    assert options(modal, "deal") == ["Halcyon", "Nexus Corp", "Vale"]
    modal = chosen(floor, modal, "Ben")
    assert modal.values["feedback"] == "Half a thought"
    assert options(modal, "deal") == ["Orbit", "Quill", "Tern"]


def test_who_coaches_reps_and_managers_gets_each_ones_focus_areas(floor: Floor) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        a_person(session, "U0ADA", "Ada", reports_to_id=floor.world.lea)
    modal = opened_log(floor, floor.lea)
    assert options(modal, "person") == ["Ada", "Max"]
    assert {"Negotiation", "Accountability"} <= set(options(modal, "focus"))
    floor.lea.fill(focus="Negotiation")
    modal = chosen(floor, modal, "Max", floor.lea)
    assert "Negotiation" not in options(modal, "focus")
    modal = chosen(floor, modal, "Ada", floor.lea)
    assert "Accountability" not in options(modal, "focus")


def test_a_deals_card_presets_its_owner_and_itself(review: Floor) -> None:
    modal = review.opened(review.max, review.card("Nexus"), Id.CARD_MENU, "Log coaching")
    assert modal.values["person"] == str(review.world.ana)
    assert options(modal, "deal")[0] == "Nexus Corp"
    assert modal.values["kind"] == "call_review"
    modal = chosen(review, modal, "Ben")
    assert "Nexus Corp" not in options(modal, "deal")
    modal = chosen(review, modal, "Ana")
    assert options(modal, "deal")[0] == "Nexus Corp"
    assert modal.values["deal"]
    assert review.max.submit(LOG)["ok"]
    review.deliver()
    assert "· Nexus Corp" in text_of(review, review.ana)


def test_a_message_is_quoted_and_linked_and_its_author_preset(floor: Floor) -> None:
    ts = floor.ana.say(WEST, "The price is <fixed> for <@U0BEN> *now*")
    message = next(one for one in floor.channel() if one.ts == ts)
    floor.max.shortcut(APP, Id.LOG_MESSAGE, message)
    modal = floor.max.modal
    assert modal is not None
    assert modal.values["person"] == str(floor.world.ana)
    assert "The price is" in seen(modal)
    assert floor.max.submit(LOG)["ok"]
    floor.deliver()

    (log,) = floor.rows(CoachingLog)
    assert log.quote == "The price is <fixed> for @Ben *now*"
    assert log.quote_url
    assert ts.replace(".", "") in log.quote_url
    for who in (floor.ana, floor.max):
        assert "The price is <fixed> for @Ben *now* — @Ana see the message" in text_of(floor, who)


def test_a_message_of_somebody_else_presets_nobody(floor: Floor) -> None:
    ts = floor.lea.say(WEST, "Numbers by Friday, please")
    message = next(one for one in floor.channel() if one.ts == ts)
    floor.max.shortcut(APP, Id.LOG_MESSAGE, message)
    modal = floor.max.modal
    assert modal is not None
    assert not modal.values.get("person")
    assert "Numbers by Friday" in seen(modal)


def test_the_global_shortcut_opens_it_too(floor: Floor) -> None:
    floor.max.shortcut(APP, Id.LOG_SHORTCUT)
    modal = floor.max.modal
    assert modal is not None
    assert modal.title == "Log coaching"
    chosen(floor, modal, "Cleo")
    assert floor.max.submit(LOG)["ok"]
    floor.deliver()
    assert "@Max logged coaching with you" in text_of(floor, floor.cleo)


@pytest.mark.parametrize("words", ["help", "HELP", "somebody else <!channel>"])
def test_help_and_unknown_words_are_help(floor: Floor, words: str) -> None:
    floor.max.command(WEST, f"/log-coaching {words}")
    assert floor.max.modal is None
    told = floor.whispered(floor.max)
    assert "logs coaching with somebody whom you coach" in told
    assert ("is no word of this command" in told) == (words.lower() != "help")


# --- twice, and at once


def test_submitting_twenty_times_at_once_makes_one_log(floor: Floor) -> None:
    modal = chosen(floor, opened_log(floor, floor.max), "Ana")
    values = LOG | {"focus": "negotiation"}
    submit = {"as": floor.max.id, "view_id": modal.id, "values": values}

    def press() -> object:
        try:
            return floor.server.request("POST", "/sandbox/submit", submit)
        except Exception as gone:  # the modal has closed: the person could not press any more
            return type(gone).__name__

    at_once([press] * 20)
    floor.deliver()
    assert len(floor.rows(CoachingLog)) == 1
    assert len(floor.dm(floor.ana)) == len(floor.dm(floor.max)) == 1


def test_the_coach_edits_while_the_rep_confirms(floor: Floor) -> None:
    """Ana's message still shows the first version when she presses."""
    logged(floor)
    shown = received(floor, floor.ana)
    floor.opened(floor.max, received(floor, floor.max), Id.LOG_MENU, "Edit")
    assert floor.max.submit(minutes="45")["ok"]
    floor.press(floor.ana, shown, "That's right")
    dm = floor.ana.dm_with("U0BOT")
    assert floor.whispered(floor.ana, dm) == "@Max has changed it since: read it again."
    floor.press(floor.ana, shown, "I see it differently")
    assert floor.whispered(floor.ana, dm) == "@Max has changed it since: read it again."
    assert floor.ana.modal is None
    assert floor.rows(CoachingAnswer) == []
    floor.deliver()
    floor.press(floor.ana, received(floor, floor.ana), "That's right")
    assert len(floor.rows(CoachingAnswer)) == 1


def test_the_coach_edits_while_the_rep_writes_what_is_different(floor: Floor) -> None:
    """What Ana wrote stays, beside what she has not read yet; a second Send is taken."""
    logged(floor)
    floor.opened(floor.ana, received(floor, floor.ana), "I see it differently")
    floor.opened(floor.max, received(floor, floor.max), Id.LOG_MENU, "Edit")
    assert floor.max.submit(feedback="You named the price before they asked for it")["ok"]

    assert floor.ana.submit(text="They had asked")["ok"]
    anew = floor.ana.modal
    assert anew is not None
    assert "@Max has just changed it. Now it reads:" in seen(anew)
    assert "You named the price before they asked for it" in seen(anew)
    assert anew.values == {"text": "They had asked"}
    assert floor.rows(CoachingAnswer) == []

    assert floor.ana.submit()["ok"]
    assert floor.ana.modal is None
    [answer] = floor.rows(CoachingAnswer)
    assert (answer.agrees, answer.text) == (False, "They had asked")


def test_what_was_open_when_the_log_was_withdrawn(floor: Floor) -> None:
    logged(floor)
    floor.opened(floor.ana, received(floor, floor.ana), "I see it differently")
    copy = received(floor, floor.max)
    floor.opened(floor.max, copy, Id.LOG_MENU, "Withdraw")
    assert floor.max.submit(because="Twice")["ok"]
    sentence = "It was withdrawn, Tue 24 Nov, 15:00. Nothing about it changes any more."
    assert floor.ana.submit(text="No")["errors"] == {"text": sentence}
    floor.press(floor.max, copy, Id.LOG_MENU, "Edit")
    assert floor.whispered(floor.max, floor.max.dm_with("U0BOT")) == sentence
    assert floor.rows(CoachingAnswer) == []


def test_a_rep_who_was_deactivated_gets_nothing(floor: Floor) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        a_log(session, floor.world, now=floor.now())
        get_person(session, floor.world.ana).active = False
    floor.deliver()
    assert floor.dm(floor.ana) == []
    assert "Coaching logged with @Ana" in text_of(floor, floor.max)
    with floor.database.transaction(floor.world.workspace_id) as session:
        assert get_log(session, floor.rows(CoachingLog)[0].id).withdrawn_at is None


def test_a_message_where_the_bot_is_not(floor: Floor) -> None:
    floor.max.say(LOBBY, "Hello")
    private = floor.max.dm_with("U0ANA")
    ts = floor.ana.say(private, "Between you and me")
    message = next(one for one in floor.max.messages(private) if one.ts == ts)
    floor.max.shortcut(APP, Id.LOG_MESSAGE, message)
    assert floor.max.modal is None
    assert floor.whispered(floor.max, private).startswith("I am not in that conversation")


# --- from Home


def home_of(floor: Floor, who: ActingPerson) -> SeenView:
    """Home, once the bot has drawn it."""
    return redrawn(who, who.home(APP))


def redrawn(who: ActingPerson, before: SeenView | None) -> SeenView:
    """Home, once it is another than before."""
    shown = None if before is None else before.json
    who.wait_for(lambda: (now := who.home_now(APP)) is not None and now.json != shown)
    after = who.home_now(APP)
    assert after is not None
    return after


def test_home_opens_a_log_and_shows_what_waits_for_an_answer(floor: Floor) -> None:
    home = home_of(floor, floor.max)
    modal = floor.opened(floor.max, home, "Log coaching")
    chosen(floor, modal, "Ana")
    assert floor.max.submit(LOG)["ok"]
    home = home_of(floor, floor.ana)
    assert FEEDBACK in seen(home)
    floor.press(floor.ana, home, "That's right")
    assert "That's right" not in redrawn(floor.ana, home).buttons
    assert [one.agrees for one in floor.rows(CoachingAnswer)] == [True]
