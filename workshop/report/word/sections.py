"""What is printed in portrait: page one, the blocks with their answers, and what follows them."""

from collections.abc import Mapping, Sequence

from workshop.banks.model import Family
from workshop.report.outline import AnswerLine, BlockSection, Outline, QuestionPart
from workshop.report.paper import Paper
from workshop.report.word.contents import Entry
from workshop.report.word.tables import text_table
from workshop.report.word.xml import Element, Stencil, bookmarked, paragraph, run, tab

_PURPOSES: dict[Family, str] = {
    "infrastructure": "PurposeInfrastructure",
    "offering": "PurposeOffering",
    "customer": "PurposeCustomer",
    "finance": "PurposeFinance",
    "context": "PurposeContext",
}
"""The style of a block's purpose: in the pale colour that the block has on the canvas."""

_ANSWER, _ANSWER_OF = Stencil("Answer", None), Stencil("Answer", None, "AnswerMeta")


class Headings:
    """Adds headings, each with a bookmark of its own, and remembers them for the contents."""

    def __init__(self) -> None:
        """Begin with none."""
        self.entries: list[Entry] = []
        self._numbers = 0

    def note(self, level: int, name: str, text: str) -> int:
        """Take a heading into the contents; return the number of its bookmark `name`."""
        self._numbers += 1
        self.entries.append(Entry(level, name, text))
        return self._numbers

    def add(self, body: Element, level: int, name: str, text: str) -> None:
        """Add a heading of level 1 or 2 that is the bookmark `name`."""
        number = self.note(level, name, text)
        bookmarked(paragraph(body, f"Heading{level}"), number, name, text)


def add_first_page(body: Element, outline: Outline) -> None:
    """Add the title block and the paragraph of numbers."""
    paragraph(body, "Title", outline.title)
    if outline.canvas.casefold() != outline.title.casefold():
        paragraph(body, "Subtitle", outline.canvas)
    if outline.subtitle:
        paragraph(body, "Tagline", outline.subtitle)
    for place, fact in enumerate(outline.facts):
        line = paragraph(body, "Fact" if place else "FirstFact")
        run(line, fact.label, "FactLabel")
        tab(line)
        run(line, fact.text)
    paragraph(body, "Summary", outline.summary)


def add_blocks(
    body: Element, outline: Outline, headings: Headings, anchors: Mapping[str, str]
) -> None:
    """Add the sections of the blocks; `anchors` names their bookmarks by their keys."""
    headings.add(body, 1, "blocks", "Block by block")
    for section in outline.sections:
        headings.add(body, 2, anchors[section.key], section.title)
        _add_block(body, section)


def _add_block(body: Element, section: BlockSection) -> None:
    paragraph(body, _PURPOSES[section.family], section.purpose)
    for question in section.questions:
        paragraph(body, "Question", question.ask)
        _add_answers(body, question)


def _add_answers(body: Element, question: QuestionPart) -> None:
    for answer in question.answers:
        _add_answer(body, answer)
    if question.answers:
        return
    if question.skipped is None:
        said = "Not answered"
    else:
        said = f"Skipped: {question.skipped}" if question.skipped else "Skipped"
    paragraph(body, "OpenQuestion", said)


def _add_answer(body: Element, answer: AnswerLine) -> None:
    said_by = f" — {answer.participant}" if answer.participant else ""
    if "\n" in answer.text:
        line = paragraph(body, "Answer", answer.text)
        if said_by:
            run(line, said_by, "AnswerMeta")
    elif said_by:
        _ANSWER_OF.stamp(body, answer.text, said_by)
    else:
        _ANSWER.stamp(body, answer.text)


def add_skipped(body: Element, outline: Outline, headings: Headings, paper: Paper) -> None:
    """Add the questions that were left open on purpose, where there are any."""
    if not outline.skipped:
        return
    headings.add(body, 1, "skipped", "Skipped questions")
    text_table(
        body,
        _columns(paper, (2, 4, 3)),
        ("Block", "Question", "Reason"),
        [(s.block, s.ask, s.reason or "No reason given") for s in outline.skipped],
        caption="Skipped questions",
        description="Questions that were left open on purpose, with their blocks and the reasons.",
    )


def add_appendix(body: Element, outline: Outline, headings: Headings, paper: Paper) -> None:
    """Add what belongs nowhere else: astray answers, unapplied events, how it was made."""
    headings.add(body, 1, "appendix", "Appendix")
    if outline.orphans:
        headings.add(body, 2, "orphans", "Answers to questions outside this session")
        for question in outline.orphans:
            paragraph(body, "Question", question.ask)
            _add_answers(body, question)
    if outline.lost:
        headings.add(body, 2, "lost", "Entries that could not be applied")
        text_table(
            body,
            _columns(paper, (3, 3, 5)),
            ("When", "What", "Why not"),
            [(e.at, e.what, e.reason) for e in outline.lost],
            caption="Entries that could not be applied",
            description="What the session's log holds and this report leaves out, and why.",
        )
    headings.add(body, 2, "made", "How this report was made")
    paragraph(body, "Note", " ".join(outline.made))


def _columns(paper: Paper, shares: Sequence[float]) -> list[float]:
    return [paper.text_width * share / sum(shares) for share in shares]
