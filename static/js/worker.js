// Beside the pages: without a connection it shows one that says so. It keeps that page and what it needs, never a page of a person.
const STORE = "offline";
const PAGE = `/offline?lang=${new URL(location).searchParams.get("lang")}`;

const keep = async () => {
  const answer = await fetch(PAGE, { credentials: "omit" });
  const html = await answer.clone().text();
  const files = [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, file]) => file);
  await caches.delete(STORE);
  const store = await caches.open(STORE);
  await store.addAll(files);
  await store.put(PAGE, answer);
};

// What was typed is kept by the page that it was typed in (drafts.js); a file on its way goes past this worker.
const isPage = ({ mode, headers }) => mode === "navigate" && !headers.get("content-type")?.startsWith("multipart/");

// Where the browser knows routes, everything but pages goes past this worker, without waking it.
const ROUTES = [
  { condition: { urlPattern: "/static/*" }, source: { cacheName: STORE } },
  { condition: { or: ["cors", "no-cors", "same-origin"].map((requestMode) => ({ requestMode })) }, source: "network" },
];

addEventListener("install", (event) => {
  event.addRoutes?.(ROUTES).catch(() => {});
  event.waitUntil(keep().then(() => skipWaiting()));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (isPage(request)) event.respondWith(fetch(request).catch(async () => (await caches.match(PAGE)) ?? Response.error()));
  else if (!navigator.onLine && new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
