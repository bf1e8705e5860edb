"""The core properties (title, author, dates) of the Word report and of the slides."""

from datetime import UTC, datetime

from workshop.export.i18n.languages import proofing_language
from workshop.export.provenance import origin_mark
from workshop.views.outline import Outline

AUTHOR = "Workshop"
_MAX_CHARACTERS = 255
"""The longest value of a property; python-docx and python-pptx refuse longer ones."""


def core_properties(outline: Outline) -> dict[str, str | int | datetime]:
    """Return the core properties, keyed by their attribute names in python-docx and python-pptx.

    No value depends on the clock: the same outline gives the same properties.
    """
    return {
        "title": title_property(outline),
        "subject": subject_property(outline),
        "author": AUTHOR,
        "last_modified_by": AUTHOR,
        "identifier": origin_mark(outline.session),
        "language": proofing_language(outline.language),
        # The libraries write both with a Z for UTC, whatever their time zone is.
        "created": outline.created.astimezone(UTC),
        "modified": outline.modified.astimezone(UTC),
        "revision": 1,
    }


def title_property(outline: Outline) -> str:
    """Return the session's title, cut to the length that a property may have."""
    return outline.title[:_MAX_CHARACTERS]


def subject_property(outline: Outline) -> str:
    """Return the canvas's title, cut to the length that a property may have."""
    return outline.canvas[:_MAX_CHARACTERS]
