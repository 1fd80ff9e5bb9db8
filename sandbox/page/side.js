// Two people side by side: each pane is a whole page of its own, and goes where it wants. The address
// says who is in which pane and where: /side?left=U1&right=U2[&left_at=…&right_at=…].

import { h, cls, render } from "./dom.js";
import "./theme.js";

const SIDES = ["left", "right"];
const asked = new URLSearchParams(location.search);
const panes = Object.fromEntries(SIDES.map((side) => [side, { as: asked.get(side), at: asked.get(`${side}_at`) || "", name: asked.get(side), unread: 0 }]));
let front = "left"; // on a phone one is in front

function source(side) {
  const query = new URLSearchParams(panes[side].at);
  query.set("as", panes[side].as || "");
  return `/?${query}`;
}

// Where a pane begins; from there on it goes by itself.
const begins = Object.fromEntries(SIDES.map((side) => [side, source(side)]));

function draw() {
  render(document.getElementById("app"), h("div", { class: "side" },
    h("div", { class: "side-tabs", role: "group", "aria-label": "Who is in front" }, SIDES.map((side) => h("button", {
      key: side, type: "button", class: cls("side-tab", front === side && "on"), "aria-pressed": String(front === side),
      onclick: () => {
        front = side;
        draw();
      },
    }, panes[side].name || side, panes[side].unread > 0 && h("span", { class: "count" }, String(panes[side].unread), h("span", { class: "sr-only" }, " unread"))))),
    h("div", { class: "side-panes" }, SIDES.map((side) => h("iframe", {
      key: side, id: side, class: cls("side-pane", front === side && "in-front"), src: begins[side], title: `${panes[side].name || side}'s page`, allow: "clipboard-write",
    })))));
  document.title = `${panes.left.name} and ${panes.right.name}`;
}

function keepAddress() {
  const query = new URLSearchParams();
  for (const side of SIDES) query.set(side, panes[side].as || "");
  for (const side of SIDES) if (panes[side].at) query.set(`${side}_at`, panes[side].at);
  history.replaceState(null, "", `/side?${query}`);
}

/** A pane tells who is in it, where, and what is unread; or that it is to be closed. */
addEventListener("message", (event) => {
  if (event.origin !== location.origin) return;
  const side = SIDES.find((each) => document.getElementById(each)?.contentWindow === event.source);
  if (!side) return;
  if (event.data.close) {
    const other = panes[SIDES.find((each) => each !== side)];
    location.assign(`/?${new URLSearchParams({ as: other.as })}${other.at ? `&${other.at}` : ""}`);
    return;
  }
  panes[side] = event.data;
  keepAddress();
  draw();
});

draw();
