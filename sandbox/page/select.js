// Select menus: a combobox that filters its listbox while one types (ARIA "combobox" pattern).

import { h, cls } from "./dom.js";
import { closePopup, isOpen, moved, openPopup, popup } from "./popup.js";
import { state } from "./store.js";
import { icon } from "./icons.js";

const MOST = 200;

/**
 * `spec`: id, options [{value, label, detail?, group?, mark?}], value (multi: a list), multi, most, placeholder,
 * clearable, busy, aria (attributes of the field), onchange(value). Where options are loaded while
 * one types: unfiltered, known (options that were seen before), status (why there are none now).
 */
export function select(spec) {
  const shown = isOpen(spec.id);
  const chosen = spec.multi ? spec.value || [] : [];
  const query = shown ? state.popup.query : "";
  const found = matching(spec, query);
  const active = shown ? Math.min(state.popup.active, found.length - 1) : -1;
  const menu = { spec, found, active, chosen, shown, query };
  return h("div", { class: "select-wrap", key: spec.id },
    h("div", {
      class: cls("select", spec.multi && "select-multi", shown && "open", spec.busy && "busy", spec.aria?.["aria-invalid"] && "invalid"),
      onclick: (event) => {
        if (event.target.closest("button")) return;
        document.getElementById(spec.id).focus();
        if (!shown) start(menu);
      },
    },
    spec.multi && chosen.map((value) => chip(spec, value)),
    field(menu),
    spec.clearable && !spec.multi && spec.value !== null && spec.value !== "" && spec.value !== undefined && clear(spec),
    h("span", { class: "select-chevron", "aria-hidden": "true" }, icon("chevron"))),
    shown && list(menu));
}

function labelOf(spec, value) {
  const option = [...spec.options, ...(spec.known || [])].find((o) => o.value === value);
  return option ? option.label : value === null || value === undefined ? "" : String(value);
}

function matching(spec, query) {
  const wanted = spec.unfiltered ? "" : query.trim().toLowerCase();
  const found = wanted ? spec.options.filter((o) => o.label.toLowerCase().includes(wanted)) : spec.options;
  return found.slice(0, MOST);
}

function isChosen({ spec, chosen }, option) {
  return spec.multi ? chosen.includes(option.value) : spec.value === option.value;
}

function start(menu, query = "") {
  const at = menu.spec.multi || query ? 0 : menu.spec.options.findIndex((o) => o.value === menu.spec.value);
  openPopup(menu.spec.id, { query, active: Math.max(0, at) });
}

function choose(menu, option) {
  const { spec, chosen } = menu;
  if (!option) return;
  if (!spec.multi) {
    closePopup();
    if (spec.value !== option.value) spec.onchange(option.value);
    return;
  }
  openPopup(spec.id, { query: "", active: Math.max(0, spec.options.indexOf(option)) });
  if (chosen.includes(option.value)) spec.onchange(chosen.filter((v) => v !== option.value));
  else if (!spec.most || chosen.length < spec.most) spec.onchange([...chosen, option.value]);
}

function field(menu) {
  const { spec, found, active, shown, query, chosen } = menu;
  const label = spec.multi ? "" : labelOf(spec, spec.value);
  const hint = spec.multi && chosen.length ? "" : spec.placeholder || "Select an option";
  return h("input", {
    ...spec.aria,
    type: "text", id: spec.id, class: "select-input", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-expanded": String(shown), "aria-controls": shown ? `${spec.id}-list` : null, "aria-autocomplete": "list",
    "aria-haspopup": "listbox", "aria-busy": spec.busy ? "true" : null,
    "aria-activedescendant": shown && active >= 0 ? `${spec.id}-option-${active}` : null,
    placeholder: shown && label ? label : hint,
    value: shown ? query : label,
    oninput: (event) => openPopup(spec.id, { query: event.target.value, active: 0 }),
    onkeydown: (event) => keys(event, menu, found[active]),
    onblur: () => {
      if (isOpen(spec.id)) closePopup();
    },
  });
}

function keys(event, menu, option) {
  const { spec, found, active, shown, query, chosen } = menu;
  const last = found.length - 1;
  const moves = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + 8, PageUp: active - 8 };
  if (event.key in moves) {
    if (!shown) {
      start(menu);
    } else if (last >= 0) {
      const wraps = event.key.startsWith("Arrow");
      const to = moves[event.key];
      const at = to < 0 ? (wraps ? last : 0) : to > last ? (wraps ? 0 : last) : to;
      openPopup(spec.id, { query, active: at });
    }
  } else if (event.key === "Enter") {
    if (shown) choose(menu, option);
    else start(menu);
  } else if (event.key === "Escape" && shown) {
    closePopup();
  } else if (event.key === "Backspace" && spec.multi && !event.target.value && chosen.length) {
    spec.onchange(chosen.slice(0, -1));
  } else {
    // The label shown in a closed field is no text to type into: begin an empty search.
    if (!shown && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) start(menu);
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function chip(spec, value) {
  const label = labelOf(spec, value);
  return h("span", { class: "chip", key: value }, h("span", {}, label),
    h("button", {
      type: "button", class: "chip-x", "aria-label": `Remove ${label}`,
      onclick: () => {
        spec.onchange(spec.value.filter((v) => v !== value));
        document.getElementById(spec.id).focus();
      },
    }, "×"));
}

function clear(spec) {
  return h("button", {
    type: "button", class: "select-clear", "aria-label": "Clear",
    onclick: () => {
      spec.onchange(null);
      document.getElementById(spec.id).focus();
    },
  }, "×");
}

function list(menu) {
  const { spec, found, active } = menu;
  const full = spec.multi && spec.most && menu.chosen.length >= spec.most;
  let group = null;
  const rows = [];
  found.forEach((option, i) => {
    if (option.group && option.group !== group) {
      group = option.group;
      rows.push(h("div", { class: "option-group", key: `group ${group} ${i}`, role: "presentation" }, group));
    }
    rows.push(row(menu, option, i, full));
  });
  return popup({
    key: "list", class: "fit listbox-popup", onmousedown: (event) => event.preventDefault(),
  }, closePopup,
  h("div", {
    role: "listbox", id: `${spec.id}-list`, class: "listbox", "aria-label": spec.label || "Options",
    "aria-multiselectable": spec.multi ? "true" : null,
    update: (el) => el.children.length && document.getElementById(`${spec.id}-option-${active}`)?.scrollIntoView({ block: "nearest" }),
  }, rows, found.length === 0 && !spec.status && h("div", { class: "listbox-empty", role: "option", "aria-disabled": "true", "aria-selected": "false" }, "No matches")),
  spec.status && h("div", { class: cls("listbox-empty", spec.status === "Loading…" && "loading-options"), role: "status" }, spec.status),
  full && h("div", { class: "listbox-note" }, `At most ${spec.most} can be chosen.`));
}

function row(menu, option, i, full) {
  const picked = isChosen(menu, option);
  return h("div", {
    key: `option ${option.value} ${i}`, id: `${menu.spec.id}-option-${i}`, role: "option",
    class: cls("option", i === menu.active && "active"),
    "aria-selected": String(picked), "aria-disabled": full && !picked ? "true" : null,
    onclick: () => choose(menu, option),
    onpointermove: (event) => {
      if (moved(event) && state.popup?.active !== i) openPopup(menu.spec.id, { query: menu.query, active: i });
    },
  }, option.mark, h("span", { class: "option-text" }, h("span", {}, option.label),
    option.detail && h("span", { class: "option-detail" }, option.detail)),
  picked && h("span", { class: "option-check", "aria-hidden": "true" }, "✓"));
}
