"""The two banks that ship: their documents' words, complete, where the documents have them."""

import json
import re
from pathlib import Path

import pytest

from workshop.banks.model import Bank
from workshop.banks.registry import shipped_banks
from workshop.banks.shipped import banks_directory
from workshop.text import clean

TRANSCRIPTION = json.loads(
    (Path(__file__).parents[1] / "data" / "prompts.json").read_text(encoding="utf-8")
)
BANKS = shipped_banks()
QUESTIONS = [
    pytest.param(bank, address, id=f"{bank.id}-{address}")
    for bank in BANKS
    for address in bank.questions
]

# Rows × columns, counted from 1, both ends included, as design/banks.md has them.
IT_CANVAS = {
    "customer_environment": ((1, 4), (12, 12)),
    "business_domain": ((1, 1), (7, 11)),
    "customer_segment": ((2, 3), (10, 11)),
    "value_proposition": ((2, 3), (6, 7)),
    "channels": ((3, 3), (8, 9)),
    "customer_relationships": ((2, 2), (8, 9)),
    "value_streams": ((4, 4), (7, 11)),
    "supply_environment": ((1, 4), (1, 1)),
    "key_resources_architecture": ((3, 3), (4, 5)),
    "key_activities": ((2, 2), (4, 5)),
    "key_partners": ((2, 3), (2, 3)),
    "cost_structure": ((4, 4), (2, 6)),
    "it_domain": ((1, 1), (2, 6)),
}
ALIGNMENT_CANVAS = {
    "key_partners": ((1, 2), (1, 2)),
    "key_activities": ((1, 1), (3, 4)),
    "key_resources": ((2, 2), (3, 4)),
    "value_propositions": ((1, 2), (5, 6)),
    "customer_relationships": ((1, 1), (7, 8)),
    "channels": ((2, 2), (7, 8)),
    "customer_segments": ((1, 2), (9, 10)),
    "costs": ((3, 3), (1, 5)),
    "revenue_rewards": ((3, 3), (6, 10)),
}
IT_WALK = [
    ("customer_environment", "context", 6),
    ("business_domain", "context", 6),
    ("customer_segment", "customer", 10),
    ("value_proposition", "offering", 10),
    ("channels", "customer", 7),
    ("customer_relationships", "customer", 6),
    ("value_streams", "finance", 7),
    ("supply_environment", "context", 6),
    ("key_resources_architecture", "infrastructure", 7),
    ("key_activities", "infrastructure", 7),
    ("key_partners", "infrastructure", 6),
    ("cost_structure", "finance", 8),
    ("it_domain", "context", 6),
]
REGENERATE = (
    "question_banks/bank.schema.json is not what the models say. Write it anew with:\n"
    'python -c "import json; from pathlib import Path; from workshop.banks.model import Bank; '
    "Path('question_banks/bank.schema.json').write_text("
    "json.dumps(Bank.model_json_schema(), indent=2) + chr(10), encoding='utf-8')\""
)


def positions(bank: Bank) -> dict[str, tuple[tuple[int, int], tuple[int, int]]]:
    return {a.block: ((a.top + 1, a.bottom), (a.left + 1, a.right)) for a in bank.areas}


def transcribed(bank_id: str, block_id: str) -> list[tuple[str | None, str, str]]:
    return [
        (p["level"], p["block_title"], p["text"])
        for p in TRANSCRIPTION
        if (p["bank"], p["block"]) == (bank_id, block_id)
    ]


def test_the_transcription_is_whole() -> None:
    assert len(TRANSCRIPTION) == 64
    assert len({json.dumps(p) for p in TRANSCRIPTION}) == 64


def test_the_two_banks_ship_and_are_named_after_their_files() -> None:
    assert {b.id for b in BANKS} == {p["bank"] for p in TRANSCRIPTION}
    assert {p.stem for p in banks_directory().glob("*.yaml")} == {b.id for b in BANKS}


@pytest.mark.parametrize("bank", BANKS, ids=lambda b: b.id)
def test_every_question_is_the_documents_word_for_word_and_in_its_order(bank: Bank) -> None:
    for block in bank.blocks:
        shipped = [(q.level, block.title, q.ask) for q in block.questions]
        assert shipped == transcribed(bank.id, block.id)
    blocks = {p["block"] for p in TRANSCRIPTION if p["bank"] == bank.id}
    assert {b.id for b in bank.blocks} == blocks


@pytest.mark.parametrize("bank", BANKS, ids=lambda b: b.id)
def test_the_walk_asks_every_question_of_the_document_once(bank: Bank) -> None:
    asked = [q.ask for step in bank.steps() for q in step.questions]
    assert sorted(asked) == sorted(p["text"] for p in TRANSCRIPTION if p["bank"] == bank.id)


def test_the_it_canvas_lies_as_the_design_places_it(it_bank: Bank) -> None:
    assert positions(it_bank) == IT_CANVAS
    assert (len(it_bank.grid), len(it_bank.grid[0])) == (4, 12)


