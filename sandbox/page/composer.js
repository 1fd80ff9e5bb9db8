// The box one writes in: Enter sends, Shift+Enter breaks the line, / completes commands and
// shortcuts, : emoji, @ people, # channels. Beside it the menu of global shortcuts.

import { h, cls } from "./dom.js";
import { note, say, share, useShortcut } from "./actions.js";
import { LABELS, ROWS, completion } from "./completions.js";
import { emojiButton } from "./emoji_picker.js";
import { attached, attachments, clipButton, detach, pasted } from "./files.js";
import { appIcon, icon } from "./icons.js";
import { closePopup, isOpen, menuButton, openPopup, popup } from "./popup.js";
import { conversationName, invalidate, shortcuts, state } from "./store.js";

export function composer(c, thread) {
  const key = `${c.id} ${thread || ""}`;
  const id = thread ? "compose-thread" : "compose";
  const text = state.drafts.get(key) || "";
  const shown = isOpen(id);
  const offered = shown ? completion(text, state.popup.caret, c, thread) : { found: [] };
  const onlyHint = offered.kind === "none" || (offered.kind === "command" && /\s/.test(text) && Boolean(offered.found[0]?.command));
  const active = shown && !onlyHint ? Math.min(state.popup.active, offered.found.length - 1) : -1;
  const listed = shown && offered.found.length > 0 && offered.kind !== "none";
  const box = { c, thread, key, id, text, offered, active, onlyHint };
  const where = thread ? "Reply…" : `Message ${c.kind === "im" ? "" : "#"}${conversationName(c)}`;
  const ready = text.trim() || attached(key).length > 0;
  return h("div", { class: "composer-wrap", key: `composer ${key}` },
    noteLine(box),
    h("form", { class: "composer", onsubmit: (event) => submitted(event, box) },
      h("div", { class: "composer-anchor" }),
      shown && offered.found.length > 0 && suggestions(box),
      toolbar(box),
      h("textarea", {
        id, class: "composer-input", rows: 1, placeholder: where, "aria-label": where, value: text,
        "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": listed ? `${id}-list` : null,
        "aria-activedescendant": active >= 0 ? `${id}-option-${active}` : null,
        update: grow, onpaste: (event) => pasted(event, key),
        oninput: (event) => typed(box, event.target),
        onkeydown: (event) => keys(event, box),
        onblur: () => isOpen(id) && closePopup(),
      }),
      h("span", { class: "sr-only", role: "status" }, listed && `${offered.found.length} suggestions, up and down to choose, Tab to take`),
      attachments(key),
      h("div", { class: "composer-foot" },
        shortcutMenu(id), clipButton(id, key), insertButtons(box),
        h("span", { class: "composer-tip", "aria-hidden": "true" }, thread ? "" : [h("kbd", {}, "/"), " for commands"]),
        h("button", { type: "submit", class: cls("send", ready && "ready"), "aria-label": "Send", title: "Send", disabled: !ready }, icon("send")))));
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 200)}px`;
}

function noteLine({ c, thread, key }) {
  const what = state.notes.get(key);
  if (!what) return null;
  return h("div", { class: "composer-note", role: "alert" }, icon("warning", 16), h("span", {}, what.text, " ", what.offer && h("button", {
      type: "button", class: "link-button",
      onclick: () => {
        state.drafts.delete(key);
        say(c.id, thread, what.offer, true);
      },
    }, "Send it as a message")),
    h("button", { type: "button", class: "note-close", "aria-label": "Dismiss", onclick: () => note(c.id, thread, null) }, "×"));
}

function typed(box, area) {
  write(box, area.value);
  const offered = completion(area.value, area.selectionStart, box.c, box.thread);
  if (offered.found.length) openPopup(box.id, { active: 0, caret: area.selectionStart });
  else if (isOpen(box.id)) closePopup();
}

function write(box, text) {
  if (text) state.drafts.set(box.key, text);
  else state.drafts.delete(box.key);
  invalidate();
}

function keys(event, box) {
  const { offered, active } = box;
  if (event.isComposing) return;
  const count = box.onlyHint ? 0 : offered.found.length;
  if (active >= 0 && count && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    const to = (active + (event.key === "ArrowDown" ? 1 : -1) + count) % count;
    openPopup(box.id, { ...state.popup, active: to });
  } else if (active >= 0 && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey && !complete(box, event.key)) {
    take(box, offered.found[active], event.target);
  } else if (event.key === "Escape" && isOpen(box.id)) {
    closePopup();
    event.stopPropagation();
  } else if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
    submitted(event, box);
    return;
  } else {
    return;
  }
  event.preventDefault();
}

/** A command that is already whole is sent by Enter, not completed once more. */
function complete({ text, offered, active }, key) {
  return key === "Enter" && offered.kind === "command" && offered.found[active].command === text.trim();
}

function take(box, choice, area) {
  if (choice.callback_id) {
    write(box, "");
    closePopup();
    useShortcut(choice);
    return;
  }
  if (box.offered.kind === "command") {
    write(box, `${choice.command} `);
    openPopup(box.id, { active: 0, caret: choice.command.length + 1 });
    area.focus();
    return;
  }
  insert(box, WORDS[box.offered.kind](choice), box.offered.from, state.popup.caret);
}

const WORDS = { emoji: ([name]) => `:${name}: `, person: (p) => `@${p.name} `, channel: (c) => `#${c.name} ` };

