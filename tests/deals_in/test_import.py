"""Taking a file in: what is new, what changed, what is wrong, and that it is all or nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from crm.columns import Column
from crm.mapping import Reading
from crm.problems import FileRefused
from models.base import Database
from models.deals import Import, latest_import
from models.people import Role
from tests.deals_in.files import HEADER, NEXUS, ORBIT, as_csv, deals, history, take_in
from tests.world import NOW, World, a_person, a_team, a_workspace

LATER = NOW + timedelta(days=7)


@pytest.fixture
def world(database: Database) -> World:
    return a_workspace(database)


def test_new_deals_are_taken_in_whole(database: Database, world: World) -> None:
    said = take_in(database, world, as_csv([NEXUS, ORBIT]))
    nexus = deals(database, world)["D1"]
    assert (nexus.name, nexus.owner_id, nexus.amount_minor) == ("Nexus Corp", world.ana, 180_000_00)
    assert nexus.stage_id == nexus.crm_stage_id == world.stages["Proposal"]
    assert nexus.close_on == nexus.crm_close_on == date(2026, 12, 18)
    assert nexus.stage_entered_at == NOW  # the first sight of the stage
    assert nexus.currency == "USD"
    assert nexus.last_activity_on is None
    assert "2 deals in the file:\n  2 new: 2 open\n  0 changed\n  0 unchanged" in said.text
    assert history(database, world) == []


def test_every_column_is_read(database: Database, world: World) -> None:
    header = f"{HEADER},created_date,closed_date,stage_since,last_activity,url,currency"
    rows = [
        "D1,=1+1 & Sons,cleo@example.com,closed won,12.50,2026-10-01,2026-08-01,2026-10-03,"
        "2026-10-03T08:00:00+02:00,2026-10-02,https://crm.example.com/1,usd"
    ]
    take_in(database, world, as_csv(rows, header))
    deal = deals(database, world)["D1"]
    assert deal.name == "=1+1 & Sons"
    assert deal.owner_id == world.cleo
    assert deal.stage_id == world.stages["Closed Won"]
    assert deal.opened_on == date(2026, 8, 1)
    assert deal.closed_on == date(2026, 10, 3)
    assert deal.stage_entered_at == datetime(2026, 10, 3, 6, tzinfo=UTC)
    assert deal.last_activity_on == date(2026, 10, 2)
    assert deal.url == "https://crm.example.com/1"


def test_the_same_file_again_changes_nothing(database: Database, world: World) -> None:
    take_in(database, world, as_csv([NEXUS, ORBIT]))
    again = take_in(database, world, as_csv([NEXUS, ORBIT]), LATER)
    assert "  0 new\n  0 changed\n  2 unchanged" in again.text
    assert history(database, world) == []
    assert deals(database, world)["D1"].stage_entered_at == NOW


def test_changes_become_history(database: Database, world: World) -> None:
    take_in(database, world, as_csv([NEXUS, ORBIT]))
    moved = "D1,Nexus Corporation,cleo@example.com,Negotiation,,2027-01-31"
    said = take_in(database, world, as_csv([moved, ORBIT]), LATER)
    stages = world.stages
    assert history(database, world) == [
        ("stage", str(stages["Proposal"]), str(stages["Negotiation"]), True),
        ("close", "2026-12-18", "2027-01-31", True),
        ("amount", "18000000", None, True),
        ("owner", str(world.ana), str(world.cleo), True),
    ]
    nexus = deals(database, world)["D1"]
    assert nexus.name == "Nexus Corporation"
    assert nexus.stage_entered_at == LATER
    assert nexus.seen_at == NOW
    assert "  1 changed: stage 1, close date 1, amount 1, owner 1, name 1" in said.text


def test_a_won_deal_is_closed_on_its_day(database: Database, world: World) -> None:
    take_in(database, world, as_csv([NEXUS, ORBIT]))
    won = "D1,Nexus Corp,ana@example.com,Closed Won,180000,2026-11-27"
    lost = "D2,Orbit Ltd,U0BEN,Closed Lost,95000,2027-01-15"
    take_in(database, world, as_csv([won, lost]), LATER)
    found = deals(database, world)
    assert found["D1"].closed_on == date(2026, 11, 27)
    assert found["D2"].closed_on == LATER.date()  # not in the future, whatever was expected


def test_a_column_that_is_not_there_is_left_alone(database: Database, world: World) -> None:
    take_in(database, world, as_csv([f"{NEXUS},2026-11-01"], f"{HEADER},last_activity"))
    take_in(database, world, as_csv([NEXUS]), LATER)
    assert deals(database, world)["D1"].last_activity_on == date(2026, 11, 1)
    take_in(database, world, as_csv([f"{NEXUS},"], f"{HEADER},last_activity"), LATER)
    assert deals(database, world)["D1"].last_activity_on is None


def test_open_deals_that_are_missing_are_said_and_left(database: Database, world: World) -> None:
    take_in(database, world, as_csv([NEXUS, ORBIT]))
    said = take_in(database, world, as_csv([NEXUS]), LATER)
    assert "1 open deal here is not in the file; it is left alone:\n  “Orbit Ltd” (D2)" in said.text
    found = deals(database, world)
    assert (found["D1"].told_at, found["D2"].told_at) == (LATER, NOW)


@pytest.mark.parametrize("column", ["is_deleted", "IsDeleted"])
def test_what_the_crm_has_deleted_is_left_out_and_counted(
    database: Database, world: World, column: str
) -> None:
    """Whatever else is wrong with it, and however the column's name is written."""
    broken = "D3,,nobody@example.com,Verbal,-1,soon,TRUE"
    rows = [f"{NEXUS},false", f"{ORBIT},true", broken, f"{NEXUS},1"]
    said = take_in(database, world, as_csv(rows, f"{HEADER},{column}"))
    assert set(deals(database, world)) == {"D1"}
    assert (
        "4 deals in the file:\n  1 new: 1 open\n  0 changed\n  0 unchanged\n"
        "  3 deleted in the CRM: left out"
    ) in said.text
    assert ("is_deleted ← IsDeleted" in said.text) == (column == "IsDeleted")


