"""The data folder of the last run, so that a start with another, empty folder is noticed."""

from contextlib import suppress
from pathlib import Path

from incubator.config import state_folder

_NAME = "last-data-folder"
DATABASE = "incubator.sqlite"


def remember(folder: Path) -> None:
    """Note ``folder``; where nothing can be written, nothing is noted."""
    with suppress(OSError):
        state_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        (state_folder() / _NAME).write_text(str(folder), "utf-8")


def used_before(folder: Path) -> Path | None:
    """Return the folder of the last run if it is another one and still has a database."""
    with suppress(OSError):
        known = Path((state_folder() / _NAME).read_text("utf-8").strip())
        if known != folder and (known / DATABASE).exists():
            return known
    return None
