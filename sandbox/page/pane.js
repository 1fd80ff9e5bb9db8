// Whether this page is one of two side by side, and what it then tells the page around it.

export const inPane = window.parent !== window;

/** Whether somebody can see this page; on a phone one of two panes is behind the other. */
export const isLookedAt = () => document.visibilityState === "visible" && (!inPane || window.innerWidth > 0);

const AWAKE = ["awake 1", "awake 2"];
let kept = false;

/** A tab that nobody looks at may keep its connection to notify outside the page, at most two of a browser. */
export async function mayListenHidden() {
  if (!("Notification" in window) || Notification.permission !== "granted" || !navigator.locks) return false;
  for (const name of kept ? [] : AWAKE) {
    kept = await new Promise((resolve) => {
      navigator.locks.request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock && new Promise((release) => document.addEventListener("visibilitychange", () => {
          kept = false;
          release();
        }, { once: true }));
      });
    });
    if (kept) break;
  }
  return kept;
}

let told = "";

/** Who looks, where, and how much is unread. */
export function tellAround(as, name, unread) {
  if (!inPane) return;
  const at = new URLSearchParams(location.search);
  at.delete("as");
  const news = { as, name, unread, at: at.toString() };
  if (JSON.stringify(news) === told) return;
  told = JSON.stringify(news);
  window.parent.postMessage(news, location.origin);
}

export function closePane() {
  window.parent.postMessage({ close: true }, location.origin);
}

/** Opens somebody beside the one who looks now. */
export function openBeside(as, other) {
  const at = new URLSearchParams(location.search);
  at.delete("as");
  const right = at.has("team") ? { right_at: new URLSearchParams({ team: at.get("team") }) } : {};
  location.assign(`/side?${new URLSearchParams({ left: as, right: other, left_at: at.toString(), ...right })}`);
}
