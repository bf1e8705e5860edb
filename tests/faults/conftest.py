"""Prints the results of the fault tests at the end of the run."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from faults.counts import tally

ReportResult = Callable[[str], None]

# Results are properties of the test's report, because it may have run in another process.
_RESULT, _COUNTS = "result", "counts"


@pytest.fixture
def report_result(
    record_property: Callable[[str, object], None], request: pytest.FixtureRequest
) -> ReportResult:
    """Return the function that adds a line to the results at the end of the run."""
    return lambda words: record_property(_RESULT, f"{request.node.name}\n    {words}")


@pytest.fixture(autouse=True)
def _report_tally(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Add the counts of `tally`, too."""
    tally.clear()
    yield
    if tally:
        record_property(_COUNTS, dict(tally))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the results, whether or not the tests passed."""
    lines: list[str] = []
    counts: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            # The last report of a test has all of its properties.
            if getattr(report, "when", None) == "teardown":
                for name, value in report.user_properties:
                    if name == _RESULT:
                        lines.append(str(value))
                    elif name == _COUNTS:
                        counts.update(value)
    lines += [f"{number:,} {name}" for name, number in counts.items()]
    if lines:
        terminalreporter.section("what was broken, and what came of it")
    for line in lines:
        terminalreporter.write_line(line)
