// The main pane of a channel or a conversation, and the thread beside it.

import { h } from "./dom.js";
import { composer } from "./composer.js";
import { appIcon, avatar, icon, status } from "./icons.js";
import { memberCount, messageList } from "./messages.js";
import { menuButton } from "./popup.js";
import { closeThread, toList } from "./route.js";
import { anyone, appOfBot, channel, conversationName, nameOf, state } from "./store.js";
import { threadKey } from "./sync.js";
import { describe, openDm } from "./actions.js";
import { dropTarget } from "./files.js";

export function backButton(label, onclick) {
  return h("button", { type: "button", class: "back", "aria-label": label, onclick }, icon("back", 22));
}

function title(c) {
  const other = c.kind === "im" ? anyone(c.person) : null;
  const mark = c.kind === "im" ? (appOfBot(c.person) ? appIcon(other, 24) : avatar(other, 24)) : icon(c.kind === "private" ? "lock" : "hash");
  return h("h1", { class: "pane-title", tabindex: -1, id: "pane-title" }, mark, h("span", { class: "pane-name" }, conversationName(c), other && status(other)));
}

function members(c) {
  return h("div", { class: "members" }, menuButton({
    id: "members", label: memberCount(c.id), title: "Who is here", buttonClass: "header-button", menuClass: "at-end",
    content: [icon("people"), h("span", {}, String((c.members || []).length))],
    items: () => (c.members || []).map((id) => anyone(id)).filter(Boolean).map((who) => ({
      label: nameOf(who), detail: who.bot_user_id ? "App" : who.id === state.as ? "you" : who.title,
      icon: who.bot_user_id ? appIcon(who, 28) : avatar(who, 28),
      run: () => who.id !== state.as && openDm(who.bot_user_id || who.id),
    })),
  }));
}

function intro(c) {
  if (c.kind === "im") {
    const other = anyone(c.person) || { id: c.person, name: c.person };
    return h("div", { class: "intro" }, avatar(other, 72), h("p", {}, "This is the very beginning of your direct messages with ", h("strong", {}, nameOf(other)), "."));
  }
  return h("div", { class: "intro" }, h("h2", {}, icon(c.kind === "private" ? "lock" : "hash", 26), conversationName(c)),
    h("p", {}, `This is the very beginning of the ${c.kind === "private" ? "private " : ""}channel.`));
}

const nothingYet = (c) => h("p", { class: "nothing-yet" }, c.archived ? "Nothing was ever said here." : ["Nothing here yet. Type ", h("kbd", {}, "/"), " to see commands, or say hello."]);

export function conversation() {
  const c = channel(state.place.id);
  if (!c) return noSuchPlace();
  const { overlay, ...drops } = taking(c, null);
  return h("section", { class: "pane", "aria-labelledby": "pane-title", key: `channel ${c.id}`, ...drops },
    overlay,
    h("header", { class: "pane-header" },
      backButton("Back to the list", toList), title(c), h("span", { class: "spacer" }), c.kind !== "im" && members(c)),
    messageList({
      channelId: c.id, entry: state.messages.get(c.id), where: "c", target: state.place.thread ? null : state.place.ts,
      intro: intro(c), empty: nothingYet(c), label: `Messages in ${conversationName(c)}`,
    }),
    foot(c, null));
}

const mayWrite = (c) => !c.archived && c.is_member !== false;

/** What makes a pane take files, where one may write. */
export function taking(c, thread) {
  return mayWrite(c) ? dropTarget(`${c.id} ${thread || ""}`, thread ? "in the thread" : `to ${describe(c)}`) : {};
}

/** The composer, or why there is none. */
export function foot(c, thread) {
  if (c.archived) return h("div", { class: "banner" }, icon("archive"), h("span", {}, "You are viewing ", h("strong", {}, `#${c.name}`), ", an archived channel."));
  if (c.is_member === false) return h("div", { class: "banner" }, icon("hash"), h("span", {}, `You are not in #${c.name}.`));
  return composer(c, thread);
}

function noSuchPlace() {
  return h("section", { class: "pane" },
    h("header", { class: "pane-header" }, backButton("Back to the list", toList), h("h1", { class: "pane-title", id: "pane-title" }, "Not found")),
    h("p", { class: "nothing-yet" }, "This conversation does not exist, or you are not in it."));
}

export function threadPane() {
  const { id, thread, ts } = state.place;
  const c = channel(id);
  if (!c) return null;
  const entry = state.threads.get(threadKey(id, thread));
  const { overlay, ...drops } = taking(c, thread);
  return h("aside", { ...drops, class: "pane thread-pane", "aria-labelledby": "thread-title", key: `thread ${id} ${thread}`, onkeydown: (event) => event.key === "Escape" && !event.defaultPrevented && closeThread() },
    overlay,
    h("header", { class: "pane-header" },
      backButton("Back to the conversation", closeThread),
      h("h2", { class: "pane-title", id: "thread-title" }, h("span", {}, "Thread"), h("span", { class: "pane-sub" }, c.kind === "im" ? conversationName(c) : `#${conversationName(c)}`)),
      h("span", { class: "spacer" }),
      h("button", { type: "button", class: "header-button close-thread", "aria-label": "Close thread", onclick: closeThread }, icon("close"))),
    messageList({ channelId: id, entry, where: "t", target: ts, label: "Thread" }),
    foot(c, thread));
}
