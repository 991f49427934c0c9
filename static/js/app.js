// Helps where the page already works: every module only improves what forms and links do by themselves.
// Only what a page needs is loaded; the public pages need none of it.
const helpers = [
  ["form[method=post]", "./busy.js"],
  ["textarea[data-limit]", "./counter.js"],
  ["textarea[data-preview-url]", "./preview.js"],
  ["form[data-autosave]", "./autosave.js"],
  ["form[data-confirm], [data-gate-url]", "./confirm.js"],
  ["[data-gate-url]", "./gate.js"],
  ["[data-copy]", "./copy.js"],
  ["[data-show-password]", "./password.js"],
  ["[data-shortcuts]", "./shortcuts.js"],
];

for (const [needed, module] of helpers) {
  if (document.querySelector(needed)) import(module);
}
