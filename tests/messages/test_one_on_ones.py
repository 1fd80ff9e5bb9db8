"""One-on-ones in words: the cards of both sides, what the other side is told, the modals."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from handlers import lines
from handlers.ids import Id
from handlers.message import Rendered
from handlers.one_on_ones import finish_modal, messages, modals, phrases
from handlers.one_on_ones.finish_modal import FinishMeta
from models.one_on_ones import Changes, Excuse, State
from models.screens import SettledShown, Side
from tests.messages import made_one_on_ones as made
from tests.messages.made import ANA, LEA, MAX, TEN
from tests.reading import plain, read


def said(shown: Rendered) -> str:
    return read(shown.blocks).replace("\u00a0", " ")


# --- the cards


def test_the_coachs_card_ten_minutes_before() -> None:
    shown = messages.card(made.card())
    assert said(shown) == (
        "One-on-one with @Ana at 10:00 · 30 min · held 5 of 6 this quarter\n"
        "Last time: objection handling — “Let silence work after the price”\n"
        "Next step: “Two calls with it” by Fri 20 Nov (log confirmed)\n"
        "On @Ana's list: “pricing for Orbit” · on yours: “close plan for Nexus”\n"
        "3 deals lack a next action: Nexus, Orbit, Tern\n"
        "Newest flags: Vale: close date past by 2 days · Nexus: no activity for 16 days\n"
        "Your notes from last time: “Ask about the move to Boston”\n"
        "[Start] [Finish] [What drives Ana] ⋯(Talking points, Reschedule, Cancel)"
    )
    assert plain(shown.text) == "One-on-one with @Ana at 10:00"


def test_the_persons_card_has_nothing_of_the_coachs_own() -> None:
    assert said(messages.card(made.persons_card())) == (
        "One-on-one with @Max at 10:00 · 30 min\n"
        "Last time: objection handling — “Let silence work after the price”\n"
        "Next step: “Two calls with it” by Fri 20 Nov (you confirmed the log)\n"
        "On @Max's list: “close plan for Nexus” · on yours: “pricing for Orbit”\n"
        "3 deals lack a next action: Nexus, Orbit, Tern\n"
        "Newest flags: Vale: close date past by 2 days · Nexus: no activity for 16 days\n"
        "⋯(Talking points, Reschedule, Cancel)"
    )


@pytest.mark.parametrize(
    ("side", "agrees", "ending"),
    [
        (Side.COACH, None, "log not answered yet"),
        (Side.COACH, False, "@Ana sees the log differently"),
        (Side.PERSON, None, "log waits for your answer"),
        (Side.PERSON, False, "you see the log differently"),
    ],
)
def test_what_was_said_to_the_last_coaching(side: Side, agrees: bool | None, ending: str) -> None:
    prepared = replace(made.PREPARATION, last=replace(made.LAST, agrees=agrees))
    other = ANA if side is Side.COACH else MAX
    shown = messages.card(made.card(side=side, other=other, preparation=prepared))
    assert said(shown).splitlines()[2].endswith(f"by Fri 20 Nov ({ending})")


def test_a_first_session_has_little_to_prepare() -> None:
    nothing = replace(
        made.PREPARATION, last=None, points=(), without_next=("Nexus",), flagged=(), held=None,
        notes=None,
    )  # fmt: skip
    assert said(messages.card(made.card(preparation=nothing))) == (
        "One-on-one with @Ana at 10:00 · 30 min\n"
        "1 deal lacks a next action: Nexus\n"
        "[Start] [Finish] [What drives Ana] ⋯(Talking points, Reschedule, Cancel)"
    )


def test_once_started_the_coach_finishes_and_the_person_changes_nothing() -> None:
    mine = said(messages.card(made.card(started=made.STARTED)))
    assert "Under way since 10:02" in mine.splitlines()
    assert mine.endswith("[Finish] [What drives Ana] ⋯(Talking points, Reschedule, Cancel)")
    theirs = said(messages.card(made.persons_card(started=made.STARTED, may_change=False)))
    assert "Under way since 10:02" in theirs.splitlines()
    assert theirs.endswith("⋯(Talking points)")


def test_a_late_reminder_says_so() -> None:
    shown = messages.card(made.card(late=True))
    assert "_This reminder comes late: the bot was away at the start._" in said(shown)


def test_a_card_read_on_another_day_says_its_day() -> None:
    shown = messages.card(made.card(today=date(2026, 11, 26)))
    assert said(shown).startswith("One-on-one with @Ana, Wed 25 Nov, 10:00 · 30 min")


def test_each_reads_their_own_zone() -> None:
    assert "at 16:00" in said(messages.card(made.card(zone="Europe/Berlin")))


@pytest.mark.parametrize(
    ("ending", "line"),
    [
        ({"settled": made.HELD, "log_id": 41}, "Held · recorded Wed 25 Nov, 10:35 · 2 deals with"),
        (
            {"settled": made.CANCELLED},
            "Cancelled by @Ana, Wed 25 Nov, 09:50: “a customer calls at ten”",
        ),
        ({"moved": made.MOVED}, "Moved by @Ana, Wed 25 Nov, 09:50, to Thu 26 Nov, 10:00"),
        (
            {"moved": replace(made.MOVED, by=None)},
            "Moved with the standing schedule, Wed 25 Nov, 09:50, to Thu 26 Nov, 10:00",
        ),
        (
            {"settled": SettledShown(State.MISSED, None, TEN, None, None, 0)},
            "Missed: nothing was recorded by the end of the next working day",
        ),
    ],
)
def test_how_it_ended_is_one_line(ending: dict[str, Any], line: str) -> None:
    lines = said(messages.card(made.ended(**ending))).splitlines()
    assert lines[1].startswith(line)
    buttons = lines[2:]
    assert buttons == (
        ["⋯(Edit the coaching log, Notes for next time, Trail)"] if "log_id" in ending else []
    )


@pytest.mark.parametrize(
    ("excuse", "coachs", "persons"),
    [
        (Excuse.COACH_OFF, "your day off", "a day off of @Max"),
        (Excuse.PERSON_OFF, "a day off of @Ana", "your day off"),
        (Excuse.COACH_CHANGED, *["somebody else leads these sessions now"] * 2),
        (Excuse.LEFT, *["one of the two is no longer here"] * 2),
    ],
)
def test_why_it_is_excused(excuse: Excuse, coachs: str, persons: str) -> None:
    settled = SettledShown(State.EXCUSED, None, TEN, None, excuse, 0)
    mine = made.ended(settled=settled)
    theirs = made.ended(side=Side.PERSON, other=MAX, settled=settled)
    for shown, why in ((mine, coachs), (theirs, persons)):
        assert said(messages.card(shown)).splitlines()[1:] == [
            f"Excused: {why}. It does not count."
        ]


# --- what the other side is told


def test_moved_by_the_other_side() -> None:
    shown = messages.changed(made.changed())
    assert said(shown) == ("@Ana moved your one-on-one of Wed 25 Nov, 10:00 to Thu 26 Nov, 10:00.")
    assert plain(shown.text) == "Your one-on-one with @Ana is moved to Thu 26 Nov, 10:00"


def test_cancelled_by_the_other_side_and_when_the_next_one_is() -> None:
    told = made.changed(moved=None, settled=made.CANCELLED, next_at=made.THURSDAY)
    shown = messages.changed(told)
    assert said(shown) == (
        "@Ana cancelled your one-on-one of Wed 25 Nov, 10:00: “a customer calls at ten”\n"
        "The next one: Thu 26 Nov, 10:00"
    )
    assert "customer" not in shown.text
    none = messages.changed(replace(told, next_at=None))
    assert said(none).endswith("The standing one-on-one goes on in the weeks after.")
    ended = messages.changed(replace(told, next_at=None, goes_on=False))
    assert said(ended).endswith("No other is planned.")


def test_there_after_all() -> None:
    shown = messages.changed(made.changed(moved=None, settled=None))
    assert (
        said(shown) == "@Ana is there after all: your one-on-one of Wed 25 Nov, 10:00 is on again."
    )
    assert plain(shown.text) == "Your one-on-one with @Ana, Wed 25 Nov, 10:00, is on again"


def test_excused_for_a_day_off_of_the_other_side() -> None:
    off = replace(made.CANCELLED, state=State.EXCUSED, by=None, reason=None,
                  excuse=Excuse.PERSON_OFF)  # fmt: skip
    shown = messages.changed(made.changed(moved=None, settled=off, next_at=made.THURSDAY))
    assert said(shown) == (
        "@Ana is off then: your one-on-one of Wed 25 Nov, 10:00 is excused.\n"
        "The next one: Thu 26 Nov, 10:00"
    )
    assert plain(shown.text) == "Your one-on-one with @Ana, Wed 25 Nov, 10:00, is excused"


def test_a_day_off_of_both_is_not_laid_at_the_others_door() -> None:
    off = replace(made.CANCELLED, state=State.EXCUSED, by=None, reason=None,
                  excuse=Excuse.PERSON_OFF)  # fmt: skip
    shown = messages.changed(made.changed(moved=None, settled=off, both_off=True))
    assert said(shown).startswith(
        "You are both off then: your one-on-one of Wed 25 Nov, 10:00 is excused."
    )


def test_a_standing_one_on_one_is_told() -> None:
    shown = messages.standing(made.standing_told())
    line = "@Max set your one-on-one: Tuesdays 10:00, 30 min, from Tue 1 Dec."
    assert said(shown) == plain(shown.text) == line


def test_a_changed_one_says_what_it_was_and_whose_time_it_is() -> None:
    earlier = replace(made.STANDING, weekday=4, minutes=45)
    shown = messages.standing(made.standing_told(zone="Europe/Berlin", earlier=earlier))
    assert said(shown) == (
        "@Max set your one-on-one: Tuesdays 10:00 New York time, 30 min, from Tue 1 Dec.\n"
        "Until then: Thursdays 10:00 New York time, 45 min."
    )
    assert said(messages.standing(made.standing_told(ended=True))).endswith("No longer in force.")


def test_a_breach_in_plain_words_with_the_persons_own_beside() -> None:
    shown = messages.breach(made.breach())
    assert said(shown) == (
        "One-on-ones of @Max with @Ana, October to December\n"
        "By @Max: 1 cancelled, 1 moved · by @Ana: none cancelled, 1 moved\n"
        "At most one a quarter is the standard for @Max; moves within the day do not count."
        " Told once a quarter, to @Max and the leader above."
    )
    assert shown.text == "About the one-on-ones of this quarter"
    assert "none cancelled, none moved" in said(
        messages.breach(made.breach(changes=Changes(2, 0, 0, 0)))
    )


# --- the modals


def fields(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def field(view: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [block for block in view["blocks"] if block.get("block_id") == name]
    return dict(found)


COACHING = ["focus", "feedback", "next_step", "next_on", "how", "minutes"]


def test_finish_in_its_order() -> None:
    view = finish_modal.finish(made.finish_form())
    assert view["title"]["text"] == "Finish one-on-one"
    assert fields(view) == ["notes", "deals", "talked", *COACHING]
    deals = field(view, "deals")
    assert deals["dispatch_action"] is True
    assert deals["optional"] is False
    assert deals["element"]["action_id"] == Id.CHOOSE_DEALS
    assert [
        (one["text"]["text"], one["description"]["text"]) for one in deals["element"]["options"]
    ] == [
        ("Nexus · Proposal", "No next action yet"),
        ("Orbit · Proposal", "By Tue 1 Dec: Send the paper"),
    ]
    ticked = field(view, "talked")["element"]["initial_options"]
    assert [one["text"]["text"] for one in ticked] == ["pricing for Orbit", "close plan for Nexus"]
    assert field(view, "minutes")["element"]["initial_value"] == "30"


def test_finish_asks_a_next_action_of_each_chosen_deal() -> None:
    view = finish_modal.finish(made.finish_form(), [8, 7])
    asked = ["next_8", "due_8", "next_7", "due_7"]
    assert fields(view) == ["notes", "deals", *asked, "talked", *COACHING]
    assert field(view, "next_8")["label"]["text"] == "Orbit: next action"
    assert field(view, "next_8")["element"]["initial_value"] == "Send the paper"
    assert "initial_value" not in field(view, "next_7")["element"]
    assert field(view, "next_7")["hint"]["text"] == "Ana does it."
    assert field(view, "due_7")["element"]["initial_date"] == "2026-12-01"


def test_finish_keeps_what_was_typed_also_at_a_deal_that_is_out_of_sight() -> None:
    typed = {
        "next_7": "Call the CFO", "due_7": "2026-12-03", "feedback": "Ask who signs", "talked": [],
        "minutes": "45",
    }  # fmt: skip
    view = finish_modal.finish(made.finish_form(), [8], typed=typed)
    assert field(view, "feedback")["element"]["initial_value"] == "Ask who signs"
    assert field(view, "minutes")["element"]["initial_value"] == "45"
    assert "initial_options" not in field(view, "talked")["element"]
    meta = FinishMeta.model_validate_json(view["private_metadata"])
    assert meta.kept == {"next_7": "Call the CFO", "due_7": "2026-12-03"}
    again = finish_modal.finish(made.finish_form(), [8, 7], typed=typed | meta.kept)
    assert field(again, "next_7")["element"]["initial_value"] == "Call the CFO"
    assert field(again, "due_7")["element"]["initial_date"] == "2026-12-03"


def test_finish_without_open_deals_says_so() -> None:
    view = finish_modal.finish(made.finish_form(deals=(), needs_deals=False, points=()))
    assert fields(view) == ["notes", *COACHING]
    assert "No open deals. There is none to go through." in read(view["blocks"])


def test_finish_of_a_manager_may_leave_the_teams_deals() -> None:
    view = finish_modal.finish(made.finish_form(needs_deals=False))
    assert field(view, "deals")["optional"] is True


def test_what_does_not_fit_the_metadata_is_not_kept() -> None:
    typed = {f"next_{number}": "x" * 500 for number in range(100, 110)}
    deals = tuple(made.finish_deal(number, f"Deal {number}") for number in range(100, 110))
    view = finish_modal.finish(made.finish_form(deals=deals), [], typed=typed)
    assert len(view["private_metadata"]) <= 3000
    assert FinishMeta.model_validate_json(view["private_metadata"]).kept == {}


def test_rescheduling_offers_free_times_and_a_picker() -> None:
    view = modals.move(made.change_form())
    assert fields(view) == ["free", "starts_at"]
    (option,) = field(view, "free")["element"]["options"]
    assert option["text"]["text"] == "Thu 26 Nov, 10:00"
    assert option["value"] == str(int(made.THURSDAY.timestamp()))
    assert field(view, "starts_at")["element"]["type"] == "datetimepicker"
    assert fields(modals.move(made.change_form(free=()))) == ["starts_at"]
    assert read(view["blocks"]).startswith("One-on-one with @Ana, Wed 25 Nov, 10:00 · 30 min")


def test_cancelling_asks_why() -> None:
    view = modals.cancel(made.change_form(free=()))
    assert fields(view) == ["reason"]
    assert (view["submit"]["text"], view["close"]["text"]) == ("Cancel it", "Keep it")
    assert field(view, "reason")["hint"]["text"] == "Ana reads it."


def test_talking_points() -> None:
    view = modals.points(made.points_form())
    assert fields(view) == ["text", "drop"]
    assert "- @Ana: “pricing for Orbit”" in read(view["blocks"])
    empty = modals.points(made.points_form(mine=(), others=()))
    assert fields(empty) == ["text"]
    assert "No talking points yet. They stay until they were talked about." in read(empty["blocks"])


def test_the_list_of_standing_one_on_ones() -> None:
    view = modals.standings(made.standings_form(coach=LEA, own=made.STANDING))
    assert read(view["blocks"]) == (
        "@Ana: Tuesdays 10:00, 30 min\n"
        "[Change] ⋯(End)\n"
        "@Ben: none yet\n"
        "[Set]\n"
        "Your own, with @Lea: Tuesdays 10:00, 30 min"
    )
    end = view["blocks"][1]["elements"][1]
    assert end["confirm"]["confirm"]["text"] == "End it"


def test_who_coaches_nobody_reads_their_own() -> None:
    view = modals.standings(made.standings_form(rows=(), coach=MAX, own=None))
    assert read(view["blocks"]) == (
        "You coach nobody here. An admin says who leads whom.\nYour own, with @Max: none yet"
    )


def test_a_standing_one_on_one_to_be_set() -> None:
    view = modals.standing(made.standing_form())
    assert fields(view) == ["weekday", "local_time", "minutes", "active_from"]
    assert view["submit"]["text"] == "Set"
    assert field(view, "local_time")["hint"]["text"] == "New York time. Free: Tue 10:30 · Wed 09:00"
    assert field(view, "minutes")["hint"]["text"] == "30 to 45."
    days = [one["text"]["text"] for one in field(view, "weekday")["element"]["options"]]
    assert days == ["Tuesdays", "Wednesdays", "Thursdays"]
    assert field(view, "active_from")["element"]["initial_date"] == "2026-11-30"


def test_rows_say_where_a_session_stands() -> None:
    started = TEN + timedelta(minutes=2)
    for changes, ending in (
        ({}, "30 min"),
        ({"started_at": started}, "under way since 10:02"),
        ({"unrecorded": True}, "not recorded yet"),
        ({"state": State.HELD}, "held"),
    ):
        line = lines.plain(phrases.row_line(made.row(**changes)))
        assert line.startswith("Ana · Wed 25 Nov, 10:00 · 30 min")
        assert line.endswith(ending)


def test_rows_offer_what_can_be_done_now() -> None:
    def offered(**changes: Any) -> str:
        buttons = phrases.row_buttons(made.row(**changes))
        return read([{"type": "actions", "elements": buttons}]) if buttons else ""

    menu = "⋯(Talking points, Reschedule, Cancel, What drives Ana)"
    assert offered() == f"[Start] [Finish] {menu}"
    assert offered(started_at=TEN) == f"[Finish] {menu}"
    assert offered(may_run=False) == menu
    assert offered(side=Side.PERSON, other=MAX, may_run=False) == (
        "⋯(Talking points, Reschedule, Cancel)"
    )
    assert offered(state=State.HELD) == ""