def test_an_open_deal_that_the_crm_deletes_is_said_and_left(
    database: Database, world: World
) -> None:
    take_in(database, world, as_csv([NEXUS, ORBIT]))
    rows = [f"{NEXUS},no", f"{ORBIT},yes"]
    said = take_in(database, world, as_csv(rows, f"{HEADER},is_deleted"), LATER)
    assert (
        "1 open deal here is deleted in the CRM; it stays until a review removes it:\n"
        "  “Orbit Ltd” (D2)"
    ) in said.text
    assert "not in the file" not in said.text
    orbit = deals(database, world)["D2"]
    assert (orbit.stage_id, orbit.told_at) == (world.stages["Discovery"], NOW)
    assert history(database, world) == []


def test_whether_a_deal_is_deleted_is_never_guessed(database: Database, world: World) -> None:
    row = f"{NEXUS},perhaps"
    said = take_in(database, world, as_csv([row], f"{HEADER},is_deleted"))
    assert "line 2: is_deleted “perhaps” is neither true nor false" in said.text


def test_what_the_crm_calls_closed_in_an_open_stage_is_pointed_out(
    database: Database, world: World
) -> None:
    won = NEXUS.replace("D1", "D3").replace("Proposal", "Closed Won")
    verbal = ORBIT.replace("Discovery", "Verbal")
    rows = [f"{NEXUS},true", f"{verbal},true", f"{won},true", f"{NEXUS.replace('D1', 'D4')},"]
    reading = Reading(stages={"Verbal": "Discovery"})
    said = take_in(database, world, as_csv(rows, f"{HEADER},IsClosed"), reading=reading)
    assert "4 new: 3 open, 1 won" in said.text
    assert (
        "2 deals are closed in the CRM, yet in a stage that is open here:\n"
        "  Proposal: 1\n  “Verbal” → Discovery: 1"
    ) in said.text


