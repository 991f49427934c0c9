// Several files at once, dropped, pasted or taken by the camera, each with its progress. Without this script the form sends them together.
const bar = (list, name) => {
  const item = document.createElement("li");
  const words = document.createElement("span");
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", name);
  item.tabIndex = -1;
  item.append(words, progress);
  list.append(item);
  return { item, words, progress };
};

// What a page of ours, or problem details, say of a file that was not taken.
const reason = ({ error, title, detail }) => error || [title, detail].filter(Boolean).join(". ");

// Seconds before a file is sent again by itself, where the line broke or the server had no room; and the answers that say so.
const PAUSES = [5, 15, 40];
const FOR_NOW = new Set([0, 408, 429, 502, 503, 504]);

const attempt = (form, file, shown) =>
  new Promise((done) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of what was sent so far
    request.open("POST", form.action);
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("x-requested-with", "fetch");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => (shown.progress.value = loaded / total));
    request.upload.addEventListener("load", () => {
      shown.progress.removeAttribute("value");
      say(form, file, shown, "textOpening");
    });
    request.addEventListener("loadend", () => done({ status: request.status, said: request.response ?? {} }));
    say(form, file, shown, "textSending");
    const body = new FormData();
    body.append("csrf", form.elements.csrf.value);
    body.append("files", file);
    request.send(body);
  });

const say = (form, file, shown, key) =>
  (shown.words.textContent = form.dataset[key].replace("{name}", file.name));

const fail = (form, file, shown, why) => {
  const said = why || form.dataset.textFailed.replace("{name}", file.name);
  shown.words.textContent = said.includes(file.name) ? said : `${file.name}: ${said}`;
  shown.item.classList.add("error");
  shown.progress.hidden = true;
};

// Returns whether the file is there; "later" if it can be sent again as it is.
const send = async (form, file, shown) => {
  if (file.size > form.dataset.largest) return fail(form, file, shown, form.dataset.textTooLarge);
  for (const pause of [...PAUSES, 0]) {
    const { status, said } = await attempt(form, file, shown);
    if (status === 201) {
      shown.progress.value = 1;
      say(form, file, shown, "textDone");
      return true;
    }
    if (!FOR_NOW.has(status)) return fail(form, file, shown, reason(said));
    if (!pause) fail(form, file, shown, reason(said));
    else {
      say(form, file, shown, "textAgain");
      await new Promise((resume) => setTimeout(resume, pause * 1000));
    }
  }
  return "later";
};

for (const form of document.querySelectorAll("[data-uploads]")) {
  const field = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-list]");
  const place = field.closest(".drop");
  let running = Promise.resolve();
  let left = 0;

  // The file is still in this page: nobody has to look for it again.
  const offerAgain = (file, shown) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet";
    button.textContent = form.dataset.textOnceMore;
    button.addEventListener("click", () => {
      button.remove();
      shown.item.classList.remove("error");
      shown.progress.hidden = false;
      shown.item.focus();
      run([{ file, shown }]);
    });
    shown.item.append(button);
  };

  const take = (files) => {
    run([...files].map((file) => ({ file, shown: bar(list, file.name) })));
    field.value = ""; // they are on their way: the button does not send them again
  };

  const run = (waiting) => {
    left += waiting.length;
    running = running.then(async () => {
      let isWhole = true;
      for (const { file, shown } of waiting) {
        const sent = await send(form, file, shown);
        isWhole &&= sent === true;
        left -= 1;
        if (sent === "later") offerAgain(file, shown);
      }
      if (waiting.length && isWhole && !left && !list.querySelector("button")) location.assign(form.dataset.then);
    });
  };

  form.addEventListener("submit", (event) => {
    if (!left) return; // with nothing chosen the page says so
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  field.addEventListener("change", () => take(field.files));
  if (field.files.length) take(field.files); // chosen before this script came
  addEventListener("paste", ({ clipboardData }) => clipboardData.files.length && take(clipboardData.files));
  for (const kind of ["dragover", "dragleave", "drop"])
    place.addEventListener(kind, (event) => {
      event.preventDefault();
      place.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") take(event.dataTransfer.files);
    });
}
