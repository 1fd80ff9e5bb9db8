"""A form that asks for files: chosen, dropped, taken away, and what is wrong said at the field."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.harborline import shoot
from tests.browser.page import Opens, on_each, send
from tests.browser.page_app import PageApp
from tests.browser.test_page_sharing import DOT, DROP

pytestmark = pytest.mark.browser


def choose(field: Locator, *files: Path) -> None:
    field.locator("input[type=file]").set_input_files(files)


@on_each
def test_files_are_given_in_a_form(
    app: PageApp, opens: Opens, tmp_path: Path, size: dict[str, Any]
) -> None:
    width = "phone" if "has_touch" in size else "desk"
    deals, dot, odd = tmp_path / "deals.csv", tmp_path / "dot.png", tmp_path / "odd.pdf"
    deals.write_text("Deal,Stage\nNexus,Proposal\n")
    dot.write_bytes(DOT)
    odd.write_bytes(b"x")
    page = opens("U0MAX", **size)
    send(page, "/upload")
    form = page.get_by_role("dialog", name="Bring your deals")
    field = form.locator(".file-input").first
    given = form.get_by_role("list", name="Deals: given")
    expect(form.get_by_label("Deals", exact=True)).to_be_attached()
    shoot(page, f"file-input-{width}")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Please complete this required field.")).to_be_visible()
    choose(field, odd)
    wrong = "odd.pdf is of a type that is not taken here: .csv, .png."
    expect(form.get_by_text(wrong)).to_be_visible()
    expect(form.get_by_label("Deals", exact=True)).to_have_attribute("aria-invalid", "true")
    choose(field, deals)
    expect(given.get_by_role("listitem")).to_have_text(["deals.csv26 bytes"])
    expect(form.get_by_text(wrong)).to_have_count(0)
    carried = page.evaluate_handle(DROP, ["later.csv", "a,b"])
    field.dispatch_event("dragover", {"dataTransfer": carried})
    shoot(page, f"file-input-over-{width}")
    field.dispatch_event("drop", {"dataTransfer": carried})
    expect(given.get_by_role("listitem")).to_have_count(2)
    expect(field).to_contain_text("No more than 2 files")
    shoot(page, f"file-input-full-{width}")
    given.get_by_role("button", name="Remove later.csv").click()
    choose(field, dot, deals)
    expect(form.get_by_text("Please give no more than 2 files.")).to_be_visible()
    expect(given.get_by_role("listitem")).to_have_count(2)
    shoot(page, f"file-input-wrong-{width}")
    page.emulate_media(color_scheme="dark")
    shoot(page, f"file-input-dark-{width}")
    page.reload()  # what was given is not yet kept by the view, which was never sent
    expect(given).to_have_count(0)
    choose(field, deals)
    expect(given.get_by_role("listitem")).to_have_count(1)
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    (file,) = app.submitted[0]["deals"]["files"]
    assert (file["name"], file["size"]) == ("deals.csv", 26)
    assert app.client.files_info(file=file["id"])["content"] == deals.read_text()
    assert app.submitted[0]["one"]["files"] == []
