"""A command line that is carried out in the test's own process."""

import functools
import io
import sys
from pathlib import Path

import pytest
from cli_support import Outcome, Workshop

from workshop.__main__ import main
from workshop.banks import registry
from workshop.banks.model import Bank
from workshop.banks.yaml_loader import load_bank

_load_once = functools.cache(load_bank)


def _load_bank(path: Path) -> Bank:
    # Tests give their own banks relative paths, which mean another file in each test.
    return _load_once(path) if path.is_absolute() else load_bank(path)


@pytest.fixture
def sessions(tmp_path: Path) -> Path:
    return tmp_path / "sessions"


@pytest.fixture
def workshop(
    tmp_path: Path,
    sessions: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Workshop:
    """Return a function that runs a command line, with sessions in tmp_path."""
    monkeypatch.setenv("WORKSHOP_SESSIONS", str(sessions))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(registry, "load_bank", _load_bank)

    def call(*arguments: str, stdin: str = "", at_terminal: bool = False) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["workshop", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        monkeypatch.setattr(sys.stdin, "isatty", lambda: at_terminal)
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert "\x1b" not in out + err
        return Outcome(int(left.value.code or 0), out, err)

    return call
