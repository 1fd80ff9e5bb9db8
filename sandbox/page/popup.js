// Things that open over the page at an element: menus and lists. One is open at a time. They are
// native popovers (the top layer), placed below or above the element just before them.

import { h, cls } from "./dom.js";
import { set, state } from "./store.js";
import { decode, plain } from "./mrkdwn.js";

const open = new Map();

function place(el) {
  const anchor = el.previousElementSibling;
  if (!anchor || !el.isConnected) return;
  const box = anchor.getBoundingClientRect();
  const gap = 4;
  el.style.minWidth = el.classList.contains("fit") ? `${box.width}px` : "";
  el.style.maxHeight = "";
  const width = el.offsetWidth;
  const below = innerHeight - box.bottom - gap * 2;
  const above = box.top - gap * 2;
  const up = el.classList.contains("prefer-up") || (el.offsetHeight > below && above > below);
  const height = Math.min(el.offsetHeight, up ? above : below);
  el.style.maxHeight = `${Math.max(up ? above : below, 120)}px`;
  const end = el.classList.contains("at-end") ? box.right - width : box.left;
  el.style.left = `${Math.max(8, Math.min(end, innerWidth - width - 8))}px`;
  el.style.top = `${up ? Math.max(8, box.top - gap - height) : box.bottom + gap}px`;
}

/** A box at the element drawn just before it; `onclose` is called by a press anywhere else. */
export function popup(props, onclose, ...children) {
  return h("div", {
    ...props,
    popover: "manual",
    class: cls("popup", props.class),
    mount: (el) => {
      el.showPopover();
      const again = () => place(el);
      const outside = (event) => {
        if (!el.contains(event.target) && !el.previousElementSibling?.contains(event.target)) onclose();
      };
      addEventListener("resize", again);
      addEventListener("scroll", again, true);
      addEventListener("pointerdown", outside, true);
      open.set(el, () => {
        removeEventListener("resize", again);
        removeEventListener("scroll", again, true);
        removeEventListener("pointerdown", outside, true);
      });
      place(el);
      props.mount?.(el);
    },
    update: place,
    unmount: (el) => {
      open.get(el)?.();
      open.delete(el);
    },
  }, children);
}

export const isOpen = (id) => state.popup?.id === id;
export const openPopup = (id, more = {}) => set({ popup: { id, ...more } });
export const closePopup = () => set({ popup: null });

/** Arrow keys, Home, End and first letters between the items of a menu. */
function menuKeys(event, opener) {
  const items = [...event.currentTarget.querySelectorAll('[role^="menuitem"]:not([aria-disabled="true"])')];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) {
    items[to % items.length]?.focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    closePopup();
    if (event.key === "Escape") document.getElementById(opener)?.focus();
    else return;
  } else if (/^\S$/.test(event.key) && !(event.target instanceof HTMLInputElement)) {
    const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    order.find((el) => el.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/**
 * A button that opens a menu. Items: {label, hint?, detail?, icon?, badge?, checked?, danger?, run,
 * aside?: {label, icon, run}}, "-", {heading, items}, {scrolled: items}, any drawn thing under
 * `custom`, or nothing. `opening`: what else opening it does.
 */
export function menuButton({ id, label, content, items, buttonClass, menuClass, busy, title, describedby, opening }) {
  const shown = isOpen(id);
  const open = () => {
    openPopup(id);
    opening?.();
  };
  return [
    h("button", {
      key: `${id} button`, id, type: "button", class: buttonClass, "aria-haspopup": "menu", "aria-expanded": String(shown),
      "aria-label": label, "aria-busy": busy ? "true" : null, title, "aria-describedby": describedby,
      onclick: () => (shown ? closePopup() : open()),
      onkeydown: (event) => {
        if (event.key === "ArrowDown" && !shown) {
          event.preventDefault();
          open();
        }
      },
    }, content),
    shown && popup({
      key: `${id} menu`, class: cls("menu", menuClass), role: "menu", "aria-label": label,
      onkeydown: (event) => menuKeys(event, id),
      mount: (el) => (el.querySelector('[aria-checked="true"]') || el.querySelector('[role^="menuitem"]'))?.focus(),
    }, closePopup, drawItems(items(), id)),
  ];
}

/** Whether it was the pointer that moved, and not the page below it. */
export const moved = (event) => event.movementX !== 0 || event.movementY !== 0;

const drawItems = (items, opener) => items.filter(Boolean).map((item, i) => drawItem(item, i, opener));

function drawItem(item, i, opener) {
  if (item === "-") return h("div", { key: i, role: "separator", class: "menu-separator" });
  if (item.scrolled) return h("div", { key: i, role: "none", class: "menu-scrolled" }, drawItems(item.scrolled, opener));
  if (item.heading) {
    return h("div", { key: i, role: "group", "aria-label": item.heading },
      h("div", { class: "menu-heading", "aria-hidden": "true" }, item.heading), drawItems(item.items, opener));
  }
  if (item.custom) return h("div", { key: i, role: "none", class: "menu-custom" }, item.custom);
  if (!item.aside) return menuItem(item, opener, i);
  return h("div", { key: i, role: "none", class: "menu-row" }, menuItem(item, opener, "item"), menuItem({ ...item.aside, label: null, said: item.aside.label }, opener, "aside"));
}

function menuItem(item, opener, key) {
  const run = (event) => {
    closePopup();
    document.getElementById(opener)?.focus();
    item.run(event);
  };
  return h("button", {
    key: item.key || item.label || key, type: "button", class: cls("menu-item", item.danger && "danger", item.said && "menu-aside"), tabindex: -1,
    role: item.checked === undefined ? "menuitem" : "menuitemradio", "aria-label": item.said, title: item.said,
    "aria-checked": item.checked === undefined ? null : String(item.checked),
    onclick: run,
    onpointermove: (event) => moved(event) && event.currentTarget.focus({ preventScroll: true }),
  }, item.icon, item.label && h("span", { class: "menu-text" },
    h("span", { class: "menu-label" }, item.label),
    item.detail && h("span", { class: "menu-detail" }, item.detail)),
  item.hint && h("span", { class: "menu-hint" }, item.hint),
  item.badge);
}

/** An option object's text and description as menus and lists show them. */
export function optionTexts(option) {
  const text = option.text?.type === "mrkdwn" ? decode(option.text.text || "") : plain(option.text);
  return { label: text, detail: option.description ? plain(option.description) : "" };
}
