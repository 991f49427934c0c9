// Keys for those who read much: j and k walk, digits score (0 is ten where there is no zero), n is "not applicable", Enter
// opens. Never while somebody types.
const root = document.querySelector("[data-shortcuts]");
const steps = [...document.querySelectorAll("[data-step]")];
let at = -1;

const isTyping = (target) => target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");

function go(to) {
  at = Math.max(0, Math.min(steps.length - 1, to));
  const step = steps[at];
  step.focus();
  step.scrollIntoView({ block: "nearest" });
}

function score(key) {
  const radioOf = (value) => steps[at]?.querySelector(`input[type=radio][value="${value}"]:not(:disabled)`);
  const radio = radioOf(key === "n" ? "na" : key) ?? (key === "0" ? radioOf("10") : null);
  if (!radio) return false;
  radio.checked = true;
  radio.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

document.documentElement.dataset.keys = ""; // the hints to them show only where they work

document.addEventListener("focusin", (event) => {
  const step = event.target.closest("[data-step]");
  if (step) at = steps.indexOf(step);
});

document.addEventListener("keydown", (event) => {
  if (!root || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
  const { key } = event;
  if (key === "j") go(at + 1);
  else if (key === "k") go(at - 1);
  else if (key === "Enter" && steps[at] === event.target) steps[at].querySelector("a[href]")?.click();
  else if (!(/^[0-9n]$/.test(key) && score(key))) return;
  event.preventDefault();
});
