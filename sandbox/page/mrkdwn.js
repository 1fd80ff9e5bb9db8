// Slack's mrkdwn as DOM descriptions. Nothing here ever makes HTML out of text: control
// sequences <...> are read first, entities are decoded last, in the leaves.

import { team } from "./api.js";
import { h } from "./dom.js";
import { emojify, symbol } from "./emoji.js";
import { slackDate } from "./time.js";
import { followed } from "./route.js";

export function decode(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** A plain_text object, or a string. */
export function plain(object) {
  if (object === null || object === undefined) return "";
  if (typeof object === "string") return emojify(decode(object));
  const text = decode(object.text || "");
  return object.emoji === false ? text : emojify(text);
}

/** A text object of either kind. */
export function textObject(object, ctx) {
  if (object?.type !== "mrkdwn") return plain(object);
  return mrkdwn(object.text || "", object.verbatim ? { ...ctx, verbatim: true } : ctx);
}

/** A link, if its scheme is one that a link may have; otherwise its text. */
export function link(url, label, cls) {
  if (!/^(https?|mailto|tel|slack):/i.test(url)) return h("span", {}, label || url);
  return h("a", {
    class: cls || "link", href: url, target: "_blank", rel: "noopener noreferrer",
    onclick: (event) => followed(url, event),
  }, label || url);
}

export function mention(id, ctx) {
  const person = ctx.person(id);
  const me = id === ctx.me;
  return h("span", { class: me ? "mention mention-me" : "mention" }, `@${person ? ctx.nameOf(person) : id}`);
}

export function channelMention(id, label, ctx) {
  const channel = ctx.channel(id);
  const url = `${location.origin}/?${new URLSearchParams(team ? { team, channel: id } : { channel: id })}`;
  return link(url, `#${channel ? channel.name : label || "private channel"}`, "mention");
}

export function broadcast(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

/** Blocks of text (quotes, preformatted) and the lines between them. */
export function mrkdwn(text, ctx) {
  const out = [];
  const pieces = text.split(/```([\s\S]+?)```/);
  pieces.forEach((piece, i) => {
    if (i % 2) {
      out.push(h("pre", { class: "pre" }, decode(unlink(piece.replace(/^\n|\n$/g, "")))));
    } else {
      const before = i > 0 ? piece.replace(/^\n/, "") : piece;
      out.push(quotes(i < pieces.length - 1 ? before.replace(/\n$/, "") : before, ctx));
    }
  });
  return out;
}

/** What a text says, without its marks, on one line: as in a notification. */
export function spoken(text, ctx) {
  const say = (node) => (Array.isArray(node) ? node.map(say).join("") : typeof node === "object" ? node?.text ?? say(node?.children || []) : String(node ?? ""));
  return say(mrkdwn(text, ctx).map((node) => [node, " "])).replace(/\s+/g, " ").trim();
}

const QUOTE = /^(?:&gt;|>) ?/;
const QUOTE_REST = /^(?:(?:&gt;){3}|>>>) ?/;

function quotes(text, ctx) {
  const out = [];
  let quoted = null;
  let lines = [];
  let rest = false;
  const close = () => {
    if (!lines.length) return;
    const drawn = inline(lines.join("\n"), ctx);
    out.push(quoted ? h("blockquote", { class: "quote" }, drawn) : h("span", { class: "lines" }, drawn));
    lines = [];
  };
  for (const line of text.split("\n")) {
    const starts = !rest && QUOTE_REST.test(line);
    const isQuote = rest || starts || QUOTE.test(line);
    if (quoted !== null && isQuote !== quoted) close();
    quoted = isQuote;
    lines.push(rest ? line : line.replace(starts ? QUOTE_REST : QUOTE, (m) => (isQuote ? "" : m)));
    rest ||= starts;
  }
  close();
  return out;
}

function unlink(text) {
  return text.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, target, label) => label || target);
}

const MARKS = { "*": ["strong", "b"], _: ["em", "i"], "~": ["del", "s"] };
const WORD = /[\p{L}\p{N}]/u;

function isWord(ch) {
  return ch !== undefined && WORD.test(ch);
}

