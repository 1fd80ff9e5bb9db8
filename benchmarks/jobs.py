"""What people press most, each as the requests that Slack would send for it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from benchmarks.click import Job, Payload
from handlers.coaching import modals as coaching_modals
from handlers.coaching.modals import LogMeta
from handlers.pipeline_review import modals
from handlers.ratings import messages
from models.base import Database
from models.coaching import CoachingLog
from models.delivery import Delivery, DeliveryState
from models.people import Person, get_person
from models.pipeline_review import (
    Decision,
    DecisionKind,
    ReviewKind,
    review_deals,
    start_review,
)
from models.ratings import Rating
from models.screens import decide_form, log_form, rating_asked
from sandbox.values import state
from tests.sittings import TEN, a_one_on_one, asking
from tests.world import NOW, World, a_deal, a_rep, a_team

TEAMS = 40
DEALS = 10  # in each review: the most that one takes
REPS = 10  # of each team
LATER = NOW + timedelta(minutes=5)


def submission(
    view: dict[str, Any], actor: Person, number: int, entered: dict[str, Any]
) -> Payload:
    """The payload of a modal as a person filled it in."""
    values, errors = state(view["blocks"], entered)
    if errors:
        raise SystemExit(f"the benchmark fills the modal wrongly: {errors}")
    opened = {"id": f"V{number}", "hash": str(number), "state": {"values": values}}
    return _from(actor, number) | {"type": "view_submission", "view": view | opened}


def click(blocks: list[dict[str, Any]], actor: Person, number: int) -> Payload:
    """The payload of one button of a direct message, each time another one."""
    block = next(each for each in blocks if each["type"] == "actions")
    pressed = block["elements"][number % len(block["elements"])]
    ts = f"{1_795_000_000 + number}.000100"
    channel = {"id": f"D{actor.slack_id}", "name": "directmessage"}
    at = {"message_ts": ts, "channel_id": channel["id"], "is_ephemeral": False}
    return _from(actor, number) | {
        "type": "block_actions",
        "container": {"type": "message"} | at,
        "channel": channel,
        "message": {"type": "message", "user": "U0BOT", "ts": ts, "blocks": blocks},
        "response_url": f"http://127.0.0.1:9/actions/T0NORTH/{number}",
        "actions": [pressed | {"block_id": block["block_id"], "action_ts": f"{ts}1"}],
    }


def _from(actor: Person, number: int) -> Payload:
    return {
        "team": {"id": "T0NORTH", "domain": "north"},
        "user": {"id": actor.slack_id, "username": actor.name.lower(), "team_id": "T0NORTH"},
        "trigger_id": f"{number}.1.a",
    }


def _reps(session: Session, world: World, number: int) -> list[Person]:
    """The reps of another of Max's teams."""
    made = a_team(session, f"T{number}", manager_id=world.max, channel_id=f"C{number}")
    return [a_rep(session, made, f"U{number}N{n}", f"Rep {number} {n}") for n in range(REPS)]


# --- deciding


def decisions(database: Database, world: World) -> list[Payload]:
    """A review in each team, and a decision about each of its deals."""
    payloads: list[Payload] = []
    for number in range(TEAMS):
        with database.transaction(world.workspace_id) as session:
            boss = get_person(session, world.max)
            made = a_team(session, f"T{number}", manager_id=boss.id, channel_id=f"C{number}")
            rep = a_rep(session, made, f"U{number}", f"Rep {number}")
            deals = [a_deal(session, rep.id, "Proposal", name=f"D{n}") for n in range(DEALS)]
            review = start_review(
                session, boss, made, [deal.id for deal in deals], NOW,
                kind=ReviewKind.AD_HOC, decide_from=NOW,
            )  # fmt: skip
            for entry in review_deals(session, review.id):
                form = decide_form(session, boss, entry.id, LATER)
                entered = {
                    "reason": "Their budget holder is away until the board meets",
                    "next_text": "Send the revised price to their board",
                    "next_owner": rep.slack_id,
                    "next_due": (LATER.date() + timedelta(days=7)).isoformat(),
                    "decision": DecisionKind.HOLD.value,
                }
                view = modals.decide(form, DecisionKind.HOLD)
                payloads.append(submission(view, boss, len(payloads), entered))
    return payloads


# --- rating


def ratings(database: Database, world: World) -> list[Payload]:
    """A one-on-one of each rep that is over, the message that asks about it, and a first press."""
    payloads: list[Payload] = []
    for number in range(TEAMS):
        with database.transaction(world.workspace_id) as session:
            for rep in _reps(session, world, number):
                held = a_one_on_one(session, world.max, rep.id, TEN)
                shown = rating_asked(session, asking(session, held).subject_id, LATER)
                if shown is None:
                    raise SystemExit("the benchmark has nothing to rate")
                payloads.append(click(messages.asked(shown).blocks, rep, len(payloads)))
            session.execute(update(Delivery).values(state=DeliveryState.POSTED, ts="1.0", shown=1))
    return payloads


# --- logging coaching


def logs(database: Database, world: World) -> list[Payload]:
    """Coaching logs about the reps of one more team, one after the other and again."""
    payloads: list[Payload] = []
    with database.transaction(world.workspace_id) as session:
        boss = get_person(session, world.max)
        for rep in _reps(session, world, 0) * TEAMS:
            shown = log_form(session, boss, LATER, person_id=rep.id)
            entered = {
                "focus": "negotiation",
                "feedback": "Let silence work after naming the price, then ask",
                "next_step": "Two calls without filling the pause",
                "next_on": (LATER.date() + timedelta(days=7)).isoformat(),
            }
            view = coaching_modals.log(shown, LogMeta())
            payloads.append(submission(view, boss, len(payloads), entered))
    return payloads


JOBS = (
    Job("One signed click that decides", LATER, decisions, Decision),
    Job("One signed click that rates a one-on-one", LATER, ratings, Rating),
    Job("One signed submission that logs coaching", LATER, logs, CoachingLog),
)
