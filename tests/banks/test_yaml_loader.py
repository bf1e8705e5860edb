"""Reading a bank: whatever is in the file, a bank or one sentence that says where it is wrong."""

import os
from pathlib import Path

import pytest
from bank_texts import LEVELLED, TINY, is_one_sentence

from workshop.banks import yaml_loader
from workshop.banks.yaml_loader import MAX_BYTES, MAX_DEPTH, load_bank, parse_bank
from workshop.errors import BadFileError, CannotReadError, WorkshopError


def refusal(text: str) -> BadFileError:
    """Return why `text` is not a bank."""
    with pytest.raises(BadFileError) as caught:
        parse_bank(text, "tiny.yaml")
    is_one_sentence(caught.value)
    return caught.value


def changed(old: str, new: str, text: str = TINY) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the bank"
    return text.replace(old, new)


def test_the_tiny_banks_are_banks() -> None:
    assert [s.id for s in parse_bank(TINY, "tiny.yaml").steps()] == ["left", "right"]
    assert [s.id for s in parse_bank(LEVELLED, "x").steps()] == ["upper.left", "lower.right"]


# ── where a mistake is ───────────────────────────────────────────────────────────────────────

MISTAKES: list[tuple[str, str, str, int, int, str]] = [
    # what, the words in TINY, what stands there instead, line, column, what is said
    ("duplicate_key", "version: 1\n", "version: 1\nid: again\n", 3, 1, "'id'"),
    ("nested_duplicate_key", "title: Left", "title: Left\n    title: Left", 11, 5, "title"),
    ("alias", "title: Right", "title: &t Right\n    purpose: *t", 21, 12, "anchors"),
    ("anchor_alone", "title: Tiny", "title: &a Tiny", 3, 8, "anchors"),
    ("tab", "version: 1", "version:\t1", 2, 9, "start any token"),
    ("unknown_key", "title: Tiny", "title: Tiny\ncolour: red", 4, 1, "colour"),
    ("unknown_nested_key", "help: In euros.", "hlep: In euros.\n        help: x", 28, 9, "hlep"),
    ("missing_key", "    title: Right\n", "", 20, 5, "title"),
    ("missing_question_key", "        example: Ten.\n", "", 26, 9, "example"),
    ("wrong_type", "title: Right", "title: [Right]", 21, 5, "title"),
    ("number_as_title", "title: Right", "title: 1.0", 21, 5, "title"),
    ("true_as_title", "title: Right", "title: true", 21, 5, "title"),
    ("nothing_as_title", "title: Right", "title:", 21, 5, "title"),
    ("blank_title", "title: Right", 'title: " "', 21, 5, "title"),
    ("word_as_minutes", "finance\n    minutes: 5", "finance\n    minutes: soon", 23, 5, "minutes"),
    ("endless_minutes", "finance\n    minutes: 5", "finance\n    minutes: 1e9", 23, 5, "minutes"),
    ("hexadecimal", "version: 1", "version: 0x10", 2, 10, "plain number"),
    ("endless_version", "version: 1", f"version: {'9' * 39}", 2, 1, "at most 999999999"),
    ("infinity", "version: 1", "version: .inf", 2, 10, "plain number"),
    ("bad_id", "id: tiny", "id: Tiny Bank", 1, 1, "id"),
    ("path_as_id", "id: tiny", "id: ../../etc", 1, 1, "id"),
    ("bad_block_id", "- id: right", "- id: right-hand", 20, 5, "id"),
    ("duplicate_block", "- id: right", "- id: left", 20, 5, "left is used 2 times"),
    ("unknown_family", "family: finance", "family: money", 22, 5, "family"),
    ("bad_language", "language: en", "language: English please", 4, 1, "language"),
    ("ragged_canvas", "  left right\nblocks", "  left\nblocks", 5, 1, "different lengths"),
    ("torn_canvas", "  left right\nblocks", "  right left\nblocks", 5, 1, "not one rectangle"),
    ("unknown_block_on_canvas", "  left right\nblocks", "  left middle\nblocks", 5, 1, "middle"),
    ("block_not_on_canvas", "  left right\n  left right\n", "  left left\n", 5, 1, "right"),
    ("empty_canvas", "canvas: |\n  left right\n  left right\n", "canvas: ''\n", 5, 1, "canvas"),
    ("too_few_column_widths", "blocks:", "columns: [1]\nblocks:", 8, 1, "column widths"),
    ("no_column_width", "blocks:", "columns: [1, 0]\nblocks:", 8, 14, "columns"),
    ("walk_without_levels", "blocks:", "walk: [left]\nblocks:", 8, 1, "walk"),
    ("level_without_levels", "- id: what\n", "- id: what\n        level: upper\n", 27, 9, "upper"),
    ("aspect_not_in_ask", "[comes, goes]", "[comes, sleeps]", 19, 9, "sleeps"),
    ("no_questions", TINY[TINY.rindex("    questions"):], "    questions: []", 25, 5, "questions"),
    ("blocks_as_a_word", TINY[TINY.index("blocks:"):], "blocks: none\n", 8, 1, "blocks"),
    ("python_object_as_id", "id: tiny", "id: !!python/object/apply:os.system [ls]", 1, 1, "id"),
    ("binary_as_id", "id: tiny", "id: !!binary AAECAw==", 1, 1, "id"),
    ("merge_key", "version: 1", "version: 1\n<<: {title: Merged}", 3, 1, "<<"),
    ("list_as_key", "version: 1", "version: 1\n? [a, b]\n: c", 3, 3, "key"),
    ("two_documents", "version: 1", "version: 1\n---\nid: x", 3, 1, "document"),
    ("control_character", "title: Tiny", "title: Ti\x07ny", 3, 10, "U+0007"),
    ("escape_character", "title: Tiny", "title: \x1b[31mTiny", 3, 8, "U+001B"),
    ("nul", "title: Tiny", "title: \0", 3, 8, "U+0000"),
    ("lone_surrogate", "title: Tiny", "title: \ud800", 3, 8, "U+D800"),
    ("open_quote", "title: Right", 'title: "Right', 30, 1, ""),
    ("newer_yaml", "id: tiny", "%YAML 9.9\n---\nid: tiny", 1, 1, "YAML"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "said"),
    [m[1:] for m in MISTAKES],
    ids=[m[0] for m in MISTAKES],
)
def test_a_mistake_is_named_with_its_line_and_column(
    old: str, new: str, line: int, column: int, said: str
) -> None:
    message = refusal(changed(old, new)).message
    assert message.startswith(f"tiny.yaml, line {line}, column {column}: ")
    assert said in message


