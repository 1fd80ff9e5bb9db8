// What a person does: each is one call of the workspace's endpoints.

import * as api from "./api.js";
import { collect, isPressed } from "./forms.js";
import { permalink, toApp, toChannel } from "./route.js";
import { appOfBot, channel, conversationName, imWithApp, invalidate, now, set, state, toast } from "./store.js";
import { iso } from "./time.js";

/** Says `text` or, if it begins with a slash, runs the command. True when it went through. */
export async function say(channelId, thread, text, asText = false) {
  const command = text.startsWith("/") && !asText;
  const body = { as: state.as, channel: channelId, text };
  if (thread) body.thread_ts = thread;
  state.sending += 1;
  const answer = await api.post(command ? "command" : "message", body);
  note(channelId, thread, answer.ok ? null : failure(answer.error, text, command));
  // Slack's own notice of a failure says the same as the note, and may come a little later.
  setTimeout(() => {
    state.sending -= 1;
  }, answer.ok ? 0 : 500);
  return answer.ok;
}

/** Sends files, with what was typed. True when they went through. */
export async function share(channelId, thread, text, files) {
  const key = `${channelId} ${thread || ""}`;
  const progress = (part) => {
    state.uploading.set(key, part);
    invalidate();
  };
  progress(0);
  const fields = { as: state.as, channel: channelId, text, thread_ts: thread };
  const answer = await api.upload("file", fields, files, progress);
  state.uploading.delete(key);
  note(channelId, thread, answer.ok ? null : { text: `Not sent. ${api.sentence(answer.error)}` });
  return answer.ok;
}

/** Reacts to a message with an emoji, or takes that back. */
export async function react(channelId, message, name, remove) {
  const answer = await api.post("reaction", { as: state.as, channel: channelId, ts: message.ts, name, remove });
  if (!answer.ok) toast(api.sentence(answer.error), "warning");
}

/** Has the person not be disturbed until a moment (0: no longer). */
export async function pauseUntil(end) {
  const answer = await api.post("person", { id: state.as, dnd_start: end ? Math.floor(now()) : 0, dnd_end: Math.round(end) });
  if (!answer.ok) toast(api.sentence(answer.error), "warning");
}

export async function deleteFile(id) {
  const answer = await api.remove("file", { as: state.as, id });
  if (!answer.ok) toast(api.sentence(answer.error), "warning");
}

function failure(error, text, command) {
  const name = text.split(/\s/, 1)[0];
  if (error === "unknown_command") return { text: `${name} is not a valid command here.`, offer: text };
  if (error === "not_supported_in_threads") return { text: `${name} is not supported in threads. Sorry!`, offer: text };
  if (command) return { text: `${name} failed. ${api.sentence(error)}` };
  return { text: `Not sent. ${api.sentence(error)}` };
}

/** One line under a composer, about what was last sent from it. */
export function note(channelId, thread, what) {
  state.notes.set(`${channelId} ${thread || ""}`, what);
  invalidate();
}

async function whileBusy(key, work) {
  if (state.busy.has(key)) return null;
  state.busy.add(key);
  invalidate();
  const started = Date.now();
  const answer = await work();
  state.busy.delete(key);
  invalidate();
  if (!answer.ok && !answer.errors && !(state.noticed >= started)) toast(api.sentence(answer.error), "warning");
  return answer;
}

const turns = new Map();

/** What is chosen while the last choice is still on its way follows it: none is lost. */
async function inTurn(key, work) {
  const mine = (turns.get(key) || Promise.resolve()).then(work);
  turns.set(key, mine);
  const answer = await mine;
  if (turns.get(key) === mine) turns.delete(key);
  return answer;
}

/** Slack's confirm dialog; resolves to whether the person goes on. */
export function confirmed(object) {
  if (!object) return Promise.resolve(true);
  return new Promise((resolve) => {
    set({
      popup: null,
      confirm: {
        ...object,
        answer: (yes) => {
          set({ confirm: null });
          resolve(yes);
        },
      },
    });
  });
}

