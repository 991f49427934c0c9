// Save a form as it is typed. One request at a time; what was not acknowledged stays in this browser
// and is offered again after a reload. Without this script the form's own button does the same.
const DELAY = 900;
const key = (form) => `draft:${form.action}`;
const snapshot = (form) => {
  const data = new FormData(form);
  for (const name of ["csrf", "version", "send"]) data.delete(name);
  return JSON.stringify([...data]);
};

class Saver {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-save-state]");
    this.saved = snapshot(form);
    this.pause = 2000;
    form.addEventListener("input", () => this.later(DELAY));
    form.addEventListener("change", () => this.later(100));
    form.addEventListener("focusout", () => this.later(0));
    form.addEventListener("submit", (event) => this.submitted(event));
    addEventListener("pagehide", () => this.keep());
    this.offer();
  }

  get isChanged() { return snapshot(this.form) !== this.saved; }
  say(text, failed = false) { this.state.textContent = text; this.state.classList.toggle("error", failed); }
  keep() { if (this.isChanged && !this.leaving) this.store(snapshot(this.form)); }
  store(text) { try { localStorage.setItem(key(this.form), text); } catch { /* a full or forbidden store only costs the copy */ } }

  later(delay) {
    if (this.stopped || !this.isChanged) return;
    this.store(snapshot(this.form));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  submitted(event) {
    if (event.defaultPrevented) return;
    this.leaving = true;
    clearTimeout(this.timer);
    localStorage.removeItem(key(this.form));
  }

  async save() {
    if (this.busy) { this.again = true; return; }
    if (!this.isChanged || this.leaving) return;
    this.busy = true;
    const sent = snapshot(this.form);
    this.say(this.form.dataset.textSaving);
    try {
      const answer = await fetch(this.form.action, {
        method: "POST", body: new URLSearchParams(new FormData(this.form)), headers: { accept: "application/json" },
      });
      await this.answered(answer, sent);
      this.pause = 2000;
    } catch {
      this.say(this.form.dataset.textFailed, true);
      this.timer = setTimeout(() => this.save(), this.pause);
      this.pause = Math.min(this.pause * 2, 60000);
    }
    this.busy = false;
    if (this.again) { this.again = false; this.later(0); }
  }

  async answered(answer, sent) {
    if (answer.status >= 500) throw new Error("server");
    const data = await answer.json();
    if (answer.ok) {
      this.form.elements.version.value = data.version;
      this.saved = sent;
      if (snapshot(this.form) === sent) localStorage.removeItem(key(this.form));
      this.say(this.form.dataset.textSaved.replace("{time}", data.saved_at));
      document.dispatchEvent(new CustomEvent("saved"));
    } else if (answer.status === 409) {
      this.stopped = true;
      this.say(this.form.dataset.textConflict, true);
      const panel = this.form.querySelector("[data-conflict]");
      if (panel && data.html) { this.form.after(panel); panel.innerHTML = data.html; } // rendered by our own server
    } else {
      this.say(`${this.form.dataset.textRefused}. ${data.error ?? data.title ?? ""}`, true);
    }
  }

  offer() {
    const kept = localStorage.getItem(key(this.form));
    if (!kept || kept === this.saved) { localStorage.removeItem(key(this.form)); return; }
    const { textRestore, textRestoreYes, textRestoreNo } = this.form.dataset;
    const box = document.createElement("div");
    box.className = "notice notice-warning row";
    box.append(textRestore);
    for (const [label, use] of [[textRestoreYes, true], [textRestoreNo, false]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-quiet btn-small";
      button.textContent = label;
      button.addEventListener("click", () => {
        box.remove();
        if (use) { this.fill(JSON.parse(kept)); this.later(0); } else localStorage.removeItem(key(this.form));
      });
      box.append(button);
    }
    this.form.prepend(box);
  }

  fill(pairs) {
    for (const [name, value] of pairs) {
      const field = this.form.elements[name];
      if (field) field.value = value;
      if (field?.dispatchEvent) field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Saver(form);

// After a save the gate's checklist may have changed.
const gate = document.querySelector("[data-gate-url]");
if (gate) {
  document.addEventListener("saved", async () => {
    const answer = await fetch(gate.dataset.gateUrl, { headers: { accept: "text/html" } });
    if (answer.ok) gate.innerHTML = await answer.text(); // a fragment of our own page
  });
}
