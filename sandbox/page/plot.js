// The drawings of charts, in the pixels of the width that there is, so that words stay readable.

import { h, cls } from "./dom.js";

const TOP = 26;
const LETTER = 6.4; // about how wide a letter of an axis is
const color = (i) => `var(--series-${(i % 6) + 1})`;

function short(n) {
  const size = Math.abs(n);
  const say = (value, unit) => `${value.toLocaleString("en-US", { maximumFractionDigits: 1 })}${unit}`;
  if (size >= 1e9) return say(n / 1e9, "B");
  if (size >= 1e6) return say(n / 1e6, "M");
  return size >= 1e4 ? say(n / 1e3, "k") : n.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** The round step above n/4, so that an axis has about four lines. */
function roundStep(n) {
  const size = 10 ** Math.floor(Math.log10(n / 4 || 1));
  return [1, 2, 2.5, 5, 10].map((m) => m * size).find((s) => s * 4 >= n) || size * 10;
}

function scale(data) {
  const all = data.columns.flatMap((c) => c.values.map((v) => v ?? 0));
  const [most, least] = [Math.max(...all, 0), Math.min(...all, 0)];
  const by = roundStep(most - least || 1);
  const low = Math.floor(least / by) * by;
  const high = Math.max(by, Math.ceil(most / by) * by);
  const lines = [];
  for (let v = low; v <= high + by / 2; v += by) lines.push(Math.round(v / by) * by);
  return { low, high, lines };
}

const clipped = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function layout(data, width) {
  const { low, high, lines } = scale(data);
  const left = Math.max(...lines.map((v) => short(v).length)) * LETTER + 14;
  const band = (width - left - 8) / Math.max(data.columns.length, 1);
  const longest = Math.max(...data.columns.map((c) => c.label.length), 0);
  const tilted = longest * LETTER > band - 4;
  const bottom = (tilted ? Math.min(longest, 14) * LETTER * 0.7 + 18 : 26) + (data.xLabel ? 18 : 0);
  const height = Math.round(Math.min(260, Math.max(190, width * 0.48)) + bottom - 26);
  return {
    width, height, left, bottom, band, tilted, lines,
    x: (i) => left + band * (i + 0.5),
    y: (v) => TOP + (height - TOP - bottom) * (1 - (v - low) / (high - low)),
  };
}

export function plot(data, view) {
  const at = layout(data, view.width);
  return drawing(at, [
    data.yLabel && h("text", { x: 2, y: 12, class: "axis axis-name" }, data.yLabel),
    at.lines.map((v) => h("g", {}, h("line", { x1: at.left, x2: at.width - 8, y1: at.y(v), y2: at.y(v), class: v === 0 ? "grid grid-zero" : "grid" }),
      h("text", { x: at.left - 6, y: at.y(v) + 4, "text-anchor": "end", class: "axis" }, short(v)))),
    data.columns.map((column, i) => category(column, i, at, view)),
    data.type === "bar" ? bars(data, at) : data.names.map((name, k) => curve(data, k, at)),
    data.xLabel && h("text", { x: (at.left + at.width) / 2, y: at.height - 4, "text-anchor": "middle", class: "axis axis-name" }, data.xLabel),
  ]);
}

function drawing({ width, height }, children) {
  return h("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" }, children);
}

/** A category's name, and the field that is pointed at. */
function category(column, i, at, view) {
  const here = view.at === i;
  const look = () => view.set({ at: i });
  const x = at.x(i);
  const y = at.height - at.bottom + 18;
  return h("g", {},
    h("rect", { x: x - at.band / 2, y: TOP, width: at.band, height: at.height - TOP - at.bottom, class: cls("field", here && "field-here"), onpointerenter: look, onpointerdown: look }),
    at.tilted
      ? h("text", { x: x + 4, y: y - 4, "text-anchor": "end", class: "axis", transform: `rotate(-42 ${x + 4} ${y - 4})` }, clipped(column.label, 14))
      : h("text", { x, y, "text-anchor": "middle", class: "axis" }, column.label));
}

