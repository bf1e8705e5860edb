"""The Markdown report as an independent reader sees it: every word is there, and none is markup."""

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report_samples import ALIGNMENT, IT, answer, everything, session_on

from workshop.export.markdown import markdown, read_origin, write
from workshop.export.markdown_escaping import escape_paragraphs, heading, list_item, table
from workshop.export.provenance import Origin
from workshop.export.request import ReportRequest
from workshop.session.event_log import EventLog
from workshop.session.events import QuestionSkipped
from workshop.text import clean, clean_line
from workshop.views.outline import ActionItem, AnswerLine, ParkedItem, build_outline

READER = MarkdownIt("gfm-like")
"""GitHub's Markdown: tables, struck-out text, and addresses that become links."""
# Unlike GitHub, it would make links of file names such as notes.md.
READER.linkify.set({"fuzzy_link": False})

HOSTILE = [
    "*bold* **bold** _em_ __em__ ***",
    "# not a heading",
    "//1.1 and see //example.org/a or (//b.cd), a//b, https://c.de",
    "- not a list",
    "1. not a list\n2) neither",
    "> not a quotation",
    "```\nnot code\n```\n~~~\nnor this\n~~~",
    "`not code` ``nor this``",
    "<script>alert(1)</script> <!-- --> <?php ?> <![CDATA[ ]]>",
    "</ul><b>bold</b>\n<div>\n\n</div>",
    "[a link](https://example.org) ![a picture](x.png) [x]: /url",
    "[x]: https://example.org 'title'",
    "<https://example.org> https://example.org www.example.org ann@example.org",
    "&amp; &lt; &#42; &#x2a; &copy; R&D; AT&T",
    "a title\n===\nanother\n---",
    "a | b\n--- | ---\n1 | 2",
    "a\n:-:\nb",
    "    four spaces",
    "first\n\n    four spaces after a blank line",
    "first\n        eight spaces",
    "back\\slash \\* \\\\ C:\\temp\\_x at the end\\",
    "~~struck out~~ ~once~",
    "$x_1$ costs $5 or $6",
    "- [ ] a task",
    "* * *\n- - -\n_ _ _",
    "snake_case and __dunder__ and _private",
    "+1 -1 =1 #1 1.5 and 5 % < 6 % > 4 %",
    "-\n+\n*\n1.",
    "| |",
    "|-|",
    "[^1]: a note[^1]",
    "many\nlines\n\n\nof text",
    "日本語*強調*。مرحبا _بالعالم_ 👩‍👩‍👧‍👦",
]


def text_of(inline):
    """The text of a paragraph, which must hold nothing but text and line breaks."""
    kinds = {child.type for child in inline.children}
    assert kinds <= {"text", "hardbreak"}, (inline.content, kinds)
    return "".join("\n" if c.type == "hardbreak" else c.content for c in inline.children)


def message_lines(text):
    return [line for line in (line.strip() for line in text.split("\n")) if line]


def paragraphs(source, *around):
    """The lines of all paragraphs, which stand in these elements alone."""
    tokens = READER.parse(source)
    allowed = {f"{name}_{side}" for name in ("paragraph", *around) for side in ("open", "close")}
    assert {t.type for t in tokens} <= allowed | {"inline"}, source
    return message_lines("\n".join(text_of(t) for t in tokens if t.type == "inline"))


MARKUP = st.text("ab1 \n*_`[]()<>#|&;:/\\~=-+.!@$^\"'{}wx?", min_size=1, max_size=60)
PIECES = st.lists(
    st.sampled_from(["\n", "    ", "---", "===", "```", "~~~", "1.", "- ", "> ", "<!--", "</", "|"])
    | MARKUP
    | st.text(max_size=8),
    max_size=12,
).map("".join)
ANSWERS = (MARKUP | PIECES).map(clean).filter(bool)


def with_examples(test):
    for text in HOSTILE:
        test = example(clean(text))(test)
    return test


@with_examples
@settings(max_examples=400)
@given(ANSWERS)
def test_any_answer_is_one_list_item_with_the_same_text(text):
    source = f"- before\n{list_item(text, '*Ann* <b>')}\n- after"
    said = paragraphs(source, "bullet_list", "list_item")
    first, *rest = message_lines(text)
    *most, last = ["before", first, *rest]
    assert said == [*most, f"{last} — *Ann* <b>", "after"]


@with_examples
@settings(max_examples=200)
@given(ANSWERS)
def test_any_text_is_a_paragraph(text):
    assert paragraphs(f"before\n\n{escape_paragraphs(text)}\n\nafter") == [
        "before",
        *message_lines(text),
        "after",
    ]


@with_examples
@settings(max_examples=200)
@given(ANSWERS)
def test_any_line_is_a_heading(text):
    line = clean_line(text)
    opening, inside, closing = READER.parse(heading(3, line))
    assert (opening.tag, text_of(inside), closing.tag) == ("h3", line, "h3")


@with_examples
@settings(max_examples=200)
@given(ANSWERS)
def test_any_text_is_a_cell_of_a_table(text):
    tokens = READER.parse(table(("Action", "Owner"), [(text, "Ann"), ("More", text)]))
    cells = [t for t in tokens if t.type == "inline"]
    assert len(cells) == 6
    for cell in (cells[2], cells[5]):
        parts = ["\n" if c.type == "html_inline" else c.content for c in cell.children]
        assert {c.content for c in cell.children if c.type == "html_inline"} <= {"<br>"}
        assert message_lines("".join(parts)) == message_lines(text)


