"""What imports what: no circle, and what the pure core loads in a fresh interpreter.

The contracts in pyproject.toml say which package may know which; `lint-imports` holds them.
"""

import functools
import json
import subprocess
import sys
from graphlib import TopologicalSorter

import grimp
import pytest

HEAVY = {"textual", "questionary", "sqlite_utils", "docx", "click"}
CORE = [
    "workshop.text",
    "workshop.errors",
    "workshop.banks.model",
    "workshop.banks.yaml_loader",
    "workshop.banks.registry",
    "workshop.session.events",
    "workshop.session.event_log",
    "workshop.session.session",
    "workshop.facilitation.facilitator",
    "workshop.storage.json_file.writer",
    "workshop.storage.json_file.reader",
]


@functools.cache
def loaded_by(module: str) -> frozenset[str]:
    """Return the modules that importing `module` loads in a fresh interpreter."""
    code = f"import {module}, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return frozenset(json.loads(done.stdout))


@pytest.mark.parametrize("module", CORE)
def test_the_core_loads_none_of_the_five(module: str) -> None:
    loaded = loaded_by(module)
    assert module in loaded
    assert not loaded & HEAVY


def test_no_module_imports_itself_by_way_of_others() -> None:
    # Imports inside functions and imports for types alone count, too.
    graph = grimp.build_graph("workshop", exclude_type_checking_imports=False)
    imported_by = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert len(imported_by) > 150
    TopologicalSorter(imported_by).prepare()  # raises CycleError, which names the circle


def test_the_session_does_not_need_the_yaml_reader() -> None:
    assert "ruamel.yaml" not in loaded_by("workshop.facilitation.facilitator")


def test_the_package_alone_loads_nothing_of_itself() -> None:
    assert {m for m in loaded_by("workshop") if m.startswith("workshop")} == {"workshop"}
