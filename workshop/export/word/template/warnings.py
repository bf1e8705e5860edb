"""The warnings about a template for the person who chose it."""

import re

from workshop.export.page_size import A4, MILLIMETRE, PageSize
from workshop.export.word.template.header_footer import RemovedContent
from workshop.export.word.template.styles import StyleMatch, group_variants
from workshop.text import clean_line, counted, shorten

_CLOSE = 1.0
"""The tolerance of page sizes, in points."""
_LONGEST_NAME, _LONGEST_LIST = 40, 120
_FEW = 4
"""How many style names a list in a warning has."""
_WORDS_OWN = re.compile("Title|Subtitle|heading |toc |TOC |header|footer|caption|Hyperlink")
"""Prefixes of style names that Word has as well, and that a company is likely to style."""
_USES = {
    "page one": re.compile("Tagline|F(irst f)?act|Summary"),
    "questions and answers": re.compile("Purpose|Question|Answer|Open question|Note"),
    "tables": re.compile("Table|Report table"),
    "links": re.compile("Contents link|Block link"),
    "the canvas": re.compile("Canvas"),
}
"""The purposes of styles that only Workshop has, by the prefixes of their names."""


def warnings_on(
    name: str,
    matched: StyleMatch,
    removed: RemovedContent,
    *,
    requested: PageSize,
    page_size: PageSize,
    is_from_template: bool,
    running: bool,
    macros: bool,
    sizes: int,
) -> tuple[str, ...]:
    """Return sentences on what a template lacks and what was left out of it.

    `requested` is the page size that was requested and `page_size` the one that is used, which
    `is_from_template` or not. `running` is whether the template has a header or a footer, and
    `sizes` the number of impossible font sizes in it.
    """
    warnings = [
        *_warn_on_styles(matched),
        *_warn_on_breaks(matched),
        *_warn_on_sizes(sizes),
        *([] if running else ["has no header and no footer, so Workshop's own are used"]),
        *_warn_on_refused(removed),
        *(["may hold macros, and these were left out"] if macros else []),
    ]
    if is_from_template and requested != A4 and not _same(requested, page_size):
        size = f"{page_size.width / MILLIMETRE:.0f} × {page_size.height / MILLIMETRE:.0f} mm"
        warnings.append(f"names its own paper ({size}), so the report is on that")
    return tuple(
        f"The template{'' if index else f' {name}'} {warning}."
        for index, warning in enumerate(warnings)
    )


def _warn_on_styles(matched: StyleMatch) -> list[str]:
    messages: list[str] = []
    if added := group_variants(matched.added):
        one = len(added) == 1
        lacking = "this style" if one else f"{len(added)} styles"
        messages.append(
            f"lacks {lacking}, so Workshop's own {'was' if one else 'were'} added, based on its "
            f"styles: {_list_added(added)}"
        )
    messages += [
        f"has no style {heading}, so its style “{_display_name(name)}” was used in its place"
        for heading, name in matched.stand_ins.items()
    ]
    if matched.hiding:
        messages.append(
            "has styles that would hide text, so Workshop's own were added beside them: "
            f"{_first(matched.hiding)}"
        )
    if own := group_variants(matched.own):
        messages.append(
            "has styles that would not keep a canvas on one page, so Workshop's own were added "
            f"beside them: {_first(own)}"
        )
    if matched.cut:
        messages.append(
            "has styles that are based on one another in a circle or an endless chain, which was "
            f"cut at {_first([_display_name(name) for name in matched.cut])}"
        )
    if matched.repeated:
        messages.append(
            "has more than one style under the same id, of which the first was used: "
            f"{_first([_display_name(name) for name in matched.repeated])}"
        )
    return messages


def _warn_on_breaks(matched: StyleMatch) -> list[str]:
    messages: list[str] = []
    for source, names in matched.breaking.items():
        where = f"of its style “{_display_name(source)}”" if source else "by default"
        message = f"begins a page with every paragraph {where}"
        heirs = group_variants(name for name in names if name != source)
        if heirs:
            message += (
                ", which Workshop's own styles do not take over; these of its own do: "
                f"{_first([_display_name(name) for name in heirs])}"
            )
        messages.append(message)
    return messages


def _warn_on_sizes(sizes: int) -> list[str]:
    if not sizes:
        return []
    what = "a size of letters" if sizes == 1 else f"{sizes:,} sizes of letters"
    return [f"has {what} that Word does not know (it knows up to 1,638 points), left out"]


def _list_added(names: list[str]) -> str:
    """Return the names of added styles: Word's own, then a count of those only Workshop has."""
    known = [name for name in names if _WORDS_OWN.match(name)]
    ours = [name for name in names if name not in known]
    if len(ours) <= _FEW:
        return ", ".join(names)
    uses = [use for use, pattern in _USES.items() if any(map(pattern.match, ours))]
    rest = f"{len(ours)} that only Workshop has, for {_and(uses)}"
    return _and([", ".join(known), rest]) if known else rest


def _first(names: list[str]) -> str:
    """Return the first few names and the number of the others."""
    more = len(names) - _FEW
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:_FEW])} and {more} more"


def _and(parts: list[str]) -> str:
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def _warn_on_refused(removed: RemovedContent) -> list[str]:
    messages: list[str] = []
    if removed.fields:
        kinds = ", ".join(dict.fromkeys(removed.fields))
        fields = counted(len(removed.fields), "field")
        messages.append(
            f"has {fields} in its header or footer that reach beyond the report and became plain "
            f"text: {shorten(kinds, _LONGEST_LIST)}"
        )
    if removed.links:
        links = counted(removed.links, "link")
        messages.append(
            f"has {links} in its header or footer, of which the text or picture is left"
        )
    if removed.objects:
        objects = counted(removed.objects, "object")
        messages.append(
            f"has {objects} in its header or footer that {'is' if removed.objects == 1 else 'are'} "
            "linked, embedded or of an unknown kind and left out"
        )
    return messages


def _same(one: PageSize, other: PageSize) -> bool:
    return abs(one.width - other.width) < _CLOSE and abs(one.height - other.height) < _CLOSE


def _display_name(name: str) -> str:
    return shorten(clean_line(name), _LONGEST_NAME)
