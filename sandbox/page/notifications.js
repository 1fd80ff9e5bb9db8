// What Slack would notify the person of: direct messages, mentions and replies in threads they are in,
// unless the conversation is in view. It says the message's top-level text, as Slack does.

import * as api from "./api.js";
import { pauseUntil } from "./actions.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { spoken } from "./mrkdwn.js";
import { closePopup, menuButton } from "./popup.js";
import { go } from "./route.js";
import { author, isSystem } from "./authors.js";
import { channel, conversationName, invalidate, isQuiet, now, set, state, textContext, zone } from "./store.js";
import { inSight } from "./sync.js";
import { tomorrowMorning, when } from "./time.js";

const KEPT = 30;
const SHOWN_MS = 8000;
const EVERYBODY = ["<!here>", "<!channel>", "<!everyone>"];

/** A message came: whoever is to be notified of it is. */
export async function heard({ channel: id, message }) {
  const c = channel(id);
  if (!c || message.user === state.as || message.is_ephemeral || isSystem(message)) return;
  const why = await reason(c, message);
  if (!why || inSight(id, message)) return;
  const note = { key: `${id} ${message.ts}`, channel: id, ts: message.ts, thread: isReply(message) ? message.thread_ts : null, why, at: now(), seen: false, ...says(c, message) };
  if (state.notifications.some((n) => n.key === note.key)) return;
  const quiet = isQuiet();
  set({ notifications: [{ ...note, quiet }, ...state.notifications].slice(0, KEPT) });
  if (quiet) return;
  set({ news: [...state.news, note].slice(-3) });
  setTimeout(() => dropNews(note.key), SHOWN_MS);
  outside(note);
}

const isReply = (message) => Boolean(message.thread_ts && message.thread_ts !== message.ts);

async function reason(c, message) {
  if (c.kind === "im") return "direct";
  const text = message.text || "";
  if ([`<@${state.as}>`, ...EVERYBODY].some((mark) => text.includes(mark))) return "mention";
  if (!isReply(message)) return null;
  if (message.parent_user_id === state.as) return "thread";
  const answer = await api.get("messages", { as: state.as, channel: c.id, thread_ts: message.thread_ts });
  const mine = (m) => m.user === state.as || (m.text || "").includes(`<@${state.as}>`);
  return answer.ok && answer.messages.some(mine) ? "thread" : null;
}

function says(c, message) {
  const who = author(message).name;
  const place = c.kind === "im" ? "" : ` in #${conversationName(c)}`;
  const files = (message.files || []).map((f) => f.title || f.name).join(", ");
  const text = message.text ? spoken(message.text, textContext()) : files && `Shared ${files}`;
  return { title: `${who}${isReply(message) ? " replied" : ""}${place}`, text: text || NO_TEXT, silent: !text || text === NO_TEXT };
}

/** What Slack says of a message that has blocks and no text. */
const NO_TEXT = "This content can't be displayed.";

function dropNews(key) {
  set({ news: state.news.filter((n) => n.key !== key) });
}

export function jump(note) {
  dropNews(note.key);
  set({ notifications: state.notifications.map((n) => (n.key === note.key ? { ...n, seen: true } : n)) });
  go({ kind: "channel", id: note.channel, ts: note.ts, thread: note.thread });
}

/** The browser's own notification, where it is allowed and nobody looks at the page. */
function outside(note) {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
  const shown = new Notification(note.title, { body: note.text, tag: note.key, icon: "/static/icon.svg" });
  shown.onclick = () => {
    window.focus();
    jump(note);
    shown.close();
  };
}

const words = (note) => (note.silent ? [note.text, " ", h("em", {}, "The message has no text.")] : note.text);

/** The ones that have just come, at the top of the page. */
export function newsToasts() {
  return h("div", { class: "news", key: "news", role: "status", "aria-live": "polite" }, state.news.map((note) =>
    h("div", { class: "news-item", key: note.key },
      h("button", { type: "button", class: "news-open", onclick: () => jump(note) },
        h("strong", { class: "news-title" }, note.title), h("span", { class: "news-text" }, words(note))),
      h("button", { type: "button", class: "news-close", "aria-label": "Dismiss", onclick: () => dropNews(note.key) }, icon("close", 16)))));
}

/** The bell, and the list of the last ones. */
export function bell() {
  const unseen = state.notifications.filter((n) => !n.seen).length;
  return menuButton({
    id: "notifications", label: `Notifications${unseen ? `, ${unseen} new` : ""}`, title: "Notifications", buttonClass: "topbar-button", menuClass: "at-end news-menu",
    content: [icon(isQuiet() ? "bell-off" : "bell"), unseen > 0 && h("span", { class: "count", "aria-hidden": "true" }, String(unseen))],
    opening: () => set({ notifications: state.notifications.map((n) => ({ ...n, seen: true })), news: [] }),
    items: () => [
      state.notifications.length === 0 && { custom: h("p", { class: "news-none" }, "Nothing yet. Direct messages, mentions and replies in your threads come here, with the text that a notification would have.") },
      { scrolled: state.notifications.map((n) => ({
        label: n.title, key: n.key, detail: words(n), hint: when(n.at, now(), zone()).replace("today at ", ""), icon: icon(WHY[n.why], 18), run: () => jump(n),
      })) },
      "-", ...quiet(), ...permission(),
    ],
  });
}

/** Being left alone for a while. */
function quiet() {
  if (isQuiet()) return [{ label: "Notify me again", detail: `Not disturbed until ${when(state.me.dnd_end, now(), zone())}`, icon: icon("bell", 18), run: () => pauseUntil(0) }];
  return [
    { label: "Do not disturb for an hour", icon: icon("bell-off", 18), run: () => pauseUntil(now() + 3600) },
    { label: "Do not disturb until tomorrow, 09:00", icon: icon("bell-off", 18), run: () => pauseUntil(tomorrowMorning(now(), zone())) },
  ];
}

const WHY = { direct: "reply", mention: "at", thread: "reply" };

function permission() {
  if (!("Notification" in window) || Notification.permission !== "default") return [];
  const ask = async () => {
    await Notification.requestPermission();
    invalidate();
  };
  return [{ label: "Also show them outside the page", icon: icon("bell", 18), run: ask }];
}

/** Alt+N goes to the newest one that is still shown. */
export function newsKey(event) {
  if (!event.altKey || event.key !== "n" || !state.news.length) return false;
  event.preventDefault();
  closePopup();
  jump(state.news.at(-1));
  return true;
}
