"""The figures of the benches, and the table in which they are printed."""

import resource
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Figure:
    """One measurement, and its baseline in the same run."""

    name: str
    baseline: str
    """The name of the baseline, and its time."""
    ours: str
    """The time of Workshop."""
    ratio: float
    """Our time divided by the baseline; with a `unit`, the difference in that unit."""
    limit: float
    """The most that the ratio may be."""
    unit: str = ""
    memory: float | None = None
    """The peak memory of Workshop in MB, if it is known."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The figure as a row of the table."""
        memory = f"{self.memory:,.0f} MB" if self.memory is not None else ""
        ratio, limit = (f"{n:.2f}{self.unit}" for n in (self.ratio, self.limit))
        return (self.name, self.baseline, self.ours, ratio, limit, memory)


HEADERS = ("figure", "baseline", "ours", "ratio", "at most", "peak memory")


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a Markdown table with aligned columns."""
    rows = [HEADERS, *(figure.cells for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        f"| {' | '.join(c.ljust(w) for c, w in zip(row, widths, strict=True))} |" for row in rows
    ]
    lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join(lines)


def milliseconds(seconds: Sequence[float]) -> str:
    """Return the median of times as text: "12.3 ms"."""
    median = 1000 * statistics.median(seconds)
    return f"{median:,.0f} ms" if median >= 100 else f"{median:.1f} ms"


def paired_ratio(pairs: Iterable[tuple[float, float]]) -> float:
    """Return the median ratio of the pairs (baseline, ours); a slow machine slows both."""
    return statistics.median(ours / baseline for baseline, ours in pairs)


def own_peak_memory() -> float:
    """Return the peak memory of this process in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (MEGABYTE if sys.platform == "darwin" else 1024)


def peak_memory(pid: int) -> float | None:
    """Return the peak memory of another process in MB, or None if the system has no /proc."""
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        return None
    lines = status.read_text().splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) / 1024
