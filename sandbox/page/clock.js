// The control of business time: where it is, the moments worth moving to, any other one.

import * as api from "./api.js";
import { h, cls } from "./dom.js";
import { moveClock } from "./actions.js";
import { icon } from "./icons.js";
import { closePopup, menuButton } from "./popup.js";
import { invalidate, now, setClock, state, toast, zone } from "./store.js";
import { clockLabel, dayLabel, fromLocal, local, long, moment, nextMonday, time } from "./time.js";

export function clock() {
  const label = clockLabel(now(), zone());
  return menuButton({
    id: "clock", label: `Business time: ${label}. Move it forward`, title: "Business time. It only goes forward.", busy: state.busy.has("clock"),
    buttonClass: cls("topbar-button clock", state.busy.has("clock") && "busy"), menuClass: "clock-menu",
    content: [icon("clock"), h("span", {}, label)],
    items: clockItems, opening: readClock,
  });
}

/** What is worth moving to may have changed since the clock was last moved. */
async function readClock() {
  const answer = await api.get("clock");
  if (!answer.ok || moment(answer.now) < state.clock.now) return;
  setClock(answer);
  invalidate();
}

function clockItems() {
  const at = now();
  const monday = nextMonday(at, zone());
  const marks = marksByDay(at);
  return [
    { custom: h("p", { class: "clock-head" }, h("strong", {}, long(at, zone())), h("span", {}, `${zone()} · business time, it only goes forward`)) },
    marks.length > 0 && { scrolled: marks },
    marks.length > 0 && "-",
    { label: "+1 hour", hint: clockLabel(at + 3600, zone()), icon: icon("forward", 16), run: () => moveClock({ seconds: 3600 }) },
    { label: "Monday 09:00", hint: clockLabel(monday, zone()), icon: icon("forward", 16), run: () => moveClock({ moment: monday }) },
    "-",
    { custom: chooser(at) },
  ];
}

/** The marks still to come, under the day on which they lie for whoever looks. */
function marksByDay(at) {
  const days = new Map();
  for (const mark of state.clock.marks) {
    const to = moment(mark.at);
    const heading = dayLabel(to, at, zone());
    if (to <= at) continue;
    if (!days.has(heading)) days.set(heading, { heading, items: [] });
    days.get(heading).items.push({
      label: mark.name, hint: time(to, zone()), icon: icon("clock", 16), run: () => moveClock({ moment: to }),
    });
  }
  return [...days.values()];
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
