"""Room on the disk, and in the temporary folder (TMPDIR), in which whatever is uploaded arrives first."""

import errno
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile, gettempdir

#: Bytes that must stay free in the data folder: the write-ahead log of a busy day, with room to spare. In the temporary
#: folder as many: an upload is there twice, with what is drawn of it.
LEAST_FREE = 100 * 1024 * 1024


def free_bytes(folder: Path) -> int:
    """Return the room left for ``folder``, or for its nearest parent that exists."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class TemporaryRoom:
    """What the temporary folder has room for."""

    folder: str
    """Empty if no folder of this machine can be used."""
    is_writable: bool
    free: int
    """Bytes."""

    @property
    def is_full(self) -> bool:
        return self.free < LEAST_FREE


def temporary_room() -> TemporaryRoom:
    """Try the temporary folder: rights alone say nothing of a disk that became read-only."""
    try:
        folder = gettempdir()  # Python takes the next one where TMPDIR cannot be used
    except FileNotFoundError:
        return TemporaryRoom("", False, 0)
    try:
        with TemporaryFile() as file:
            file.write(b"?")
        return TemporaryRoom(folder, True, free_bytes(Path(folder)))
    except OSError as error:
        return TemporaryRoom(folder, is_disk_full(error), 0)


def is_disk_full(error: BaseException) -> bool:
    """Return whether the system reported that the disk, or our share of it, is full."""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
