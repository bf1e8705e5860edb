"""Telling how far a report is, often enough to be of use and seldom enough to cost nothing."""

from workshop.export.request import Progress

_STEPS = 40


class ProgressMeter:
    """Counts pieces of work and passes on, a few dozen times, which part of all is done."""

    def __init__(self, progress: Progress, pieces: int, start: float, end: float) -> None:
        """Take in how many pieces there are, and from where to where they take the whole."""
        self._progress = progress
        self._pieces = max(pieces, 1)
        self._start, self._share = start, end - start
        self._done = 0
        self._told = 0

    def add(self, pieces: int = 1) -> None:
        """Note that so many more pieces are done."""
        self._done += pieces
        step = min(self._done, self._pieces) * _STEPS // self._pieces
        if step > self._told:
            self._told = step
            self._progress(self._start + self._share * step / _STEPS)
