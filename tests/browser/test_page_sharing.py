"""What goes to and fro besides words: files, reactions, options that the app loads."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.harborline import shoot
from tests.browser.page import Opens, message, on_each, open_more_actions
from tests.browser.page_app import PageApp
from tests.browser.page_forms import section, text

pytestmark = pytest.mark.browser

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)
"""The smallest picture: a red dot."""
DEALS = "Deal,Stage,Amount\nNexus Corp,Proposal,180000\n" + "".join(
    f'"Deal {n}, the long one",Qualified,{n}000\n' for n in range(40)
)
DROP = """([name, text]) => {
    const carried = new DataTransfer();
    carried.items.add(new File([text], name, {type: 'text/csv'}));
    return carried;
}"""


@on_each
def test_files_are_dropped_shown_and_saved(
    app: PageApp, opens: Opens, tmp_path: Path, size: dict[str, Any]
) -> None:
    width = "phone" if "has_touch" in size else "desk"
    page = opens("U0MAX", **size)
    (tmp_path / "dot.png").write_bytes(DOT)
    carried = page.evaluate_handle(DROP, ["deals.csv", DEALS])
    pane = page.get_by_role("region", name="west")
    pane.dispatch_event("dragover", {"dataTransfer": carried})
    expect(page.get_by_text("Drop files to send them to #west")).to_be_visible()
    shoot(page, f"drop-{width}")
    pane.dispatch_event("drop", {"dataTransfer": carried})
    listed = page.get_by_role("list", name="Files to be sent")
    expect(listed).to_contain_text("deals.csv")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files").click()
    chooser.value.set_files(tmp_path / "dot.png")
    expect(listed.get_by_role("listitem")).to_have_count(2)
    shoot(page, f"attached-{width}")
    page.get_by_label("Message #west").fill("Our deals")
    page.get_by_label("Message #west").press("Enter")
    said = message(page, "Our deals")
    expect(said.get_by_role("cell", name="Proposal")).to_be_visible()
    expect(said).to_contain_text(re.compile(r"CSV · 1\.\d kB"))
    expect(said).to_contain_text("more lines")
    expect(said.get_by_role("img", name="dot.png")).to_be_visible()
    assert said.locator("img").evaluate("image => image.naturalWidth") == 1
    expect(listed).to_have_count(0)
    shoot(page, f"files-{width}")
    with page.expect_download() as saved:
        said.get_by_role("link", name="Download deals.csv").click()
    assert saved.value.path().read_text() == DEALS
    said.get_by_role("button", name="Delete deals.csv").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(said).to_contain_text("This file was deleted.")


def test_options_come_from_the_app_while_one_types(app: PageApp, opens: Opens) -> None:
    select = {"action_id": "deal", "placeholder": text("Find a deal"), "min_query_length": 2}
    elements = [{"type": "external_select", **select}]
    app.say("Which?", [{"type": "actions", "block_id": "a", "elements": elements}])
    many = {"type": "multi_external_select", **select, "min_query_length": 0}
    home = {"type": "home", "blocks": [section("b", "Deals", accessory=many)]}
    app.client.views_publish(user_id="U0BEN", view=home)
    page = opens("U0BEN")
    field = message(page, "").get_by_role("combobox", name="Find a deal")
    options = page.get_by_role("listbox").get_by_role("option")
    field.click()
    expect(page.get_by_text("Type at least 2 characters")).to_be_visible()
    field.press_sequentially("zz")
    expect(page.get_by_text("No matches")).to_be_visible()
    field.fill("wrong")
    expect(page.get_by_text("the inspector says why")).to_be_visible()
    field.fill("ha")
    expect(options).to_have_text(["Halcyon"])
    shoot(page, "external-select")
    field.press("Enter")
    expect(field).to_have_value("Halcyon")
    page.context.route("**/sandbox/home", lambda route: route.abort())
    page.goto(f"{page.url.split('?')[0]}?as=U0BEN&app=A0FIELD&tab=home")
    field = page.get_by_role("tabpanel", name="Home").get_by_role("combobox")
    field.click()
    expect(options).to_have_count(6)
    field.press_sequentially("orb")
    expect(options).to_have_text(["Orbit"])
    field.press("Enter")
    expect(page.get_by_role("button", name="Remove Orbit")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Remove Orbit")).to_be_visible()
    chosen = [click.get("selected_option", {}).get("value") for click in app.clicked]
    assert chosen[0] == "halcyon"


@on_each
def test_one_reacts_and_takes_it_back(app: PageApp, opens: Opens, size: dict[str, Any]) -> None:
    app.say("Nexus Corp is won")
    page, ana = opens("U0MAX", **size), opens("U0ANA")
    said = message(page, "Nexus Corp is won")
    said.click()
    said.get_by_role("button", name="Add reaction").first.click()
    page.get_by_role("button", name="tada", exact=True).click()
    given = said.get_by_role("button", name="tada: 1, you")
    expect(given).to_have_attribute("aria-pressed", "true")
    message(ana, "Nexus").get_by_role("button", name="tada: 1, Max Weber").click()
    expect(said.get_by_role("button", name="tada: 2, Ana Ruiz and you")).to_be_visible()
    shoot(page, f"reactions-{'phone' if 'has_touch' in size else 'desk'}")
    open_more_actions(said)
    expect(page.get_by_role("menuitem", name="Ana Ruiz and you")).to_be_visible()
    page.keyboard.press("Escape")
    said.get_by_role("button", name="tada: 2").click()
    expect(said.get_by_role("button", name="tada: 1, Ana Ruiz")).to_be_visible()
