// All messages that a person can see, for the search in them: asked for when the search is opened.

import * as api from "./api.js";
import { spoken } from "./mrkdwn.js";
import { state, textContext } from "./store.js";

const AT_ONCE = 4;
const MOST = 30;

/** Reads everything; resolves to [{channel, message, said}], newest first. */
export async function readAll() {
  const found = [];
  const wanted = state.channels.filter((c) => c.is_member !== false).map((c) => ({ channel: c.id }));
  const take = async ({ channel, thread_ts }) => {
    const answer = await api.get("messages", { as: state.as, channel, thread_ts });
    for (const message of answer.messages || []) {
      const isParent = !thread_ts && message.reply_count > 0;
      if (isParent) wanted.push({ channel, thread_ts: message.ts });
      if (thread_ts ? message.ts !== thread_ts && message.subtype !== "thread_broadcast" : message.subtype !== "tombstone") {
        found.push({ channel, message, said: words(message) });
      }
    }
  };
  const work = async () => {
    while (wanted.length) await take(wanted.shift());
  };
  // Whoever has nothing to do now may have it once another has found threads.
  while (wanted.length) await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found.sort((a, b) => Number(b.message.ts) - Number(a.message.ts));
}

/** What a message says: its text, what its blocks say, the names of its files. */
function words(message) {
  const ctx = textContext();
  const inBlocks = (part) => {
    if (Array.isArray(part)) return part.map(inBlocks).join(" ");
    if (part === null || typeof part !== "object") return "";
    const own = typeof part.text === "string" ? spoken(part.text, ctx) : "";
    return [own, ...Object.values(part).map(inBlocks)].join(" ");
  };
  const files = (message.files || []).map((file) => file.title || file.name).join(" ");
  const text = message.text ? spoken(message.text, ctx) : "";
  const blocks = inBlocks(message.blocks || []).replace(/\s+/g, " ").trim();
  return [text, blocks.includes(text) ? blocks.replace(text, "") : blocks, files].filter(Boolean).join(" ").trim();
}

/** The newest messages that say all of the words. */
export function matching(corpus, query) {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  return corpus.filter(({ said }) => {
    const text = said.toLowerCase();
    return wanted.every((word) => text.includes(word));
  }).slice(0, MOST);
}
