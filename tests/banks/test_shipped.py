"""Which shipped bank is newer than a session's own, and which of its words are taken over."""

import sys
from pathlib import Path

import pytest
from bank_texts import TINY

from workshop.banks import shipped
from workshop.banks.model import Bank
from workshop.banks.registry import shipped_banks
from workshop.banks.shipped import newer_shipped_bank
from workshop.banks.yaml_loader import parse_bank

PINNED = parse_bank(TINY, "tiny.yaml")
NEWER = TINY.replace("version: 1", "version: 2").replace("Name them.", "Name each of them.")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that holds the shipped banks in this test."""
    monkeypatch.setattr(shipped, "banks_directory", lambda: tmp_path)
    return tmp_path


# ── which bank is newer ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("bank", shipped_banks(), ids=lambda bank: bank.id)
def test_the_version_of_every_shipped_bank_is_found_in_its_text(bank: Bank) -> None:
    assert newer_shipped_bank(bank) is None
    older = bank.model_copy(update={"version": bank.version - 1})
    assert newer_shipped_bank(older) == bank


def test_a_shipped_bank_of_a_larger_version_is_newer(folder: Path) -> None:
    (folder / "tiny.yaml").write_text(NEWER, encoding="utf-8")
    assert newer_shipped_bank(PINNED) == parse_bank(NEWER, "tiny.yaml")


@pytest.mark.parametrize("version", ["1", "0", "-2", "two", "2.5", "9" * 12, ""])
def test_a_bank_of_no_larger_version_is_not_read_as_a_bank(
    folder: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    (folder / "tiny.yaml").write_text(TINY.replace("version: 1", f"version: {version}"))
    monkeypatch.setitem(sys.modules, "workshop.banks.yaml_loader", None)  # loading it would fail
    assert newer_shipped_bank(PINNED) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfeversion: 2",
        b"version: 2",
        b"version: 2\nid: [",
        NEWER.replace("id: tiny", "id: other").encode(),
        NEWER.replace("minutes: 5", "minutes: soon").encode(),
    ],
)
def test_what_is_not_a_newer_version_of_the_bank_counts_as_none(
    folder: Path, content: bytes
) -> None:
    (folder / "tiny.yaml").write_bytes(content)
    assert newer_shipped_bank(PINNED) is None


def test_a_bank_that_does_not_ship_or_cannot_be_read_has_no_newer_version(folder: Path) -> None:
    assert newer_shipped_bank(PINNED) is None
    (folder / "tiny.yaml").mkdir()
    assert newer_shipped_bank(PINNED) is None


# ── which words are taken over ───────────────────────────────────────────────────────────────


def with_words_of(newer: str) -> Bank:
    assert PINNED.questions  # cached in the bank, and must not be in the new one
    return PINNED.with_words_of(parse_bank(newer, "tiny.yaml"))


def words(bank: Bank) -> list[tuple[str, str]]:
    return [(question.help, question.example) for question in bank.questions.values()]


def test_help_and_example_come_from_the_newer_bank() -> None:
    bank = with_words_of(NEWER.replace("Ten.", "Ten euros a day."))
    assert words(bank) == [
        ("Name each of them.", "The baker."),
        ("In euros.", "Ten euros a day."),
    ]
    assert bank.steps()[0].questions[0].help == "Name each of them."


def test_a_question_that_the_newer_bank_asks_in_other_words_keeps_its_own() -> None:
    newer = NEWER.replace("Who 1) comes and 2) goes?", "Who 1) comes or 2) goes?")
    assert words(with_words_of(newer)) == words(PINNED)


@pytest.mark.parametrize("old", ["id: who", "id: left"])
def test_a_question_with_another_address_in_the_newer_bank_keeps_its_own(old: str) -> None:
    newer = NEWER.replace(old, "id: other").replace("left right", "other right" if "left" in old
                                                     else "left right")  # fmt: skip
    assert words(with_words_of(newer)) == words(PINNED)


def test_all_but_our_own_words_stays_as_it_was_pinned() -> None:
    tree = parse_bank(NEWER, "tiny.yaml").model_dump()
    left, right = tree["blocks"]
    tree |= {"title": "New", "subtitle": "New", "blocks": [right, left]}
    tree["canvas"] = "right left\nright left"
    left |= {"title": "New", "minutes": 50, "purpose": "Another purpose."}
    left["questions"][0].update(core=True, aspects=(), horizon="6 months")
    right["questions"] = [{**right["questions"][0], "id": "why"}, *right["questions"]]
    bank = PINNED.with_words_of(Bank.model_validate(tree))
    assert [step.id for step in bank.steps()] == ["left", "right"]
    changed = bank.model_dump()
    assert changed["blocks"][0]["questions"][0].pop("help") == "Name each of them."
    pinned = PINNED.model_dump()
    assert pinned["blocks"][0]["questions"][0].pop("help") == "Name them."
    assert changed == pinned


def test_a_newer_bank_that_lacks_a_question_leaves_it_its_words() -> None:
    newer = NEWER.replace("      - id: who\n", "      - id: whence\n")
    assert words(with_words_of(newer)) == words(PINNED)
