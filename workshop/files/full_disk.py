"""The sentences for a full disk, and how to tell that a disk is full.

A report or a copy that has no room is reported with `no_room_error`; an answer that cannot be saved
with `DISK_FULL`, as the reason that `workshop.storage.sqlite.error_messages` gives. Two sentences
about the folder for temporary files are where they are raised: `workshop.storage.sqlite.snapshot`
and `workshop.export.pdf`.
"""

import errno

from workshop.errors import CannotWriteError, Remedy

DISK_FULL = "the disk is full"
"""The reason why an answer was not saved, as a clause."""


def is_disk_full(error: OSError) -> bool:
    """Return whether the disk, or the person's quota on it, is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def no_room_error(target: object) -> CannotWriteError:
    """Return the error for the file `target`, which the disk has no room for."""
    return CannotWriteError(
        f"There is no room left for {target}, and nothing was written.",
        "Free some space, or choose another place.",
        Remedy.TARGET,
    )
