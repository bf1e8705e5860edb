# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
# python-pptx has no public way to set a language by its tag, or a direction.
"""What a canvas slide has no room for: in full in its notes, where the presenter has it at hand."""

from collections.abc import Iterator, Sequence

from pptx.slide import Slide

from workshop.export.i18n.writing_systems import runs_right_to_left
from workshop.export.layout.fit import FittedBlock
from workshop.views import labels
from workshop.views.outline import CanvasPage


def add_notes(slide: Slide, page: CanvasPage, blocks: Sequence[FittedBlock], language: str) -> None:
    """Add to a slide's notes all answers of `blocks`, each block under its name."""
    frame = slide.notes_slide.notes_text_frame
    if frame is None:
        raise LookupError("the notes have no place for text")
    # All at once: paragraph by paragraph takes python-pptx the square of their number.
    frame.text = "\n".join(_lines(page, blocks))
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font._rPr.set("lang", language)
        if runs_right_to_left(paragraph.text):
            paragraph._p.get_or_add_pPr().set("rtl", "1")


def _lines(page: CanvasPage, blocks: Sequence[FittedBlock]) -> Iterator[str]:
    for fitted in blocks:
        block = fitted.block
        yield labels.describe_block(page, block)
        dots = block.dots or (0,) * len(block.answers)
        for answer, votes in zip(block.answers, dots, strict=True):
            yield f"• {' '.join(answer.split())}{labels.dots_mark(votes)}"
