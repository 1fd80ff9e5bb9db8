// Where the person is, in the address: ?as=U&channel=C[&thread_ts=T][&ts=T] or ?as=U&app=A[&tab=messages],
// with ?team=T for another workspace than the first.

import { team } from "./api.js";
import { invalidate, state } from "./store.js";

let arrived = () => {};

/** What to do when the place has changed. */
export function onArrive(f) {
  arrived = f;
}

export function readPlace(search = location.search) {
  const query = new URLSearchParams(search);
  const as = query.get("as");
  if (query.get("channel")) {
    return [as, { kind: "channel", id: query.get("channel"), thread: query.get("thread_ts"), ts: query.get("ts") }];
  }
  if (query.get("app")) return [as, { kind: "app", id: query.get("app"), tab: query.get("tab") || "home" }];
  return [as, { kind: "none" }];
}

function address(place) {
  const query = new URLSearchParams(team ? { team, as: state.as } : { as: state.as });
  if (place.kind === "channel") query.set("channel", place.id);
  if (place.thread) query.set("thread_ts", place.thread);
  if (place.ts) query.set("ts", place.ts);
  if (place.kind === "app") {
    query.set("app", place.id);
    query.set("tab", place.tab);
  }
  return `/?${query}`;
}

/** Go somewhere; the browser's back button comes back. */
export function go(place, { replace = false } = {}) {
  const same = address(place) === address(state.place);
  state.place = place;
  state.popup = null;
  history[replace || same ? "replaceState" : "pushState"](null, "", address(place));
  arrived();
  invalidate();
}

/** The address now shown, for another person. */
export function keepAddress() {
  history.replaceState(null, "", address(state.place));
}

export const toChannel = (id, more = {}) => go({ kind: "channel", id, ...more });
export const toApp = (id, tab = "home") => go({ kind: "app", id, tab });
export const toThread = (id, thread) => go({ kind: "channel", id, thread });
export const closeThread = () => go({ kind: "channel", id: state.place.id });
export const toList = () => go({ kind: "none" });

/** The address of one message, for everybody. */
export function permalink(channel, ts, thread) {
  const query = new URLSearchParams(team ? { team, channel, ts } : { channel, ts });
  if (thread && thread !== ts) query.set("thread_ts", thread);
  return `${location.origin}/?${query}`;
}

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The place that an address names, if it is one of this workspace's; otherwise null. */
export function placeOf(url) {
  let parsed;
  try {
    parsed = new URL(url, location.href);
  } catch {
    return null;
  }
  const inTeam = team && parsed.pathname.startsWith(`/${team}/`);
  const path = inTeam ? parsed.pathname.slice(team.length + 1) : parsed.pathname;
  const archive = /^\/archives\/([A-Z0-9]+)(?:\/p(\d{6,})(\d{6}))?\/?$/.exec(path);
  const ours = LOOPBACK.has(parsed.hostname) && LOOPBACK.has(location.hostname) && parsed.port === location.port;
  const here = ours || parsed.hostname === `${state.team?.domain}.slack.com`;
  const same = inTeam || !team || parsed.hostname.endsWith(".slack.com");
  if (here && archive && same) {
    const ts = archive[2] ? `${archive[2]}.${archive[3]}` : null;
    return { kind: "channel", id: archive[1], ts, thread: parsed.searchParams.get("thread_ts") };
  }
  if (!ours || path !== "/" || (parsed.searchParams.get("team") || null) !== team) return null;
  const [, place] = readPlace(parsed.search);
  return place.kind === "none" ? null : place;
}

/** A click on a link: inside the workspace it goes there, anything else is the browser's. */
export function followed(url, event) {
  const place = placeOf(url);
  if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  event.preventDefault();
  go(place);
  return true;
}
