// A form that is on its way shows it, and is not sent again until its answer is there. The server answers a second one
// with the first one's answer all the same: this only spares people the doubt.
const LONGEST = 30000; // an answer that is a file leaves the page where it is

const release = (form) => {
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[data-busy]")) delete button.dataset.busy;
  delete form.dataset.confirmed;
};

const start = (form, button) => {
  form.setAttribute("aria-busy", "true");
  if (button) button.dataset.busy = "";
  setTimeout(release, LONGEST, form);
};

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.ariaBusy === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    // Others may hold the form back, to ask or to save first: look when all have been heard.
    setTimeout(() => event.defaultPrevented || start(form, event.submitter));
  },
  { capture: true },
);

// Whoever comes back, or stays because nothing came, may press again.
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(release));