LEVEL_MISTAKES: list[tuple[str, str, str, int, int, str]] = [
    ("walk_leaves_out", "  - lower.right\n", "", 11, 1, "leaves out lower.right"),
    ("walk_astray", "  - lower.right\n", "  - lower.right\n  - lower.left\n", 14, 5, "lower.left"),
    ("walk_goes_twice", "  - lower.right\n", "  - lower.right\n  - upper.left\n", 14, 5, "2 times"),
    ("walk_as_a_path", "  - lower.right\n", "  - lower.right\n  - ../x\n", 14, 5, "../x"),
    ("unknown_level", "        level: lower\n", "        level: middle\n", 34, 9, "upper"),
    ("no_level", "        level: lower\n", "", 33, 9, "none"),
    ("duplicate_level", "{id: lower,", "{id: upper,", 10, 6, "upper is used 2 times"),
    ("unknown_voice", "voice: you", "voice: they", 10, 31, "voice"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "said"),
    [m[1:] for m in LEVEL_MISTAKES],
    ids=[m[0] for m in LEVEL_MISTAKES],
)
def test_a_mistake_about_levels_is_named_with_its_line_and_column(
    old: str, new: str, line: int, column: int, said: str
) -> None:
    message = refusal(changed(old, new, LEVELLED)).message
    assert message.startswith(f"tiny.yaml, line {line}, column {column}: ")
    assert said in message


def test_a_bank_with_levels_says_how_it_is_walked() -> None:
    without = LEVELLED.replace("walk:\n  - upper.left\n  - lower.right\n", "")
    assert "the walk leaves out lower.right" in refusal(without).message


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# nothing\n", "---\n", "- id: tiny\n", "tiny", "5", "null", "\ufeff"]
)
def test_yaml_without_keys_is_not_a_bank(text: str) -> None:
    assert "tiny.yaml is not a bank" in refusal(text).message


@pytest.mark.parametrize(
    "text",
    [
        'title: "\\U00110000"',
        'title: "\\UFFFFFFFF"',
        "title: >999999999999999999999\n x",
        "%YAML x\n---\na: 1",
        "%TAG ! x\n---\ntitle: !a b",
        "title: !<> b",
        "title: !!int []",
        "title: !!float word",
        'version: !!int "\\e[31m"',
        '"\\e[31m": 1\n"\\e[31m": 2',
        '"\\ud800": 1',
        f"{'k' * 5000}: 1",
        f"? {'k' * 5000}\n: 1\n? {'k' * 5000}\n: 2",
        f"version: {'9' * 5000}",
        "version: " + "1_" * 1000,
        "title: *missing",
        "? : :",
        "}{",
        "@",
        "`",
        "a: b: c",
    ],
)
def test_odd_yaml_is_refused_in_one_sentence(text: str) -> None:
    refusal(text)


def test_a_key_with_escape_codes_does_not_reach_the_terminal() -> None:
    message = refusal(changed("version: 1", 'version: 1\n"\\e[2J\\u202e": x')).message
    assert message.startswith("tiny.yaml, line 3, column 1: ")
    assert "\u202e" not in message


def test_a_walk_with_escape_codes_does_not_reach_the_terminal() -> None:
    refusal(changed("  - lower.right\n", '  - lower.right\n  - "\\e[2J\\n"\n', LEVELLED))


