// Replace what follows from the cells by what our own server drew, and leave it as its reader had set it: what is unfolded, how far it is scrolled.
export function redraw(place, html) {
  const unfolded = [...place.querySelectorAll("details")].map((each) => each.open);
  const scrolled = [...place.querySelectorAll(".table-wrap")].map((each) => each.scrollLeft);
  place.innerHTML = html;
  const folds = place.querySelectorAll("details");
  if (folds.length === unfolded.length) folds.forEach((each, at) => (each.open = unfolded[at]));
  place.querySelectorAll(".table-wrap").forEach((each, at) => (each.scrollLeft = scrolled[at] ?? 0));
}
