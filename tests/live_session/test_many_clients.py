"""A live session with many clients: what each of them does happens, and to nobody else's words."""

import random
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fold_samples import summary
from live_session_support import carry_out

from workshop.client import Client
from workshop.errors import CannotWriteError
from workshop.live_session import Change, LiveSession, Proposal
from workshop.session.event_log import EventLog
from workshop.session.events import (
    KEYBOARD,
    AnswerAdded,
    AnswerRemoved,
    Event,
    PositionMoved,
    Undone,
)
from workshop.session.record import Record
from workshop.storage.event_store import Tail
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.event_store import SqliteEventStore

PHONES = 100
ACTIONS = 12


@pytest.fixture
def live_session(path: Path) -> Iterator[LiveSession]:
    live_session = LiveSession.open(path)
    carry_out(Client(live_session).begin())
    yield live_session
    live_session.close()


def phone(live_session: LiveSession, number: int = 1) -> Client:
    return Client(live_session, f"Person {number}", f"phone-{number}")


def send(client: Client, text: str) -> Proposal:
    return carry_out(client.propose(text))


def notices(proposal: Proposal) -> str:
    return " ".join(getattr(message, "text", "") for message in proposal.response.messages)


def something(client: Client, choose: random.Random, serial: int) -> str:
    """Return something that a person at a keyboard or a phone might send."""
    answers = list(client.live_session.state.answers.values())
    number = choose.choice(answers).number if answers else 1
    words = f"{client.state.speaker} says {serial}"
    sent = [words, words, words, "/undo", "/undo", "/redo", f"/edit {number} {words} anew"]
    sent += [f"/vote {number}", f"/delete {number}"]
    if client.state.seat == KEYBOARD:
        sent += ["", "/back", "/goto 3", "/skip", "/park a point", "/as Person 3"]
    return choose.choice(sent)


def test_a_hundred_phones_and_a_keyboard_lose_nothing_and_undo_only_what_is_their_own(
    live_session: LiveSession,
) -> None:
    heard: list[Event] = []
    already = len(live_session.event_log)
    live_session.subscribe(lambda change: heard.extend(change.events), lambda call: call())

    def take_part(number: int) -> list[Event]:
        client = phone(live_session, number) if number else Client(live_session, "Facilitator")
        choose = random.Random(number)
        saved: list[Event] = []
        for serial in range(ACTIONS if number else 5 * ACTIONS):
            settled = send(client, something(client, choose, serial))
            assert client.state == settled.response.client
            saved += settled.events
        return saved

    with ThreadPoolExecutor(PHONES + 1) as pool:
        saved = [event for events in pool.map(take_part, range(PHONES + 1)) for event in events]
    event_log = live_session.event_log
    live_session.close()

    by_id = {event.id: event for event in event_log.events}
    assert {event.id for event in saved} == by_id.keys() - {
        event.id for event in event_log.events[:already]
    }
    assert [event.id for event in heard] == [event.id for event in event_log.events[already:]]
    verdict = verify(live_session.path)
    assert verdict.is_sound, verdict.damage
    with SqliteEventStore.open(live_session.path) as store:
        assert summary(EventLog(store.events())) == summary(event_log)

    undoings = [event for event in event_log.events if isinstance(event.body, Undone)]
    assert len(undoings) > PHONES // 2
    for undoing in undoings:
        assert isinstance(undoing.body, Undone)
        assert by_id[undoing.body.event].seat == undoing.seat
    # Nothing that was told to be saved is without effect, and no answer is gone without a reason.
    assert not event_log.state.unapplied
    undone = {event_id for event_id in by_id if is_undone(event_log, event_id)}
    removed = {
        event.body.answer
        for event in event_log.events
        if isinstance(event.body, AnswerRemoved) and event.id not in undone
    }
    added = {event.id for event in event_log.events if isinstance(event.body, AnswerAdded)}
    assert event_log.state.answers.keys() == added - undone - removed


def is_undone(event_log: EventLog, event_id: str) -> bool:
    """Return whether an event is undone, by following the undoings of its undoings."""
    return any(
        not is_undone(event_log, event.id)
        for event in event_log.events
        if isinstance(event.body, Undone) and event.body.event == event_id
    )


# ── proposals are settled when they are committed ────────────────────────────────────────────


def test_an_answer_lands_at_the_question_that_its_client_saw(live_session: LiveSession) -> None:
    keyboard, other = Client(live_session), phone(live_session)
    first = live_session.current
    assert first is not None
    proposal = other.propose("words")
    send(keyboard, "")
    settled = carry_out(proposal)
    assert [a.text for a in live_session.state.answers_to(first.address)] == ["words"]
    assert settled.events[0].seat == "phone-1"
    assert live_session.current != first


def test_two_that_go_on_from_one_question_go_on_by_one(live_session: LiveSession) -> None:
    one, other = Client(live_session), Client(live_session)
    proposals = [one.propose(""), other.propose("")]
    for proposal in proposals:
        carry_out(proposal)
    assert live_session.current is not None
    assert live_session.current.address == live_session.session.addresses[1]


@pytest.mark.parametrize("command", ["/delete 1", "/edit 1 other words", "/vote 1"])
def test_a_proposal_whose_answer_is_gone_becomes_a_refusal(
    live_session: LiveSession, command: str
) -> None:
    keyboard, other = Client(live_session), phone(live_session)
    send(other, "words")
    proposal = keyboard.propose(command)
    send(other, "/undo")
    settled = carry_out(proposal)
    assert not settled.events
    assert not settled.response.accepted
    assert settled.response.prompt == command
    assert "There is no answer 1" in notices(settled)


