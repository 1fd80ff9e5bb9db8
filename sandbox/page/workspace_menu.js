// What belongs to the workspace as a whole, under its name: how it looks.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menuButton } from "./popup.js";
import { state } from "./store.js";
import { THEMES, chooseTheme, theme } from "./theme.js";

export function workspaceMenu() {
  return menuButton({
    id: "workspace", label: `${state.team.name || "Workspace"}: menu`, buttonClass: "workspace-name", title: "Workspace",
    content: [h("h2", {}, state.team.name || "Workspace"), icon("chevron", 16)],
    items: () => [{ heading: "Appearance", items: THEMES.map(([name, label]) => ({ label, checked: theme() === name, run: () => chooseTheme(name) })) }],
  });
}
