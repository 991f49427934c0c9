"""Room on the disk."""

import errno
import shutil
from pathlib import Path

#: Bytes that must stay free in the data folder: the write-ahead log of a busy day, with room to spare.
LEAST_FREE = 100 * 1024 * 1024


def free_bytes(folder: Path) -> int:
    """Return the room left for ``folder``, or for its nearest parent that exists."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def is_disk_full(error: BaseException) -> bool:
    """Return whether the system reported that the disk, or our share of it, is full."""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
