// Where scripts run, every form is sent by itself: fields that were lent to the page's long form (together.py) are given back.
const give = (control) => {
  const { own, ownValue, ownFormaction } = control.dataset;
  control.removeAttribute("form");
  if (own) control.name = own;
  else control.removeAttribute("name");
  if (ownValue !== undefined) control.value = ownValue;
  if (ownFormaction) control.setAttribute("formaction", ownFormaction);
  delete control.dataset.own;
  delete control.dataset.ownValue;
  delete control.dataset.ownFormaction;
};

export const setApart = (part) => part.querySelectorAll("[data-own]").forEach(give);

setApart(document);
