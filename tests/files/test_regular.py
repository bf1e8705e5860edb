"""Opening the files that people name, and nothing that one would wait at."""

import os
from pathlib import Path

import pytest

from workshop.files.regular import open_regular


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "some").write_bytes(b"id: tiny\r\n")
    with open_regular(tmp_path / "some") as file:
        assert file.read() == b"id: tiny\r\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_and_a_device_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OSError, match="it is not an ordinary file"):
            open_regular(path)


def test_a_folder_is_reported_as_a_folder(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)
