"""Banks of one's own with grids that no canvas has, for the report's tests."""

from workshop.banks.model import Bank

FAMILIES = ("customer", "offering", "infrastructure", "finance")


def grid_bank(rows, columns, levels=0, title="A building block, number {n}"):
    """A bank of rows times columns blocks, a cell each, with a question for each level."""
    count = rows * columns
    names = [f"level_{n}" for n in range(levels)]
    blocks = [
        {
            "id": f"b{n}",
            "title": title.format(n=n),
            "family": FAMILIES[n % len(FAMILIES)],
            "minutes": 1,
            "purpose": "p",
            "questions": [
                {"id": f"q{m}", "level": name, "ask": "a?", "help": "h", "example": "e"}
                for m, name in enumerate(names or [None])
            ],
        }
        for n in range(count)
    ]
    return Bank(
        id="fine",
        version=1,
        title="Fine",
        language="en",
        canvas="\n".join(
            " ".join(f"b{r * columns + c}" for c in range(columns)) for r in range(rows)
        ),
        levels=[{"id": name, "title": name, "voice": "we"} for name in names],
        walk=[f"{name}.b{n}" for name in names for n in range(count)],
        blocks=blocks,
    )
