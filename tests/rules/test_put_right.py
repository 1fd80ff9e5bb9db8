"""Friday 16:00: what each owner is to put right in the CRM before Monday."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.absences import put_absence
from models.agenda import crm_put_right
from models.deals import set_close_on, set_stage
from models.delivery import Delivery, DeliveryState, Kind, find
from models.flags import FlagCode, flags
from models.people import get_person, standards, team
from models.pipeline_review import review_deals, waiting_pick
from models.put_right import PutRight, items, show_put_right
from models.schedule import Occurrence, Schedule, materialise
from models.screens import PutRightDm, home, pick_dm, put_right_dm
from models.setup import rehearsal
from models.week import PUT_RIGHT, keep
from tests.reviews import a_review, close, decide, demote, hold_all, re_date, remove, some_deals
from tests.world import World, a_deal, a_rep, a_team, an_import, stage_named

FRIDAY = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)  # 16:00 in New York
DAY = date(2026, 11, 27)


@pytest.fixture
def occurrence(session: Session, world: World) -> Occurrence:
    keep(session, FRIDAY - timedelta(days=7))
    materialise(session, FRIDAY)
    of_prompt = select(Occurrence).join(Schedule, Schedule.id == Occurrence.schedule_id)
    return session.scalars(of_prompt.where(Schedule.prompt == PUT_RIGHT)).one()


def _lists(session: Session) -> dict[int, PutRight]:
    return {one.person_id: one for one in session.scalars(select(PutRight))}


def _codes(session: Session, of_list: PutRight) -> dict[str, list[FlagCode]]:
    found = items(session, of_list, FRIDAY)
    return {item.deal.name: [flag.code for flag in item.flags] for item in found}


def _shown(session: Session, of_list: PutRight, now: datetime = FRIDAY) -> PutRightDm:
    """The message as it stands in Slack."""
    message = find(session, Kind.PUT_RIGHT, of_list.id)
    assert message is not None
    message.state, message.ts, message.posted_channel = DeliveryState.POSTED, "1.0", "D0ANA"
    shown = put_right_dm(session, of_list.id, now)
    assert shown is not None
    return shown


def test_each_owner_gets_their_own(session: Session, world: World, occurrence: Occurrence) -> None:
    a_deal(session, world.ana, name="Without amount", amount_minor=None)
    a_deal(session, world.ana, name="Past", close_on=DAY - timedelta(days=1))
    a_deal(session, world.ana, name="In order")
    a_deal(session, world.max, name="Undated", close_on=None)
    won = a_deal(session, world.ben, "Closed Won", closed_on=DAY, close_on=DAY)
    a_deal(session, world.lea, name="Of no team", amount_minor=None)
    assert won.stage_id == won.crm_stage_id

    crm_put_right(session, occurrence, FRIDAY)
    crm_put_right(session, occurrence, FRIDAY)  # once more, after a restart

    lists = _lists(session)
    assert set(lists) == {world.ana, world.max}
    assert _codes(session, lists[world.ana]) == {
        "Past": [FlagCode.CLOSE_PAST], "Without amount": [FlagCode.NO_AMOUNT],
    }  # fmt: skip
    assert _codes(session, lists[world.max]) == {"Undated": [FlagCode.NO_CLOSE]}
    owed = session.scalars(select(Delivery)).all()
    assert {(one.kind, one.person_id, one.due_at) for one in owed} == {
        (Kind.PUT_RIGHT, world.ana, FRIDAY), (Kind.PUT_RIGHT, world.max, FRIDAY),
    }  # fmt: skip
    assert len(owed) == 2


def test_at_home_it_stands_until_monday_whether_the_message_has_come_or_not(
    session: Session, world: World, occurrence: Occurrence
) -> None:
    deal = a_deal(session, world.ana, name="Past", close_on=DAY - timedelta(days=1))
    crm_put_right(session, occurrence, FRIDAY)
    ana, midnight = get_person(session, world.ana), FRIDAY + timedelta(days=2, hours=8)

    def at_home(now: datetime) -> list[str] | None:
        shown = home(session, ana, now).put_right
        return None if shown is None else [row.deal.name for row in shown.rows]

    minute = timedelta(minutes=1)
    assert at_home(FRIDAY) == at_home(midnight - minute) == ["Past"]
    assert at_home(midnight) is None
    assert home(session, get_person(session, world.ben), FRIDAY).put_right is None
    set_close_on(session, deal, DAY + timedelta(days=9), FRIDAY, import_id=an_import(session).id)
    assert at_home(FRIDAY) is None


def test_what_was_decided_stands_first_with_both_values(
    session: Session, world: World, occurrence: Occurrence
) -> None:
    """Also a deal that was removed here, while the CRM has it open."""
    review = a_review(session, world)
    anas = review_deals(session, review.id)[::2]
    for entry, choice in zip(anas, (demote(world), remove(), re_date(world)), strict=True):
        decide(session, world.max, entry.id, choice)
    hold_all(session, world, review)
    close(session, world, review)
    a_deal(session, world.ana, name="Huge", amount_minor=None)

    crm_put_right(session, occurrence, FRIDAY)

    rows = _shown(session, _lists(session)[world.ana]).rows
    assert [row.deal.name for row in rows] == ["Customer 1", "Customer 3", "Customer 5", "Huge"]
    demoted, removed, re_dated, _huge = rows
    assert demoted.crm_stage is not None
    assert (demoted.deal.stage.name, demoted.crm_stage.name) == ("Discovery", "Proposal")
    assert removed.crm_stage is not None
    assert (removed.deal.stage.name, removed.crm_stage.name) == ("Closed Lost", "Proposal")
    assert (re_dated.deal.close_on, re_dated.crm_close) == (
        date(2027, 1, 29), (date(2026, 12, 15),),
    )  # fmt: skip
    assert (re_dated.crm_stage, demoted.crm_close) == (None, None)


def test_who_is_off_is_excused(session: Session, world: World, occurrence: Occurrence) -> None:
    a_deal(session, world.ana, amount_minor=None)
    ana = get_person(session, world.ana)
    put_absence(session, ana, DAY, DAY, FRIDAY - timedelta(days=3))
    crm_put_right(session, occurrence, FRIDAY)
    assert _lists(session)[world.ana].excused
    assert session.scalars(select(Delivery)).all() == []


def test_who_does_not_work_on_fridays_is_excused(
    session: Session, world: World, occurrence: Occurrence
) -> None:
    for owner in (world.ana, world.ben):
        a_deal(session, owner, amount_minor=None)
    get_person(session, world.ben).working_days = "1234"
    crm_put_right(session, occurrence, FRIDAY)
    lists = _lists(session)
    assert (lists[world.ana].excused, lists[world.ben].excused) == (False, True)


def test_where_it_is_saturday_by_then_the_list_is_owed_all_the_same(
    session: Session, world: World, occurrence: Occurrence
) -> None:
    a_deal(session, world.ana, amount_minor=None)
    get_person(session, world.ana).zone = "Pacific/Auckland"
    crm_put_right(session, occurrence, FRIDAY)
    assert not _lists(session)[world.ana].excused
    [owed] = session.scalars(select(Delivery)).all()
    assert (owed.kind, owed.person_id) == (Kind.PUT_RIGHT, world.ana)


def test_nothing_to_put_right_is_no_message(
    session: Session, world: World, occurrence: Occurrence
) -> None:
    a_deal(session, world.ana)
    gone = a_deal(session, world.ben, amount_minor=None)
    get_person(session, gone.owner_id).active = False
    crm_put_right(session, occurrence, FRIDAY)
    assert (_lists(session), session.scalars(select(Delivery)).all()) == ({}, [])


def test_what_is_in_order_leaves_the_list(
    session: Session, world: World, occurrence: Occurrence
) -> None:
    fixed = a_deal(session, world.ana, name="Fixed", amount_minor=None)
    half = a_deal(session, world.ana, name="Half", amount_minor=None, close_on=None)
    passed_on = a_deal(session, world.ana, name="Passed on", amount_minor=None)
    crm_put_right(session, occurrence, FRIDAY)
    of_list = _lists(session)[world.ana]
    later = FRIDAY + timedelta(hours=2)
    fixed.amount_minor = half.amount_minor = 100
    passed_on.owner_id = world.ben
    before = find(session, Kind.PUT_RIGHT, of_list.id)
    assert before is not None
    revision = before.revision
    show_put_right(session, {fixed.id}, later)
    session.refresh(before)
    assert before.revision == revision + 1
    shown = _shown(session, of_list, later)
    assert [(row.deal.name, [flag.code for flag in row.flags]) for row in shown.rows] == [
        ("Half", [FlagCode.NO_CLOSE])
    ]
    assert shown.in_order == ("Fixed",)
    half.close_on = DAY + timedelta(days=9)
    shown = _shown(session, of_list, later)
    assert (shown.rows, set(shown.in_order)) == ((), {"Fixed", "Half"})


def test_what_was_not_asked_is_not_added_and_an_old_list_rests(
    session: Session, world: World, occurrence: Occurrence
) -> None:
    deal = a_deal(session, world.ana, amount_minor=None)
    crm_put_right(session, occurrence, FRIDAY)
    of_list = _lists(session)[world.ana]
    deal.close_on = None
    [item] = items(session, of_list, FRIDAY)
    assert [flag.code for flag in item.flags] == [FlagCode.NO_AMOUNT]
    message = find(session, Kind.PUT_RIGHT, of_list.id)
    assert message is not None
    show_put_right(session, {deal.id}, FRIDAY + timedelta(days=7))
    session.refresh(message)
    assert message.revision == 1


def test_a_decision_that_the_crm_then_repeats_is_no_flag_any_more(
    session: Session, world: World, occurrence: Occurrence
) -> None:
    """What Monday's health check shows, and its facts: what the CRM says instead."""
    deal = a_deal(session, world.ana, "Proposal")
    taken = an_import(session)
    set_stage(session, deal, stage_named(session, "Discovery"), FRIDAY, import_id=taken.id)
    set_close_on(session, deal, None, FRIDAY, import_id=taken.id)

    def facts() -> list[dict[str, int | str]]:
        found = flags(session, [deal], FRIDAY, DAY, standards(session))[deal.id]
        return [flag.facts for flag in found if flag.code is FlagCode.NOT_IN_CRM]

    assert facts() == [{"stage_id": world.stages["Proposal"], "close_on": "2026-12-15"}]
    deal.crm_stage_id = deal.stage_id
    assert facts() == [{"close_on": "2026-12-15"}]
    deal.crm_close_on = None
    assert facts() == []


