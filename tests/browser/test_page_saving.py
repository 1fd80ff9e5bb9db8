"""The workspace in a file, by its menu."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sandbox import Server
from tests.browser.harborline import shoot
from tests.browser.page import Opens, message, on_each, send
from tests.browser.page_app import PageApp

pytestmark = pytest.mark.browser


def choose(page: Page, item: str) -> None:
    page.get_by_role("button", name=re.compile("Northwind.*: menu")).click()
    page.get_by_role("menuitem", name=item).click()


def load(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        choose(page, "Load from a file…")
    chooser.value.set_files(file)


@on_each
def test_the_workspace_is_saved_and_loaded(
    app: PageApp, opens: Opens, server: Server, tmp_path: Path, size: dict[str, Any]
) -> None:
    width = "phone" if "has_touch" in size else "desk"
    app.say("Kept")
    page, ana = opens("U0MAX", **size), opens("U0ANA")
    expect(message(page, "Kept")).to_be_visible()
    if width == "phone":
        page.get_by_role("button", name="Back").first.click()
    page.get_by_role("button", name=re.compile("Northwind.*: menu")).click()
    shoot(page, f"workspace-menu-{width}")
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name="Save to a file").click()
    kept = tmp_path / saved.value.suggested_filename
    saved.value.save_as(kept)
    assert kept.suffix == ".zip"
    server.as_person("U0ANA").say("C0WEST", "Lost")
    new = server.as_person("U0MAX").dm_with("U0ANA")
    expect(message(ana, "Lost")).to_be_visible()
    load(page, kept)
    asked = page.get_by_role("alertdialog", name="Load this workspace?")
    expect(asked).to_contain_text(f"replaced by what {kept.name} holds")
    shoot(page, f"workspace-load-{width}")
    asked.get_by_role("button", name="Cancel").click()
    expect(message(ana, "Lost")).to_be_visible()
    load(page, kept)
    asked.get_by_role("button", name="Load").click()
    expect(page.get_by_text(f"Loaded {kept.name}.")).to_be_visible()
    shoot(page, f"workspace-loaded-{width}")
    expect(message(ana, "Lost")).to_have_count(0)
    expect(message(ana, "Kept")).to_be_visible()
    assert new not in [c["id"] for c in server.as_person("U0MAX").state()["channels"]]
    send(ana, "Again")
    expect(message(ana, "Again")).to_be_visible()


def test_a_file_that_is_none_is_refused_in_words(
    app: PageApp, opens: Opens, tmp_path: Path
) -> None:
    app.say("Kept")
    page = opens()
    (tmp_path / "odd.zip").write_bytes(b"odd")
    load(page, tmp_path / "odd.zip")
    page.get_by_role("alertdialog").get_by_role("button", name="Load").click()
    expect(
        page.get_by_text("odd.zip was not loaded: this is not a saved workspace")
    ).to_be_visible()
    expect(message(page, "Kept")).to_be_visible()
