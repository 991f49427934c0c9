// A range that was copied from a spreadsheet.

// Return its lines of values and take the paste over; of a single value the browser takes care itself.
export const pastedLines = (event) => {
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!/[\t\n]/.test(text)) return null;
  event.preventDefault();
  return text.split("\n").map((line) => line.split("\t"));
};

// A spreadsheet shows a day as 20.05.2026; a browser's own field for a day takes 2026-05-20 alone.
const asTyped = (cell, value) =>
  cell.type === "date"
    ? value.replace(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, (_all, day, month, year) => `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`)
    : value;

// A choice takes the value by its words, and stays as it is if it has none like it.
export const put = (cell, value) => {
  if (!cell.options) cell.value = asTyped(cell, value);
  else {
    const wanted = [...cell.options].find((option) => option.text.trim().toLowerCase() === value.toLowerCase());
    if (wanted) cell.value = wanted.value;
  }
};
