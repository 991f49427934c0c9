// Rows of a sheet: an empty one is always there to type in, rows move and go without a reload, and a range that was copied from a
// spreadsheet fills cells. Without this script the rows' own buttons save and do the same.
import { pastedLines, put } from "./pasting.js";

const rowsOf = (list) => [...list.querySelectorAll("[data-row]")];
const cellsOf = (row) => [...row.querySelectorAll("input, select, textarea")];
const isBlank = (row) => cellsOf(row).every((cell) => cell.options || !cell.value.trim());
const tell = (control) => control.dispatchEvent(new Event("input", { bubbles: true }));

const emptied = (row) => {
  const copy = row.cloneNode(true);
  for (const cell of cellsOf(copy)) {
    if (cell.options) cell.selectedIndex = 0;
    else cell.value = "";
    cell.removeAttribute("aria-invalid");
  }
  copy.querySelectorAll(".error, .cell-advice").forEach((message) => message.remove());
  copy.querySelectorAll(".has-error").forEach((cell) => cell.classList.remove("has-error"));
  return copy;
};

const add = (list) => {
  const rows = rowsOf(list);
  if (rows.length < Number(list.dataset.most)) rows.at(-1).after(emptied(rows.at(-1)));
};

const makeRoom = (list, count) => {
  while (rowsOf(list).length < Math.min(count, Number(list.dataset.most))) add(list);
};

const removed = (row, list) => {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const hasSpareRows = Number(list.dataset.most) > 0; // otherwise rows come from uploads alone
  if (rowsOf(list).length > 1 || !hasSpareRows) row.remove();
  else row.replaceWith(emptied(row));
  makeRoom(list, 2);
  (rowsOf(list).includes(next) ? next : rowsOf(list)[0])?.querySelector("input:not([type=hidden]), select")?.focus();
};

const act = (button) => {
  const row = button.closest("[data-row]");
  const list = row.closest("[data-rows]");
  const { rowAction } = button.dataset;
  if (rowAction === "remove") removed(row, list);
  else {
    if (rowAction === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    button.focus();
  }
  tell(rowsOf(list).length ? cellsOf(rowsOf(list)[0])[0] : list);
};

// Say how many rows of a range the sheet has no room for.
const tellLeftOut = (list, count) => {
  list.parentElement.querySelectorAll("[data-left-out]").forEach((message) => message.remove());
  if (count <= 0) return;
  const message = document.createElement("p");
  message.className = "error";
  message.role = "alert";
  message.dataset.leftOut = "";
  message.textContent = [list.dataset.full, count].join(" ");
  list.after(message);
};

const paste = (event, list) => {
  const lines = pastedLines(event);
  if (!lines) return;
  const first = rowsOf(list).indexOf(event.target.closest("[data-row]"));
  const from = cellsOf(event.target.closest("[data-row]")).indexOf(event.target);
  makeRoom(list, first + lines.length + 1);
  tellLeftOut(list, first + lines.length - rowsOf(list).length);
  lines.forEach((values, down) => {
    const row = rowsOf(list)[first + down];
    if (!row) return;
    values.forEach((value, across) => {
      const cell = cellsOf(row)[from + across];
      if (cell) put(cell, value.trim());
    });
  });
  tell(event.target);
};

for (const list of document.querySelectorAll("[data-rows]")) {
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-action]");
    if (!button) return;
    event.preventDefault();
    act(button);
  });
  list.addEventListener("input", () => rowsOf(list).length && !isBlank(rowsOf(list).at(-1)) && add(list));
  list.addEventListener("paste", (event) => event.target.matches("input, textarea") && paste(event, list));
  list.closest("[data-autosave]")?.addEventListener("filling", ({ detail }) => makeRoom(list, detail.rows));
}