/** What an element of a surface says to the workspace. */
function told(surface, block, el, value) {
  const body = { as: state.as, block_id: block.block_id, action_id: el.action_id, value };
  if (surface.viewId) return { ...body, view_id: surface.viewId, values: collect(surface.form, surface.blocks) };
  return { ...body, channel: surface.channel, ts: surface.ts };
}

/** What the app offers in an external select for what was typed. */
export const askOptions = (surface, block, el, query) => api.post("options", told(surface, block, el, query));

/** Uses an interactive element of the surface it is drawn on. */
export async function use(surface, block, el, value) {
  if (!(await confirmed(el.confirm))) return false;
  const body = told(surface, block, el, value ?? null);
  const key = surface.key(block, el);
  const click = () => whileBusy(key, () => api.post("click", body));
  await (isPressed(el) ? click() : inTurn(key, click));
  return true;
}

/** Uses an app's shortcut: a global one, or one on a message. */
export function useShortcut(shortcut, on = null) {
  const body = { as: state.as, app_id: shortcut.app.id, callback_id: shortcut.callback_id };
  if (on) Object.assign(body, { channel: on.channelId, ts: on.message.ts });
  return whileBusy(`shortcut ${on ? on.message.ts : shortcut.callback_id}`, () => api.post("shortcut", body));
}

export async function submit(modal) {
  const form = { id: modal.view_id, values: modal.values };
  const answer = await whileBusy(`submit ${modal.view_id}`, () =>
    api.post("submit", { as: state.as, view_id: modal.view_id, values: collect(form, modal.view.blocks) }));
  if (!answer) return;
  state.errors.delete(modal.view_id);
  if (answer.errors) state.errors.set(modal.view_id, answer.errors);
  if (answer.ok) {
    const fresh = await api.get("state", { as: state.as });
    if (fresh.ok && !fresh.modals.some((m) => m.view_id === modal.view_id)) {
      state.modals = state.modals.filter((m) => m.view_id !== modal.view_id);
    }
  }
  invalidate();
  return Boolean(answer.errors);
}

export async function close(modal, all = false) {
  const body = { as: state.as, view_id: modal.view_id };
  if (all) body.all = true;
  set({ modals: all ? [] : state.modals.filter((m) => m.view_id !== modal.view_id), popup: null });
  state.forms.delete(modal.view_id);
  state.errors.delete(modal.view_id);
  const answer = await api.post("close", body);
  if (!answer.ok) toast(api.sentence(answer.error), "warning");
}

export async function copyLink(channelId, message) {
  const url = permalink(channelId, message.ts, message.thread_ts);
  try {
    await navigator.clipboard.writeText(url);
    toast("Link copied");
  } catch {
    toast(url);
  }
}

/** Opens the conversation with a person, or an app's own page. */
export async function openDm(userId) {
  const answer = await api.post("open_dm", { as: state.as, with: userId });
  if (!answer.ok) {
    toast(api.sentence(answer.error), "warning");
    return;
  }
  const id = typeof answer.channel === "string" ? answer.channel : answer.channel.id;
  if (!channel(id)) {
    const fresh = await api.get("state", { as: state.as });
    if (fresh.ok) state.channels = fresh.channels;
  }
  toChannel(id);
}

/** An app's Messages tab; its conversation is opened the first time. */
export async function toAppMessages(a) {
  if (!imWithApp(a)) {
    await api.post("open_dm", { as: state.as, with: a.bot_user_id });
    const fresh = await api.get("state", { as: state.as });
    if (fresh.ok) state.channels = fresh.channels;
  }
  toApp(a.id, "messages");
}

/** A conversation, wherever it is shown: with an app it is the app's page. */
export function toConversation(c) {
  const a = c.kind === "im" && appOfBot(c.person);
  if (a) toApp(a.id, "messages");
  else toChannel(c.id);
}

export const describe = (c) => (c.kind === "im" ? conversationName(c) : `#${conversationName(c)}`);

/** Business time goes forward to a moment, or by some seconds. */
export async function moveClock(to) {
  const body = to.seconds ? { seconds: to.seconds } : { to: iso(to.moment) };
  set({ popup: null });
  const answer = await inTurn("clock", () => whileBusy("clock", () => api.post("clock", body)));
  return Boolean(answer?.ok);
}
