"""What a bench has found, and the table in which all of them are printed."""

import resource
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Figure:
    """One thing that was measured against its floor, both in the same run."""

    what: str
    floor: str
    """What the floor is, and what it took."""
    ours: str
    ratio: float
    """How many times the floor ours is; or, where `unit` is given, how much more, in that unit."""
    limit: float
    unit: str = ""
    memory: float | None = None
    """The peak of memory of our side, in MB, where it can be told."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The figure as a row of the table."""
        memory = f"{self.memory:,.0f} MB" if self.memory is not None else ""
        ratio, limit = (f"{n:.2f}{self.unit}" for n in (self.ratio, self.limit))
        return (self.what, self.floor, self.ours, ratio, limit, memory)


HEADS = ("what", "floor", "ours", "ratio", "at most", "peak memory")


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a Markdown table whose columns stand under one another."""
    rows = [HEADS, *(figure.cells for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        f"| {' | '.join(c.ljust(w) for c, w in zip(row, widths, strict=True))} |" for row in rows
    ]
    lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join(lines)


def milliseconds(seconds: Sequence[float]) -> str:
    """Return the median of some times: "12.3 ms"."""
    median = 1000 * statistics.median(seconds)
    return f"{median:,.0f} ms" if median >= 100 else f"{median:.1f} ms"


def paired_ratio(pairs: Iterable[tuple[float, float]]) -> float:
    """Return the median of ours to the floor, pair by pair: a machine that slows slows both."""
    return statistics.median(ours / floor for floor, ours in pairs)


def peak_of_this() -> float:
    """Return the peak of memory of this process, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (MEGABYTE if sys.platform == "darwin" else 1024)


def peak_of(pid: int) -> float | None:
    """Return the peak of memory of another process, in MB, where the system tells."""
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        return None
    lines = status.read_text().splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) / 1024
