"""Home for each role, help, and what is said when something went wrong."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers import notices
from handlers.cadence.messages import overview
from handlers.home.messages import home, no_home
from handlers.incoming import Stranger
from models.delivery import Kind
from models.people import Role
from models.pipeline_review import ReviewState
from models.screens import (
    ClosedShown,
    DeputyTold,
    HomeAction,
    HomeReview,
    ReviewEnded,
    SkippedNotice,
    Upcoming,
)
from tests.messages import made
from tests.messages.made_home import PARKED
from tests.messages.made_home import home as a_home
from tests.reading import read

ZONE = "America/New_York"
SETTINGS = "[Days off] [Working time] [Messages] [What drives me]"


def at_home(**changes: Any) -> str:
    said = read(home(a_home(**changes))["blocks"]).replace("\u00a0", " ")
    said = said.removesuffix(" [Set up teams] [Company days]")  # what admins have besides
    assert said.endswith(f"\n{SETTINGS}")
    return said.removesuffix(f"\n{SETTINGS}")


def test_what_waits_for_a_manager_stands_first() -> None:
    review = HomeReview(made.parent(), None, (made.line(),), decides=True)
    assert at_home(reviews=(review,)) == (
        "What waits for you\n"
        "*Nexus Corp* · $180,000 · Proposal · closes Fri 27 Nov\n"
        "Evidence 1 of 3 proved"
        " · _open: the review meeting, our answer to the objection_ [Decide]\n"
        "Open reviews\n"
        "Pipeline review · West · Wed 25 Nov — 7 deals, $1.24 M of $3.1 M open\n"
        "▓▓▓▓▓░░ 5 of 7 decided · waiting: @Ana 2 answers, @Max 2 decisions\n"
        "In #C0WEST\n"
        "Deals as of Wed 25 Nov, 10:00."
    )


def test_a_rep_answers_from_home_and_does_not_decide() -> None:
    review = HomeReview(made.parent(), None, (made.line(),), decides=False)
    said = at_home(person=made.ANA, role=Role.REP, reviews=(review,))
    assert "[Answer]" in said
    assert "[Decide]" not in said


def test_before_deciding_begins_a_manager_sees_what_is_open_without_a_button() -> None:
    review = HomeReview(made.parent(deciding=False), None, (made.line(),), decides=True)
    assert "[Decide]" not in at_home(reviews=(review,))


def test_what_can_be_started_and_what_comes() -> None:
    action = HomeAction(made.NEXUS, made.NEXT)
    said = at_home(
        can_start=(made.WEST,),
        actions=(action,),
        upcoming=(Upcoming("review.cards", made.WEST, made.TEN),),
    )
    assert said == (
        "Nothing waits for you\n"
        "Start a review below, or wait for the scheduled one.\n"
        "Your next actions to come\n"
        "- Nexus Corp: “Book the economic buyer” by Tue 1 Dec\n"
        "Start something\n"
        "[Pipeline review · West]\n"
        "Coming up\n"
        "- West: deal cards · Wed 25 Nov, 10:00\n"
        "Deals as of Wed 25 Nov, 10:00."
    )


def test_empty_states_say_what_to_do_next() -> None:
    assert "When you are asked for answers, ratings or decisions, they stand here." in at_home()
    empty = at_home(is_admin=True, deals_as_of=None)
    assert (
        "No deals are here yet. Drop the CRM's export, a CSV file, into Messages here; or: "
        in empty
    )
    assert "No deals were imported yet." in empty
    done = HomeReview(made.parent(), None, (), decides=False, owns=True)
    assert "Your part of the open review is done." in at_home(reviews=(done,))
    without = replace(done, owns=False)
    assert "When you are asked for answers" in at_home(reviews=(without,))
    decides = replace(done, decides=True, review=replace(made.parent(), deciding=False))
    assert "In the open review you decide from " in at_home(reviews=(decides,))


def test_old_deals_are_called_old() -> None:
    assert "They are old: what is decided on them may be wrong." in at_home(deals_stale=True)


def test_home_of_a_stranger_names_who_can_help() -> None:
    stranger = Stranger([])
    stranger.admins = [("U0ADA", "Ada")]
    assert read(no_home(stranger)["blocks"]) == "You are not set up here yet. @Ada can add you."


def test_an_admin_sees_what_could_not_be_posted() -> None:
    said = at_home(is_admin=True, parked=(PARKED,) * 7)
    assert (
        "Could not be posted\n"
        "- Not posted: a deal card · West · in #C0WEST, since Wed 25 Nov, 10:00:"
        " the bot is not in the channel. Invite the bot to the channel again: then it is posted."
    ) in said
    assert "and 2 more" in said


def test_a_message_that_was_parked() -> None:
    shown = notices.parked(replace(PARKED, channel_id=None, to=made.ANA, error="odd_error"))
    assert read(shown.blocks) == (
        "Not posted: a deal card · West · to @Ana, since Wed 25 Nov, 10:00:"
        " Slack said odd_error. The log says more."
    )


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_message_has_a_name(kind: Kind) -> None:
    said = notices.parked(replace(PARKED, kind=kind)).text
    assert not said.startswith(f"Not posted: {kind} ·")


def test_a_message_that_was_mended() -> None:
    shown = notices.parked(replace(PARKED, mended=True, error=""))
    assert shown.text == (
        "Mended: a deal card · West · in <#C0WEST>, since Wed 25 Nov, 10:00:"
        " it is no longer held up. Nothing to do."
    )


def test_a_prompt_that_was_skipped() -> None:
    shown = notices.skipped(
        SkippedNotice(1, "review.cards", made.WEST, ZONE, made.TEN, "no_deals", None)
    )
    assert read(shown.blocks) == (
        "Skipped: deal cards of West, due Wed 25 Nov, 10:00:"
        " the team has no open deals: import them.\n"
        "`/pipeline-review` in the team's channel starts one at any time."
    )
    assert shown.text.startswith("Skipped: deal cards of West")


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("no_channel", "the team has no channel: an admin sets it."),
        ("no_decider", "the team has nobody who decides: an admin sets its manager."),
    ],
)
def test_what_the_setup_lacks_points_to_it(reason: str, why: str) -> None:
    skipped = SkippedNotice(1, "review.cards", made.WEST, ZONE, made.TEN, reason, None)
    said = read(notices.skipped(skipped).blocks).splitlines()
    assert said[0].endswith(f": {why}")
    assert said[1:] == ["`/cadence setup` does it."]


def test_deal_cards_that_wait_for_a_review_under_way_point_to_it() -> None:
    skipped = SkippedNotice(1, "review.cards", made.WEST, ZONE, made.TEN, "review_open", None)
    assert read(notices.skipped(skipped).blocks) == (
        "Skipped: deal cards of West, due Wed 25 Nov, 10:00:"
        " a review is under way, and goes on.\n"
        "`/pipeline-review` in the team's channel shows the one that is open."
    )


def test_deciding_that_was_skipped_can_still_be_done_while_its_review_is_open() -> None:
    skipped = SkippedNotice(
        1, "review.deciding", made.WEST, ZONE, made.TEN, "late", None, review_open=True,
        deciding=True,
    )  # fmt: skip
    assert read(notices.skipped(skipped).blocks).endswith("the buttons are on the cards.")
    later = replace(skipped, deciding=False)  # another one is open, and decides later
    assert read(notices.skipped(later).blocks).endswith("shows the one that is open.")
    over = replace(skipped, review_open=False, deciding=False)
    assert read(notices.skipped(over).blocks).endswith("starts one at any time.")
    assert notices.skipped(over).text == (
        "Skipped: deciding of West: the bot was away until it was too late."
    )


def test_what_one_outage_skipped_is_one_message() -> None:
    later = made.TEN + timedelta(days=2)
    others = (("review.cards", made.TEN - timedelta(days=1)), ("forecast.weekly", later))
    shown = notices.skipped(
        SkippedNotice(1, "review.deciding", made.WEST, ZONE, made.TEN, "late", None, others=others)
    )
    assert read(shown.blocks).splitlines() == [
        "3 prompts of West skipped: the bot was away until it was too late.",
        "- deal cards, due Tue 24 Nov, 10:00",
        "- /pipeline-review in the team's channel starts one at any time.",
        "- deciding, due Wed 25 Nov, 10:00",
        "- /pipeline-review in the team's channel starts one at any time.",
        "- Friday forecast, due Fri 27 Nov, 10:00",
        "- /cadence forecast says when the next one comes.",
    ]
    assert shown.text == "3 prompts of West skipped: the bot was away until it was too late."


def test_deciding_that_was_put_off() -> None:
    later = made.TEN + timedelta(days=2)
    put_off = SkippedNotice(1, "review.deciding", made.WEST, ZONE, made.TEN, "put_off", later)
    assert read(notices.skipped(put_off).blocks).splitlines()[0] == (
        "Put off: deciding of West, due Wed 25 Nov, 10:00:"
        " nobody who decides is there that day. It begins Fri 27 Nov, 10:00."
    )
    put_off = replace(put_off, reason="team_put_off", day_off="Off-site")
    assert read(notices.skipped(put_off).blocks).splitlines() == [
        "Put off: deciding of West, due Wed 25 Nov, 10:00:"
        " nobody of the team works that day (Off-site). It begins Fri 27 Nov, 10:00.",
        "Until then it can still be answered. Nothing else is to be done.",
    ]


def test_a_review_that_ended_without_a_grade() -> None:
    closed = ClosedShown(None, made.TEN, None, ReviewState.ABANDONED, 2)
    shown = ReviewEnded(5, made.WEST, made.TODAY, closed, 7, ("Orbit", "Halcyon"))
    assert read(notices.ended(shown).blocks) == (
        "Abandoned: pipeline review of West, Wed 25 Nov — 2 of 7 deals had no decision when the"
        " next one was due: Orbit, Halcyon.\n"
        "What was decided stands. It counts as abandoned."
    )
    not_held = replace(shown, closed=replace(closed, state=ReviewState.NOT_HELD))
    assert read(notices.ended(not_held).blocks).startswith(
        "Not held: pipeline review of West, Wed 25 Nov — nobody who decides was there"
    )


def test_who_was_named_deputy() -> None:
    shown = notices.deputy(DeputyTold(made.WEST, None, made.MAX))
    assert read(shown.blocks) == (
        "You are now the deputy of West.\n"
        "You may start its pipeline reviews, decide in them, correct and close them."
        " When @Max is out, you are the one who is asked."
    )
    over = notices.deputy(DeputyTold(made.WEST, None, made.MAX, ended_at=made.TEN))
    assert read(over.blocks) == "You were the deputy of West until Wed 25 Nov, 10:00."


def test_a_digest_that_was_skipped() -> None:
    shown = notices.skipped(SkippedNotice(1, "digest.morning", None, ZONE, made.TEN, "late", None))
    assert read(shown.blocks) == (
        "Skipped: your morning digest, due Wed 25 Nov, 10:00:"
        " the bot was away until it was too late.\n"
        "What it would have said stands at Home."
    )


@pytest.mark.parametrize(
    ("reason", "why", "way_out"),
    [
        (
            "nobody_there",
            "everybody who could run it is off that day, so it is excused.",
            "`/cadence forecast` says when the next one comes.",
        ),
        (
            "no_decider",
            "the team has nobody who decides: an admin sets its manager.",
            "`/cadence setup` does it.",
        ),
    ],
)
def test_a_forecast_that_was_skipped(reason: str, why: str, way_out: str) -> None:
    shown = notices.skipped(
        SkippedNotice(1, "forecast.weekly", made.WEST, ZONE, made.TEN, reason, None)
    )
    said = f"Skipped: Friday forecast of West, due Wed 25 Nov, 10:00: {why}\n{way_out}"
    assert read(shown.blocks) == said


@pytest.mark.parametrize(
    ("coaches", "buttons"),
    [
        (True, ["Pipeline review", "Status", "Open Home", "One-on-ones", "Log coaching"]),
        (False, ["Status", "Open Home", "Days off", "Messages", "What drives me"]),
    ],
)
def test_help_is_five_lines_that_one_can_use(coaches: bool, buttons: list[str]) -> None:
    shown = overview("T0NORTH", "A0CADENCE", coaches=coaches)
    said = read(shown.blocks).splitlines()
    assert [line.split(" [")[-1].removesuffix("]") for line in said[:5]] == buttons
    assert said[5:] == (["`/cadence forecast`: Friday's forecast of your team."] if coaches else [])
