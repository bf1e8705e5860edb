"""Write the table of modules in CONTRIBUTING.md from their docstrings: `make docs`."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
BEGIN, END = "<!-- modules: written by `make docs` -->", "<!-- /modules -->"
PACKAGES = (
    "", "files", "banks", "session", "facilitation", "views", "storage", "storage/sqlite",
    "storage/json_file", "storage/integrity", "export", "export/layout", "export/i18n",
    "export/word", "export/word/template", "export/slides", "frontends", "frontends/plain",
    "frontends/tui", "frontends/tui/screens", "frontends/tui/widgets", "frontends/cli",
    "frontends/cli/commands",
)  # fmt: skip
"""The folders of `workshop/`, in the order in which an import may point back to them."""


def module_table() -> str:
    """Return the table: each package, and under it each module with what it is for."""
    return "\n".join(["| module | what it is for |", "|---|---|", *_rows()])


def with_table(page: str) -> str:
    """Return CONTRIBUTING.md as it should be, with the table between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{module_table()}\n{END}{after}"


def _rows() -> Iterator[str]:
    for package in PACKAGES:
        folder = ROOT / "workshop" / package
        path = f"workshop/{package}".rstrip("/")
        yield f"| **{path}/** | **{_purpose(folder / '__init__.py')}** |"
        for module in sorted(folder.glob("*.py")):
            if module.name != "__init__.py":
                yield f"| `{path}/{module.name}` | {_purpose(module)} |"


def _purpose(module: Path) -> str:
    """Return the first line of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return docstring.partition("\n")[0].replace("|", "\\|").replace("*", "\\*")


if __name__ == "__main__":
    CONTRIBUTING.write_text(with_table(CONTRIBUTING.read_text("utf-8")), "utf-8")
