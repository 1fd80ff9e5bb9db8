// What belongs to the workspace as a whole, under its name: the other ones, how it looks, and
// keeping it in a file.

import { h } from "./dom.js";
import { confirmed } from "./actions.js";
import * as api from "./api.js";
import { icon } from "./icons.js";
import { menuButton } from "./popup.js";
import { set, state, toast } from "./store.js";
import { THEMES, chooseTheme, theme } from "./theme.js";

/** The workspaces of this server, the first of which needs no name in the address. */
function others() {
  if (state.teams.length < 2) return [];
  const items = state.teams.map((t, i) => ({
    label: t.name, detail: t.domain, checked: t.id === state.team.id, run: () => t.id !== state.team.id && location.assign(i ? `/?team=${t.id}` : "/"),
  }));
  return [{ heading: "Workspaces", items }, "-"];
}

function save() {
  const link = document.createElement("a");
  link.href = api.workspaceUrl();
  link.download = `${state.team.domain}.zip`;
  link.click();
}

function choose() {
  const field = document.createElement("input");
  field.type = "file";
  field.accept = ".zip";
  field.onchange = () => load(field.files[0]);
  field.click();
}

async function load(file) {
  const asked = {
    title: { type: "plain_text", text: "Load this workspace?" },
    text: { type: "plain_text", text: `All that is in ${state.team.name} now is replaced by what ${file.name} holds, for everybody.` },
    confirm: { type: "plain_text", text: "Load" }, deny: { type: "plain_text", text: "Cancel" }, style: "danger",
  };
  if (!(await confirmed(asked))) return;
  set({ loading: true });
  const answer = await api.postFile("workspace", file);
  set({ loading: false });
  if (answer.ok) toast(`Loaded ${file.name}.`);
  else toast(`${file.name} was not loaded: ${answer.response_metadata?.messages?.[0] || api.sentence(answer.error)}`, "warning");
}

export function workspaceMenu() {
  return menuButton({
    id: "workspace", label: `${state.team.name || "Workspace"}: menu`, buttonClass: "workspace-name", title: "Workspace",
    busy: state.loading, content: [h("h2", {}, state.team.name || "Workspace"), icon("chevron", 16)],
    items: () => [
      ...others(),
      { heading: "Appearance", items: THEMES.map(([name, label]) => ({ label, checked: theme() === name, run: () => chooseTheme(name) })) },
      "-",
      { heading: "This workspace", items: [
        { label: "Save to a file", icon: icon("download"), run: save },
        { label: "Load from a file…", icon: icon("file"), run: choose },
      ] },
    ],
  });
}
