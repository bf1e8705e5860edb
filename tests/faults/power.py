"""Simulates a disk whose power fails while a program writes to it.

`record()` runs a program with record_writes.c between it and the system. `Disk` replays the
recorded calls and returns, at any point, what a power failure may leave. Of a file, that is the
content at its last sync and none or some of the later writes. Of the names in the directory, it is
those at the last sync of the directory and the first few later changes, because a file system may
delay changes of names but keeps their order.
"""

import os
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
"""The size of what a disk writes completely or not at all, in bytes."""
_HEAD = struct.Struct("<cQQQ")

Files = dict[str, bytes]
"""The files of a directory by their names."""
Stored = dict[str, tuple[int, bytes]]
"""Inode and content of the files of a directory by their names."""
Change = tuple[int, bytes | None]
"""A write, as its offset and its bytes; or a truncation, as the new length and None."""


@dataclass(frozen=True, slots=True)
class SystemCall:
    """One recorded system call of the program, or one piece of its output."""

    kind: str
    """The first letter of Written, Truncated, Synced, Directory synced, Created, Unlinked, Renamed,
    Linked or Output."""
    inode: int
    number: int
    """The offset of a write, or the length after a truncation."""
    payload: bytes
    """The bytes that were written or printed, or the name; old and new name with a NUL between."""


def build(directory: Path) -> Path:
    """Compile the recorder in `directory`; return the library."""
    library = directory / "record_writes.so"
    source = Path(__file__).with_name("record_writes.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source)], check=True)
    return library


def record(
    recorder: Path, command: Sequence[str], stdin: str, root: Path
) -> tuple[list[SystemCall], subprocess.CompletedProcess[bytes]]:
    """Run `command` on `stdin`; return its system calls on the files in `root`, and its result."""
    log = recorder.with_name("log")
    log.unlink(missing_ok=True)
    recorder_env = {"LD_PRELOAD": str(recorder), "RECORD_ROOT": str(root), "RECORD_LOG": str(log)}
    result = subprocess.run(
        command, input=stdin.encode(), capture_output=True, env={**os.environ, **recorder_env},
        cwd=recorder.parent, check=False,
    )  # fmt: skip
    return list(_parse(log.read_bytes())), result


def _parse(log: bytes) -> Iterator[SystemCall]:
    at = 0
    while at < len(log):
        what, inode, number, length = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        yield SystemCall(what.decode(), inode, number, log[at : at + length])
        at += length


@dataclass(eq=False, slots=True)
class _File:
    """One file: its content at the last sync, and the changes since."""

    synced: bytes = b""
    unsynced: list[Change] = field(default_factory=list)
    """The changes since the last sync, in order."""

    def now(self) -> bytes:
        """Return the content that a program reads."""
        return _apply_changes(self.synced, self.unsynced)

    def torn(self, choice: random.Random) -> bytes:
        """Return what may be left: some of the sectors that were written since the last sync."""
        probability = choice.choice((0.1, 0.5, 0.9))
        return _apply_changes(
            self.synced, [x for x in _sectors(self.unsynced) if choice.random() < probability]
        )


def _sectors(changes: Sequence[Change]) -> Iterator[Change]:
    """Yield the changes with each write divided at the borders of sectors."""
    for offset, written in changes:
        if written is None:
            yield offset, None
            continue
        begin = offset
        while begin < offset + len(written):
            end = min(begin // SECTOR * SECTOR + SECTOR, offset + len(written))
            yield begin, written[begin - offset : end - offset]
            begin = end


def _apply_changes(before: bytes, changes: Sequence[Change]) -> bytes:
    if not changes:
        return before
    after = bytearray(before)
    for offset, written in changes:
        if written is None:
            del after[offset:]
            after.extend(bytes(offset - len(after)))
        else:
            after.extend(bytes(max(offset - len(after), 0)))
            after[offset : offset + len(written)] = written
    return bytes(after)


class Disk:
    """The files of one directory, on a disk whose power may fail."""

    def __init__(self, files: Stored) -> None:
        """Begin with `files`, all of them synced."""
        self._files = {inode: _File(synced) for inode, synced in files.values()}
        self._names = {name: self._files[inode] for name, (inode, _) in files.items()}
        """The names as the program sees them."""
        self._synced_names = dict(self._names)
        self._unsynced_names: list[dict[str, _File]] = []
        """The names after each change to them since the directory was synced."""

    def apply(self, call: SystemCall) -> None:
        """Carry out one system call of the program."""
        name = call.payload.decode(errors="replace")
        match call.kind:
            case "W":
                self._files[call.inode].unsynced.append((call.number, call.payload))
            case "T":
                self._files[call.inode].unsynced.append((call.number, None))
            case "S":
                file = self._files[call.inode]
                file.synced, file.unsynced = file.now(), []
            case "D":
                self._synced_names, self._unsynced_names = dict(self._names), []
            case "C":
                self._files[call.inode] = _File()
                self._set_names({**self._names, name: self._files[call.inode]})
            case "U":
                self._set_names({n: f for n, f in self._names.items() if n != name})
            case "R":
                old, new = name.split("\0")
                others = {n: f for n, f in self._names.items() if n != old}
                self._set_names({**others, new: self._names[old]})
            case "L":
                old, new = name.split("\0")
                self._set_names({**self._names, new: self._names[old]})
            case _:
                assert call.kind == "O"

    def _set_names(self, names: dict[str, _File]) -> None:
        self._names = names
        self._unsynced_names.append(names)

    def now(self) -> Files:
        """Return the files as a program sees them while there is power."""
        return {name: file.now() for name, file in self._names.items()}

    def without_power(self) -> Files:
        """Return what is left if the disk has written only what was synced."""
        return {name: file.synced for name, file in self._synced_names.items()}

    def torn(self, choice: random.Random) -> Files:
        """Return what may be left if the disk has written some of the rest, in any order."""
        names = choice.choice([self._synced_names, *self._unsynced_names])
        return {name: file.torn(choice) for name, file in names.items()}

    @property
    def is_at_rest(self) -> bool:
        """Whether everything is synced, so that a power failure changes nothing."""
        return not self._unsynced_names and not any(f.unsynced for f in self._names.values())


def read_directory(directory: Path) -> Stored:
    """Return the files in `directory` itself with their inodes."""
    return {p.name: (p.stat().st_ino, p.read_bytes()) for p in directory.iterdir() if p.is_file()}


def write_files(files: Files, directory: Path) -> None:
    """Make `directory` contain `files` and nothing else."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    for name, content in files.items():
        (directory / name).write_bytes(content)
