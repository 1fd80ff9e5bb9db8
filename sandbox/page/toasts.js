// Short notices. Drawn inside the open dialog, if there is one, since all else is out of reach then.

import { h, cls } from "./dom.js";
import { icon } from "./icons.js";
import { newsToasts } from "./notifications.js";
import { dropToast, state } from "./store.js";

export function toasts() {
  return [newsToasts(), notices()];
}

function notices() {
  return h("div", { class: "toasts", key: "toasts", role: "status", "aria-live": "polite" }, state.toasts.map((t) =>
    h("div", { class: cls("toast", `toast-${t.kind}`), key: t.id },
      icon(t.kind === "warning" ? "warning" : "check", 18), h("span", {}, t.text),
      h("button", { type: "button", "aria-label": "Dismiss", onclick: () => dropToast(t.id) }, "×"))));
}
