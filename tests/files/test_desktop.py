"""Showing a folder on the desktop: with the system's opener, which cannot write on our screen."""

import os
import stat
import time
from pathlib import Path

import pytest

from workshop.errors import NotFoundError, WorkshopError
from workshop.files import desktop

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the opener of the test is a script")


@pytest.fixture
def opener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an xdg-open of the test's own on the path, at a desktop; it does what is in it."""
    script = tmp_path / "bin" / "xdg-open"
    script.parent.mkdir()
    for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(desktop.sys, "platform", "linux")
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    does(script, 'printf "%s" "$#:$1" > "$OPENED"')
    monkeypatch.setenv("OPENED", str(tmp_path / "opened"))
    return script


def does(script: Path, what: str) -> None:
    script.write_text(f"#!/bin/sh\n{what}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize("name", ["plain", "with space; touch owned", "$(id) `id`", "a\nb", "%20"])
def test_the_opener_gets_the_folder_as_one_argument(
    opener: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    desktop.open_folder(folder)
    assert (tmp_path / "opened").read_text() == f"1:{folder}"
    assert not (tmp_path / "owned").exists()


def test_the_openers_output_does_not_reach_the_terminal(
    opener: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    does(opener, 'echo garbage; echo garbage >&2; touch "$OPENED"')
    desktop.open_folder(tmp_path)
    assert capfd.readouterr() == ("", "")
    assert (tmp_path / "opened").exists()


def test_the_opener_takes_no_keys_that_people_type(opener: Path, tmp_path: Path) -> None:
    does(opener, 'head -c 1 > "$OPENED"')
    keyboard, fingers = os.pipe()
    before = os.dup(0)
    os.dup2(keyboard, 0)
    try:
        os.write(fingers, b"hello")
        desktop.open_folder(tmp_path)
    finally:
        os.dup2(before, 0)
        for end in (keyboard, fingers, before):
            os.close(end)
    assert (tmp_path / "opened").read_bytes() == b""


def test_an_opener_that_fails_is_one_sentence(opener: Path, tmp_path: Path) -> None:
    does(opener, "exit 3")
    with pytest.raises(WorkshopError, match=r"cannot be opened from here \(xdg-open ended with 3"):
        desktop.open_folder(tmp_path)


def test_an_opener_that_cannot_be_started_is_one_sentence(opener: Path, tmp_path: Path) -> None:
    opener.write_text("#!/no/such/shell\n")
    with pytest.raises(WorkshopError, match="cannot be opened from here"):
        desktop.open_folder(tmp_path)


def test_an_opener_that_is_the_file_manager_itself_is_left_alone(
    opener: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "_FAILURE_TIMEOUT", 0.05)
    does(opener, f'touch "$OPENED"; while [ ! -e {tmp_path}/closed ]; do sleep 0.05; done')
    desktop.open_folder(tmp_path)
    (tmp_path / "closed").touch()
    while not (tmp_path / "opened").exists():
        time.sleep(0.01)


def test_a_missing_folder_is_named(opener: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no folder .*gone any more"):
        desktop.open_folder(tmp_path / "gone")


@pytest.mark.usefixtures("opener")
def test_a_folder_can_be_shown_on_a_desktop_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert desktop.can_open_folder()
    monkeypatch.delenv("DISPLAY")
    assert not desktop.can_open_folder()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert desktop.can_open_folder()
    monkeypatch.setenv("PATH", "")
    assert not desktop.can_open_folder()


@pytest.mark.usefixtures("opener")
@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"])
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_over_ssh_there_is_no_desktop(
    monkeypatch: pytest.MonkeyPatch, name: str, platform: str
) -> None:
    monkeypatch.setattr(desktop.sys, "platform", platform)
    assert desktop.can_open_folder()
    monkeypatch.setenv(name, "10.0.0.1 22")
    assert not desktop.can_open_folder()
