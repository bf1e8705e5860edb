"""A place for the numbers that the tests of faults come to."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from faults.counts import tally

Tell = Callable[[str], None]

# Numbers travel with the report of their test, for the test may have run in another process.
_TOLD, _COUNTED = "told", "counted"


@pytest.fixture
def tell(record_property: Callable[[str, object], None], request: pytest.FixtureRequest) -> Tell:
    """Return what says a number at the end of the run."""
    return lambda words: record_property(_TOLD, f"{request.node.name}\n    {words}")


@pytest.fixture(autouse=True)
def _counted(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Let what was counted without a fixture be said as well."""
    tally.clear()
    yield
    if tally:
        record_property(_COUNTED, dict(tally))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say the numbers, whether or not the tests passed."""
    told: list[str] = []
    counted: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            # The last report of a test has everything that was recorded until then.
            if getattr(report, "when", None) == "teardown":
                for name, value in report.user_properties:
                    if name == _TOLD:
                        told.append(str(value))
                    elif name == _COUNTED:
                        counted.update(value)
    told += [f"{number:,} {what}" for what, number in counted.items()]
    if told:
        terminalreporter.section("what was broken, and what came of it")
    for line in told:
        terminalreporter.write_line(line)
