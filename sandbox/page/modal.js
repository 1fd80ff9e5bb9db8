// Modals: a native dialog that shows the topmost view of the stack, and Slack's confirm dialog.

import { h, cls } from "./dom.js";
import { close, submit } from "./actions.js";
import { drawBlocks, surface } from "./blocks.js";
import { appIcon, icon } from "./icons.js";
import { plain, textObject } from "./mrkdwn.js";
import { app, state, textContext } from "./store.js";
import { toasts } from "./toasts.js";

const FIELDS = 'input:not([type="hidden"]):not(:disabled), textarea, select';
const left = new Map();

/**
 * Where a view is entered: the field it had when it was left, the one that asks for it, else the
 * first one. On a touch screen only the title, since a field would bring up the keyboard.
 */
function settleFocus(dialog, viewId) {
  const kept = left.get(viewId);
  const body = dialog.querySelector(".modal-body");
  const touch = matchMedia("(pointer: coarse)").matches;
  const wanted = (kept && document.getElementById(kept)) || body.querySelector("[data-focus]")
    || (touch ? dialog.querySelector("#modal-title") : firstField(body));
  (wanted || dialog.querySelector(".modal-foot .btn-primary") || dialog.querySelector("#modal-title")).focus();
}

function firstField(body) {
  const field = body.querySelector(FIELDS);
  if (field?.type !== "radio") return field;
  return body.querySelector(`input[name="${CSS.escape(field.name)}"]:checked`) || field;
}

export function onTop(dialog, onescape) {
  dialog.showModal();
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    onescape();
  });
}

/** The browser gives the focus back, but not always the caret: without one, typing does nothing. */
export function offTop(dialog) {
  dialog.close();
  const back = document.activeElement;
  back.blur();
  back.focus({ preventScroll: true });
}

export function modal() {
  const top = state.modals.at(-1);
  if (!top) return null;
  const leave = () => state.modals.length && close(state.modals.at(-1));
  return h("dialog", {
    class: "modal", key: "modal", "aria-labelledby": "modal-title",
    mount: (el) => {
      onTop(el, leave);
      settleFocus(el, top.view_id);
    },
    unmount: (el) => {
      left.clear();
      offTop(el);
    },
    onkeydown: (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      event.stopPropagation();
      leave();
    },
    onfocusin: (event) => event.target.id && event.target.closest(".modal-body") && left.set(top.view_id, event.target.id),
  }, sheet(top, leave), state.confirm ? null : toasts());
}

function sheet(top, leave) {
  const { view } = top;
  const errors = state.errors.get(top.view_id) || top.errors || {};
  const busy = state.busy.has(`submit ${top.view_id}`);
  const on = surface("modal", { id: top.view_id, where: "m", values: top.values, errors, blocks: view.blocks, viewId: top.view_id });
  const below = state.modals.at(-2);
  return h("form", {
    key: top.view_id, class: "sheet", novalidate: true,
    mount: (el) => {
      const dialog = el.closest("dialog");
      if (dialog.open) settleFocus(dialog, top.view_id);
    },
    onsubmit: async (event) => {
      event.preventDefault();
      const sheetNow = event.currentTarget;
      if (view.submit && (await submit(state.modals.at(-1)))) setTimeout(() => toFirstError(sheetNow));
    },
  },
  h("header", { class: "modal-head" },
    below && h("button", { type: "button", class: "modal-back", "aria-label": `Back to ${plain(below.view.title)}`, onclick: leave }, icon("back", 20)),
    appIcon(app(top.app_id), 28),
    h("h2", { id: "modal-title", tabindex: -1 }, plain(view.title)),
    h("button", { type: "button", class: "modal-close", "aria-label": "Close", onclick: () => close(top, Boolean(below)) }, icon("close", 20))),
  h("div", { class: "modal-body" },
    strayErrors(errors, view.blocks),
    drawBlocks(view.blocks, on)),
  h("footer", { class: "modal-foot" },
    h("span", { class: "modal-app" }, app(top.app_id)?.name || ""),
    h("button", { type: "button", class: "btn", onclick: leave }, plain(view.close) || "Close"),
    view.submit && h("button", {
      type: "submit", class: cls("btn btn-primary", busy && "busy"), "aria-busy": busy ? "true" : null, disabled: Boolean(view.submit_disabled) || state.uploading.has(top.view_id),
    }, h("span", { class: "btn-label" }, plain(view.submit)), busy && h("span", { class: "spinner", "aria-hidden": "true" }))));
}

/** Errors of blocks that are not there must not be swallowed. */
function strayErrors(errors, blocks) {
  const ids = new Set((blocks || []).filter((b) => b.type === "input").map((b) => b.block_id));
  const stray = Object.entries(errors).filter(([id]) => !ids.has(id));
  return stray.length > 0 && h("div", { class: "alert alert-error", role: "alert" }, stray.map(([id, text]) => h("div", { key: id }, `${text} (${id})`)));
}

function toFirstError(sheetNow) {
  const wrong = sheetNow.querySelector('[aria-invalid="true"]');
  if (!wrong) return;
  const field = wrong.matches(FIELDS) ? wrong : wrong.querySelector(FIELDS) || wrong;
  field.focus({ preventScroll: true });
  (wrong.closest(".block") || wrong).scrollIntoView({ block: "nearest" });
}

export function confirmDialog() {
  const asked = state.confirm;
  if (!asked) return null;
  return h("dialog", {
    class: "modal confirm", key: "confirm", role: "alertdialog", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text",
    mount: (el) => {
      onTop(el, () => state.confirm?.answer(false));
      el.querySelector(".confirm-yes").focus();
    },
    unmount: offTop,
    onkeydown: (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      asked.answer(false);
    },
  }, h("div", { class: "sheet" },
    h("header", { class: "modal-head" }, h("h2", { id: "confirm-title" }, plain(asked.title)),
      h("button", { type: "button", class: "modal-close", "aria-label": "Close", onclick: () => asked.answer(false) }, icon("close", 20))),
    h("div", { class: "modal-body", id: "confirm-text" }, h("div", { class: "text" }, textObject(asked.text, textContext()))),
    h("footer", { class: "modal-foot" },
      h("button", { type: "button", class: "btn", onclick: () => asked.answer(false) }, plain(asked.deny) || "Cancel"),
      h("button", {
        type: "button", class: cls("btn confirm-yes", asked.style === "danger" ? "btn-danger-solid" : "btn-primary"), onclick: () => asked.answer(true),
      }, plain(asked.confirm) || "OK"))), toasts());
}
