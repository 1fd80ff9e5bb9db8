// What the page knows, and the one way to have it drawn again.

import { moment } from "./time.js";

export const state = {
  ready: false, failed: null, online: true,
  as: null, me: null, team: null, teams: [], people: new Map(), channels: [], apps: [], homes: {},
  modals: [], clock: { now: 0, marks: [], ticking: true, at: 0 },
  place: { kind: "none" },
  messages: new Map(), threads: new Map(),
  forms: new Map(), errors: new Map(), busy: new Set(),
  popup: null, confirm: null, toasts: [],
  unread: {}, loading: false, inspector: false, traffic: [], sending: 0, noticed: 0, opened: null, newSince: null,
  drafts: new Map(), dismissed: new Set(), notes: new Map(),
  notifications: [], news: [], finder: null, attached: new Map(), uploading: new Map(),
};

let draw = () => {};
let waiting = false;

export function onChange(f) {
  draw = f;
}

/** Draw soon; many changes at once make one drawing. */
export function invalidate() {
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    draw();
  });
}

export function set(patch) {
  Object.assign(state, patch);
  invalidate();
}

const locals = new Map();

/** Small state of one drawn thing (an open page of a table, a search text), kept by its key. */
export function local(key, initial) {
  if (!locals.has(key)) locals.set(key, { ...initial });
  const kept = locals.get(key);
  return {
    ...kept,
    now: () => kept,
    set: (patch) => {
      Object.assign(kept, patch);
      invalidate();
    },
  };
}

/** Forget everything that belongs to the person who was looking. */
export function forgetPerson() {
  locals.clear();
  Object.assign(state, {
    ready: false, me: null, channels: [], homes: {}, modals: [], messages: new Map(), threads: new Map(),
    forms: new Map(), errors: new Map(), busy: new Set(), popup: null, confirm: null, drafts: new Map(),
    notes: new Map(), newSince: null, notifications: [], news: [], finder: null, attached: new Map(), uploading: new Map(),
  });
}

export const person = (id) => state.people.get(id) || null;
export const channel = (id) => state.channels.find((c) => c.id === id) || null;
export const app = (id) => state.apps.find((a) => a.id === id) || null;
/** What apps offer everywhere ("global") or on a message ("message"), each with its app. */
export const shortcuts = (type) => state.apps.flatMap((a) => a.shortcuts.filter((s) => s.type === type).map((s) => ({ app: a, ...s })));
export const appOfBot = (userId) => state.apps.find((a) => a.bot_user_id === userId) || null;

export function nameOf(who) {
  return who.display_name || who.real_name || who.name || who.id;
}

/** Business time now, in seconds; it runs on between what the server tells. */
export function now() {
  const { clock } = state;
  return clock.ticking ? clock.now + (Date.now() - clock.at) / 1000 : clock.now;
}

export function setClock(clock) {
  if (!clock) return;
  const ticking = clock.ticking ?? state.clock.ticking;
  state.clock = { now: moment(clock.now), marks: clock.marks || [], ticking, at: Date.now() };
}

export const zone = () => state.me?.tz || "UTC";

/** What mrkdwn needs to know to draw mentions and dates. */
export function textContext() {
  return { me: state.as, zone: zone(), now, person: anyone, channel, nameOf };
}

/** A person, or an app under its bot's id. */
export function anyone(id) {
  return appOfBot(id) || person(id);
}

/** Accounts of people, by name: neither bots nor Slackbot. */
export function humans() {
  return [...state.people.values()]
    .filter((p) => !p.is_bot && !p.app_id && p.id !== "USLACKBOT")
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

/** The status somebody shows: {emoji, text}, or null. */
export function statusOf(who) {
  const ended = who.status_expiration && who.status_expiration <= now();
  return who.status_emoji && !ended ? { emoji: who.status_emoji.replaceAll(":", ""), text: who.status_text } : null;
}

/** Whether the person does not want to be disturbed now. */
export function isQuiet() {
  const { dnd_start: from = 0, dnd_end: to = 0 } = state.me || {};
  return from <= now() && now() < to;
}

/** Channels and conversations as the sidebar groups them. */
export function grouped() {
  const byName = (a, b) => conversationName(a).localeCompare(conversationName(b));
  const ims = state.channels.filter((c) => c.kind === "im");
  return {
    channels: state.channels.filter((c) => c.kind !== "im" && !c.archived).sort(byName),
    archived: state.channels.filter((c) => c.kind !== "im" && c.archived).sort(byName),
    people: ims.filter((c) => !appOfBot(c.person)).sort(byName),
    apps: ims.filter((c) => appOfBot(c.person)),
  };
}

export function conversationName(c) {
  if (c.kind !== "im") return c.name || c.id;
  const other = c.person && anyone(c.person);
  return other ? nameOf(other) : c.person || c.id;
}

export const imWithApp = (a) => state.channels.find((c) => c.kind === "im" && c.person === a.bot_user_id) || null;

let toastId = 0;

/** A short notice that goes away by itself; the same text is not shown twice at once. */
export function toast(text, kind = "info") {
  if (state.toasts.some((t) => t.text === text)) return;
  const id = ++toastId;
  set({ toasts: [...state.toasts, { id, text, kind }] });
  setTimeout(() => dropToast(id), kind === "info" ? 4000 : 9000);
}

export function dropToast(id) {
  set({ toasts: state.toasts.filter((t) => t.id !== id) });
}
