// Draws blocks. What is not known is shown as such, with its JSON.

import { h, cls } from "./dom.js";
import { fileUrl } from "./api.js";
import { authProvider, card, carousel, container, plan, taskCard } from "./cards.js";
import { chart } from "./chart.js";
import { element, isGroup } from "./elements.js";
import { read, write } from "./forms.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { link, mrkdwn, plain, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { state, textContext } from "./store.js";
import { dataTable, table } from "./tables.js";

const safeId = (text) => `e${text.replace(/[^A-Za-z0-9-]/g, (c) => `_${c.codePointAt(0).toString(36)}`)}`;

/** What blocks are drawn on. `where` keeps ids apart when the same message is drawn twice. */
export function surface(kind, { id, where = "", values, errors, blocks, viewId, channel, ts }) {
  const form = { id, values };
  const key = (block, el) => `${id} ${block.block_id || ""} ${el.action_id || ""}`;
  return {
    kind, form, viewId, channel, ts, blocks,
    errors: errors || {},
    text: textContext(),
    key,
    domId: (block, el) => safeId(`${where} ${key(block, el)}`),
    read: (block, el) => read(form, block, el),
    write: (block, el, value) => write(form, block, el, value),
  };
}

export function drawBlocks(blocks, on) {
  return (blocks || []).map((block, i) =>
    h("div", { class: `block block-${block.type}`, key: block.block_id || i }, drawBlock(block, on)));
}

function drawBlock(block, on) {
  const draw = DRAW[block.type];
  return (draw && draw(block, on)) || unknown(block);
}

function unknown(block) {
  return h("details", { class: "unknown" }, h("summary", {}, `Unknown block: ${block.type}`),
    h("pre", {}, JSON.stringify(block, null, 2)));
}

function section(block, on) {
  const accessory = block.accessory;
  return h("div", { class: cls("section", accessory && `with-${accessory.type}`) },
    h("div", { class: "section-main" },
      block.text && h("div", { class: "text" }, textObject(block.text, on.text)),
      block.fields && h("div", { class: "fields" }, block.fields.map((f) => h("div", { class: "text field" }, textObject(f, on.text))))),
    accessory && h("div", { class: "section-accessory" }, element(on, block, accessory)));
}

function context(block, on) {
  return h("div", { class: "context" }, (block.elements || []).map((el) => (el.type === "image"
    ? h("img", { class: "context-image", src: imageSource(el), alt: el.alt_text || "", referrerpolicy: "no-referrer" })
    : h("span", { class: "text" }, textObject(el, on.text)))));
}

function actions(block, on) {
  return h("div", { class: "actions" }, (block.elements || []).map((el) =>
    h("div", { class: `action action-${el.type}`, key: el.action_id }, element(on, block, el))));
}

function input(block, on) {
  const el = block.element || {};
  const id = on.domId(block, el);
  const error = on.errors[block.block_id];
  const label = plain(block.label);
  const notes = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ");
  const aria = {
    "aria-describedby": notes || null,
    "aria-invalid": error ? "true" : null,
    "aria-required": block.optional || isGroup(el) ? null : "true",
    "aria-labelledby": `${id}-label`,
  };
  const words = [label, block.optional && h("span", { class: "optional" }, " (optional)")];
  return h("div", { class: cls("input-block", error && "has-error") },
    isGroup(el)
      ? h("div", { class: "label", id: `${id}-label` }, words)
      : h("label", { class: "label", id: `${id}-label`, for: id }, words),
    element(on, block, el, { aria, label, optional: block.optional, dispatches: block.dispatch_action }),
    error && h("div", { class: "field-error", id: `${id}-error` }, error),
    block.hint && h("div", { class: "hint", id: `${id}-hint` }, plain(block.hint)));
}

/** Where the picture of an image block or element is. */
export function imageSource(image) {
  if (image.slack_file?.id) return fileUrl(state.as, image.slack_file.id);
  const private_ = /\/files-pri\/\w+-(\w+)\//.exec(image.slack_file?.url || "");
  return private_ ? fileUrl(state.as, private_[1]) : image.image_url || image.slack_file?.url || null;
}

function image(block) {
  return h("figure", { class: "image" },
    block.title && h("figcaption", {}, plain(block.title)),
    h("img", { src: imageSource(block), alt: block.alt_text || "", loading: "lazy", referrerpolicy: "no-referrer" }));
}

function video(block) {
  return h("div", { class: "video" },
    h("div", { class: "video-title" }, block.title_url ? link(block.title_url, plain(block.title)) : plain(block.title)),
    (block.author_name || block.provider_name) && h("div", { class: "hint video-by" },
      block.provider_icon_url && h("img", { class: "context-image", src: block.provider_icon_url, alt: "", referrerpolicy: "no-referrer" }),
      [block.provider_name, block.author_name].filter(Boolean).join(" · ")),
    block.description && h("div", { class: "text" }, plain(block.description)),
    h("div", { class: "video-frame" },
      h("img", { src: block.thumbnail_url, alt: block.alt_text || "", loading: "lazy", referrerpolicy: "no-referrer" }),
      block.video_url && h("span", { class: "video-play" }, link(block.video_url, "▶ Play in a new tab"))));
}

/** A remote file of which a message holds only the name under which its app knows it. */
function remoteFile(block) {
  return h("div", { class: "file" }, h("span", { class: "file-mark", "aria-hidden": "true" }, icon("file", 22)),
    h("div", { class: "file-words" }, h("div", { class: "file-name" }, block.external_id), h("div", { class: "hint" }, `${block.source} file`)));
}

function alert(block, on) {
  return h("div", { class: `alert alert-${block.level || "default"}`, role: "note" }, textObject(block.text, on.text));
}

const DRAW = {
  section, context, actions, input, image, video, alert,
  card, carousel, container, plan,
  task_card: taskCard,
  auth_provider: authProvider,
  file: remoteFile,
  context_actions: actions,
  header: (block) => h(`h${(block.level || 1) + 2}`, { class: `header header-${block.level || 1}` }, plain(block.text)),
  divider: () => h("hr", { class: "divider" }),
  rich_text: (block, on) => richText(block, on.text),
  markdown: (block) => markdown(block.text || ""),
  table: (block, on) => table(block, on.text),
  data_table: (block, on) => dataTable(block, { ...on.text, key: on.key }),
  data_visualization: (block, on) => chart(block, on.key(block, {})),
};

/** A message's text when it has no blocks. */
export function drawText(text) {
  return h("div", { class: "text" }, mrkdwn(text, textContext()));
}