/** Where the formatting opened at `from` closes on the same line, or -1. */
function closing(text, from, mark) {
  if (isWord(text[from - 1]) || text[from - 1] === mark) return -1;
  const first = text[from + 1];
  if (first === undefined || /\s/.test(first) || first === mark) return -1;
  for (let i = from + 1; i < text.length; i += 1) {
    const ch = text[i];
    if (ch === "\n") return -1;
    if (ch === "<" || ch === "`") {
      const end = text.indexOf(ch === "<" ? ">" : "`", i + 1);
      if (end > 0) i = end;
    } else if (ch === mark && !/\s/.test(text[i - 1]) && !isWord(text[i + 1]) && text[i + 1] !== mark) {
      return i;
    }
  }
  return -1;
}

const READERS = [readCode, readControl, readEmoji, readMark, readUrl];

/** One run of text: code, links, mentions, emoji, bold, italic, strike. */
export function inline(text, ctx) {
  const out = [];
  let buffer = "";
  const flush = () => {
    if (buffer) out.push(decode(buffer));
    buffer = "";
  };
  for (let i = 0; i < text.length;) {
    let read = null;
    for (const reader of READERS) {
      read = reader(text, i, ctx);
      if (read) break;
    }
    if (read) {
      flush();
      out.push(read[0]);
      i += read[1];
    } else {
      buffer += text[i];
      i += 1;
    }
  }
  flush();
  return out;
}

function readCode(text, i) {
  if (text[i] !== "`") return null;
  const m = /^`([^`\n]+)`/.exec(text.slice(i, i + 3000));
  return m ? [h("code", { class: "code" }, decode(unlink(m[1]))), m[0].length] : null;
}

function readControl(text, i, ctx) {
  if (text[i] !== "<") return null;
  const m = /^<([^<>\n]+)>/.exec(text.slice(i, i + 4000));
  return m ? [control(m[1], ctx), m[0].length] : null;
}

function readEmoji(text, i) {
  if (text[i] !== ":") return null;
  const m = /^:([a-z0-9_+'-]+):(?::(skin-tone-[2-6]):)?/.exec(text.slice(i, i + 100));
  const found = m && symbol(m[1], m[2]);
  return found ? [emojiNode(m[1], found), m[0].length] : null;
}

export function emojiNode(name, found) {
  return h("span", { class: "emoji", role: "img", "aria-label": name.replace(/[_-]/g, " "), title: `:${name}:` }, found);
}

function readMark(text, i, ctx) {
  const mark = text[i];
  if (!MARKS[mark]) return null;
  const end = closing(text, i, mark);
  if (end < 0) return null;
  return [h(MARKS[mark][0], {}, inline(text.slice(i + 1, end), ctx)), end - i + 1];
}

/** A bare address becomes a link, unless the text is verbatim. */
function readUrl(text, i, ctx) {
  if (ctx.verbatim || text[i] !== "h" || isWord(text[i - 1])) return null;
  const m = /^https?:\/\/[^\s<>|]+/.exec(text.slice(i, i + 2000));
  if (!m) return null;
  const url = m[0].replace(/[.,;:!?)\]}'"*_~]+$/, "");
  return /^https?:\/\/./.test(url) ? [link(decode(url), decode(url)), url.length] : null;
}

function control(content, ctx) {
  const bar = content.indexOf("|");
  const target = bar < 0 ? content : content.slice(0, bar);
  const label = bar < 0 ? "" : emojify(decode(content.slice(bar + 1)));
  if (target.startsWith("@")) return mention(target.slice(1), ctx);
  if (target.startsWith("#")) return channelMention(target.slice(1), label, ctx);
  if (target.startsWith("!")) return special(target.slice(1), label, ctx);
  return link(decode(target), label || decode(target));
}

function special(target, label, ctx) {
  const [kind, ...rest] = target.split("^");
  if (kind === "date" && rest.length >= 2) {
    const seconds = Number(rest[0]);
    if (!Number.isFinite(seconds)) return label || target;
    const said = slackDate(seconds, decode(rest[1]), ctx.now(), ctx.zone);
    return rest[2] ? link(decode(rest[2]), said) : h("time", { title: label || null }, said);
  }
  if (["here", "channel", "everyone"].includes(kind)) return broadcast(kind);
  if (kind === "subteam") return h("span", { class: "mention" }, label || "@group");
  return label || `<${kind}>`;
}
