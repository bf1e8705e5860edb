"""What every event store does, whatever it keeps the events in.

A third store is held to the same by one more entry in `SHELVES`: a way to open a new store, and
more stores on the same session.
"""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_samples import SESSION
from memory_store import MemoryEventStore

from workshop.errors import CannotWriteError, ChangedElsewhereError
from workshop.session import hash_chain
from workshop.session.events import ANONYMOUS, AnswerAdded, write_body
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.event_store import EventStore, Tail
from workshop.storage.sqlite.create import create_session
from workshop.storage.sqlite.event_store import SqliteEventStore

# Not every database can hold a NUL in a text, and Workshop's own JSON escapes it.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
Open = Callable[[], EventStore]
"""Opens a store on the one session of the test, which any number of stores may have open."""


def in_memory(session: Session, _folder: Path) -> Open:
    store = MemoryEventStore(session)
    return lambda: store


def in_sqlite(session: Session, folder: Path) -> Open:
    path = create_session(folder, session)
    return lambda: SqliteEventStore.open(path)


SHELVES: dict[str, Callable[[Session, Path], Open]] = {"memory": in_memory, "sqlite": in_sqlite}


@pytest.fixture(params=SHELVES)
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    return SHELVES[request.param](SESSION, tmp_path)


@pytest.fixture
def store(open_store: Open) -> Iterator[EventStore]:
    with closing(open_store()) as store:
        yield store


def record(number: int, text: str = "words", *, event_id: str = "", **columns: str) -> Record:
    """Return the record of an answer, the `number`th event of the log."""
    body = write_body(AnswerAdded(question="channels.now", text=text, participant="Anna"))
    return Record(
        counter=number,
        actor=columns.get("actor", "Anna"),
        id=event_id or f"{number:032x}",
        at="2027-03-01T09:00:00.000Z",
        kind=columns.get("kind", "answer_added"),
        body=columns.get("body", body),
        seat=columns.get("seat", ""),
        batch=columns.get("batch", ""),
    )


def append(store: EventStore, *records: Record) -> Tail:
    return store.append(records, store.load().tail)


# ── what it holds ────────────────────────────────────────────────────────────────────────────


def test_a_new_store_has_its_session_an_empty_log_and_no_drafts(store: EventStore) -> None:
    assert store.session() == SESSION
    assert store.row["title"] == SESSION.title
    assert store.load() == ((), Tail(0, hash_chain.first_hash(store.row.values())))
    assert store.drafts() == []


def test_records_come_back_in_their_order_and_byte_for_byte(
    open_store: Open, store: EventStore
) -> None:
    records = (
        record(1, "Straße, 雪, \u200d👩🏽\u200d🚒, e\u0301"),
        record(2, body='{"question": "channels.now",\n "text":"a\\u0000b"  ,"participant":""}'),
        record(7, actor="  Żółw\t", seat="a-phone", batch="one go"),
        record(8, seat=ANONYMOUS),
    )
    first_two = append(store, *records[:2])
    assert append(store, *records[2:]).seq == 4
    with closing(open_store()) as again:
        assert again.load().records == records
        assert again.load(since=first_two.seq).records == records[2:]
        assert again.load(since=4).records == ()


def test_events_of_an_unknown_kind_or_form_are_kept_as_they_are(
    open_store: Open, store: EventStore
) -> None:
    records = (
        record(1, kind="answer_sung", body='{"melody": "c d e"}'),
        record(2, kind="answer_added", body='{"question": 7}'),
        record(3, kind="", body="not even JSON"),
    )
    append(store, *records)
    with closing(open_store()) as again:
        assert again.load().records == records


def test_a_body_of_nearly_16_megabytes_is_kept(open_store: Open, store: EventStore) -> None:
    large = record(1, kind="picture_drawn", body="x" * ((1 << 24) - 1_000))
    append(store, large)
    with closing(open_store()) as again:
        assert again.load().records == (large,)


def test_the_tail_covers_the_session_and_every_event(store: EventStore) -> None:
    records = [record(1), record(2, seat="a-phone"), record(3)]
    expected = hash_chain.first_hash(store.row.values())
    for one in records:
        expected = hash_chain.next_event_hash(expected, one.columns)
    assert append(store, *records) == (3, expected)
    assert store.load().tail == (3, expected)
    assert store.load(since=3).tail == (3, expected)


# ── what it refuses, and what it forgives ────────────────────────────────────────────────────


@pytest.mark.parametrize("wrong", ["seq", "hash"])
def test_an_append_after_a_stale_position_is_refused_whole(store: EventStore, wrong: str) -> None:
    before = append(store, record(1))
    tail = append(store, record(2))
    stale = before if wrong == "seq" else tail._replace(hash=before.hash)
    with pytest.raises(ChangedElsewhereError):
        store.append([record(3), record(4)], stale, drafts=[Draft("Anna", "", "words")])
    assert store.load().records == (record(1), record(2))
    assert store.drafts() == []
    assert append(store, record(3)).seq == 3


