// Save a form as it is typed. Without this script the form's own button does the same.
// One request at a time for a form; what is not acknowledged stays in this browser and is offered after a reload.
import { forget, keep, kept } from "./drafts.js";

const DELAY = 800;
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60000;
const SETTLING = 1000; // a connection that is back needs a moment
const LARGEST_KEEPALIVE = 60000; // browsers refuse more than 64 KiB
const NOT_WRITTEN = new Set(["csrf", "version"]);

// As the server stores it: NFC, line feeds, no space at either end.
const clean = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();

const savers = new Map();

class Saver {
  constructor(form) {
    this.form = form;
    this.pause = FIRST_PAUSE;
    this.running = Promise.resolve();
    // A page that came back with an error shows what the server does not have.
    this.saved = form.querySelector("[aria-invalid=true]") ? null : this.fields;
    form.autocomplete = "off"; // the browser must not bring back an old version number
    // Not every field stands inside its form: notes beside a section belong to the review all the same.
    document.addEventListener("input", ({ target }) => target.form === form && this.later(DELAY));
    document.addEventListener("focusout", ({ target }) => target.form === form && this.later(0));
    this.offer();
  }

  get fields() {
    return JSON.stringify([...new FormData(this.form)].filter(([name]) => !NOT_WRITTEN.has(name)).map(([name, value]) => [name, clean(value)]));
  }

  get version() {
    return this.form.elements.version;
  }

  // Conflicts and refusals wait for a person; only the rest can still be sent by itself.
  get isPending() {
    return !this.stopped && this.fields !== this.saved && this.fields !== this.refused;
  }

  say(text, isProblem = false) {
    const state = this.form.querySelector("[data-save-state]");
    state.textContent = text;
    state.classList.toggle("error", isProblem);
  }

  later(delay) {
    clearTimeout(this.timer);
    if (!this.isPending) return;
    keep(this.form, this.version.value, this.fields);
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
    const body = new URLSearchParams(new FormData(this.form));
    this.say(this.form.dataset.textSaving);
    try {
      const answer = await fetch(this.form.action, {
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
      this.say(this.form.dataset.textFailed, true);
      this.timer = setTimeout(() => this.save(), this.pause);
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    }
  }

  hear(answer, data, sent) {
    if (answer.ok && "version" in data) {
      this.version.value = data.version;
      this.saved = sent;
      if (this.fields === sent) forget(this.form);
      this.say(this.form.dataset.textSaved.replace("{time}", data.saved_at));
      this.form.dispatchEvent(new CustomEvent("saved", { bubbles: true }));
    } else if (answer.status === 409) {
      this.stopped = true;
      this.say(this.form.dataset.textConflict, true);
      if (data.html) this.choose(data.html);
    } else {
      this.refused = sent;
      this.say([this.form.dataset.textRefused, data.error ?? data.title].filter(Boolean).join(". "), true);
    }
  }

  // Both texts, rendered by our own server; its forms must not stand inside ours.
  choose(html) {
    const panel = this.form.querySelector("[data-conflict]");
    this.form.after(panel);
    panel.innerHTML = html;
    panel.addEventListener("submit", () => forget(this.form));
    panel.querySelector("textarea").focus();
  }

  offer() {
    const draft = kept(this.form);
    if (!draft?.fields || draft.fields === this.fields) return forget(this.form);
    const { textRestore, textRestoreYes, textRestoreNo } = this.form.dataset;
    const box = document.createElement("div");
    box.className = "notice notice-warning row";
    const text = document.createElement("p");
    text.textContent = textRestore;
    box.append(text);
    for (const [label, act] of [[textRestoreYes, () => this.restore(draft)], [textRestoreNo, () => forget(this.form)]]) {
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
    this.form.prepend(box);
  }

  // With the version it was written on: if somebody saved since, the server asks which text to keep.
  restore({ version, fields }) {
    for (const [name, value] of JSON.parse(fields)) {
      const field = this.form.elements[name];
      if (field) field.value = value;
      if (field instanceof Element) field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.version.value = version;
    this.save();
  }
}

// Nothing is sent past words that are still on their way: not the gate, not the form's own button.
const hold = async (event) => {
  const form = event.target;
  if (form.method !== "post" || form.closest("[data-conflict]")) return;
  const own = savers.get(form);
  if (form.ariaBusy === "true") return event.preventDefault();
  const isOwnSave = own && !own.stopped && own.fields !== own.refused && !event.submitter?.name;
  const waiting = [...savers.values()].filter((saver) => saver.isPending);
  if (!isOwnSave && !waiting.length) return;
  event.preventDefault();
  event.stopPropagation();
  const { submitter } = event;
  form.setAttribute("aria-busy", "true");
  await Promise.all([isOwnSave && own.save(true), ...waiting.map((saver) => saver.save())]);
  form.removeAttribute("aria-busy");
  const stuck = waiting.find((saver) => saver.isOffline);
  if (stuck) stuck.form.scrollIntoView({ block: "center" });
  else if (!isOwnSave || own.stopped || own.fields === own.refused) form.requestSubmit(submitter);
};

for (const form of document.querySelectorAll("form[data-autosave]")) savers.set(form, new Saver(form));

if (savers.size) {
  document.addEventListener("submit", hold, { capture: true });
  document.addEventListener("visibilitychange", () => savers.forEach((saver) => document.hidden && !saver.isOffline && saver.save()));
  addEventListener("online", () => savers.forEach((saver) => saver.isOffline && saver.later(SETTLING)));
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
