// Keeps what the page knows equal to what the workspace says: first by asking, then by its events.

import * as api from "./api.js";
import { inPane, isLookedAt, mayListenHidden } from "./pane.js";
import { keepAddress, readPlace } from "./route.js";
import { app, channel, forgetPerson, imWithApp, invalidate, set, setClock, state, toast } from "./store.js";

let stop = () => {};
let news = () => {};
let told = 0; // how many events brought a part of the state
let soon = null;
const KEPT_TRAFFIC = 500;

/** What else to do with every message that comes: {channel, message}. */
export function onNews(f) {
  news = f;
}

/** Become this person (null: the first one) and follow what happens to them. */
export async function enter(as) {
  stop();
  forgetPerson();
  state.dismissed = new Set(JSON.parse(sessionStorage.getItem("dismissed") || "[]"));
  invalidate();
  let answer = await api.get("state", { as });
  if (!answer.ok && as) answer = await api.get("state");
  if (!answer.ok) {
    set({ failed: api.sentence(answer.error) });
    setTimeout(() => enter(as), 2000);
    return;
  }
  state.failed = null;
  state.as = typeof answer.me === "string" ? answer.me : answer.me.id;
  if (!inPane) localStorage.setItem("as", state.as);
  takeState(answer);
  settle();
  markNew();
  listen();
  state.ready = true;
  await resync();
}

function listen() {
  stop();
  stop = api.events(state.as, happened, () => {
    state.online = true;
    resync();
  }, () => set({ online: false }));
}

const HIDDEN_FOR = 2000;
let hiding = null;
let asleep = false;

/**
 * A browser holds only six connections to one server: a tab that nobody looks at gives its own
 * back after a while, and catches up when it is looked at again.
 */
export function visibilityChanged() {
  clearTimeout(hiding);
  if (!state.ready) return;
  if (document.visibilityState === "hidden") {
    hiding = setTimeout(async () => (await mayListenHidden()) || sleep(), HIDDEN_FOR);
  } else if (asleep) {
    wake();
  } else {
    markNew();
    readHere();
  }
}

/** A page that was left is perhaps kept by the browser, and would keep its connection. */
export function sleep() {
  clearTimeout(hiding);
  asleep = true;
  stop();
}

/** A page that was kept is looked at again. */
export function wake() {
  if (!asleep || !state.ready) return;
  asleep = false;
  listen();
}

/** Everything anew, e.g. after the connection was lost. */
async function resync() {
  await readState();
  for (const [key, kept] of [...state.messages, ...state.threads]) if (kept.loaded) kept.stale = true;
  await Promise.all([arrive(), readTraffic()]);
}

/** The whole state; an answer that an event has overtaken is thrown away. */
async function readState() {
  const seen = told;
  const answer = await api.get("state", { as: state.as });
  if (seen !== told) {
    readStateSoon();
    return;
  }
  const me = typeof answer.me === "string" ? answer.me : answer.me?.id;
  if (answer.error === "user_not_found") {
    enter(null);
    return;
  }
  if (!answer.ok || me !== state.as) return;
  takeState(answer);
  loadNew();
  invalidate();
}

/** Ask again shortly; many reasons at once make one question. */
function readStateSoon() {
  clearTimeout(soon);
  soon = setTimeout(readState, 60);
}

function takeState(answer) {
  state.team = answer.team || {};
  state.teams = answer.teams || [state.team];
  takePeople(answer.people, answer.me);
  state.channels = answer.channels || [];
  state.apps = answer.apps || [];
  state.homes = answer.homes || {};
  state.unread = answer.unread || {};
  setClock(answer.clock);
  takeModals(answer.modals || []);
}

function takePeople(people, me = state.me) {
  state.people = new Map(people.map((p) => [p.id, p]));
  state.me = state.people.get(state.as) || me;
}

