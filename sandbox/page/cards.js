// Blocks that hold others or stand as a unit: card, carousel, container, task_card, plan, auth_provider.

import { h, cls } from "./dom.js";
import { drawBlocks, imageSource } from "./blocks.js";
import { element } from "./elements.js";
import { icon } from "./icons.js";
import { link, plain, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { local } from "./store.js";

const picture = (image, name) => image && h("img", { class: name, src: imageSource(image), alt: image.alt_text || "", loading: "lazy", referrerpolicy: "no-referrer" });

const words = (object, on, name) => object && h("div", { class: name }, textObject(object, on.text));

export function card(block, on) {
  return h("article", { class: "card" },
    picture(block.hero_image, "card-hero"),
    h("div", { class: "card-body" },
      (block.icon || block.title || block.subtitle) && h("div", { class: "card-head" },
        picture(block.icon, "card-icon"),
        h("div", {}, words(block.title, on, "card-title text"), words(block.subtitle, on, "card-sub text"))),
      words(block.body, on, "text"), words(block.subtext, on, "card-sub text"),
      block.actions && h("div", { class: "actions" }, block.actions.map((el) => element(on, block, el)))));
}

/** At an end there is nothing to go to. */
function ends(row) {
  row.parentElement.classList.toggle("at-start", row.scrollLeft < 4);
  row.parentElement.classList.toggle("at-finish", row.scrollLeft + row.clientWidth > row.scrollWidth - 4);
}

export function carousel(block, on) {
  const cards = block.elements || [];
  const slide = (event, by) => {
    const row = event.currentTarget.closest(".carousel").querySelector(".carousel-row");
    row.scrollBy({ left: by * row.clientWidth * 0.8, behavior: "smooth" });
  };
  const arrow = (by, label, name) => h("button", { type: "button", class: `carousel-arrow carousel-${name}`, "aria-label": label, onclick: (event) => slide(event, by) }, icon(name, 20));
  return h("div", { class: "carousel", role: "group", "aria-label": `${cards.length} cards` },
    h("div", { class: "carousel-row", tabindex: 0, role: "region", "aria-label": "Cards", mount: ends, onscroll: (event) => ends(event.currentTarget) }, cards.map((each, i) => card({ block_id: `${block.block_id}-${i}`, ...each }, on))),
    cards.length > 1 && [arrow(-1, "Cards before", "back"), arrow(1, "Cards after", "forth")]);
}

export function container(block, on) {
  const view = local(`container ${on.key(block, {})}`, { shut: Boolean(block.default_collapsed) });
  const title = block.rich_text_title ? richText(block.rich_text_title, on.text) : plain(block.title);
  const shut = block.is_collapsible && view.shut;
  const head = [picture(block.icon, "card-icon"), h("span", { class: "container-words" }, h("span", { class: "card-title" }, title), words(block.subtitle, on, "card-sub"))];
  return h("section", { class: cls("container", `container-${block.width || "standard"}`) },
    block.is_collapsible
      ? h("button", { type: "button", class: "container-head", "aria-expanded": String(!shut), onclick: () => view.set({ shut: !shut }) }, head, icon(shut ? "forth" : "chevron", 16))
      : h("div", { class: cls("container-head", block.has_header_divider && "ruled") }, head),
    !shut && h("div", { class: "container-body" }, drawBlocks(block.child_blocks, on)));
}

const STATUS = { pending: ["○", "Pending"], in_progress: ["◐", "In progress"], complete: ["✓", "Complete"], error: ["✕", "Failed"] };

export function taskCard(block, on) {
  const [mark, said] = STATUS[block.status] || STATUS.pending;
  const more = block.details || block.output || block.sources;
  const head = [h("span", { class: `task-mark task-${block.status}`, role: "img", "aria-label": said }, mark), h("span", {}, block.title)];
  if (!more) return h("div", { class: "task" }, h("div", { class: "task-head" }, head));
  return h("details", { class: "task" }, h("summary", { class: "task-head" }, head),
    h("div", { class: "task-more" },
      block.details && richText(block.details, on.text),
      block.output && richText(block.output, on.text),
      block.sources && h("ul", { class: "task-sources" }, block.sources.map((s) => h("li", {}, link(s.url, s.text || s.url))))));
}

export function plan(block, on) {
  return h("section", { class: "plan" }, h("h3", { class: "card-title" }, block.title), (block.tasks || []).map((task) => taskCard(task, on)));
}

export function authProvider(block, on) {
  return h("div", { class: "card" }, h("div", { class: "card-body" },
    h("div", { class: "card-head" },
      block.icon_url && picture({ image_url: block.icon_url }, "card-icon"),
      h("div", { class: "container-words" },
        h("div", { class: "card-title" }, plain(block.name)),
        h("div", { class: "card-sub" }, block.is_connected
          ? ["Connected", plain(block.connected_identity), plain(block.connected_context)].filter(Boolean).join(" · ") : plain(block.description) || "Not connected")),
      block.accessory && element(on, block, block.accessory)),
    h("div", {}, block.is_connected
      ? block.disconnect_url && link(block.disconnect_url, "Disconnect", "btn")
      : block.auth_url && link(block.auth_url, "Connect", "btn btn-primary"))));
}
