"""A place for the numbers that the tests of faults come to."""

from collections.abc import Callable

import pytest
from faults.counts import tally

Tell = Callable[[str], None]

_TOLD = pytest.StashKey[list[str]]()


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Return what says a number at the end of the run."""
    told = request.config.stash.setdefault(_TOLD, [])
    return lambda words: told.append(f"{request.node.name}\n    {words}")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say the numbers, whether or not the tests passed."""
    told = config.stash.get(_TOLD, [])
    told += [f"{number:,} {what}" for what, number in tally.items()]
    if told:
        terminalreporter.section("what was broken, and what came of it")
    for line in told:
        terminalreporter.write_line(line)
