"""Monday's check: what is found, what was put right, what is said in the channel and to whom."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from handlers import MESSAGES
from models.activities import Activity
from models.coaching import TalkState, talks_of
from models.deals import Deal, Field, Import, ImportKind, set_stage
from models.delivery import Delivery, DeliveryState, Kind, find
from models.flags import FlagCode
from models.health_check import HealthFlag, check_team, flags_of, follow_import, reminded
from models.next_actions import set_next_action
from models.people import Person, Quota, get_person, put_workspace, team
from models.roster import put_person
from models.screens import health_flags, health_summary, quotas_missing, talks_dm
from models.setup import save_quotas
from models.standards import Standards
from models.week_agenda import set_agenda
from tests.health import MONDAY, NINE, a_check, the_check
from tests.reading import read
from tests.world import (
    QUOTA,
    World,
    a_change,
    a_deal,
    a_quota,
    a_rep,
    a_team,
    an_import,
    prove,
    stage_named,
)

WEEK = timedelta(days=7)
BEFORE, THEN = MONDAY - WEEK, NINE - WEEK
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NEXT_QUARTER = (date(2027, 1, 1), date(2027, 3, 31))


@pytest.fixture(autouse=True)
def _fresh(session: Session, world: World) -> None:
    """Deals of an hour ago."""
    an_import(session, NINE - HOUR)


def deliveries(session: Session) -> list[tuple[Kind, str]]:
    found = session.scalars(select(Delivery).order_by(Delivery.id))
    return [(one.kind, one.channel_id or get_person(session, one.person_id or 0).name)
            for one in found]  # fmt: skip


def said(session: Session, kind: Kind, subject: int) -> str:
    message = MESSAGES[kind]
    shown = message.load(session, subject, NINE)
    assert shown is not None
    return read(message.render(shown).blocks)


def asks(session: Session) -> list[int]:
    """The subjects of the messages to who decides."""
    of_kind = select(Delivery.subject_id).where(Delivery.kind == Kind.HEALTH_TALKS)
    return list(session.scalars(of_kind.order_by(Delivery.id)))


def next_action(session: Session, world: World, deal: Deal, now: Any = NINE - HOUR) -> None:
    set_next_action(
        session, deal.id, "Send the price", deal.owner_id, MONDAY + WEEK, world.max, now
    )


# --- what is found


def test_every_open_deal_is_checked_once(session: Session, world: World) -> None:
    past = a_deal(session, world.ana, close_on=MONDAY - timedelta(days=3))
    fine = a_deal(session, world.ben, close_on=MONDAY + WEEK)
    a_deal(session, world.ben, "Closed Won", closed_on=MONDAY)
    next_action(session, world, fine)
    a_check(session, world)
    check = the_check(session, world)
    found = {(flag.deal_id, flag.code) for flag in flags_of(session, check.id)}
    assert found == {(past.id, FlagCode.CLOSE_PAST), (past.id, FlagCode.NO_NEXT_ACTION)}
    assert (check.figures["deals"], check.figures["flagged"]) == (2, 1)
    owed = deliveries(session)
    assert owed == [
        (Kind.HEALTH_SUMMARY, world.channel),
        (Kind.HEALTH_FLAGS, world.channel),
        (Kind.HEALTH_TALKS, "Max"),
        (Kind.HEALTH_REMINDER, "Max"),
    ]
    a_check(session, world)
    assert deliveries(session) == owed
    assert len(list(session.scalars(select(HealthFlag)))) == 2


def test_what_nobody_told_is_not_checked_and_accuses_nobody(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal", entered_at=NINE - timedelta(days=5))
    a_change(session, deal, Field.STAGE, "2", "4", NINE - timedelta(days=5))
    a_check(session, world)
    check = the_check(session, world)
    assert check.figures["not_checked"] == 1
    assert FlagCode.STAGE_UNLOGGED not in check.figures["kinds"]
    assert "not checked for 1 deal" in said(session, Kind.HEALTH_SUMMARY, check.id)


# --- what was put right


def test_who_was_fixed_stands_first(session: Session, world: World) -> None:
    ours = [a_deal(session, world.ana, name=f"Deal {n}") for n in range(3)]
    bens = a_deal(session, world.ben, name="Orbit", close_on=BEFORE - WEEK)
    a_check(session, world, BEFORE, THEN)
    for deal in ours[:2]:
        next_action(session, world, deal)
    set_stage(session, bens, stage_named(session, "Closed Lost"), NINE - HOUR, decision_id=1)
    bens.crm_stage_id = bens.stage_id
    a_check(session, world)
    check = the_check(session, world)
    lines = said(session, Kind.HEALTH_SUMMARY, check.id).splitlines()
    assert lines[2:5] == [
        "Put right since Mon 23 Nov",
        "- @Ana 2 flags: Deal 0, Deal 1",
        "- @Ben 2 flags: Orbit",
    ]


@pytest.mark.parametrize("stage", ["Closed Won", "Closed Lost"])
def test_a_deal_that_a_decision_closed_is_not_put_right_before_the_crm_says_so(
    session: Session, world: World, stage: str
) -> None:
    deal = a_deal(session, world.ana)
    a_check(session, world, BEFORE, THEN)
    set_stage(session, deal, stage_named(session, stage), NINE - HOUR, decision_id=1)
    a_check(session, world)
    assert the_check(session, world).figures["put_right"] == []


def test_a_deal_that_went_to_another_team_was_not_put_right(session: Session, world: World) -> None:
    east = a_team(session, "East", manager_id=world.lea)
    eli = a_rep(session, east, "U0ELI", "Eli")
    deal = a_deal(session, world.ana)
    a_check(session, world, BEFORE, THEN)
    deal.owner_id = eli.id
    session.flush()
    a_check(session, world)
    assert the_check(session, world).figures["put_right"] == []


def test_what_can_no_longer_be_checked_was_not_put_right(session: Session, world: World) -> None:
    """The stage changed again, and of those days no file of activities told."""
    deal = a_deal(session, world.ana, "Proposal", entered_at=THEN - timedelta(days=20))
    next_action(session, world, deal, THEN - WEEK)
    a_change(session, deal, Field.STAGE, "2", "3", THEN - timedelta(days=20))
    told = an_import(session, THEN - HOUR)
    told.kind = ImportKind.ACTIVITIES
    told.covers_from, told.covers_until = BEFORE - timedelta(days=90), BEFORE
    other = a_deal(session, world.ana)
    next_action(session, world, other, THEN - WEEK)
    session.add(
        Activity(
            external_id="A-1", deal_id=other.id, on_day=BEFORE - timedelta(days=20),
            import_id=told.id,
        )
    )  # fmt: skip
    session.flush()
    a_check(session, world, BEFORE, THEN)
    codes = [flag.code for flag in flags_of(session, the_check(session, world, BEFORE).id)]
    assert FlagCode.STAGE_UNLOGGED in codes
    a_change(session, deal, Field.STAGE, "3", "4", NINE - 2 * HOUR)
    deal.stage_entered_at = NINE - 2 * HOUR
    session.flush()
    a_check(session, world)
    right = the_check(session, world).figures["put_right"]
    assert FlagCode.STAGE_UNLOGGED not in [code for one in right for code in one["codes"]]


def test_a_late_next_action_in_place_of_none_is_not_put_right(
    session: Session, world: World
) -> None:
    deal = a_deal(session, world.ana)
    a_check(session, world, BEFORE, THEN)
    set_next_action(
        session, deal.id, "Send the price", world.ana, MONDAY - timedelta(days=1), world.max, THEN
    )
    a_check(session, world)
    assert the_check(session, world).figures["put_right"] == []


# --- the agenda, freshness


def test_fridays_agenda_stands_above_the_figures(session: Session, world: World) -> None:
    a_deal(session, world.ana)
    set_agenda(session, world.team, MONDAY, world.max, ["Nexus: who signs?"], NINE - WEEK)
    a_check(session, world)
    lines = said(session, Kind.HEALTH_SUMMARY, the_check(session, world).id).splitlines()
    on_top = lines.index("On the agenda since Friday")
    assert lines[on_top + 1] == "- Nexus: who signs?"
    assert on_top < next(n for n, line in enumerate(lines) if line.startswith("Team coverage"))


def test_nothing_looks_healthy_on_old_deals(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana)
    next_action(session, world, deal)
    later = NINE + WEEK
    a_check(session, world, MONDAY + WEEK, later)
    check = the_check(session, world, MONDAY + WEEK)
    assert check.is_stale
    shown = MESSAGES[Kind.HEALTH_SUMMARY].render(health_summary(session, check.id, later))
    text = read(shown.blocks)
    assert "older than 3 days. What follows may be wrong." in text.splitlines()[1]
    assert shown.text.endswith("on old deals")
    assert "None of 1 open deal is flagged, as far as old deals tell." in text


@pytest.mark.parametrize(
    ("told", "is_stale", "words"),
    [
        (
            (2, 1),
            False,
            "Deals as of Mon 30 Nov, 08:00 · 1 of 3 open deals were in no file for 3 days",
        ),
        (
            (1, 2),
            True,
            "⚠️ Deals as of Mon 30 Nov, 08:00: 2 of 3 open deals were in no file for 3 days."
            " What follows may be wrong.",
        ),
        ((3, 0), False, "Deals as of Mon 30 Nov, 08:00"),
        (
            (0, 3),
            True,
            "⚠️ Deals as of Mon 30 Nov, 08:00: older than 3 days. What follows may be wrong.",
        ),
    ],
)
def test_a_file_that_tells_of_few_deals_makes_the_rest_no_fresher(
    session: Session, world: World, told: tuple[int, int], is_stale: bool, words: str
) -> None:
    new, old = told
    for at in [NINE - HOUR] * new + [NINE - WEEK] * old:
        a_deal(session, world.ana).told_at = at
    session.flush()
    a_check(session, world)
    check = the_check(session, world)
    assert check.is_stale is is_stale
    assert said(session, Kind.HEALTH_SUMMARY, check.id).splitlines()[1] == words


def test_without_any_import_it_says_so_and_asks_nobody(session: Session, world: World) -> None:
    session.execute(delete(Import))
    a_check(session, world)
    text = said(session, Kind.HEALTH_SUMMARY, the_check(session, world).id)
    assert "No deals were ever imported" in text
    assert "coverage" not in text.casefold()
    assert [kind for kind, _ in deliveries(session)] == [Kind.HEALTH_SUMMARY]


# --- coverage, public and private


def test_the_channel_sees_the_teams_coverage_in_three_forms(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, amount_minor=450_000_00, close_on=MONDAY + WEEK)
    prove(session, deal, NINE - HOUR)
    a_deal(session, world.ben, "Closed Won", amount_minor=600_000_00, closed_on=MONDAY - WEEK)
    a_check(session, world)
    text = said(session, Kind.HEALTH_SUMMARY, the_check(session, world).id)
    assert "Team coverage, Q4 · asked: 3× of remaining quota" in text
    assert "- 1.5× of remaining quota · $450,000 missing" in text
    assert "- 0.5× of full quota" in text
    assert "- 1.5× evidenced (only deals whose stage is fully proved)" in text


def test_a_reps_coverage_never_goes_to_the_channel(session: Session, world: World) -> None:
    a_deal(session, world.ana, amount_minor=123_456_00)
    a_check(session, world)
    check = the_check(session, world)
    [gap] = [talk.missing_minor for talk in talks_of(session, check.id)
             if talk.person_id == world.ana]  # fmt: skip
    for shown in (health_summary(session, check.id, NINE), health_flags(session, check.id, NINE)):
        assert str(gap) not in repr(shown)
    for kind, place in deliveries(session):
        rendered = MESSAGES[kind]
        if kind in (Kind.HEALTH_SUMMARY, Kind.HEALTH_FLAGS):
            assert place == world.channel
            continue
        screen = rendered.load(session, asks(session)[0], NINE)
        if screen is not None:
            assert place == "Max"
            assert not {"Ana", "short", "$"} & set(rendered.render(screen).text.split())


def test_a_small_team_keeps_its_coverage_private(session: Session, world: World) -> None:
    get_person(session, world.cleo).active = False
    a_deal(session, world.ana)
    a_check(session, world)
    text = said(session, Kind.HEALTH_SUMMARY, the_check(session, world).id)
    assert "Coverage of a small team stays private." in text
    assert "×" not in text
    mine = said(session, Kind.HEALTH_TALKS, asks(session)[0])
    assert "Team coverage, Q4 · kept out of the channel" in mine


def test_another_channel_shows_none_of_it(session: Session, world: World) -> None:
    a_deal(session, world.ana)
    a_check(session, world)
    check = the_check(session, world)
    team(session, world.team).channel_id = "C0OTHER"
    assert health_summary(session, check.id, NINE) is None
    assert health_flags(session, check.id, NINE) is None


# --- who is to be spoken with


def test_who_is_under_the_standard_widest_gap_in_money_first(
    session: Session, world: World
) -> None:
    a_deal(session, world.ana, amount_minor=700_000_00)
    a_deal(session, world.ben, amount_minor=1_000_000_00)
    talks = a_check(session, world)
    assert [talk.person_id for talk in talks] == [world.cleo, world.ana]
    assert [talk.missing_minor for talk in talks] == [900_000_00, 200_000_00]
    text = said(session, Kind.HEALTH_TALKS, asks(session)[0]).splitlines()
    assert text[1] == (
        "2 of 3 reps under 3× of remaining quota. Speak with each before the day ends."
    )
    assert text[2:4] == [
        "@Cleo · no coverage · *$900,000 short* in Q4",
        "nothing qualified closes in it · nothing won yet with 65 % of the time gone".replace(
            " %", "\u00a0%"
        ),
    ]
    assert text[4] == "[Log it] [Schedule it today]"


def test_who_has_met_the_quota_is_not(session: Session, world: World) -> None:
    for person_id in (world.ana, world.ben):
        a_deal(session, person_id, "Closed Won", amount_minor=QUOTA, closed_on=MONDAY - WEEK)
    assert [talk.person_id for talk in a_check(session, world)] == [world.cleo]


def test_the_admin_may_choose_full_quota(session: Session, world: World) -> None:
    for person_id in (world.ana, world.ben, world.cleo):
        a_deal(session, person_id, "Closed Won", amount_minor=QUOTA // 2, closed_on=MONDAY - WEEK)
        a_deal(session, person_id, amount_minor=QUOTA * 2)
    assert a_check(session, world) == []
    ours = Standards(coverage_against="full")
    put_workspace(session, world.workspace_id, now=NINE, standards=ours)
    assert len(a_check(session, world, MONDAY + WEEK, NINE + WEEK)) == 3


def test_in_the_last_days_of_a_period_the_next_one_counts_too(
    session: Session, world: World
) -> None:
    for person_id in (world.ana, world.ben, world.cleo):
        a_deal(session, person_id, amount_minor=3 * QUOTA)
        a_quota(session, world.team, QUOTA, NEXT_QUARTER, person_id=person_id)
    a_deal(session, world.ana, amount_minor=3 * QUOTA, close_on=NEXT_QUARTER[0])
    assert a_check(session, world) == []  # 31 days are left
    an_import(session, NINE + WEEK - HOUR)
    talks = a_check(session, world, MONDAY + WEEK, NINE + WEEK)  # 24
    assert {talk.person_id for talk in talks} == {world.ben, world.cleo}
    assert talks[0].facts["gaps"][0]["starts_on"] == "2027-01-01"
    assert "short* in Q1 2027" in said(session, Kind.HEALTH_TALKS, asks(session)[-1])


def test_why_in_words_from_facts(session: Session, world: World) -> None:
    for n in range(2):
        slipped = a_deal(session, world.ana, amount_minor=150_000_00, close_on=NEXT_QUARTER[0])
        a_change(
            session, slipped, Field.CLOSE, f"2026-12-{n + 10}", "2027-01-01", NINE - timedelta(3)
        )
    lost = a_deal(session, world.ben, "Closed Lost", closed_on=MONDAY - timedelta(days=2))
    lost.amount_minor = 90_000_00
    a_deal(session, world.ben, amount_minor=1_00)
    session.flush()
    a_check(session, world)
    text = said(session, Kind.HEALTH_TALKS, asks(session)[0])
    assert "two deals slipped to later ($300,000)" in text
    assert "one deal lost in 7 days ($90,000)" in text


def test_nobody_under_the_standard_is_said_too(session: Session, world: World) -> None:
    for person_id in (world.ana, world.ben, world.cleo):
        a_deal(session, person_id, amount_minor=3 * QUOTA)
    assert a_check(session, world) == []
    text = said(session, Kind.HEALTH_TALKS, asks(session)[0])
    assert "Every rep with a quota is at the standard." in text
    assert (Kind.HEALTH_REMINDER, "Max") not in deliveries(session)


# --- quotas that lack


def test_the_admins_hear_once_who_has_no_quota_of_all_teams(session: Session, world: World) -> None:
    a_deal(session, world.ana)
    east = a_team(session, "East", manager_id=world.lea)
    a_rep(session, east, "U0ELI", "Eli", quota_minor=None)
    session.execute(delete(Quota).where(Quota.person_id == world.cleo))
    talks = a_check(session, world)
    check_team(session, east, get_person(session, world.lea), MONDAY, NINE)
    assert world.cleo not in {talk.person_id for talk in talks}
    told = [one for one in deliveries(session) if one[0] is Kind.HEALTH_QUOTAS]
    assert told == [(Kind.HEALTH_QUOTAS, "Ada")]
    assert said(session, Kind.HEALTH_QUOTAS, world.ada).splitlines()[1:3] == [
        "- West, from Thu 1 Oct: @Cleo",
        "- East, from Thu 1 Oct: the team, @U0ELI",
    ]
    mine = said(session, Kind.HEALTH_TALKS, asks(session)[0])
    assert "Without quota, so nothing can be said: @Cleo" in mine
    get_person(session, world.ada).is_admin = False
    session.flush()
    assert quotas_missing(session, world.ada, NINE) is None


def test_quotas_that_were_put_meanwhile_are_not_asked_for(session: Session, world: World) -> None:
    a_deal(session, world.ana)
    session.execute(delete(Quota).where(Quota.person_id.in_([world.ben, world.cleo])))
    a_check(session, world)
    ada, quarter = get_person(session, world.ada), (date(2026, 10, 1), date(2026, 12, 31))
    save_quotas(session, ada, world.team, quarter, {world.ben: QUOTA}, NINE + MINUTE)
    assert "@Ben" not in said(session, Kind.HEALTH_QUOTAS, world.ada)
    message = find(session, Kind.HEALTH_QUOTAS, world.ada)
    assert message is not None
    save_quotas(session, ada, world.team, quarter, {world.cleo: QUOTA}, NINE + MINUTE)
    assert quotas_missing(session, world.ada, NINE + MINUTE) is None
    message.state, message.ts, message.posted_channel = DeliveryState.POSTED, "1.0", "D0ADA"
    message.shown = message.revision
    session.flush()
    save_quotas(session, ada, world.team, quarter, {world.cleo: QUOTA + 100}, NINE + 2 * MINUTE)
    assert message.state is DeliveryState.OWED, "it is updated"
    assert said(session, Kind.HEALTH_QUOTAS, world.ada) == (
        "Quotas: what was missing this morning is set."
    )


# --- who may


def test_only_who_decides_gets_the_list(session: Session, world: World) -> None:
    a_deal(session, world.ana)
    a_check(session, world)
    ask = asks(session)[0]
    assert talks_dm(session, ask, NINE) is not None
    team(session, world.team).manager_id = world.lea
    get_person(session, world.max).active = False
    session.flush()
    assert talks_dm(session, ask, NINE) is None


# --- old deals


def test_who_imported_last_is_reminded_else_the_admins(session: Session, world: World) -> None:
    def names(people: list[Person]) -> list[str]:
        return [one.name for one in people]

    taken = an_import(session, NINE - HOUR)
    assert names(reminded(session, None, NINE)) == ["Ada"]
    assert names(reminded(session, taken, NINE)) == ["Ada"]  # by command line
    taken.imported_by_id = world.max
    assert names(reminded(session, taken, NINE)) == ["Max"]
    put_person(
        session, "U0MAX", name="Max", role=get_person(session, world.max).role, working_days="2345"
    )
    assert names(reminded(session, taken, NINE)) == ["Ada"]
    get_person(session, world.ada).working_days = "2345"
    assert reminded(session, taken, NINE) == []


def test_an_import_during_the_day_leaves_it_asked_and_says_what_is_missing_now(
    session: Session, world: World
) -> None:
    deal = a_deal(session, world.ana, amount_minor=100_000_00)
    a_check(session, world)
    ask = asks(session)[0]
    before = {one.subject_id: one.revision for one in session.scalars(select(Delivery))}
    deal.amount_minor = 3 * QUOTA
    taken = an_import(session, NINE + HOUR)
    follow_import(session, taken, NINE + HOUR)
    shown = talks_dm(session, ask, NINE + HOUR)
    assert shown is not None
    row = next(row for row in shown.rows if row.person.id == world.ana)
    assert row.state is TalkState.OPEN
    assert row.missing_now is not None
    assert row.missing_now.minor == 0
    text = read(MESSAGES[Kind.HEALTH_TALKS].render(shown).blocks)
    assert "By now at the standard; still worth a word." in text
    revised = session.scalars(select(Delivery).where(Delivery.kind == Kind.HEALTH_TALKS)).one()
    assert revised.revision > before[ask]
