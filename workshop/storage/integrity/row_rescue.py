"""What can be saved from the bytes of a damaged session file: what the chain proves, no more."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from workshop.session.hash_chain import first_hash
from workshop.session.record import Record
from workshop.session.session import fingerprint
from workshop.storage.integrity import page_scanner
from workshop.storage.integrity.bit_repair import Effort, reread, turned
from workshop.storage.integrity.chain_verification import Proof, Sealed, prove
from workshop.storage.integrity.page_scanner import Layout, Pages, Row, Value
from workshop.storage.sqlite.session_row import SESSION_COLUMNS

Columns = tuple[Value, ...]
"""The values of a session's row, in the order of SESSION_COLUMNS."""
_MOST_MENDED = 12
"""How many torn places are tried out bit by bit; with more, it is not single bits that turned."""
_FIRST = 3
_FOR_EVENTS = 1 << 31
"""How many bytes may be hashed for torn events: seconds, enough for one event of 20,000 bytes."""
_FOR_THE_SESSION = 1 << 33
"""How many may be for the session's row: ten seconds, enough for a bank of 40,000 bytes."""
_MOST_SESSIONS = 3
_LONGEST_SESSION = 400_000
"""The longest row of a session that is tried out, in bytes: ten times that of the largest bank."""
_BANK, _SHA256 = SESSION_COLUMNS.index("bank"), SESSION_COLUMNS.index("bank_sha256")


@dataclass(frozen=True, slots=True)
class Salvage:
    """What was found in a damaged file."""

    session: Columns | None
    """The columns of the session's row, or None where there is none that can be read."""
    session_is_proven: bool
    """Whether the first event's link shows that the row is as it was written."""
    bank_is_whole: bool
    """Whether the bank in it has the fingerprint that is kept beside it."""
    log: tuple[Sealed, ...]
    """The sound events, in order, each with its number."""
    mended: tuple[Sealed, ...]
    """Those of them that had a bit turned, which was put right."""
    pages_lost: int
    """How many of the file's pages are not there any more."""
    unproven: tuple[Sealed, ...]
    """What looks like an event, is none of those, and is proven by nothing."""

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of events that were there and are not among the sound ones.

        Whether there were more events after the last, nothing shows.
        """
        there = {sealed.place for sealed in self.log}
        last = max(there, default=0)
        if last > 2 * len(there) + 1_000:  # a log that was made to have such gaps
            return ()
        return tuple(number for number in range(1, last + 1) if number not in there)


def salvage(content: bytes, banks: Iterable[str] = ()) -> Salvage:
    """Return what can be saved from the content of a session file.

    `banks` are banks, as canonical JSON, that may stand in for the file's own where that is damaged
    and its fingerprint shows that it was one of them.
    """
    pages = Pages(content)
    rows = list(islice(pages.rows(page_scanner.SESSION), _MOST_SESSIONS))
    stand_ins: dict[str, str] = {}
    if not rows or not all(_is_whole(row.values) for row in rows):  # banks take time to read
        stand_ins = {fingerprint(bank): bank for bank in banks}
    readings = [values for row in rows for values in _readings(row.values, stand_ins)]
    proof, put_right = _prove(pages, [first_hash(values) for values in readings])
    session = next((v for v in readings if first_hash(v) not in proof.loose), None)
    if session is None:
        session = _mended_session(pages, rows, stand_ins, proof.unproven)
        if session is not None:
            proof = prove((*proof.sound, *proof.unproven), (first_hash(session),))
    known = session is not None
    session = session or next(iter(readings), None)
    log = {sealed.record.id: sealed for sealed in proof.sound}
    return Salvage(
        session=session,
        session_is_proven=known,
        bank_is_whole=known or any(session and r.values[_SHA256] == session[_SHA256] for r in rows),
        log=_numbered(tuple(log.values())),
        mended=tuple(put_right),
        pages_lost=pages.lost,
        unproven=tuple(s for s in proof.unproven if s.record.id not in log),
    )


def sealed_in(row: Row) -> Sealed | None:
    """Return the event that a row holds, or None where its text is none."""
    return _sealed(row.values[1:-1], row)


def _sealed(columns: Columns, row: Row) -> Sealed | None:
    """Return the event of those columns, with the link and the number that stand with the row."""
    number, link = row.values[0], row.values[-1]
    match columns:
        case (int(counter), str(id_), str(at), str(actor), str(kind), str(body)):
            if isinstance(link, bytes):
                record = Record(counter, actor, id_, at, kind, body)
                return Sealed(record, link, number if isinstance(number, int) else None)
        case _:
            pass
    return None


# ── events ───────────────────────────────────────────────────────────────────────────────────


def _numbered(log: Sequence[Sealed]) -> tuple[Sealed, ...]:
    """Return sound events with their numbers: one more than the one before, where they follow it.

    After a gap it is the one that the file gives, which may be damaged, but not go back.
    """
    numbered: list[Sealed] = []
    for sealed in log:
        before = numbered[-1] if numbered else None
        if before is not None and sealed.follows(before.link):
            number = before.place + 1
        else:
            number = max(sealed.place, before.place + 1 if before else 1)
        numbered.append(replace(sealed, number=number))
    return tuple(numbered)


def _prove(pages: Pages, beginnings: Sequence[bytes]) -> tuple[Proof, list[Sealed]]:
    """Return what the links prove of the events there are, and which had to be put right."""
    found: set[Sealed] = set()
    torn: dict[int, Sealed | None] = {}
    for row in pages.rows(page_scanner.EVENT):
        torn[row.at] = sealed_in(row)
    found.update(filter(None, torn.values()))
    proof = prove(found, beginnings)
    unproven = {None, *proof.unproven}
    known = set(torn)
    others = (page_scanner.SESSION, page_scanner.DRAFT, page_scanner.DEFINITION)
    torn = {at: sealed for at, sealed in torn.items() if sealed in unproven}
    torn.update(dict.fromkeys(_unreadable(pages, known, *others)))
    put_right: list[Sealed] = []
    effort = Effort(_FOR_EVENTS)
    more = len(torn) <= _MOST_MENDED
    while more:  # what is put right may be what the next one follows
        more = False
        for at in sorted(torn, key=lambda at: _length(pages.spans(page_scanner.EVENT, at))):
            sealed = _mended_event(pages, at, proof.loose, effort)
            if sealed is not None:
                more = True
                found = found - {torn.pop(at)} | {sealed}
                proof = prove(found, beginnings)
                put_right.append(sealed)
    return proof, sorted(put_right, key=lambda sealed: sealed.place)


def _length(spans: Sequence[tuple[int, int]]) -> int:
    """Return how many bytes a row takes that lies there."""
    return sum(end - begin for begin, end in spans)


def _mended_event(pages: Pages, at: int, loose: Sequence[bytes], effort: Effort) -> Sealed | None:
    """Return the event at `at` with one bit of it turned so that it follows a loose link."""
    row = pages.row(page_scanner.EVENT, at)
    if row is not None:
        columns, link = row.values[1:-1], row.values[-1]
        for before in loose:
            whole = turned(before, columns, lambda made: made == link, effort)
            if whole is not None:
                return _sealed(whole, row)

    def is_proven(row: Row) -> bool:
        sealed = sealed_in(row) if effort.allows(_length(row.spans) * len(loose)) else None
        return sealed is not None and any(sealed.follows(link) for link in loose)

    row = reread(pages, page_scanner.EVENT, at, is_proven, effort)
    return row and sealed_in(row)


def _unreadable(pages: Pages, known: Container[int], *layouts: Layout) -> list[int]:
    """Return where the pages say that a row begins which is not known and has no such layout."""
    return [
        at
        for at in pages.pointed_to
        if at not in known and all(pages.row(layout, at) is None for layout in layouts)
    ]


# ── the session's row ────────────────────────────────────────────────────────────────────────


def _readings(values: Columns, stand_ins: Mapping[str, str]) -> Iterator[Columns]:
    """Yield what a session's row may have said, so that its bank and its fingerprint agree."""
    if _is_whole(values):
        yield values
        return
    bank, sha256 = values[_BANK], values[_SHA256]
    if isinstance(sha256, str) and sha256 in stand_ins:
        yield _with(values, stand_ins[sha256], sha256)
    if isinstance(bank, str):
        yield _with(values, bank, fingerprint(bank))


