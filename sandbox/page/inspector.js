// What the workspace and its apps said to each other: filtered, held still, looked into, copied.

import { h, cls, memo } from "./dom.js";
import { icon } from "./icons.js";
import { jsonTree } from "./json_tree.js";
import { app, local as kept, set, state, toast, zone } from "./store.js";
import { moment, timeToTheSecond } from "./time.js";

const ARROWS = { in: "←", out: "→" };
const SAID = { in: "from the app", out: "to the app" };
const KINDS = ["api", "event", "command", "interaction", "response_url", "ack", "socket", "file"];

/** Whether an exchange went wrong: by its HTTP status, or by Slack's own {ok: false}. */
export function failed(entry) {
  const status = Number(entry.status);
  if (Number.isFinite(status) && status >= 400) return true;
  if (entry.response && entry.response.ok === false) return true;
  return ["error", "failed", "timeout", "operation_timeout", "dispatch_failed"].includes(entry.status);
}

const NOTHING = { filter: "", errors: false, app: "", direction: "", kind: "", from: 0, until: null };

export function inspector() {
  const view = kept("inspector", NOTHING);
  const held = state.traffic.filter((t) => t.n > view.from && (view.until === null || t.n <= view.until));
  const shown = held.filter(wanted(view));
  const filtered = Object.keys(NOTHING).some((key) => !["from", "until"].includes(key) && view[key] !== NOTHING[key]);
  return h("aside", { class: "inspector", "aria-label": "Inspector", key: "inspector" },
    h("header", { class: "pane-header" }, h("h2", { class: "pane-title" }, "Inspector"),
      h("span", { class: "pane-sub", role: "status" }, filtered ? `${shown.length} of ${held.length}` : "traffic with the apps"),
      h("span", { class: "spacer" }), tools(view, shown),
      h("button", { type: "button", class: "header-button", "aria-label": "Close inspector", title: "Close", onclick: () => set({ inspector: false }) }, icon("close"))),
    filters(view),
    h("div", { class: "inspector-list" },
      shown.length === 0 && h("p", { class: "nothing-yet" }, held.length ? "Nothing matches." : "No traffic yet."),
      h("ol", { class: "traffic" }, [...shown].reverse().map(row))));
}

function tools(view, shown) {
  const last = state.traffic.at(-1)?.n || 0;
  const paused = view.until !== null;
  const missed = paused ? state.traffic.filter((t) => t.n > view.until).length : 0;
  const tool = (label, name, onclick, more = {}) => h("button", { type: "button", class: "header-button", "aria-label": label, title: label, onclick, ...more }, icon(name), more.said);
  return h("span", { class: "tools", role: "group", "aria-label": "Traffic" },
    tool(paused ? "Go on" : "Pause", paused ? "play" : "pause", () => view.set({ until: paused ? null : last }), { "aria-pressed": String(paused), said: missed > 0 && h("span", {}, `${missed} more`) }),
    tool("Clear", "trash", () => view.set({ from: last, until: null })),
    tool("Copy all shown as JSON", "copy", () => copy(JSON.stringify(shown, null, 2), `${shown.length} exchanges copied`)));
}

function filters(view) {
  const pick = (key, label, options) => h("select", {
    class: cls("input", view[key] && "set"), "aria-label": label, value: view[key], onchange: (event) => view.set({ [key]: event.target.value }),
  }, [["", label], ...options].map(([value, words]) => h("option", { value, selected: view[key] === value }, words)));
  return h("div", { class: "inspector-tools" },
    h("input", { type: "search", class: "input", placeholder: "Filter by name, or by what it says", "aria-label": "Filter traffic", value: view.filter, oninput: (e) => view.set({ filter: e.target.value }) }),
    h("div", { class: "inspector-picks" },
      state.apps.length > 1 && pick("app", "All apps", state.apps.map((a) => [a.id, a.name])),
      pick("direction", "Both ways", Object.entries(SAID).map(([value, words]) => [value, words[0].toUpperCase() + words.slice(1)])),
      pick("kind", "All kinds", KINDS.map((kind) => [kind, kind])),
      h("label", {}, h("input", { type: "checkbox", checked: view.errors, onchange: (e) => view.set({ errors: e.target.checked }) }), " Errors only")));
}

