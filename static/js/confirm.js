// Ask before what cannot be undone easily; the dialog and its words stand in the page.
const template = document.querySelector("[data-confirm-dialog]");

const ask = (question) => {
  const dialog = template.content.cloneNode(true).querySelector("dialog");
  dialog.querySelector("p").textContent = question;
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
