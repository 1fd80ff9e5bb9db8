// The markdown block: the part of standard Markdown that Slack draws.

import { h } from "./dom.js";
import { symbol } from "./emoji.js";
import { emojiNode, link } from "./mrkdwn.js";

export function markdown(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  return h("div", { class: "markdown" }, blocks(lines));
}

const LIST = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

function blocks(lines) {
  const out = [];
  let i = 0;
  while (i < lines.length) {
    const read = READERS.map((reader) => reader(lines, i)).find(Boolean);
    if (read) {
      if (read[0]) out.push(read[0]);
      i = read[1];
    }
  }
  return out;
}

const READERS = [blank, fence, heading, rule, quote, table, list, paragraph];

function blank(lines, i) {
  return lines[i].trim() === "" ? [null, i + 1] : null;
}

function fence(lines, i) {
  const m = /^\s*(```|~~~)/.exec(lines[i]);
  if (!m) return null;
  let end = i + 1;
  while (end < lines.length && !lines[end].trim().startsWith(m[1])) end += 1;
  return [h("pre", { class: "pre", "data-language": lines[i].trim().slice(3).trim() || null }, lines.slice(i + 1, end).join("\n")), end + 1];
}

function heading(lines, i) {
  const m = /^(#{1,6})\s+(.*?)\s*#*$/.exec(lines[i]);
  return m ? [h(`h${Math.min(6, m[1].length + 2)}`, { class: `md-h md-h${m[1].length}` }, inline(m[2])), i + 1] : null;
}

function rule(lines, i) {
  return RULE.test(lines[i]) ? [h("hr", { class: "divider" }), i + 1] : null;
}

function quote(lines, i) {
  if (!/^\s*>/.test(lines[i])) return null;
  let end = i;
  while (end < lines.length && /^\s*>/.test(lines[end])) end += 1;
  return [h("blockquote", { class: "quote" }, blocks(lines.slice(i, end).map((l) => l.replace(/^\s*> ?/, "")))), end];
}

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));
}

function table(lines, i) {
  if (!lines[i].includes("|") || !TABLE_RULE.test(lines[i + 1] || "") || !lines[i + 1].includes("-")) return null;
  const head = cells(lines[i]);
  const aligned = cells(lines[i + 1]).map((rule) => (/^:.*:$/.test(rule) ? "align-center" : rule.endsWith(":") ? "align-right" : null));
  let end = i + 2;
  while (end < lines.length && lines[end].includes("|")) end += 1;
  const body = lines.slice(i + 2, end).map((line) => h("tr", {}, cells(line).map((cell, n) => h("td", { class: aligned[n] }, inline(cell)))));
  const drawn = h("div", { class: "table-wrap" }, h("table", { class: "table" },
    h("thead", {}, h("tr", {}, head.map((cell, n) => h("th", { scope: "col", class: aligned[n] }, inline(cell))))),
    h("tbody", {}, body)));
  return [drawn, end];
}

function list(lines, i) {
  const first = LIST.exec(lines[i]);
  if (!first) return null;
  const depth = first[1].length;
  const ordered = /\d/.test(first[2]);
  const items = [];
  let end = i;
  while (end < lines.length) {
    const m = LIST.exec(lines[end]);
    if (m && m[1].length > depth && items.length) {
      const [nested, next] = list(lines, end);
      items[items.length - 1].push(nested);
      end = next;
    } else if (m && m[1].length === depth && /\d/.test(m[2]) === ordered) {
      items.push([item(m[3])]);
      end += 1;
    } else if (!m && lines[end].trim() !== "" && /^\s+/.test(lines[end]) && items.length) {
      items[items.length - 1].push(" ", inline(lines[end].trim()));
      end += 1;
    } else {
      break;
    }
  }
  const start = ordered ? Number.parseInt(first[2], 10) : null;
  return [h(ordered ? "ol" : "ul", { class: "rich-list", start }, items.map((parts) => h("li", {}, parts))), end];
}

function item(text) {
  const m = /^\[([ xX])\]\s+(.*)$/.exec(text);
  if (!m) return inline(text);
  const done = m[1] !== " ";
  return h("span", { class: done ? "task-item done" : "task-item" }, h("span", { role: "img", "aria-label": done ? "Done" : "To do", class: "task-box" }, done ? "✓" : ""), h("span", {}, inline(m[2])));
}

function paragraph(lines, i) {
  let end = i + 1;
  while (end < lines.length && !READERS.slice(0, -1).some((reader) => reader(lines, end))) end += 1;
  return [h("p", { class: "md-p" }, inline(lines.slice(i, end).join("\n"))), end];
}

const INLINE = [
  [/^`([^`\n]+)`/, (m) => h("code", { class: "code" }, m[1])],
  [/^\\([\\`*_{}[\]()#+\-.!~|>])/, (m) => m[1]],
  [/^!?\[([^\]\n]*)\]\(([^)\s]+)(?:\s+"[^"]*")?\)/, (m) => link(m[2], m[1])],
  [/^<((?:https?|mailto):[^>\s]+)>/, (m) => link(m[1], m[1])],
  [/^\*\*\*(?=\S)([\s\S]*?\S)\*\*\*/, (m) => h("strong", {}, h("em", {}, inline(m[1])))],
  [/^\*\*(?=\S)([\s\S]*?\S)\*\*/, (m) => h("strong", {}, inline(m[1]))],
  [/^__(?=\S)([\s\S]*?\S)__/, (m) => h("strong", {}, inline(m[1]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (m) => h("del", {}, inline(m[1]))],
  [/^\*(?=[^\s*])([^*\n]*?[^\s*])\*/, (m) => h("em", {}, inline(m[1]))],
  [/^_(?=[^\s_])([^_\n]*?[^\s_])_(?![\p{L}\p{N}])/u, (m) => h("em", {}, inline(m[1]))],
  [/^https?:\/\/[^\s<>)]+[^\s<>).,;:!?'"]/, (m) => link(m[0], m[0])],
  [/^:([a-z0-9_+'-]+):/, (m) => {
    const found = symbol(m[1]);
    return found ? emojiNode(m[1], found) : m[0];
  }],
];
const SPECIAL = /[`\\![<*_~h:]/;

function inline(text) {
  const out = [];
  let buffer = "";
  for (let i = 0; i < text.length;) {
    const drawn = SPECIAL.test(text[i]) ? readInline(text, i) : null;
    if (drawn) {
      if (buffer) out.push(buffer);
      buffer = "";
      out.push(drawn[0]);
      i += drawn[1];
    } else {
      buffer += text[i];
      i += 1;
    }
  }
  if (buffer) out.push(buffer);
  return out;
}

function readInline(text, i) {
  if (text[i] === "_" && /[\p{L}\p{N}]/u.test(text[i - 1] || "")) return null;
  const rest = text.slice(i);
  for (const [pattern, draw] of INLINE) {
    const m = pattern.exec(rest);
    if (m) return [draw(m), m[0].length];
  }
  return null;
}
