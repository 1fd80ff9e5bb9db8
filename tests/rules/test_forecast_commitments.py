"""Weekly commitments: set on a Friday, decided by the data alone, seen by the rep and the chain."""

from datetime import date, timedelta
from itertools import count, pairwise

import pytest
from sqlalchemy.orm import Session

from models import forecast
from models.absences import put_absence
from models.activities import Activity
from models.deals import Deal, Field, Import, ImportKind
from models.forecast import Checked, CommitmentUnfit, Numbers, Result, Step, WeekResult
from models.people import get_person, team
from models.screens import CommitmentsForm, forecast_step, home
from tests.forecasts import DAY, FRIDAY, MINUTE, WEEK, a_forecast, done
from tests.world import NOW, World, a_change, a_deal, an_import

WEEK_OF = date(2026, 11, 23)  # its Monday
_numbers = count(1)


def agreed(session: Session, world: World, activities: int | None, conversions: int | None) -> None:
    """Last Friday Ana committed to so much for this week."""
    numbers = {world.ana: Numbers(activities, conversions)}
    done(session, world, FRIDAY - WEEK, committed=numbers)


def told(session: Session, first: date, last: date) -> Import:
    """A file of activities that told of these days."""
    taken = an_import(session, FRIDAY)
    taken.kind, taken.covers_from, taken.covers_until = ImportKind.ACTIVITIES, first, last
    session.flush()
    return taken


def contact(session: Session, deal: Deal, on: date, taken: Import) -> None:
    session.add(
        Activity(
            external_id=f"A-{next(_numbers)}", deal_id=deal.id, on_day=on, import_id=taken.id,
            at=None, kind="Call", who=None,
        )
    )  # fmt: skip
    session.flush()


def result(session: Session, world: World) -> WeekResult:
    ana = get_person(session, world.ana)
    return forecast.results(session, team(session, world.team), [ana], WEEK_OF)[ana.id]


def test_an_older_form_undoes_nothing(session: Session, world: World) -> None:
    made = a_forecast(session, world)
    max_ = get_person(session, world.max)
    forecast.begin(session, max_, made.id, FRIDAY)
    both = {world.ana: Numbers(10, 1), world.ben: Numbers(10, 1)}
    forecast.save_commitments(session, max_, made.id, both, FRIDAY, {})
    at = WEEK_OF + timedelta(days=7)
    seen = {who: one.id for who, one in forecast.committed(session, both, at).items()}
    changed = {world.ben: Numbers(20, 1)}
    forecast.save_commitments(session, max_, made.id, changed, FRIDAY, seen)
    mine = {world.ana: Numbers(11, 1), world.ben: Numbers(10, 1)}
    forecast.save_commitments(session, max_, made.id, mine, FRIDAY, seen)
    stands = forecast.committed(session, both, at)
    assert stands[world.ana].activities == 11
    assert stands[world.ben].activities == 20
    mine = {world.ben: Numbers(12, 1)}
    with pytest.raises(forecast.ChangedMeanwhile) as refused:
        forecast.save_commitments(session, max_, made.id, mine, FRIDAY, seen)
    assert refused.value.person_id == world.ben


@pytest.mark.parametrize(
    ("committed", "until", "expected"),
    [
        (2, WEEK_OF, Result.HIT),  # reached, whatever else is known
        (3, DAY, Result.MISSED),
        (3, DAY - timedelta(days=1), Result.NOT_CHECKED),  # nobody told of Friday
    ],
)
def test_activities_are_decided_by_what_files_told(
    session: Session, world: World, committed: int, until: date, expected: Result
) -> None:
    agreed(session, world, committed, None)
    taken = told(session, WEEK_OF - WEEK, until)
    deal = a_deal(session, world.ana)
    for on in (WEEK_OF, WEEK_OF, WEEK_OF - timedelta(days=1)):
        contact(session, deal, on, taken)
    contact(session, a_deal(session, world.ben), WEEK_OF, taken)
    assert result(session, world) == WeekResult(Checked(committed, 2, expected), None)


def test_files_that_never_name_the_team_accuse_nobody(session: Session, world: World) -> None:
    agreed(session, world, 3, None)
    told(session, WEEK_OF, DAY)
    activities = result(session, world).activities
    assert activities is not None
    assert activities.result is Result.NOT_CHECKED


def test_a_deal_handed_on_keeps_what_was_done_on_it(session: Session, world: World) -> None:
    agreed(session, world, 1, 1)
    taken = told(session, WEEK_OF, DAY)
    deal = a_deal(session, world.ben, "Proposal")  # Ana's until Wednesday evening
    a_change(session, deal, Field.OWNER, str(world.ana), str(world.ben), NOW + timedelta(days=1))
    discovery, proposal = (str(world.stages[name]) for name in ("Discovery", "Proposal"))
    a_change(session, deal, Field.STAGE, discovery, proposal, NOW)
    contact(session, deal, WEEK_OF, taken)
    contact(session, deal, DAY, taken)
    found = result(session, world)
    assert (found.activities, found.conversions) == (
        Checked(1, 1, Result.HIT), Checked(1, 1, Result.HIT)
    )  # fmt: skip


