"""Reading the rows that can be verified from the bytes of a damaged session file.

The page scanner finds whatever looks like a row; the hash chain shows which of the rows are as they
were written. Rows that it does not confirm are tried again with one bit flipped.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from workshop.session.hash_chain import HASH_LENGTH, continued_hashes, first_hash
from workshop.session.record import Record
from workshop.session.session import fingerprint
from workshop.storage.integrity import page_scanner
from workshop.storage.integrity.bit_repair import HashBudget, repair_framing, repair_values
from workshop.storage.integrity.chain_verification import (
    ChainVerification,
    HashedEvent,
    verify_chain,
)
from workshop.storage.integrity.page_scanner import Pages, Row, RowFormat, Spans, Value
from workshop.storage.sqlite.session_row import SESSION_COLUMNS

Columns = tuple[Value, ...]
"""The values of a session's row, in the order of SESSION_COLUMNS."""
_MAX_REPAIRS = 12
"""The most rows that are tried bit by bit; if more are damaged, it is not by single bits."""
_MAX_SEARCHED = 1 << 28
"""The most bytes that are hashed to find hashes outside of rows: about half a second."""
_COST_OF_A_HASH = 1_000
"""The cost of a hash besides the bytes of the event, as a number of hashed bytes."""
_FIRST_EVENTS = 3
"""The number of events against which the session's row is tried."""
_EVENT_BUDGET = 1 << 31
"""The most bytes hashed to repair events: seconds, enough for one event of 20,000 bytes."""
_SESSION_BUDGET = 1 << 33
"""The most bytes hashed to repair the session's row: ten seconds, for a bank of 40,000 bytes."""
_MAX_SESSIONS = 3
_MAX_SESSION_LENGTH = 400_000
"""The longest session row that is repaired, in bytes: ten times that of the largest bank."""
_BANK, _SHA256 = SESSION_COLUMNS.index("bank"), SESSION_COLUMNS.index("bank_sha256")


@dataclass(frozen=True, slots=True)
class RescuedRows:
    """The rows that were found in a damaged file."""

    session: Columns | None
    """The columns of the session's row, or None if it cannot be read."""
    session_is_verified: bool
    """Whether the hash of the first event shows that the row is as it was written."""
    bank_is_intact: bool
    """Whether the bank in the row has the fingerprint that is stored beside it."""
    log: tuple[HashedEvent, ...]
    """The sound events, in order, each with its number."""
    repaired: tuple[HashedEvent, ...]
    """The sound events in which one flipped bit was repaired."""
    missing_pages: int
    """How many of the file's pages are missing."""
    unverified: tuple[HashedEvent, ...]
    """What looks like an event but is not confirmed by the hash chain."""

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of events that once existed and are not among the sound ones.

        Events after the last sound one are not counted: nothing shows whether there were any.
        """
        present = {event.display_number for event in self.log}
        last = max(present, default=0)
        if last > 2 * len(present) + 1_000:  # only a forged log has such gaps
            return ()
        return tuple(number for number in range(1, last + 1) if number not in present)


def sound_rows(session: Columns, log: Sequence[HashedEvent]) -> RescuedRows:
    """Return the rows of a sound file, as SQLite reads them."""
    return RescuedRows(
        session=session,
        session_is_verified=True,
        bank_is_intact=True,
        log=tuple(log),
        repaired=(),
        missing_pages=0,
        unverified=(),
    )


def rescue_rows(
    content: bytes,
    banks: Iterable[str] = (),
    events: Iterable[HashedEvent] = (),
    *,
    repair: bool = True,
) -> RescuedRows:
    """Return the rows that can be rescued from the content of a session file.

    `banks` are banks, as canonical JSON, one of which replaces the file's own if that is damaged
    and its fingerprint shows that it was the same. `events` are those that SQLite can read.
    `repair` tells whether rows that cannot be verified are tried again with one bit flipped, which
    takes seconds.
    """
    pages = Pages(content)
    rows = list(islice(pages.rows(page_scanner.SESSION), _MAX_SESSIONS))
    banks_by_fingerprint: dict[str, str] = {}
    if not rows or not all(_bank_is_intact(row.values) for row in rows):  # banks are slow to read
        banks_by_fingerprint = {fingerprint(bank): bank for bank in banks}
    readings = [v for row in rows for v in _possible_readings(row.values, banks_by_fingerprint)]
    first_hashes = [first_hash(values) for values in readings]
    verification, repaired, unread = _verify_events(pages, first_hashes, events, repair=repair)
    session = next((v for v in readings if first_hash(v) not in verification.open_hashes), None)
    if session is None and repair:
        session = _repair_session(pages, rows, banks_by_fingerprint, verification.unverified)
        if session is not None:
            events = (*verification.sound, *verification.unverified)
            verification = verify_chain(events, (first_hash(session), *unread))
    is_verified = session is not None
    session = session or next(iter(readings), None)
    log = {event.record.id: event for event in verification.sound}
    return RescuedRows(
        session=session,
        session_is_verified=is_verified,
        bank_is_intact=is_verified
        or any(session and row.values[_SHA256] == session[_SHA256] for row in rows),
        log=_number_events(tuple(log.values()), first_hash(session or ())),
        repaired=tuple(repaired),
        missing_pages=pages.missing_count,
        unverified=tuple(e for e in verification.unverified if e.record.id not in log),
    )


def event_in_row(row: Row) -> HashedEvent | None:
    """Return the event that a row holds, or None if a column has the wrong type.

    Text that is not UTF-8 has � in its place: the event cannot be verified then, but the event
    after it continues its hash.
    """
    return _hashed_event(_hashed_values(row), row)


def _hashed_values(row: Row) -> Columns:
    """Return the values of an event's row that its hash covers, in their order."""
    counter, event_id, at, actor, *seat_and_batch, kind, body = row.values[1:-1]
    columns = (counter, event_id, at, actor, kind, body)
    return (*columns, *seat_and_batch) if any(seat_and_batch) else columns


