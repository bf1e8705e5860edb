"""What an input that was made to break Workshop may come to: something sound, or one sentence.

Each input is tried in a process of its own kind: with little memory, and with an alarm that ends
what takes too long. What comes of it is a few words, so that they can be counted.
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
"""How much of the processor's time one input may take, and after how much it counts as hanging."""
_HANGING = 20.0
_MEMORY = 1 << 31
"""The address space that a process which tries inputs may take, in bytes."""
LONGEST = 400
"""The longest message, in characters, without the path of the file."""

_NOT_OURS = (
    "Input should", "type=", "validation error", "pydantic", "Traceback", "Extra inputs",
    "Field required", "should have at", "match pattern", "sqlite3", "ruamel", "<class", "object at",
    "0x7f", "instance of", "Tuple", "tuple", "unable to parse", "NoneType", "Error:", "Error(",
)  # fmt: skip
"""Words of the libraries, which mean nothing to people."""


class HangingError(Exception):
    """An input took far too long."""


@dataclass(frozen=True)
class Tried:
    """What an input came to."""

    number: int
    kind: str
    came_to: str
    """`sound`, `refused`, or what went wrong."""
    said: str
    seconds: float
    peak: int
    """The most memory that its process has had so far, in kB."""

    @property
    def is_wrong(self) -> bool:
        return self.came_to not in ("sound", "refused")


def is_for_people(error: WorkshopError, path: str) -> None:
    """Assert that an error is a sentence for people, on one line and not too long."""
    said = str(error)
    short = said.replace(path, "FILE")
    assert harmful(said, lines=False) == [], said
    assert error.message.endswith("."), said
    assert not error.message.endswith(".."), said
    assert len(short) <= LONGEST, said
    assert [words for words in _NOT_OURS if words in short] == [], said


def is_plain(lines: list[str]) -> None:
    """Assert that lines for people hold nothing that a terminal would obey."""
    assert harmful("\n".join(lines)) == []


def is_plain_json(value: object) -> None:
    """Assert that a value for programs is JSON, and its texts are plain."""
    text = json.dumps(value, ensure_ascii=False)
    assert harmful(text, lines=False) == []


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise HangingError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _be_poor() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _tried(number: int, attempt: Callable[[int], tuple[str, str, str]], seconds: float) -> Tried:
    kind, came_to, said = "?", "", ""
    began = time.process_time()
    try:
        with _within(_HANGING):
            kind, came_to, said = attempt(number)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what we look for
        came_to = f"{type(error).__name__}"
        said = "".join(traceback.format_exception(error)[-3:])[-1_500:]
    took = time.process_time() - began
    if took > seconds and came_to in ("sound", "refused"):
        came_to = "too slow"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Tried(number, kind, came_to, said, took, peak)


def try_all(
    attempt: Callable[[int], tuple[str, str, str]], number: int, seconds: float = SECONDS
) -> list[Tried]:
    """Try inputs 0 to `number`: `attempt` makes one, and returns its kind, what it came to, why.

    Each may take that many seconds of the processor's time.
    """
    one = partial(_tried, attempt=attempt, seconds=seconds)
    with ProcessPoolExecutor(
        WORKERS, mp_context=get_context("spawn"), initializer=_be_poor
    ) as pool:
        return list(pool.map(one, range(number), chunksize=20))


def told(done: list[Tried]) -> str:
    """Return the numbers: how many, what they came to, how long and how much memory it took."""
    came_to = Counter(tried.came_to for tried in done)
    kinds = Counter(tried.kind for tried in done)
    return (
        f"{len(done):,} inputs of {len(kinds)} kinds: "
        + ", ".join(f"{n:,} {what}" for what, n in sorted(came_to.items()))
        + f"; {len({t.said for t in done if t.came_to == 'refused'}):,} different sentences; "
        f"the slowest took {max(t.seconds for t in done):.2f} s of the processor, "
        f"no process more than {max(t.peak for t in done) // 1024} MB"
    )


def first_wrong(done: list[Tried], most: int = 8) -> str:
    """Return what to look at: one input for each way of going wrong."""
    by_way: dict[tuple[str, str], Tried] = {}
    for tried in done:
        if tried.is_wrong:
            by_way.setdefault((tried.came_to, tried.said[-120:]), tried)
    return "\n\n".join(
        f"input {t.number} ({t.kind}): {t.came_to}, {t.seconds:.2f} s\n{t.said}"
        for t in list(by_way.values())[:most]
    )
