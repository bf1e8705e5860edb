"""What can be saved from the bytes of a damaged session file: what the chain proves, no more."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from workshop.session.hash_chain import first_hash
from workshop.session.record import Record
from workshop.session.session import fingerprint
from workshop.storage.integrity import page_scanner
from workshop.storage.integrity.bit_repair import HashBudget, repair_framing, repair_values
from workshop.storage.integrity.chain_verification import (
    ChainVerification,
    HashedEvent,
    verify_chain,
)
from workshop.storage.integrity.page_scanner import Pages, Row, RowFormat, Value
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
class RescuedRows:
    """What was found in a damaged file."""

    session: Columns | None
    """The columns of the session's row, or None where there is none that can be read."""
    session_is_proven: bool
    """Whether the first event's link shows that the row is as it was written."""
    bank_is_whole: bool
    """Whether the bank in it has the fingerprint that is kept beside it."""
    log: tuple[HashedEvent, ...]
    """The sound events, in order, each with its number."""
    repaired: tuple[HashedEvent, ...]
    """Those of them that had a bit turned, which was put right."""
    missing_pages: int
    """How many of the file's pages are not there any more."""
    unverified: tuple[HashedEvent, ...]
    """What looks like an event, is none of those, and is proven by nothing."""

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of events that were there and are not among the sound ones.

        Whether there were more events after the last, nothing shows.
        """
        there = {sealed.display_number for sealed in self.log}
        last = max(there, default=0)
        if last > 2 * len(there) + 1_000:  # a log that was made to have such gaps
            return ()
        return tuple(number for number in range(1, last + 1) if number not in there)


def rescue_rows(content: bytes, banks: Iterable[str] = ()) -> RescuedRows:
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
    session = next((v for v in readings if first_hash(v) not in proof.open_hashes), None)
    if session is None:
        session = _mended_session(pages, rows, stand_ins, proof.unverified)
        if session is not None:
            proof = verify_chain((*proof.sound, *proof.unverified), (first_hash(session),))
    known = session is not None
    session = session or next(iter(readings), None)
    log = {sealed.record.id: sealed for sealed in proof.sound}
    return RescuedRows(
        session=session,
        session_is_proven=known,
        bank_is_whole=known or any(session and r.values[_SHA256] == session[_SHA256] for r in rows),
        log=_numbered(tuple(log.values())),
        repaired=tuple(put_right),
        missing_pages=pages.lost,
        unverified=tuple(s for s in proof.unverified if s.record.id not in log),
    )


def event_in_row(row: Row) -> HashedEvent | None:
    """Return the event that a row holds, or None where its text is none."""
    return _sealed(row.values[1:-1], row)


def _sealed(columns: Columns, row: Row) -> HashedEvent | None:
    """Return the event of those columns, with the link and the number that stand with the row."""
    number, link = row.values[0], row.values[-1]
    match columns:
        case (int(counter), str(id_), str(at), str(actor), str(kind), str(body)):
            if isinstance(link, bytes):
                record = Record(counter, actor, id_, at, kind, body)
                return HashedEvent(record, link, number if isinstance(number, int) else None)
        case _:
            pass
    return None


# ── events ───────────────────────────────────────────────────────────────────────────────────


def _numbered(log: Sequence[HashedEvent]) -> tuple[HashedEvent, ...]:
    """Return sound events with their numbers: one more than the one before, where they follow it.

    After a gap it is the one that the file gives, which may be damaged, but not go back.
    """
    numbered: list[HashedEvent] = []
    for sealed in log:
        before = numbered[-1] if numbered else None
        if before is not None and sealed.continues(before.stored_hash):
            number = before.display_number + 1
        else:
            number = max(sealed.display_number, before.display_number + 1 if before else 1)
        numbered.append(replace(sealed, number=number))
    return tuple(numbered)


def _prove(
    pages: Pages, first_hashes: Sequence[bytes]
) -> tuple[ChainVerification, list[HashedEvent]]:
    """Return what the links prove of the events there are, and which had to be put right."""
    found: set[HashedEvent] = set()
    torn: dict[int, HashedEvent | None] = {}
    for row in pages.rows(page_scanner.EVENT):
        torn[row.at] = event_in_row(row)
    found.update(filter(None, torn.values()))
    proof = verify_chain(found, first_hashes)
    unverified = {None, *proof.unverified}
    known = set(torn)
    others = (page_scanner.SESSION, page_scanner.DRAFT, page_scanner.DEFINITION)
    torn = {at: sealed for at, sealed in torn.items() if sealed in unverified}
    torn.update(dict.fromkeys(_unreadable(pages, known, *others)))
    put_right: list[HashedEvent] = []
    effort = HashBudget(_FOR_EVENTS)
    more = len(torn) <= _MOST_MENDED
    while more:  # what is put right may be what the next one follows
        more = False
        for at in sorted(torn, key=lambda at: _length(pages.spans(page_scanner.EVENT, at))):
            sealed = _mended_event(pages, at, proof.open_hashes, effort)
            if sealed is not None:
                more = True
                found = found - {torn.pop(at)} | {sealed}
                proof = verify_chain(found, first_hashes)
                put_right.append(sealed)
    return proof, sorted(put_right, key=lambda sealed: sealed.display_number)


def _length(spans: Sequence[tuple[int, int]]) -> int:
    """Return how many bytes a row takes that lies there."""
    return sum(end - begin for begin, end in spans)


def _mended_event(
    pages: Pages, at: int, open_hashes: Sequence[bytes], effort: HashBudget
) -> HashedEvent | None:
    """Return the event at `at` with one bit of it turned so that it follows a loose link."""
    row = pages.row(page_scanner.EVENT, at)
    if row is not None:
        columns, link = row.values[1:-1], row.values[-1]
        for before in open_hashes:
            whole = repair_values(before, columns, lambda made: made == link, effort)
            if whole is not None:
                return _sealed(whole, row)

    def is_proven(row: Row) -> bool:
        sealed = event_in_row(row) if effort.allows(_length(row.spans) * len(open_hashes)) else None
        return sealed is not None and any(sealed.continues(link) for link in open_hashes)

    row = repair_framing(pages, page_scanner.EVENT, at, is_proven, effort)
    return row and event_in_row(row)


def _unreadable(pages: Pages, known: Container[int], *layouts: RowFormat) -> list[int]:
    """Return where the pages say that a row begins which is not known and has no such layout."""
    return [
        at
        for at in pages.pointed_to
        if at not in known and all(pages.row(row_format, at) is None for row_format in layouts)
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


def _followed(readings: Iterable[Columns], events: Iterable[HashedEvent]) -> Columns | None:
    """Return the reading that one of the events follows, or None."""
    for values in readings:
        link = first_hash(values)
        if any(event.continues(link) for event in events):
            return values
    return None


def _mended_session(
    pages: Pages, rows: Sequence[Row], stand_ins: Mapping[str, str], events: Sequence[HashedEvent]
) -> Columns | None:
    """Return a session's row with one bit of it turned so that one of the events follows it."""
    events = events[:_FIRST]  # the very first, which would follow it, is among them
    if not events:
        return None

    effort = HashBudget(_FOR_THE_SESSION)

    def is_followed(row: Row) -> bool:
        if not effort.allows(_length(row.spans) + _hashed(events)):
            return False
        return _followed(_readings(row.values, stand_ins), events) is not None

    for at in _session_places(pages, rows):
        row = repair_framing(pages, page_scanner.SESSION, at, is_followed, effort)
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
    values: Columns, stand_ins: Mapping[str, str], events: Sequence[HashedEvent], effort: HashBudget
) -> Columns | None:
    """Return the row with one bit turned in what it says, so that one of the events follows it."""
    known: tuple[int, ...] = ()
    for reading in _readings(values, stand_ins):
        if reading[_SHA256] == values[_SHA256]:  # then its bank is whole, and long
            values, known = reading, (_BANK, _SHA256)
            break

    def is_followed(made: bytes) -> bool:
        return any(event.continues(made) for event in events)

    return repair_values(b"", values, is_followed, effort, known=known, each=_hashed(events))


def _hashed(events: Sequence[HashedEvent]) -> int:
    """Return how many characters are hashed to see whether any of the events follows a link."""
    return sum(len(str(value)) for event in events for value in event.record.columns)
