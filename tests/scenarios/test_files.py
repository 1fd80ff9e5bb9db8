"""A file dropped into the conversation with the bot: looked at, corrected, accepted, taken in."""

import csv
import io
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from bot.clock import real_now
from bot.importing import Importer
from bot.tokens import find_installation
from models.deals import Deal, Import
from models.dropped_files import DroppedFile, DroppedPiece, FileState
from sandbox.person import ActingPerson, SeenMessage
from tests.deals_in.files import HEADER, NEXUS, ORBIT, as_csv
from tests.scenarios.floor import BOT, WEST, Floor, at_once, seen

SALESFORCE = (
    b"Id,AccountId,Name,StageName,Amount,CloseDate,Note\r\n"
    b"006A,001A,Dickenson Mobile,Needs Analysis,15000,02/03/27,x\r\n"
    b"006B,001B,United Oil,Negotiation,125000,02/23/27,y\r\n"
)


def drop(floor: Floor, who: ActingPerson, content: bytes, name: str = "deals.csv") -> SeenMessage:
    """Drops it, and lets the bot look at it."""
    message = who.drop(who.dm_with(BOT), name, content)
    floor.work()
    return message


def answer(who: ActingPerson, dropped: SeenMessage) -> SeenMessage:
    """What stands in the thread of the drop."""
    thread = who.messages(who.dm_with(BOT), dropped.ts)[1:]
    return next(one for one in thread if one.user == BOT and not one.json.get("files"))


def said(who: ActingPerson, dropped: SeenMessage) -> str:
    return seen(answer(who, dropped))


def test_a_clean_file_takes_one_click(floor: Floor) -> None:
    dropped = drop(floor, floor.max, as_csv([NEXUS, ORBIT]))
    text = said(floor.max, dropped)
    assert "deals.csv: 2 deals." in text
    assert "2 new: 2 open" in text
    assert floor.rows(Deal) == []
    message = answer(floor.max, dropped)
    assert message.buttons == ["Import 2 deals", "Correct the mapping", "Discard"]
    at_once([lambda: floor.max.click(message, "Import 2 deals") for _click in range(20)])
    floor.work()
    assert [deal.name for deal in floor.rows(Deal)] == ["Nexus Corp", "Orbit Ltd"]
    [taken] = floor.rows(Import)
    assert (taken.file_name, taken.imported_by_id) == ("deals.csv", floor.world.max)
    assert "2 deals imported by @Max" in said(floor.max, dropped)
    assert answer(floor.max, dropped).buttons == []
    assert floor.rows(DroppedPiece) == []
    again = drop(floor, floor.ada, as_csv([NEXUS, ORBIT]))
    assert "Read as the import of Tue 24 Nov 2026" in said(floor.ada, again)
    assert "2 unchanged" in said(floor.ada, again)


@pytest.mark.parametrize("floor", ["socket-sqlite"], indirect=True)
def test_what_the_crm_has_deleted_is_named_in_the_thread(floor: Floor) -> None:
    rows = [f"{NEXUS},false,true", f"{ORBIT},true,true"]
    dropped = drop(floor, floor.max, as_csv(rows, f"{HEADER},IsDeleted,IsClosed"))
    text = said(floor.max, dropped)
    assert "Whether the CRM has deleted it ← IsDeleted" in text
    assert "1 new: 1 open" in text
    assert "1 deleted in the CRM: left out" in text
    assert "1 deal is closed in the CRM, yet in a stage that is open here:" in text
    assert answer(floor.max, dropped).buttons[0] == "Import 1 deal"


@pytest.mark.parametrize("floor", ["socket-sqlite"], indirect=True)
def test_a_file_of_which_nothing_belongs_here_promises_nothing(floor: Floor) -> None:
    dropped = drop(floor, floor.max, b"id,deal,on\nA1,D9,2026-11-20\n", "tasks.csv")
    assert "tasks.csv: 1 activity." in said(floor.max, dropped)
    assert answer(floor.max, dropped).buttons[0] == "Import it all the same"
    floor.press(floor.max, answer(floor.max, dropped), "Import it all the same")
    floor.work()
    assert "tasks.csv: 0 activities imported by @Max" in said(floor.max, dropped)


