"""A CRM's export from the drop to the import, lived through the page, at a desk and on a phone.

Lea leads both teams and is the admin. At her desk she has Salesforce's report, on her phone
HubSpot's: each has an amount that people read, and beside it one that can be counted with.
"""

import csv
import io
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from bot.demo import APP_ID, WORKSPACE_ID
from models.base import Database
from models.deals import Deal, DealChange, Field, Import, Stage, StageKind, latest_import
from models.people import Person
from tests.browser.elsewhere import elsewhere
from tests.browser.harborline import (
    ON_PHONE,
    SHOTS,
    Floor,
    at_work,
    form,
    message,
    pick,
    press,
    shoot,
)
from tests.browser.page import DESK, Opens

pytestmark = pytest.mark.browser

DROP = """([name, text]) => {
    const carried = new DataTransfer();
    carried.items.add(new File([text], name, {type: 'text/csv'}));
    return carried;
}"""

RAISE = 15_000_00


@dataclass(frozen=True)
class Export:
    """What a CRM writes: its header, its word for one of our stages, and what is new in it."""

    name: str
    header: Sequence[str]
    stage: tuple[str, str]  # ours, theirs
    raised: str  # a deal that is worth more than was known
    new: str
    size: dict[str, Any]
    width: str


DESK_EXPORT = Export(
    name="opportunities.csv",
    header=("Opportunity ID", "Opportunity Name", "Opportunity Owner", "Stage", "Amount",
            "Amount (converted)", "Close Date", "Region"),
    stage=("Discovery", "Needs Analysis"),
    raised="Juniper Freight",
    new="Maple Orchards",
    size={"size": DESK},
    width="desk",
)  # fmt: skip
PHONE_EXPORT = Export(
    name="hubspot-deals.csv",
    header=("Record ID", "Deal Name", "Deal owner", "Deal Stage", "Amount",
            "Amount in company currency", "Close Date", "Pipeline"),
    stage=("Proposal", "Presentation Scheduled"),
    raised="Granite Bay Bank",
    new="Harbour Lights",
    size=ON_PHONE,
    width="phone",
)  # fmt: skip