/** Puts a word in the place of what stands between two carets, and the caret behind it. */
function insert(box, word, from, to) {
  const area = document.getElementById(box.id);
  const before = `${box.text.slice(0, from)}${word}`;
  write(box, before + box.text.slice(to));
  closePopup();
  area.focus();
  queueMicrotask(() => area.setSelectionRange(before.length, before.length));
}

/** What puts an emoji, or the sign that asks for somebody, where the caret is. */
function insertButtons(box) {
  const at = () => document.getElementById(box.id).selectionStart;
  const ask = () => {
    const from = at();
    const sign = from && !/\s/.test(box.text[from - 1]) ? " @" : "@";
    insert(box, sign, from, from);
    queueMicrotask(() => openPopup(box.id, { active: 0, caret: from + sign.length }));
  };
  return h("span", { class: "composer-inserts" },
    h("button", { type: "button", "aria-label": "Mention somebody", title: "Mention somebody", onclick: ask }, icon("at")),
    emojiButton({ id: `${box.id}-emoji`, label: "Emoji", content: icon("smile"), prefer: "prefer-up", take: (name) => insert(box, `:${name}: `, at(), at()) }));
}

function submitted(event, box) {
  event.preventDefault();
  const text = box.text.trim();
  const files = attached(box.key);
  if ((!text && !files.length) || state.uploading.has(box.key)) return;
  if (isOpen(box.id)) closePopup();
  state.drafts.delete(box.key);
  invalidate();
  document.getElementById(box.id)?.focus();
  const sent = files.length ? share(box.c.id, box.thread, text, files) : say(box.c.id, box.thread, text);
  sent.then((ok) => {
    if (!ok && !state.drafts.get(box.key)) write(box, text);
    if (ok && files.length) detach(box.key);
  });
}

function suggestions(box) {
  const { id, offered, active } = box;
  if (offered.kind === "none") {
    return popup({ key: "suggestions", class: "fit prefer-up popup-note", role: "status" }, closePopup,
      "Slack takes no slash commands in threads. Type it in the channel.");
  }
  return popup({
    key: "suggestions", class: "fit prefer-up listbox-popup", onmousedown: (event) => event.preventDefault(),
  }, closePopup, h("div", { role: "listbox", id: `${id}-list`, class: "listbox", "aria-label": LABELS[offered.kind], update: (el) => el.querySelector(".active")?.scrollIntoView({ block: "nearest" }) },
    offered.found.map((choice, i) => h("div", {
      key: choice.command || choice.callback_id || choice.id || choice[0], id: `${id}-option-${i}`, role: "option", class: cls("option", i === active && "active"),
      "aria-selected": String(i === active),
      onclick: () => take(box, choice, document.getElementById(id)),
    }, ROWS[offered.kind](choice)))));
}

/** What apps offer wherever one is (global shortcuts). */
function shortcutMenu(id) {
  const offered = shortcuts("global");
  if (!offered.length) return null;
  return h("span", { class: "composer-plus" }, menuButton({
    id: `${id}-shortcuts`, label: "Shortcuts", title: "Shortcuts", content: icon("plus"), menuClass: "prefer-up shortcut-menu",
    busy: offered.some((s) => state.busy.has(`shortcut ${s.callback_id}`)),
    items: () => offered.map((s) => ({ label: s.name, detail: s.description, hint: s.app.name, icon: appIcon(s.app, 28), run: () => useShortcut(s) })),
  }));
}

const STYLES = [["bold", "Bold", "*"], ["italic", "Italic", "_"], ["strike", "Strikethrough", "~"], ["code", "Code", "`"]];

function toolbar(box) {
  return h("div", { class: "toolbar", role: "group", "aria-label": "Formatting" }, STYLES.map(([name, label, mark]) =>
    h("button", {
      type: "button", title: label, "aria-label": label, tabindex: -1,
      onmousedown: (event) => event.preventDefault(),
      onclick: () => wrap(box, mark),
    }, icon(name, 16))));
}

function wrap(box, mark) {
  const area = document.getElementById(box.id);
  const [from, to] = [area.selectionStart, area.selectionEnd];
  write(box, `${box.text.slice(0, from)}${mark}${box.text.slice(from, to)}${mark}${box.text.slice(to)}`);
  area.focus();
  queueMicrotask(() => area.setSelectionRange(from + 1, to + 1));
}