def test_a_dry_run_says_the_same_and_writes_nothing(database: Database, world: World) -> None:
    dry = take_in(database, world, as_csv([NEXUS, ORBIT]), dry_run=True)
    assert deals(database, world) == {}
    wet = take_in(database, world, as_csv([NEXUS, ORBIT]))
    assert dry.lines == wet.lines


def test_the_import_is_recorded(database: Database, world: World) -> None:
    said = take_in(database, world, as_csv([NEXUS, ORBIT]))
    with database.transaction(world.workspace_id) as session:
        record = latest_import(session)
    assert record is not None
    assert (record.added, record.changed, record.unchanged) == (2, 0, 0)
    assert record.sha256 == said.file.sha256
    assert record.imported_at == NOW
    assert record.imported_by_id is None


def test_all_problems_are_said_at_once_and_nothing_is_written(
    database: Database, world: World
) -> None:
    with database.transaction(world.workspace_id) as session:
        dach = a_team(session, "DACH", zone="Europe/Berlin", currency="EUR")
        a_person(session, "U0EVA", "Eva", team_id=dach.id)
    rows = [
        NEXUS,
        "D2,,ana@example.com,Proposal,1,2026-12-18",
        "D3,Tern,Cleo Moon,Proposal,1,2026-12-18",
        "D4,Halcyon,ana@example.com,Verbal,1,2026-12-18",
        "D5,Quay,ana@example.com,Proposal,-5,03/04/2026",
        "D1,Nexus again,ana@example.com,Proposal,1,2026-12-18",
        "D6,Rook,ada@example.com,Proposal,1,2026-12-18",
        "D7,Sole,U0EVA,Proposal,$1,2026-12-18",
        "D8,Vale,ana@example.com,Closed Won,1,",
        "D9,Wren,Benn,Verbal,1,2026-12-18",
        ",Yew,ana@example.com,Proposal,1,2026-12-18",
        f"D10,{'x' * 201},ana@example.com,Proposal,1,2026-12-18",
    ]
    said = take_in(database, world, as_csv(rows))
    expected = [
        "13 problems; nothing of the file is taken in:",
        "line 3: name is missing",
        "line 4: owner “Cleo Moon” is nobody set up here: say --owner-map",
        "lines 5, 11: stage “Verbal” is none of Prospecting, Qualified, Discovery, Proposal, "
        "Negotiation, Closed Won, Closed Lost: say --stage-map 'Verbal=<one of ours>'",
        "line 6: amount “-5” is negative",
        "line 6: close_date “03/04/2026” could be two dates: say --date-format",
        "line 7: id “D1” is on line 2 already",
        "line 8: owner “ada@example.com” is Ada, who is in no team",
        "line 9: amount “$1” is not in EUR",
        "line 10: a deal in Closed Won needs its closed_date or close_date",
        "line 11: owner “Benn” is no e-mail, Slack id or name; is it Ben? "
        "Then say --owner-map 'Benn=ben@example.com'",
        "line 12: id is missing",
        "line 13: name “xxxx",
    ]
    for sentence in expected:
        assert sentence in said.text
    assert deals(database, world) == {}
    with database.transaction(world.workspace_id) as session:
        assert session.scalars(select(Import)).all() == []


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("created_date", "2027-01-01", "created_date “2027-01-01” lies in the future"),
        ("closed_date", "2027-01-01", "lies in the future"),
        ("stage_since", "2027-01-01", "lies in the future"),
        ("url", "javascript:alert(1)", "is no web address"),
        ("currency", "EUR", "currency “EUR” is not USD, in which West counts"),
    ],
)
def test_optional_columns_are_checked_too(
    database: Database, world: World, column: str, value: str, why: str
) -> None:
    said = take_in(database, world, as_csv([f"{NEXUS},{value}"], f"{HEADER},{column}"))
    assert why in said.text
    assert deals(database, world) == {}


