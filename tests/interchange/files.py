"""Import files written by the tests, and a progress bar that only counts."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from incubator.tabular.sheets import as_xlsx

Rows = Sequence[dict[str, Any]]


def json_lines(path: Path, rows: Rows) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def as_csv(path: Path, rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def xlsx(path: Path, rows: Rows) -> Path:
    path.write_bytes(as_xlsx(list(rows[0]), [list(row.values()) for row in rows]))
    return path


class Bar:
    """Counts rows; after ``breaks_after`` rows it stops the import, as Ctrl+C would."""

    def __init__(self, breaks_after: int | None = None) -> None:
        self.done, self.breaks_after = 0, breaks_after

    def update(self, rows: int) -> None:
        self.done += rows
        if self.breaks_after is not None and self.done >= self.breaks_after:
            raise KeyboardInterrupt

    @contextmanager
    def __call__(self, _total: int) -> Iterator["Bar"]:
        yield self