def test_an_edit_of_an_answer_that_is_gone_leaves_its_words_in_the_prompt(
    live_session: LiveSession,
) -> None:
    keyboard, other = Client(live_session), phone(live_session)
    send(other, "words")
    send(keyboard, "/edit 1")
    proposal = keyboard.propose("better words")
    send(other, "/undo")
    settled = carry_out(proposal)
    assert (settled.events, settled.response.prompt) == ((), "better words")
    assert "is gone" in notices(settled)


def test_an_undo_of_what_was_built_on_in_the_meantime_is_refused(
    live_session: LiveSession,
) -> None:
    keyboard, other = Client(live_session), phone(live_session)
    send(other, "words")
    proposal = other.propose("/undo")
    send(keyboard, "/edit 1 better words")
    settled = carry_out(proposal)
    assert settled.events == ()
    assert notices(settled) == (
        "Not undone: the answer “words”. Somebody else has changed that since. "
        "/edit 1 and /delete 1 change it as it is."
    )
    assert [a.text for a in live_session.state.answers.values()] == ["better words"]


def test_the_dots_that_are_told_are_those_that_the_answer_has_then(
    live_session: LiveSession,
) -> None:
    keyboard, other = Client(live_session), phone(live_session)
    send(keyboard, "words")
    proposal = keyboard.propose("/vote 1 2")
    send(other, "/vote 1 3")
    assert "has 5 dots now" in notices(carry_out(proposal))


def test_a_skip_of_a_question_that_was_answered_in_the_meantime_is_refused(
    live_session: LiveSession,
) -> None:
    keyboard, other = Client(live_session), phone(live_session)
    proposal = keyboard.propose("/skip nobody knows")
    send(other, "I know")
    settled = carry_out(proposal)
    assert not settled.response.accepted
    assert not live_session.state.skipped


def test_the_keyboards_undo_takes_back_what_was_last_said_there_whoever_said_it(
    live_session: LiveSession,
) -> None:
    keyboard, second_screen, other = (
        Client(live_session, "Ben"),
        Client(live_session, "Anna"),
        phone(live_session),
    )
    send(keyboard, "Ben's")
    send(second_screen, "Anna's")
    send(other, "from a phone")
    assert "Anna's" in notices(send(keyboard, "/undo"))
    assert [a.text for a in live_session.state.answers.values()] == ["Ben's", "from a phone"]


def test_each_client_has_its_own_suggestion_edit_and_speaker(live_session: LiveSession) -> None:
    keyboard, other = Client(live_session), phone(live_session)
    send(keyboard, "words")
    send(keyboard, "/edit 1")
    send(other, "I don't know")
    assert keyboard.state.editing is not None
    assert keyboard.state.suggestion is None
    assert other.state.editing is None
    assert other.state.suggestion is not None
    send(keyboard, "/as Zoe")
    assert (keyboard.state.speaker, other.state.speaker) == ("Zoe", "Person 1")


def test_each_seat_has_its_own_draft(live_session: LiveSession) -> None:
    keyboard, other = Client(live_session, "Anna"), Client(live_session, "Anna", "phone-1")
    keyboard.save_draft("typed").result(30)
    other.save_draft("on the phone").result(30)
    drafts = [client.current_draft() for client in (keyboard, other)]
    assert [draft and draft.text for draft in drafts] == ["typed", "on the phone"]
    send(other, "said on the phone")
    assert other.current_draft() is None
    assert keyboard.current_draft() is not None
    assert other.other_drafts_notice() == ""


# ── subscribers ──────────────────────────────────────────────────────────────────────────────


def test_every_subscriber_is_told_what_happened_and_who_did_it(live_session: LiveSession) -> None:
    keyboard, other = Client(live_session), phone(live_session)
    changes: list[Change] = []
    unsubscribe = live_session.subscribe(changes.append, lambda call: call())
    send(keyboard, "words")
    send(other, "/help")  # changes nothing
    send(other, "more words")
    send(keyboard, "")
    assert [change.client for change in changes] == [keyboard, other, keyboard]
    assert isinstance(changes[-1].events[-1].body, PositionMoved)
    unsubscribe()
    unsubscribe()
    send(keyboard, "words that nobody hears of")
    assert len(changes) == 3


@pytest.mark.parametrize("error", [RuntimeError("Event loop is closed"), ValueError("a fault")])
def test_a_subscriber_that_cannot_be_called_is_forgotten_and_the_others_are_told(
    live_session: LiveSession, error: Exception
) -> None:
    calls: list[object] = []
    changes: list[Change] = []

    def fail(call: object) -> None:
        calls.append(call)
        raise error

    live_session.subscribe(lambda _change: None, fail)
    live_session.subscribe(changes.append, lambda call: call())
    for text in ("one", "two"):
        send(Client(live_session), text)
    assert len(calls) == 1
    assert len(changes) == 2
    assert len(live_session.state.answers) == 2


def test_a_commit_that_fails_fails_alone(
    live_session: LiveSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [phone(live_session, number) for number in range(3)]
    may_write, append = threading.Event(), SqliteEventStore.append

    def wait_and_append(store: SqliteEventStore, records: Sequence[Record], *rest: Any) -> Tail:
        assert may_write.wait(60)
        if any("too much" in record.body for record in records):
            raise CannotWriteError("Not saved: that is too much.")
        return append(store, records, *rest)

    monkeypatch.setattr(SqliteEventStore, "append", wait_and_append)
    first = clients[0].commit(clients[0].propose("first"))
    waiting = [
        c.commit(c.propose(text))
        for c, text in zip(clients, ("one", "too much", "two"), strict=True)
    ]
    may_write.set()
    assert first.exception(60) is None
    assert isinstance(waiting[1].exception(60), CannotWriteError)
    assert [f.exception(60) for f in (waiting[0], waiting[2])] == [None, None]
    assert [a.text for a in live_session.state.answers.values()] == ["first", "one", "two"]