def test_of_several_teams_each_asks_its_own(
    session: Session, world: World, occurrence: Occurrence
) -> None:
    east = a_team(session, "East", manager_id=world.max)
    eli = a_rep(session, east, "U0ELI", "Eli")
    a_deal(session, eli.id, amount_minor=None)
    a_deal(session, world.max, amount_minor=None)  # a manager of two: of the first
    crm_put_right(session, occurrence, FRIDAY)
    assert set(_lists(session)) == {world.max}
    assert team(session, world.team).id == _lists(session)[world.max].team_id


def test_both_are_previewed_and_nothing_stays(
    session: Session, world: World, occurrence: Occurrence
) -> None:
    some_deals(session, world)
    a_deal(session, world.ana, amount_minor=None)
    with rehearsal(session, team(session, world.team), FRIDAY) as rehearsed:
        shown = list(rehearsed)
        kinds = [one.kind for one in shown]
        [pick] = [one for one in shown if one.kind is Kind.REVIEW_PICK]
        [right] = [one for one in shown if one.kind is Kind.PUT_RIGHT]
        assert pick_dm(session, pick.subject_id, pick.at) is not None
        assert put_right_dm(session, right.subject_id, right.at) is not None
    assert kinds.index(Kind.REVIEW_PICK) < kinds.index(Kind.REVIEW_PARENT)
    assert kinds[-1] is Kind.PUT_RIGHT
    assert _lists(session) == {}
    assert waiting_pick(session, world.team) is None
