// Helps where the page already works: every module only improves what forms and links do by themselves.
// Only what a page needs is loaded; the public pages need none of it.
const helpers = [
  ["form[method=post]", "./busy.js"],
  ["textarea[data-limit]", "./counter.js"],
  ["textarea[data-preview-url]", "./preview.js"],
  ["template[data-formatting]", "./formatting.js"],
  ["[data-rows]", "./rows.js"],
  ["[data-run]", "./run.js"],
  ["[data-autosave]", "./autosave.js"],
  ["[data-leftovers]", "./leftovers.js"],
  ["form[method=post] :is(textarea, input:not([type=hidden], [type=checkbox], [type=radio]))", "./typed.js"],
  ["form[action='/sign-out']", "./signing_out.js"],
  ["form[data-confirm], [data-gate-url], form[action='/sign-out']", "./confirm.js"],
  ["[data-gate-url]", "./gate.js"],
  ["[data-changes-url]", "./presence.js"],
  ["textarea[data-mentions]", "./mentions.js"],
  ["[data-copy]", "./copy.js"],
  ["[data-show-password]", "./password.js"],
  ["[data-shortcuts]", "./shortcuts.js"],
  ["[data-uploads]", "./uploads.js"],
  ["[data-passkey]", "./passkey.js"],
];

// What the connection was too poor for is fetched when it is back: what was typed meanwhile is saved then.
const insist = (fetching) => fetching().catch(() => new Promise((again) => addEventListener("online", again, { once: true })).then(() => insist(fetching)));
const load = (module) => insist(() => import(module));
const fetched = (module) => insist(() => fetch(new URL(module, import.meta.url)).then((answer) => answer.text()));

// First of all, each field goes back to its own form. Until everything is here that keeps what is typed, the page sends all its forms together.
const isLent = document.querySelector("[data-own]");
const needed = helpers.filter(([selector]) => document.querySelector(selector));
const shared = ["./drafts.js", "./draft_copies.js", "./fields.js", "./redraw.js"]; // what the others import
const apart = isLent ? Promise.all([...shared, ...needed.map(([, module]) => module)].map(fetched)).then(() => load("./apart.js")) : Promise.resolve();
// Rows come first: what was kept of a sheet is put back only where there is room for all of it.
const loadAll = (modules) => Promise.all(modules.map(([, module]) => load(module)));
const isRows = ([, module]) => module === "./rows.js";
apart
  .then(() => loadAll(needed.filter(isRows)))
  .then(() => loadAll(needed.filter((each) => !isRows(each))))
  .then(() => (document.documentElement.dataset.ready = "")); // for tests

// Without a connection, a page says so and what is unsent. The worker's address changes with our files and the language.
const { owner } = document.body.dataset;
const version = import.meta.url.split(".").at(-2);
const { worker } = document.querySelector("[data-worker]")?.dataset ?? {};
if (owner && worker) navigator.serviceWorker?.register(`${worker}&v=${version}`).catch(() => {});

// A page that comes back from the browser's memory may be of a session that has ended.
addEventListener("pageshow", (event) => event.persisted && document.body.dataset.owner && location.reload());

// A form that came back after signing in stands under the address where it was.
const typedAt = document.querySelector("[data-typed-at]")?.dataset.typedAt;
if (typedAt) history.replaceState(null, "", typedAt);

// Where tabs are wider than a phone, the one that is open must not be out of sight.
for (const open of document.querySelectorAll(".subnav [aria-current]")) {
  const { parentElement: tabs } = open;
  tabs.scrollLeft = open.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - open.clientWidth) / 2;
}
