"""Ten thousand files that are almost banks: each is a sound bank, or is refused in one sentence."""

import os
import subprocess
import sys
import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path

from bank_texts import is_one_sentence
from faults import hardships
from faults.broken_banks import KINDS, broken_bank, sound_texts
from faults.conftest import Tell
from faults.counts import count
from faults.fresh import MEMORY
from hostile import harmful

from workshop.banks.model import Bank
from workshop.banks.registry import find_bank
from workshop.banks.yaml_loader import parse_bank
from workshop.errors import WorkshopError
from workshop.frontends.cli import json_views, text_views
from workshop.session.session import Session, canonical_bank_json
from workshop.storage.catalog import read_summary
from workshop.storage.sqlite.create import create_session

BANKS = count("BANKS", 10_000)
COMMAND_LINES = count("BANK_COMMAND_LINES", 60)


def what_becomes_of(number: int) -> tuple[str, str, str]:
    """Load a broken bank as `workshop banks show FILE` does, and show it."""
    kind, content = broken_bank(number)
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder, "some.yaml")
        path.write_bytes(content)
        try:
            bank = find_bank(str(path))
        except WorkshopError as error:
            hardships.is_for_people(error, str(path))
            is_one_sentence(error)
            return kind, "refused", error.message.replace(str(path), "FILE")
        is_sound(bank, Path(folder))
        return kind, "sound", ""


def is_sound(bank: Bank, folder: Path) -> None:
    """Assert that a bank can be shown, and that a session on it can be made and listed."""
    assert bank.steps()
    hardships.is_plain(text_views.bank_text(bank))
    hardships.is_plain(text_views.bank_table([bank], 80))
    hardships.is_plain_json(json_views.bank_value(bank))
    assert Bank.model_validate_json(canonical_bank_json(bank)) == bank
    session = Session(
        id=uuid.uuid4().hex, title=bank.title, mode="group", bank=bank, created=datetime.now(UTC)
    )
    path = create_session(folder / "sessions", session)
    assert read_summary(path).bank == bank.title


def test_whatever_is_in_a_bank_file_it_is_a_bank_or_one_sentence(tell: Tell) -> None:
    for text in sound_texts():
        assert parse_bank(text, "sound.yaml").steps()
    done = hardships.try_all(what_becomes_of, BANKS)
    tell(hardships.told(done))
    assert len(done) == BANKS
    assert not any(tried.is_wrong for tried in done), hardships.first_wrong(done)
    if BANKS >= 1_000:
        assert {tried.kind for tried in done} == set(KINDS)
        assert {tried.came_to for tried in done} == {"sound", "refused"}


def test_the_command_line_says_it_in_one_line_and_with_its_exit_code(
    tmp_path: Path, tell: Tell
) -> None:
    codes: list[int] = []
    for number in range(COMMAND_LINES):
        _, content = broken_bank(number)
        path = tmp_path / "some.yaml"
        path.write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-m", "workshop", "banks", "show", str(path)],
            capture_output=True, timeout=60, check=False,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        out, err = done.stdout.decode(), done.stderr.decode()
        assert harmful(out + err) == []
        assert done.returncode in (0, 4), err
        assert bool(err) == bool(done.returncode)
        assert err.count("\n") <= 1, err
        assert bool(out) != bool(err)
        codes.append(done.returncode)
    tell(f"{len(codes)} command lines: {codes.count(0)} showed a bank, {codes.count(4)} refused it")
