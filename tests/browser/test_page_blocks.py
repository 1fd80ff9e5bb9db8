"""The newest blocks, drawn: light and dark, on a desk and on a phone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.harborline import shoot
from tests.browser.page import Opens, on_each
from tests.browser.page_app import PageApp
from tests.browser.page_blocks import MESSAGES

pytestmark = pytest.mark.browser

FAINT = """() => {
    const rgb = (color) => {
        const paper = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        paper.fillStyle = color;
        paper.fillRect(0, 0, 1, 1);
        return [...paper.getImageData(0, 0, 1, 1).data].map((n) => n / 255);
    };
    const known = new Map();
    const seen = (color) => known.get(color) || known.set(color, rgb(color)).get(color);
    const light = ([r, g, b]) => [r, g, b]
        .map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4))
        .reduce((sum, n, i) => sum + n * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (el) => {
        for (let at = el; at; at = at.parentElement) {
            const color = seen(getComputedStyle(at).backgroundColor);
            if (color[3] > 0.9) return color;
            if (getComputedStyle(at).backgroundImage !== 'none') return null;
        }
        return [1, 1, 1, 1];
    };
    const faint = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const el = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !el.checkVisibility({opacityProperty: true})) continue;
        if (el.closest('.sr-only, .emoji, [disabled], [aria-disabled=true]')) continue;
        const style = getComputedStyle(el);
        const below = behind(el);
        if (!below) continue;
        const ink = seen(el.closest('svg') ? style.fill : style.color);
        const [a, b] = [light(ink), light(below)].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        const words = walk.currentNode.data.trim().slice(0, 40);
        if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${el.className} ${words}`);
    }
    return [...new Set(faint)];
}"""
"""What is written too faintly to be read by everybody: under 4.5 : 1 (WCAG 2, AA)."""


@on_each
def test_every_block_is_drawn_and_readable(
    app: PageApp, opens: Opens, size: dict[str, Any]
) -> None:
    width = "phone" if "has_touch" in size else "desk"
    stamps = {name: app.say(name, blocks) for name, blocks in MESSAGES.items()}
    page = opens(color_scheme="light", **size)
    page.context.route("https://*.test/**", lambda route: route.abort())
    rows = {name: page.locator(f'main [data-ts="{ts}"]') for name, ts in stamps.items()}
    expect(rows["units"]).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for name, row in rows.items():
            row.scroll_into_view_if_needed()
            expect(row.locator(".unknown, .unknown-inline")).to_have_count(0)
            shoot(page, f"blocks-{name.replace(' ', '-')}-{width}-{scheme}")
        assert page.evaluate(FAINT) == []
    rows["data table"].get_by_role("button", name="Next page").click()
    expect(rows["data table"].get_by_role("status")).to_have_text("6–7 of 7")
    rows["data table"].get_by_role("button", name="Amount").click()
    expect(rows["data table"].get_by_role("rowheader").first).to_have_text("Nexus")
    rows["bar"].get_by_role("group", name="Bar chart").press("ArrowRight")
    expect(rows["bar"].get_by_role("status")).to_have_text("Q1: East 34 · West 62 · North 46")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
