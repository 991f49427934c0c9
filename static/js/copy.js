// Copy a link with one press; where the browser forbids it, select the text instead.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.textCopied;
  } catch {
    button.parentElement.querySelector("input")?.select();
  }
});