def test_addresses_that_github_would_link_to_are_text():
    assert escape_paragraphs("See https://a.org, www.a.org or ann@a.org") == (
        r"See https\://a.org, www\.a.org or ann\@a.org"
    )


def said_in(source, after):
    """Every list item's text, from a heading on."""
    tokens = READER.parse(source)
    start = next(n for n, t in enumerate(tokens) if t.type == "inline" and t.content == after)
    items, inside = [], False
    for token in tokens[start:]:
        if token.type == "list_item_open":
            items.append([])
            inside = True
        elif token.type == "list_item_close":
            inside = False
        elif token.type == "inline" and inside:
            items[-1] += message_lines(text_of(token))
    return items


def outline_of(session, events):
    return build_outline(session, EventLog(events))


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
def test_every_question_is_a_heading_and_every_answer_an_item_below_it(bank):
    session = session_on(bank)
    source = markdown(outline_of(session, everything(session)))
    tokens = READER.parse(source)
    asked = [
        text_of(inside)
        for opening, inside in pairwise(tokens)
        if opening.type == "heading_open" and opening.tag == "h4"
    ]
    assert asked == [session.question(a).ask for a in session.addresses]
    given_by = [a.participant for a in EventLog(everything(session)).state.answers.values()]
    assert said_in(source, "Block by block") == [
        message_lines(f"{session.question(a).example} — {person}")
        for a, person in zip(session.addresses, given_by, strict=True)
    ]


def test_hostile_answers_are_rendered_literally():
    session = session_on(IT, title="# <Title> *x*")
    events = [answer(n, session.addresses[0], clean(text)) for n, text in enumerate(HOSTILE)]
    source = markdown(outline_of(session, events))
    assert said_in(source, "Block by block") == [message_lines(clean(text)) for text in HOSTILE]
    assert text_of(READER.parse(source)[1]) == "# <Title> *x*"


def test_headings_leave_out_no_level():
    session = session_on(ALIGNMENT)
    tokens = READER.parse(markdown(outline_of(session, everything(session))))
    levels = [int(t.tag[1]) for t in tokens if t.type == "heading_open"]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_it_reads_well_as_plain_text():
    session = session_on(IT)
    stop = session.addresses[0]
    events = [
        answer(1, stop, "Port of Halden & co. pay €5 (or 6 %), see notes_2025.md", "Ann Berg"),
        answer(2, stop, "First line\nSecond line", "Bob Dahl"),
    ]
    source = markdown(outline_of(session, events))
    assert (
        f"#### {session.question(stop).ask}\n\n"
        "- Port of Halden & co. pay €5 (or 6 %), see notes_2025.md — Ann Berg\n"
        "- First line\\\n  Second line — Bob Dahl\n\n"
    ) in source


def test_dots_parked_points_actions_and_skipped_questions_are_included():
    session = session_on(IT)
    skip = answer(1, session.addresses[0], "Yes", "Ann")
    outline = outline_of(
        session,
        [
            skip,
            skip._replace(
                id="2" * 32,
                body=QuestionSkipped(question=session.addresses[1], reason="No *idea*"),
            ),
        ],
    )
    first = outline.sections[0]
    voted = dataclasses.replace(first.questions[0], answers=(AnswerLine(1, "Yes", "Ann", votes=3),))
    section = dataclasses.replace(first, questions=(voted, *first.questions[1:]))
    outline = dataclasses.replace(
        outline,
        sections=(section, *outline.sections[1:]),
        parked=(ParkedItem("Later | maybe", "Channels", ""),),
        actions=(ActionItem("Call the port | today", "Bob", "next week"),),
    )
    source = markdown(outline)
    assert "- Yes — Ann · 3 dots" in source
    assert "*Skipped: No \\*idea\\**" in source
    assert "## Skipped questions\n\n- **Customer Environment:** " in source
    assert "## Parked points\n\n- Later | maybe — Channels\n" in source
    assert (
        "| Action | Owner | Due |\n| --- | --- | --- |\n| Call the port \\| today | Bob |" in source
    )


def test_what_is_empty_is_left_out():
    source = markdown(outline_of(session_on(IT), []))
    for words in ("Skipped questions", "Parked points", "Actions", "outside this session"):
        assert words not in source
    assert source.count("*Not answered*") == 46


def test_a_report_is_recognised_by_its_last_line(tmp_path):
    session = session_on(IT)
    path = tmp_path / "report.md"
    mark = f"<!-- workshop:session:{'f' * 32} -->"
    path.write_bytes(
        write(ReportRequest(session, EventLog([answer(1, session.addresses[0], mark)]))).content
    )
    assert read_origin(path) == Origin(session.id)
    path.write_text(path.read_text() + "My own notes.\n")
    assert read_origin(path) == Origin(session.id, untouched=False)


@pytest.mark.parametrize("content", [b"", b"my notes", b"\xff\xfe" * 500, b"<!-- a -->"])
def test_a_file_that_workshop_did_not_write_has_no_origin(tmp_path, content):
    path = tmp_path / "report.md"
    path.write_bytes(content)
    assert read_origin(path) is None


def test_the_same_session_gives_the_same_bytes():
    request = ReportRequest(session_on(IT), EventLog(everything(session_on(IT))))
    assert write(request).content == write(request).content