def test_words_are_mapped(database: Database, world: World) -> None:
    reading = Reading(
        columns={Column.NAME: "account", Column.OWNER: "rep"},
        owners={"REP-01": "ana@example.com"},
        stages={"qualification": "Qualified"},
        date_format="DD.MM.YYYY",
        decimal=",",
        delimiter=";",
    )
    header = "id;account;rep;stage;amount;close_date;region"
    content = f"{header}\n1;Nexus;rep-01;Qualification;1.234;18.12.2026;W"
    said = take_in(database, world, content.encode(), reading=reading)
    deal = deals(database, world)["1"]
    assert (deal.owner_id, deal.stage_id) == (world.ana, world.stages["Qualified"])
    assert (deal.amount_minor, deal.close_on) == (1_234_00, date(2026, 12, 18))
    assert "Columns: name ← account, owner ← rep." in said.text
    assert "Not read: region." in said.text
    assert "Amounts of West are in USD." in said.text


def test_a_word_mapped_to_nobody_is_said(database: Database, world: World) -> None:
    reading = Reading(owners={"ana@example.com": "U0NOBODY"}, stages={"Proposal": "Nirvana"})
    said = take_in(database, world, as_csv([NEXUS]), reading=reading)
    assert "owner “ana@example.com” is mapped to “U0NOBODY”, which is nobody set up" in said.text
    assert "stage “Proposal” is mapped to “Nirvana”, which is none of Prospecting" in said.text
    assert said.text.endswith("Closed Lost: say --stage-map 'Proposal=<one of ours>'")


def test_what_is_proposed_is_for_the_files_own_word(database: Database, world: World) -> None:
    row = 'D1,Nexus,"Ruiz, Ana",Verbal,1,2026-12-18'
    reading = Reading(owners={"Ruiz, Ana": "Anna"}, stages={"Verbal": "Proposals"})
    said = take_in(database, world, as_csv([row]), reading=reading)
    assert "Then say --owner-map '\"Ruiz, Ana\"=ana@example.com'" in said.text
    assert "say --stage-map 'Verbal=Proposal'" in said.text


def test_how_a_file_was_read_is_remembered_and_said(database: Database, world: World) -> None:
    reading = Reading(columns={Column.NAME: "account"}, date_format="DD.MM.YYYY", delimiter=";")
    content = "id;account;owner;stage;amount;close_date\n1;Nexus;U0ANA;Proposal;5;18.12.2026"
    take_in(database, world, content.encode(), reading=reading)
    again = take_in(database, world, content.encode(), LATER)
    assert "Read as the import of Tue 24 Nov 2026, where nothing else was said." in again.text
    assert "  1 unchanged" in again.text
    other = take_in(database, world, as_csv([NEXUS]), LATER)  # a file without those columns
    assert "Read as" not in other.text
    assert "  1 new" in other.text


