// Keep what is typed into forms that do not save by themselves, until the server has it.
import { forget, keep, kept, offer, restoreInto } from "./drafts.js";
import { controlsOf, fieldsOf, renderedFieldsOf, versionOf } from "./fields.js";

const words = document.querySelector("[data-draft-words]").dataset;

const UNTYPED = ["hidden", "checkbox", "radio", "select-one", "select-multiple"];

// A password or a code is never kept, nor is what stands beside it: shown, it is a line like any other.
const isSecret = ({ type, autocomplete }) => type === "password" || autocomplete?.endsWith("-password") || autocomplete === "one-time-code";

const isTyped = (form) =>
  form.method === "post" && !("passkey" in form.dataset) && ![...form.elements].some(isSecret) && controlsOf(form).some((control) => !UNTYPED.includes(control.type));

const remember = (form) => {
  const fields = fieldsOf(form);
  if (fields === renderedFieldsOf(form) && !form.querySelector("[aria-invalid=true]") && !("unsaved" in form.dataset)) forget(form);
  else keep(form, versionOf(form)?.value ?? "", fields);
};

// With the version it was written on: the server then says if somebody has changed it since.
const restore = (form, draft) => {
  restoreInto(form, draft);
  if (versionOf(form) && draft.version) versionOf(form).value = draft.version;
};

// What is too large would be refused: say so before the page is left.
const isTooLarge = (form) => form.enctype !== "multipart/form-data" && new URLSearchParams(new FormData(form)).toString().length > Number(words.largest);

const sayTooLarge = (form) => {
  const notice = document.createElement("p");
  notice.className = "notice notice-danger";
  notice.setAttribute("role", "alert");
  notice.textContent = words.textTooLarge;
  form.querySelector("[role=alert][data-too-large]")?.remove();
  notice.dataset.tooLarge = "";
  form.append(notice);
  notice.scrollIntoView({ block: "nearest" });
};

const forms = [...document.querySelectorAll("form:not([data-autosave], [data-parts])")].filter(isTyped);

for (const form of forms) {
  const draft = kept(form);
  if (draft?.fields && draft.fields !== fieldsOf(form)) offer(form, () => restore(form, draft));
  else if (fieldsOf(form) !== renderedFieldsOf(form)) remember(form); // typed before this script came
}

// At every letter: a page may be gone before the next one.
document.addEventListener("input", ({ target }) => forms.includes(target.form) && remember(target.form));
document.addEventListener(
  "submit",
  (event) => {
    if (!forms.includes(event.target)) return;
    remember(event.target);
    if (!isTooLarge(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sayTooLarge(event.target);
  },
  { capture: true },
);