function takeModals(modals) {
  const open = new Set(modals.map((m) => m.view_id));
  for (const old of state.modals) {
    if (!open.has(old.view_id)) {
      state.forms.delete(old.view_id);
      state.errors.delete(old.view_id);
    }
  }
  for (const m of modals) {
    const before = state.modals.find((old) => old.view_id === m.view_id);
    if (m.errors && Object.keys(m.errors).length) state.errors.set(m.view_id, m.errors);
    else if (before && JSON.stringify(before.view) !== JSON.stringify(m.view)) state.errors.delete(m.view_id);
  }
  state.modals = modals;
}

/** After the first look: stay where the address says, else where it makes sense. */
function settle() {
  const [, place] = readPlace();
  state.place = place;
  if (place.kind === "channel" && !channel(place.id)) state.place = { kind: "none" };
  if (place.kind === "app" && !app(place.id)) state.place = { kind: "none" };
  const wide = matchMedia("(min-width: 768px)").matches;
  const first = state.channels.filter((c) => c.kind !== "im" && !c.archived).sort((a, b) => a.name.localeCompare(b.name))[0];
  if (state.place.kind === "none" && wide && first) state.place = { kind: "channel", id: first.id };
  keepAddress();
}

/** Load what the place shows. */
export async function arrive() {
  const { place } = state;
  markNew();
  const loads = [];
  if (place.kind === "channel") {
    loads.push(loadMessages(place.id));
    if (place.thread) loads.push(loadThread(place.id, place.thread));
  }
  if (place.kind === "app" && place.tab === "home") loads.push(openHome(place.id));
  if (place.kind === "app" && place.tab === "messages") {
    const a = app(place.id);
    const im = a && imWithApp(a);
    if (im) loads.push(loadMessages(im.id));
    else if (a) loads.push(api.post("open_dm", { as: state.as, with: a.bot_user_id }));
  }
  await Promise.all(loads);
  readHere();
}

async function openHome(id) {
  if (state.opened === `${state.as} ${id}`) return;
  state.opened = `${state.as} ${id}`;
  await api.post("home", { as: state.as, app_id: id });
}

/** The next visit of a Home counts as opening it. */
export function leaveHome() {
  state.opened = null;
}

export const threadKey = (id, ts) => `${id} ${ts}`;

function loadMessages(id) {
  return load(state.messages, id, { channel: id });
}

export function loadThread(id, ts) {
  return load(state.threads, threadKey(id, ts), { channel: id, thread_ts: ts });
}

/** One list of messages; asked again when something happened while it was on its way. */
async function load(kept, key, params) {
  const entry = kept.get(key) || { list: [], loaded: false, loading: false, stale: true };
  kept.set(key, entry);
  if (entry.loading || !entry.stale) return;
  entry.loading = true;
  while (entry.stale) {
    entry.stale = false;
    const answer = await api.get("messages", { as: state.as, ...params });
    if (answer.ok) {
      entry.list = answer.messages.filter((m) => !state.dismissed.has(m.ts));
      entry.loaded = true;
      entry.error = null;
    } else {
      entry.error = answer.error;
    }
  }
  entry.loading = false;
  invalidate();
}

/** A conversation that has only begun: nothing of it was asked for on arriving. */
function loadNew() {
  const here = channelHere();
  if (here && !state.messages.has(here)) loadMessages(here);
}

function reload(id) {
  const entry = state.messages.get(id);
  if (!entry) return;
  entry.stale = true;
  loadMessages(id);
}

/** The channel whose messages are on the screen now. */
export function channelHere() {
  const { place } = state;
  if (place.kind === "channel") return place.id;
  return place.kind === "app" && place.tab === "messages" ? imWithApp(app(place.id) || {})?.id || null : null;
}

/** The line "New" stands where one had read to when one came, for as long as one stays. */
function markNew() {
  const here = channel(channelHere());
  if (here?.unread) state.newSince = { channel: here.id, ts: here.last_read || "0" };
  else if (state.newSince?.channel !== here?.id) state.newSince = null;
}

