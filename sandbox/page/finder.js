// Search: conversations by name, messages by what they say, and a message by its link.

import { h, cls } from "./dom.js";
import { openDm, toConversation } from "./actions.js";
import { author } from "./authors.js";
import { appIcon, avatar, icon } from "./icons.js";
import { offTop, onTop } from "./modal.js";
import * as api from "./api.js";
import { emojify } from "./emoji.js";
import { closePopup } from "./popup.js";
import { go, placeOf, toApp } from "./route.js";
import { channel, conversationName, grouped, humans, nameOf, now, set, state, zone } from "./store.js";
import { when } from "./time.js";

const PLACES = 6;
const PAUSE = 120; // milliseconds without a key, after which the workspace is asked
let asking = null;

export function openFinder() {
  closePopup();
  set({ finder: { query: "", active: 0, matches: [], total: 0, searching: false } });
}

const close = () => set({ finder: null });
const change = (patch) => set({ finder: { ...state.finder, ...patch } });

function typed(query) {
  const asks = query.trim().length > 1 && !placeOf(query.trim());
  clearTimeout(asking);
  change({ query, active: 0, searching: asks, ...(asks ? {} : { matches: [], total: 0 }) });
  if (asks) asking = setTimeout(() => ask(query), PAUSE);
}

/** An answer that comes when something else is asked for already is thrown away. */
async function ask(query) {
  const answer = await api.get("search", { as: state.as, query });
  if (state.finder?.query !== query) return;
  change({ searching: false, failed: answer.ok ? null : api.sentence(answer.error), matches: answer.matches || [], total: answer.total || 0 });
}

/** Ctrl or Cmd with K opens it. */
export function finderKey(event) {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k" || state.confirm || state.modals.length) return;
  event.preventDefault();
  if (state.finder) close();
  else openFinder();
}

// --- what was found: {key, group, mark, title, detail, run}

function found() {
  const query = state.finder.query.trim();
  const link = query && placeOf(query);
  if (link) return [{ key: "link", group: "Link", mark: icon("link", 20), title: linkTitle(link), detail: query, run: () => go(link) }];
  const { matches, total } = state.finder;
  const group = total > matches.length ? `The newest ${matches.length} of ${total} messages` : "Messages";
  return [...places(query.toLowerCase()), ...matches.map((each) => ({ ...messageFound(each, query), group }))];
}

function linkTitle(place) {
  const c = place.kind === "channel" && channel(place.id);
  const where = c ? `${c.kind === "im" ? "" : "#"}${conversationName(c)}` : "this place";
  return place.ts ? `Go to the message in ${where}` : `Go to ${where}`;
}

function places(wanted) {
  const { channels, archived, people } = grouped();
  const talked = new Set(people.map((c) => c.person));
  const all = [
    ...[...channels, ...archived].map((c) => ({ name: c.name, unread: c.unread, mark: icon(c.archived ? "archive" : c.kind === "private" ? "lock" : "hash", 20), run: () => toConversation(c), key: c.id })),
    ...state.apps.map((a) => ({ name: a.name, detail: "App", mark: appIcon(a, 24), run: () => toApp(a.id), key: a.id })),
    ...people.map((c) => ({ name: conversationName(c), unread: c.unread, mark: avatar(state.people.get(c.person) || { id: c.person, name: c.person }, 24), run: () => toConversation(c), key: c.id })),
    ...humans().filter((p) => p.id !== state.as && !p.deleted && !talked.has(p.id)).map((p) => ({ name: nameOf(p), detail: p.title, mark: avatar(p, 24), run: () => openDm(p.id), key: p.id })),
  ];
  const begins = (place) => place.name.toLowerCase().split(/[\s_-]/).some((word) => word.startsWith(wanted)) || place.name.toLowerCase().startsWith(wanted);
  const fit = all.filter((place) => !wanted || begins(place) || place.name.toLowerCase().includes(wanted));
  fit.sort((a, b) => Number(begins(b)) - Number(begins(a)) || (b.unread || 0) - (a.unread || 0));
  return fit.slice(0, PLACES).map((place) => ({ group: "Go to", title: place.name, ...place, detail: place.unread ? `${place.unread} unread` : place.detail }));
}

function messageFound({ channel: id, message, said }, query) {
  const c = channel(id);
  const by = author(message);
  const where = c ? (c.kind === "im" ? `with ${conversationName(c)}` : `#${conversationName(c)}`) : id;
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  return {
    key: `${id} ${message.ts}`, asked: true, mark: by.app ? appIcon(by.app, 28) : avatar(by.person, 28),
    title: [by.name, h("span", { class: "found-where" }, ` ${reply ? "in a thread, " : ""}${where} · ${when(Number(message.ts), now(), zone())}`)],
    detail: marked(emojify(said), query),
    run: () => go({ kind: "channel", id, ts: message.ts, thread: reply ? message.thread_ts : null }),
  };
}

