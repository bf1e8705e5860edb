"""The portrait pages of a Word report: page one, the blocks with their answers, the rest."""

from collections.abc import Mapping, Sequence

from workshop.banks.model import Family
from workshop.export.i18n.writing_systems import runs_right_to_left
from workshop.export.page_size import PageSize
from workshop.export.palette import cost_section_keys
from workshop.export.progress import ProgressMeter
from workshop.export.word.paragraphs import Text, Typesetter
from workshop.export.word.split_paragraphs import split_paragraphs
from workshop.export.word.table_of_contents import ContentsEntry
from workshop.export.word.tables import text_table
from workshop.export.word.xml import Element, ParagraphTemplate
from workshop.views import labels
from workshop.views.outline import AnswerLine, BlockSection, Outline, QuestionPart

_PURPOSE_STYLES: dict[Family, str] = {
    "infrastructure": "PurposeInfrastructure",
    "offering": "PurposeOffering",
    "customer": "PurposeCustomer",
    "finance": "PurposeFinance",
    "context": "PurposeContext",
}
"""The style of a block's purpose, which has the block's colour on the canvas."""
_COSTS_PURPOSE_STYLE = "PurposeFinance1"

_ANSWER_ALONE, _ANSWER_WITH_CREDIT = (
    ParagraphTemplate("Answer", None),
    ParagraphTemplate("Answer", None, "AnswerMeta"),
)
_CONTINUED_STYLE = "AnswerContinued"
"""The style of a very long answer's paragraphs behind the first, which have no bullet."""
_CREDIT_STYLE = "AnswerMeta"
_MAX_UNBROKEN_CREDIT = 40
"""The most characters of a credit that no line break may split."""
_PROGRESS_CHUNK = 64
"""The number of answers after which progress is reported."""
_EMPTY_CELL = "–"
"""The text of an empty table cell."""


class Headings:
    """Adds headings, each with a bookmark, and collects them for the table of contents."""

    def __init__(self, typesetter: Typesetter) -> None:
        """Begin without headings."""
        self.entries: list[ContentsEntry] = []
        self._last_number = 0
        self._typesetter = typesetter

    def register(self, level: int, name: str, text: str) -> int:
        """Add a heading to the table of contents; return the number of its bookmark `name`."""
        self._last_number += 1
        self.entries.append(ContentsEntry(level, name, text))
        return self._last_number

    def add(self, body: Element, level: int, name: str, text: str) -> None:
        """Add a heading of level 1 or 2 that is the bookmark `name`."""
        number = self.register(level, name, text)
        self._typesetter.add_bookmark(body, f"Heading{level}", number, name, text)


