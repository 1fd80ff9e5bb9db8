// data_visualization blocks. Under the drawing stands what the pointed-at category or segment says;
// the arrow keys go from one to the next, and all figures are there as a table.

import { h, cls } from "./dom.js";
import { pie, plot } from "./plot.js";
import { local } from "./store.js";
import { grid } from "./tables.js";

export const figure = (n) => Number(n).toLocaleString("en-US", { maximumFractionDigits: 2 });

/** A chart as the drawing needs it: {type, names, columns: [{label, values: [number or null]}]}. */
function facts(spec) {
  if (spec.type === "pie") {
    const segments = spec.segments || [];
    return { type: "pie", names: segments.map((s) => s.label), columns: segments.map((s) => ({ label: s.label, values: [Number(s.value)] })) };
  }
  const series = spec.series || [];
  const labels = spec.axis_config?.categories || (series[0]?.data || []).map((p) => p.label);
  const value = (s, label) => {
    const point = (s.data || []).find((p) => p.label === label);
    return point ? Number(point.value) : null;
  };
  return {
    type: spec.type, names: series.map((s) => s.name), xLabel: spec.axis_config?.x_label, yLabel: spec.axis_config?.y_label,
    columns: labels.map((label) => ({ label, values: series.map((s) => value(s, label)) })),
  };
}

const KINDS = { bar: "Bar chart", line: "Line chart", area: "Area chart", pie: "Pie chart" };

/** `key` tells one chart from another; `width` is what there is for the drawing. */
export function chart(block, key) {
  const spec = block.chart || {};
  if (!KINDS[spec.type]) return null;
  const data = facts(spec);
  const view = local(`chart ${key}`, { width: 560, at: null });
  const drawing = spec.type === "pie" ? pie(data, view) : plot(data, view);
  return h("figure", { class: "chart", "aria-label": block.title },
    h("figcaption", {}, block.title),
    h("div", {
      class: "chart-drawing", tabindex: 0, role: "group", "aria-label": `${KINDS[spec.type]}: ${block.title}. ${data.columns.length} values, left and right to read them`,
      mount: (el) => watchWidth(el, view), onkeydown: (event) => step(event, view, data.columns.length),
      onpointerleave: () => view.set({ at: null }),
    }, drawing),
    h("p", { class: "chart-readout", role: "status", "aria-live": "polite" }, said(data, view.at)),
    legend(data),
    h("details", { class: "chart-data" }, h("summary", {}, "Show the figures"), figures(data, block.title)));
}

function watchWidth(el, view) {
  new ResizeObserver(() => {
    const width = Math.round(el.clientWidth);
    if (width > 0 && width !== view.now().width) view.set({ width });
  }).observe(el);
}

function step(event, view, count) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by || !count) return;
  event.preventDefault();
  const at = view.now().at;
  view.set({ at: at === null ? (by > 0 ? 0 : count - 1) : (at + by + count) % count });
}

const shareOf = (data, value) => {
  const sum = data.columns.reduce((n, c) => n + c.values[0], 0);
  return `${sum ? Math.round((value / sum) * 100) : 0} %`;
};

const valueText = (value) => (value === null ? "–" : figure(value));

function said(data, at) {
  const column = data.columns[at];
  if (!column) return "";
  if (data.type === "pie") return `${column.label}: ${figure(column.values[0])} (${shareOf(data, column.values[0])})`;
  return `${column.label}: ${data.names.map((name, i) => `${name} ${valueText(column.values[i])}`).join(" · ")}`;
}

function legend(data) {
  const chip = (i) => h("span", { class: cls("legend-chip", `mark-${data.type === "line" ? i % 6 : "square"}`), style: { "--mark": `var(--series-${(i % 6) + 1})` } });
  return h("ul", { class: "legend" }, data.names.map((name, i) => h("li", {}, chip(i), name,
    data.type === "pie" && h("span", { class: "legend-value" }, `${figure(data.columns[i].values[0])} · ${shareOf(data, data.columns[i].values[0])}`))));
}

function figures(data, title) {
  const head = data.type === "pie" ? ["", "Value", "Share"] : [data.xLabel || "", ...data.names];
  const rows = data.columns.map((c) => [c.label, ...c.values.map(valueText), ...(data.type === "pie" ? [shareOf(data, c.values[0])] : [])]);
  return grid(title, head, rows, { numbers: true });
}
