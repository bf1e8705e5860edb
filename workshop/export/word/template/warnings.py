"""What there is to say about a template to the person who chose it."""

import re

from workshop.export.page_size import A4, MILLIMETRE, PageSize
from workshop.export.word.template.header_footer import Refused
from workshop.export.word.template.styles import Matched, told_apart
from workshop.text import clean_line, counted, shorten

_CLOSE = 1.0
"""Points by which two sheets of the same paper may differ."""
_LONGEST_NAME, _LONGEST_LIST = 40, 120
_FEW = 4
"""How many styles are named one by one, of those that nobody looks for."""
_WORDS_OWN = re.compile("Title|Subtitle|heading |toc |TOC |header|footer|caption|Hyperlink")
"""How the names of styles of ours begin that Word has as well, and a company likely styles."""
_USES = {
    "page one": re.compile("Tagline|F(irst f)?act|Summary"),
    "questions and answers": re.compile("Purpose|Question|Answer|Open question|Note"),
    "tables": re.compile("Table|Report table"),
    "links": re.compile("Contents link|Block link"),
    "the canvas": re.compile("Canvas"),
}
"""What those styles are for that only we have, by how their names begin."""


def warnings_on(
    name: str,
    matched: Matched,
    refused: Refused,
    *,
    usual: PageSize,
    paper: PageSize,
    paper_counts: bool,
    running: bool,
    macros: bool,
    sizes: int,
) -> tuple[str, ...]:
    """Return sentences on what a template lacked and what was not taken from it.

    `usual` is the paper that was asked for and `paper` the one that is used; `paper_counts` says
    whether it is the template's. `running` says whether the template has a header or a footer, and
    `sizes` how many sizes of letters in it were impossible.
    """
    warnings = [
        *_on_styles(matched),
        *_on_breaks(matched),
        *_on_sizes(sizes),
        *([] if running else ["has no header and no footer, so Workshop's own are used"]),
        *_on_refused(refused),
        *(["may hold macros, and these were left out"] if macros else []),
    ]
    if paper_counts and usual != A4 and not _same(usual, paper):
        size = f"{paper.width / MILLIMETRE:.0f} × {paper.height / MILLIMETRE:.0f} mm"
        warnings.append(f"names its own paper ({size}), so the report is on that")
    return tuple(
        f"The template{'' if place else f' {name}'} {said}." for place, said in enumerate(warnings)
    )


def _on_styles(matched: Matched) -> list[str]:
    said: list[str] = []
    if added := told_apart(matched.added):
        one = len(added) == 1
        lacking = "this style" if one else f"{len(added)} styles"
        said.append(
            f"lacks {lacking}, so Workshop's own {'was' if one else 'were'} added, based on its "
            f"styles: {_sorted_out(added)}"
        )
    said += [
        f"has no style {heading}, so its style “{_shown(name)}” was used in its place"
        for heading, name in matched.stand_ins.items()
    ]
    if matched.hiding:
        said.append(
            "has styles that would hide text, so Workshop's own were added beside them: "
            f"{_first(matched.hiding)}"
        )
    if own := told_apart(matched.own):
        said.append(
            "has styles that would not keep a canvas on one page, so Workshop's own were added "
            f"beside them: {_first(own)}"
        )
    if matched.cut:
        said.append(
            "has styles that are based on one another in a circle or an endless chain, which was "
            f"cut at {_first([_shown(name) for name in matched.cut])}"
        )
    if matched.repeated:
        said.append(
            "has more than one style under the same id, of which the first was used: "
            f"{_first([_shown(name) for name in matched.repeated])}"
        )
    return said


def _on_breaks(matched: Matched) -> list[str]:
    said: list[str] = []
    for source, names in matched.breaking.items():
        where = f"of its style “{_shown(source)}”" if source else "by default"
        remark = f"begins a page with every paragraph {where}"
        heirs = told_apart(name for name in names if name != source)
        if heirs:
            remark += (
                ", which Workshop's own styles do not take over; these of its own do: "
                f"{_first([_shown(name) for name in heirs])}"
            )
        said.append(remark)
    return said


def _on_sizes(sizes: int) -> list[str]:
    if not sizes:
        return []
    what = "a size of letters" if sizes == 1 else f"{sizes:,} sizes of letters"
    return [f"has {what} that Word does not know (it knows up to 1,638 points), left out"]


def _sorted_out(names: list[str]) -> str:
    """Return names of styles that were added: Word's own, then a count of those only we have."""
    known = [name for name in names if _WORDS_OWN.match(name)]
    ours = [name for name in names if name not in known]
    if len(ours) <= _FEW:
        return ", ".join(names)
    uses = [use for use, pattern in _USES.items() if any(map(pattern.match, ours))]
    rest = f"{len(ours)} that only Workshop has, for {_and(uses)}"
    return _and([", ".join(known), rest]) if known else rest


def _first(names: list[str]) -> str:
    """Return the first few names, and how many more there are."""
    more = len(names) - _FEW
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:_FEW])} and {more} more"


def _and(parts: list[str]) -> str:
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


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


def _same(one: PageSize, other: PageSize) -> bool:
    return abs(one.width - other.width) < _CLOSE and abs(one.height - other.height) < _CLOSE


def _shown(name: str) -> str:
    return shorten(clean_line(name), _LONGEST_NAME)
