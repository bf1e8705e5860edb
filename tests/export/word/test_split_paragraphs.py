"""Very long answers are printed in portions, and nothing of them is lost."""

from io import BytesIO

import docx
import pytest
from docx_invariants import broken_rules, parts_of, w
from hypothesis import given
from hypothesis import strategies as st
from report_samples import IT, everything, session_on

from workshop.export.request import ReportRequest
from workshop.export.word import writer
from workshop.export.word.split_paragraphs import MAX_CHARACTERS, MOST_LINES, split_paragraphs
from workshop.session.event_log import EventLog
from workshop.text import clean


@pytest.mark.parametrize(
    "text", ["", "Short", "x" * MAX_CHARACTERS, "a\n" * (MOST_LINES - 1) + "a"]
)
def test_text_of_a_usual_length_is_left_alone(text):
    assert split_paragraphs(text) == [text]


WORDS = st.sampled_from(
    ["a", "business", "model.", "x" * 5000, "漢" * 300, "e\u0301", "\n", "\n\n"]
)


@given(st.lists(WORDS, max_size=600).map(lambda words: clean(" ".join(words * 4))))
def test_no_word_is_lost_or_split_that_fits_and_no_paragraph_is_too_long(text):
    parts = split_paragraphs(text)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(p) <= MAX_CHARACTERS and p.count("\n") < MOST_LINES for p in parts)
    assert all(parts) or parts == [""]
    if "xx" not in text:
        assert [word for p in parts for word in p.split()] == text.split()


def test_text_is_split_at_line_ends_or_else_behind_sentences_or_else_between_words():
    first = "word " * 700
    assert split_paragraphs(f"{first}end\n{'One. Two ' * 100}")[0] == f"{first}end"
    assert split_paragraphs(f"{first}end. {'word ' * 200}")[0] == f"{first}end."
    assert split_paragraphs("word " * 1000)[0] == ("word " * 800).rstrip()
    assert split_paragraphs("a" * 3999 + "e\u0301" + "b" * 10)[0] == "a" * 3999


def test_many_short_lines_are_split_too():
    parts = split_paragraphs("\n".join(map(str, range(450))))
    assert [p.split("\n")[0] for p in parts] == ["0", "200", "400"]


def written(text):
    session = session_on(IT)
    event = everything(session)[0]
    event = event._replace(body=event.body.model_copy(update={"text": text}))
    return writer.write(ReportRequest(session, EventLog([event]))).content


def test_a_long_answer_is_one_item_of_the_list_with_its_credit_at_the_end():
    text = " ".join(f"Sentence {n}." for n in range(1000))
    content = written(text)
    document = docx.Document(BytesIO(content))
    paragraphs = [p for p in document.paragraphs if p.style.name.startswith("Answer")]
    parts = split_paragraphs(text)
    assert len(parts) == 4
    said = [p.text for p in paragraphs]
    assert said[:-1] == parts[:-1]
    assert said[-1].startswith(parts[-1])
    assert [p.style.name for p in paragraphs] == ["Answer", *["Answer continued"] * 3]
    list_of = document.styles["Answer continued"].element.pPr.numPr.numId
    assert list_of.get(w("val")) == "0", "one item has one bullet"
    assert broken_rules(parts_of(content)) == []


def test_a_long_answer_from_right_to_left_keeps_its_side():
    content = written("שלום עולם " * 1000)
    document = docx.Document(BytesIO(content))
    answers = [p for p in document.paragraphs if p.style.name.startswith("Answer")]
    assert len(answers) == 3
    assert all(p._p.find(f"{w('pPr')}/{w('bidi')}") is not None for p in answers)
    assert broken_rules(parts_of(content)) == []
