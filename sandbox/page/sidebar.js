// The left column: channels, direct messages, apps, with what is unread.

import { h, cls } from "./dom.js";
import { openDm, toAppMessages } from "./actions.js";
import { appIcon, avatar, icon, status } from "./icons.js";
import { menuButton } from "./popup.js";
import { toApp, toChannel } from "./route.js";
import { workspaceMenu } from "./workspace_menu.js";
import { anyone, conversationName, grouped, humans, imWithApp, nameOf, state } from "./store.js";

export function sidebar() {
  const { channels, archived, people } = grouped();
  return h("nav", { class: "sidebar", "aria-label": "Channels and direct messages" },
    h("div", { class: "sidebar-head" }, workspaceMenu()),
    h("div", { class: "sidebar-scroll" },
      section("Channels", channels.map((c) => entry(c))),
      section("Direct messages", people.map((c) => entry(c)), newMessage()),
      section("Apps", state.apps.map(appEntry)),
      archived.length > 0 && section("Archived", archived.map((c) => entry(c)))));
}

function section(name, entries, extra) {
  const id = `section-${name.split(" ")[0].toLowerCase()}`;
  return h("section", { class: "sidebar-section", key: name, "aria-labelledby": id },
    h("h3", { id }, name),
    h("ul", {}, entries, extra && h("li", { key: "extra" }, extra)));
}

function entry(c) {
  const here = state.place.kind === "channel" && state.place.id === c.id;
  const other = c.kind === "im" && (anyone(c.person) || { id: c.person, name: c.person });
  const mark = other ? avatar(other, 20) : icon(c.archived ? "archive" : c.kind === "private" ? "lock" : "hash", 16);
  const badge = c.kind === "im" ? c.unread : c.mentions;
  return item({
    key: c.id, here, unread: c.unread, badge, mark, name: [conversationName(c), other && status(other)], onclick: () => toChannel(c.id),
  });
}

function appEntry(a) {
  const here = state.place.kind === "app" && state.place.id === a.id;
  const unread = imWithApp(a)?.unread;
  return item({
    key: a.id, here, unread, badge: unread, mark: appIcon(a, 20), name: a.name, off: a.connected === false,
    onclick: () => (unread || a.home_enabled === false ? toAppMessages(a) : toApp(a.id, "home")),
  });
}

/** Bold with something unread; a badge counts direct messages and, in channels, mentions. */
function item({ key, here, unread, badge, mark, name, off, onclick }) {
  return h("li", { key },
    h("button", { type: "button", class: cls("entry", here && "here", unread > 0 && "unread"), "aria-current": here ? "page" : null, onclick },
      h("span", { class: "entry-mark" }, mark),
      h("span", { class: "entry-name" }, name),
      off && h("span", { class: "off", title: "Not connected" }, "offline"),
      badge > 0 && h("span", { class: "count", "aria-hidden": "true" }, String(badge)),
      unread > 0 && h("span", { class: "sr-only" }, ` ${unread} unread`)));
}

function newMessage() {
  return menuButton({
    id: "new-message", label: "New message", buttonClass: "entry", content: [h("span", { class: "entry-mark" }, icon("plus", 16)), h("span", { class: "entry-name" }, "New message")],
    items: () => humans().filter((p) => p.id !== state.as && !p.deleted)
      .map((p) => ({ label: nameOf(p), detail: p.title, icon: avatar(p, 28), run: () => openDm(p.id) })),
  });
}
