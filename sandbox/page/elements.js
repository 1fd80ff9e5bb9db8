// Interactive elements of Block Kit. Each draws itself from its surface's values and says through
// `use` what a person did with it.

import { h, cls } from "./dom.js";
import { confirmed, use } from "./actions.js";
import { imageSource } from "./blocks.js";
import { onlyEmoji } from "./emoji.js";
import { externalOptions } from "./external.js";
import { fileInput } from "./file_input.js";
import { isMulti } from "./forms.js";
import { avatar, icon } from "./icons.js";
import { plain, textObject } from "./mrkdwn.js";
import { menuButton, optionTexts } from "./popup.js";
import { followed, placeOf } from "./route.js";
import { select } from "./select.js";
import { conversationName, humans, nameOf, state, zone } from "./store.js";
import { fromLocal, local } from "./time.js";

/** Draws `el`. `field` (of input blocks): aria attributes, label, optional, dispatches. */
export function element(surface, block, el, field = null) {
  const draw = DRAW[el.type];
  return draw ? draw(surface, block, el, field) : unknown(el);
}

export const isGroup = (el) => el.type === "radio_buttons" || el.type === "checkboxes";

function unknown(el) {
  return h("details", { class: "unknown" }, h("summary", {}, `Unknown element: ${el.type}`),
    h("pre", {}, JSON.stringify(el, null, 2)));
}

/** A chosen value: kept, and told to the app unless the field waits for Submit. */
async function chosen(surface, block, el, field, value) {
  const before = surface.read(block, el);
  surface.write(block, el, value);
  if (field && !field.dispatches) return;
  if (!(await use(surface, block, el, value))) surface.write(block, el, before);
}

function button(surface, block, el) {
  const busy = state.busy.has(surface.key(block, el));
  const props = {
    id: surface.domId(block, el), class: cls("btn", el.style === "primary" && "btn-primary", el.style === "danger" && "btn-danger", busy && "busy"),
    "aria-label": el.accessibility_label, "aria-busy": busy ? "true" : null, "aria-disabled": busy ? "true" : null,
  };
  const label = [h("span", { class: "btn-label" }, plain(el.text)), busy && h("span", { class: "spinner", "aria-hidden": "true" })];
  if (el.url && /^(https?|mailto|tel|slack):/i.test(el.url)) {
    return h("a", {
      ...props, href: el.url, target: "_blank", rel: "noopener noreferrer",
      onclick: (event) => pressedLink(event, surface, block, el),
    }, label);
  }
  return h("button", { ...props, type: "button", onclick: () => use(surface, block, el, el.value) }, label);
}

/** Goes where a link leads: a place of this workspace here, anything else in a new tab. */
function openLink(url) {
  if (placeOf(url)) followed(url, new Event("click"));
  else if (/^https?:/i.test(url)) window.open(url, "_blank", "noopener");
}

async function pressedLink(event, surface, block, el) {
  const within = placeOf(el.url);
  if (el.confirm) {
    event.preventDefault();
    if (!(await confirmed(el.confirm))) return;
    if (!within) window.open(el.url, "_blank", "noopener");
  }
  if (within) followed(el.url, event);
  use(surface, block, { ...el, confirm: null }, el.value);
}

function overflow(surface, block, el) {
  const id = surface.domId(block, el);
  const busy = state.busy.has(surface.key(block, el));
  return h("span", { class: "overflow" }, menuButton({
    id, label: "More actions", busy, buttonClass: cls("btn btn-icon", busy && "busy"), menuClass: "at-end",
    content: busy ? h("span", { class: "spinner", "aria-hidden": "true" }) : icon("dots"),
    items: () => (el.options || []).map((option) => ({
      ...optionTexts(option),
      run: () => optionTaken(surface, block, el, option),
    })),
  }));
}

async function optionTaken(surface, block, el, option) {
  if (!(await confirmed(el.confirm))) return;
  if (option.url) openLink(option.url);
  use(surface, block, { ...el, confirm: null }, option.value);
}

function staticOptions(el) {
  const flat = (options, group) => (options || []).map((o) => ({ value: o.value, ...optionTexts(o), group }));
  if (el.option_groups) return el.option_groups.flatMap((g) => flat(g.options, plain(g.label)));
  return flat(el.options);
}

function peopleOptions() {
  return humans().filter((p) => !p.deleted)
    .map((p) => ({ value: p.id, label: nameOf(p), detail: p.id === state.as ? "you" : "", mark: avatar(p, 20) }));
}