@pytest.fixture(scope="module")
def floor(sqlite_sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """One for both widths, as `floor` elsewhere is made for each test."""
    path = tmp_path_factory.mktemp("import") / "cadence.sqlite3"
    shutil.copyfile(sqlite_sampled, path)
    with elsewhere(at_work(f"sqlite:///{path}")) as at:
        yield at


@pytest.mark.parametrize("export", [DESK_EXPORT, PHONE_EXPORT], ids=["desk", "phone"])
def test_an_export_from_the_drop_to_the_import(floor: Floor, visits: Opens, export: Export) -> None:
    page = visits("U0LEA", f"app={APP_ID}&tab=messages", **export.size)
    content = written(floor.database, export)
    deals = f"{len(content.splitlines()) - 1} deals"
    answer = drop(page, export, content)
    expect(answer).to_contain_text(f"{export.name}: {deals}.")
    see_what_it_is(page, answer, export)
    correct(page, answer, export)
    see_the_dry_run(page, answer, export)
    before = kept(floor.database)
    press(answer, f"Import {deals}")
    see_it_imported(page, answer, export, deals)
    assert_what_was_taken(floor.database, export, before)
    again = drop_it_again(page, export, content)
    before = kept(floor.database)
    press(again, f"Import {deals}")
    expect(again).to_contain_text("imported by @Lea Lindqvist")
    assert kept(floor.database) == replace(before, imports=before.imports + 1)


# --- the file


def written(database: Database, export: Export) -> str:
    """Every open deal as the CRM has it, one of them worth more, and a new one."""
    with database.transaction(WORKSPACE_ID) as session:
        found = session.execute(
            select(Deal, Person.name, Stage.name)
            .join(Person, Person.id == Deal.owner_id)
            .join(Stage, Stage.id == Deal.crm_stage_id)
            .where(Stage.kind == StageKind.OPEN)
            .order_by(Deal.external_id)
        ).all()
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(export.header)
    for deal, owner, stage in found:
        minor = deal.amount_minor
        if minor is not None and deal.name == export.raised:
            minor += RAISE
        lines.writerow(
            a_row(export, deal.external_id, deal.name, owner, stage, minor, deal.crm_close_on)
        )
    new = (f"N-{export.width}", export.new, "Ana Silva", "Qualified", 84_000_00, date(2027, 1, 29))
    lines.writerow(a_row(export, *new))
    return out.getvalue()


def a_row(
    export: Export, id_: str, name: str, owner: str, stage: str, minor: int | None, on: date | None
) -> list[str]:
    ours, theirs = export.stage
    return [
        id_,
        name,
        owner,
        theirs if stage == ours else stage,
        "" if minor is None else f"{minor // 100_000}k",
        "" if minor is None else f"{minor / 100:.2f}",
        "" if on is None else f"{on:%m/%d/%Y}",
        "Sales",
    ]


# --- what Lea does


def drop(page: Page, export: Export, content: str) -> Locator:
    """At the desk it is dragged into the conversation, on the phone chosen; the answer to it."""
    dropped = message(page, export.name)
    before = dropped.count()
    if export.width == "desk":
        carried = page.evaluate_handle(DROP, [export.name, content])
        page.locator("#compose").dispatch_event("drop", {"dataTransfer": carried})
    else:
        with page.expect_file_chooser() as chooser:
            press(page.locator("main"), "Attach files")
        a_file = {"name": export.name, "mimeType": "text/csv", "buffer": content.encode()}
        chooser.value.set_files(a_file)  # type: ignore[arg-type]
    waits = page.get_by_role("list", name="Files to be sent")
    expect(waits).to_contain_text(export.name)
    page.locator("#compose").press("Enter")
    expect(waits).to_have_count(0)
    expect(dropped).to_have_count(before + 1)
    dropped.last.get_by_role("button", name=re.compile(r"\d repl")).click()
    thread = page.get_by_role("complementary")
    return thread.get_by_role("article").filter(has_text=f"{export.name}: ")


def see_what_it_is(page: Page, answer: Locator, export: Export) -> None:
    """The proposed mapping, what is open, and more problems than a message holds."""
    expect(answer).to_contain_text(f"Id ← {export.header[0]}, Name ← {export.header[1]}")
    expect(answer).to_contain_text("Amount ← Amount")
    expect(answer).to_contain_text(f"Stages that are none of ours: “{export.stage[1]}”")
    expect(answer).to_contain_text("amount “145k” is not an amount")
    expect(answer).to_contain_text("problems.csv in this thread lists them with their lines")
    look(page, answer, f"import-asks-{export.width}")
    listed = page.get_by_role("complementary").get_by_role("article").last
    expect(listed).to_contain_text("problems.csv")
    with page.expect_download() as download:
        listed.get_by_role("link", name="Download problems.csv").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[:2] == ["line,problem", "2,amount “145k” is not an amount"]


def correct(page: Page, answer: Locator, export: Export) -> None:
    """Which amount it is, and which stage the unknown one."""
    press(answer, "Correct the mapping")
    asked = form(page, "Correct the mapping")
    expect(asked.get_by_role("combobox", name="Name")).to_have_value(export.header[1])
    shoot(page, f"import-mapping-{export.width}")
    pick(asked, "Amount", export.header[5])
    unknown = asked.get_by_role("combobox", name=f"Stage “{export.stage[1]}”")
    unknown.fill(export.stage[0])
    unknown.press("Enter")
    shoot(page, f"import-mapped-{export.width}")
    press(asked, "Read it again")
    expect(asked).to_have_count(0)


def see_the_dry_run(page: Page, answer: Locator, export: Export) -> None:
    expect(answer).to_contain_text("It would change:")
    expect(answer).to_contain_text(f"Amount ← {export.header[5]}")
    expect(answer).to_contain_text("1 new: 1 open")
    expect(answer).to_contain_text("1 changed: amount 1")
    expect(answer).not_to_contain_text("problem")
    look(page, answer, f"import-dry-{export.width}")


def see_it_imported(page: Page, answer: Locator, export: Export, deals: str) -> None:
    """One click did it, and is not there for a second."""
    expect(answer).to_contain_text(f"{deals} imported by @Lea Lindqvist")
    expect(answer.get_by_role("button", name="Import")).to_have_count(0)
    look(page, answer, f"import-taken-{export.width}")


def drop_it_again(page: Page, export: Export, content: str) -> Locator:
    """Read as before without a word, and nothing of it is new."""
    close_thread(page)
    answer = drop(page, export, content)
    expect(answer).to_contain_text("Read as the import of Mon 23 Nov 2026")
    expect(answer).to_contain_text("0 new")
    expect(answer).to_contain_text("0 changed")
    look(page, answer, f"import-again-{export.width}")
    return answer


def close_thread(page: Page) -> None:
    page.get_by_role("complementary").get_by_role("button", name=re.compile("Close|Back")).click()


def look(page: Page, answer: Locator, name: str) -> None:
    """Its beginning and its end, since it may be longer than the screen; no news before it."""
    if not SHOTS:
        return
    expect(page.get_by_role("button", name="Dismiss")).to_have_count(0)
    for end in ("start", "end"):
        answer.evaluate("(it, block) => it.scrollIntoView({ block })", end)
        shoot(page, f"{name}-{end}")


# --- what the database holds


@dataclass(frozen=True)
class Kept:
    imports: int
    deals: int
    changes: int


def kept(database: Database) -> Kept:
    with database.transaction(WORKSPACE_ID) as session:
        counts = (
            session.scalars(select(func.count()).select_from(table)).one()
            for table in (Import, Deal, DealChange)
        )
        return Kept(*counts)


def assert_what_was_taken(database: Database, export: Export, before: Kept) -> None:
    """One new deal, one change, and the reading that is remembered."""
    one_more = Kept(before.imports + 1, before.deals + 1, before.changes + 1)
    assert kept(database) == one_more
    with database.transaction(WORKSPACE_ID) as session:
        new = session.scalars(select(Deal).where(Deal.name == export.new)).one()
        assert new.amount_minor == 84_000_00
        [change] = session.scalars(select(DealChange).order_by(DealChange.id.desc()).limit(1))
        assert change.field is Field.AMOUNT
        assert int(change.after or 0) - int(change.before or 0) == RAISE
        latest = latest_import(session)
        assert latest is not None
        assert latest.file_name == export.name
        assert latest.mapping["stages"] == {export.stage[1]: export.stage[0]}
