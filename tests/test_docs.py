"""The documents say what the code does."""

import re
import subprocess
from pathlib import Path

import pytest
from commands_page import CODES, commands_page
from conftest import SLOW, TESTS
from module_table import with_table

from workshop.banks.model import Bank, BankModel, Block, Question
from workshop.banks.yaml_loader import parse_bank
from workshop.errors import INCOMPLETE_RESCUE, WorkshopError
from workshop.facilitation.slash_commands import COMMANDS
from workshop.frontends.cli import root
from workshop.session.events import KnownBody
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.event_table import EVENT_COLUMNS
from workshop.storage.sqlite.session_row import SESSION_COLUMNS

HERE = Path(__file__).resolve().parent.parent
PAGES = [*HERE.glob("*.md"), *(HERE / "docs").glob("*.md"), HERE / "sessions" / "README.md"]


def text_of(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def keys_listed(page: str, heading: str) -> set[str]:
    """Return the names in the first column of the table under a heading of a page."""
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))


# ── commands and keys ────────────────────────────────────────────────────────────────────────


def test_the_page_of_commands_says_what_the_tables_say() -> None:
    assert text_of("docs/commands.md") == commands_page()


def test_every_command_that_the_readme_names_is_there() -> None:
    named = set(re.findall(r"`/(\w+)", text_of("README.md")))
    assert named
    assert named <= {c.name for c in COMMANDS}
    lines = set(re.findall(r"^    workshop (\w+)", text_of("README.md"), re.MULTILINE))
    assert lines == set(root.workshop.commands)


def test_every_exit_code_of_an_error_is_explained() -> None:
    kinds = [WorkshopError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert {kind.exit_code for kind in kinds[1:]} <= set(CODES)
    assert INCOMPLETE_RESCUE not in {kind.exit_code for kind in kinds}


# ── banks ────────────────────────────────────────────────────────────────────────────────────


def test_the_example_bank_loads() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", text_of("docs/banks.md"), re.DOTALL)
    bank = parse_bank(example, "docs/banks.md")
    assert [b.id for b in bank.blocks] == ["who", "offer", "money"]
    assert bank.steps(quick=True)


@pytest.mark.parametrize(
    ("heading", "model"), [("The bank", Bank), ("A block", Block), ("A question", Question)]
)
def test_every_key_of_a_bank_is_explained(heading: str, model: type[BankModel]) -> None:
    assert keys_listed(text_of("docs/banks.md"), heading) == set(model.model_fields)


# ── the session file ─────────────────────────────────────────────────────────────────────────


def test_every_kind_of_event_and_every_column_is_explained() -> None:
    page = text_of("docs/session-file.md")
    kinds = {body.model_fields["kind"].default for body in KnownBody.__args__}
    listed = keys_listed(page, "What is in it")
    assert kinds <= listed
    assert set(EVENT_COLUMNS) | {"seq", "chain"} <= listed
    assert {name for _, name, _ in schema.DEFINITIONS} <= listed
    (row,) = re.findall(r"^\| `session` \|.*$", page, re.MULTILINE)
    assert all(f"`{column}`" in row for column in SESSION_COLUMNS)
    assert f"0x{schema.APPLICATION_ID:X}" in page
    assert f"`user_version` is {schema.VERSION}." in page


# ── set-up and checks ────────────────────────────────────────────────────────────────────────


def test_ci_ends_with_the_readmes_test_command() -> None:
    (command,) = re.findall(r"^    (python3 -m venv .*pytest)$", text_of("README.md"), re.MULTILINE)
    last = text_of(".ci/run").rstrip("\n").splitlines()[-1]
    assert last == command


@pytest.mark.parametrize("path", SLOW)
def test_what_is_left_out_of_the_fast_tests_exists(path: str) -> None:
    assert (TESTS / path).exists()


def test_the_table_of_modules_has_what_their_docstrings_say() -> None:
    page = text_of("CONTRIBUTING.md")
    assert with_table(page) == page, "make docs"
    listed = set(re.findall(r"^\| `(workshop/[\w/]+\.py)` \|", page, re.MULTILINE))
    modules = {p.relative_to(HERE).as_posix() for p in (HERE / "workshop").rglob("*.py")}
    assert listed == {m for m in modules if not m.endswith("__init__.py")}


def test_ci_is_a_script_that_bash_understands() -> None:
    script = HERE / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_every_dependency_has_its_reason() -> None:
    project = text_of("pyproject.toml")
    asked = set(re.findall(r'^    "([a-z.-]+)(?:\[\w+\])?>=', project, re.MULTILINE))
    reasons = text_of("CONTRIBUTING.md").partition("\n## Dependencies\n")[2]
    explained = set(re.findall(r"^\| ([a-z.-]+) \|", reasons, re.MULTILINE)) - {"package"}
    assert explained == asked
    assert len(asked) > 15


def test_no_file_names_a_package_registry() -> None:
    hosts = re.compile("pypi" + r"\.org|pythonhosted" + r"\.org|npmjs" + r"\.(?:org|com)")
    listed = [*PAGES, HERE / "pyproject.toml", HERE / ".ci" / "run"]
    listed += list((HERE / "workshop").rglob("*.py"))
    assert [str(p) for p in listed if hosts.search(p.read_text("utf-8"))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(HERE).as_posix())
def test_every_link_between_the_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", page.read_text("utf-8")):
        assert (page.parent / target).is_file(), f"{page.name} links to {target}"
