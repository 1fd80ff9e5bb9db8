// What can complete the text in a composer: / commands and global shortcuts, : emoji, @ people.

import { h } from "./dom.js";
import { suggest } from "./emoji.js";
import { appIcon, avatar } from "./icons.js";
import { humans, nameOf, shortcuts, state } from "./store.js";

/** Commands that begin with what is typed, then the shortcuts of which a word does, each with its app. */
function commandsFor(text) {
  const typed = text.slice(1).toLowerCase();
  const word = typed.split(/\s/, 1)[0];
  const commands = state.apps.flatMap((app) => (app.commands || []).map((command) => ({ app, ...command })));
  if (word !== typed) {
    const whole = commands.filter((c) => c.command === `/${word}`);
    return whole.length ? whole : shortcuts("global").filter((s) => s.name.toLowerCase().startsWith(typed));
  }
  const begins = (name) => name.toLowerCase().split(" ").some((part) => part.startsWith(typed));
  return [
    ...commands.filter((c) => c.command.slice(1).startsWith(typed)).sort((a, b) => a.command.localeCompare(b.command)),
    ...shortcuts("global").filter((s) => begins(s.name) || begins(s.app.name)).sort((a, b) => a.name.localeCompare(b.name)),
  ];
}

/** People whose name, or a part of it, begins with what is typed. */
function peopleFor(typed) {
  return humans().filter((p) => !p.deleted && [p.name, ...nameOf(p).split(" ")].some((part) => part.toLowerCase().startsWith(typed))).slice(0, 8);
}

/** What could complete the text before the caret: {kind, found, from}. */
export function completion(text, caret, thread) {
  if (text.startsWith("/") && !text.includes("\n")) {
    return thread ? { kind: "none", found: ["thread"] } : { kind: "command", found: commandsFor(text), from: 0 };
  }
  const m = /(?:^|\s):([a-z0-9_+'-]{2,})$/.exec(text.slice(0, caret));
  if (m) return { kind: "emoji", found: suggest(m[1]), from: caret - m[1].length - 1 };
  const at = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(text.slice(0, caret));
  if (at) return { kind: "person", found: peopleFor(at[1].toLowerCase()), from: caret - at[1].length - 1 };
  return { kind: null, found: [] };
}

export const LABELS = { command: "Commands and shortcuts", emoji: "Emoji", person: "People" };

/** How one suggestion of each kind is drawn. */
export const ROWS = {
  command: (choice) => [appIcon(choice.app, 28),
    h("span", { class: "option-text" },
      h("span", {}, h("strong", {}, choice.command || choice.name), choice.usage_hint && h("span", { class: "usage" }, ` ${choice.usage_hint}`)),
      h("span", { class: "option-detail" }, choice.description || "")),
    h("span", { class: "option-app" }, choice.app.name)],
  emoji: ([name, found]) => [h("span", { class: "emoji" }, found), h("span", { class: "option-text" }, `:${name}:`)],
  person: (p) => [avatar(p, 24), h("span", { class: "option-text" }, h("span", {}, h("strong", {}, nameOf(p)), h("span", { class: "usage" }, ` @${p.name}`)))],
};
