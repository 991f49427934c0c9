// While somebody types "@", offer the people who can be called. Arrows choose, Enter or Tab takes, Escape closes.
const REACH = 60;
const folded = (text) => text.toLocaleLowerCase().replaceAll("\u0451", "\u0435").replace(/['’ʼ`]/g, "");

function asked(field) {
  const before = field.value.slice(Math.max(0, field.selectionStart - REACH), field.selectionStart);
  const found = /(?:^|[^\p{L}\p{N}_@.+-])@([\p{L}\p{N}'’ʼ` -]*)$/u.exec(before);
  return found && found[1];
}

// Typed words are the beginning of the name, in either order, or of one part of it.
function fits(name, typed) {
  const parts = folded(name).split(" ");
  const turned = [...parts.slice(1), parts[0]].join(" ");
  return [parts.join(" "), turned, ...parts].some((each) => each.startsWith(typed));
}

class Offer {
  constructor(field, number) {
    this.field = field;
    this.names = JSON.parse(field.dataset.mentions);
    this.list = document.createElement("ul");
    this.list.id = `mentions-${number}`;
    this.list.className = "offer";
    this.list.role = "listbox";
    this.list.ariaLabel = field.dataset.mentionsLabel;
    this.list.hidden = true;
    field.after(this.list);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.list.id);
    field.addEventListener("input", () => this.show());
    field.addEventListener("click", () => this.show());
    field.addEventListener("blur", () => this.close());
    field.addEventListener("keydown", (event) => this.press(event));
    // Pressing must not take the focus from the field.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.take(target.closest("li")));
    if (document.activeElement === field) this.show(); // somebody has typed before this came
  }

  get options() {
    return [...this.list.children];
  }

  show() {
    const typed = asked(this.field);
    const found = typed === null ? [] : this.names.filter((name) => fits(name, folded(typed)));
    this.list.replaceChildren(...found.map((name, n) => this.option(name, n)));
    this.list.hidden = !found.length;
    this.choose(0);
  }

  option(name, number) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${number}`;
    item.role = "option";
    item.textContent = name;
    return item;
  }

  choose(number) {
    this.at = number;
    this.options.forEach((item, n) => item.setAttribute("aria-selected", n === number));
    const chosen = this.options[number];
    if (chosen && !this.list.hidden) this.field.setAttribute("aria-activedescendant", chosen.id);
    else this.field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (this.list.hidden || event.isComposing) return;
    const { key } = event;
    const count = this.options.length;
    if (key === "ArrowDown") this.choose((this.at + 1) % count);
    else if (key === "ArrowUp") this.choose((this.at + count - 1) % count);
    else if (key === "Enter" || key === "Tab") this.take(this.options[this.at]);
    else if (key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  take(item) {
    if (!item) return;
    const { field } = this;
    const from = field.selectionStart - asked(field).length;
    field.setRangeText(`${item.textContent} `, from, field.selectionStart, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
    field.focus();
  }

  close() {
    this.list.hidden = true;
    this.choose(-1);
  }
}

document.querySelectorAll("textarea[data-mentions]").forEach((field, number) => new Offer(field, number));
