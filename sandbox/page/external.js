// The options of external selects: asked of the app while one types.

import * as api from "./api.js";
import { askOptions } from "./actions.js";
import { heldOptions } from "./forms.js";
import { isOpen, optionTexts } from "./popup.js";
import { plain } from "./mrkdwn.js";
import { local, state } from "./store.js";

const PAUSE_MS = 250;
const timers = new Map();

/** What a select needs of them: {options, known, status, unfiltered}. */
export function externalOptions(surface, block, el, id) {
  const key = `options ${surface.key(block, el)}`;
  const view = local(key, { query: null, options: [], known: [], loading: false, error: null });
  const least = el.min_query_length ?? 3;
  if (isOpen(id)) {
    const query = state.popup.query;
    if (query.length >= least && view.query !== query) ask(surface, block, el, key, view, query);
    if (query.length < least && view.query !== null) queueMicrotask(() => view.set({ query: null, options: [], error: null, loading: false }));
  }
  const held = [...heldOptions(surface.form, block, el), ...(el.initial_options || []), el.initial_option].filter(Boolean).map(drawn);
  return { options: view.options, known: [...view.known, ...held], status: status(view, least), unfiltered: true };
}

const drawn = (option, group) => ({ value: option.value, ...optionTexts(option), group: typeof group === "string" ? group : undefined });

function status(view, least) {
  if (view.loading) return "Loading…";
  if (view.error) return api.sentence(view.error);
  if (view.query === null) return least === 1 ? "Type to search" : `Type at least ${least} characters`;
  return null;
}

/** Asks once one has stopped typing; an answer that typing has overtaken is thrown away. */
function ask(surface, block, el, key, view, query) {
  queueMicrotask(() => view.set({ query, loading: true, error: null }));
  clearTimeout(timers.get(key));
  timers.set(key, setTimeout(async () => {
    const answer = await askOptions(surface, block, el, query);
    if (view.now().query !== query) return;
    if (!answer.ok) {
      view.set({ loading: false, error: answer.error, options: [] });
      return;
    }
    const options = answer.option_groups
      ? answer.option_groups.flatMap((g) => g.options.map((o) => drawn(o, plain(g.label))))
      : (answer.options || []).map(drawn);
    view.set({ loading: false, options, known: [...view.now().known, ...options] });
  }, query ? PAUSE_MS : 0));
}
