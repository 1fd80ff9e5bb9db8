// table and data_table blocks. A data_table is sorted, filtered and paged by who looks at it.

import { h, cls } from "./dom.js";
import { decode } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { local } from "./store.js";

function cell(content, ctx) {
  if (content?.type === "rich_text") return richText(content, ctx);
  return textOf(content);
}

/** What a cell says, for sorting and filtering. */
function textOf(content) {
  if (content === null || content === undefined) return "";
  if (content.type === "raw_number") return content.text ?? numberText(content.value ?? content.number);
  if (typeof content.text === "string") return decode(content.text);
  if (Array.isArray(content.elements)) return content.elements.map(textOf).join("");
  return content.name || "";
}

function numberText(value) {
  return typeof value === "number" ? value.toLocaleString("en-US") : String(value ?? "");
}

function sortValue(content) {
  if (content?.type === "raw_number") return Number(content.value ?? content.number ?? content.text);
  return textOf(content).toLowerCase();
}

/** Plain cells under a head; with `numbers` all but the first column are such. */
export function grid(title, head, rows, { numbers = false } = {}) {
  const of = (i) => (numbers && i ? "align-right" : null);
  return h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": title }, h("table", { class: "table" }, h("caption", { class: "sr-only" }, title),
    h("thead", {}, h("tr", {}, head.map((c, i) => h("th", { scope: "col", class: of(i) }, c)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((c, i) => h(i ? "td" : "th", { scope: i ? null : "row", class: of(i) }, c)))))));
}

export function table(block, ctx) {
  const [head, ...rows] = block.rows || [];
  const settings = block.column_settings || [];
  const of = (c, i) => cls(`align-${settings[i]?.align || (c?.type === "raw_number" ? "right" : "left")}`, settings[i]?.is_wrapped === false && "nowrap");
  return h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": "Table" },
    h("table", { class: "table" },
      h("thead", {}, h("tr", {}, (head || []).map((c, i) => h("th", { scope: "col", class: of(c, i) }, cell(c, ctx))))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((c, i) => h("td", { class: of(c, i) }, cell(c, ctx))))))));
}

export function dataTable(block, ctx) {
  const [head, ...rows] = block.rows || [];
  const size = block.page_size || 5;
  const view = local(ctx.key(block, {}), { page: 0, sort: null, down: false, filter: "" });
  const shown = arranged(rows, view);
  const pages = Math.max(1, Math.ceil(shown.length / size));
  const page = Math.min(view.page, pages - 1);
  const label = block.row_header_column_index ?? 0;
  return h("div", { class: "data-table" },
    rows.length > size && h("input", {
      type: "search", class: "input data-filter", placeholder: "Filter rows", "aria-label": `Filter ${block.caption || "rows"}`,
      value: view.filter, oninput: (e) => view.set({ filter: e.target.value, page: 0 }),
    }),
    h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": block.caption || "Table" },
      h("table", { class: "table" },
        h("caption", {}, block.caption),
        h("thead", {}, h("tr", {}, (head || []).map((c, i) => headCell(c, i, view, isNumbers(rows, i))))),
        h("tbody", {}, shown.slice(page * size, page * size + size).map((row) => h("tr", {}, row.map((c, i) =>
          h(i === label ? "th" : "td", { scope: i === label ? "row" : null, class: c?.type === "raw_number" && "align-right" },
            cell(c, ctx)))))))),
    shown.length === 0 && h("p", { class: "hint" }, "No row matches."),
    pages > 1 && pager(page, pages, view, `${page * size + 1}–${Math.min(shown.length, (page + 1) * size)} of ${shown.length}`));
}

const isNumbers = (rows, i) => rows.some((row) => row[i]?.type === "raw_number");

function headCell(content, i, view, numbers) {
  const sorted = view.sort === i;
  return h("th", { scope: "col", class: numbers && "align-right", "aria-sort": sorted ? (view.down ? "descending" : "ascending") : null },
    h("button", {
      type: "button", class: "sort",
      onclick: () => view.set({ sort: i, down: sorted ? !view.down : false, page: 0 }),
    }, textOf(content), h("span", { class: "sort-mark", "aria-hidden": "true" }, sorted ? (view.down ? " ↓" : " ↑") : " ↕")));
}

function arranged(rows, view) {
  const wanted = view.filter.trim().toLowerCase();
  const kept = wanted ? rows.filter((row) => row.some((c) => textOf(c).toLowerCase().includes(wanted))) : [...rows];
  if (view.sort === null) return kept;
  const sign = view.down ? -1 : 1;
  return kept.sort((a, b) => {
    const [x, y] = [sortValue(a[view.sort]), sortValue(b[view.sort])];
    return x === y ? 0 : x < y ? -sign : sign;
  });
}

function pager(page, pages, view, said) {
  const go = (to, label, mark) => h("button", {
    type: "button", class: "btn btn-small", disabled: to < 0 || to >= pages, "aria-label": label,
    onclick: () => view.set({ page: to }),
  }, mark);
  return h("div", { class: "pager" }, go(page - 1, "Previous page", "‹"),
    h("span", { role: "status" }, said), go(page + 1, "Next page", "›"));
}
