"""How often people press and how many words they type for a job: what `make bench` reckons with.

A button, a radio button, a box: one press; a menu or a date: two, to open it and to choose; a
question whether one is sure: one more. Fields of text are reached by the Tab key.
"""

from datetime import timedelta
from typing import Any

from benchmarks.attention import (
    ANSWER,
    CLOSE,
    CONFIRM,
    COVER,
    DECIDE,
    FINISH,
    FORECAST,
    LOG,
    LOG_CHOSEN,
    RATE,
    START,
    Job,
)
from handlers.ids import Id
from models.delivery import Kind
from sandbox.person import ActingPerson, Seen
from tests.forecasts import FRIDAY, put_friday
from tests.scenarios.floor import WEST, Floor, six_deals
from tests.scenarios.sessions import MINUTE, WED, card, newest, nexts, options
from tests.scenarios.test_health_check import listed, monday

ONE = {"radio_buttons", "checkboxes"}
TYPED = {"plain_text_input", "number_input"}
TOLD = {
    "feedback": "You named the price and waited",
    "next_step": "Name the price in the first five minutes",
}


class Hands:
    """A person's hands. `presses` and `words`: so far."""

    def __init__(self, person: ActingPerson) -> None:
        self.person, self.presses, self.words = person, 0, 0

    def click(self, where: Seen, element: str, value: Any = None, block: str | None = None) -> None:
        _, found = where.element(element, block)
        self.presses += self._price(found["type"], value) + ("confirm" in found)
        outcome = self.person.click(where, element, value, block_id=block)
        assert outcome["ok"], self.person.notices()

    def types(self, command: str) -> None:
        self.words += len(command.split())
        self.person.command(WEST, command)
        assert self.person.modal is not None

    def chooses(self, element: str, value: Any) -> None:
        """In the modal."""
        assert self.person.modal is not None
        self.click(self.person.modal, element, value)

    def submits(self, **values: Any) -> None:
        modal = self.person.modal
        assert modal is not None
        asked = {one["block_id"]: one["element"] for one in modal.blocks if "element" in one}
        for name, value in values.items():
            kind = asked[name]["type"]
            if kind in TYPED:
                self.words += len(value.split())
            else:
                self.presses += self._price(kind, value)
        self.presses += 1
        outcome = self.person.submit(values)
        assert outcome["ok"], outcome

    @staticmethod
    def _price(kind: str, value: Any) -> int:
        if kind == "button" or kind in ONE:
            return 1
        return 1 + (len(value) if isinstance(value, list) else 1)

    def did(self, job: Job) -> None:
        assert (self.presses, self.words) == (job.presses, job.words)


def test_a_one_on_one_from_start_to_rating(reminded: Floor) -> None:
    reminded.later(WED)
    starts = Hands(reminded.max)
    starts.click(card(reminded, reminded.max), "Start")
    starts.did(START)
    reminded.deliver()

    finishes = Hands(reminded.max)
    finishes.click(card(reminded, reminded.max), "Finish")
    assert reminded.max.modal is not None
    finishes.chooses("one_on_one.choose_deals", options(reminded.max.modal, "Nexus Corp"))
    said = nexts(reminded.max.modal, **{"Nexus Corp": "Book the economic buyer"})
    finishes.submits(**TOLD, focus="negotiation", **said)
    finishes.did(FINISH)
    reminded.deliver()

    confirms = Hands(reminded.ana)
    confirms.click(newest(reminded, reminded.ana, Kind.COACHING_PERSON), "That's right")
    confirms.did(CONFIRM)

    reminded.later(WED + 45 * MINUTE)
    rates = Hands(reminded.ana)
    rates.click(newest(reminded, reminded.ana, Kind.ONE_ON_ONE_RATING), "4 🙂")
    rates.did(RATE)


def test_coaching_logged_from_anywhere(floor: Floor) -> None:
    logs = Hands(floor.max)
    logs.types("/log-coaching <@U0ANA>")
    logs.submits(**TOLD, focus="negotiation")
    logs.did(LOG)


def test_coaching_logged_with_somebody_whom_one_chooses(floor: Floor) -> None:
    logs = Hands(floor.max)
    logs.types("/log-coaching")
    logs.chooses(Id.CHOOSE_PERSON, "Ana")
    logs.submits(**TOLD, focus="negotiation")
    logs.did(LOG_CHOSEN)


def test_a_deal_answered_decided_and_closed(review: Floor) -> None:
    answers = Hands(review.ana)
    answers.click(review.card("Nexus"), "Answer")
    answers.submits(
        review_meeting="held",
        **{"review_meeting.on": "2026-11-20"},
        objection="Price against the incumbent",
        reply="Six weeks to go live, with one team",
    )
    answers.did(ANSWER)

    decides = Hands(review.max)
    decides.click(review.card("Nexus"), "Decide")
    decides.chooses(Id.CHOOSE_DECISION, "hold")
    decides.submits(reason="Their board meets in December", next_text="Send Dana the paper")
    decides.did(DECIDE)
    review.hold_all()

    closes = Hands(review.max)
    closes.click(review.parent(), "Close review")
    closes.did(CLOSE)


def test_a_coverage_conversation_logged_from_the_list(floor: Floor) -> None:
    monday(floor)
    covers = Hands(floor.max)
    first = next(one for one in listed(floor).blocks if one["type"] == "actions")
    covers.click(listed(floor), "Log it", block=first["block_id"])
    covers.submits(**TOLD, focus="pipeline hygiene")
    covers.did(COVER)


def test_a_forecast_as_it_is_prefilled(floor: Floor) -> None:
    six_deals(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        put_friday(session, floor.world)
    floor.later(FRIDAY)
    asks = Hands(floor.max)
    asks.click(newest(floor, floor.max, Kind.FORECAST_CARD), "Start")
    while floor.max.modal is not None and floor.max.modal.submit is not None:
        asks.submits()
    asks.did(FORECAST)
    assert timedelta(seconds=FORECAST.seconds) < timedelta(minutes=20)
