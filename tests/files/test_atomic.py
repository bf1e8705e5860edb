"""Writing a file whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from workshop.errors import BadFileError, CannotWriteError, Remedy
from workshop.files import atomic
from workshop.files.atomic import atomic_write


def write(
    target: Path, content: bytes = b"new", *, replace: bool | None = None, meanwhile: bytes = b""
) -> None:
    with atomic_write(target, replace=replace) as unfinished:
        assert unfinished.parent == target.parent
        unfinished.write_bytes(content)
        if meanwhile:
            target.write_bytes(meanwhile)


def test_the_file_is_there_once_the_block_ends(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "new") as unfinished:
        unfinished.write_bytes(b"whole")
        assert not (tmp_path / "new").exists()
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"new": b"whole"}


@pytest.mark.parametrize("replace", [None, False])
def test_an_existing_file_stays(tmp_path: Path, replace: bool | None) -> None:
    target = tmp_path / "there"
    target.write_bytes(b"old")
    with pytest.raises(CannotWriteError, match="is there already, so it stays") as said:
        write(target, replace=replace)
    assert said.value.remedy is (Remedy.TARGET if replace is None else Remedy.REPLACING)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"there": b"old"}


def test_a_file_that_appeared_meanwhile_stays(tmp_path: Path) -> None:
    target = tmp_path / "new"
    with pytest.raises(CannotWriteError, match="is there already"):
        write(target, meanwhile=b"theirs")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"new": b"theirs"}


def test_on_a_disk_without_hard_links_an_existing_file_stays_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(atomic.Path, "hardlink_to", refuse)
    write(tmp_path / "new")
    with pytest.raises(CannotWriteError, match="is there already"):
        write(tmp_path / "other", meanwhile=b"theirs")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        "new": b"new",
        "other": b"theirs",
    }


def test_with_replace_a_file_is_replaced_and_a_link_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "there"
    target.write_bytes(b"old")
    (tmp_path / "link").symlink_to(target)
    write(tmp_path / "link", replace=True)
    assert target.read_bytes() == b"new"
    assert (tmp_path / "link").is_symlink()


def test_only_a_regular_file_is_ever_replaced(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for target, said in (
        (tmp_path, "is a folder, not a file"),
        (tmp_path / "none" / "new", "There is no folder"),
        (tmp_path / "dangling", "is not an ordinary file"),
        (Path(os.devnull), "is not an ordinary file"),
    ):
        with pytest.raises(CannotWriteError, match=said):
            write(target)
    assert [p.name for p in tmp_path.iterdir()] == ["dangling"]


def test_an_error_of_the_block_leaves_nothing_and_names_the_target(tmp_path: Path) -> None:
    target = tmp_path / "new"

    def fail() -> None:
        with atomic_write(target) as unfinished:
            unfinished.with_name(unfinished.name + "-journal").touch()
            raise BadFileError(f"{unfinished} is odd.", "Look.")

    with pytest.raises(BadFileError) as said:
        fail()
    assert (said.value.message, said.value.hint) == (f"{target} is odd.", "Look.")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "There is no room left"), (errno.EROFS, "cannot be written: read-only")],
)
@pytest.mark.parametrize("step", ["close", "open", "fsync"])
def test_a_refusal_of_the_system_is_reported_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str, step: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(atomic.os, step, refuse)
        # Nothing in the block, which may itself open files.
        with pytest.raises(CannotWriteError, match=said), atomic_write(tmp_path / "new"):
            pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["Acme  2027", "U\u0308ber uns", "a\u00a0 b"])
def test_an_error_in_a_folder_of_an_odd_name_names_the_target_too(
    tmp_path: Path, folder: str
) -> None:
    (tmp_path / folder).mkdir()
    target = tmp_path / folder / "copy.db"
    with pytest.raises(CannotWriteError) as said, atomic_write(target) as unfinished:
        raise CannotWriteError(f"Not saved: the disk is full ({unfinished}).")
    assert (
        said.value.message == CannotWriteError(f"Not saved: the disk is full ({target}).").message
    )
    assert ".part" not in said.value.message
