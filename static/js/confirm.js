// Ask before what cannot be undone easily.
const isEnglish = document.documentElement.lang === "en";

const button = (value, label, className) => {
  const made = document.createElement("button");
  Object.assign(made, { value, className, textContent: label });
  return made;
};

const ask = (question) => {
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  const answers = document.createElement("form");
  text.id = "confirm-question";
  text.textContent = question;
  answers.method = "dialog";
  answers.className = "row";
  answers.append(button("yes", isEnglish ? "Yes" : "Да", "btn"), button("no", isEnglish ? "Cancel" : "Отмена", "btn btn-quiet"));
  dialog.className = "stack";
  dialog.setAttribute("aria-labelledby", text.id);
  dialog.append(text, answers);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  const { submitter } = event;
  if (!(await ask(form.dataset.confirm))) return;
  form.dataset.confirmed = "1";
  form.requestSubmit(submitter);
});
