"""Errors for people: what they quote is cleaned, and what happened is on one line."""

from hostile import HOSTILE, harmful

from workshop.errors import BadFileError, CannotWriteError, without_options


def test_a_message_is_one_plain_line_whatever_it_quotes() -> None:
    for text in HOSTILE:
        error = BadFileError(f"{text} is odd.", f"Not {text} again?")
        assert harmful(error.message, lines=False) == []
        assert harmful(error.hint) == []
        assert harmful(str(error)) == []


def test_a_line_end_in_a_name_cannot_forge_a_line_of_output() -> None:
    assert str(BadFileError("a\nSaved.\n.db is not a session file.")) == (
        "a Saved. .db is not a session file."
    )


def test_a_hint_may_have_lines() -> None:
    assert str(BadFileError("There are 2.", "Say which:\n  one\n  two")) == (
        "There are 2. Say which:\n  one\n  two"
    )


def test_in_a_conversation_a_hint_about_options_is_replaced() -> None:
    error = CannotWriteError("a.db is there already.", "Choose another file with -o.")
    assert without_options(error, "Choose another place.") == (
        "a.db is there already. Choose another place."
    )


def test_in_a_conversation_a_hint_without_options_stays() -> None:
    error = CannotWriteError("There is no folder x.", "Create it, or choose another place.")
    assert without_options(error, "Move that file.") == str(error)
