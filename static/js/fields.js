// The fields of a form, or of a part of a form that is saved by itself: there each name ends with the part's key.
const UNKEPT = ["submit", "button", "reset", "image", "file", "password"];
const NOT_WRITTEN = new Set(["csrf", "version", "read", "base", "kept", "next"]);

// As the server stores it: NFC, line feeds, no space at either end.
const clean = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();

export const controlsOf = (unit) =>
  [...(unit.elements ?? unit.querySelectorAll("input, textarea, select"))].filter(
    (control) => control.name && !control.disabled && !UNKEPT.includes(control.type),
  );

export const isOf = (unit, target) => (unit.elements ? target.form === unit : unit.contains(target));

const nameIn = (unit, { name }) => (unit.dataset.key && name.endsWith(`-${unit.dataset.key}`) ? name.slice(0, -unit.dataset.key.length - 1) : name);

export const cellsOf = (unit, name) => controlsOf(unit).filter((control) => nameIn(unit, control) === name);

const written = (unit) => controlsOf(unit).filter((control) => !NOT_WRITTEN.has(nameIn(unit, control)));

const now = (control) => {
  if (["checkbox", "radio"].includes(control.type)) return control.checked ? [control.value] : [];
  return control.options ? [...control.selectedOptions].map((option) => option.value) : [control.value];
};

// What the server wrote into the page, whatever was typed before this script came.
const before = (control) => {
  if (["checkbox", "radio"].includes(control.type)) return control.defaultChecked ? [control.value] : [];
  if (!control.options) return [control.defaultValue];
  const chosen = [...control.options].filter((option) => option.defaultSelected);
  return (chosen.length || control.multiple ? chosen : [...control.options].slice(0, 1)).map((option) => option.value);
};

const entries = (unit, values) => written(unit).flatMap((control) => values(control).map((value) => [nameIn(unit, control), value]));

const comparable = (pairs) => JSON.stringify(pairs.map(([name, value]) => [name, clean(value)]));

export const fieldsOf = (unit) => comparable(entries(unit, now));
export const renderedFieldsOf = (unit) => comparable(entries(unit, before));
export const bodyOf = (unit) => entries(unit, now);

// What the cells of a sheet held when the page was made: others may have changed other cells since.
export const baseOf = (unit) => controlsOf(unit).find((each) => nameIn(unit, each) === "base");

export const versionOf = (unit) => {
  const control = controlsOf(unit).find((each) => nameIn(unit, each) === "version");
  // Otherwise Firefox gives a hidden field the value of the last visit when the page is loaded again.
  control?.setAttribute("autocomplete", "off");
  return control;
};

// Forms to one address differ by their hidden fields, but not by what their page showed: somebody else may change that.
export const placeOf = (unit) => {
  const hidden = written(unit).filter((control) => control.type === "hidden" && !control.name.startsWith("read-"));
  const { pathname } = new URL(unit.dataset.action ?? unit.action, location);
  return [pathname, ...hidden.map(({ name, value }) => `${name}=${value}`)].join(" ");
};

const mostOfOneName = (pairs) => {
  const counts = new Map();
  for (const [name] of pairs) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Math.max(0, ...counts.values());
};

export const fill = (unit, fields) => {
  const values = new Map();
  unit.dispatchEvent(new CustomEvent("filling", { detail: { rows: mostOfOneName(JSON.parse(fields)) } })); // a sheet makes room
  for (const [name, value] of JSON.parse(fields)) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of written(unit)) {
    const own = values.get(nameIn(unit, control)) ?? [];
    if (["checkbox", "radio"].includes(control.type)) control.checked = own.includes(control.value);
    else if (control.options) for (const option of control.options) option.selected = own.includes(option.value);
    else if (own.length) control.value = own.shift();
    control.dispatchEvent(new Event("input", { bubbles: true }));
    if (control.type !== "hidden" && control.value) control.closest("details")?.setAttribute("open", "");
  }
};
