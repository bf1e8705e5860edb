"""What an Office file says of itself: the core properties that documents and slides share."""

from datetime import UTC, datetime

from workshop.export.i18n.languages import proofing_language
from workshop.export.provenance import origin_mark
from workshop.views.outline import Outline

AUTHOR = "Workshop"
_LONGEST = 255
"""In characters: longer ones are refused by Office's libraries."""


def core_properties(outline: Outline) -> dict[str, str | int | datetime]:
    """Return the properties by the names that python-docx and python-pptx have for them.

    None of them comes from the clock: the same outline gives the same properties.
    """
    return {
        "title": title_property(outline),
        "subject": subject_property(outline),
        "author": AUTHOR,
        "last_modified_by": AUTHOR,
        "identifier": origin_mark(outline.session),
        "language": proofing_language(outline.language),
        # Both are written with a Z behind them, whatever their zone is.
        "created": outline.created.astimezone(UTC),
        "modified": outline.modified.astimezone(UTC),
        "revision": 1,
    }


def title_property(outline: Outline) -> str:
    """Return the session's title, as long as a property may be."""
    return outline.title[:_LONGEST]


def subject_property(outline: Outline) -> str:
    """Return the canvas's title, as long as a property may be."""
    return outline.canvas[:_LONGEST]
