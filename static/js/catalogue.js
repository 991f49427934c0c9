// The catalogue: what is chosen applies at once. Without this script the form's button does the same.
const form = document.querySelector(".filters");
const find = (id) => document.getElementById(id);
let asked; // the newest request: an older answer must not replace a newer one

function put(page) {
  const { activeElement: active } = document;
  const place = [...document.querySelectorAll(".chip")].indexOf(active);
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.getElementById(part.id);
    // The values in hand stay: their numbers do not depend on which of them are chosen.
    if (part.matches(".options:focus-within"))
      for (const box of part.querySelectorAll("input"))
        box.checked = [...fresh.querySelectorAll(":checked")].some(({ value }) => value === box.value);
    else part.innerHTML = fresh.innerHTML;
    part.ariaBusy = null;
  }
  if (form.q !== active) form.q.value = page.querySelector("#q").value;
  const others = page.querySelectorAll("a[hreflang]");
  document.querySelectorAll("a[hreflang]").forEach((link, n) => (link.href = others[n].href));
  if (active.isConnected) return;
  const left = [...document.querySelectorAll(".chip")];
  (find(active.id) || left[place] || left.at(-1))?.focus({ preventScroll: true });
}

async function show(url, isNew) {
  asked?.abort();
  const mine = (asked = new AbortController());
  find("results").ariaBusy = true;
  try {
    const answer = await fetch(url, { signal: mine.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) return;
    put(page);
    if (isNew && answer.url !== location.href) history.pushState(null, "", answer.url);
  } catch {
    if (mine === asked) isNew ? location.assign(url) : location.reload(); // the browser says what is wrong
  }
}

function chosen() {
  const lang = new URLSearchParams(location.search).get("lang");
  const said = [...new FormData(form), ["lang", lang]].filter(([, value]) => value);
  return form.action + "?" + new URLSearchParams(said.sort());
}

form.classList.add("is-live");
form.addEventListener("change", ({ target }) => target !== form.q && show(chosen(), true));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await show(chosen(), true);
  if (event.submitter?.closest(".filter-show")) find("number").scrollIntoView();
});
addEventListener("popstate", () => show(location.href));
addEventListener("pageshow", ({ persisted }) => persisted && show(location.href));
addEventListener("click", (event) => {
  if (matchMedia("(min-width: 62rem)").matches)
    for (const facet of form.querySelectorAll(".facet[open]")) facet.open = facet.contains(event.target);
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.matches("#chips a")) {
    event.preventDefault();
    show(link.href, true);
  } else asked = asked?.abort(); // the reader leaves
});
addEventListener("keydown", ({ key }) => {
  const facet = key === "Escape" && form.querySelector(".facet[open]");
  if (!facet) return;
  facet.open = false;
  facet.firstElementChild.focus();
});