def _hashed_event(values: Columns, row: Row) -> HashedEvent | None:
    """Return the event with those hashed values, and with the number and the hash of the row."""
    number, stored_hash = row.values[0], row.values[-1]
    counter, *others = (
        value.decode(errors="replace") if isinstance(value, bytes) else value for value in values
    )
    texts = [text for text in others if isinstance(text, str)]
    if not (isinstance(counter, int) and isinstance(stored_hash, bytes)) or texts != others:
        return None
    event_id, at, actor, *kind_to_batch = texts
    record = Record(counter, actor, event_id, at, *kind_to_batch)
    return HashedEvent(record, stored_hash, number if isinstance(number, int) else None)


# ── events ───────────────────────────────────────────────────────────────────────────────────


def _number_events(log: Sequence[HashedEvent], session_hash: bytes) -> tuple[HashedEvent, ...]:
    """Return sound events with their numbers: those that continue each other count up by one.

    After a gap, the number is the one in the file, which may be damaged, but it never goes back.
    """
    numbered: list[HashedEvent] = []
    number, previous_hash = 0, session_hash
    for event in log:
        follows = event.continues(previous_hash)
        number = number + 1 if follows else max(event.display_number, number + 1)
        previous_hash = event.stored_hash
        numbered.append(replace(event, number=number))
    return tuple(numbered)


