// What belongs to the workspace as a whole, under its name: the other ones, and how it looks.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menuButton } from "./popup.js";
import { state } from "./store.js";
import { THEMES, chooseTheme, theme } from "./theme.js";

/** The workspaces of this server, the first of which needs no name in the address. */
function others() {
  if (state.teams.length < 2) return [];
  const items = state.teams.map((t, i) => ({
    label: t.name, detail: t.domain, checked: t.id === state.team.id, run: () => t.id !== state.team.id && location.assign(i ? `/?team=${t.id}` : "/"),
  }));
  return [{ heading: "Workspaces", items }, "-"];
}

export function workspaceMenu() {
  return menuButton({
    id: "workspace", label: `${state.team.name || "Workspace"}: menu`, buttonClass: "workspace-name", title: "Workspace",
    content: [h("h2", {}, state.team.name || "Workspace"), icon("chevron", 16)],
    items: () => [...others(), { heading: "Appearance", items: THEMES.map(([name, label]) => ({ label, checked: theme() === name, run: () => chooseTheme(name) })) }],
  });
}
