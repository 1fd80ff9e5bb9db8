// Line icons, and the pictures of people and apps.

import { h } from "./dom.js";
import { symbol } from "./emoji.js";
import { nameOf, statusOf } from "./store.js";

const PATHS = {
  chevron: "M6 8l4 4 4-4",
  back: "M12 4l-6 6 6 6",
  close: "M5 5l10 10M15 5L5 15",
  forth: "M8 4l6 6-6 6",
  file: "M5 2.500h6l4 4v11H5zM11 2.500v4h4",
  trash: "M4 5.500h12M8 5.500V3.500h4v2M5.500 5.500l.7 11h7.600l.7-11M8.500 8.500v5M11.500 8.500v5",
  "up-thumb": "M6 9l3-6c1.500 0 2 1 2 2v3h4.500c1 0 1.700 1 1.500 2l-1 5c-.2.800-.8 1.500-1.700 1.500H6zM3 9h3v7.500H3z",
  "down-thumb": "M6 11l3 6c1.500 0 2-1 2-2v-3h4.500c1 0 1.700-1 1.500-2l-1-5c-.2-.800-.8-1.500-1.700-1.500H6zM3 3.500h3V11H3z",
  bell: "M10 3a4.500 4.500 0 0 0-4.500 4.500c0 4-1.500 5.500-1.500 5.500h12s-1.500-1.500-1.500-5.500A4.500 4.500 0 0 0 10 3zM8.500 15.500a1.600 1.600 0 0 0 3 0",
  "bell-off": "M10 3a4.500 4.500 0 0 0-4.500 4.500c0 4-1.500 5.500-1.500 5.500h12s-1.500-1.500-1.500-5.500A4.500 4.500 0 0 0 10 3zM8.500 15.500a1.600 1.600 0 0 0 3 0M3 3l14 14",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.500 13.500L17.500 17.500",
  beside: "M3 4h14v12H3zM10 4v12",
  smile: "M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM6.800 11.500a3.600 3.600 0 0 0 6.400 0M7.500 7.800h.1M12.400 7.800h.1",
  clip: "M15.500 9.500l-5.700 5.700a3.500 3.500 0 0 1-5-5l6-6a2.400 2.400 0 0 1 3.400 3.400l-5.700 5.700a1.200 1.200 0 0 1-1.700-1.700l5-5",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM13 7v4.200c0 2.600 4 2.300 4-1.200a7 7 0 1 0-3 5.700",
  download: "M10 3v9M6 8.500l4 4 4-4M4 16.500h12",
  pause: "M7 4v12M13 4v12",
  play: "M6 4l10 6-10 6z",
  copy: "M7 7h9v9H7zM4 13V4h9",
  hash: "M8 3L6 17M14 3l-2 14M3.5 7.5h14M2.5 12.5h14",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  reply: "M3 4h14v10H9l-4 3v-3H3z",
  link: "M8.5 11.5a3 3 0 0 0 4.2 0l3-3a3 3 0 0 0-4.2-4.2l-1 1M11.500 8.500a3 3 0 0 0-4.2 0l-3 3a3 3 0 0 0 4.200 4.200l1-1",
  send: "M3 3.500l14 6.500-14 6.500 2-6.500zM5 10h7",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  clock: "M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 5.500V10l3 2",
  people: "M7.500 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.500c0-3 2.500-4.500 5.500-4.500s5.500 1.500 5.500 4.500M13 4a2.800 2.800 0 0 1 0 5.300M15 12.300c2 .5 3 2 3 4.200",
  plus: "M10 4v12M4 10h12",
  traffic: "M6 3v13M6 16l-3-3M6 16l3-3M14 17V4M14 4l-3 3M14 4l3 3",
  archive: "M3 4h14v3.500H3zM4.500 7.500V16h11V7.500M8 10.500h4",
  warning: "M10 3l8 14H2zM10 8v4M10 14.500v.5",
  check: "M4 10.500l4 4 8-9",
  dots: "M4.500 10h.1M10 10h.1M15.500 10h.1",
  bold: "M6 4h5a3 3 0 0 1 0 6H6zM6 10h6a3 3 0 0 1 0 6H6z",
  italic: "M9 4h5M6 16h5M12 4L8 16",
  strike: "M4 10h12M14 6.500C13.500 4.800 12 4 10 4c-2.500 0-4 1.200-4 3M6 13.500c.5 1.700 2 2.500 4 2.500 2.500 0 4-1.200 4-3",
  code: "M7 6l-4 4 4 4M13 6l4 4-4 4",
  list: "M8 5h9M8 10h9M8 15h9M3.500 5h.1M3.500 10h.1M3.500 15h.1",
  down: "M10 4v11M5 10.500l5 5 5-5",
  forward: "M4 4l7 6-7 6zM11 4l6 6-6 6z",
};

export function icon(name, size = 18) {
  return h("svg", {
    viewBox: "0 0 20 20", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": name === "dots" ? 2.6 : 1.6,
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", class: `icon icon-${name}`,
  }, h("path", { d: PATHS[name] }));
}

// Dark enough that white initials on them keep a contrast of 4.5 : 1.
const COLORS = ["#b3274d", "#7a4a1f", "#3f6b1f", "#0f6e5c", "#1264a3", "#4b4dbd", "#7d3a9c", "#a8332a", "#2f5d75", "#6d5a00", "#8a2f78", "#38618c"];

function colorOf(id) {
  let sum = 7;
  for (const ch of String(id)) sum = (sum * 31 + ch.codePointAt(0)) % 100003;
  return COLORS[sum % COLORS.length];
}

function initials(name) {
  const words = name.replace(/[^\p{L}\p{N} ]/gu, " ").trim().split(/\s+/);
  return ((words[0]?.[0] || "?") + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}

/** A square with initials, as nobody here has a photograph. Decoration: the name stands beside it. */
export function avatar(who, size = 36) {
  const name = who ? nameOf(who) : "?";
  return h("span", {
    class: "avatar", "aria-hidden": "true",
    style: { background: colorOf(who?.id || "?"), width: `${size}px`, height: `${size}px`, "font-size": `${Math.round(size * 0.4)}px` },
  }, initials(name));
}

/** An app's picture: its first letter on a soft gradient, so that it never looks like a person. */
export function appIcon(app, size = 36) {
  return h("span", {
    class: "avatar avatar-app", "aria-hidden": "true",
    style: { "--app": colorOf(app?.id || "?"), width: `${size}px`, height: `${size}px`, "font-size": `${Math.round(size * 0.5)}px` },
  }, (app?.name || "?")[0].toUpperCase());
}

/** The emoji of somebody's status, as it stands beside their name. */
export function status(who) {
  const shown = statusOf(who);
  if (!shown) return null;
  const said = shown.text || shown.emoji.replace(/_/g, " ");
  return h("span", { class: "status emoji", role: "img", "aria-label": said, title: said }, symbol(shown.emoji) || "💬");
}
