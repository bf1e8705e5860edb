"""The answers as a table for a spreadsheet: one a row, and never a formula."""

import csv
import dataclasses
import re
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from report_samples import ALIGNMENT, IT, answer, everything, session_on

from workshop.export.csv_table import csv_table, escape_formula, read_origin, write
from workshop.export.provenance import Origin
from workshop.export.request import ReportRequest
from workshop.session.event_log import EventLog
from workshop.text import clean
from workshop.views.outline import AnswerLine, build_outline

MARK = "workshop:session:" + "0123456789abcdef" * 2
SIGNS = "=+-@＝＋－＠"


def rows_of(session, events):
    """The rows as an ordinary reader sees them."""
    content = write(ReportRequest(session, EventLog(events))).content
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def written(tmp_path, session, events):
    path = tmp_path / "answers.csv"
    path.write_bytes(write(ReportRequest(session, EventLog(events))).content)
    return path


def test_every_answer_is_a_row_in_the_order_of_the_walk():
    session = session_on(IT)
    rows = rows_of(session, everything(session))
    assert [(r["Question"], r["Answer"]) for r in rows] == [
        (session.question(a).ask, session.question(a).example) for a in session.addresses
    ]
    *names, mark = rows[0]
    assert names == ["Block", "Question", "Number", "Answer", "Participant", "Dots"]
    assert mark.startswith(MARK)
    assert rows[0]["Block"] == "Customer Environment"
    assert (rows[1]["Number"], rows[1]["Participant"], rows[1]["Dots"]) == ("2", "Bob Dahl", "0")
    assert {r[mark] for r in rows} == {""}


def test_several_models_have_a_column_and_a_single_one_has_none():
    several = session_on(ALIGNMENT, names={"higher": "Acme"})
    rows = rows_of(several, everything(several))
    assert {r["Model"] for r in rows} == {"Acme", "Lower Model"}
    assert rows[0]["Block"] == "Customer Segments"
    single = session_on(ALIGNMENT, level="lower")
    assert "Model" not in rows_of(single, everything(single))[0]


def test_orphaned_answers_are_exported_too():
    session = session_on(IT, quick=True)
    outside = next(a for a in session.bank.questions if a not in session.addresses)
    rows = rows_of(session, [answer(1, outside, "Still said"), answer(2, "gone.q", "Old")])
    assert [(r["Block"], r["Question"], r["Answer"]) for r in rows] == [
        ("Outside this session", session.question(outside).ask, "Still said"),
        ("Outside this session", "A question that is gone: gone.q", "Old"),
    ]


def test_dots_are_numbers():
    session = session_on(IT)
    outline = build_outline(session, EventLog([answer(1, session.addresses[0], "Yes")]))
    section = outline.sections[0]
    question = dataclasses.replace(
        section.questions[0], answers=(AnswerLine(1, "Yes", "", votes=12),)
    )
    section = dataclasses.replace(section, questions=(question,))
    table = csv_table(dataclasses.replace(outline, sections=(section,)))
    assert table.endswith(',1,"Yes","",12,""\r\n')


def test_spreadsheets_open_the_file_without_asking():
    session = session_on(IT)
    content = write(ReportRequest(session, EventLog(everything(session)))).content
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert len(lines) == 1 + 46 + 1
    assert lines[-1] == ""


def test_lines_and_quotes_of_an_answer_stay_in_their_cell():
    session = session_on(IT)
    text = 'He said "no", twice;\nthen\n\nyes, "yes"'
    assert [r["Answer"] for r in rows_of(session, [answer(1, session.addresses[0], text)])] == [
        text
    ]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("  =1", "'  =1"),
        ("\u00a0\u200e=1", "'\u00a0\u200e=1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠A", "'＠A"),
        ("fine;=1+1", "fine;'=1+1"),
        ("fine\n=1+1", "fine\n'=1+1"),
        ("fine\n\n\n- 1", "fine\n\n\n'- 1"),
        ("fine; -1", "fine;' -1"),
        ("1=1, a-b, x@y, 5 - 3", "1=1, a-b, x@y, 5 - 3"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text, safe):
    assert escape_formula(text) == safe


@given(st.text(f"a1 ;,\n\t\"'\u00a0\u3000\u200f{SIGNS}", max_size=40) | st.text(max_size=40))
@example("\n" * 3 + "=")
def test_no_cell_and_no_part_of_one_begins_a_formula(text):
    safe = escape_formula(clean(text))
    for part in re.split(r"[;\n\r\t]", safe):
        assert part.strip("\u200f\u200e" + " \u00a0\u3000")[:1] not in tuple(SIGNS)
    assert [c for c in safe if c != "'"] == [c for c in clean(text) if c != "'"]


def test_every_column_of_outside_text_is_safe():
    session = session_on(ALIGNMENT, names={"higher": "=Acme"}, title="=1")
    rows = rows_of(session, [answer(1, session.addresses[0], "=1", "@Ann")])
    assert [(r["Model"], r["Answer"], r["Participant"]) for r in rows] == [
        ("'=Acme", "'=1", "'@Ann")
    ]


def test_a_table_is_recognised_by_the_mark_in_its_header(tmp_path):
    session = session_on(IT)
    events = [*everything(session), answer(99, session.addresses[0], "one\ntwo\n" * 500 + '"')]
    assert read_origin(written(tmp_path, session, events)) == Origin(session.id)


def test_an_empty_table_is_recognised_too(tmp_path):
    session = session_on(IT)
    path = written(tmp_path, session, [])
    assert path.read_bytes().count(b"\r\n") == 1
    assert read_origin(path) == Origin(session.id)


def test_a_table_with_a_row_more_or_less_counts_as_changed(tmp_path):
    session = session_on(IT)
    path = written(tmp_path, session, everything(session))
    ours = path.read_bytes()
    header = ours.partition(b"\r\n")[0] + b"\r\n"
    for changed in (ours + b"my own row\r\n", ours + b"my own row", header):
        path.write_bytes(changed)
        assert read_origin(path) == Origin(session.id, untouched=False)


def test_a_table_that_a_spreadsheet_has_saved_has_no_origin(tmp_path):
    session = session_on(IT)
    path = written(tmp_path, session, everything(session))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    assert read_origin(path) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\r\n1,2\r\n",
        b"\xff\xfe\x00",
        b"x" * 100_000,
        f'"{MARK}"'.encode(),
        b"\xef\xbb\xbf",
    ],
)
def test_a_file_that_workshop_did_not_write_has_no_origin(tmp_path, content):
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    assert read_origin(path) is None
