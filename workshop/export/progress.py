"""Progress of writing a report, reported in a few dozen steps so that it costs no time."""

from workshop.export.request import Progress

_STEPS = 40


class ProgressMeter:
    """Counts finished pieces of work and reports the share that is done, in a few dozen steps."""

    def __init__(self, progress: Progress, pieces: int, start: float, end: float) -> None:
        """Report `pieces` of work as the part of the whole from `start` to `end` (0 to 1)."""
        self._progress = progress
        self._pieces = max(pieces, 1)
        self._start, self._share = start, end - start
        self._pieces_done = 0
        self._reported_step = 0

    def add(self, pieces: int = 1) -> None:
        """Count `pieces` more as done."""
        self._pieces_done += pieces
        step = min(self._pieces_done, self._pieces) * _STEPS // self._pieces
        if step > self._reported_step:
            self._reported_step = step
            self._progress(self._start + self._share * step / _STEPS)
