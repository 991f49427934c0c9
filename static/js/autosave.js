// Save a form, or each of its parts, as it is typed. Without this script the form's own button does the same.
// One request at a time for a form; what is not acknowledged stays in this browser and is offered after a reload.
import { forget, keep, kept, offer, restoreInto, tokenOf } from "./drafts.js";
import { baseOf, bodyOf, cellsOf, fieldsOf, isOf, renderedFieldsOf, versionOf } from "./fields.js";
import { mark, redraw } from "./redraw.js";

const DELAY = 800;
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60000;
const SETTLING = 1000; // a connection that is back needs a moment
const LARGEST_KEEPALIVE = 60000; // browsers refuse more than 64 KiB
const SIGNED_OUT = [401, 403];

export const savers = new Map();

class Saver {
  constructor(unit) {
    this.unit = unit;
    this.pause = FIRST_PAUSE;
    this.running = Promise.resolve();
    // A page that came back with an error, or after signing in again, shows what the server does not have.
    const isUnsaved = unit.querySelector("[aria-invalid=true]") || "unsaved" in tokenOf(unit).form.dataset;
    this.saved = isUnsaved ? null : renderedFieldsOf(unit);
    document.addEventListener("input", ({ target }) => isOf(unit, target) && this.later(DELAY));
    document.addEventListener("focusout", ({ target }) => isOf(unit, target) && this.later(0));
    this.offer();
    this.later(DELAY); // typed before this script came
  }

  get fields() {
    return fieldsOf(this.unit);
  }

  get version() {
    return versionOf(this.unit);
  }

  get address() {
    return this.unit.dataset.action ?? this.unit.action;
  }

  // Conflicts and refusals wait for a person; only the rest can still be sent by itself.
  get isPending() {
    return !this.stopped && this.fields !== this.saved && this.fields !== this.refused;
  }

  say(text, isProblem = false) {
    const state = this.unit.querySelector("[data-save-state]");
    state.textContent = text;
    state.classList.toggle("error", isProblem);
  }

  later(delay) {
    clearTimeout(this.timer);
    if (!this.isPending) return;
    keep(this.unit, this.version.value, this.fields, baseOf(this.unit)?.value);
    this.timer = setTimeout(() => this.save(), delay);
  }

  // Settles when everything typed so far is sent, or could not be.
  save(isWanted = false) {
    clearTimeout(this.timer);
    this.running = this.running.then(() => (isWanted || this.isPending) && this.send());
    return this.running;
  }

