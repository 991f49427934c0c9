// A school's computer has many people: signing out erases what this one has typed and not sent, after asking.
import { count, eraseAll } from "./drafts.js";

document.addEventListener(
  "submit",
  ({ target: form }) => {
    if (new URL(form.action).pathname !== "/sign-out") return;
    const left = count();
    if (left && !form.dataset.confirmed) {
      form.dataset.confirm = document.querySelector("[data-draft-words]").dataset.textSignOut.replace("{n}", left);
    } else eraseAll();
  },
  { capture: true },
);
