"""Histories of stages and activities: recognised, taken in once, never guessed about."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from crm.columns import Column, proposal, recognise
from crm.mapping import Reading
from models.activities import Activity, covered, stage_contacts
from models.base import Database
from models.deals import Deal, DealChange, ImportKind, latest_import
from models.standards import Standards
from tests.deals_in.files import NEXUS, ORBIT, as_csv, deals, history, take_in
from tests.world import NOW, World, a_workspace

LATER = NOW + timedelta(days=7)
MOVES = "OpportunityId,StageName,CreatedDate"
CONTACTS = "Id,WhatId,ActivityDate,Type,IsClosed,OwnerId"


@pytest.fixture
def world(database: Database) -> World:
    made = a_workspace(database)
    take_in(database, made, as_csv([NEXUS, ORBIT]))
    return made


def as_history(rows: list[str]) -> bytes:
    return as_csv(rows, MOVES)


def mapped(kind: ImportKind, header: str) -> Reading:
    return Reading(columns=proposal(kind, header.split(",")))


def test_a_history_says_since_when_and_what_was_before(database: Database, world: World) -> None:
    rows = [
        "D1,Proposal,2026-10-05 12:00",
        "D1,Discovery,2026-09-01 08:00",
        "D1,Proposal,2026-11-01 08:00",  # a snapshot that repeats the stage
        "D2,Qualified,2026-09-01T00:00:00Z",
        "D9,Qualified,2026-09-01",
    ]
    reading = mapped(ImportKind.HISTORY, MOVES)
    said = take_in(database, world, as_history(rows), reading=reading)
    assert "A history of stages." in said.text
    assert "4 records of 2 deals here:\n  1 new stage changes" in said.text
    assert "1 deal here in another stage than its last:\n  “Orbit Ltd” (D2)" in said.text
    assert "1 deal of the file not here; left out:\n  D9" in said.text
    stages = world.stages
    assert history(database, world) == [
        ("stage", str(stages["Discovery"]), str(stages["Proposal"]), True)
    ]
    entered = deals(database, world)["D1"].stage_entered_at
    assert entered == datetime(2026, 10, 5, 16, tzinfo=UTC)  # New York's noon
    again = take_in(database, world, as_history(rows), LATER, reading=reading)
    assert (
        "  0 new stage changes\n  0 known ones get their real moment\n  1 unchanged" in again.text
    )
    assert len(history(database, world)) == 1
    with database.transaction(world.workspace_id) as session:
        latest = latest_import(session)
        assert latest is not None
        assert latest.imported_at == NOW  # a history says nothing of how fresh the deals are


def test_what_an_import_saw_later_gets_its_real_moment(database: Database, world: World) -> None:
    take_in(database, world, as_csv([NEXUS.replace("Proposal", "Negotiation"), ORBIT]), LATER)
    rows = ["D1,Proposal,2026-10-05T12:00Z", "D1,Negotiation,2026-11-26T12:00Z"]
    reading = mapped(ImportKind.HISTORY, MOVES)
    said = take_in(database, world, as_history(rows), LATER, reading=reading)
    assert "  1 known ones get their real moment" in said.text
    with database.transaction(world.workspace_id) as session:
        [move] = session.scalars(select(DealChange)).all()
        assert move.changed_at == datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert deals(database, world)["D1"].stage_entered_at == datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_activities_are_contacts_once(database: Database, world: World) -> None:
    rows = [
        "A1,D1,2026-11-20 17:00,Call,TRUE,Ana",
        "A2,D1,2026-11-22,Meeting,Completed,Ana",
        "A3,D1,2026-11-23,Email,FALSE,Ana",
        "A4,D1,2026-12-24,Meeting,TRUE,Ana",
        "A5,,2026-11-10,Call,TRUE,Ana",
        "A6,006X,2026-11-21,Call,TRUE,Ana",
    ]
    reading = mapped(ImportKind.ACTIVITIES, CONTACTS)
    said = take_in(database, world, as_csv(rows, CONTACTS), reading=reading)
    for line in (
        "Activities.",
        "  2 new\n  0 changed\n  0 unchanged",
        "It tells of the days from 10 Nov 2026 to 22 Nov 2026.",
        "Left out: 1 that are not done yet.",
        "Left out: 1 that lie ahead.",
        "Left out: 1 that belong to no deal.",
        "1 deal of the file not here; left out:\n  006X",
    ):
        assert line in said.text
    assert deals(database, world)["D1"].last_activity_on == date(2026, 11, 22)
    rows[0] = rows[0].replace("Call", "Visit")
    again = take_in(database, world, as_csv(rows, CONTACTS), LATER, reading=reading)
    assert "  0 new\n  1 changed\n  1 unchanged" in again.text
    with database.transaction(world.workspace_id) as session:
        told = session.execute(select(Activity.external_id, Activity.kind)).all()
        assert sorted(told) == [("A1", "Visit"), ("A2", "Meeting")]


def test_an_activity_that_the_crm_has_deleted_is_left_out(database: Database, world: World) -> None:
    header = f"{CONTACTS},IsDeleted"
    rows = ["A1,D1,2026-11-20,Call,TRUE,Ana,FALSE", "A2,D1,2026-11-22,Call,TRUE,Ana,TRUE"]
    reading = mapped(ImportKind.ACTIVITIES, header)
    said = take_in(database, world, as_csv(rows, header), reading=reading)
    assert "2 records in the file:\n  1 new\n" in said.text
    assert "Left out: 1 that are deleted in the CRM." in said.text
    assert deals(database, world)["D1"].last_activity_on == date(2026, 11, 20)


def test_a_deals_file_takes_no_contact_back(database: Database, world: World) -> None:
    reading = mapped(ImportKind.ACTIVITIES, CONTACTS)
    take_in(database, world, as_csv(["A1,D1,2026-11-22,Call,TRUE,A"], CONTACTS), reading=reading)
    header = "id,name,owner,stage,amount,close_date,last_activity"
    said = take_in(database, world, as_csv([f"{NEXUS},2026-11-02", f"{ORBIT},"], header), LATER)
    assert "  2 unchanged" in said.text
    assert deals(database, world)["D1"].last_activity_on == date(2026, 11, 22)


def test_nobody_is_accused_of_days_of_which_nobody_told(database: Database, world: World) -> None:
    """A stage change is checked only where a file covers 7 days before it to 1 day after."""
    moved = [NEXUS.replace("Proposal", "Negotiation"), ORBIT.replace("Discovery", "Proposal")]
    take_in(database, world, as_csv(moved), NOW + timedelta(hours=1))

    def logged() -> list[bool | None]:
        with database.transaction(world.workspace_id) as session:
            in_order = session.scalars(select(Deal).order_by(Deal.external_id)).all()
            found = stage_contacts(session, in_order, Standards())
            return [found[deal.id].logged for deal in in_order]

    assert logged() == [None, None]
    reading = mapped(ImportKind.ACTIVITIES, CONTACTS)
    early = ["A0,X,2026-11-01,Call,TRUE,A", "A1,D1,2026-11-18,Call,TRUE,A"]
    take_in(database, world, as_csv(early, CONTACTS), LATER, reading=reading)
    assert logged() == [True, None]
    take_in(
        database, world, as_csv(["A2,X,2026-11-25,Call,TRUE,A", "A3,X,2026-11-19,Call,TRUE,A"],
        CONTACTS), LATER, reading=reading,
    )  # fmt: skip
    assert logged() == [True, False]
    with database.transaction(world.workspace_id) as session:
        assert covered(session) == [(date(2026, 11, 1), date(2026, 11, 25))]


@pytest.mark.parametrize(
    ("header", "kind", "some"),
    [
        ("Opportunity ID,Opportunity Name,Opportunity Owner,Owner Email,Stage,Amount,Close Date",
         ImportKind.DEALS, {Column.ID: "Opportunity ID", Column.OWNER: "Owner Email"}),
        ("Record ID,Deal Name,Deal Stage,Amount,Close Date,Deal owner,Create Date",
         ImportKind.DEALS, {Column.ID: "Record ID", Column.OWNER: "Deal owner"}),
        ("hs_object_id,dealname,dealstage,amount,closedate,hubspot_owner_id",
         ImportKind.DEALS, {Column.OWNER: "hubspot_owner_id"}),
        ("Id,OpportunityId,CreatedDate,StageName,Amount,CloseDate",
         ImportKind.HISTORY, {Column.DEAL: "OpportunityId", Column.CHANGED_AT: "CreatedDate"}),
        ("OpportunityId,Field,OldValue,NewValue,CreatedDate",
         ImportKind.HISTORY, {Column.PROPERTY: "Field", Column.STAGE: "NewValue"}),
        ("deal_id,timestamp,source,name,value",
         ImportKind.HISTORY, {Column.PROPERTY: "name", Column.STAGE: "value"}),
        ("id,_fivetran_start,name,stage_name,amount,close_date",
         ImportKind.HISTORY, {Column.DEAL: "id", Column.CHANGED_AT: "_fivetran_start"}),
        ("Id,WhatId,ActivityDate,Subject,Status",
         ImportKind.ACTIVITIES, {Column.DEAL: "WhatId", Column.DONE: "Status"}),
        ("first,second", None, {}),
    ],
)  # fmt: skip
def test_a_kind_is_recognised_by_its_columns(
    header: str, kind: ImportKind | None, some: dict[Column, str]
) -> None:
    names = header.split(",")
    assert recognise(names) is kind
    if kind is not None:
        assert some.items() <= proposal(kind, names).items()
