// Say how much was typed and not sent, not what: nobody knows here who is reading. And go on as soon as there is a connection.
const note = document.querySelector("[data-unsent]");
const drafts = Object.keys(localStorage)
  .filter((name) => name.startsWith("draft:"))
  .map((name) => JSON.parse(localStorage.getItem(name)));

if (drafts.length) {
  const last = new Date(Math.max(...drafts.map(({ at }) => at)));
  const time = last.toLocaleString(note.dataset.locale, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
  note.textContent = note.dataset.unsent.replace("{n}", drafts.length).replace("{time}", time);
}

// The server may be away although the network is there, and a connection that is back needs a moment: ask until it answers.
const LONGEST = 60000;
let pause = 2000;
let timer;

const ask = async () => {
  clearTimeout(timer);
  const answer = await fetch("/offline", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.ok) return location.reload();
  timer = setTimeout(ask, pause);
  pause = Math.min(pause * 2, LONGEST);
};

timer = setTimeout(ask, pause);
addEventListener("online", () => {
  pause = 2000;
  ask();
});
document.querySelector("[data-again]").addEventListener("click", () => location.reload());