const written = new WeakMap();

/** All that an exchange says, for the search in it. */
function words(entry) {
  if (!written.has(entry)) {
    written.set(entry, [entry.kind, entry.name, entry.status, entry.note, JSON.stringify(entry.request ?? ""), JSON.stringify(entry.response ?? "")].join(" ").toLowerCase());
  }
  return written.get(entry);
}

function wanted(view) {
  const text = view.filter.trim().toLowerCase();
  return (entry) => (!view.errors || failed(entry)) && (!text || words(entry).includes(text))
    && ["app", "direction", "kind"].every((key) => !view[key] || (key === "app" ? entry.app_id : entry[key]) === view[key]);
}

function row(entry) {
  const opened = kept(`traffic ${entry.n}`, { open: false });
  return memo(entry.n, [entry, opened.open, zone()], () => drawRow(entry, opened));
}

function drawRow(entry, opened) {
  const bad = failed(entry);
  const error = entry.response?.error;
  const retry = /\bretry (\d+)/.exec(entry.note || "");
  return h("li", { class: cls("exchange", bad && "bad") },
    h("details", { ontoggle: (event) => event.target === event.currentTarget && event.target.open !== opened.open && opened.set({ open: event.target.open }) },
      h("summary", {},
        h("span", { class: `direction direction-${entry.direction}`, title: SAID[entry.direction] }, ARROWS[entry.direction] || "·", h("span", { class: "sr-only" }, SAID[entry.direction] || "")),
        h("span", { class: "exchange-kind" }, entry.kind),
        h("span", { class: "exchange-what" }, h("span", { class: "exchange-name" }, entry.name || ""),
          bad && (error || entry.note) && h("span", { class: "exchange-error" }, error || entry.note)),
        retry && h("span", { class: "badge", title: entry.note }, `RETRY ${retry[1]}`),
        h("span", { class: "exchange-status" }, entry.status === null || entry.status === undefined ? "" : String(entry.status)),
        h("span", { class: "exchange-ms" }, entry.ms === null || entry.ms === undefined ? "" : `${Math.round(entry.ms)} ms`)),
      opened.open && h("div", { class: "exchange-body" },
        h("div", { class: "exchange-head" },
          h("span", { class: "exchange-at" }, `#${entry.n} · ${timeToTheSecond(moment(entry.at), zone())} · ${app(entry.app_id)?.name || entry.app_id || ""} · ${entry.ms} ms`),
          h("span", { class: "spacer" }),
          h("button", { type: "button", class: "link-button", onclick: () => copy(JSON.stringify(entry, null, 2), "Copied as JSON") }, "Copy JSON"),
          entry.kind === "api" && h("button", { type: "button", class: "link-button", onclick: () => copy(curl(entry), "Copied as curl; put the token in SLACK_BOT_TOKEN") }, "Copy curl")),
        entry.note && h("div", { class: "exchange-note" }, entry.note),
        part("Request", entry.request), part("Response", entry.response))));
}

function part(label, value) {
  if (value === null || value === undefined) return null;
  return [h("h4", {}, label), typeof value === "string" ? h("pre", { class: "json", tabindex: 0 }, value) : jsonTree(value)];
}

/** The call once more, from a shell; its token is not known here. */
function curl(entry) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const { token, ...body } = entry.request && typeof entry.request === "object" ? entry.request : {};
  return [`curl -sS ${location.origin}/api/${entry.name}`, '-H "Authorization: Bearer $SLACK_BOT_TOKEN"',
    "-H 'Content-Type: application/json; charset=utf-8'", `-d ${quoted(JSON.stringify(body))}`].join(" \\\n  ");
}

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    toast("The browser does not let the page copy.", "warning");
  }
}
