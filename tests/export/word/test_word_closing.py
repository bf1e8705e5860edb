"""What the Word report prints after the blocks, and what it has only where there is any."""

from io import BytesIO

import docx
import pytest
from report_samples import IT, event, everything, session_on
from word_support import closing, report, texts

from workshop.session.events import PointParked


def test_skipped_parked_and_actions_stand_between_the_blocks_and_the_appendix():
    content = report(session_on(IT), closing(session_on(IT)))
    headings = [
        p.text for p in docx.Document(BytesIO(content)).paragraphs if p.style.name == "Heading 1"
    ]
    assert headings == [
        "Block by block", "Skipped questions", "Parked points", "Actions", "Appendix",
    ]  # fmt: skip
    toc = [p.text for p in docx.Document(BytesIO(content)).paragraphs if p.style.name == "toc 1"]
    assert toc[1:] == headings


def test_empty_sections_are_left_out():
    session = session_on(IT)
    document = docx.Document(BytesIO(report(session, everything(session))))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["Block by block", "Appendix"]
    assert len(document.tables) == 1


def test_parked_points_and_actions_say_what_where_and_who():
    document = docx.Document(BytesIO(report(session_on(IT), closing(session_on(IT)))))
    rows = [[[c.text for c in r.cells] for r in t.rows] for t in document.tables[2:]]
    block = session_on(IT).steps[0].block.title
    assert rows == [
        [["Point", "Block", "Raised by"], ["Who pays?", block, "Bob Dahl"]],
        [
            ["Action", "Owner", "Due"],
            ["Ask them", "Bob Dahl", "in June"],
            ["Write it down", "–", "–"],
        ],
    ]


@pytest.mark.parametrize(("points", "kept"), [(1, []), (2, [0]), (5, [3])])
def test_the_last_two_rows_of_a_table_stay_on_one_page(points, kept):
    session = session_on(IT)
    park = PointParked(question="", text="Who pays?", participant="Ann")
    parked = [event(n, park) for n in range(points)]
    table = docx.Document(BytesIO(report(session, parked))).tables[1]
    head, *rows = ([c.paragraphs[0] for c in row.cells] for row in table.rows)
    assert all(p.style.paragraph_format.keep_with_next for p in head)
    said = [{p.paragraph_format.keep_with_next for p in row} for row in rows]
    assert said == [{True if place in kept else None} for place in range(points)]


def test_an_empty_column_is_left_out():
    session = session_on(IT)
    park = PointParked(question="", text="Who pays?", participant="Facilitator")
    document = docx.Document(BytesIO(report(session, [event(1, park)])))
    assert [[c.text for c in r.cells] for r in document.tables[1].rows] == [
        ["Point"],
        ["Who pays?"],
    ]


def test_votes_are_printed_with_their_answers_and_on_the_canvas():
    found = texts(report(session_on(IT), closing(session_on(IT))))
    assert "Answer 1 —\u00a0Ann\u00a0Berg\u00a0·\u00a03\u00a0dots" in found
    assert "Answer 2 —\u00a0Ann\u00a0Berg\u00a0·\u00a01\u00a0dot" in found
    canvas = [t for t in found if t.startswith("Answer ") and "Ann" not in t]
    assert canvas == ["Answer 1\u00a0●3", "Answer 2\u00a0●1", "Answer 0"]
    assert any(t.endswith("3 answers · ● votes") for t in found)
