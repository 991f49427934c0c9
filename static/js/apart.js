// Where scripts run, every form is sent by itself: fields that were lent to the page's long form (together.py) are given back.
const give = (control) => {
  const { own, ownValue } = control.dataset;
  control.removeAttribute("form");
  if (own) control.name = own;
  else control.removeAttribute("name");
  if (ownValue !== undefined) control.value = ownValue;
  delete control.dataset.own;
  delete control.dataset.ownValue;
};

export const setApart = (part) => part.querySelectorAll("[data-own]").forEach(give);

setApart(document);
