// A live counter for a text with a limit. Counts as the server does: code points of NFC, a line break is one,
// space at either end is not counted.
const length = (text) => [...text.replace(/\r\n?/g, "\n").normalize("NFC").trim()].length;

// The counter that the field itself points to, else the one beside it; never another field's.
const counterOf = (area) => {
  const described = (area.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  const places = [...described.map((id) => document.getElementById(id)), area.closest(".field")];
  return places.map((place) => place?.querySelector("[data-counter]")).find(Boolean);
};

const show = (area) => {
  const counter = counterOf(area);
  if (!counter) return;
  const n = length(area.value);
  counter.textContent = n;
  counter.classList.toggle("is-over", n > Number(area.dataset.limit));
};

document.addEventListener("input", ({ target }) => {
  if (target.matches("textarea[data-limit]")) show(target);
});
document.querySelectorAll("textarea[data-limit]").forEach(show);
