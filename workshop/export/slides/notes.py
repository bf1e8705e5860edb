# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
# python-pptx has no public way to set a language by its tag, or a direction.
"""The speaker notes of a canvas slide: the full answers of blocks that the slide shortens."""

from collections.abc import Iterator, Sequence

from pptx.slide import Slide

from workshop.export.i18n.writing_systems import runs_right_to_left
from workshop.export.layout.fit import FittedBlock
from workshop.views import labels
from workshop.views.outline import CanvasPage


def add_notes(slide: Slide, page: CanvasPage, blocks: Sequence[FittedBlock], language: str) -> None:
    """Add all answers of `blocks` to the slide's notes, each block under its name.

    Raises LookupError if the notes have no text placeholder.
    """
    frame = slide.notes_slide.notes_text_frame
    if frame is None:
        raise LookupError("the notes have no text placeholder")
    # All at once: adding paragraphs one by one takes time in the square of their number.
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
        votes = block.votes or (0,) * len(block.answers)
        for answer, answer_votes in zip(block.answers, votes, strict=True):
            yield f"• {' '.join(answer.split())}{labels.dots_mark(answer_votes)}"
