// What can complete the text in a composer: / commands and global shortcuts, : emoji, @ people.

import { h } from "./dom.js";
import { suggest } from "./emoji.js";
import { appIcon, avatar, icon } from "./icons.js";
import { appOfBot, grouped, humans, nameOf, shortcuts, state } from "./store.js";

/** Commands that begin with what is typed, then the shortcuts of which a word does, each with its app. */
function commandsFor(text) {
  const typed = text.slice(1).toLowerCase();
  const word = typed.split(/\s/, 1)[0];
  const commands = state.apps.flatMap((app) => (app.commands || []).map((command) => ({ app, ...command })));
  if (word !== typed) {
    const whole = commands.filter((c) => c.command === `/${word}`);
    return whole.length ? whole : shortcuts("global").filter((s) => s.name.toLowerCase().startsWith(typed));
  }
  const says = (name) => name.split(" ").some(begins(typed));
  return [
    ...commands.filter((c) => c.command.slice(1).startsWith(typed)).sort((a, b) => a.command.localeCompare(b.command)),
    ...shortcuts("global").filter((s) => says(s.name) || says(s.app.name)).sort((a, b) => a.name.localeCompare(b.name)),
  ];
}

const MOST = 8;
const EVERYBODY = [
  { id: "here", name: "here", everybody: "Notify everybody here who is active" },
  { id: "channel", name: "channel", everybody: "Notify everybody in this channel" },
];

const begins = (typed) => (part) => part.toLowerCase().startsWith(typed);

/** People and apps whose name, or a part of it, begins with what is typed; who is here comes first. */
function peopleFor(typed, c) {
  const bots = [...state.people.values()].filter((p) => appOfBot(p.id));
  const here = new Set(c.members);
  const found = [...humans(), ...bots].filter((p) => !p.deleted && p.id !== state.as && [p.name, ...nameOf(p).split(" ")].some(begins(typed)));
  found.sort((a, b) => Number(here.has(b.id)) - Number(here.has(a.id)));
  const all = c.kind === "im" ? [] : EVERYBODY.filter((each) => begins(typed)(each.name));
  return [...found.slice(0, MOST), ...all];
}

/** Channels of which a word begins with what is typed. */
function channelsFor(typed) {
  const { channels } = grouped();
  return channels.filter((c) => [c.name, ...c.name.split(/[-_]/)].some(begins(typed))).slice(0, MOST);
}

/** What could complete the text before the caret, in a conversation: {kind, found, from}. */
export function completion(text, caret, c, thread) {
  if (text.startsWith("/") && !text.includes("\n")) {
    return thread ? { kind: "none", found: ["thread"] } : { kind: "command", found: commandsFor(text), from: 0 };
  }
  const m = /(?:^|\s):([a-z0-9_+'-]{2,})$/.exec(text.slice(0, caret));
  if (m) return { kind: "emoji", found: suggest(m[1]), from: caret - m[1].length - 1 };
  const at = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(text.slice(0, caret));
  if (at) return { kind: "person", found: peopleFor(at[1].toLowerCase(), c), from: caret - at[1].length - 1 };
  const hash = /(?:^|\s)#([\p{L}\p{N}_-]*)$/u.exec(text.slice(0, caret));
  if (hash) return { kind: "channel", found: channelsFor(hash[1].toLowerCase()), from: caret - hash[1].length - 1 };
  return { kind: null, found: [] };
}

export const LABELS = { command: "Commands and shortcuts", emoji: "Emoji", person: "People", channel: "Channels" };

/** How one suggestion of each kind is drawn. */
export const ROWS = {
  command: (choice) => [appIcon(choice.app, 28),
    h("span", { class: "option-text" },
      h("span", {}, h("strong", {}, choice.command || choice.name), choice.usage_hint && h("span", { class: "usage" }, ` ${choice.usage_hint}`)),
      h("span", { class: "option-detail" }, choice.description || "")),
    h("span", { class: "option-app" }, choice.app.name)],
  emoji: ([name, found]) => [h("span", { class: "emoji" }, found), h("span", { class: "option-text" }, `:${name}:`)],
  channel: (c) => [icon(c.kind === "private" ? "lock" : "hash", 16), h("span", { class: "option-text" }, h("strong", {}, c.name))],
  person: (p) => [p.everybody ? icon("people", 20) : appOfBot(p.id) ? appIcon(appOfBot(p.id), 24) : avatar(p, 24), h("span", { class: "option-text" }, h("span", {}, h("strong", {}, p.everybody ? `@${p.name}` : nameOf(p)), h("span", { class: "usage" }, p.everybody ? ` ${p.everybody}` : ` @${p.name}`)))],
};
