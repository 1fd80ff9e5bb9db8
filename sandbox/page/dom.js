// A small keyed virtual DOM: h() describes, render() changes only what differs, so that a
// field keeps its focus, its caret and what was typed in it. Text only ever becomes text nodes.

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "disabled", "indeterminate", "selected"]);
const HOOKS = new Set(["key", "mount", "update", "unmount"]);
let mounted = [];

/** A description of an element. Children: strings, numbers, descriptions, arrays, nothing. */
export function h(tag, props, ...children) {
  return { tag, props: props || {}, children };
}

/** Drawn anew only when one of `deps` is another object than last time. */
export function memo(key, deps, draw) {
  return { memo: true, deps, draw, props: { key } };
}

/** Make the children of `root` what `view` says. */
export function render(root, view) {
  root.vchildren = patchChildren(root, root.vchildren || new Map(), flatten([view]), false);
  const hooks = mounted;
  mounted = [];
  for (const [hook, el] of hooks) hook(el);
}

function flatten(children, prefix = "", out = new Map()) {
  children.forEach((child, i) => {
    if (child === null || child === undefined || child === false || child === true || child === "") return;
    if (Array.isArray(child)) {
      flatten(child, `${prefix}${i}.`, out);
      return;
    }
    const v = typeof child === "object" ? child : { text: String(child), props: {} };
    let key = v.props.key === undefined ? `${prefix}${i}` : `${prefix}=${v.props.key}`;
    while (out.has(key)) key += "'";
    out.set(key, v);
  });
  return out;
}

function same(a, b) {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

function unfold(v, old) {
  if (!v.memo) return v;
  if (old && old.deps && same(old.deps, v.deps)) return old;
  const drawn = v.draw();
  return { ...drawn, deps: v.deps };
}

function fits(old, v) {
  return old !== undefined && old.tag === v.tag && (old.text === undefined) === (v.text === undefined);
}

function patchChildren(parent, olds, news, svg) {
  const kept = new Map();
  for (const [key, v] of news) kept.set(key, unfold(v, olds.get(key)));
  for (const [key, old] of olds) if (!kept.has(key) || !fits(old, kept.get(key))) discard(old);
  let at = parent.firstChild;
  for (const [key, v] of kept) {
    const old = olds.get(key);
    if (fits(old, v)) patch(old, v, svg);
    else create(v, svg);
    if (v.el === at) at = at.nextSibling;
    else parent.insertBefore(v.el, at);
  }
  return kept;
}

function create(v, svg) {
  if (v.text !== undefined) {
    v.el = document.createTextNode(v.text);
    return;
  }
  const inSvg = svg || v.tag === "svg";
  v.el = inSvg ? document.createElementNS(SVG, v.tag) : document.createElement(v.tag);
  v.kids = patchChildren(v.el, new Map(), flatten(v.children), inSvg);
  for (const [name, value] of Object.entries(v.props)) setProp(v.el, name, value, undefined);
  if (v.props.mount) mounted.push([v.props.mount, v.el]);
  if (v.props.update) mounted.push([v.props.update, v.el]);
}

function patch(old, v, svg) {
  if (old === v) return;
  v.el = old.el;
  if (v.text !== undefined) {
    if (old.text !== v.text) v.el.data = v.text;
    return;
  }
  const inSvg = svg || v.tag === "svg";
  v.kids = patchChildren(v.el, old.kids, flatten(v.children), inSvg);
  for (const name of Object.keys(old.props)) if (!(name in v.props)) setProp(v.el, name, undefined, old.props[name]);
  for (const [name, value] of Object.entries(v.props)) setProp(v.el, name, value, old.props[name]);
  if (v.props.update) mounted.push([v.props.update, v.el]);
}

function discard(v) {
  leave(v);
  v.el.remove();
}

function leave(v) {
  if (v.props.unmount) v.props.unmount(v.el);
  if (v.kids) for (const kid of v.kids.values()) leave(kid);
}

function setProp(el, name, value, old) {
  if (HOOKS.has(name)) return;
  if (name.startsWith("on")) {
    listen(el, name.slice(2), value);
  } else if (PROPERTIES.has(name)) {
    const wanted = value === undefined || value === null ? (name === "value" ? "" : false) : value;
    if (el[name] !== wanted) el[name] = wanted;
  } else if (name === "style") {
    for (const key of Object.keys(old || {})) if (!value || !(key in value)) el.style.removeProperty(key);
    for (const [key, v] of Object.entries(value || {})) el.style.setProperty(key, v);
  } else if (value === old) {
    return;
  } else if (value === undefined || value === null || value === false) {
    el.removeAttribute(name);
  } else {
    el.setAttribute(name, value === true ? "" : String(value));
  }
}

function listen(el, type, handler) {
  el.listeners ||= {};
  if (!(type in el.listeners)) {
    el.addEventListener(type, (event) => el.listeners[type]?.(event));
  }
  el.listeners[type] = handler;
}

/** Classes joined, without the ones that are off. */
export function cls(...names) {
  return names.filter(Boolean).join(" ");
}