def test_a_deal_that_moves_to_another_currency_is_asked(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        dach = a_team(session, "DACH", zone="Europe/Berlin", currency="EUR")
        a_person(session, "U0EVA", "Eva", team_id=dach.id)
    take_in(database, world, as_csv([NEXUS]))
    moved = NEXUS.replace("ana@example.com", "U0EVA")
    said = take_in(database, world, as_csv([moved]), LATER)
    assert "line 2: “Nexus Corp” moves from USD to EUR with its owner's team" in said.text
    assert deals(database, world)["D1"].owner_id == world.ana
    take_in(database, world, as_csv([f"{moved},EUR"], f"{HEADER},currency"), LATER)
    assert deals(database, world)["D1"].currency == "EUR"


def test_a_managers_deals_are_the_teams(database: Database, world: World) -> None:
    take_in(database, world, as_csv([NEXUS.replace("ana@example.com", "U0MAX")]))
    assert deals(database, world)["D1"].owner_id == world.max


def test_who_has_left_still_owns(database: Database, world: World) -> None:
    with database.transaction(world.workspace_id) as session:
        a_person(session, "U0OLD", "Otto", Role.REP, team_id=world.team, active=False)
    take_in(database, world, as_csv([NEXUS.replace("ana@example.com", "otto@example.com")]))
    assert "D1" in deals(database, world)


@pytest.mark.parametrize("content", [b"", f"{HEADER}\n".encode(), f"{HEADER}\n\n,,,,,\n".encode()])
def test_a_file_without_deals_is_refused(database: Database, world: World, content: bytes) -> None:
    with pytest.raises(FileRefused, match=r"empty|no deals"):
        take_in(database, world, content)


def test_workspaces_do_not_see_each_other(database: Database, world: World) -> None:
    other = a_workspace(database, "T0SOUTH")
    take_in(database, world, as_csv([NEXUS, ORBIT]))
    said = take_in(database, other, as_csv([NEXUS]))
    assert "  1 new" in said.text
    assert "not in the file" not in said.text
    assert len(deals(database, world)) == 2
    assert len(deals(database, other)) == 1


def test_owners_are_matched_by_address_and_else_by_a_name_that_is_one_persons(
    database: Database, world: World
) -> None:
    with database.transaction(world.workspace_id) as session:
        a_person(session, "U0CLEO2", "cleo", team_id=world.team)
    by_name = NEXUS.replace("ana@example.com", " ben ")
    said = take_in(database, world, as_csv([by_name]))
    assert "Owners matched by name alone: ben → Ben." in said.text
    assert deals(database, world)["D1"].owner_id == world.ben
    said = take_in(database, world, as_csv([by_name.replace("ben", "CLEO")]))
    assert "owner “CLEO” is the name of several people" in said.text


def test_all_of_them_may_be_one_persons(database: Database, world: World) -> None:
    content = as_csv(["D1,Nexus,Proposal,5,2026-12-18"], "id,name,stage,amount,close_date")
    asked = take_in(database, world, content)
    assert "there is no column owner; if all of them belong to one person, say --owner" in (
        asked.text
    )
    nobody = take_in(database, world, content, reading=Reading(owner="eva@example.com"))
    assert "owner “eva@example.com” is nobody set up here" in nobody.text
    said = take_in(database, world, content, reading=Reading(owner="ana@example.com"))
    assert "All of them belong to Ana." in said.text
    assert deals(database, world)["D1"].owner_id == world.ana


def test_whose_all_are_is_checked_also_where_a_column_says_it(
    database: Database, world: World
) -> None:
    for word, why in (("eva@example.com", "nobody set up here"), ("U0LEA", "Lea, who is in no")):
        said = take_in(database, world, as_csv([NEXUS]), reading=Reading(owner=word))
        assert f"owner “{word}” is {why}" in said.text
        assert said.text.endswith(": say --owner with the e-mail or Slack id of somebody in a team")
    assert deals(database, world) == {}
    said = take_in(database, world, as_csv([NEXUS]), reading=Reading(owner="ben@example.com"))
    assert "--owner has no use here: the column “owner” says who owns each deal." in said.text
    assert deals(database, world)["D1"].owner_id == world.ana
    again = take_in(database, world, as_csv([NEXUS]))
    assert "--owner" not in again.text


def test_dates_of_one_form_get_it_proposed(database: Database, world: World) -> None:
    rows = [f"D{n},N,U0ANA,Proposal,5,{day}" for n, day in enumerate(("02/03/27", "02/23/27"))]
    said = take_in(database, world, as_csv(rows))
    assert "2 problems; nothing of the file is taken in:" in said.text
    assert "can be read as MM/DD/YY, and in no other way: say --date-format MM/DD/YY" in said.text
    said = take_in(database, world, as_csv(rows[:1]))
    assert "in no other way" not in said.text


def test_each_set_of_columns_is_remembered_for_itself(database: Database, world: World) -> None:
    first = b"nr;name;owner;stage;amount;close_date\n1;Nexus;U0ANA;Proposal;5;18.12.2026"
    said = Reading(columns={Column.ID: "nr"}, date_format="DD.MM.YYYY")
    take_in(database, world, first, reading=said)
    take_in(database, world, as_csv([NEXUS]), LATER)
    again = take_in(database, world, first, LATER + timedelta(days=1))
    assert "Read as the import of Tue 24 Nov 2026" in again.text
    assert "  1 unchanged" in again.text
