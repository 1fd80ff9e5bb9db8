// A list of messages as Slack draws it: day dividers, grouping, threads, ephemeral ones.

import { h, cls, memo } from "./dom.js";
import { copyLink, useShortcut } from "./actions.js";
import { author, isSystem } from "./authors.js";
import { drawBlocks, drawText, surface } from "./blocks.js";
import { onlyEmoji } from "./emoji.js";
import { drawFiles } from "./files.js";
import { appIcon, avatar, icon, status } from "./icons.js";
import { plain } from "./mrkdwn.js";
import { menuButton } from "./popup.js";
import { addReaction, reactionItems, reactions } from "./reactions.js";
import { followed, permalink, toThread } from "./route.js";
import { appOfBot, channel, local, now, person, shortcuts, state, zone } from "./store.js";
import { dismiss } from "./sync.js";
import { day, dayLabel, long, time, when } from "./time.js";

const GROUPED_FOR = 300;

const seconds = (message) => Number(message.ts);

/** The thread that it is in, or could start. */
const threadOf = (message) => message.thread_ts || message.ts;

function follows(before, message) {
  return before && !before.is_ephemeral && !message.is_ephemeral && !before.subtype && !message.subtype
    && author(before).id === author(message).id && author(before).name === author(message).name
    && seconds(message) - seconds(before) < GROUPED_FOR && day(seconds(message), zone()) === day(seconds(before), zone());
}

const CLOSE_ENOUGH = 60;
const lists = new WeakMap();

/** Keep the end in sight when it was, else stay where one reads and say that there is more. */
function scrollable(target, newest, below) {
  const last = newest?.ts;
  const follow = (el) => {
    const kept = lists.get(el) || { atEnd: true, jumped: null, last };
    lists.set(el, kept);
    if (!kept.atEnd && kept.last && last && last !== kept.last) below.set({ more: newest.is_ephemeral ? "New message, only visible to you" : "New messages" });
    kept.last = last;
    if (target && kept.jumped !== target) {
      const row = el.querySelector(`[data-ts="${CSS.escape(target)}"]`);
      if (row) {
        kept.jumped = target;
        kept.atEnd = false;
        row.scrollIntoView({ block: "center" });
        row.focus({ preventScroll: true });
        return;
      }
    }
    if (kept.atEnd) el.scrollTop = el.scrollHeight;
  };
  return {
    update: follow,
    mount: (el) => {
      const watcher = new ResizeObserver(() => follow(el));
      watcher.observe(el);
      watcher.observe(el.firstElementChild);
    },
    onscroll: (event) => {
      const el = event.currentTarget;
      const kept = lists.get(el) || {};
      kept.atEnd = el.scrollHeight - el.scrollTop - el.clientHeight < CLOSE_ENOUGH;
      lists.set(el, kept);
      if (kept.atEnd && below.more) below.set({ more: null });
    },
  };
}

/** The scrolled list. `where` is "c" (channel) or "t" (thread); `intro` is drawn above the first message. */
export function messageList({ channelId, entry, where, target, intro, empty, label }) {
  const list = entry?.list || [];
  const rows = [];
  let before = null;
  list.forEach((message, i) => {
    const today = day(seconds(message), zone());
    if (!before || day(seconds(before), zone()) !== today) rows.push(divider(message, where));
    if (where === "t" && i === 1) rows.push(replyCount(list.length - 1));
    const fresh = where === "c" && isFirstNew(channelId, message, before);
    if (fresh) rows.push(h("div", { class: "new-line", key: "new", role: "separator", "aria-label": "New" }, h("span", {}, "New")));
    const grouped = Boolean(follows(before, message)) && !(where === "t" && i === 1) && !fresh;
    rows.push(row(channelId, message, { grouped, where, target, last: i === list.length - 1 }));
    before = message;
  });
  const key = `${where} ${channelId} ${state.as}`;
  const below = local(`below ${key}`, { more: null });
  return h("div", { class: "messages-frame", key }, h("div", { class: "messages", ...scrollable(target, list.at(-1), below) },
    h("div", { class: "messages-inner" },
      intro,
      h("div", { role: "log", "aria-label": label, "aria-live": "polite", class: "log", onkeydown: moveBetween }, rows),
      entry?.loaded && list.length === 0 && empty,
      !entry?.loaded && h("div", { class: "loading", role: "status" }, entry?.error ? `Could not be loaded: ${entry.error}` : "Loading…"))),
  below.more && h("button", { type: "button", class: "more-below", onclick: toEnd }, icon("down", 16), below.more));
}

