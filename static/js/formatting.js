// A bar of buttons above each text in Markdown, and their keys. It writes what one could type; undo takes it back.
const bar = document.querySelector("template[data-formatting]");

const selected = ({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd);

// As if it were typed: the browser's own undo knows it, and a save begins. From ``from`` to ``to`` it is selected afterwards.
const put = (area, start, end, text, from = text.length, to = from) => {
  area.focus();
  area.setSelectionRange(start, end);
  const isTyped = text ? document.execCommand("insertText", false, text) : start === end || document.execCommand("delete");
  if (!isTyped) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(start + from, start + to);
};

// How many stars stand at both sides: one is italic, two are bold, three both.
const starsAround = (value, start, end) => Math.min(/\**$/.exec(value.slice(0, start))[0].length, /^\**/.exec(value.slice(end))[0].length);

// Pressed twice, the marks go again. Blanks at the ends of what is selected stay outside, or the marks would be no marks.
const around = (mark) => (area, words) => {
  const text = selected(area);
  const start = area.selectionStart + text.length - text.trimStart().length;
  const end = Math.max(start, area.selectionEnd - (text.length - text.trimEnd().length));
  const inner = area.value.slice(start, end);
  const stars = starsAround(area.value, start, end);
  const isMarked = inner && (mark.length === 2 ? stars >= 2 : stars % 2 === 1);
  if (isMarked) return put(area, start - mark.length, end + mark.length, inner, 0, inner.length);
  const body = inner || words.text;
  put(area, start, end, mark + body + mark, mark.length, mark.length + body.length);
};

const linesOf = ({ value, selectionStart, selectionEnd }) => {
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const next = value.indexOf("\n", Math.max(selectionEnd - 1, start));
  return [start, next < 0 ? value.length : next];
};

const ITEM = /^(\s*)(?:([-*+])|(\d+)([.)])) (?:\[[ x]\] )?/;

// A list needs an empty line before it, unless it goes on with one.
const gapBefore = (value, start) => {
  const above = value.slice(0, start).split("\n").at(-2) ?? "";
  return above.trim() && !ITEM.test(above) ? "\n" : "";
};

const list = (area) => {
  const [start, end] = linesOf(area);
  const lines = area.value.slice(start, end).split("\n");
  const isList = lines.every((line) => !line.trim() || ITEM.test(line)) && lines.some((line) => line.trim());
  const text = lines
    .map((line) => (isList ? line.replace(ITEM, "$1") : line.trim() || lines.length === 1 ? `- ${line.replace(ITEM, "$1")}` : line))
    .join("\n");
  const gap = isList ? "" : gapBefore(area.value, start);
  put(area, start, end, gap + text, lines.length === 1 ? gap.length + text.length : gap.length, gap.length + text.length);
};

const isAddress = (text) => /^(https?:\/\/|www\.)\S+$/i.test(text);

const link = (area, words) => {
  const { selectionStart: start, selectionEnd: end } = area;
  const text = selected(area).trim();
  const address = isAddress(text) ? text.replace(/^www\./i, "https://$&") : "https://";
  const label = isAddress(text) || !text ? words.link : text;
  const whole = `[${label}](${address})`;
  // What is still to be written is selected: the words, or the address.
  if (label === words.link) put(area, start, end, whole, 1, 1 + label.length);
  else put(area, start, end, whole, label.length + 3, whole.length - 1);
};

const table = (area, words) => {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const before = value.slice(0, start);
  const gap = !before.trim() || /\n\n$/.test(before) ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const behind = /^\n|^$/.test(value.slice(end)) ? "\n" : "\n\n";
  const head = `| ${words.column} 1 | ${words.column} 2 |`;
  put(area, start, end, `${gap}${head}\n|---|---|\n|  |  |\n|  |  |${behind}`, gap.length + 2, gap.length + 2 + words.column.length + 2);
};

const ACTIONS = { bold: around("**"), italic: around("*"), list, link, table };
const KEYS = { KeyB: "bold", KeyI: "italic", KeyK: "link", Digit8: "list" };

// Enter in a list begins its next item; in an item without words it ends the list.
const goOn = (area, event) => {
  const { value, selectionStart: at, selectionEnd: end } = area;
  const start = value.lastIndexOf("\n", at - 1) + 1;
  const item = at === end && ITEM.exec(value.slice(start, at));
  if (!item) return;
  event.preventDefault();
  const [mark, indent, dash, number, dot] = item;
  if (value.slice(start, at).trimEnd().length <= mark.trimEnd().length) put(area, start, at, "");
  else put(area, at, at, `\n${indent}${dash ? dash : Number(number) + 1 + dot} `);
};

const pressed = (area, event) => {
  if (event.isComposing) return;
  const name = (event.ctrlKey || event.metaKey) && !event.altKey && event.shiftKey === (event.code === "Digit8") && KEYS[event.code];
  if (name) {
    event.preventDefault();
    ACTIONS[name](area, bar.dataset);
  } else if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey) goOn(area, event);
};

// One stop of the Tab key; arrows walk inside, as toolbars do.
const walk = (buttons, event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const to = buttons[(buttons.indexOf(event.target.closest("button, a")) + step + buttons.length) % buttons.length];
  buttons.forEach((each) => (each.tabIndex = each === to ? 0 : -1));
  to.focus();
};

for (const area of bar ? document.querySelectorAll("textarea[data-preview-url]") : []) {
  const own = bar.content.firstElementChild.cloneNode(true);
  own.setAttribute("aria-controls", area.id);
  const buttons = [...own.querySelectorAll("button, a")];
  buttons.forEach((each, place) => (each.tabIndex = place ? -1 : 0));
  own.addEventListener("keydown", (event) => walk(buttons, event));
  own.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault()); // what is selected stays so
  own.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) ACTIONS[button.dataset.format](area, bar.dataset);
  });
  area.before(own);
  area.addEventListener("keydown", (event) => pressed(area, event));
}
