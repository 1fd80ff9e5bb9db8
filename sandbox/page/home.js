// An app's page: its Home tab and its Messages tab.

import { h, cls } from "./dom.js";
import { toAppMessages } from "./actions.js";
import { drawBlocks, surface } from "./blocks.js";
import { backButton, foot, taking } from "./conversation.js";
import { appIcon } from "./icons.js";
import { messageList } from "./messages.js";
import { toApp, toList } from "./route.js";
import { app, imWithApp, state } from "./store.js";
import { leaveHome } from "./sync.js";

export function appPage() {
  const a = app(state.place.id);
  if (!a) return null;
  const tab = a.home_enabled === false ? "messages" : state.place.tab;
  const im = imWithApp(a);
  return h("section", { class: "pane", "aria-labelledby": "pane-title", key: `app ${a.id}` },
    h("header", { class: "pane-header pane-header-tabs" },
      h("div", { class: "pane-line" }, backButton("Back to the list", toList),
        h("h1", { class: "pane-title", id: "pane-title", tabindex: -1 }, appIcon(a, 24), h("span", { class: "pane-name" }, a.name)),
        h("span", { class: "badge" }, "APP"), a.connected === false && h("span", { class: "off-note" }, "not connected")),
      h("div", { class: "tabs", role: "tablist", "aria-label": a.name, onkeydown: tabKeys },
        a.home_enabled !== false && tabButton("home", "Home", tab, () => {
          leaveHome();
          toApp(a.id, "home");
        }),
        a.messages_tab !== false && tabButton("messages", "Messages", tab, () => toAppMessages(a), im?.unread))),
    tab === "home" ? homeTab(a) : messagesTab(a, im));
}

function tabButton(name, label, tab, onclick, unread) {
  const on = tab === name;
  return h("button", {
    type: "button", role: "tab", id: `tab-${name}`, class: cls("tab", on && "on"), "aria-selected": String(on), "aria-controls": "tab-panel",
    tabindex: on ? 0 : -1, onclick,
  }, label, unread > 0 && h("span", { class: "count" }, String(unread)));
}

function tabKeys(event) {
  if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
  const other = event.target.nextElementSibling || event.target.previousElementSibling;
  other?.focus();
  other?.click();
}

function homeTab(a) {
  const view = state.homes[a.id];
  const on = view && surface("home", { id: view.id, where: "h", values: view.values, blocks: view.blocks, viewId: view.id });
  return h("div", { class: "home", id: "tab-panel", role: "tabpanel", "aria-labelledby": "tab-home", key: "home" },
    view ? h("div", { class: "home-inner" }, drawBlocks(view.blocks, on))
      : h("p", { class: "nothing-yet" }, `${a.name} shows nothing on its Home tab yet.`));
}

function messagesTab(a, im) {
  const { overlay, ...drops } = im ? taking(im, null) : {};
  return h("div", { ...drops, class: "home-messages", id: "tab-panel", role: "tabpanel", "aria-labelledby": "tab-messages", key: "messages" },
    overlay,
    im ? [messageList({
      channelId: im.id, entry: state.messages.get(im.id), where: "c", target: null, label: `Messages with ${a.name}`,
      intro: h("div", { class: "intro" }, appIcon(a, 72), h("p", {}, "This is the very beginning of your messages with ", h("strong", {}, a.name), ".")),
      empty: h("p", { class: "nothing-yet" }, "Nothing here yet. Type ", h("kbd", {}, "/"), " to see commands."),
    }), foot(im, null)] : h("p", { class: "nothing-yet" }, "Opening…"));
}
