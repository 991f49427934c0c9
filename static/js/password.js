// Show what was typed in a password field, while its button is pressed in; hidden again before it is sent.
const fields = document.querySelectorAll('input[type="password"]');

for (const field of fields) {
  const button = field.parentElement.querySelector("[data-show-password]");
  if (!button) continue;
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  field.form?.addEventListener("submit", () => show(false));
}