function bars(data, at) {
  const count = data.names.length;
  const width = Math.min(44, (at.band * 0.8) / count);
  const said = data.columns.flatMap((c) => c.values);
  const roomy = Math.max(...said.map((v) => short(v ?? 0).length)) * LETTER < width + 8;
  return data.columns.map((column, i) => column.values.map((value, k) => {
    const left = at.x(i) + (k - count / 2) * width;
    const top = Math.min(at.y(0), at.y(value ?? 0));
    return h("g", { class: "unpointed" },
      h("rect", { x: left + 1, width: Math.max(2, width - 2), y: top, height: Math.max(1, Math.abs(at.y(value ?? 0) - at.y(0))), rx: 2, style: { fill: color(k) } }),
      roomy && value !== null && h("text", { x: left + width / 2, y: (value < 0 ? at.y(value) + 14 : top - 5), "text-anchor": "middle", class: "axis value" }, short(value)));
  }));
}

function curve(data, k, at) {
  const points = data.columns.map((c, i) => [at.x(i), at.y(c.values[k] ?? 0)]);
  const path = points.map(([a, b]) => `${a},${b}`).join(" ");
  const few = data.names.length === 1 && data.columns.length * 40 < at.width;
  return h("g", { class: "unpointed" },
    data.type === "area" && points.length > 0 && h("polygon", { points: `${points[0][0]},${at.y(0)} ${path} ${points.at(-1)[0]},${at.y(0)}`, "fill-opacity": 0.24, style: { fill: color(k) } }),
    h("polyline", { points: path, fill: "none", "stroke-width": 2.5, "stroke-linejoin": "round", style: { stroke: color(k) } }),
    points.map(([a, b], i) => [h("path", { d: SHAPES[data.type === "line" ? k % 6 : 0](a, b, 4), style: { fill: color(k) } }),
      few && h("text", { x: a, y: b - 9, "text-anchor": "middle", class: "axis value" }, short(data.columns[i].values[k] ?? 0))]));
}

/** The marks of the lines differ, so that colour is not all that tells them apart. */
const SHAPES = [
  (x, y, r) => `M${x - r},${y} a${r},${r} 0 1 0 ${2 * r},0 a${r},${r} 0 1 0 ${-2 * r},0 Z`,
  (x, y, r) => `M${x - r},${y - r} h${2 * r} v${2 * r} h${-2 * r} Z`,
  (x, y, r) => `M${x},${y - r * 1.3} L${x + r * 1.2},${y + r} L${x - r * 1.2},${y + r} Z`,
  (x, y, r) => `M${x},${y - r * 1.4} L${x + r * 1.4},${y} L${x},${y + r * 1.4} L${x - r * 1.4},${y} Z`,
  (x, y, r) => `M${x},${y + r * 1.3} L${x + r * 1.2},${y - r} L${x - r * 1.2},${y - r} Z`,
  (x, y, r) => `M${x - r * 1.3},${y - r * 0.5} h${r * 2.6} v${r} h${-r * 2.6} Z`,
];

export function pie(data, view) {
  const size = Math.min(240, view.width);
  const sum = data.columns.reduce((n, c) => n + c.values[0], 0) || 1;
  const [cx, cy, r] = [view.width / 2, size / 2, size / 2 - 6];
  const at = (turn, radius) => [cx + radius * Math.sin(turn * 2 * Math.PI), cy - radius * Math.cos(turn * 2 * Math.PI)];
  let turn = 0;
  return drawing({ width: view.width, height: size }, data.columns.map((column, i) => {
    const share = column.values[0] / sum;
    const [from, to] = [turn, turn + Math.min(share, 0.99999)];
    turn += share;
    const look = () => view.set({ at: i });
    return h("path", {
      d: `M${cx},${cy} L${at(from, r)} A${r},${r} 0 ${share > 0.5 ? 1 : 0} 1 ${at(to, r)} Z`, class: cls("segment", view.at === i && "segment-here"),
      style: { fill: color(i) }, onpointerenter: look, onpointerdown: look,
    });
  }));
}
