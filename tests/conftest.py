"""What all tests share: settings, signals, and the marks, which follow from one rule."""

import signal
from pathlib import Path

import pytest
from hypothesis import settings

# No test here fails because a machine is slow.
settings.register_profile("workshop", deadline=None, print_blob=True)
settings.load_profile("workshop")

# Under nohup, or behind a shell's &, what a test starts would be deaf to these.
for _name, _usual in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    if signal.getsignal(_number := getattr(signal, _name, signal.SIGINT)) == signal.SIG_IGN:
        signal.signal(_number, _usual)

TESTS = Path(__file__).parent
SLOW = (
    "faults",
    "cli/test_bad_input.py",
    "cli/test_care.py",
    "cli/test_care_of_torn_files.py",
    "cli/test_commands.py",
    "cli/test_hostile_words.py",
    "cli/test_reporting.py",
    "cli/test_reporting_refused.py",
    "cli/test_start.py",
    "report/test_canvas_fit.py",
    "report/test_files.py",
    "report/test_invariants.py",
    "report/test_pdf.py",
    "report/test_pdf_refused.py",
    "report/test_slides.py",
    "report/test_template.py",
    "report/test_template_pages.py",
    "report/test_template_refused.py",
    "report/test_template_repairs.py",
    "report/test_template_safety.py",
    "report/test_whose_file.py",
    "report/test_word.py",
    "report/test_word_languages.py",
    "session/test_merge.py",
    "session/test_state.py",
    "store/test_answers_view.py",
    "store/test_append.py",
    "store/test_hold.py",
    "store/test_limits.py",
    "store/test_merge.py",
    "store/test_rescue.py",
    "test_layers.py",
    "test_plain.py",
    "test_plain_saving.py",
    "test_sitting.py",
    "tui/test_canvas.py",
    "tui/test_conversation.py",
    "tui/test_for_later.py",
    "tui/test_half_typed.py",
    "tui/test_hostile_words.py",
    "tui/test_not_saved.py",
    "tui/test_prompt.py",
    "tui/test_report.py",
)
"""Folders and modules under `tests/` that take two seconds or more in all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a terminal or LibreOffice, and as `fast` all else that is not slow."""
    for item in items:
        needs = marks_of(item)
        for mark in needs:
            item.add_marker(mark)
        path = item.path.relative_to(TESTS)
        is_slow = any(path.is_relative_to(slow) for slow in SLOW)
        if not needs and not is_slow:
            item.add_marker("fast")


def marks_of(item: pytest.Item) -> list[str]:
    """Return what a test needs: its module imports what drives a terminal, it asks for `soffice`.

    Asking counts through other fixtures, too.
    """
    module = vars(getattr(item, "module", None) or object)
    needs = ["terminal"] if "Terminal" in module or "pexpect" in module else []
    return needs + (["office"] if "soffice" in getattr(item, "fixturenames", ()) else [])
