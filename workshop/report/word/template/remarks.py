"""What there is to say about a template to the person who chose it."""

from workshop.report.paper import A4, MILLIMETRE, Paper
from workshop.report.word.template.markup import Refused
from workshop.report.word.template.styles import Matched, told_apart
from workshop.text import clean_line, counted, shorten

_CLOSE = 1.0
"""Points by which two sheets of the same paper may differ."""
_LONGEST_NAME, _LONGEST_LIST = 40, 120


def remarks_on(
    name: str,
    matched: Matched,
    refused: Refused,
    *,
    usual: Paper,
    paper: Paper,
    paper_counts: bool,
    running: bool,
    macros: bool,
) -> tuple[str, ...]:
    """Return sentences on what a template lacked and what was not taken from it.

    `usual` is the paper that was asked for and `paper` the one that is used; `paper_counts` says
    whether it is the template's. `running` says whether the template has a header or a footer.
    """
    remarks = [
        *_on_styles(matched),
        *([] if running else ["has no header and no footer, so Workshop's own are used"]),
        *_on_refused(refused),
        *(["may hold macros, and these were left out"] if macros else []),
    ]
    if paper_counts and usual != A4 and not _same(usual, paper):
        size = f"{paper.width / MILLIMETRE:.0f} × {paper.height / MILLIMETRE:.0f} mm"
        remarks.append(f"names its own paper ({size}), so the report is on that")
    return tuple(
        f"The template{'' if place else f' {name}'} {said}." for place, said in enumerate(remarks)
    )


def _on_styles(matched: Matched) -> list[str]:
    said: list[str] = []
    added, own = told_apart(matched.added), told_apart(matched.own)
    if added:
        were = "this style, so Workshop's own was" if len(added) == 1 else (
            f"these {len(added)} styles, so Workshop's own were"
        )  # fmt: skip
        said.append(f"lacks {were} added, based on its styles: {', '.join(added)}")
    said += [
        f"has no style {heading}, so its style “{_shown(name)}” was used in its place"
        for heading, name in matched.stand_ins.items()
    ]
    if matched.hiding:
        said.append(
            "has styles that would hide text, so Workshop's own were added beside them: "
            f"{', '.join(matched.hiding)}"
        )
    if own:
        said.append(
            "has styles that would not keep a canvas on one page, so Workshop's own were added "
            f"beside them: {', '.join(own)}"
        )
    return said


def _on_refused(refused: Refused) -> list[str]:
    said: list[str] = []
    if refused.fields:
        kinds = ", ".join(dict.fromkeys(refused.fields))
        fields = counted(len(refused.fields), "field")
        said.append(
            f"has {fields} in its header or footer that reach beyond the report and became plain "
            f"text: {shorten(kinds, _LONGEST_LIST)}"
        )
    if refused.links:
        links = counted(refused.links, "link")
        said.append(f"has {links} in its header or footer, of which the text or picture is left")
    if refused.objects:
        objects = counted(refused.objects, "object")
        said.append(
            f"has {objects} in its header or footer that {'is' if refused.objects == 1 else 'are'} "
            "linked, embedded or of an unknown kind and left out"
        )
    return said


def _same(one: Paper, other: Paper) -> bool:
    return abs(one.width - other.width) < _CLOSE and abs(one.height - other.height) < _CLOSE


def _shown(name: str) -> str:
    return shorten(clean_line(name), _LONGEST_NAME)
