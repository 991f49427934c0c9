// Ask before what cannot be undone easily.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.textContent = form.dataset.confirm;
  const row = document.createElement("form");
  row.method = "dialog";
  row.className = "row";
  const english = document.documentElement.lang === "en";
  for (const [value, label, kind] of [["yes", english ? "Yes" : "Да", "btn"], ["no", english ? "Cancel" : "Отмена", "btn btn-quiet"]]) {
    const button = document.createElement("button");
    button.value = value;
    button.textContent = label;
    button.className = kind;
    row.append(button);
  }
  dialog.className = "stack";
  dialog.append(text, row);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "1";
    form.requestSubmit(event.submitter ?? undefined);
  });
  dialog.showModal();
});
