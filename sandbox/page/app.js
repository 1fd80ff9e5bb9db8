// Puts the page together and keeps it drawn.

import { h, cls, render } from "./dom.js";
import { appPage } from "./home.js";
import { conversation, threadPane } from "./conversation.js";
import { finder, finderKey } from "./finder.js";
import { inspector } from "./inspector.js";
import { confirmDialog, modal } from "./modal.js";
import { onArrive, readPlace } from "./route.js";
import { sidebar } from "./sidebar.js";
import { conversationName, channel, app, invalidate, nameOf, onChange, set, state } from "./store.js";
import { heard, newsKey } from "./notifications.js";
import { inPane, tellAround } from "./pane.js";
import { arrive, enter, leaveHome, onNews, sleep, visibilityChanged, wake } from "./sync.js";
import { toasts } from "./toasts.js";
import { topbar } from "./topbar.js";

const root = document.getElementById("app");

function main() {
  if (state.place.kind === "channel") return conversation();
  if (state.place.kind === "app") return appPage();
  return h("section", { class: "pane", key: "none" }, h("p", { class: "nothing-yet" }, "Choose a channel on the left."));
}

function page() {
  if (!state.ready) return h("div", { class: "starting", role: "status" }, state.failed || "Opening the workspace…");
  const { place } = state;
  const thread = place.kind === "channel" && place.thread;
  const covered = state.modals.length > 0 || state.confirm;
  return h("div", { class: cls("page", `at-${place.kind}`, thread && "with-thread", state.inspector && "with-inspector", inPane && "in-pane") },
    topbar(),
    h("div", { class: "frame" },
      sidebar(),
      h("div", { class: "stage" },
        h("main", { id: "main", tabindex: -1, class: "main" }, main()),
        thread && threadPane(),
        state.inspector && inspector())),
    finder(), modal(), confirmDialog(), !covered && toasts());
}

const unreadInAll = () => state.channels.reduce((n, each) => n + (each.unread || 0), 0);

function title() {
  if (!state.ready) return "Workspace";
  const { place } = state;
  const c = place.kind === "channel" && channel(place.id);
  const here = c ? conversationName(c) : app(place.id)?.name;
  const unread = unreadInAll();
  return [unread ? `(${unread})` : "", here, state.team.name].filter(Boolean).join(" – ").replace(") –", ")");
}

onChange(() => {
  render(root, page());
  const said = title();
  if (document.title !== said) document.title = said;
  if (state.ready) tellAround(state.as, nameOf(state.me), unreadInAll());
});

onArrive(() => {
  const { place } = state;
  if (place.kind !== "app") leaveHome();
  arrive();
  // One goes somewhere to write there; on a touch screen that would bring up the keyboard.
  if (!place.ts && !matchMedia("(pointer: coarse)").matches) {
    setTimeout(() => document.getElementById(place.thread ? "compose-thread" : "compose")?.focus());
  }
});

addEventListener("popstate", () => {
  const [as, place] = readPlace();
  state.place = place;
  if (as && as !== state.as) {
    enter(as);
  } else {
    set({ popup: null });
    arrive();
  }
});

onNews(heard);
addEventListener("keydown", (event) => newsKey(event) || finderKey(event));
document.addEventListener("visibilitychange", visibilityChanged);
if (inPane) addEventListener("resize", visibilityChanged); // it came to the front
addEventListener("pagehide", sleep);
addEventListener("pageshow", wake);
setInterval(invalidate, 15000);

root.replaceChildren();
const [asked] = readPlace();
enter(asked || (inPane ? null : localStorage.getItem("as")));
invalidate();