def test_salesforces_own_form_is_corrected_in_a_modal_and_remembered(floor: Floor) -> None:
    dropped = drop(floor, floor.max, SALESFORCE, "Opportunity.csv")
    text = said(floor.max, dropped)
    assert "Id ← Id, Name ← Name, Stage ← StageName, Amount ← Amount" in text
    assert "“02/23/27” shows that they are MM/DD/YY" in text
    assert "No column says who owns the deals" in text
    message = answer(floor.max, dropped)
    assert message.buttons == ["Correct the mapping", "Discard"]
    modal = floor.opened(floor.max, message, "Correct the mapping")
    refused = floor.max.submit({"column_name": "Note", "column_id": "Note"})
    assert modal.title == "Correct the mapping"
    assert refused["errors"]["column_name"] == "This column is chosen twice."
    assert refused["errors"]["column_owner"] == "Choose a column, or below whose all of them are."
    wrong = floor.max.submit({"column_name": "Name", "column_id": "Id", "all_of": "U0ADA"})
    assert wrong["errors"] == {"all_of": "They are in no team here, so no deal can be theirs."}
    assert floor.max.submit({"all_of": "U0ANA"})["ok"]
    floor.work()
    text = said(floor.max, dropped)
    assert "All of them belong to Ana." in text
    assert "Stages that are none of ours: “Needs Analysis” (1)." in text
    floor.opened(floor.max, answer(floor.max, dropped), "Correct the mapping")
    assert floor.max.submit({"stage_0": "Discovery"})["ok"]
    floor.work()
    floor.press(floor.max, answer(floor.max, dropped), "Import 2 deals")
    floor.work()
    assert {deal.owner_id for deal in floor.rows(Deal)} == {floor.world.ana}
    again = drop(floor, floor.max, SALESFORCE, "Opportunity.csv")
    assert "2 unchanged" in said(floor.max, again)
    assert answer(floor.max, again).buttons[0] == "Import 2 deals"


@pytest.mark.parametrize("floor", ["socket-sqlite"], indirect=True)
def test_what_was_not_counted_yet_has_no_number(floor: Floor) -> None:
    """Before its columns are known nothing of a file is read but these."""
    content = as_csv([NEXUS], HEADER.replace("close_date", "when"))
    text = said(floor.max, drop(floor, floor.max, content, "missing.csv"))
    assert text.startswith("missing.csv: deals, not counted yet.")
    assert "Which column is “Close date”?" in text


@pytest.mark.parametrize("floor", ["socket-sqlite"], indirect=True)
def test_owners_in_no_team_are_called_that(floor: Floor) -> None:
    """Lea is set up, as a leader: no deal is hers, and she is not nobody."""
    rows = [NEXUS.replace("ana@example.com", word) for word in ("lea@example.com", "Emil Brandt")]
    text = said(floor.max, drop(floor, floor.max, as_csv(rows)))
    assert (
        "Owners who match nobody in a team, or several people: "
        "“lea@example.com” (1), “Emil Brandt” (1)."
    ) in text


def test_many_problems_are_listed_in_a_file(floor: Floor) -> None:
    rows = [f"D{n},N,U0ANA,Proposal,-{n},2027-01-01" for n in range(1, 15)]
    dropped = drop(floor, floor.max, as_csv(rows))
    text = said(floor.max, dropped)
    assert "14 problems; nothing is imported while there are any:" in text
    assert "Line 2: amount “-1” is negative" in text
    assert "… and 4 more: problems.csv in this thread lists them with their lines." in text
    dm = floor.max.dm_with(BOT)
    [listed] = [one for one in floor.max.messages(dm, dropped.ts) if one.json.get("files")][1:]
    content = floor.max.download(listed.json["files"][0]).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    assert lines[0] == ["line", "problem"]
    assert [line for line, _says in lines[1:]] == [str(n) for n in range(2, 16)]
    floor.press(floor.max, answer(floor.max, dropped), "Discard")
    floor.work()
    assert "deals.csv was discarded by @Max" in said(floor.max, dropped)


