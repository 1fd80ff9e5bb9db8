// data_visualization blocks: bar, line, area and pie as SVG, with the figures as a table.

import { h } from "./dom.js";

const COLORS = ["#1264a3", "#2bac76", "#e8912d", "#8d3ca8", "#d1365b", "#4a6b7c"];
const WIDTH = 560;
const HEIGHT = 240;
const LEFT = 52;
const BOTTOM = 34;
const TOP = 12;

const figure = (n) => Number(n).toLocaleString("en-US", { maximumFractionDigits: 2 });

function short(n) {
  const size = Math.abs(n);
  if (size >= 1e6) return `${figure(Math.round(n / 1e5) / 10)}M`;
  return size >= 1e4 ? `${figure(Math.round(n / 1e3))}k` : figure(n);
}

export function chart(block) {
  const spec = block.chart || {};
  const draw = { pie, bar: plot, line: plot, area: plot }[spec.type];
  if (!draw) return null;
  return h("figure", { class: "chart" },
    h("figcaption", {}, block.title),
    draw(spec, block.title),
    legend(spec),
    h("details", { class: "chart-data" }, h("summary", {}, "Show the figures"), figures(spec, block.title)));
}

function names(spec) {
  return spec.type === "pie" ? (spec.segments || []).map((s) => s.label) : (spec.series || []).map((s) => s.name);
}

function legend(spec) {
  return h("ul", { class: "legend" }, names(spec).map((name, i) =>
    h("li", {}, h("span", { class: "legend-chip", style: { background: COLORS[i % COLORS.length] } }), name)));
}

function figures(spec, title) {
  if (spec.type === "pie") {
    return grid(title, ["", "Value"], (spec.segments || []).map((s) => [s.label, figure(s.value)]));
  }
  const rows = categories(spec).map((label) => [label, ...(spec.series || []).map((s) => {
    const value = valueAt(s, label);
    return value === null ? "–" : figure(value);
  })]);
  return grid(title, [spec.axis_config?.x_label || "", ...names(spec)], rows);
}

function grid(title, head, rows) {
  return h("div", { class: "table-wrap" }, h("table", { class: "table" }, h("caption", { class: "sr-only" }, title),
    h("thead", {}, h("tr", {}, head.map((c) => h("th", { scope: "col" }, c)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((c, i) =>
      h(i ? "td" : "th", { scope: i ? null : "row", class: i ? "align-right" : null }, c)))))));
}

function categories(spec) {
  return spec.axis_config?.categories || (spec.series?.[0]?.data || []).map((p) => p.label);
}

function valueAt(series, label) {
  const point = (series.data || []).find((p) => p.label === label);
  return point ? Number(point.value) : null;
}

/** The round step above n/4, so that an axis has about four lines. */
function step(n) {
  const size = 10 ** Math.floor(Math.log10(n / 4 || 1));
  return [1, 2, 2.5, 5, 10].map((m) => m * size).find((s) => s * 4 >= n) || size * 10;
}

function plot(spec, title) {
  const labels = categories(spec);
  const all = (spec.series || []).flatMap((s) => labels.map((label) => valueAt(s, label) ?? 0));
  const most = Math.max(...all, 0);
  const least = Math.min(...all, 0);
  const by = step(Math.max(most - least, 1));
  const top = Math.max(by, Math.ceil(most / by) * by);
  const low = Math.floor(least / by) * by;
  const y = (v) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (v - low) / (top - low));
  const band = (WIDTH - LEFT - 8) / Math.max(labels.length, 1);
  const x = (i) => LEFT + band * (i + 0.5);
  const lines = [];
  for (let v = low; v <= top + by / 2; v += by) lines.push(v);
  return h("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title} (${spec.type} chart)` },
    lines.map((v) => h("g", {}, h("line", { x1: LEFT, x2: WIDTH - 8, y1: y(v), y2: y(v), stroke: v === 0 ? "#9b9b9b" : "#e4e4e4" }),
      h("text", { x: LEFT - 6, y: y(v) + 4, "text-anchor": "end", class: "axis" }, short(v)))),
    spec.type === "bar" ? bars(spec, labels, { x, y, band }) : curves(spec, labels, { x, y }),
    labels.map((label, i) => h("text", { x: x(i), y: HEIGHT - 14, "text-anchor": "middle", class: "axis" }, label)));
}

function bars(spec, labels, { x, y, band }) {
  const series = spec.series || [];
  const width = Math.min(44, (band * 0.8) / series.length);
  return labels.flatMap((label, i) => series.map((s, k) => {
    const value = valueAt(s, label) ?? 0;
    const left = x(i) + (k - series.length / 2) * width;
    return h("rect", {
      x: left + 1, width: width - 2, y: Math.min(y(0), y(value)), height: Math.max(1, Math.abs(y(value) - y(0))), rx: 2,
      fill: COLORS[k % COLORS.length],
    }, h("title", {}, `${s.name}, ${label}: ${figure(value)}`));
  }));
}

function curves(spec, labels, { x, y }) {
  return (spec.series || []).map((s, k) => {
    const color = COLORS[k % COLORS.length];
    const points = labels.map((label, i) => [x(i), y(valueAt(s, label) ?? 0)]);
    const path = points.map(([a, b]) => `${a},${b}`).join(" ");
    const edges = points.length ? `${points[0][0]},${y(0)} ${path} ${points.at(-1)[0]},${y(0)}` : "";
    return h("g", {},
      spec.type === "area" && h("polygon", { points: edges, fill: color, "fill-opacity": 0.22 }),
      h("polyline", { points: path, fill: "none", stroke: color, "stroke-width": 2.5 }),
      points.map(([a, b], i) => h("circle", { cx: a, cy: b, r: 3.5, fill: color },
        h("title", {}, `${s.name}, ${labels[i]}: ${figure(valueAt(s, labels[i]) ?? 0)}`))));
  });
}

function pie(spec, title) {
  const segments = spec.segments || [];
  const sum = segments.reduce((n, s) => n + Number(s.value), 0) || 1;
  const radius = HEIGHT / 2 - TOP;
  const at = (turn) => [WIDTH / 2 + radius * Math.sin(turn * 2 * Math.PI), HEIGHT / 2 - radius * Math.cos(turn * 2 * Math.PI)];
  let turn = 0;
  return h("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title} (pie chart)` },
    segments.map((s, i) => {
      const share = Number(s.value) / sum;
      const [a, b] = [at(turn), at(turn + Math.min(share, 0.99999))];
      turn += share;
      return h("path", {
        d: `M${WIDTH / 2},${HEIGHT / 2} L${a} A${radius},${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${b} Z`,
        fill: COLORS[i % COLORS.length], stroke: "#fff", "stroke-width": 2,
      }, h("title", {}, `${s.label}: ${figure(s.value)} (${Math.round(share * 100)} %)`));
    }));
}