const KIND = { channel: "public", private: "private", im: "im" };

function conversationOptions(el) {
  const only = el.type.endsWith("channels_select") ? ["public"] : el.filter?.include;
  return state.channels
    .filter((c) => !c.archived && (!only || only.includes(KIND[c.kind])))
    .map((c) => ({ value: c.id, label: conversationName(c), mark: c.kind === "im" ? null : icon(c.kind === "private" ? "lock" : "hash", 16) }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

function selecting(options) {
  return (surface, block, el, field) => {
    const list = options(el);
    return h("div", { class: "control" }, select({
      ...(Array.isArray(list) ? { options: list } : list),
      id: surface.domId(block, el), value: surface.read(block, el), multi: isMulti(el),
      most: el.max_selected_items, placeholder: plain(el.placeholder) || undefined, clearable: Boolean(field?.optional),
      busy: state.busy.has(surface.key(block, el)), label: field?.label || plain(el.placeholder),
      aria: field ? field.aria : { "aria-label": plain(el.placeholder) || "Select" },
      onchange: (value) => chosen(surface, block, el, field, value),
    }));
  };
}

function selectingFromApp(surface, block, el, field) {
  const id = surface.domId(block, el);
  return selecting(() => externalOptions(surface, block, el, id))(surface, block, el, field);
}

const timers = new Map();

/** Native pickers report every key; the app hears of it once the person has finished. */
function finished(key, tell, now) {
  clearTimeout(timers.get(key)?.timer);
  if (now) {
    timers.get(key)?.tell();
    timers.delete(key);
  } else {
    const run = () => {
      timers.delete(key);
      tell();
    };
    timers.set(key, { tell: run, timer: setTimeout(run, 700) });
  }
}

function picker(type, shown = (v) => v ?? "", taken = (v) => v || null) {
  return (surface, block, el, field) => {
    const key = surface.key(block, el);
    const busy = state.busy.has(key);
    return h("div", { class: cls("control control-short", busy && "busy") },
      h("input", {
        type, class: "input", id: surface.domId(block, el), value: shown(surface.read(block, el)), "aria-busy": busy ? "true" : null,
        ...(field ? field.aria : { "aria-label": plain(el.placeholder) || { date: "Date", time: "Time" }[type] || "Date and time" }),
        onchange: (event) => {
          const value = taken(event.target.value);
          if (value === null && event.target.validity.badInput) return;
          surface.write(block, el, value);
          if (!field || field.dispatches) finished(key, () => use(surface, block, el, value), false);
        },
        onblur: () => timers.has(key) && finished(key, null, true),
      }),
      el.timezone && h("span", { class: "hint" }, el.timezone));
  };
}

function choices(type) {
  return (surface, block, el, field) => {
    const id = surface.domId(block, el);
    const value = surface.read(block, el);
    const picked = (option) => (type === "radio" ? value === option.value : (value || []).includes(option.value));
    const next = (option) => {
      if (type === "radio") return option.value;
      return picked(option) ? value.filter((v) => v !== option.value) : [...(value || []), option.value];
    };
    return h("div", {
      class: "choices", id, tabindex: field ? -1 : null, role: type === "radio" ? "radiogroup" : "group",
      ...(field ? field.aria : { "aria-label": "Choices" }),
    }, (el.options || []).map((option, i) => h("div", { class: "choice", key: option.value },
      h("input", {
        type, id: `${id}-${i}`, name: id, checked: picked(option), "aria-describedby": option.description ? `${id}-${i}-d` : null,
        onchange: () => chosen(surface, block, el, field, next(option)),
      }),
      h("label", { for: `${id}-${i}` }, textObject(option.text, surface.text)),
      option.description && h("div", { class: "choice-detail", id: `${id}-${i}-d` }, textObject(option.description, surface.text)))));
  };
}

function dispatchesOn(el, trigger) {
  return (el.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"]).includes(trigger);
}

function textInput(type, more = {}) {
  return (surface, block, el, field) => {
    const many = el.multiline || type === "area";
    const key = surface.key(block, el);
    const value = surface.read(block, el) ?? "";
    const typed = (text) => {
      surface.write(block, el, text);
      if (field?.dispatches && dispatchesOn(el, "on_character_entered")) finished(key, () => use(surface, block, el, text), false);
    };
    const props = {
      type: many ? null : type, id: surface.domId(block, el), class: "input", placeholder: plain(el.placeholder) || null, value,
      autocomplete: "off", ...more, ...(field ? field.aria : { "aria-label": plain(el.placeholder) || "Text" }),
      oninput: (event) => typed(event.target.value),
      onkeydown: (event) => entered(event, surface, block, el, field, many),
      "data-focus": Boolean(el.focus_on_load),
    };
    return h("div", { class: "control" },
      many ? h("textarea", { ...props, rows: 4, update: grow }) : h("input", props),
      field?.dispatches && dispatchesOn(el, "on_enter_pressed") && h("span", { class: "hint" }, `Press ${many ? "Ctrl + " : ""}Enter to send this`),
      counter(String(value), el.max_length));
  };
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, 320)}px`;
}

function entered(event, surface, block, el, field, many) {
  if (event.key !== "Enter" || event.isComposing || !field?.dispatches || !dispatchesOn(el, "on_enter_pressed")) return;
  if (many && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  use(surface, block, el, event.target.value);
}

/** How much may still be typed, said only when it matters. */
function counter(text, most) {
  if (!most) return null;
  const left = most - [...text].length;
  if (left > Math.max(20, most * 0.1)) return null;
  return h("span", { class: cls("counter", left < 0 && "over"), role: "status" }, left < 0 ? `${-left} too many` : `${left} left`);
}

function image(surface, block, el) {
  return h("img", { class: "accessory-image", src: imageSource(el), alt: el.alt_text || "", loading: "lazy", referrerpolicy: "no-referrer" });
}

/** Small buttons below a message; the one that was given last stays pressed. */
function small(surface, block, el, { name, mark, label, pressed, run }) {
  const busy = state.busy.has(surface.key(block, el));
  const said = el.accessibility_label || label;
  return h("button", {
    key: name, id: `${surface.domId(block, el)}${name}`, type: "button", class: cls("small-action", pressed && "pressed", busy && "busy"), title: label,
    "aria-label": said, "aria-pressed": pressed === undefined ? null : String(pressed), "aria-disabled": busy ? "true" : null, onclick: run,
  }, mark);
}

function feedback(surface, block, el) {
  const given = surface.read(block, el);
  return h("span", { class: "feedback", role: "group", "aria-label": "Feedback" }, ["positive", "negative"].map((name) => {
    const b = el[`${name}_button`];
    if (!b) return null;
    const label = plain(b.text);
    return small(surface, block, { ...b, action_id: el.action_id }, {
      name, label, pressed: given === b.value,
      mark: [onlyEmoji(label) ? h("span", { class: "emoji" }, label) : [icon(name === "positive" ? "up-thumb" : "down-thumb", 16), h("span", {}, label)]],
      run: async () => {
        surface.write(block, el, b.value);
        if (!(await use(surface, block, el, b.value))) surface.write(block, el, given);
      },
    });
  }));
}

function iconButton(surface, block, el) {
  if (el.visible_to_user_ids && !el.visible_to_user_ids.includes(state.as)) return null;
  return small(surface, block, el, { name: "icon", label: plain(el.text), mark: icon("trash", 16), run: () => use(surface, block, el, el.value) });
}

const DRAW = {
  button, overflow, image,
  workflow_button: button,
  icon_button: iconButton,
  feedback_buttons: feedback,
  static_select: selecting(staticOptions),
  multi_static_select: selecting(staticOptions),
  users_select: selecting(peopleOptions),
  multi_users_select: selecting(peopleOptions),
  conversations_select: selecting(conversationOptions),
  multi_conversations_select: selecting(conversationOptions),
  channels_select: selecting(conversationOptions),
  multi_channels_select: selecting(conversationOptions),
  external_select: selectingFromApp,
  multi_external_select: selectingFromApp,
  file_input: fileInput,
  datepicker: picker("date"),
  timepicker: picker("time"),
  datetimepicker: picker("datetime-local", (v) => (v ? local(Number(v), zone()) : ""), (v) => fromLocal(v, zone())),
  radio_buttons: choices("radio"),
  checkboxes: choices("checkbox"),
  plain_text_input: textInput("text"),
  email_text_input: textInput("email", { inputmode: "email" }),
  url_text_input: textInput("url", { inputmode: "url" }),
  number_input: textInput("text", { inputmode: "decimal" }),
  rich_text_input: textInput("area"),
};

