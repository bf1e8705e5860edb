"""Finding a bank by what people call it."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.banks import registry
from workshop.banks.model import Bank
from workshop.banks.registry import find_bank, shipped_banks
from workshop.errors import BadFileError, CannotReadError, NotFoundError, WorkshopError

BANK = """\
id: {id}
version: 1
title: {title}
language: en
canvas: only
blocks:
  - id: only
    title: Only
    family: context
    minutes: 5
    purpose: A purpose.
    questions:
      - {{id: q, ask: What?, help: H., example: E.}}
"""


SHIPPED = shipped_banks()


def says_it_plainly(error: WorkshopError) -> None:
    said = str(error)
    assert {unicodedata.category(c) for c in said}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert len(said) < 500


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that stands in for the shipped banks, with two of nearly the same name."""
    for bank_id, title in (("lean_canvas", "Lean Canvas"), ("lean_start", "The Lean Start")):
        text = BANK.format(id=bank_id, title=title)
        (tmp_path / f"{bank_id}.yaml").write_text(text)
    monkeypatch.setattr(registry, "banks_directory", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "it_business_model_canvas",
        "it_b",
        "IT_Business",
        "it",
        "The IT Business Model Canvas",
        "the it",
        "it business model",
        "  IT Business ",
    ],
)
def test_the_it_bank_is_found_by_what_people_call_it(name: str, it_bank: Bank) -> None:
    assert find_bank(name) == it_bank


@pytest.mark.parametrize("name", ["business_model", "Business Model Alignment", "BUSINESS", "b"])
def test_the_alignment_bank_is_found_by_what_people_call_it(
    name: str, alignment_bank: Bank
) -> None:
    assert find_bank(name) == alignment_bank


def test_the_shipped_banks_come_in_the_order_of_their_titles() -> None:
    titles = [b.title for b in shipped_banks()]
    assert titles == sorted(titles, key=str.casefold)


@pytest.mark.parametrize("suffix", [".yaml", ".YML", ".txt", ""])
def test_a_file_is_found_by_its_path(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"mine{suffix}"
    file.write_text(BANK.format(id="mine", title="Mine"))
    assert find_bank(str(file)).id == "mine"


def test_an_ambiguous_name_lists_the_candidates(shelf: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_bank("lean")
    assert "lean_canvas or lean_start" in caught.value.message


def test_a_whole_id_is_never_ambiguous(shelf: Path) -> None:
    (shelf / "lean.yaml").write_text(BANK.format(id="lean", title="Lean"))
    assert find_bank("lean").id == "lean"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("it_busines_model", "it_business_model_canvas"),
        ("alignment_canvas", "business_model_alignment_canvas"),
        ("qqq", "it_business_model_canvas"),
        ("", "it_business_model_canvas"),
        ("   ", "business_model_alignment_canvas"),
    ],
)
def test_an_unknown_name_gets_the_nearest_ones(name: str, nearest: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_bank(name)
    assert nearest in caught.value.hint
    assert caught.value.exit_code == 3


def test_a_missing_bank_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no bank file"):
        find_bank(str(tmp_path / "none.yaml"))


def test_a_directory_named_like_a_bank_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(CannotReadError):
        find_bank(str(tmp_path / "folder.yaml"))


def test_an_empty_bank_file_is_not_a_bank(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").touch()
    with pytest.raises(BadFileError, match="is not a bank"):
        find_bank(str(tmp_path / "empty.yaml"))


def test_a_name_cannot_climb_out_of_the_banks_folder(shelf: Path) -> None:
    inside = shelf / "inside"
    inside.mkdir()
    (shelf / "secret.yaml").write_text(BANK.format(id="secret", title="Secret"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "banks_directory", lambda: inside)
        with pytest.raises(NotFoundError):
            find_bank("../secret")


@pytest.mark.parametrize(
    "name",
    ["a" * 300, "a" * 300 + ".yaml", "a\0b", "a\0b.yaml", "\ud800", "\x1b[31mred\n\x1b[0m.yaml",
     "\x1b]0;pwned\x07", "\u202eyaml.exe", "/" * 5000, "~", ".", "..", "/", "*", "[a"],
)  # fmt: skip
def test_a_hostile_name_is_not_found_in_plain_words(name: str) -> None:
    with pytest.raises(WorkshopError) as caught:
        find_bank(name)
    says_it_plainly(caught.value)


@given(st.text())
@settings(max_examples=100)
def test_any_name_is_a_bank_or_not_found(name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "shipped_banks", lambda: SHIPPED)
        try:
            assert find_bank(name) in SHIPPED
        except WorkshopError as error:
            says_it_plainly(error)
