// rich_text blocks: sections, lists, quotes, preformatted text and their inline elements.

import { h, cls } from "./dom.js";
import { symbol } from "./emoji.js";
import { broadcast, channelMention, decode, emojiNode, link, mention } from "./mrkdwn.js";
import { slackDate } from "./time.js";

export function richText(block, ctx) {
  return h("div", { class: "rich-text" }, (block.elements || []).map((part) => drawPart(part, ctx)));
}

function drawPart(part, ctx) {
  const children = (part.elements || []).map((el) => inlineElement(el, ctx));
  switch (part.type) {
    case "rich_text_section":
      return h("div", { class: "rich-section" }, children);
    case "rich_text_quote":
      return h("blockquote", { class: cls("quote", part.border && "bordered") }, children);
    case "rich_text_preformatted":
      return h("pre", { class: cls("pre", part.border && "bordered"), "data-language": part.language || null }, children);
    case "rich_text_list":
      return list(part, ctx);
    default:
      return h("div", { class: "unknown-inline" }, `Unknown rich text: ${part.type}`);
  }
}

function list(part, ctx) {
  const ordered = part.style === "ordered";
  const props = {
    class: cls("rich-list", `level-${(part.indent || 0) % 3}`, part.border && "quote"),
    style: part.indent ? { "--indent": Math.min(part.indent, 8) } : {},
    start: ordered && part.offset ? part.offset + 1 : null,
  };
  const items = (part.elements || []).map((item) =>
    h("li", {}, (item.elements || []).map((el) => inlineElement(el, ctx))));
  return h(ordered ? "ol" : "ul", props, items);
}

const STYLES = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "del"], ["underline", "u"], ["highlight", "mark"]];

function styled(node, style) {
  let out = node;
  for (const [name, tag] of STYLES) {
    if (style && style[name]) out = h(tag, tag === "code" ? { class: "code" } : {}, out);
  }
  return out;
}

const INLINE = {
  text: (el) => decode(el.text || ""),
  team: (el) => h("span", { class: "mention" }, `@${el.team_id}`),
  link: (el) => link(el.url || "", decode(el.text || el.url || "")),
  user: (el, ctx) => mention(el.user_id, ctx),
  usergroup: (el) => h("span", { class: "mention" }, `@${el.usergroup_id}`),
  channel: (el, ctx) => channelMention(el.channel_id, "", ctx),
  broadcast: (el) => broadcast(el.range),
  emoji: (el) => {
    const found = symbol(el.name, el.skin_tone ? `skin-tone-${el.skin_tone}` : undefined);
    return found ? emojiNode(el.name, found) : `:${el.name}:`;
  },
  date: (el, ctx) => {
    const said = slackDate(Number(el.timestamp), el.format || "{date}", ctx.now(), ctx.zone);
    return el.url ? link(el.url, said) : h("time", { title: el.fallback || null }, said);
  },
  color: (el) => h("span", { class: "color-value" },
    h("span", { class: "color-chip", style: { background: el.value } }), h("code", { class: "code" }, el.value)),
};

function inlineElement(el, ctx) {
  const draw = INLINE[el.type];
  if (!draw) return h("span", { class: "unknown-inline" }, `[${el.type}]`);
  return styled(draw(el, ctx), el.style);
}
