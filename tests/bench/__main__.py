"""Runs the benches and prints their figures: `python tests/bench`, or `python tests/bench open`.

Each figure is a ratio to a baseline in the same run. Each bench runs in a process of its own, so
that the memory that is printed is its own.
"""

import dataclasses
import importlib
import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "support"), str(FOLDER.parents[1])]

from figures import Figure, table  # noqa: E402

BENCHES = ("start", "keystroke", "answer", "open", "list", "report")


def _run_bench(name: str) -> list[Figure]:
    """Return the figures of a bench, which runs in a process of its own."""
    command = [sys.executable, str(FOLDER), "--json", name]
    result = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return [Figure(**figure) for figure in json.loads(result.stdout)]


def _print_json(name: str) -> None:
    figures = importlib.import_module(f"bench_{name}").figures()
    print(json.dumps([dataclasses.asdict(figure) for figure in figures]))


def main(names: list[str]) -> None:
    """Run the benches of these names, or all, and print the table."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        sys.exit(f"There is no bench {unknown[0]}: there are {', '.join(BENCHES)}.")
    figures: list[Figure] = []
    for name in names or BENCHES:
        print(f"{name} …", file=sys.stderr, flush=True)
        figures += _run_bench(name)
    print(table(figures))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--json"]:
        _print_json(sys.argv[2])
    else:
        main(sys.argv[1:])
