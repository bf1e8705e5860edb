"""Reading whatever is in a file: a bank, or one sentence that says why it is none."""

import re
from collections.abc import Callable

import pytest
from bank_texts import LEVELLED, TINY, is_one_sentence
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.banks.model import Bank
from workshop.banks.shipped import banks_directory
from workshop.banks.yaml_loader import load_bank, parse_bank
from workshop.errors import BadFileError, WorkshopError

SHIPPED = [
    p.read_text(encoding="utf-8") for p in sorted(banks_directory().glob("*.yaml"))
]  # fmt: skip
YAMLISH = st.text(st.sampled_from("ab:-?[]{}&*!|>%@'\"#, \n\t\\\x1b\u2028é0") | st.characters())
CHIPS = st.sampled_from(
    ["", "\t", ": ", "- ", "&a ", "*a ", "!!x ", '"', "'", "[", "}", "\n", "\n\n", " ", "%", "|",
     ">", "? ", "---\n", "...\n", "\0", "\x1b[2J", "\ud800", "\u2028", "\ufeff", "<<: ", "1e999",
     "2026-02-30", '"\\UFFFFFFFF"', "!!python/object:os.system ", "~", "no"]
)  # fmt: skip


def is_a_bank_or_one_sentence(text: str) -> None:
    try:
        bank = parse_bank(text, "some.yaml")
    except WorkshopError as error:
        is_one_sentence(error)
    else:
        assert isinstance(bank, Bank)
        assert bank.steps()


def mutate(text: str, cuts: list[tuple[int, int, str]]) -> str:
    for at, gone, chip in cuts:
        cut = at % (len(text) + 1)
        text = text[:cut] + chip + text[cut + gone :]
    return text


CUTS = st.lists(
    st.tuples(st.integers(0, 1_000_000), st.integers(0, 8), CHIPS), min_size=1, max_size=4
)


@given(YAMLISH)
@settings(max_examples=200)
def test_any_text_is_a_bank_or_one_sentence(text: str) -> None:
    is_a_bank_or_one_sentence(text)


@given(st.sampled_from([TINY, LEVELLED]), CUTS)
@settings(max_examples=150)
def test_a_damaged_small_bank_is_a_bank_or_one_sentence(
    text: str, cuts: list[tuple[int, int, str]]
) -> None:
    is_a_bank_or_one_sentence(mutate(text, cuts))


@given(st.sampled_from(SHIPPED), CUTS)
@settings(max_examples=25)
def test_a_damaged_shipped_bank_is_a_bank_or_one_sentence(
    text: str, cuts: list[tuple[int, int, str]]
) -> None:
    is_a_bank_or_one_sentence(mutate(text, cuts))


@given(st.integers(0, 1_000), st.sampled_from(range(len(TINY.splitlines()))))
@settings(max_examples=60)
def test_a_small_bank_with_a_line_moved_is_a_bank_or_one_sentence(to: int, line: int) -> None:
    lines = TINY.splitlines()
    moved = lines.pop(line)
    lines.insert(to % (len(lines) + 1), moved)
    is_a_bank_or_one_sentence("\n".join(lines))


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_any_bytes_are_a_bank_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes.yaml"
    file.write_bytes(raw)
    with pytest.raises(WorkshopError) as caught:
        load_bank(file)
    assert re.fullmatch(r"[^\n]+\.", caught.value.message)


@pytest.mark.parametrize("broken", [lambda t: t[: len(t) // 2], lambda t: t.replace("  ", " ")])
def test_a_torn_shipped_bank_says_where(broken: Callable[[str], str]) -> None:
    for text in SHIPPED:
        with pytest.raises(BadFileError, match=r"line \d+, column \d+"):
            parse_bank(broken(text), "torn.yaml")
