// The bar of the local workspace: business time, who one is, the inspector.

import { h, cls } from "./dom.js";
import { moveClock } from "./actions.js";
import { avatar, icon } from "./icons.js";
import { failed } from "./inspector.js";
import { closePopup, menuButton } from "./popup.js";
import { humans, nameOf, now, set, state, toast, zone } from "./store.js";
import { enter } from "./sync.js";
import { clockLabel, fromLocal, local, long, moment, nextMonday } from "./time.js";

export function topbar() {
  const errors = state.traffic.filter(failed).length;
  return h("header", { class: "topbar" },
    h("a", { class: "skip", href: "#main", onclick: skip }, "Skip to the conversation"),
    h("span", { class: "topbar-name" }, state.team.name),
    h("div", { class: "topbar-clock" }, clock()),
    h("div", { class: "topbar-end" },
      !state.online && h("span", { class: "offline", role: "status" }, "Reconnecting…"),
      h("button", {
        type: "button", class: cls("topbar-button", state.inspector && "on"), "aria-pressed": String(state.inspector), title: "Traffic with the apps",
        "aria-label": "Inspector", onclick: () => set({ inspector: !state.inspector }),
      }, icon("traffic"), h("span", { class: "topbar-word" }, "Inspector"), errors > 0 && h("span", { class: "count" }, String(errors))),
      people()));
}

function skip(event) {
  event.preventDefault();
  (document.getElementById("compose") || document.getElementById("pane-title") || document.getElementById("main"))?.focus();
}

function clock() {
  const label = clockLabel(now(), zone());
  return menuButton({
    id: "clock", label: `Business time: ${label}. Move it forward`, title: "Business time. It only goes forward.", busy: state.busy.has("clock"),
    buttonClass: cls("topbar-button clock", state.busy.has("clock") && "busy"), menuClass: "clock-menu",
    content: [icon("clock"), h("span", {}, label)],
    items: clockItems,
  });
}

function clockItems() {
  const at = now();
  const monday = nextMonday(at, zone());
  const jump = (label, to, icon_) => ({ label, hint: clockLabel(to, zone()), icon: icon(icon_ || "forward", 16), run: () => moveClock({ moment: to }) });
  const marks = state.clock.marks.map((m) => ({ name: m.name, at: moment(m.at) })).filter((m) => m.at > at);
  return [
    { custom: h("p", { class: "clock-head" }, h("strong", {}, long(at, zone())), h("span", {}, `${zone()} · business time, it only goes forward`)) },
    ...marks.map((m) => jump(m.name, m.at, "clock")),
    marks.length > 0 && "-",
    { label: "+1 hour", hint: clockLabel(at + 3600, zone()), icon: icon("forward", 16), run: () => moveClock({ seconds: 3600 }) },
    jump("Monday 09:00", monday),
    "-",
    { custom: chooser(at) },
  ];
}

function chooser(at) {
  return h("form", {
    class: "clock-form", onkeydown: (event) => event.key !== "Escape" && event.stopPropagation(),
    onsubmit: (event) => {
      event.preventDefault();
      const to = fromLocal(event.currentTarget.elements.to.value, zone());
      if (to === null || to <= now()) {
        toast("Business time only goes forward.", "warning");
        return;
      }
      closePopup();
      moveClock({ moment: to });
    },
  },
  h("label", { for: "clock-to" }, "Go to a date and time"),
  h("div", { class: "clock-row" },
    h("input", { type: "datetime-local", id: "clock-to", name: "to", class: "input", min: local(at, zone()), mount: (el) => { el.value = local(at + 86400, zone()); } }),
    h("button", { type: "submit", class: "btn btn-primary" }, "Go")));
}

function people() {
  return menuButton({
    id: "person", label: `You are ${nameOf(state.me)}. Switch person`, title: "Switch person", buttonClass: "topbar-button who", menuClass: "at-end people-menu",
    content: [avatar(state.me, 26), h("span", { class: "topbar-word" }, nameOf(state.me)), icon("chevron", 16)],
    items: () => humans().filter((p) => !p.deleted).map((p) => ({
      label: nameOf(p), detail: [p.title, p.tz].filter(Boolean).join(" · "), icon: avatar(p, 28),
      checked: p.id === state.as, run: () => p.id !== state.as && enter(p.id),
    })),
  });
}
