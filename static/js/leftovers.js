// Words that were kept here for a section whose field is gone since: the document was closed, or asks it otherwise.
import { keptUnder } from "./drafts.js";
import { placeOf } from "./fields.js";

const OF_THE_FORM = ["alone", "kind", "choice"];
const alike = (place) => place.replace(" alone=1", "");

const wordsOf = ({ fields }) =>
  JSON.parse(fields)
    .filter(([name, value]) => value && !OF_THE_FORM.includes(name))
    .map(([, value]) => value)
    .join("\n");

const show = (box) => {
  const here = new Set([...document.querySelectorAll("[data-autosave]")].map((unit) => alike(placeOf(unit))));
  const left = keptUnder(box.dataset.leftovers).filter(({ place, draft }) => !here.has(alike(place)) && draft?.fields && wordsOf(draft));
  if (!left.length) return;
  const [field] = box.querySelectorAll("textarea");
  for (const { draft } of left) {
    const copy = field.cloneNode(true);
    copy.value = wordsOf(draft);
    field.before(copy);
  }
  field.remove();
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => {
    left.forEach(({ drop }) => drop());
    box.remove();
  });
};

for (const box of document.querySelectorAll("[data-leftovers]")) show(box);