def _verify_events(
    pages: Pages,
    first_hashes: Sequence[bytes],
    read_events: Iterable[HashedEvent],
    *,
    repair: bool,
) -> tuple[ChainVerification, list[HashedEvent], tuple[bytes, ...]]:
    """Return what the hash chain shows about the events, the events that were repaired, and hashes.

    The hashes are those of `_unread_hashes`.
    """
    unread: tuple[bytes, ...] = ()
    rows = [row for row_format in page_scanner.EVENTS for row in pages.rows(row_format)]
    damaged = {row.offset: event_in_row(row) for row in rows}
    events = {*read_events, *filter(None, damaged.values())}
    verification = verify_chain(events, first_hashes)
    if verification.unverified:
        sound = set(verification.sound)
        spans = [span for row in rows if damaged[row.offset] in sound for span in row.spans]
        unread = tuple(_unread_hashes(pages, spans, verification.unverified))
    if unread:
        first_hashes = (*first_hashes, *unread)
        verification = verify_chain(events, first_hashes)
    if not repair:
        return verification, [], unread
    unverified = {None, *verification.unverified}
    known = set(damaged)
    damaged = {offset: event for offset, event in damaged.items() if event in unverified}
    damaged.update(dict.fromkeys(_unreadable_offsets(pages, known, *page_scanner.NO_EVENTS)))
    repaired: list[HashedEvent] = []
    budget = HashBudget(_EVENT_BUDGET)

    def length(offset: int) -> int:
        return _length(pages.spans(page_scanner.EVENT, offset))

    try_again = len(damaged) <= _MAX_REPAIRS
    while try_again:  # a repaired event may be the one that the next one continues
        try_again = False
        for offset in sorted(damaged, key=length):
            repairs = (
                _repair_event(pages, row_format, offset, verification.open_hashes, budget)
                for row_format in page_scanner.EVENTS
            )
            event = next(filter(None, repairs), None)
            if event is not None:
                try_again = True
                events = events - {damaged.pop(offset)} | {event}
                verification = verify_chain(events, first_hashes)
                repaired.append(event)
    return verification, sorted(repaired, key=lambda event: event.display_number), unread


def _unread_hashes(
    pages: Pages, sound: Iterable[tuple[int, int]], unverified: Iterable[HashedEvent]
) -> Iterator[bytes]:
    """Yield the hashes that `unverified` events continue and that no readable row holds.

    A row of which nothing else can be read may still have its hash. `sound` are the spans of the
    sound events, which are not searched; nor is a file of which too little is sound.
    """
    sessions = islice(pages.rows(page_scanner.SESSION), _MAX_SESSIONS)
    spans = [*sound, *(s for row in sessions if _bank_is_intact(row.values) for s in row.spans)]
    if pages.size_outside(spans) * _COST_OF_A_HASH > _MAX_SEARCHED:
        return
    candidates = pages.sequences_outside(spans, HASH_LENGTH)
    remaining = _MAX_SEARCHED
    for event in sorted(unverified, key=_hashed_bytes):
        remaining -= len(candidates) * (_COST_OF_A_HASH + _hashed_bytes(event))
        if remaining < 0:
            return
        yield from continued_hashes(candidates, event.record.columns, event.stored_hash)


def _hashed_bytes(event: HashedEvent) -> int:
    return sum(len(str(value).encode("utf-8", "surrogatepass")) for value in event.record.columns)


def _length(spans: Spans) -> int:
    """Return the number of bytes in `spans`."""
    return sum(end - start for start, end in spans)


def _repair_event(
    pages: Pages,
    row_format: RowFormat,
    offset: int,
    open_hashes: Sequence[bytes],
    budget: HashBudget,
) -> HashedEvent | None:
    """Return the event at `offset` with one bit flipped so that it continues an open hash."""
    row = pages.row(row_format, offset)
    if row is not None:
        values, stored_hash = _hashed_values(row), row.values[-1]
        for open_hash in open_hashes:
            repaired = repair_values(
                open_hash, values, lambda computed: computed == stored_hash, budget
            )
            if repaired is not None:
                return _hashed_event(repaired, row)

    def is_sound(row: Row) -> bool:
        event = event_in_row(row) if budget.spend(_length(row.spans) * len(open_hashes)) else None
        return event is not None and any(event.continues(open_hash) for open_hash in open_hashes)

    row = repair_framing(pages, row_format, offset, is_sound, budget)
    return row and event_in_row(row)


def _unreadable_offsets(pages: Pages, known: Container[int], *formats: RowFormat) -> list[int]:
    """Return the offsets to which pages point, without `known` ones and rows of those formats."""
    return [
        offset
        for offset in pages.row_numbers
        if offset not in known
        and all(pages.row(row_format, offset) is None for row_format in formats)
    ]


# ── the session's row ────────────────────────────────────────────────────────────────────────