@pytest.mark.parametrize("floor", ["socket-sqlite"], indirect=True)
def test_what_is_no_such_file_is_said(floor: Floor) -> None:
    for name, content, why in (
        ("deals.xlsx", b"PK\x03\x04..[Content_Types].xml", "is an Excel workbook (.xlsx), not"),
        ("empty.csv", b"\n\n", "empty.csv is empty."),
        ("header.csv", f"{HEADER}\n".encode(), "holds no deals, only a header."),
    ):
        dropped = drop(floor, floor.max, content, name)
        assert why in said(floor.max, dropped)
        assert answer(floor.max, dropped).buttons == []
    assert all(file.state is FileState.REFUSED for file in floor.rows(DroppedFile))


@pytest.mark.parametrize("floor", ["socket-sqlite"], indirect=True)
def test_a_rep_and_a_stranger_are_refused_in_words(floor: Floor) -> None:
    dropped = drop(floor, floor.ana, as_csv([NEXUS]))
    text = said(floor.ana, dropped)
    assert "Managers, leaders and admins import files. Nothing was read. Ask @Max" in text
    assert floor.rows(DroppedPiece) == []
    there = floor.guest.dm_with(BOT)
    floor.guest.drop(there, "deals.csv", as_csv([NEXUS]))
    floor.work()
    assert "You are not set up here yet." in seen(floor.guest.ephemerals(there)[-1])
    assert floor.rows(DroppedFile, DroppedFile.person_id != floor.world.ana) == []


def test_who_only_writes_hears_what_there_is_to_do(floor: Floor) -> None:
    """Once a message; and nothing where people talk with each other."""
    for who, sentence in ((floor.ana, "`/cadence` says what there is to do"),
                          (floor.guest, "You are not set up here yet.")):  # fmt: skip
        there = who.dm_with(BOT)
        who.say(there, "Hello, how do I start?")
        floor.server.settled()
        (heard,) = who.ephemerals(there)
        assert sentence in seen(heard)
    floor.ana.say(WEST, "Hello")
    floor.server.settled()
    assert floor.ana.ephemerals(WEST) == []


def test_what_changed_between_looking_and_accepting_is_looked_at_again(floor: Floor) -> None:
    """Two people drop files; the second makes the first one's currency a question."""
    dropped = drop(floor, floor.max, as_csv([NEXUS, ORBIT]))
    other = drop(floor, floor.lea, as_csv([NEXUS, ORBIT]))
    floor.press(floor.lea, answer(floor.lea, other), "Import 2 deals")
    floor.work()
    with floor.database.transaction(floor.world.workspace_id) as session:
        session.scalars(select(Deal)).first().currency = "EUR"  # type: ignore[union-attr]
    floor.press(floor.max, answer(floor.max, dropped), "Import 2 deals")
    floor.work()
    text = said(floor.max, dropped)
    assert "Nothing was imported: something here has changed since this was read." in text
    assert "“Nexus Corp” moves from EUR to USD" in text
    assert len(floor.rows(Import)) == 1
    floor.press(floor.max, answer(floor.max, dropped), "Discard")
    floor.work()
    assert floor.rows(DroppedPiece) == []


@pytest.mark.parametrize("floor", ["socket-sqlite"], indirect=True)
def test_a_file_that_is_gone_and_one_that_waits_too_long(floor: Floor) -> None:
    there = floor.max.dm_with(BOT)
    message = floor.max.drop(there, "gone.csv", as_csv([NEXUS]), "Our deals")
    floor.server.settled()
    file_id = message.json["files"][0]["id"]
    with floor.server.exchange("DELETE", "/sandbox/file", None, {}, id=file_id, **{"as": "U0MAX"}):
        pass
    floor.work()
    assert "gone.csv was deleted in Slack before it was read" in said(floor.max, message)
    waits = drop(floor, floor.max, as_csv([NEXUS]))
    floor.later(timedelta(days=8))
    assert "deals.csv waited for 7 days and was let go. Drop it again." in said(floor.max, waits)
    assert floor.rows(DroppedPiece) == []


