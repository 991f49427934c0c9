// Show how Markdown will look, beside the text, while it is typed.
const render = async (area, box) => {
  const data = new URLSearchParams({ text: area.value, csrf: area.form.elements.csrf.value });
  const answer = await fetch(area.dataset.previewUrl, {
    method: "POST",
    body: data,
    headers: { accept: "application/json", "x-requested-with": "fetch" },
  }).catch(() => null);
  if (answer?.ok && !answer.redirected) box.innerHTML = (await answer.json()).html; // clean HTML from our own server
};

for (const area of document.querySelectorAll("textarea[data-preview-url]")) {
  const box = document.createElement("div");
  box.className = "preview prose";
  box.hidden = true;
  box.id = `preview-${area.id}`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet btn-small";
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", box.id);
  button.textContent = area.dataset.textPreview;
  area.closest(".field").after(box);
  const foot = area.closest(".section-form")?.querySelector(".section-foot .btn");
  if (foot) foot.before(button);
  else box.before(button);
  let timer;
  button.addEventListener("click", async () => {
    box.hidden = !box.hidden;
    button.setAttribute("aria-expanded", String(!box.hidden));
    if (!box.hidden) await render(area, box);
  });
  area.addEventListener("input", () => {
    clearTimeout(timer);
    if (!box.hidden) timer = setTimeout(() => render(area, box), 400);
  });
}
