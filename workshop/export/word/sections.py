"""What is printed in portrait: page one, the blocks with their answers, and what follows them."""

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

_PURPOSES: dict[Family, str] = {
    "infrastructure": "PurposeInfrastructure",
    "offering": "PurposeOffering",
    "customer": "PurposeCustomer",
    "finance": "PurposeFinance",
    "context": "PurposeContext",
}
"""The style of a block's purpose: in the pale colour that the block has on the canvas."""
_PURPOSE_OF_COSTS = "PurposeFinance1"

_ANSWER, _ANSWER_OF = (
    ParagraphTemplate("Answer", None),
    ParagraphTemplate("Answer", None, "AnswerMeta"),
)
_CONTINUED = "AnswerContinued"
"""The style of a very long answer's paragraphs behind the first: no items of the list."""
_META = "AnswerMeta"
_LONGEST_KEPT = 40
"""In characters: longer names and the like may be parted at the end of a line."""
_CHUNK = 64
"""After so many answers progress is told of."""
_NOTHING = "–"
"""In a cell that has nothing to say."""


class Headings:
    """Adds headings, each with a bookmark of its own, and remembers them for the contents."""

    def __init__(self, typesetter: Typesetter) -> None:
        """Begin with none."""
        self.entries: list[ContentsEntry] = []
        self._numbers = 0
        self._typesetter = typesetter

    def note(self, level: int, name: str, text: str) -> int:
        """Take a heading into the contents; return the number of its bookmark `name`."""
        self._numbers += 1
        self.entries.append(ContentsEntry(level, name, text))
        return self._numbers

    def add(self, body: Element, level: int, name: str, text: str) -> None:
        """Add a heading of level 1 or 2 that is the bookmark `name`."""
        number = self.note(level, name, text)
        self._typesetter.add_bookmark(body, f"Heading{level}", number, name, text)


class Sections:
    """Adds the portrait parts of a report to a document's body, one after the other."""

    def __init__(
        self,
        body: Element,
        outline: Outline,
        headings: Headings,
        typesetter: Typesetter,
        paper: PageSize,
    ) -> None:
        """Take in what to print, and where."""
        self._body = body
        self._outline = outline
        self._headings = headings
        self._set = typesetter
        self._paper = paper
        self._metas: dict[tuple[str | None, int, bool], Text] = {}
        """What stands behind answers, by who gave them, their dots, and which way they run."""

    def add_first_page(self) -> None:
        """Add the title block and the paragraph of numbers."""
        outline = self._outline
        self._add("Title", outline.title)
        if outline.canvas.casefold() != outline.title.casefold():
            self._add("Subtitle", outline.canvas)
        if outline.subtitle:
            self._add("Tagline", outline.subtitle)
        for place, fact in enumerate(outline.facts):
            style = "Fact" if place else "FirstFact"
            label = (fact.label, "FactLabel")
            self._set.add_paragraph(self._body, style, label, "\t", fact.text)
        self._add("Summary", outline.summary)

    def add_blocks(self, anchors: Mapping[str, str], meter: ProgressMeter) -> None:
        """Add the sections of the blocks; `anchors` names their bookmarks by their keys."""
        self._headings.add(self._body, 1, "blocks", labels.BLOCKS)
        costs = cost_section_keys(self._outline)
        for section in self._outline.sections:
            self._headings.add(self._body, 2, anchors[section.key], section.title)
            style = _PURPOSE_OF_COSTS if section.key in costs else _PURPOSES[section.family]
            self._add_block(section, style, meter)

    def add_skipped(self) -> None:
        """Add the questions that were left open on purpose, where there are any."""
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
        """Add the points that were put aside, where there are any."""
        if not self._outline.parked:
            return
        self._headings.add(self._body, 1, "parked", labels.PARKED)
        heads, rows = labels.without_empty_columns(
            labels.PARKED_HEADS, labels.parked_rows(self._outline.parked)
        )
        self._add_table(
            (5, 3, 2)[: len(heads)],
            heads,
            rows,
            caption=labels.PARKED,
            description="Points that were put aside for later, with where they came up and who "
            "raised them, as far as that is known.",
        )

    def add_actions(self) -> None:
        """Add what is to be done, by whom and by when, where there is something."""
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
        """Add what belongs nowhere else: astray answers, unapplied events, how it was made."""
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
                [(e.at, e.what, e.reason) for e in outline.unapplied],
                caption=labels.UNAPPLIED,
                description="What the session's log holds and this report leaves out, and why.",
            )
        self._headings.add(self._body, 2, "made", labels.PROVENANCE)
        self._add("Note", " ".join(outline.provenance))

    def _add(self, style: str, text: str) -> None:
        self._set.add_paragraph(self._body, style, text)

    def _add_block(self, section: BlockSection, purpose: str, meter: ProgressMeter) -> None:
        self._add(purpose, section.purpose)
        for question in section.questions:
            self._add_question(question, meter)

    def _add_question(self, question: QuestionPart, meter: ProgressMeter | None = None) -> None:
        self._add("Question", question.ask)
        for start in range(0, len(question.answers), _CHUNK):
            chunk = question.answers[start : start + _CHUNK]
            for answer in chunk:
                self._add_answer(answer)
            if meter is not None:
                meter.add(len(chunk))
        if not question.answers:
            self._add("OpenQuestion", labels.unanswered_label(question))

    def _add_answer(self, answer: AnswerLine) -> None:
        text, *others = split_paragraphs(answer.text)
        metas = self._metas_of(answer)
        template = _ANSWER_OF if metas and not others else _ANSWER
        self._set.add_from_template(self._body, template, text, *(() if others else metas))
        for place, portion in enumerate(others, start=1):
            last = metas if place == len(others) else ()
            self._set.add_paragraph(self._body, _CONTINUED, portion, *last)

    def _metas_of(self, answer: AnswerLine) -> tuple[Text, ...]:
        """Return what stands behind an answer, if anything does."""
        if answer.participant is None and not answer.dots:
            return ()
        key = answer.participant, answer.dots, runs_right_to_left(answer.text)
        if key not in self._metas:
            self._metas[key] = _meta(labels.credit(answer), right_to_left=key[2]), _META
        return (self._metas[key],)

    def _add_table(
        self,
        shares: Sequence[float],
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        caption: str,
        description: str,
    ) -> None:
        text_table(
            self._body,
            self._set,
            [self._paper.text_width * share / sum(shares) for share in shares],
            heads,
            [[text or _NOTHING for text in row] for row in rows],
            caption=caption,
            description=description,
        )


def _meta(credit: str, *, right_to_left: bool) -> str:
    """Return what stands behind an answer, kept together on a line where that is not long.

    Among right-to-left text it is not: LibreOffice breaks lines within words then.
    """
    if right_to_left or len(credit) > _LONGEST_KEPT:
        return f" — {credit}"
    return " " + f"— {credit}".replace(" ", "\u00a0")