def test_the_alignment_canvas_lies_as_it_is_printed(alignment_bank: Bank) -> None:
    assert positions(alignment_bank) == ALIGNMENT_CANVAS
    assert (len(alignment_bank.grid), len(alignment_bank.grid[0])) == (3, 10)


def test_the_it_walk_goes_outside_in_with_its_minutes(it_bank: Bank) -> None:
    walk = [(s.id, s.block.family, s.block.minutes) for s in it_bank.steps()]
    assert walk == IT_WALK
    assert sum(minutes for _, _, minutes in walk) == 92


def test_the_alignment_walk_lets_the_lower_model_build_on_the_higher(alignment_bank: Bank) -> None:
    walk = [s.id for s in alignment_bank.steps()]
    blocks = set(ALIGNMENT_CANVAS)
    first = ["higher.customer_segments", "higher.value_propositions"]
    assert walk[:2] == first
    assert set(walk[2:11]) == {f"lower.{b}" for b in blocks}
    assert set(walk[11:]) == {f"higher.{b}" for b in blocks} - set(first)
    assert len(walk) == 18


def test_the_alignment_levels_speak_as_we_and_as_you(alignment_bank: Bank) -> None:
    assert [(x.id, x.title, x.voice) for x in alignment_bank.levels] == [
        ("higher", "Higher Model", "we"),
        ("lower", "Lower Model", "you"),
    ]
    assert all(x.about for x in alignment_bank.levels)


def test_a_quick_run_of_the_it_canvas_asks_one_question_a_block(it_bank: Bank) -> None:
    assert [(s.id, len(s.questions)) for s in it_bank.steps(quick=True)] == [
        (block, 1) for block, _, _ in IT_WALK
    ]


def test_a_quick_run_of_the_alignment_canvas_asks_all_of_it(alignment_bank: Bank) -> None:
    assert alignment_bank.steps(quick=True) == alignment_bank.steps()


def test_one_level_alone_is_its_nine_blocks(alignment_bank: Bank) -> None:
    for level in ("higher", "lower"):
        steps = alignment_bank.steps(level=level)
        assert {s.block.id for s in steps} == set(ALIGNMENT_CANVAS)
        assert all(s.level and s.level.id == level for s in steps)


@pytest.mark.parametrize(("bank", "address"), QUESTIONS)
def test_every_question_has_help_and_an_example_of_its_own(bank: Bank, address: str) -> None:
    question = bank.questions[address]
    assert len(question.help) > 40
    assert len(question.example) > 20
    assert len({question.ask, question.help, question.example}) == 3
    others = [q for a, q in bank.questions.items() if a != address]
    assert question.help not in [q.help for q in others]
    assert question.example not in [q.example for q in others]


@pytest.mark.parametrize(("bank", "address"), QUESTIONS)
def test_aspects_are_the_numbered_parts_of_the_question_in_order(bank: Bank, address: str) -> None:
    question = bank.questions[address]
    numbers = re.findall(r"(\d)\) ", question.ask)
    assert len(question.aspects) == len(numbers)
    for number, aspect in zip(numbers, question.aspects, strict=True):
        assert f"{number}) {aspect}" in question.ask


@pytest.mark.parametrize(("bank", "address"), QUESTIONS)
def test_a_question_that_names_a_time_ahead_says_so_as_its_horizon(
    bank: Bank, address: str
) -> None:
    question = bank.questions[address]
    ahead = re.search(r"\d+ to \d+ months", question.ask)
    if ahead:
        assert question.horizon == ahead[0]
    elif question.horizon:
        # "What about the other way around?" looks as far ahead as the question before.
        siblings = bank.block(address.partition(".")[0]).questions
        assert siblings[siblings.index(question) - 1].horizon == question.horizon


@pytest.mark.parametrize("bank", BANKS, ids=lambda b: b.id)
def test_a_banks_first_line_names_its_schema_for_the_editor(bank: Bank) -> None:
    text = (banks_directory() / f"{bank.id}.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=bank.schema.json"
    assert (banks_directory() / "bank.schema.json").is_file()


def test_the_json_schema_is_the_models_own() -> None:
    written = (banks_directory() / "bank.schema.json").read_text(encoding="utf-8")
    assert written == json.dumps(Bank.model_json_schema(), indent=2) + "\n", REGENERATE


@pytest.mark.parametrize("bank", BANKS, ids=lambda b: b.id)
def test_a_bank_survives_json_as_it_is_pinned_in_a_session(bank: Bank) -> None:
    again = Bank.model_validate_json(bank.model_dump_json(exclude_defaults=True))
    assert again == bank
    assert again.steps() == bank.steps()


@pytest.mark.parametrize("bank", BANKS, ids=lambda b: b.id)
def test_the_shipped_words_are_clean_as_they_stand(bank: Bank) -> None:
    text = (banks_directory() / f"{bank.id}.yaml").read_text(encoding="utf-8")
    assert clean(text) == text.rstrip("\n")
