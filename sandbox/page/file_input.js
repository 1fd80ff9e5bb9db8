// The field of a form that asks for files: they are sent to the workspace as soon as they are
// chosen or dropped, and are the person's own until the form is submitted.

import { h, cls } from "./dom.js";
import * as api from "./api.js";
import { size } from "./files.js";
import { setError } from "./forms.js";
import { icon } from "./icons.js";
import { invalidate, local, state } from "./store.js";

const MOST = 10;
const LARGEST = 10_000_000;

const ending = (name) => (name.includes(".") ? name.split(".").at(-1).toLowerCase() : "");
const typesOf = (el) => (el.filetypes || []).map((type) => type.toLowerCase().replace(/^\./, ""));
const files = (n) => (n === 1 ? "file" : "files");

/** Why a file is not taken, or nothing. */
function refusal(el, file) {
  const types = typesOf(el);
  if (types.length && !types.includes(ending(file.name))) return `${file.name} is of a type that is not taken here: ${types.map((type) => `.${type}`).sort().join(", ")}.`;
  return file.size > LARGEST ? `${file.name} is larger than ${LARGEST / 1e6} MB.` : null;
}

async function take(surface, block, el, chosen) {
  const most = el.max_files || MOST;
  const room = most - held(surface, block, el).length;
  const wrong = chosen.map((file) => refusal(el, file)).filter(Boolean);
  const fit = chosen.filter((file) => !refusal(el, file));
  if (fit.length > room) wrong.push(`Please give no more than ${most} ${files(most)}.`);
  setError(surface, block, wrong[0]);
  const sent = fit.slice(0, room);
  if (!sent.length) return;
  const progress = (part) => {
    state.uploading.set(surface.viewId, part);
    invalidate();
  };
  progress(0);
  const answer = await api.upload("file", { as: state.as }, sent, progress);
  state.uploading.delete(surface.viewId);
  if (!answer.ok) setError(surface, block, `Not uploaded. ${api.sentence(answer.error)}`);
  else surface.write(block, el, [...held(surface, block, el), ...sent.map((file, i) => ({ id: answer.files[i], name: file.name, size: file.size }))]);
  invalidate();
}

const held = (surface, block, el) => surface.read(block, el) || [];

function remove(surface, block, el, file) {
  setError(surface, block, null);
  surface.write(block, el, held(surface, block, el).filter((each) => each.id !== file.id));
  setTimeout(() => document.getElementById(surface.domId(block, el))?.focus());
}

export function fileInput(surface, block, el, field) {
  const id = surface.domId(block, el);
  const given = held(surface, block, el);
  const most = el.max_files || MOST;
  const view = local(`files ${surface.key(block, el)}`, { over: false });
  const sending = state.uploading.get(surface.viewId);
  const full = given.length >= most;
  const types = typesOf(el).map((type) => `.${type}`);
  const limits = [types.join(", "), el.max_files > 1 && `up to ${most}`].filter(Boolean).join(" · ");
  const holdsFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  return h("div", {
    class: cls("control file-input", view.over && "over"),
    ondragover: (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      if (!view.over) view.set({ over: true });
    },
    ondragleave: (event) => event.currentTarget.contains(event.relatedTarget) || view.set({ over: false }),
    ondrop: (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      view.set({ over: false });
      if (sending === undefined) take(surface, block, el, [...event.dataTransfer.files]);
    },
  },
  given.length > 0 && h("ul", { "aria-label": `${field?.label || "Files"}: given` }, given.map((file) => h("li", { class: "file", key: file.id },
    h("span", { class: "file-mark", "aria-hidden": "true" }, icon("file", 20)),
    h("div", { class: "file-words" }, h("div", { class: "file-name" }, file.name), h("div", { class: "hint" }, size(file.size))),
    h("button", { type: "button", class: "file-action", "aria-label": `Remove ${file.name}`, title: "Remove", onclick: () => remove(surface, block, el, file) }, icon("close", 16))))),
  sending !== undefined && h("progress", { max: 100, value: Math.round(sending * 100), "aria-label": "Sending the files" }),
  h("div", { class: "file-choose" },
    h("input", {
      type: "file", id, class: "sr-only", multiple: most > 1, accept: types.join(",") || null, disabled: full || sending !== undefined,
      ...(field?.aria || { "aria-label": "Files" }),
      onchange: (event) => {
        take(surface, block, el, [...event.target.files]);
        event.target.value = "";
      },
    }),
    !full && h("label", { class: "btn", for: id, "aria-hidden": "true" }, icon("clip", 16), most === 1 ? "Choose a file" : "Choose files"),
    h("span", { class: "hint" }, full ? `No more than ${most} ${files(most)}` : [
      h("span", { class: "file-drop" }, `or drop ${most === 1 ? "it" : "them"} here${limits ? " · " : ""}`), limits,
    ])));
}
