"""A command line that is carried out in the test's own process."""

import functools
import io
import sys
from pathlib import Path

import pytest
from cli_support import Outcome, Workshop

from workshop.__main__ import main
from workshop.banks import registry

_load_bank = functools.cache(registry.load_bank)


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

    def call(*arguments: str, stdin: str = "") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["workshop", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert "\x1b" not in out + err
        return Outcome(int(left.value.code or 0), out, err)

    return call
