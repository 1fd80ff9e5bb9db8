// Files: those of a message, those about to be sent, and dropping them onto a conversation.

import { h } from "./dom.js";
import { confirmed, deleteFile } from "./actions.js";
import { fileUrl } from "./api.js";
import { icon } from "./icons.js";
import { invalidate, local, state, toast } from "./store.js";
import { grid } from "./tables.js";

const MOST = 10;
const UNITS = ["bytes", "kB", "MB", "GB"];
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

export function size(bytes) {
  let [n, unit] = [bytes, 0];
  while (n >= 1000 && unit < UNITS.length - 1) [n, unit] = [n / 1000, unit + 1];
  return `${unit && n < 10 ? n.toFixed(1) : Math.round(n)} ${UNITS[unit]}`;
}

/** The files of a message. */
export function drawFiles(message) {
  if (!message.files?.length) return null;
  return h("div", { class: "files" }, message.files.map((file) => h("div", { key: file.id }, drawFile(file))));
}

function drawFile(file) {
  if (file.mode === "tombstone") return h("div", { class: "file gone" }, icon("file", 20), h("span", {}, "This file was deleted."));
  const url = fileUrl(state.as, file.id);
  const shown = PICTURES.includes(file.mimetype) ? picture(file, url) : file.preview ? preview(file) : null;
  return [
    h("div", { class: "file" },
      h("span", { class: "file-mark", "aria-hidden": "true" }, icon("file", 22)),
      h("div", { class: "file-words" },
        h("div", { class: "file-name" }, file.title || file.name),
        h("div", { class: "hint" }, `${file.pretty_type} · ${size(file.size)}`)),
      h("a", { class: "file-action", href: url, download: file.name, "aria-label": `Download ${file.name}`, title: "Download" }, icon("download")),
      file.user === state.as && h("button", { type: "button", class: "file-action", "aria-label": `Delete ${file.name}`, title: "Delete", onclick: () => drop(file) }, icon("trash"))),
    shown,
  ];
}

async function drop(file) {
  const text = { type: "mrkdwn", text: `*${file.name}* will be gone for everybody.` };
  if (await confirmed({ title: "Delete this file?", text, confirm: "Delete", deny: "Cancel", style: "danger" })) deleteFile(file.id);
}

function picture(file, url) {
  return h("a", { href: url, target: "_blank", rel: "noopener", class: "file-picture" },
    h("img", { src: url, alt: file.alt_txt || file.title || file.name, loading: "lazy" }));
}

/** What separates the cells of a CSV: whichever of these its first line has most of. */
function likely(text) {
  const [first] = text.split("\n");
  return [",", ";", "\t", "|"].reduce((best, mark) => (first.split(mark).length > first.split(best).length ? mark : best));
}

function preview(file) {
  const separator = { csv: likely(file.preview), tsv: "\t" }[file.filetype];
  const whole = file.preview_is_truncated ? file.preview.slice(0, Math.max(file.preview.lastIndexOf("\n"), 1)) : file.preview;
  const rows = separator && cells(whole, separator);
  const hidden = file.lines - whole.split("\n").length;
  return h("div", { class: "file-preview" },
    rows?.length > 1 ? grid(file.name, rows[0], rows.slice(1)) : h("pre", { class: "pre" }, file.preview),
    hidden > 0 && h("p", { class: "hint" }, `${hidden} more ${hidden === 1 ? "line" : "lines"}`));
}

/** The cells of a text with separators; quotes may hold separators, breaks and doubled quotes. */
function cells(text, separator) {
  const rows = [[]];
  const cell = new RegExp(`("(?:[^"]|"")*"?|[^${separator}\\n]*)(${separator}|\\r?\\n|$)`, "g");
  for (const m of text.trimEnd().matchAll(cell)) {
    rows.at(-1).push(m[1].startsWith('"') ? m[1].replace(/^"|"$/g, "").replaceAll('""', '"') : m[1].replace(/\r$/, ""));
    if (m[2] === "") break;
    if (m[2] !== separator) rows.push([]);
  }
  return rows;
}

// --- about to be sent

export const attached = (key) => state.attached.get(key) || [];

export function attach(key, files) {
  const all = [...attached(key), ...files];
  if (all.length > MOST) toast(`A message has at most ${MOST} files.`, "warning");
  state.attached.set(key, all.slice(0, MOST));
  invalidate();
}

export function detach(key, file = null) {
  const left = file ? attached(key).filter((each) => each !== file) : [];
  if (left.length) state.attached.set(key, left);
  else state.attached.delete(key);
  invalidate();
}

/** What will be sent with the text, and how far it is while it is sent. */
export function attachments(key) {
  const files = attached(key);
  if (!files.length) return null;
  const sending = state.uploading.get(key);
  return h("div", { class: "attached" }, h("ul", { "aria-label": "Files to be sent" }, files.map((file, i) => h("li", { class: "file", key: `${file.name} ${i}` },
    h("span", { class: "file-mark", "aria-hidden": "true" }, icon("file", 20)),
    h("div", { class: "file-words" }, h("div", { class: "file-name" }, file.name), h("div", { class: "hint" }, size(file.size))),
    sending === undefined && h("button", { type: "button", class: "file-action", "aria-label": `Do not send ${file.name}`, onclick: () => detach(key, file) }, icon("close", 16))))),
  sending !== undefined && h("progress", { max: 100, value: Math.round(sending * 100), "aria-label": "Sending the files" }));
}

/** The paper-clip, for whoever does not drag. */
export function clipButton(id, key) {
  const input = `${id}-files`;
  return h("span", { class: "composer-clip" },
    h("button", { type: "button", "aria-label": "Attach files", title: "Attach files", onclick: () => document.getElementById(input).click() }, icon("clip")),
    h("input", {
      type: "file", id: input, multiple: true, hidden: true, "aria-label": "Files",
      onchange: (event) => {
        attach(key, [...event.target.files]);
        event.target.value = "";
        document.getElementById(id)?.focus();
      },
    }));
}

/** What makes a pane take files that are dropped on it. */
export function dropTarget(key, where) {
  const view = local(`drop ${key}`, { over: false });
  const holdsFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  return {
    overlay: view.over && h("div", { class: "drop-here", key: "drop" }, icon("clip", 28), `Drop files to send them ${where}`),
    ondragover: (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      if (!view.over) view.set({ over: true });
    },
    ondragleave: (event) => {
      if (!event.currentTarget.contains(event.relatedTarget)) view.set({ over: false });
    },
    ondrop: (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      view.set({ over: false });
      attach(key, [...event.dataTransfer.files]);
    },
  };
}

/** Files that were copied are pasted as files. */
export function pasted(event, key) {
  const files = [...(event.clipboardData?.files || [])];
  if (!files.length) return;
  event.preventDefault();
  attach(key, files);
}