@pytest.mark.parametrize("floor", ["socket-sqlite"], indirect=True)
def test_a_long_file_says_how_far_it_is(floor: Floor) -> None:
    """In the one message, whenever some seconds have passed; here they do at every look."""
    rows = [f"D{n},Deal {n},U0ANA,Proposal,{n},2027-01-01" for n in range(12_000)]
    moments = (real_now() + timedelta(seconds=3 * n) for n in count())
    seen_then: list[tuple[str, str]] = []

    def look(point: str) -> None:
        if point == "after_progress":
            floor.deliver()
            message = answer(floor.max, dropped)
            seen_then.append((message.ts, seen(message)))

    tokens = find_installation("xoxb-cadence", floor.server.api_url)
    importer = Importer(
        floor.database, floor.now, tokens.client_for, real=lambda: next(moments), crash=look
    )
    dropped = floor.max.drop(floor.max.dm_with(BOT), "deals.csv", as_csv(rows))
    floor.server.settled()
    importer.run_once()
    floor.deliver()
    first = answer(floor.max, dropped)
    assert "deals.csv: 12,000 deals." in seen(first)
    floor.press(floor.max, first, "Import 12,000 deals")
    importer.run_once()
    floor.deliver()
    assert "12,000 deals imported by @Max" in said(floor.max, dropped)
    assert seen_then == [
        (first.ts, "Reading deals.csv … 5,000 lines so far."),
        (first.ts, "Reading deals.csv … 10,000 lines so far."),
        (first.ts, "Importing deals.csv … 5,000 lines so far."),
        (first.ts, "Importing deals.csv … 10,000 lines so far."),
    ]
    assert len(floor.rows(Deal)) == 12_000


@pytest.mark.parametrize("floor", ["socket-sqlite"], indirect=True)
def test_a_column_far_to_the_right_stays_chosen(floor: Floor) -> None:
    """Wider than a form can show: what is read is offered, wherever it stands."""
    more = [f"custom {n}" for n in range(320)]
    header = ",".join([*HEADER.split(",")[:-1], *more, "close_date"])
    *first, close = NEXUS.split(",")
    dropped = drop(floor, floor.max, as_csv([",".join([*first, *more, close])], header))
    assert "Close date ← close_date" in said(floor.max, dropped)
    floor.opened(floor.max, answer(floor.max, dropped), "Correct the mapping")
    assert floor.max.submit()["ok"]
    floor.work()
    assert "Close date ← close_date" in said(floor.max, dropped)
    assert answer(floor.max, dropped).buttons[0] == "Import 1 deal"


@pytest.mark.parametrize("floor", ["socket-sqlite"], indirect=True)
def test_a_file_that_was_separated_wrongly_is_separated_anew(floor: Floor) -> None:
    """Its columns are others then: what was chosen of the wrong ones is not asked for."""
    rows = [NEXUS.replace(",", ";").replace("Nexus Corp", "Nexus, Corp|East")]
    content = as_csv(rows, HEADER.replace(",", ";").replace("name", "deal, name|x"))
    dropped = drop(floor, floor.max, content)
    floor.opened(floor.max, answer(floor.max, dropped), "Correct the mapping")
    assert floor.max.submit({"delimiter": "|"})["ok"]
    floor.work()
    assert "Which column is “Id”?" in said(floor.max, dropped)
    floor.opened(floor.max, answer(floor.max, dropped), "Correct the mapping")
    wrong = floor.max.submit()
    assert wrong["errors"]["column_id"] == "This is needed."
    assert floor.max.submit({"delimiter": ";"})["ok"]
    floor.work()
    assert "Id ← id" in said(floor.max, dropped)
