// Several files at once, dropped, pasted or taken by the camera, each with its progress. Without this script the form sends them together.
const bar = (list, name) => {
  const item = document.createElement("li");
  const words = document.createElement("span");
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", name);
  item.append(words, progress);
  list.append(item);
  return { item, words, progress };
};

// What a page of ours, or problem details, say of a file that was not taken.
const reason = ({ error, title, detail }) => error || [title, detail].filter(Boolean).join(". ");

const send = (form, file, shown) =>
  new Promise((done) => {
    const say = (key) => (shown.words.textContent = form.dataset[key].replace("{name}", file.name));
    const request = new XMLHttpRequest(); // fetch tells nothing of what was sent so far
    const fail = (why) => {
      const said = why || form.dataset.textFailed.replace("{name}", file.name);
      shown.words.textContent = said.includes(file.name) ? said : `${file.name}: ${said}`;
      shown.item.classList.add("error");
      shown.progress.remove();
      done(false);
    };
    request.open("POST", form.action);
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("x-requested-with", "fetch");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => (shown.progress.value = loaded / total));
    request.upload.addEventListener("load", () => {
      shown.progress.removeAttribute("value");
      say("textOpening");
    });
    request.addEventListener("load", () => {
      if (request.status !== 201) return fail(reason(request.response ?? {}));
      shown.progress.value = 1;
      say("textDone");
      done(true);
    });
    request.addEventListener("error", () => fail());
    if (file.size > form.dataset.largest) return fail(form.dataset.textTooLarge);
    say("textSending");
    const body = new FormData();
    body.append("csrf", form.elements.csrf.value);
    body.append("files", file);
    request.send(body);
  });

for (const form of document.querySelectorAll("[data-uploads]")) {
  const field = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-list]");
  const place = field.closest(".drop");
  let running = Promise.resolve();
  let left = 0;

  const take = (files) => {
    const waiting = [...files].map((file) => ({ file, shown: bar(list, file.name) }));
    field.value = ""; // they are on their way: the button does not send them again
    left += waiting.length;
    running = running.then(async () => {
      let isWhole = true;
      for (const { file, shown } of waiting) {
        isWhole = (await send(form, file, shown)) && isWhole;
        left -= 1;
      }
      if (waiting.length && isWhole && !left) location.assign(form.dataset.then);
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