def _is_whole(values: Columns) -> bool:
    """Return whether the bank in a session's row has the fingerprint beside it."""
    bank = values[_BANK]
    return isinstance(bank, str) and fingerprint(bank) == values[_SHA256]


def _with(values: Columns, bank: str, sha256: str) -> Columns:
    changed = {_BANK: bank, _SHA256: sha256}
    return tuple(changed.get(n, value) for n, value in enumerate(values))


def _followed(readings: Iterable[Columns], events: Iterable[Sealed]) -> Columns | None:
    """Return the reading that one of the events follows, or None."""
    for values in readings:
        link = first_hash(values)
        if any(event.follows(link) for event in events):
            return values
    return None


def _mended_session(
    pages: Pages, rows: Sequence[Row], stand_ins: Mapping[str, str], events: Sequence[Sealed]
) -> Columns | None:
    """Return a session's row with one bit of it turned so that one of the events follows it."""
    events = events[:_FIRST]  # the very first, which would follow it, is among them
    if not events:
        return None

    effort = Effort(_FOR_THE_SESSION)

    def is_followed(row: Row) -> bool:
        if not effort.allows(_length(row.spans) + _hashed(events)):
            return False
        return _followed(_readings(row.values, stand_ins), events) is not None

    for at in _session_places(pages, rows):
        row = reread(pages, page_scanner.SESSION, at, is_followed, effort)
        if row is not None:
            return _followed(_readings(row.values, stand_ins), events)
    turned_rows = (_turned_session(row.values, stand_ins, events, effort) for row in rows)
    return next((values for values in turned_rows if values is not None), None)


def _session_places(pages: Pages, rows: Sequence[Row]) -> list[int]:
    """Return where the session's row may lie, with a bit turned in what frames it."""
    places = [row.at for row in rows]
    places = (
        places or _unreadable(pages, (), page_scanner.EVENT, page_scanner.DEFINITION)[:_MOST_MENDED]
    )
    lengths = {at: _length(pages.spans(page_scanner.SESSION, at)) for at in places}
    return [at for at in places if lengths[at] <= _LONGEST_SESSION]


def _turned_session(
    values: Columns, stand_ins: Mapping[str, str], events: Sequence[Sealed], effort: Effort
) -> Columns | None:
    """Return the row with one bit turned in what it says, so that one of the events follows it."""
    known: tuple[int, ...] = ()
    for reading in _readings(values, stand_ins):
        if reading[_SHA256] == values[_SHA256]:  # then its bank is whole, and long
            values, known = reading, (_BANK, _SHA256)
            break

    def is_followed(made: bytes) -> bool:
        return any(event.follows(made) for event in events)

    return turned(b"", values, is_followed, effort, known=known, each=_hashed(events))


def _hashed(events: Sequence[Sealed]) -> int:
    """Return how many characters are hashed to see whether any of the events follows a link."""
    return sum(len(str(value)) for event in events for value in event.record.columns)
