"""Tries many malformed inputs; each must be accepted as sound or refused in one sentence.

The inputs are tried in processes with little memory, and an alarm ends those that take too long.
The outcome of each is one word, so that outcomes can be counted.
"""

import json
import resource
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from faults.counts import WORKERS
from hostile import harmful

from workshop.errors import WorkshopError

SECONDS = 2.0
"""The processor time that one input may take, in seconds."""
_HANGING = 20.0
"""The time after which an input counts as hanging, in seconds."""
_MEMORY = 1 << 31
"""The address space that a process which tries inputs may take, in bytes."""
LONGEST = 400
"""The longest message, in characters, without the path of the file."""

_LIBRARY_WORDS = (
    "Input should", "type=", "validation error", "pydantic", "Traceback", "Extra inputs",
    "Field required", "should have at", "match pattern", "sqlite3", "ruamel", "<class", "object at",
    "0x7f", "instance of", "Tuple", "tuple", "unable to parse", "NoneType", "Error:", "Error(",
)  # fmt: skip
"""Words from the messages of libraries, which mean nothing to people."""


class HangingError(Exception):
    """An input took far too long."""


@dataclass(frozen=True)
class Trial:
    """The outcome of one input."""

    number: int
    kind: str
    outcome: str
    """`sound`, `refused`, or what went wrong."""
    message: str
    """The error message; the end of the traceback if something went wrong."""
    seconds: float
    """The processor time that it took."""
    peak_memory: int
    """The most memory that its process has had so far, in kB."""

    @property
    def is_wrong(self) -> bool:
        return self.outcome not in ("sound", "refused")


def assert_is_error_for_people(error: WorkshopError, path: str) -> None:
    """Assert that an error is a sentence for people, on one line and not too long."""
    message = str(error)
    short = message.replace(path, "FILE")
    assert harmful(message, lines=False) == [], message
    assert error.message.endswith("."), message
    assert not error.message.endswith(".."), message
    assert len(short) <= LONGEST, message
    assert [words for words in _LIBRARY_WORDS if words in short] == [], message


def assert_is_printable(lines: list[str]) -> None:
    """Assert that lines for people contain no terminal commands."""
    assert harmful("\n".join(lines)) == []


def assert_is_printable_json(value: object) -> None:
    """Assert that `value` can be written as JSON whose texts contain no terminal commands."""
    text = json.dumps(value, ensure_ascii=False)
    assert harmful(text, lines=False) == []


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise HangingError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _try_input(
    number: int, attempt: Callable[[int], tuple[str, str, str]], seconds: float
) -> Trial:
    kind, outcome, message = "?", "", ""
    start = time.process_time()
    try:
        with _time_limit(_HANGING):
            kind, outcome, message = attempt(number)
    except BaseException as error:  # noqa: BLE001 - every unexpected error is a finding
        outcome = f"{type(error).__name__}"
        message = "".join(traceback.format_exception(error)[-3:])[-1_500:]
    duration = time.process_time() - start
    if duration > seconds and outcome in ("sound", "refused"):
        outcome = "too slow"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Trial(number, kind, outcome, message, duration, peak)


def try_all(
    attempt: Callable[[int], tuple[str, str, str]], number: int, seconds: float = SECONDS
) -> list[Trial]:
    """Try the inputs from 0 up to `number`, exclusive.

    `attempt` makes an input of its number and tries it; it returns the kind of the input, the
    outcome and the error message. Each may take `seconds` of processor time.
    """
    try_input = partial(_try_input, attempt=attempt, seconds=seconds)
    with ProcessPoolExecutor(
        WORKERS, mp_context=get_context("spawn"), initializer=_limit_memory
    ) as pool:
        return list(pool.map(try_input, range(number), chunksize=20))


def summarize(trials: list[Trial]) -> str:
    """Return the counts of the outcomes, the longest time and the most memory, as text."""
    outcomes = Counter(trial.outcome for trial in trials)
    kinds = {trial.kind for trial in trials}
    return (
        f"{len(trials):,} inputs of {len(kinds)} kinds: "
        + ", ".join(f"{n:,} {outcome}" for outcome, n in sorted(outcomes.items()))
        + f"; {len({t.message for t in trials if t.outcome == 'refused'}):,} different sentences; "
        f"the slowest took {max(t.seconds for t in trials):.2f} s of the processor, "
        f"no process more than {max(t.peak_memory for t in trials) // 1024} MB"
    )


def describe_failures(trials: list[Trial], max_count: int = 8) -> str:
    """Return a description of one input for each different failure."""
    failures: dict[tuple[str, str], Trial] = {}
    for trial in trials:
        if trial.is_wrong:
            failures.setdefault((trial.outcome, trial.message[-120:]), trial)
    return "\n\n".join(
        f"input {t.number} ({t.kind}): {t.outcome}, {t.seconds:.2f} s\n{t.message}"
        for t in list(failures.values())[:max_count]
    )
