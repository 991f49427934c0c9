// What was typed and not yet acknowledged by the server, kept in this browser under the form's address.
const key = (form) => `draft:${new URL(form.action).pathname}`;

// A store may be full or forbidden: that only costs the copy.
const safely = (work) => {
  try {
    return work();
  } catch {
    return null;
  }
};

export const keep = (form, version, fields) =>
  safely(() => localStorage.setItem(key(form), JSON.stringify({ version, fields })));

export const kept = (form) => safely(() => JSON.parse(localStorage.getItem(key(form))));

export const forget = (form) => safely(() => localStorage.removeItem(key(form)));
