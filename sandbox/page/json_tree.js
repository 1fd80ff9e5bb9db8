// JSON as a tree that opens and closes, with its keys, strings and numbers in colour.

import { h } from "./dom.js";

const OPEN_DEPTH = 3;
const LONG = 12; // lists longer than this begin closed

export function jsonTree(value) {
  return h("div", { class: "json", tabindex: 0 }, node(value, 0, ""));
}

function node(value, depth, tail) {
  if (value === null || typeof value !== "object") return [leaf(value), tail];
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  const [open, shut] = list ? ["[", "]"] : ["{", "}"];
  if (!entries.length) return [open, shut, tail];
  return h("details", { class: "json-node", open: depth < OPEN_DEPTH && entries.length <= LONG * 2 },
    h("summary", {}, open, h("span", { class: "json-shut" }, ` ${entries.length} ${shut}${tail}`)),
    h("div", { class: "json-inside" }, entries.map(([key, each], i) => h("div", { key },
      !list && [h("span", { class: "json-key" }, JSON.stringify(key)), ": "], node(each, depth + 1, i < entries.length - 1 ? "," : "")))),
    h("span", {}, shut, tail));
}

function leaf(value) {
  return h("span", { class: typeof value === "string" ? "json-string" : "json-other" }, JSON.stringify(value));
}
