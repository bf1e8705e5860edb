"""Print every bench's figures as one table: `python tests/bench`, or `python tests/bench open`.

Each is a ratio against a floor in the same run. A bench runs in a process of its own, so that the
memory that is printed is its own.
"""

import dataclasses
import importlib
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support"), str(HERE.parents[1])]

from figures import Figure, table  # noqa: E402

BENCHES = ("start", "keystroke", "answer", "open", "list", "report")


def _measured(name: str) -> list[Figure]:
    """Return what a bench finds in a process of its own."""
    command = [sys.executable, str(HERE), "--json", name]
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return [Figure(**figure) for figure in json.loads(ended.stdout)]


def _print_json(name: str) -> None:
    figures = importlib.import_module(f"bench_{name}").figures()
    print(json.dumps([dataclasses.asdict(figure) for figure in figures]))


def main(names: list[str]) -> None:
    """Run the benches of these names, or all, and print the table."""
    wrong = [name for name in names if name not in BENCHES]
    if wrong:
        sys.exit(f"There is no bench {wrong[0]}: there are {', '.join(BENCHES)}.")
    found: list[Figure] = []
    for name in names or BENCHES:
        print(f"{name} …", file=sys.stderr, flush=True)
        found += _measured(name)
    print(table(found))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--json"]:
        _print_json(sys.argv[2])
    else:
        main(sys.argv[1:])
