// The bar of the local workspace: business time, the inspector, who one is and who has news.

import { h, cls } from "./dom.js";
import { clock } from "./clock.js";
import { avatar, icon, status } from "./icons.js";
import { openFinder } from "./finder.js";
import { failed } from "./inspector.js";
import { bell } from "./notifications.js";
import { menuButton } from "./popup.js";
import { humans, nameOf, set, state } from "./store.js";
import { closePane, inPane, openBeside } from "./pane.js";
import { enter } from "./sync.js";

export function topbar() {
  const errors = state.traffic.filter(failed).length;
  return h("header", { class: "topbar" },
    h("a", { class: "skip", href: "#main", onclick: skip }, "Skip to the conversation"),
    h("span", { class: "topbar-name" }, state.team.name),
    h("div", { class: "topbar-clock" }, clock()),
    h("div", { class: "topbar-end" },
      !state.online && h("span", { class: "offline", role: "status" }, "Reconnecting…"),
      h("button", { type: "button", class: "topbar-button", "aria-label": "Search", title: "Search (Ctrl K)", "aria-haspopup": "dialog", onclick: openFinder }, icon("search")),
      h("button", {
        type: "button", class: cls("topbar-button", state.inspector && "on"), "aria-pressed": String(state.inspector), title: "Traffic with the apps",
        "aria-label": "Inspector", onclick: () => set({ inspector: !state.inspector }),
      }, icon("traffic"), h("span", { class: "topbar-word" }, "Inspector"), errors > 0 && h("span", { class: "count" }, String(errors))),
      bell(),
      people(),
      inPane && h("button", { type: "button", class: "topbar-button", "aria-label": "Close this side", title: "Close this side", onclick: closePane }, icon("close"))));
}

function skip(event) {
  event.preventDefault();
  (document.getElementById("compose") || document.getElementById("pane-title") || document.getElementById("main"))?.focus();
}

/** Whoever has direct messages to read has their number, and a dot says that somebody else does. */
function people() {
  const others = humans().some((p) => p.id !== state.as && state.unread[p.id] > 0);
  return menuButton({
    id: "person", label: `You are ${nameOf(state.me)}. Switch person${others ? " (others have unread messages)" : ""}`, title: "Switch person", buttonClass: "topbar-button who", menuClass: "at-end people-menu",
    content: [avatar(state.me, 26), h("span", { class: "topbar-word" }, nameOf(state.me)), others && h("span", { class: "dot" }), icon("chevron", 16)],
    items: () => humans().filter((p) => !p.deleted).map((p) => ({
      label: [nameOf(p), status(p)], detail: [p.title, p.tz].filter(Boolean).join(" · "), icon: avatar(p, 28),
      badge: state.unread[p.id] > 0 && h("span", { class: "count" }, String(state.unread[p.id]), h("span", { class: "sr-only" }, " unread")),
      checked: p.id === state.as, run: () => p.id !== state.as && enter(p.id),
      aside: !inPane && p.id !== state.as && { label: `${nameOf(p)} beside ${nameOf(state.me)}`, icon: icon("beside", 18), run: () => openBeside(state.as, p.id) },
    })),
  });
}