  async send() {
    const sent = this.fields;
    const body = new URLSearchParams([["csrf", tokenOf(this.unit).value], ["version", this.version.value], ...bodyOf(this.unit)]);
    const base = baseOf(this.unit);
    if (base) body.append("base", base.value);
    this.say(this.unit.dataset.textSaving);
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        body,
        headers: { accept: "application/json", "x-requested-with": "fetch" },
        keepalive: document.hidden && body.toString().length < LARGEST_KEEPALIVE,
      });
      if (answer.status >= 500) throw new Error(`status ${answer.status}`);
      this.hear(answer, await answer.json().catch(() => ({})), sent);
      this.isOffline = false;
      this.pause = FIRST_PAUSE;
    } catch {
      this.isOffline = true;
      this.say(this.unit.dataset.textFailed, true);
      this.timer = setTimeout(() => this.save(), this.pause);
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    }
  }

  hear(answer, data, sent) {
    if (answer.ok && "version" in data) {
      this.version.value = data.version;
      this.saved = sent;
      const read = this.unit.querySelector("[name^=read-]");
      if (read) read.value = ""; // what stands in the page now is not what it began with
      if (this.fields === sent) forget(this.unit);
      const base = baseOf(this.unit);
      if (base && "base" in data) base.value = data.base;
      const computed = this.unit.querySelector("[data-computed]");
      if (computed && "computed" in data && this.fields === sent) {
        redraw(computed, data.computed);
        mark(this.unit, data.advised);
      }
      this.say(this.unit.dataset.textSaved.replace("{time}", data.saved_at));
      this.unit.dispatchEvent(new CustomEvent("saved", { bubbles: true }));
    } else if (answer.status === 409 && data.html) {
      if (this.fields !== sent) return this.later(0); // what was typed meanwhile belongs to what is chosen from
      this.stopped = true;
      this.say(this.unit.dataset.textConflict, true);
      this.choose(data.html);
    } else {
      this.refused = sent;
      this.isSignedOut = SIGNED_OUT.includes(answer.status);
      this.say([this.unit.dataset.textRefused, data.error || data.detail || data.title].filter(Boolean).join(". "), true);
    }
  }

  // Both texts, rendered by our own server; its forms must not stand inside ours. Whoever goes on writing does so there.
  choose(html) {
    const panel = this.unit.querySelector("[data-conflict]");
    const isWriting = this.unit.contains(document.activeElement);
    this.unit.after(panel);
    panel.innerHTML = html;
    panel.addEventListener("submit", () => forget(this.unit));
    this.unit.inert = true;
    const first = panel.querySelector("textarea, button");
    if (isWriting) first.focus();
    first.setSelectionRange?.(first.value.length, first.value.length);
  }

  offer() {
    const draft = kept(this.unit);
    if (!draft?.fields || draft.fields === this.fields) return;
    offer(this.unit, () => {
      restoreInto(this.unit, draft);
      // With the version it was written on: if somebody saved since, the server asks which text to keep.
      this.version.value = draft.version;
      if (baseOf(this.unit) && "base" in draft) baseOf(this.unit).value = draft.base;
      this.save();
    });
  }

  // Show the text that somebody else saved since, where nothing is on its way from here.
  take(text, version) {
    const [field] = cellsOf(this.unit, "text");
    const { selectionStart, selectionEnd } = field;
    field.value = text;
    if (field === document.activeElement) field.setSelectionRange(selectionStart, selectionEnd);
    this.version.value = version;
    this.saved = this.fields;
    const read = this.unit.querySelector("[name^=read-]");
    if (read) read.value = ""; // what stands in the page now is not what it began with
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  goOn() {
    this.isSignedOut = false;
    this.refused = null;
    this.later(0);
  }
}

// Somebody who signed in again in another tab goes on here: with that session's tokens, if it is the same person.
const goOnAsSignedIn = async () => {
  const waiting = [...savers.values()].filter((saver) => saver.isSignedOut);
  if (!waiting.length) return;
  const answer = await fetch(location.href, { headers: { "x-requested-with": "fetch" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.body.dataset.owner !== document.body.dataset.owner) return;
  const tokens = [...page.querySelectorAll("input[name=csrf]")];
  document.querySelectorAll("input[name=csrf]").forEach((field, n) => (field.value = (tokens[n] ?? tokens[0]).value));
  waiting.forEach((saver) => saver.goOn());
};

// Nothing is sent past words that are still on their way: not the gate, not the form's own button.
const hold = async (event) => {
  const { target: form, submitter } = event;
  if (form.method !== "post" || form.closest("[data-conflict]")) return;
  if (form.ariaBusy === "true") return event.preventDefault();
  const own = savers.get(form) ?? [...savers.values()].find(({ unit }) => submitter?.form === form && unit.contains(submitter));
  const isOwnSave = own && !own.stopped && own.fields !== own.refused && ["", "save"].includes(submitter?.name ?? "");
  const waiting = [...savers.values()].filter((saver) => saver.isPending);
  if (!isOwnSave && !waiting.length) return;
  event.preventDefault();
  event.stopPropagation();
  form.setAttribute("aria-busy", "true");
  await Promise.all([isOwnSave && own.save(true), ...waiting.map((saver) => saver.save())]);
  form.removeAttribute("aria-busy");
  const stuck = waiting.find((saver) => saver.isOffline);
  if (stuck) stuck.unit.scrollIntoView({ block: "center" });
  else if (!isOwnSave || own.stopped || own.fields === own.refused) form.requestSubmit(submitter);
};

for (const unit of document.querySelectorAll("[data-autosave]")) savers.set(unit, new Saver(unit));

if (savers.size) {
  document.addEventListener("submit", hold, { capture: true });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) savers.forEach((saver) => !saver.isOffline && saver.save());
    else goOnAsSignedIn();
  });
  addEventListener("focus", goOnAsSignedIn);
  addEventListener("online", () => savers.forEach((saver) => saver.isOffline && saver.later(SETTLING)));
}