def test_weeks_asked_for_at_once_are_each_counted_alone(session: Session, world: World) -> None:
    agreed(session, world, 2, 1)
    done(session, world, FRIDAY, committed={world.ana: Numbers(1, 1)})
    taken = told(session, WEEK_OF - WEEK, DAY + WEEK)
    deal, stages = a_deal(session, world.ana, "Proposal"), world.stages
    for on in (WEEK_OF - WEEK, WEEK_OF, DAY, WEEK_OF + WEEK):
        contact(session, deal, on, taken)
    discovery, proposal = (str(stages[name]) for name in ("Discovery", "Proposal"))
    a_change(session, deal, Field.STAGE, discovery, proposal, NOW)
    weeks = WEEK_OF - WEEK, WEEK_OF, WEEK_OF + WEEK
    ana, of_team = get_person(session, world.ana), team(session, world.team)
    found = forecast.results_by_week(session, of_team, [ana], weeks)
    assert found == {week: forecast.results(session, of_team, [ana], week) for week in weeks}
    done_of = {
        week: (one.activities and one.activities.done, one.conversions and one.conversions.done)
        for week, by_person in found.items()
        for one in by_person.values()
    }
    assert done_of == {WEEK_OF: (2, 1), WEEK_OF + WEEK: (1, 0)}


def test_a_conversion_is_a_deal_that_stands_further_on_after_the_week(
    session: Session, world: World
) -> None:
    agreed(session, world, None, 4)
    stages = {name: str(stage_id) for name, stage_id in world.stages.items()}

    def moves(*names: str, since: timedelta = timedelta()) -> None:
        deal = a_deal(session, world.ana)
        steps = pairwise(names)
        for minute, (before, after) in enumerate(steps):
            at = NOW + since + minute * MINUTE
            a_change(session, deal, Field.STAGE, stages[before], stages[after], at)

    moves("Qualified", "Discovery", "Proposal")  # one deal, once
    moves("Negotiation", "Closed Won")
    moves("Qualified", "Discovery", "Qualified")  # corrected
    moves("Proposal", "Closed Lost")
    moves("Proposal", "Discovery")
    moves("Qualified", "Discovery", since=-WEEK)
    moves("Qualified", "Discovery", since=WEEK)
    found = result(session, world).conversions
    # the imports of these changes are the deals' newest word, and lie after Friday began
    assert found == Checked(4, 2, Result.MISSED)


def test_conversions_are_missed_only_once_deals_of_friday_are_here(
    session: Session, world: World
) -> None:
    agreed(session, world, None, 1)
    an_import(session, FRIDAY - timedelta(days=1))
    conversions = result(session, world).conversions
    assert conversions is not None
    assert conversions.result is Result.NOT_CHECKED
    an_import(session, FRIDAY)
    conversions = result(session, world).conversions
    assert conversions is not None
    assert conversions.result is Result.MISSED


def test_who_was_off_all_week_missed_nothing(session: Session, world: World) -> None:
    agreed(session, world, 5, None)
    contact(session, a_deal(session, world.ben), WEEK_OF, told(session, WEEK_OF, DAY))
    put_absence(session, get_person(session, world.ana), WEEK_OF, DAY, NOW)
    activities = result(session, world).activities
    assert activities is not None
    assert activities.result is Result.OFF


def test_next_weeks_numbers_start_with_this_weeks(session: Session, world: World) -> None:
    agreed(session, world, 20, 2)
    made, boss = a_forecast(session, world), get_person(session, world.max)
    shown = forecast_step(session, boss, made.id, FRIDAY, Step.COMMITMENTS)
    assert isinstance(shown, CommitmentsForm)
    assert shown.people is not None
    assert [one.start for one in shown.people] == [Numbers(20, 2), *[Numbers(None, None)] * 2]
    assert [one.result is None for one in shown.people] == [False, False, False]
    entries = dict.fromkeys((world.ana, world.ben, world.cleo), Numbers(25, None))
    for given in (entries, entries, entries | {world.ana: Numbers(26, None)}):
        forecast.save_commitments(session, boss, made.id, given, FRIDAY)
    trail = [
        (one.activities, one.is_current)
        for one in forecast.all_commitments(session, made.id)
        if one.person_id == world.ana
    ]
    assert trail == [(25, False), (26, True)]


@pytest.mark.parametrize("numbers", [Numbers(-1, 1), Numbers(0, 1), Numbers(1, 1000)])
def test_numbers_have_their_bounds(session: Session, world: World, numbers: Numbers) -> None:
    made, boss = a_forecast(session, world), get_person(session, world.max)
    with pytest.raises(CommitmentUnfit) as refused:
        forecast.save_commitments(session, boss, made.id, {world.ana: numbers}, FRIDAY)
    assert refused.value.person_id == world.ana


def test_a_rep_who_left_is_left_out(session: Session, world: World) -> None:
    made, boss = a_forecast(session, world), get_person(session, world.max)
    get_person(session, world.ana).active = False
    session.flush()
    given = {world.ana: Numbers(1, 1), world.ben: Numbers(2, 2)}
    assert forecast.save_commitments(session, boss, made.id, given, FRIDAY) == (world.ana,)
    assert [one.person_id for one in forecast.all_commitments(session, made.id)] == [world.ben]


def test_a_rep_sees_their_own_weeks(session: Session, world: World) -> None:
    agreed(session, world, 20, 2)
    ana, ben = get_person(session, world.ana), get_person(session, world.ben)
    [week] = home(session, ana, FRIDAY).forecast.weeks
    assert (week.monday, week.result.activities) == (
        WEEK_OF, Checked(20, 0, Result.NOT_CHECKED)
    )  # fmt: skip
    assert home(session, ben, FRIDAY).forecast.weeks == ()
    assert home(session, get_person(session, world.max), FRIDAY).forecast.weeks == ()