def _possible_readings(
    values: Columns, banks_by_fingerprint: Mapping[str, str]
) -> Iterator[Columns]:
    """Yield the values that a session's row may have had, with a bank that has its fingerprint."""
    if _bank_is_intact(values):
        yield values
        return
    bank, sha256 = values[_BANK], values[_SHA256]
    if isinstance(sha256, str) and sha256 in banks_by_fingerprint:
        yield _with_bank(values, banks_by_fingerprint[sha256], sha256)
    if isinstance(bank, str):
        yield _with_bank(values, bank, fingerprint(bank))


def _bank_is_intact(values: Columns) -> bool:
    """Return whether the bank in a session's row has the fingerprint that is stored beside it."""
    bank = values[_BANK]
    return isinstance(bank, str) and fingerprint(bank) == values[_SHA256]


def _with_bank(values: Columns, bank: str, sha256: str) -> Columns:
    changed = {_BANK: bank, _SHA256: sha256}
    return tuple(changed.get(n, value) for n, value in enumerate(values))


def _continued_reading(
    readings: Iterable[Columns], events: Iterable[HashedEvent]
) -> Columns | None:
    """Return the first reading that one of the events continues, or None."""
    for values in readings:
        session_hash = first_hash(values)
        if any(event.continues(session_hash) for event in events):
            return values
    return None


def _repair_session(
    pages: Pages,
    rows: Sequence[Row],
    banks_by_fingerprint: Mapping[str, str],
    events: Sequence[HashedEvent],
) -> Columns | None:
    """Return a session's row with one bit flipped so that one of the events continues it."""
    events = events[:_FIRST_EVENTS]  # the first of all, which would continue it, is among them
    if not events:
        return None

    budget = HashBudget(_SESSION_BUDGET)

    def is_sound(row: Row) -> bool:
        if not budget.spend(_length(row.spans) + _hashed_length(events)):
            return False
        readings = _possible_readings(row.values, banks_by_fingerprint)
        return _continued_reading(readings, events) is not None

    for offset in _session_offsets(pages, rows):
        row = repair_framing(pages, page_scanner.SESSION, offset, is_sound, budget)
        if row is not None:
            return _continued_reading(_possible_readings(row.values, banks_by_fingerprint), events)
    repaired_rows = (
        _repair_session_values(row.values, banks_by_fingerprint, events, budget) for row in rows
    )
    return next((values for values in repaired_rows if values is not None), None)


def _session_offsets(pages: Pages, rows: Sequence[Row]) -> list[int]:
    """Return where the session's row may lie if its framing is damaged."""
    offsets = [row.offset for row in rows]
    if not offsets:
        other_formats = (*page_scanner.EVENTS, page_scanner.ANSWER, page_scanner.DEFINITION)
        unreadable = _unreadable_offsets(pages, (), *other_formats)
        offsets = unreadable[:_MAX_REPAIRS]
    lengths = {offset: _length(pages.spans(page_scanner.SESSION, offset)) for offset in offsets}
    return [offset for offset in offsets if lengths[offset] <= _MAX_SESSION_LENGTH]


def _repair_session_values(
    values: Columns,
    banks_by_fingerprint: Mapping[str, str],
    events: Sequence[HashedEvent],
    budget: HashBudget,
) -> Columns | None:
    """Return the row with one bit of its values flipped so that one of the events continues it."""
    intact: tuple[int, ...] = ()
    for reading in _possible_readings(values, banks_by_fingerprint):
        if reading[_SHA256] == values[_SHA256]:  # then the bank, which is long, is intact
            values, intact = reading, (_BANK, _SHA256)
            break

    def is_continued(computed: bytes) -> bool:
        return any(event.continues(computed) for event in events)

    return repair_values(
        b"", values, is_continued, budget, intact=intact, check_cost=_hashed_length(events)
    )


def _hashed_length(events: Sequence[HashedEvent]) -> int:
    """Return how many characters are hashed to see whether any of the events continues a hash."""
    return sum(len(str(value)) for event in events for value in event.record.columns)
