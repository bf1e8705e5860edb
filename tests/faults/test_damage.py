"""Files with flipped bits, cut-off ends or overwritten bytes are verified, opened and rescued."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import pytest
from damage_support import SHIPPED, flipped, long_session, provable_when_cut, records_in
from faults.conftest import ReportResult
from faults.counts import WORKERS, chance, count

from workshop.errors import WorkshopError
from workshop.session.record import Record
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.event_store import SqliteEventStore

FLIPS = count("FLIPS", 1_000)
OWN_BANK_FLIPS = count("OWN_BANK_FLIPS", 300)
CUTS = count("CUTS", 200)
TOO_LONG = 120
"""The seconds after which verifying and rescuing one file counts as hanging."""

VERDICTS = {True: "sound", False: "damaged"}
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome:
    """The result for one damaged file."""

    verified: str
    """`sound`, `damaged`, or `refused`."""
    opened: bool
    """Whether it opened like a sound file."""
    rescued: tuple[Record, ...]
    """The records in the rescued file."""
    session_is_rescued: bool
    """Whether title, bank and all other properties of the session are unchanged."""
    repaired: int
    seconds: float


def try_file(damaged: bytes, whole: bytes) -> Outcome:
    """Verify, open and rescue a damaged file. Raises every error but WorkshopError."""
    with tempfile.TemporaryDirectory() as folder:
        sound, path, target = (Path(folder, name) for name in ("sound.db", "x.db", "new.db"))
        sound.write_bytes(whole)
        path.write_bytes(damaged)
        start = time.monotonic()
        verdict = result_or_none(verify, path)
        result = result_or_none(rescue, path, target)
        rescued: tuple[Record, ...] = ()
        if result is not None:
            assert verify(target).is_sound
            rescued = tuple(records_in(target))
        seconds = time.monotonic() - start
        assert (
            path.read_bytes() == damaged
        )  # checked before opening, which may change the journal mode
        return Outcome(
            verified="refused" if verdict is None else VERDICTS[verdict.is_sound],
            opened=opens(path, sound),
            rescued=rescued,
            session_is_rescued=result is not None and session_in(target) == session_in(sound),
            repaired=len(result.repaired) if result is not None else 0,
            seconds=seconds,
        )


def result_or_none(function: Callable[..., Result], *paths: Path) -> Result | None:
    """Return `function(*paths)`, or None if it raises a WorkshopError with a whole sentence."""
    try:
        return function(*paths)
    except WorkshopError as error:
        message = error.message
    assert "\n" not in message
    assert message.endswith(".")
    return None


def session_in(path: Path) -> object:
    with SqliteEventStore.open(path) as file:
        return file.session()


def opens(path: Path, sound: Path) -> bool:
    """Return whether the file opens; if so, check that its content is that of the sound file."""
    try:
        with SqliteEventStore.open(path) as file:
            records, session = list(file.load().records), file.session()
    except WorkshopError:
        return False
    assert records == records_in(sound)
    assert session == session_in(sound)
    return True


def outcomes(damaged: Iterable[bytes], whole: bytes) -> list[Outcome]:
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        return list(pool.map(partial(try_file, whole=whole), damaged))


def summarize(results: list[Outcome]) -> str:
    verified = Counter(outcome.verified for outcome in results)
    return (
        f"{len(results)} files: {verified['sound']} sound (the damage hit no content), "
        f"{verified['damaged']} called damaged, {verified['refused']} refused; "
        f"{sum(o.repaired > 0 for o in results)} with a repaired event; "
        f"the slowest took {max(o.seconds for o in results):.1f} s"
    )


@pytest.mark.parametrize(("bank", "number"), [(SHIPPED, FLIPS), ("own", OWN_BANK_FLIPS)])
def test_a_file_with_a_flipped_bit_is_rescued_completely(
    tmp_path: Path, report_result: ReportResult, bank: str, number: int
) -> None:
    whole = long_session(bank)
    (tmp_path / "whole.db").write_bytes(whole)
    log = tuple(records_in(tmp_path / "whole.db"))
    choice = chance("flips", bank)
    results = outcomes(
        (flipped(whole, choice.randrange(8 * len(whole))) for _ in range(number)), whole
    )
    report_result(summarize(results))
    assert max(outcome.seconds for outcome in results) < TOO_LONG
    # `opens` checks the content of what opens, and no file with damaged content is called sound.
    assert all(outcome.opened for outcome in results if outcome.verified == "sound")
    assert [n for n, outcome in enumerate(results) if outcome.rescued != log] == []
    assert [n for n, outcome in enumerate(results) if not outcome.session_is_rescued] == []


def test_every_event_with_a_valid_hash_is_rescued_from_a_cut_off_file(
    tmp_path: Path, report_result: ReportResult
) -> None:
    whole = long_session()
    choice = chance("cuts")
    # Half of them are cut at the end of a page, as on a full disk, and half anywhere.
    sizes = [choice.randrange(1, len(whole)) for _ in range(CUTS)]
    sizes = [size - size % 4_096 * (n % 2) for n, size in enumerate(sizes)]
    results = outcomes((whole[:size] for size in sizes), whole)
    rescued_count = sum(len(outcome.rescued) for outcome in results)
    report_result(
        f"{summarize(results)}; {rescued_count} events of {100 * len(results)} rescued: "
        "all that have valid hashes"
    )
    assert max(outcome.seconds for outcome in results) < TOO_LONG
    assert {outcome.verified for outcome in results} <= {"damaged", "refused"}
    assert not any(outcome.opened for outcome in results)
    for size, outcome in zip(sizes, results, strict=True):
        assert [r.id for r in outcome.rescued] == provable_when_cut(whole, size), size


def test_a_file_with_overwritten_bytes_is_rescued_in_part_or_refused_in_one_sentence(
    tmp_path: Path, report_result: ReportResult
) -> None:
    whole = long_session()
    choice = chance("scribbles")
    damaged: list[bytes] = []
    for _ in range(count("SCRIBBLES", 200)):
        content = bytearray(whole)
        for _ in range(choice.choice([1, 3, 20, 400])):
            offset = choice.randrange(len(content))
            length = choice.choice([1, 4, 60, 5_000])
            end = min(offset + length, len(content))
            content[offset:end] = choice.randbytes(end - offset)
        damaged.append(bytes(content))
    results = outcomes(damaged, whole)
    (tmp_path / "whole.db").write_bytes(whole)
    originals = set(records_in(tmp_path / "whole.db"))
    report_result(summarize(results))
    assert max(outcome.seconds for outcome in results) < TOO_LONG
    assert all(set(outcome.rescued) <= originals for outcome in results)
    assert any(len(outcome.rescued) > 50 for outcome in results)