@pytest.mark.parametrize("kind", ["flow", "block", "mixed"])
def test_a_file_nested_too_deeply_is_refused_before_it_is_built(kind: str) -> None:
    deep = {
        "flow": "a: " + "[" * 10_000,
        "block": "\n".join(" " * i + "a:" for i in range(500)),
        "mixed": "a: " + "[{b: " * 5_000,
    }[kind]
    assert f"deeper than {MAX_DEPTH} levels" in refusal(deep).message


def test_a_file_of_very_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_loader, "MAX_VALUES", 1_000)
    parse_bank(TINY, "tiny.yaml")
    assert "more than 1,000 values" in refusal("a: [" + "1," * 1_000 + "1]").message


# ── words stay words ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "word",
    ["no", "yes", "on", "off", "No", "2026-11-22", "12:30:45", "=", "1.2.3",
     "!custom Right", "!!python/object:os.system Right", "!!binary UmlnaHQ="],
)  # fmt: skip
def test_a_word_that_yaml_likes_to_change_stays_a_word(word: str) -> None:
    bank = parse_bank(changed("title: Right", f"title: {word}"), "tiny.yaml")
    assert bank.block("right").title == word.rsplit(" ", maxsplit=1)[-1]


@pytest.mark.parametrize("quoted", ["'1.0'", '"true"', "'null'", "'~'"])
def test_a_quoted_number_is_a_title(quoted: str) -> None:
    bank = parse_bank(changed("title: Right", f"title: {quoted}"), "tiny.yaml")
    assert bank.block("right").title == quoted[1:-1]


@pytest.mark.parametrize("version", ["", "%YAML 1.1\n---\n", "%YAML 1.2\n---\n"])
@pytest.mark.parametrize(("word", "meant"), [("true", True), ("false", False), ("yes", True)])
def test_core_means_what_it_says_in_every_version_of_yaml(
    version: str, word: str, meant: bool
) -> None:
    text = version + changed("ask: What does it cost?", f"core: {word}\n        ask: What?")
    assert parse_bank(text, "tiny.yaml").questions["right.what"].core is meant


def test_escape_codes_in_a_title_are_cleaned_away() -> None:
    text = changed("title: Right", 'title: "\\e[31mRi\\u202eght\\e]0;pwned\\a"')
    assert parse_bank(text, "tiny.yaml").block("right").title == "Right"


def test_markup_in_a_title_is_text() -> None:
    text = changed("title: Right", "title: '[@click=app.quit]Right[/]'")
    assert parse_bank(text, "tiny.yaml").block("right").title == "[@click=app.quit]Right[/]"


def test_a_title_over_several_lines_is_one_line() -> None:
    text = changed("title: Right", 'title: "Right\\n\\n  hand"')
    assert parse_bank(text, "tiny.yaml").block("right").title == "Right hand"


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "tiny.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + TINY.replace("\n", "\r\n").encode())
    assert load_bank(file) == parse_bank(TINY, "tiny.yaml")


# ── files ────────────────────────────────────────────────────────────────────────────────────


def unreadable(path: Path, kind: type[WorkshopError]) -> str:
    with pytest.raises(kind) as caught:
        load_bank(path)
    is_one_sentence(caught.value)
    return caught.value.message


def test_a_file_that_is_not_utf8_says_on_which_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"id: tiny\ntitle: Gesch\xe4ft\n")
    message = unreadable(file, BadFileError)
    assert "line 2" in message
    assert "UTF-8" in message


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    file.write_bytes(b"# " + b"x" * MAX_BYTES)
    assert "larger than" in unreadable(file, BadFileError)


@pytest.mark.parametrize("raw", [b"\x00" * 512, b"SQLite format 3\x00", b"PK\x03\x04\x14\x00"])
def test_a_binary_file_is_refused(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "binary.yaml"
    file.write_bytes(raw)
    unreadable(file, BadFileError)


def test_a_directory_cannot_be_read(tmp_path: Path) -> None:
    assert "directory" in unreadable(tmp_path, CannotReadError)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    message = unreadable(tmp_path / "pipe.yaml", CannotReadError)
    assert message.endswith("cannot be read: it is not an ordinary file.")


def test_a_missing_file_cannot_be_read(tmp_path: Path) -> None:
    assert "no such file" in unreadable(tmp_path / "none.yaml", CannotReadError)


@pytest.mark.parametrize("name", ["a\0b.yaml", "a" * 300 + ".yaml", "\x1b[31m\n.yaml", "\udc80"])
def test_a_name_that_no_file_has_cannot_be_read(name: str, tmp_path: Path) -> None:
    unreadable(tmp_path / name, CannotReadError)


def test_a_file_without_permission_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "tiny.yaml"
    file.write_text(TINY)
    monkeypatch.setattr(os, "open", closed)
    assert "permission denied" in unreadable(file, CannotReadError)
