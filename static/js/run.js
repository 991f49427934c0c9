// Cells that follow one another, such as one for each month: a pasted row or column fills them from the one in which it was pasted.
import { pastedLines, put } from "./pasting.js";

const paste = (event, run) => {
  const lines = pastedLines(event);
  if (!lines) return;
  const cells = [...run.querySelectorAll("input, select, textarea")];
  const from = cells.indexOf(event.target);
  lines.flat().forEach((value, at) => cells[from + at] && put(cells[from + at], value.trim()));
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
};

for (const run of document.querySelectorAll("[data-run]")) {
  run.addEventListener("paste", (event) => event.target.matches("input, textarea") && paste(event, run));
}
