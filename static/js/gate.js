// After a save the gate's checklist may have changed: fetch it anew, but not from under the person's hands.
import { setApart } from "./apart.js";

const gate = document.querySelector("[data-gate-url]");
let timer;

const isInUse = () => gate.contains(document.activeElement) || gate.querySelector("[aria-busy]") || document.querySelector("dialog[open]");

const refresh = async () => {
  if (isInUse()) return later();
  const answer = await fetch(gate.dataset.gateUrl, { headers: { accept: "text/html", "x-requested-with": "fetch" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const html = await answer.text();
  if (isInUse()) later();
  else {
    gate.innerHTML = html; // a fragment of our own page
    setApart(gate);
    const { left } = gate.querySelector("[data-left]").dataset;
    for (const each of document.querySelectorAll("[data-gate-left]")) each.textContent = left;
  }
};

const later = () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, 500);
};

if (gate) document.addEventListener("saved", later);

// On a phone, which hides the long page, what the gate misses is written on the section's own page.
const isPhone = matchMedia("(max-width: 40rem)");
document.addEventListener("click", (event) => {
  const link = isPhone.matches && event.target.closest(`[data-gate-url] a[href^="${location.pathname}#s-"]`);
  if (link) link.href = link.getAttribute("href").replace("#s-", "/answers/");
});
