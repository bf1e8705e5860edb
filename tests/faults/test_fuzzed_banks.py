"""Ten thousand malformed bank files: each is read as a sound bank or refused in one sentence."""

import os
import subprocess
import sys
import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path

from bank_texts import is_one_sentence
from faults import trials
from faults.broken_banks import KINDS, broken_bank, sound_texts
from faults.conftest import ReportResult
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


def check_one(number: int) -> tuple[str, str, str]:
    """Load a malformed bank as `workshop banks show FILE` does, and show it."""
    kind, content = broken_bank(number)
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder, "some.yaml")
        path.write_bytes(content)
        try:
            bank = find_bank(str(path))
        except WorkshopError as error:
            trials.assert_is_error_for_people(error, str(path))
            is_one_sentence(error)
            return kind, "refused", error.message.replace(str(path), "FILE")
        assert_is_sound(bank, Path(folder))
        return kind, "sound", ""


def assert_is_sound(bank: Bank, folder: Path) -> None:
    """Assert that a bank can be shown, and that a session on it can be created and listed."""
    assert bank.steps()
    trials.assert_is_printable(text_views.bank_text(bank))
    trials.assert_is_printable(text_views.bank_table([bank], 80))
    trials.assert_is_printable_json(json_views.bank_value(bank))
    assert Bank.model_validate_json(canonical_bank_json(bank)) == bank
    session = Session(
        id=uuid.uuid4().hex, title=bank.title, mode="group", bank=bank, created=datetime.now(UTC)
    )
    path = create_session(folder / "sessions", session)
    assert read_summary(path).bank == bank.title


def test_a_malformed_bank_file_is_read_as_a_bank_or_refused_in_one_sentence(
    report_result: ReportResult,
) -> None:
    for text in sound_texts():
        assert parse_bank(text, "sound.yaml").steps()
    results = trials.try_all(check_one, BANKS)
    report_result(trials.summarize(results))
    assert len(results) == BANKS
    assert not any(trial.is_wrong for trial in results), trials.describe_failures(results)
    if BANKS >= 1_000:
        assert {trial.kind for trial in results} == set(KINDS)
        assert {trial.outcome for trial in results} == {"sound", "refused"}


def test_the_command_line_refuses_a_bank_in_one_line_with_an_exit_code(
    tmp_path: Path, report_result: ReportResult
) -> None:
    codes: list[int] = []
    for number in range(COMMAND_LINES):
        _, content = broken_bank(number)
        path = tmp_path / "some.yaml"
        path.write_bytes(content)
        result = subprocess.run(
            [sys.executable, "-m", "workshop", "banks", "show", str(path)],
            capture_output=True, timeout=60, check=False,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        out, err = result.stdout.decode(), result.stderr.decode()
        assert harmful(out + err) == []
        assert result.returncode in (0, 4), err
        assert bool(err) == bool(result.returncode)
        assert err.count("\n") <= 1, err
        assert bool(out) != bool(err)
        codes.append(result.returncode)
    report_result(
        f"{len(codes)} command lines: {codes.count(0)} showed a bank, {codes.count(4)} refused it"
    )
