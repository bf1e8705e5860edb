"""The base presentation: XML parts in the folder `base`, zipped in memory.

python-pptx's default template is 4:3, with eleven layouts and foreign printer settings. This one
is 16:9 and has the four layouts that the report needs.
"""

from enum import IntEnum
from io import BytesIO
from pathlib import Path

import pptx
from pptx.presentation import Presentation

from workshop.export.i18n.languages import proofing_language
from workshop.export.office_file import build_archive

WIDTH, HEIGHT = 960.0, 540.0
"""The size of a slide, in points."""
_FOLDER = Path(__file__).resolve().parent / "base"
_BASE_LANGUAGE = b'lang="en-GB"'


class Layout(IntEnum):
    """The layouts, in their order in the base presentation."""

    TITLE = 0
    CANVAS = 1
    TEXT = 2
    TABLE = 3


SUBTITLE, DATE = 1, 13
"""The placeholders of `Layout.TITLE`, other than its title."""
NUMBERS = 13
"""The placeholder of `Layout.CANVAS`, other than its title."""
BODY = 1
"""The placeholder of `Layout.TEXT`, other than its title."""


def open_base_presentation(language: str) -> Presentation:
    """Return a new presentation without slides, in `language` (a BCP 47 tag)."""
    attribute = f'lang="{proofing_language(language)}"'.encode()
    parts = (
        (p.relative_to(_FOLDER).as_posix(), p.read_bytes().replace(_BASE_LANGUAGE, attribute))
        for p in sorted(_FOLDER.rglob("*"))
        if p.is_file()
    )
    return pptx.Presentation(BytesIO(build_archive(parts)))
