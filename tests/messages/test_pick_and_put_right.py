"""The pick and Friday's list, in words."""

from dataclasses import replace
from datetime import timedelta

from handlers import MESSAGES
from handlers.home.messages import home
from handlers.ids import Id
from handlers.message import Rendered
from models.delivery import Kind
from models.flags import Flag, FlagCode
from models.pipeline_review import Gone
from models.screens import (
    DealShown,
    PickAdjusted,
    PickDm,
    PickRow,
    PutRightDm,
    RightRow,
    SkippedNotice,
    Why,
)
from sandbox.blocks import validate_view
from tests.messages import made
from tests.messages.made_home import home as a_home
from tests.reading import read

NEXUS = DealShown(7, "Nexus Corp", made.ANA, made.usd(180_000), made.PROPOSAL, made.TODAY, None)
WHY = Why(False, 0.15, False, 3, (Flag(FlagCode.QUIET, {"days": 16}),), False)
PICK = PickDm(
    pick_id=3, team=made.WEST, today=made.TODAY, cards_at=made.TEN,
    deals=(PickRow(NEXUS, WHY, None),), amount=made.usd(180_000), team_open=made.usd(450_000),
    adjusted=None, started=False, left_out=(), filled=(), ended=None,
)  # fmt: skip


def said(kind: Kind, shown: object) -> str:
    return read(MESSAGES[kind].render(shown).blocks).replace("\u00a0", " ")


def test_the_pick() -> None:
    assert said(Kind.REVIEW_PICK, PICK) == (
        "Pipeline review · West: the pick — 1 deal, $180 K of $450 K open (40 %)\n"
        "The cards come Wed 25 Nov, 10:00 about these deals. Add and drop until then; afterwards"
        " nothing is dropped.\n"
        "- Nexus Corp · $180,000 · Proposal · closes Wed 25 Nov · @Ana — 15 % of open amount ·"
        " closes in 3 days · no activity for 16 days\n"
        "[Adjust the pick]"
    )
    rendered: Rendered = MESSAGES[Kind.REVIEW_PICK].render(PICK)
    button = rendered.blocks[-1]["elements"][0]
    assert (button["action_id"], button["value"]) == (Id.ADJUST_PICK, "3")


def test_adjusted_and_what_will_be_left_out() -> None:
    by = PickAdjusted(made.LEA, made.TEN, ("Orbit",), ("Tern", "Vale"))
    gone = PickRow(NEXUS, WHY, Gone.LEFT)
    text = said(Kind.REVIEW_PICK, replace(PICK, adjusted=by, deals=(gone,)))
    assert "Adjusted by @Lea, Wed 25 Nov, 10:00: added Orbit; dropped Tern, Vale" in text
    assert "@Ana — with another team now: it will be left out" in text
    back = replace(PICK, adjusted=replace(by, added=(), dropped=()))
    assert "10:00: back to the score's pick" in said(Kind.REVIEW_PICK, back)


def test_when_the_cards_are_out_or_never_come() -> None:
    out = replace(PICK, started=True, left_out=(("Orbit", Gone.CLOSED),), filled=("Tern",))
    assert said(Kind.REVIEW_PICK, out) == (
        "Pipeline review · West: started, its cards go to #C0WEST — 1 deal\n"
        "Left out, since picked: Orbit (closed in the CRM)\n"
        "In their place, the next best: Tern\n"
        "Nexus Corp"
    )
    none = said(Kind.REVIEW_PICK, replace(PICK, ended="review_open"))
    assert none.endswith("No cards came of this pick: a review is under way, and goes on.")


def test_what_is_to_be_put_right() -> None:
    before = made.TODAY - timedelta(days=4)
    row = RightRow(
        replace(NEXUS, stage=made.DISCOVERY, close_on=None, url="https://crm.example/7"),
        made.PROPOSAL, (before,), (Flag(FlagCode.NO_AMOUNT, {}),),
    )  # fmt: skip
    shown = PutRightDm(made.WEST, made.TODAY, (row,), ("Orbit",))
    assert said(Kind.PUT_RIGHT, shown) == (
        "Before Monday, in the CRM: 1 deal of yours to put right\n"
        "Monday's health check is made of what the CRM says then.\n"
        "- Nexus Corp — Discovery was decided, the CRM says Proposal · close date none was decided,"
        " the CRM says Sat 21 Nov · no amount\n"
        "In order by now: Orbit"
    )
    many = replace(shown, rows=(row,) * 13)
    assert "and 3 more" in said(Kind.PUT_RIGHT, many)
    view = home(a_home(put_right=many))
    assert validate_view(view) == []
    assert read(view["blocks"]).startswith(f"What waits for you\n{said(Kind.PUT_RIGHT, many)}")
    done = replace(shown, rows=())
    assert said(Kind.PUT_RIGHT, done) == "Before Monday, in the CRM\nAll is in order. Thank you."


def test_skipped_it_says_what_makes_up_for_it() -> None:
    for prompt, rest in (
        ("review.pick", "The cards come all the same, about what the score picks then."),
        ("crm.put_right", "Monday's health check names the same deals."),
    ):
        notice = SkippedNotice(1, prompt, made.WEST, made.WEST.zone, made.TEN, "late", None)
        assert said(Kind.SCHEDULE_SKIPPED, notice).endswith(rest)
