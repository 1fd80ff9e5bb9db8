"""A quarter of a team of ten in three zones, in which nothing is lost, doubled or late (product.md,
"The week"): what came of it is held against what is worked out from the list of what happened.
"""

from collections import Counter
from datetime import date

import pytest

from models.delivery import Kind
from tests.quarter.calendars import clock, local_date
from tests.quarter.compare import differences
from tests.quarter.expected import Expected
from tests.quarter.found import Found, found
from tests.quarter.office import at_work
from tests.quarter.play import play
from tests.quarter.prompts import DECIDING, FORECAST, HEALTH, PUT_RIGHT
from tests.quarter.team import BERLIN, MELBOURNE, NEW_YORK, TEAM_ZONE
from tests.reused import Reused


def played(url: str, reused: Reused, weeks: int, seed: int) -> tuple[Found, Expected]:
    with reused.at(url) as database, at_work(database) as office:
        play(office, weeks, seed)
        return found(office), Expected(office.events, office.posted, office.now())


@pytest.mark.timeout(1800)
def test_a_quarter(sqlite_url: str, reused: Reused) -> None:
    came, expected = played(sqlite_url, reused, 13, seed=7)
    unlike = differences(came, expected)
    assert not unlike, "\n".join(unlike)
    _check_that_it_happened(came, expected)


@pytest.mark.timeout(1800)
def test_its_first_weeks_on_postgresql(postgresql_url: str, reused: Reused) -> None:
    """Until the Monday after Melbourne's clocks went forward."""
    came, expected = played(postgresql_url, reused, 4, seed=11)
    unlike = differences(came, expected)
    assert not unlike, "\n".join(unlike)
    assert len(came.posted) > 200


def _check_that_it_happened(came: Found, expected: Expected) -> None:
    """The quarter holds what it is meant to: nothing above passes for want of it."""
    states = Counter(talk.state for talk in expected.meetings.talks.values())
    excuses = Counter(talk.excuse for talk in expected.meetings.talks.values())
    assert min(states[one] for one in ("held", "cancelled", "missed", "excused")) > 0, states
    assert {"coach_off", "person_off"} <= {*excuses}, excuses
    reasons = {one.reason for one in expected.due}
    assert {"late", "day_off", "put_off", "not_held", "no_review"} <= reasons, reasons
    assert {"fresh", "nobody_there"} <= reasons, reasons
    off = [one for one in expected.due if one.reason == "team_off"]
    assert {one.prompt for one in off} == {HEALTH, DECIDING, FORECAST, PUT_RIGHT}, off
    assert any(one.put_off and one.day == date(2026, 10, 22) for one in expected.due)
    waited = {one.at for one in came.posted if one.kind is Kind.FORECAST_CARD}
    assert any(clock(at, TEAM_ZONE) == "15:40" for at in waited), "until the manager sold no more"
    said = {state for state, _ in came.conversations.values()}
    assert {"kept", "missed", "excused"} <= said, said
    assert {"done", "late", "missed"} <= {state for _, state, _ in came.forecasts.values()}
    assert any(one.thread for one in came.posted if one.to)
    assert {"closed", "abandoned", "not_held"} <= {one.state for one in expected.reviews.all}
    assert sum(bool(one.wanted) for one in expected.reviews.all) >= 2
    assert expected.breaches
    kinds = {message.kind for message in expected.mail.messages if message.at is not None}
    assert len(kinds) >= 16, kinds
    ends = Counter(event.whom for event in came.events if event.what == "killed")
    assert len(ends) >= 7, ends
    refused = {event.what for event in came.events if not event.ok}
    assert {"finish", "cancel", "close"} <= refused, refused
    days = [
        (MELBOURNE, date(2026, 10, 4)),
        (BERLIN, date(2026, 10, 25)),
        (NEW_YORK, date(2026, 11, 1)),
    ]
    for zone, changes in days:
        posted = {local_date(one.at, zone) for one in came.posted}
        assert min(posted) < changes < max(posted)
