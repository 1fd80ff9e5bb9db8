// What the workspace and its apps said to each other.

import { h, cls, memo } from "./dom.js";
import { icon } from "./icons.js";
import { local as kept, set, state, zone } from "./store.js";
import { moment, time } from "./time.js";

const ARROWS = { in: "←", out: "→" };
const SAID = { in: "from the app", out: "to the app" };

/** Whether an exchange went wrong: by its HTTP status, or by Slack's own {ok: false}. */
export function failed(entry) {
  const status = Number(entry.status);
  if (Number.isFinite(status) && status >= 400) return true;
  if (entry.response && entry.response.ok === false) return true;
  return ["error", "failed", "timeout", "operation_timeout", "dispatch_failed"].includes(entry.status);
}

export function inspector() {
  const view = kept("inspector", { filter: "", errors: false });
  const wanted = view.filter.trim().toLowerCase();
  const shown = state.traffic.filter((t) => (!view.errors || failed(t)) && (!wanted || words(t).includes(wanted)));
  return h("aside", { class: "inspector", "aria-label": "Inspector", key: "inspector" },
    h("header", { class: "pane-header" }, h("h2", { class: "pane-title" }, "Inspector"), h("span", { class: "pane-sub" }, "traffic with the apps"),
      h("span", { class: "spacer" }),
      h("button", { type: "button", class: "header-button", "aria-label": "Close inspector", onclick: () => set({ inspector: false }) }, icon("close"))),
    h("div", { class: "inspector-tools" },
      h("input", { type: "search", class: "input", placeholder: "Filter by name or kind", "aria-label": "Filter traffic", value: view.filter, oninput: (e) => view.set({ filter: e.target.value }) }),
      h("label", {}, h("input", { type: "checkbox", checked: view.errors, onchange: (e) => view.set({ errors: e.target.checked }) }), " Errors only")),
    h("div", { class: "inspector-list" },
      shown.length === 0 && h("p", { class: "nothing-yet" }, state.traffic.length ? "Nothing matches." : "No traffic yet."),
      h("ol", { class: "traffic" }, [...shown].reverse().map(row))));
}

function words(entry) {
  return [entry.kind, entry.name, entry.status, entry.response?.error, entry.note].join(" ").toLowerCase();
}

function row(entry) {
  const opened = kept(`traffic ${entry.n}`, { open: false });
  return memo(entry.n, [entry, opened.open, zone()], () => drawRow(entry, opened));
}

function drawRow(entry, opened) {
  const bad = failed(entry);
  const error = entry.response?.error;
  return h("li", { class: cls("exchange", bad && "bad") },
    h("details", { ontoggle: (event) => event.target.open !== opened.open && opened.set({ open: event.target.open }) },
      h("summary", {},
        h("span", { class: `direction direction-${entry.direction}`, title: SAID[entry.direction] }, ARROWS[entry.direction] || "·", h("span", { class: "sr-only" }, SAID[entry.direction] || "")),
        h("span", { class: "exchange-kind" }, entry.kind),
        h("span", { class: "exchange-what" }, h("span", { class: "exchange-name" }, entry.name || ""),
          bad && (error || entry.note) && h("span", { class: "exchange-error" }, error || entry.note)),
        h("span", { class: "exchange-status" }, entry.status === null || entry.status === undefined ? "" : String(entry.status)),
        h("span", { class: "exchange-ms" }, entry.ms === null || entry.ms === undefined ? "" : `${Math.round(entry.ms)} ms`)),
      opened.open && h("div", { class: "exchange-body" },
        h("div", { class: "exchange-at" }, `#${entry.n} · ${time(moment(entry.at), zone())} · ${entry.app_id || ""}`),
        entry.note && h("div", { class: "exchange-note" }, entry.note),
        part("Request", entry.request), part("Response", entry.response))));
}

function part(label, value) {
  if (value === null || value === undefined) return null;
  return [h("h4", {}, label), h("pre", { class: "json", tabindex: 0 }, colored(typeof value === "string" ? value : JSON.stringify(value, null, 2)))];
}

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** Pretty JSON with its keys, strings and numbers in colour. */
function colored(text) {
  const out = [];
  let at = 0;
  for (const m of text.matchAll(TOKEN)) {
    out.push(text.slice(at, m.index));
    if (m[1]) out.push(h("span", { class: m[2] ? "json-key" : "json-string" }, m[1]), m[2] || "");
    else out.push(h("span", { class: "json-other" }, m[0]));
    at = m.index + m[0].length;
  }
  out.push(text.slice(at));
  return out;
}
