// What the fields of a view or message hold now. Typed values outlive every redraw: they are
// kept by block_id and action_id, so an error or an update of the view loses nothing.

import { invalidate, state } from "./store.js";

const TEXTS = new Set([
  "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input",
]);
const BUTTONS = new Set(["button", "overflow", "workflow_button", "icon_button", "feedback_buttons", "image"]);

const values = (options) => (options || []).map((option) => option.value);

const INITIAL = {
  datepicker: (el) => el.initial_date,
  timepicker: (el) => el.initial_time,
  datetimepicker: (el) => el.initial_date_time,
  static_select: (el) => el.initial_option?.value,
  external_select: (el) => el.initial_option?.value,
  radio_buttons: (el) => el.initial_option?.value,
  users_select: (el) => el.initial_user,
  conversations_select: (el) => el.initial_conversation || (el.default_to_current_conversation && state.place.id),
  channels_select: (el) => el.initial_channel,
  checkboxes: (el) => values(el.initial_options),
  multi_static_select: (el) => values(el.initial_options),
  multi_external_select: (el) => values(el.initial_options),
  multi_users_select: (el) => el.initial_users || [],
  multi_conversations_select: (el) => el.initial_conversations || [],
  multi_channels_select: (el) => el.initial_channels || [],
  rich_text_input: (el) => flatText(el.initial_value),
};

function flatText(node) {
  if (!node) return "";
  if (typeof node.text === "string") return node.text;
  return (node.elements || []).map(flatText).join(node.type === "rich_text" ? "\n" : "");
}

function initial(el) {
  if (INITIAL[el.type]) return INITIAL[el.type](el) ?? null;
  return TEXTS.has(el.type) ? el.initial_value ?? "" : null;
}

/** Whether it is pressed, and holds no value. */
export const isPressed = (el) => BUTTONS.has(el.type);

export const isMulti = (el) => el.type === "checkboxes" || el.type.startsWith("multi_");

/** The key in `values` that the workspace's endpoints use. */
export function valueKey(block, el) {
  return block.type === "input" ? block.block_id : `${block.block_id}/${el.action_id}`;
}

/** The options that an external select holds, as the workspace knows them. */
export function heldOptions(form, block, el) {
  const value = form.values?.[valueKey(block, el)];
  return [value].flat().filter((option) => option?.value !== undefined);
}

/** What the workspace itself knows of a field, where it says so in the endpoints' own form. */
function known(form, block, el) {
  const value = form.values?.[valueKey(block, el)];
  if (el.type === "external_select" && value) return heldOptions(form, block, el)[0]?.value;
  if (el.type === "multi_external_select" && value) return values(heldOptions(form, block, el));
  return value !== null && typeof value === "object" && !Array.isArray(value) ? undefined : value;
}

/** A field's value. `form` is {id, values}. */
export function read(form, block, el) {
  const kept = state.forms.get(form.id)?.get(`${block.block_id}\n${el.action_id}`);
  if (kept && kept.type === el.type) return kept.value;
  const value = known(form, block, el);
  return value === undefined || value === null ? initial(el) : value;
}

export function write(form, block, el, value) {
  if (!state.forms.has(form.id)) state.forms.set(form.id, new Map());
  state.forms.get(form.id).set(`${block.block_id}\n${el.action_id}`, { type: el.type, value });
  invalidate();
}

/** Says something at a field, or (nothing) takes back what was said there. */
export function setError(surface, block, sentence) {
  const others = { ...(state.errors.get(surface.viewId) || surface.errors) };
  if (sentence) others[block.block_id] = sentence;
  else delete others[block.block_id];
  state.errors.set(surface.viewId, others);
  invalidate();
}

/** Every interactive element of some blocks, with its block. */
function* elements(blocks) {
  for (const block of blocks || []) {
    if (block.type === "input" && block.element) yield [block, block.element];
    if (block.type === "actions") for (const el of block.elements || []) yield [block, el];
    if (block.type === "section" && block.accessory) yield [block, block.accessory];
    if (block.type === "container") yield* elements(block.child_blocks);
  }
}

/** All values of a view, as /sandbox/submit and /sandbox/click take them. */
export function collect(form, blocks) {
  const found = {};
  for (const [block, el] of elements(blocks)) {
    if (isPressed(el)) continue;
    const value = read(form, block, el);
    found[valueKey(block, el)] = value === "" || value === undefined ? null : value;
  }
  return found;
}
