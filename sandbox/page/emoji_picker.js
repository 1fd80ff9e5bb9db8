// A button that opens a field of emoji to choose from, for the composer and for reactions.

import { h } from "./dom.js";
import { common, suggest } from "./emoji.js";
import { closePopup, isOpen, openPopup, popup } from "./popup.js";
import { state } from "./store.js";

const COLUMNS = 8;

/** `take(name)` is what happens with the chosen one. */
export function emojiButton({ id, label, content, buttonClass, prefer, take }) {
  const shown = isOpen(id);
  return [
    h("button", {
      key: `${id} button`, id, type: "button", class: buttonClass, "aria-label": label, title: label, "aria-haspopup": "dialog", "aria-expanded": String(shown),
      onclick: () => (shown ? closePopup() : openPopup(id, { query: "" })),
    }, content),
    shown && field(id, label, prefer, take),
  ];
}

function field(id, label, prefer, take) {
  const query = state.popup.query.trim().toLowerCase().replaceAll(":", "").replaceAll(" ", "_");
  const found = query ? suggest(query, COLUMNS * 8) : common();
  const chosen = (name) => {
    closePopup();
    document.getElementById(id)?.focus();
    take(name);
  };
  return popup({
    key: `${id} field`, class: `emoji-picker ${prefer || ""}`, role: "dialog", "aria-label": label,
    onkeydown: (event) => keys(event, id, found, chosen),
    mount: (el) => !matchMedia("(pointer: coarse)").matches && el.querySelector("input").focus(),
  }, closePopup,
  h("input", { type: "search", class: "input", placeholder: "Search emoji", "aria-label": "Search emoji", value: state.popup.query, oninput: (event) => openPopup(id, { query: event.target.value }) }),
  h("div", { class: "emoji-grid", role: "group", "aria-label": "Emoji" }, found.map(([name, symbol]) => h("button", {
    key: name, type: "button", title: `:${name}:`, "aria-label": name.replace(/_/g, " "), class: "emoji", onclick: () => chosen(name),
  }, symbol))),
  found.length === 0 && h("p", { class: "listbox-empty" }, "No such emoji"));
}

/** Enter takes the first one that was found; the arrows walk through the field. */
function keys(event, id, found, chosen) {
  const all = [...event.currentTarget.querySelectorAll(".emoji-grid button")];
  const at = all.indexOf(document.activeElement);
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
  if (event.key === "Escape") {
    closePopup();
    document.getElementById(id)?.focus();
  } else if (event.key === "Enter" && at < 0 && found.length) {
    chosen(found[0][0]);
  } else if (by && at >= 0) {
    (at + by < 0 ? event.currentTarget.querySelector("input") : all[at + by])?.focus();
  } else if (event.key === "ArrowDown") {
    all[0]?.focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}
