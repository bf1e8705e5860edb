"""Files that were damaged: flipped bits and cut-off ends, each verified, opened and rescued."""

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
from faults.conftest import Tell
from faults.counts import WORKERS, chance, count

from workshop.errors import WorkshopError
from workshop.session.record import Record
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.session_file import SessionFile

FLIPS = count("FLIPS", 1_000)
OWN_BANK_FLIPS = count("OWN_BANK_FLIPS", 300)
CUTS = count("CUTS", 200)
TOO_LONG = 120
"""After how many seconds verifying, opening and rescuing one file would count as hanging."""

VERDICTS = {True: "sound", False: "damaged"}
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome:
    """What became of one damaged file."""

    verified: str
    """`sound`, `damaged`, or `refused`."""
    opened: bool
    """Whether it opened and was read as if nothing were wrong."""
    saved: tuple[Record, ...]
    """What was rescued."""
    session_is_saved: bool
    """Whether title, bank and all the rest of the session is as it was."""
    repaired: int
    seconds: float


def what_becomes_of(damaged: bytes, whole: bytes) -> Outcome:
    """Verify, open and rescue a damaged file; any error that is not for people comes through."""
    with tempfile.TemporaryDirectory() as folder:
        sound, path, target = (Path(folder, name) for name in ("sound.db", "x.db", "new.db"))
        sound.write_bytes(whole)
        path.write_bytes(damaged)
        began = time.monotonic()
        verdict = or_sentence(verify, path)
        rescued = or_sentence(rescue, path, target)
        saved: tuple[Record, ...] = ()
        if rescued is not None:
            assert verify(target).is_sound
            saved = tuple(records_in(target))
        seconds = time.monotonic() - began
        assert path.read_bytes() == damaged  # until here: opening may put a journal mode right
        return Outcome(
            verified="refused" if verdict is None else VERDICTS[verdict.is_sound],
            opened=opens(path, sound),
            saved=saved,
            session_is_saved=rescued is not None and session_in(target) == session_in(sound),
            repaired=len(rescued.repaired) if rescued is not None else 0,
            seconds=seconds,
        )


def or_sentence(do: Callable[..., Result], *paths: Path) -> Result | None:
    """Return what comes of it, or None where it is refused in a sentence."""
    try:
        return do(*paths)
    except WorkshopError as error:
        said = error.message
    assert "\n" not in said
    assert said.endswith(".")
    return None


def session_in(path: Path) -> object:
    with SessionFile.open(path) as file:
        return file.session()


def opens(path: Path, sound: Path) -> bool:
    """Return whether the file opens; what it then says must be what was said."""
    try:
        with SessionFile.open(path) as file:
            records, session = file.records(), file.session()
    except WorkshopError:
        return False
    assert records == records_in(sound)
    assert session == session_in(sound)
    return True


def outcomes(damaged: Iterable[bytes], whole: bytes) -> list[Outcome]:
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        return list(pool.map(partial(what_becomes_of, whole=whole), damaged))


def told(done: list[Outcome]) -> str:
    verified = Counter(outcome.verified for outcome in done)
    return (
        f"{len(done)} files: {verified['sound']} sound (nothing said was hit), "
        f"{verified['damaged']} called damaged, {verified['refused']} refused; "
        f"{sum(o.repaired > 0 for o in done)} with an event put right; "
        f"the slowest took {max(o.seconds for o in done):.1f} s"
    )


@pytest.mark.parametrize(("bank", "number"), [(SHIPPED, FLIPS), ("own", OWN_BANK_FLIPS)])
def test_a_flipped_bit_loses_nothing_and_changes_nothing(
    tmp_path: Path, tell: Tell, bank: str, number: int
) -> None:
    whole = long_session(bank)
    (tmp_path / "whole.db").write_bytes(whole)
    log = tuple(records_in(tmp_path / "whole.db"))
    choice = chance("flips", bank)
    done = outcomes(
        (flipped(whole, choice.randrange(8 * len(whole))) for _ in range(number)), whole
    )
    tell(told(done))
    assert max(outcome.seconds for outcome in done) < TOO_LONG
    # What opens is what was said, which `opens` asserts; and what was hit is never called sound.
    assert all(outcome.opened for outcome in done if outcome.verified == "sound")
    assert [n for n, outcome in enumerate(done) if outcome.saved != log] == []
    assert [n for n, outcome in enumerate(done) if not outcome.session_is_saved] == []


def test_of_a_file_that_was_cut_off_everything_provable_is_saved(
    tmp_path: Path, tell: Tell
) -> None:
    whole = long_session()
    choice = chance("cuts")
    # Half at the end of a page, where the disk ends, and half anywhere.
    sizes = [choice.randrange(1, len(whole)) for _ in range(CUTS)]
    sizes = [size - size % 4_096 * (n % 2) for n, size in enumerate(sizes)]
    done = outcomes((whole[:size] for size in sizes), whole)
    saved = sum(len(outcome.saved) for outcome in done)
    tell(f"{told(done)}; {saved} events of {100 * len(done)} rescued, all that were provable")
    assert max(outcome.seconds for outcome in done) < TOO_LONG
    assert {outcome.verified for outcome in done} <= {"damaged", "refused"}
    assert not any(outcome.opened for outcome in done)
    for size, outcome in zip(sizes, done, strict=True):
        assert [r.id for r in outcome.saved] == provable_when_cut(whole, size), size


def test_bytes_that_were_written_over_at_random_end_in_a_sentence(
    tmp_path: Path, tell: Tell
) -> None:
    whole = long_session()
    choice = chance("scribbles")
    damaged: list[bytes] = []
    for _ in range(count("SCRIBBLES", 200)):
        content = bytearray(whole)
        for _ in range(choice.choice([1, 3, 20, 400])):
            at = choice.randrange(len(content))
            run = choice.choice([1, 4, 60, 5_000])
            content[at : at + run] = choice.randbytes(len(content[at : at + run]))
        damaged.append(bytes(content))
    done = outcomes(damaged, whole)
    (tmp_path / "whole.db").write_bytes(whole)
    originals = set(records_in(tmp_path / "whole.db"))
    tell(told(done))
    assert max(outcome.seconds for outcome in done) < TOO_LONG
    assert all(set(outcome.saved) <= originals for outcome in done)
    assert any(len(outcome.saved) > 50 for outcome in done)