/** Whether a message of a conversation is, or would be, on the screen. */
export function inSight(id, message) {
  const thread = message.thread_ts && message.thread_ts !== message.ts && message.subtype !== "thread_broadcast" ? message.thread_ts : null;
  return isLookedAt() && channelHere() === id && (!thread || state.place.thread === thread);
}

/** What is on the screen counts as read. */
export function readHere() {
  const here = channel(channelHere());
  if (!here || !here.unread || !isLookedAt()) return;
  here.unread = 0;
  invalidate();
  api.post("read", { as: state.as, channel: here.id });
}

const HAPPENED = {
  message: (e) => {
    said(e, "new");
    news(e);
  },
  ephemeral: (e) => said(e, "new"),
  message_changed: (e) => said(e, "changed"),
  message_deleted: (e) => said(e, "deleted"),
  modals: (e) => takeModals(e.modals || []),
  home: (e) => {
    state.homes = { ...state.homes, [e.app_id]: e.view };
  },
  notice: (e) => {
    state.noticed = Date.now();
    if (!state.sending) toast(e.text, "warning");
  },
  channels: (e) => {
    if (!e.channels) return readStateSoon();
    state.channels = e.channels;
    loadNew();
    return readHere();
  },
  unread: (e) => {
    state.unread = e.unread;
  },
  people: (e) => (e.people ? takePeople(e.people) : readStateSoon()),
  apps: (e) => {
    if (!e.apps) return readStateSoon();
    state.apps = e.apps;
    return null;
  },
  clock: (e) => setClock(e.clock || e),
  replaced: () => enter(state.as),
  traffic: (e) => {
    if (state.traffic.some((t) => t.n === e.entry.n)) return;
    state.traffic = [...state.traffic, e.entry].slice(-KEPT_TRAFFIC);
  },
};

const OF_STATE = new Set(["modals", "home", "channels", "unread", "people", "apps", "clock"]);

function happened(event) {
  if (OF_STATE.has(event.type)) told += 1;
  HAPPENED[event.type]?.(event);
  invalidate();
}

function said(event, what) {
  const id = event.channel;
  const message = event.message || { ts: event.ts };
  if (state.dismissed.has(message.ts)) return;
  const threadTs = message.thread_ts;
  const isReply = Boolean(threadTs && threadTs !== message.ts);
  const change = what === "deleted" ? without : within;
  for (const [key, entry] of state.threads) {
    if (key === threadKey(id, threadTs || message.ts)) change(entry, message, what);
  }
  const entry = state.messages.get(id);
  const onTop = !isReply || message.subtype === "thread_broadcast";
  if (entry && onTop) change(entry, message, what);
  if (entry && isReply && !message.is_ephemeral) reload(id);
  if (what === "new" && !channel(id)) readStateSoon();
}

const SUMMARY = ["reply_count", "latest_reply", "reply_users", "reply_users_count"];

function within(entry, message, what) {
  if (entry.loading) entry.stale = true;
  const at = entry.list.findIndex((m) => m.ts === message.ts);
  if (at >= 0) {
    const old = entry.list[at];
    const summary = Object.fromEntries(SUMMARY.filter((k) => k in old).map((k) => [k, old[k]]));
    entry.list = entry.list.with(at, { ...summary, ...message });
  } else if (what === "new") {
    entry.list = [...entry.list, message].sort((a, b) => Number(a.ts) - Number(b.ts));
  }
}

function without(entry, message) {
  if (entry.loading) entry.stale = true;
  entry.list = entry.list.filter((m) => m.ts !== message.ts);
}

/** An ephemeral message goes away for good. */
export function dismiss(id, ts) {
  state.dismissed.add(ts);
  sessionStorage.setItem("dismissed", JSON.stringify([...state.dismissed].slice(-200)));
  said({ channel: id, message: { ts } }, "deleted");
  for (const entry of [...state.messages.values(), ...state.threads.values()]) without(entry, { ts });
  invalidate();
}

async function readTraffic() {
  const answer = await api.get("traffic", { since: 0 });
  if (answer.ok) set({ traffic: answer.entries.slice(-KEPT_TRAFFIC) });
}
