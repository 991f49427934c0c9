// A live counter beside a text with a limit. Counts as the server does: code points, a line break is one.
const count = (text) => [...text.replace(/\r\n?/g, "\n")].length;

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("textarea[data-limit]")) return;
  const counter = target.closest("form, .field")?.querySelector(`[data-counter]`);
  const own = target.closest(".field")?.querySelector("[data-counter]") ?? counter;
  if (!own) return;
  const length = count(target.value);
  own.textContent = length;
  own.classList.toggle("is-over", length > Number(target.dataset.limit));
});
