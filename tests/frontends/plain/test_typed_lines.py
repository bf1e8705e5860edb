"""Line mode as people meet it: at a terminal, with a prompt."""

import sys
from pathlib import Path

import pytest

from workshop.banks.registry import find_bank
from workshop.frontends.cli.sessions import make_session

pexpect = pytest.importorskip("pexpect")

ARGUMENTS = ["-m", "workshop", "resume", "--plain"]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_session(tmp_path, find_bank("it"), title="Acme", participants=["Anna"])


def test_somebody_who_types_gets_a_prompt_and_the_commands(path: Path) -> None:
    child = pexpect.spawn(sys.executable, [*ARGUMENTS, str(path)], encoding="utf-8", timeout=20)
    child.expect_exact("Commands: /next")
    child.expect_exact("> ")
    child.sendline("First")
    child.expect_exact("saved 1")
    child.sendline("/rev\t")
    child.expect_exact("    1  First")
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_ctrl_c_leaves_with_130(path: Path) -> None:
    child = pexpect.spawn(sys.executable, [*ARGUMENTS, str(path)], encoding="utf-8", timeout=20)
    child.expect_exact("> ")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert "Traceback" not in child.before