function toEnd(event) {
  const el = event.currentTarget.parentElement.querySelector(".messages");
  el.scrollTop = el.scrollHeight;
}

/** Whether everything from here on came while one was elsewhere. */
function isFirstNew(channelId, message, before) {
  const since = state.newSince;
  if (!since || since.channel !== channelId || message.is_ephemeral) return false;
  const seen = (m) => Number(m.ts) <= Number(since.ts);
  return !seen(message) && (!before || seen(before));
}

function divider(message, where) {
  const text = dayLabel(seconds(message), now(), zone());
  return h("div", { class: cls("day", where === "t" && "day-thread"), key: `day ${day(seconds(message), zone())} ${message.ts}`, role: "separator", "aria-label": text },
    h("span", {}, text));
}

function replyCount(n) {
  return h("div", { class: "reply-count", key: "replies" }, h("span", {}, `${n} ${n === 1 ? "reply" : "replies"}`));
}

/** Up and down go from message to message. */
function moveBetween(event) {
  const row = event.target;
  if (!row.classList?.contains("message") || !["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
  const rows = [...event.currentTarget.querySelectorAll(".message")];
  const at = rows.indexOf(row);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
  rows[to]?.focus();
  event.preventDefault();
}

/** What of the state a drawn message depends on, so that the others are left alone. */
function dependencies(channelId, message, look) {
  const form = state.forms.get(`${channelId}:${message.ts}`);
  const mine = (key) => key && key.includes(message.ts);
  return [message, look.grouped, look.last, look.target === message.ts, state.people, state.apps, state.me, state.channels.length,
    form && JSON.stringify([...form]), [...state.busy].filter(mine).join(), state.place.thread === message.ts,
    touched(message) ? {} : null, day(now(), zone())];
}

const touchedIds = (message) => message.ts.replace(".", "_1a");

const OWN_STATE = new Set(["data_table", "data_visualization", "container", "carousel"]);

/** Whether a menu is open in it, or it holds a block with its own state. */
function touched(message) {
  return Boolean(state.popup?.id.includes(touchedIds(message)))
    || (message.blocks || []).some((b) => OWN_STATE.has(b.type));
}

function row(channelId, message, look) {
  return memo(`${message.ts}`, dependencies(channelId, message, look), () => drawRow(channelId, message, look));
}

function drawRow(channelId, message, { grouped, where, target, last }) {
  const by = author(message);
  const at = time(seconds(message), zone());
  const url = permalink(channelId, message.ts, message.thread_ts);
  const isReply = threadOf(message) !== message.ts;
  return h("div", {
    class: cls("message", grouped && "grouped", message.is_ephemeral && "ephemeral", target === message.ts && "target",
      state.place.thread === message.ts && where === "c" && "open-thread"),
    "data-ts": message.ts, tabindex: last ? 0 : -1, role: "article",
    "aria-label": `${by.name}, ${at}${message.is_ephemeral ? ", only visible to you" : ""}`,
  },
  h("div", { class: "gutter" }, grouped
    ? h("a", { class: "stamp stamp-side", href: url, tabindex: -1, title: long(seconds(message), zone()), onclick: (e) => followed(url, e) }, at)
    : by.app ? appIcon(by.app) : avatar(by.person)),
  h("div", { class: "message-main" },
    message.is_ephemeral && ephemeralNote(channelId, message),
    where === "c" && message.subtype === "thread_broadcast" && broadcastNote(channelId, message),
    !grouped && h("div", { class: "byline" },
      h("span", { class: "author" }, by.name),
      by.person && status(by.person),
      by.app && h("span", { class: "badge" }, "APP"),
      h("a", { class: "stamp", href: url, title: long(seconds(message), zone()), onclick: (e) => followed(url, e) }, at)),
    body(channelId, message, where),
    reactions(channelId, message, `react-${where}-${touchedIds(message)}`),
    where === "c" && !isReply && message.reply_count > 0 && summary(channelId, message)),
  h("div", { class: "hover-actions", role: "group", "aria-label": "Message actions" },
    canReact(message) && addReaction(channelId, message, `react-${where}-${touchedIds(message)}`, "react"),
    !message.is_ephemeral && where === "c" && h("button", {
      type: "button", title: "Reply in thread", "aria-label": "Reply in thread", onclick: () => toThread(channelId, threadOf(message)),
    }, icon("reply")),
    !message.is_ephemeral && h("button", { type: "button", title: "Copy link", "aria-label": "Copy link", onclick: () => copyLink(channelId, message) }, icon("link")),
    canReact(message) && moreActions(channelId, message, where),
    message.is_ephemeral && h("button", { type: "button", title: "Dismiss", "aria-label": "Dismiss message", onclick: () => dismiss(channelId, message.ts) }, icon("close"))));
}

const canReact = (message) => !message.is_ephemeral && message.subtype !== "tombstone";

/** What can be done with a message, by oneself and by what apps offer (message shortcuts). */
function moreActions(channelId, message, where) {
  const offered = shortcuts("message");
  return menuButton({
    id: `more-${where}-${touchedIds(message)}`, label: "More message actions", title: "More actions", content: icon("dots"),
    buttonClass: "more", menuClass: "at-end", busy: state.busy.has(`shortcut ${message.ts}`),
    items: () => [
      where === "c" && { label: "Reply in thread", icon: icon("reply"), run: () => toThread(channelId, threadOf(message)) },
      { label: "Copy link", icon: icon("link"), run: () => copyLink(channelId, message) },
      ...reactionItems(channelId, message),
      offered.length > 0 && "-",
      ...offered.map((s) => ({
        label: s.name, detail: s.app.name, icon: appIcon(s.app, 24), run: () => useShortcut(s, { channelId, message }),
      })),
    ],
  });
}

function ephemeralNote(channelId, message) {
  return h("div", { class: "only-you" }, icon("eye", 14), "Only visible to you",
    h("span", { "aria-hidden": "true" }, " · "),
    h("button", { type: "button", class: "link-button", onclick: () => dismiss(channelId, message.ts) }, "Dismiss"));
}

function broadcastNote(channelId, message) {
  return h("div", { class: "only-you" }, "replied to a ",
    h("button", { type: "button", class: "link-button", onclick: () => toThread(channelId, message.thread_ts) }, "thread"));
}

function body(channelId, message, where) {
  const edited = message.edited && h("span", { class: "edited", title: message.edited.ts ? long(Number(message.edited.ts), zone()) : null }, " (edited)");
  if (message.subtype === "tombstone") return h("div", { class: "text tombstone" }, "This message was deleted.");
  if (isSystem(message)) return h("div", { class: "system" }, drawText(message.text || ""));
  const on = surface("message", { id: `${channelId}:${message.ts}`, where, channel: channelId, ts: message.ts, blocks: message.blocks });
  if (message.blocks?.length) {
    return h("div", { class: "blocks" }, drawBlocks(message.blocks, on), attachments(message, on), drawFiles(message)); // with blocks Slack shows no "(edited)"
  }
  const big = !message.bot_id && onlyEmoji(message.text || "");
  return h("div", { class: cls("plain", big && "big-emoji") }, message.text && drawText(message.text), edited, attachments(message, on), drawFiles(message));
}

function attachments(message, on) {
  return (message.attachments || []).map((a, i) => h("div", {
    class: "attachment", key: `a${i}`, style: /^#?[0-9a-f]{6}$/i.test(a.color || "") ? { "border-color": `#${a.color.replace("#", "")}` } : {},
  }, a.pretext && drawText(a.pretext), a.title && h("strong", {}, plain(a.title)),
  a.blocks ? drawBlocks(a.blocks, on) : drawText(a.text || a.fallback || "")));
}

function summary(channelId, message) {
  const n = message.reply_count;
  const faces = (message.reply_users || []).slice(0, 5);
  return h("button", { type: "button", class: "thread-summary", onclick: () => toThread(channelId, message.ts) },
    h("span", { class: "faces" }, faces.map((id) => {
      const bot = appOfBot(id);
      return h("span", { key: id }, bot ? appIcon(bot, 24) : avatar(person(id) || { id, name: id }, 24));
    })),
    h("span", { class: "thread-count" }, `${n} ${n === 1 ? "reply" : "replies"}`),
    message.latest_reply && h("span", { class: "thread-last" }, `last reply ${when(Number(message.latest_reply), now(), zone())}`),
    h("span", { class: "thread-view", "aria-hidden": "true" }, "View thread"));
}

/** The number of people in a conversation, in words. */
export function memberCount(id) {
  const n = channel(id)?.members?.length || 0;
  return `${n} ${n === 1 ? "member" : "members"}`;
}
