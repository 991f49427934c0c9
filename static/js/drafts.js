// What was typed and not yet acknowledged by the server, kept in this browser for the person who typed it: nobody else who
// signs in here is offered it, it is hidden while nobody is signed in, and signing out erases it.
import * as copies from "./draft_copies.js";
import { fill, placeOf } from "./fields.js";

const DAYS_KEPT = 30;
const DONE = "done"; // a cookie in which the server tells the tokens of the forms that it has carried out
const TOKEN = 16;
const { owner } = document.body.dataset;
let isErased = false;
const START = `draft:${owner}:`;

// A store may be full or forbidden: that only costs the copy.
const safely = (work) => {
  try {
    return owner && !isErased ? work() : null;
  } catch {
    return null;
  }
};

const key = (unit) => START + placeOf(unit);
const keys = () => Object.keys(localStorage).filter((name) => name.startsWith(START));
export const tokenOf = (unit) => (unit.elements ? unit : unit.querySelector("textarea, input, select").form).elements.csrf;

export const keep = (unit, version, fields, base) =>
  safely(() => {
    const token = tokenOf(unit).value.slice(0, TOKEN);
    const draft = { version, fields, base, token, at: Date.now() };
    localStorage.setItem(key(unit), JSON.stringify(draft));
    copies.put(key(unit), draft);
  });

const remove = (name) => {
  localStorage.removeItem(name);
  copies.remove(name);
};

export const kept = (unit) => safely(() => JSON.parse(localStorage.getItem(key(unit))));
export const forget = (unit) => safely(() => remove(key(unit)));
// The places under an address at which something is kept, with what.
export const keptUnder = (path) =>
  safely(() =>
    keys()
      .map((name) => ({ place: name.slice(START.length), draft: JSON.parse(localStorage.getItem(name)), drop: () => remove(name) }))
      .filter(({ place }) => place.startsWith(path)),
  ) ?? [];
export const count = () => safely(() => keys().length) ?? 0;

// For good: what is still in the page's fields must not be kept again as the page is left.
export const eraseAll = () => {
  safely(() => {
    copies.removeAll(START); // also those for which there was no room in localStorage
    keys().forEach((name) => localStorage.removeItem(name));
  });
  isErased = true;
};

// Ask whether what was found is still wanted; the words stand in the page.
export const offer = (unit, restore) => {
  const { textRestore, textYes, textNo } = document.querySelector("[data-draft-words]").dataset;
  const box = document.createElement("div");
  box.className = "notice notice-warning row";
  const text = document.createElement("p");
  text.textContent = textRestore;
  box.append(text);
  for (const [label, act] of [[textYes, restore], [textNo, () => forget(unit)]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet btn-small";
    button.textContent = label;
    button.addEventListener("click", () => {
      box.remove();
      act();
    });
    box.append(button);
  }
  unit.closest("details")?.setAttribute("open", "");
  unit.prepend(box);
};

export const restoreInto = (unit, draft) => fill(unit, draft.fields);

// What a browser that was killed had not written down.
for (const { key: name, draft } of owner ? await copies.all() : []) {
  safely(() => {
    const here = JSON.parse(localStorage.getItem(name));
    if (name.startsWith(START) && !(here?.at >= draft.at)) localStorage.setItem(name, JSON.stringify(draft));
  });
}

// Older drafts were of no use; what the server has carried out is no draft any more.
safely(() => {
  const done = document.cookie.split("; ").find((part) => part.startsWith(`${DONE}=`))?.slice(DONE.length + 1) ?? "";
  const tokens = new Set(done.split("."));
  for (const name of keys()) {
    const { token, at } = JSON.parse(localStorage.getItem(name)) ?? {};
    if (tokens.has(token) || !(Date.now() - at < DAYS_KEPT * 86400000)) remove(name);
  }
  if (done) document.cookie = `${DONE}=; max-age=0; path=/`;
});
