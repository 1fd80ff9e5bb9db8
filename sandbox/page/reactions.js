// Reactions to a message: who gave which, and giving or taking back one's own.

import { h, cls } from "./dom.js";
import { react } from "./actions.js";
import { emojify } from "./emoji.js";
import { emojiButton } from "./emoji_picker.js";
import { icon } from "./icons.js";
import { anyone, nameOf, state } from "./store.js";

const mine = (reaction) => reaction.users.includes(state.as);

/** Everybody who gave it, oneself last. */
function who(reaction) {
  const others = reaction.users.filter((id) => id !== state.as).map((id) => nameOf(anyone(id) || { id }));
  const all = mine(reaction) ? [...others, "you"] : others;
  return all.length > 1 ? `${all.slice(0, -1).join(", ")} and ${all.at(-1)}` : all.join("");
}

const drawn = (name) => emojify(`:${name}:`);

/** Below a message; on touch, who gave them stands in the message's menu. */
export function reactions(channelId, message, id) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, message.reactions.map((reaction) => h("button", {
    key: reaction.name, type: "button", class: cls("reaction", mine(reaction) && "mine"), "aria-pressed": String(mine(reaction)),
    title: `${who(reaction)} reacted with :${reaction.name}:`, "aria-label": `${reaction.name.replace(/_/g, " ")}: ${reaction.count}, ${who(reaction)}`,
    onclick: () => react(channelId, message, reaction.name, mine(reaction)),
  }, h("span", { class: "emoji" }, drawn(reaction.name)), h("span", {}, String(reaction.count)))),
  addReaction(channelId, message, `${id}-below`, "reaction add"));
}

export function addReaction(channelId, message, id, buttonClass) {
  const take = (name) => react(channelId, message, name, (message.reactions || []).some((r) => r.name === name && mine(r)));
  return emojiButton({ id, label: "Add reaction", content: icon("smile"), buttonClass, prefer: "at-end", take });
}

/** As items of a menu. */
export function reactionItems(channelId, message) {
  const items = (message.reactions || []).map((reaction) => ({
    key: `reaction ${reaction.name}`, label: who(reaction), icon: h("span", { class: "emoji" }, drawn(reaction.name)), run: () => react(channelId, message, reaction.name, mine(reaction)),
  }));
  return items.length ? ["-", { heading: "Reactions", items }] : [];
}
