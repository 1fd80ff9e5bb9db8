// Who wrote a message, and which messages nobody wrote.

import { app, appOfBot, nameOf, person, state } from "./store.js";

/** Who wrote it: {id, name, app}. */
export function author(message) {
  const by = app(message.app_id) || (message.bot_id && state.apps.find((a) => a.bot_id === message.bot_id)) || appOfBot(message.user);
  if (by || message.bot_id) {
    return { id: by?.id || message.bot_id, name: message.username || by?.name || message.bot_profile?.name || "App", app: by || { id: message.bot_id, name: message.username || "App" } };
  }
  const who = person(message.user);
  return { id: message.user, name: who ? nameOf(who) : message.user || "Slackbot", person: who || { id: message.user, name: message.user || "Slackbot" } };
}

const SYSTEM = /^(channel|group)_(join|leave|archive|unarchive|topic|purpose|name)$/;

/** Whether Slack itself says it, e.g. that somebody joined. */
export const isSystem = (message) => SYSTEM.test(message.subtype || "") || message.subtype === "tombstone";
