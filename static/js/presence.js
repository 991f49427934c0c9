// Who else writes in this document, and where. What they saved appears by itself where nobody types here; where somebody
// does, it stays away until they have left the field: what both wrote is brought together when it is saved.
import { savers } from "./autosave.js";
import { kept } from "./drafts.js";

const SOON = 4000; // while somebody else writes
const LATER = 12000;
const LONGEST = 60000; // while there is no connection
const IDLE = 10 * 60000; // a page that nobody touches must not keep its session alive

const root = document.querySelector("[data-changes-url]");
const { changesUrl, textWrites, textSaved, textShow, textNow } = root.dataset;
const waiting = new Map(); // by key: saved by somebody else, not yet shown
const touched = new Set();
let since = "";
let pause = SOON;
let lastTouch = Date.now();
let asked = 0;
let timer;

const keyOf = (unit) => unit.dataset.key ?? new URL(unit.action).pathname.split("/").at(-1);
const units = new Map([...savers.values()].map((saver) => [keyOf(saver.unit), saver]));
const textOf = ({ unit }) => unit.querySelector("textarea[data-preview-url]");

const say = ({ unit }, words, isWriting) => {
  const note = unit.querySelector("[data-others]");
  if (!note) return;
  note.classList.toggle("is-writing", isWriting);
  if ((note.dataset.said ?? "") === words) return; // the button beside it stays, and the focus on it
  note.dataset.said = words;
  note.textContent = words;
};

const isFree = (saver) => !saver.isPending && !saver.stopped && !saver.refused && !touched.has(saver.unit) && !kept(saver.unit);

const show = () => {
  for (const [key, section] of waiting) {
    const saver = units.get(key);
    if (Number(saver.version.value) >= section.version) waiting.delete(key); // brought together by a save
    else if (textOf(saver) && isFree(saver)) {
      saver.take(section.text, section.version);
      waiting.delete(key);
      document.dispatchEvent(new Event("saved")); // the gate may have changed
    }
  }
};

const tell = (sections) => {
  const writing = new Map(sections.map((section) => [section.key, section]));
  for (const [key, saver] of units) {
    const section = writing.get(key);
    const isNewer = waiting.has(key) && !textOf(saver);
    if (section?.is_writing && section.name) say(saver, textWrites.replace("{name}", section.name), true);
    else if (isNewer) say(saver, textSaved.replace("{name}", waiting.get(key).name).replace("{time}", waiting.get(key).at), false);
    else say(saver, "", false);
    if (isNewer) offerToShow(saver);
  }
};

const placeOf = (key) => {
  const title = document.querySelector(`[data-title="${CSS.escape(key)}"]`);
  const link = document.createElement("a");
  link.textContent = title?.textContent ?? key;
  link.href = title?.closest("a")?.href ?? `#s-${key}`;
  return link;
};

// In one place, for the whole document: «Сейчас пишут: Дима – Решение». The page of one section says its own where one types.
const list = (sections) => {
  const isElsewhere = ({ key }) => units.size > 1 || !units.has(key);
  const writing = sections.filter((section) => section.is_writing && section.name && isElsewhere(section));
  const said = writing.map(({ key, name }) => `${name} ${key}`).join();
  if (root.dataset.said === said) return;
  root.dataset.said = said;
  root.replaceChildren(...writing.flatMap(({ key, name }, at) => [at ? ", " : `${textNow} `, `${name} – `, placeOf(key)]));
};

// A sheet is drawn by the server: it is shown anew when somebody asks for it.
const offerToShow = ({ unit }) => {
  const note = unit.querySelector("[data-others]");
  if (!note || note.querySelector("button")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet btn-small";
  button.textContent = textShow;
  button.addEventListener("click", async () => {
    await Promise.all([...savers.values()].map((saver) => saver.isPending && saver.save()));
    location.reload();
  });
  note.append(" ", button);
};

const ask = async () => {
  clearTimeout(timer);
  if (document.hidden || Date.now() - lastTouch > IDLE) return;
  asked = Date.now();
  const address = since ? `${changesUrl}?since=${since}` : changesUrl;
  const answer = await fetch(address, { headers: { accept: "application/json", "x-requested-with": "fetch" } }).catch(() => null);
  if (answer && answer.status >= 400 && answer.status < 500) return; // closed, or signed out: nothing more to hear
  if (answer?.ok && !answer.redirected) {
    const { now, sections } = await answer.json();
    since = now;
    for (const section of sections) if (units.has(section.key)) waiting.set(section.key, section);
    show();
    tell(sections);
    list(sections);
    pause = sections.some((section) => section.is_writing) ? SOON : LATER;
  } else pause = Math.min(pause * 2, LONGEST);
  timer = setTimeout(ask, pause);
};

document.addEventListener("input", ({ target, isTrusted }) => {
  lastTouch = Date.now();
  for (const { unit } of units.values()) if (isTrusted && unit.contains(target)) touched.add(unit);
});
document.addEventListener("focusout", ({ target }) => {
  for (const { unit } of units.values()) if (unit.contains(target)) touched.delete(unit);
});
for (const kind of ["pointerdown", "keydown"]) {
  document.addEventListener(kind, () => {
    const wasIdle = Date.now() - lastTouch > IDLE;
    lastTouch = Date.now();
    if (wasIdle) ask();
  });
}
document.addEventListener("visibilitychange", () => !document.hidden && ask());
// Whoever writes wants to know at once who else does.
document.addEventListener("saved", ({ target }) => (target !== document && Date.now() - asked > SOON ? ask() : setTimeout(show)));
addEventListener("online", ask);
if (units.size) ask();
