import { cellsOf } from "./fields.js";

// Replace what follows from the cells by what our own server drew, and leave it as its reader had set it: what is unfolded, how far it is scrolled.
export function redraw(place, html) {
  const unfolded = [...place.querySelectorAll("details")].map((each) => each.open);
  const scrolled = [...place.querySelectorAll(".table-wrap")].map((each) => each.scrollLeft);
  place.innerHTML = html;
  const folds = place.querySelectorAll("details");
  if (folds.length === unfolded.length) folds.forEach((each, at) => (each.open = unfolded[at]));
  place.querySelectorAll(".table-wrap").forEach((each, at) => (each.scrollLeft = scrolled[at] ?? 0));
}

const saysSomething = (row) => [...row.querySelectorAll("input, textarea")].some((cell) => cell.value.trim());

// Say at its cell what a machine sees there: «ends.2» is the column «ends» of the third row in which something stands.
export function mark(unit, advised) {
  unit.querySelectorAll(".cell-advice").forEach((each) => each.remove());
  const rows = [...unit.querySelectorAll("[data-row]")].filter(saysSomething);
  for (const [place, message] of Object.entries(advised)) {
    const [name, number] = place.split(".");
    const cell = cellsOf(unit, name).find((each) => each.closest("[data-row]") === (rows[number] ?? null));
    const said = document.createElement("span");
    said.className = "cell-advice";
    said.textContent = message;
    cell?.after(said);
  }
}
