// Passkeys: the form waits for the browser's answer and then sends it like any other. Without scripts it stays hidden.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const described = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

// What the server wrote as JSON, as the browser wants it.
const forBrowser = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  ...(options.excludeCredentials && { excludeCredentials: described(options.excludeCredentials) }),
  ...(options.allowCredentials && { allowCredentials: described(options.allowCredentials) }),
});

const forServer = ({ id, rawId, type, response }) => {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return { id, type, rawId: text(rawId), response: Object.fromEntries(given) };
};

// The server asks for a fresh proof first, or the session has ended: the page itself says so.
class Elsewhere extends Error {}

const asked = async (form) => {
  const answer = await fetch(form.dataset.passkeyOptions, {
    method: "POST",
    headers: { accept: "application/json", "x-requested-with": "fetch" },
    body: new URLSearchParams({ csrf: form.elements.csrf.value }),
  });
  if (answer.status === 401 || answer.status === 403) throw new Elsewhere();
  if (!answer.ok) throw new Error();
  return forBrowser(await answer.json());
};

const complain = (form, message) => {
  const place = form.querySelector("[data-passkey-error]");
  place.textContent = message;
  place.hidden = !message;
};

const answer = async (form) => {
  complain(form, "");
  const publicKey = await asked(form);
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
  form.elements.passkey.value = JSON.stringify(forServer(credential));
};

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.passkey.value || (form.elements.name && !form.elements.name.value.trim())) return;
      event.preventDefault();
      try {
        await answer(form);
      } catch (error) {
        if (error instanceof Elsewhere) location.reload();
        else complain(form, (error.name === "InvalidStateError" && form.dataset.passkeyKnown) || form.dataset.passkeyFailed);
        return;
      }
      form.requestSubmit();
    });
  }
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) missing.hidden = true;
}
