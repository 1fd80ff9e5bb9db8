// Light, dark, or as the system has it: a choice of this browser, for all its tabs and panes.

import { invalidate } from "./store.js";

export const THEMES = [["system", "As the system"], ["light", "Light"], ["dark", "Dark"]];

export function theme() {
  const kept = localStorage.getItem("theme");
  return kept === "light" || kept === "dark" ? kept : "system";
}

function apply() {
  const name = theme();
  document.documentElement.style.colorScheme = name === "system" ? "" : name;
}

export function chooseTheme(name) {
  localStorage.setItem("theme", name);
  apply();
  invalidate();
}

addEventListener("storage", (event) => event.key === "theme" && apply());
apply();