def test_an_event_id_is_taken_once_and_the_append_is_refused_whole(store: EventStore) -> None:
    tail = append(store, record(1), record(2))
    taken = record(3, "other words", event_id=record(1).id)
    for records in ([taken], [record(4), taken], [record(5), record(5)]):
        with pytest.raises(CannotWriteError) as refusal:
            store.append(records, tail)
        assert not isinstance(refusal.value, ChangedElsewhereError)
        assert store.load() == ((record(1), record(2)), tail)
    assert append(store, record(3)).seq == 3


def test_an_append_whose_result_was_lost_is_repeated_without_harm(
    open_store: Open, store: EventStore
) -> None:
    before = append(store, record(1))
    tail = store.append([record(2), record(3)], before)
    assert store.append([record(2), record(3)], before) == tail
    with closing(open_store()) as again:
        assert again.append([record(2), record(3)], before) == tail
        assert again.load().records == (record(1), record(2), record(3))
    assert append(store, record(4)).seq == 4


def test_other_events_after_the_same_position_are_no_repetition(store: EventStore) -> None:
    before = append(store, record(1))
    tail = store.append([record(2), record(3)], before)
    for records in ([record(2)], [record(2), record(4)], [record(2), record(3), record(4)]):
        with pytest.raises(ChangedElsewhereError):
            store.append(records, before)
    assert store.load().tail == tail


def test_appending_nothing_changes_nothing(store: EventStore) -> None:
    tail = append(store, record(1))
    assert store.append([], tail) == tail
    assert store.load() == ((record(1),), tail)


# ── several at once ──────────────────────────────────────────────────────────────────────────


def test_eight_threads_write_without_a_gap_or_a_lost_event(open_store: Open) -> None:
    threads, each = 8, 12

    def write(name: int) -> list[str]:
        written: list[str] = []
        choose = random.Random(name)
        with closing(open_store()) as store:
            while len(written) < each:
                records, tail = store.load()
                new = [
                    record(len(records) + n, event_id=f"{name}-{len(written) + n}")
                    for n in range(1, choose.choice((1, 1, 2, 3)) + 1)
                ]
                try:
                    store.append(new, tail)
                except ChangedElsewhereError:
                    continue
                written += [one.id for one in new]
        return written

    with ThreadPoolExecutor(threads) as pool:
        by_thread = list(pool.map(write, range(threads)))
    with closing(open_store()) as store:
        records, tail = store.load()
    ids = [one.id for one in records]
    assert tail.seq == len(records) == sum(map(len, by_thread))
    assert [one.counter for one in records] == list(range(1, len(records) + 1))
    for written in by_thread:
        assert [event_id for event_id in ids if event_id in set(written)] == written


# ── drafts ───────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_kept_for_each_seat_participant_and_question(
    open_store: Open, store: EventStore
) -> None:
    drafts = [
        Draft("Anna", "channels.now", "at the keyboard", "an answer", "2027-03-01T09:00"),
        Draft("Anna", "channels.now", "on a phone", at="2027-03-01T09:01", seat="a-phone"),
        Draft("Ben", "channels.now", "Ben's", at="2027-03-01T09:02"),
        Draft("Anna", "", "after the last question", at="2027-03-01T09:03"),
    ]
    for draft in drafts:
        store.save_draft(draft)
    with closing(open_store()) as again:
        assert again.drafts() == drafts


def test_a_later_draft_replaces_the_one_before_and_an_empty_one_deletes_it(
    store: EventStore,
) -> None:
    store.save_draft(Draft("Anna", "", "one", at="1"))
    store.save_draft(Draft("Ben", "", "two", at="2"))
    store.save_draft(Draft("Anna", "", "three", at="3"))
    assert [draft.text for draft in store.drafts()] == ["two", "three"]
    store.save_draft(Draft("Anna", "", "", at="4"))
    store.save_draft(Draft("Cem", "", ""))
    assert [draft.text for draft in store.drafts()] == ["two"]


def test_a_draft_goes_with_the_events_that_it_became(open_store: Open, store: EventStore) -> None:
    draft = Draft("Anna", "channels.now", "words", at="1", seat="a-phone")
    other = draft._replace(seat="")
    store.save_draft(draft)
    store.save_draft(other)
    store.append([record(1)], store.load().tail, drafts=[draft._replace(text="")])
    with closing(open_store()) as again:
        assert again.drafts() == [other]


# ── anything ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("shelf", SHELVES)
@given(
    sizes=st.lists(st.integers(0, 4), max_size=6),
    texts=st.lists(TEXTS, min_size=24),
)
def test_whatever_was_appended_is_what_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, shelf: str, sizes: list[int], texts: list[str]
) -> None:
    open_store = SHELVES[shelf](SESSION, tmp_path_factory.mktemp("store"))
    appended: list[Record] = []
    with closing(open_store()) as store:
        tail = store.load().tail
        for size in sizes:
            new = [record(len(appended) + n + 1, body=texts[n]) for n in range(size)]
            tail = store.append(new, tail)
            appended += new
    with closing(open_store()) as again:
        assert again.load() == (tuple(appended), tail)
