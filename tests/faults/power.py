"""A disk whose power fails: what a program asked of it, and what may be left of that.

`record()` runs a program with record_writes.c between it and the system. `Disk` replays that log
and says at any point what would be left: of a file, what was there when it was last synced and,
of what was written since, nothing or some of it; of the names in the directory, those of the last
time that the directory was synced, and the first few changes since (a file system may keep changes
of names back, but it keeps their order).
"""

import os
import random
import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
"""What a disk writes whole or not at all, in bytes."""
_HEAD = struct.Struct("<cQQQ")

Files = dict[str, bytes]
"""The files of a directory by their names."""
Stored = dict[str, tuple[int, bytes]]
"""The same, each with its inode."""


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """One thing that the program asked of the system, or said."""

    what: str
    """Written, Truncated, Synced, Directory synced, Created, Unlinked, Renamed, Linked, or Output:
    its first letter."""
    inode: int
    number: int
    """Where it was written, or to which length it was cut."""
    payload: bytes
    """What was written or said, or the name; where it got another, both, with a NUL between."""


def build(directory: Path) -> Path:
    """Compile the recorder in `directory`; return the library."""
    library = directory / "record_writes.so"
    source = Path(__file__).with_name("record_writes.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source)], check=True)
    return library


def record(
    recorder: Path, command: Sequence[str], said: str, root: Path
) -> tuple[list[QuestionAsked], subprocess.CompletedProcess[bytes]]:
    """Run `command`, tell it `said`; return what it asked of the files in `root`, and its end."""
    log = recorder.with_name("log")
    log.unlink(missing_ok=True)
    ours = {"LD_PRELOAD": str(recorder), "RECORD_ROOT": str(root), "RECORD_LOG": str(log)}
    done = subprocess.run(
        command, input=said.encode(), capture_output=True, env={**os.environ, **ours},
        cwd=recorder.parent, check=False,
    )  # fmt: skip
    return list(_read(log.read_bytes())), done


def _read(log: bytes) -> Iterator[QuestionAsked]:
    at = 0
    while at < len(log):
        what, inode, number, length = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        yield QuestionAsked(what.decode(), inode, number, log[at : at + length])
        at += length


@dataclass(eq=False, slots=True)
class _File:
    """One file: what is safe of it, and what was done to it since."""

    synced: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Where something was written, and what; or to which length it was cut, and None."""

    def now(self) -> bytes:
        """Return what a program reads."""
        return _done(self.synced, self.since)

    def torn(self, choice: random.Random) -> bytes:
        """Return what may be left: of what was written since, some sectors and others not."""
        kept = choice.choice((0.1, 0.5, 0.9))
        return _done(self.synced, [x for x in _sectors(self.since) if choice.random() < kept])


def _sectors(since: list[tuple[int, bytes | None]]) -> Iterator[tuple[int, bytes | None]]:
    for at, written in since:
        if written is None:
            yield at, None
            continue
        begin = at
        while begin < at + len(written):
            end = min(begin // SECTOR * SECTOR + SECTOR, at + len(written))
            yield begin, written[begin - at : end - at]
            begin = end


def _done(before: bytes, since: Sequence[tuple[int, bytes | None]]) -> bytes:
    if not since:
        return before
    after = bytearray(before)
    for at, written in since:
        if written is None:
            del after[at:]
            after.extend(bytes(at - len(after)))
        else:
            after.extend(bytes(max(at - len(after), 0)))
            after[at : at + len(written)] = written
    return bytes(after)


class Disk:
    """The files of one directory, on a disk whose power may fail."""

    def __init__(self, files: Stored) -> None:
        """Begin with `files`, all of them safe."""
        self._files = {inode: _File(synced) for inode, synced in files.values()}
        self._names = {name: self._files[inode] for name, (inode, _) in files.items()}
        """The names as the program sees them."""
        self._safe_names = dict(self._names)
        self._names_since: list[dict[str, _File]] = []
        """The names after each change to them since the directory was synced."""

    def take(self, asked: QuestionAsked) -> None:
        """Do what a program asked for."""
        name = asked.payload.decode(errors="replace")
        match asked.what:
            case "W":
                self._files[asked.inode].since.append((asked.number, asked.payload))
            case "T":
                self._files[asked.inode].since.append((asked.number, None))
            case "S":
                file = self._files[asked.inode]
                file.synced, file.since = file.now(), []
            case "D":
                self._safe_names, self._names_since = dict(self._names), []
            case "C":
                self._files[asked.inode] = _File()
                self._renamed({**self._names, name: self._files[asked.inode]})
            case "U":
                self._renamed({n: f for n, f in self._names.items() if n != name})
            case "R":
                old, new = name.split("\0")
                left = {n: f for n, f in self._names.items() if n != old}
                self._renamed({**left, new: self._names[old]})
            case "L":
                old, new = name.split("\0")
                self._renamed({**self._names, new: self._names[old]})
            case _:
                assert asked.what == "O"

    def _renamed(self, names: dict[str, _File]) -> None:
        self._names = names
        self._names_since.append(names)

    def now(self) -> Files:
        """Return the files as a program sees them while there is power."""
        return {name: file.now() for name, file in self._names.items()}

    def without_power(self) -> Files:
        """Return what is left where the disk has done nothing that it was not made to do."""
        return {name: file.synced for name, file in self._safe_names.items()}

    def torn(self, choice: random.Random) -> Files:
        """Return what may be left where the disk has done some of it, in an order of its own."""
        names = choice.choice([self._safe_names, *self._names_since])
        return {name: file.torn(choice) for name, file in names.items()}

    @property
    def is_at_rest(self) -> bool:
        """Whether there is nothing that a power cut could take."""
        return not self._names_since and not any(f.since for f in self._names.values())


def stored(directory: Path) -> Stored:
    """Return what lies in `directory`."""
    return {p.name: (p.stat().st_ino, p.read_bytes()) for p in directory.iterdir()}


def lay_out(files: Files, directory: Path) -> None:
    """Write `files` into `directory`, in which nothing else is left."""
    directory.mkdir(exist_ok=True)
    for path in directory.iterdir():
        path.unlink()
    for name, content in files.items():
        (directory / name).write_bytes(content)