class Sections:
    """Adds the portrait parts of a report to a document's body, one after the other."""

    def __init__(
        self,
        body: Element,
        outline: Outline,
        headings: Headings,
        typesetter: Typesetter,
        page_size: PageSize,
    ) -> None:
        """Take the outline to print, and the body to add it to."""
        self._body = body
        self._outline = outline
        self._headings = headings
        self._typesetter = typesetter
        self._page_size = page_size
        self._credits: dict[tuple[str, int, bool], Text] = {}
        """The credits of answers, by name, dots, and whether the answer is right-to-left."""

    def add_first_page(self) -> None:
        """Add the title, the facts and the summary."""
        outline = self._outline
        self._add_paragraph("Title", outline.title)
        if outline.canvas.casefold() != outline.title.casefold():
            self._add_paragraph("Subtitle", outline.canvas)
        if outline.subtitle:
            self._add_paragraph("Tagline", outline.subtitle)
        for index, fact in enumerate(outline.facts):
            style = "Fact" if index else "FirstFact"
            label = (fact.label, "FactLabel")
            self._typesetter.add_paragraph(self._body, style, label, "\t", fact.text)
        self._add_paragraph("Summary", outline.summary)

    def add_blocks(self, anchors: Mapping[str, str], meter: ProgressMeter) -> None:
        """Add the sections of the blocks; `anchors` are their bookmarks by their keys."""
        self._headings.add(self._body, 1, "blocks", labels.BLOCKS)
        costs = cost_section_keys(self._outline)
        for section in self._outline.sections:
            self._headings.add(self._body, 2, anchors[section.key], section.title)
            style = (
                _COSTS_PURPOSE_STYLE if section.key in costs else _PURPOSE_STYLES[section.family]
            )
            self._add_block(section, style, meter)

    def add_skipped(self) -> None:
        """Add the questions that were left open on purpose, if there are any."""
        if not self._outline.skipped:
            return
        self._headings.add(self._body, 1, "skipped", labels.SKIPPED)
        self._add_table(
            (2, 4, 3),
            labels.SKIPPED_HEADS,
            labels.skipped_rows(self._outline.skipped),
            caption=labels.SKIPPED,
            description="Questions that were left open on purpose, with their blocks and the "
            "reasons.",
        )

    def add_parked(self) -> None:
        """Add the parked points, if there are any."""
        if not self._outline.parked:
            return
        self._headings.add(self._body, 1, "parked", labels.PARKED)
        headers, rows = labels.without_empty_columns(
            labels.PARKED_HEADS, labels.parked_rows(self._outline.parked)
        )
        self._add_table(
            (5, 3, 2)[: len(headers)],
            headers,
            rows,
            caption=labels.PARKED,
            description="Points that were put aside for later, with where they came up and who "
            "raised them, as far as that is known.",
        )

    def add_actions(self) -> None:
        """Add the actions, if there are any."""
        if not self._outline.actions:
            return
        self._headings.add(self._body, 1, "actions", labels.ACTIONS)
        self._add_table(
            (5, 2, 2),
            labels.ACTION_HEADS,
            labels.action_rows(self._outline.actions),
            caption=labels.ACTIONS,
            description="What is to be done, who is to do it and by when.",
        )

    def add_appendix(self) -> None:
        """Add what belongs nowhere else: orphaned answers, unapplied events, how it was made."""
        outline = self._outline
        self._headings.add(self._body, 1, "appendix", labels.APPENDIX)
        if outline.orphans:
            self._headings.add(self._body, 2, "orphans", labels.ORPHANS)
            for question in outline.orphans:
                self._add_question(question)
        if outline.unapplied:
            self._headings.add(self._body, 2, "lost", labels.UNAPPLIED)
            self._add_table(
                (3, 3, 5),
                labels.UNAPPLIED_HEADS,
                [(e.at, e.kind, e.reason) for e in outline.unapplied],
                caption=labels.UNAPPLIED,
                description="What the session's log holds and this report leaves out, and why.",
            )
        self._headings.add(self._body, 2, "made", labels.PROVENANCE)
        self._add_paragraph("Note", " ".join(outline.provenance))

    def _add_paragraph(self, style: str, text: str) -> None:
        self._typesetter.add_paragraph(self._body, style, text)

    def _add_block(self, section: BlockSection, purpose: str, meter: ProgressMeter) -> None:
        self._add_paragraph(purpose, section.purpose)
        for question in section.questions:
            self._add_question(question, meter)

    def _add_question(self, question: QuestionPart, meter: ProgressMeter | None = None) -> None:
        self._add_paragraph("Question", question.ask)
        for start in range(0, len(question.answers), _PROGRESS_CHUNK):
            chunk = question.answers[start : start + _PROGRESS_CHUNK]
            for answer in chunk:
                self._add_answer(answer)
            if meter is not None:
                meter.add(len(chunk))
        if not question.answers:
            self._add_paragraph("OpenQuestion", labels.unanswered_label(question))

    def _add_answer(self, answer: AnswerLine) -> None:
        text, *more_parts = split_paragraphs(answer.text)
        credit_texts = self._credit_of(answer)
        template = _ANSWER_WITH_CREDIT if credit_texts and not more_parts else _ANSWER_ALONE
        self._typesetter.add_from_template(
            self._body, template, text, *(() if more_parts else credit_texts)
        )
        for index, part in enumerate(more_parts, start=1):
            last = credit_texts if index == len(more_parts) else ()
            self._typesetter.add_paragraph(self._body, _CONTINUED_STYLE, part, *last)

    def _credit_of(self, answer: AnswerLine) -> tuple[Text, ...]:
        """Return the credit of an answer as a tuple, empty if it has no name and no dots."""
        if not answer.name and not answer.votes:
            return ()
        key = answer.name, answer.votes, runs_right_to_left(answer.text)
        if key not in self._credits:
            self._credits[key] = (
                _credit_text(labels.credit(answer), right_to_left=key[2]),
                _CREDIT_STYLE,
            )
        return (self._credits[key],)

    def _add_table(
        self,
        shares: Sequence[float],
        headers: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        caption: str,
        description: str,
    ) -> None:
        text_table(
            self._body,
            self._typesetter,
            [self._page_size.text_width * share / sum(shares) for share in shares],
            headers,
            [[text or _EMPTY_CELL for text in row] for row in rows],
            caption=caption,
            description=description,
        )


def _credit_text(credit: str, *, right_to_left: bool) -> str:
    """Return the credit of an answer, with non-breaking spaces if it is short.

    In right-to-left text the spaces stay, because LibreOffice would break lines within words.
    """
    if right_to_left or len(credit) > _MAX_UNBROKEN_CREDIT:
        return f" — {credit}"
    return " " + f"— {credit}".replace(" ", "\u00a0")