const AROUND = 70;

const FILTER = /^(-|(from|in|has|before|after|on):)/i;

/** What is to be found in a text: its words and phrases. */
const wordsOf = (query) => [...query.matchAll(/-?"[^"]+"|\S+/g)].map(([word]) => word).filter((word) => !FILTER.test(word)).map((word) => fold(word.replaceAll('"', ""))).filter(Boolean);

/** Without case and accents, and as long as before where that can be. */
const fold = (text) => [...text].map((ch) => ch.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").slice(0, ch.length).padEnd(ch.length) || ch).join("");

/** The part of a text around what was searched for, with that in bold. */
function marked(text, wanted) {
  const said = fold(text);
  const begins = (word) => said.search(new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "u"));
  const hits = wordsOf(wanted).map((word) => [begins(word), word.length]).filter(([at]) => at >= 0).sort(([a], [b]) => a - b);
  if (!hits.length) return text.slice(0, AROUND * 2);
  const from = Math.max(0, hits[0][0] - AROUND);
  const out = [from > 0 ? "…" : ""];
  let at = from;
  for (const [start, length] of hits) {
    if (start < at) continue;
    out.push(text.slice(at, start), h("mark", {}, text.slice(start, start + length)));
    at = start + length;
  }
  out.push(text.slice(at, at + AROUND), at + AROUND < text.length ? "…" : "");
  return out;
}

// --- the dialog

export function finder() {
  if (!state.finder) return null;
  const all = found();
  const { query } = state.finder;
  const active = Math.min(state.finder.active, all.length - 1);
  const take = (item) => {
    if (!item) return;
    close();
    item.run();
  };
  let group = null;
  const rows = all.flatMap((item, i) => {
    const head = item.group !== group && h("div", { class: "option-group", role: "presentation", key: `group ${item.group}` }, item.group);
    group = item.group;
    return [head, option(item, i, i === active, take)];
  });
  return h("dialog", {
    class: "finder", key: "finder", "aria-label": "Search",
    mount: (el) => {
      onTop(el, close);
      el.querySelector("input").focus();
    },
    unmount: offTop,
    onclick: (event) => event.target === event.currentTarget && close(),
  }, h("div", { class: "finder-box" },
    h("div", { class: "finder-field" }, icon("search", 20),
      h("input", {
        type: "search", class: "finder-input", placeholder: "Search messages, go to a conversation, or paste a link", role: "combobox", "aria-label": "Search",
        "aria-expanded": "true", "aria-controls": "finder-list", "aria-autocomplete": "list", "aria-activedescendant": all.length ? `finder-${active}` : null,
        value: query, oninput: (event) => typed(event.target.value), onkeydown: (event) => keys(event, all, active, take),
      }),
      h("button", { type: "button", class: "modal-close", "aria-label": "Close", onclick: close }, icon("close", 18))),
    h("div", { role: "listbox", id: "finder-list", class: "finder-list", "aria-label": "Found", update: (el) => el.querySelector(".active")?.scrollIntoView({ block: "nearest" }) }, rows),
    h("p", { class: "finder-note", role: "status" }, note(all))));
}

/** What is said below: what went wrong, that nothing was found, or what one could write. */
function note(all) {
  const { query, searching, failed } = state.finder;
  if (failed) return failed;
  if (searching && !state.finder.matches.length) return "Searching…";
  if (query.trim() && !all.length) return "Nothing found.";
  return query.trim() ? "" : "Narrow it down with from:@name, in:#channel, has:file, before:2026-11-25, \"a phrase\" or -word.";
}

function option(item, i, active, take) {
  return h("div", {
    key: item.key, id: `finder-${i}`, role: "option", class: cls("option", active && "active"), "aria-selected": String(active),
    onclick: () => take(item),
  }, item.mark, h("span", { class: "option-text" }, h("span", { class: "found-title" }, item.title), item.detail && h("span", { class: "option-detail" }, item.detail)));
}

function keys(event, all, active, take) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by && all.length) change({ active: (active + by + all.length) % all.length });
  else if (event.key === "Enter" && !event.isComposing) enter(all[active], take);
  else return;
  event.preventDefault();
}

/** What is listed may still answer what was typed before: then the new answer is waited for. */
async function enter(item, take) {
  const { query, searching } = state.finder;
  if (!searching || (item && !item.asked)) {
    take(item);
    return;
  }
  clearTimeout(asking);
  await ask(query);
  if (state.finder?.query === query) take(found()[0]);
}
