"""Errors for people: what they quote is cleaned, and what happened is on one line."""

from hostile import HOSTILE, harmful

from workshop.errors import BadFileError


def test_a_message_is_one_plain_line_whatever_it_quotes() -> None:
    for text in HOSTILE:
        error = BadFileError(f"{text} is odd.", f"Not {text} again?")
        assert harmful(error.message, lines=False) == []
        assert harmful(error.hint) == []
        assert harmful(str(error)) == []


def test_a_name_with_a_line_end_forges_no_line() -> None:
    assert str(BadFileError("a\nSaved.\n.db is not a session file.")) == (
        "a Saved. .db is not a session file."
    )


def test_a_hint_may_have_lines() -> None:
    assert str(BadFileError("There are 2.", "Say which:\n  one\n  two")) == (
        "There are 2. Say which:\n  one\n  two"
    )
