"""What all tests share: settings, signals, the marks, and the conversation fixtures."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from conversation_support import Talk, shipped_bank
from hypothesis import settings

from workshop.session.session import Session

# No test fails because a machine is slow.
settings.register_profile("workshop", deadline=None, print_blob=True)
settings.load_profile("workshop")

# Under nohup, or in a shell's background job, the programs that a test starts would ignore these.
for _name, _default in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    if signal.getsignal(_number := getattr(signal, _name, signal.SIGINT)) == signal.SIG_IGN:
        signal.signal(_number, _default)

TESTS = Path(__file__).parent
SLOW = (
    "export/layout/test_fit.py",
    "export/slides/test_slides.py",
    "export/test_invariants.py",
    "export/test_pdf.py",
    "export/test_pdf_refused.py",
    "export/test_provenance.py",
    "export/test_write_file.py",
    "export/word/template/test_page_setup.py",
    "export/word/template/test_refused.py",
    "export/word/template/test_safety.py",
    "export/word/template/test_style_repairs.py",
    "export/word/template/test_template.py",
    "export/word/test_word.py",
    "export/word/test_word_languages.py",
    "faults",
    "frontends/cli/commands/test_export.py",
    "frontends/cli/commands/test_export_refused.py",
    "frontends/cli/commands/test_maintenance.py",
    "frontends/cli/commands/test_maintenance_of_torn_files.py",
    "frontends/cli/test_bad_input.py",
    "frontends/cli/test_commands.py",
    "frontends/cli/test_hostile_words.py",
    "frontends/cli/test_menu.py",
    "frontends/plain/test_line_mode.py",
    "frontends/plain/test_saving.py",
    "frontends/tui/screens/test_canvas.py",
    "frontends/tui/screens/test_conversation.py",
    "frontends/tui/test_drafts.py",
    "frontends/tui/test_for_later.py",
    "frontends/tui/test_hostile_words.py",
    "frontends/tui/test_not_saved.py",
    "frontends/tui/test_report.py",
    "frontends/tui/test_titles.py",
    "frontends/tui/widgets/test_prompt.py",
    "session/test_fold.py",
    "session/test_merge.py",
    "storage/integrity/test_rescue.py",
    "storage/integrity/test_verify_and_rescue.py",
    "storage/sqlite/test_answer_table.py",
    "storage/sqlite/test_append.py",
    "storage/sqlite/test_limits.py",
    "storage/test_lock.py",
    "storage/test_merge_files.py",
    "test_imports.py",
    "live_session",
)
"""Folders and modules under `tests/` that take two seconds or more in all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a terminal or LibreOffice, and the other quick ones as `fast`."""
    for item in items:
        needs = marks_of(item)
        for mark in needs:
            item.add_marker(mark)
        path = item.path.relative_to(TESTS)
        is_slow = any(path.is_relative_to(slow) for slow in SLOW)
        if not needs and not is_slow:
            item.add_marker("fast")


def marks_of(item: pytest.Item) -> list[str]:
    """Return the marks of a test: `terminal` if its module drives one, `office` for `soffice`.

    A fixture that another fixture requests counts as well.
    """
    module = vars(getattr(item, "module", None) or object)
    needs = ["terminal"] if "Terminal" in module or "pexpect" in module else []
    return needs + (["office"] if "soffice" in getattr(item, "fixturenames", ()) else [])


Start = Callable[..., Talk]


@pytest.fixture(scope="session")
def start() -> Start:
    """Return a function that starts a session of the bank "it" or "alignment"."""

    def begin(bank: str = "it", *, speaker: str = "", **options: object) -> Talk:
        fields = {"id": "5e" * 16, "title": "A session", "mode": "solo", **options}
        session = Session.model_validate(
            {**fields, "bank": shipped_bank(bank), "created": "2026-11-22T09:00:00Z"}
        )
        return Talk(session, speaker)

    return begin


@pytest.fixture
def talk(start: Start) -> Talk:
    """Return a new session of the IT canvas, at its first question."""
    return start()
