"""A session in a real file has the same content as a plain dictionary, after any commands.

All changes go through a live session, as in the program, and are read back from the file. The file
may be copied at any moment; the two copies then change separately until they are merged.
"""

import copy
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from faults import merge_checks
from faults.check_file import read_back
from faults.counts import count, tally
from faults.expected_session import SPEAKERS, ExpectedSession, SessionCopy
from faults.fresh import MEMORY, fresh_session
from faults.merge_checks import AnswersById
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from workshop.client import Client
from workshop.live_session import LiveSession, Proposal
from workshop.storage.merge_files import merge
from workshop.text import clean, clean_line

EXAMPLES = count("EXAMPLES", 200)
STEPS = 50

# Texts that the facilitator can only take as answers, never as commands or parts of them.
WORDS = st.text(max_size=30).map(lambda text: f"x:{text}")
DEEDS = st.sampled_from(["edit", "edit", "remove", "undo"])


class SessionMachine(RuleBasedStateMachine):
    """One session file, or two copies of it, and what must be in each."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory(dir=MEMORY)
        path = fresh_session(Path(self.directory.name) / "sessions")
        self.copy = SessionCopy(path, Client(LiveSession.open(path)))
        self.other: SessionCopy | None = None
        """The copy that is not in use at the moment; its live session stays open."""
        self.common: AnswersById = {}
        """The answers that both copies had when they parted."""
        self.files = 0
        self.addresses = self.copy.live_session.session.addresses
        self.carry_out(self.copy.client.begin())

    def teardown(self) -> None:
        for each in filter(None, (self.copy, self.other)):
            each.live_session.close()
            self.check_file(each)
        self.directory.cleanup()

    def carry_out(self, proposal: Proposal) -> Proposal:
        """Commit a proposal, as a front end does."""
        return self.copy.client.commit(proposal).result(60)

    def say(self, words: str) -> Proposal:
        return self.carry_out(self.copy.client.propose(words))

    @property
    def current_address(self) -> str | None:
        return (
            self.addresses[self.copy.position] if self.copy.position < len(self.addresses) else None
        )

    def change(self, apply: Callable[[ExpectedSession], None]) -> None:
        """Change the expected session, so that the change can be undone."""
        self.copy.undo_stack.append(copy.deepcopy(self.copy.expected))
        self.copy.redo_stack.clear()
        apply(self.copy.expected)

    def forget_draft(self) -> None:
        self.copy.drafts.pop((self.copy.speaker, self.current_address or ""), None)

    def add(self, question: str, *texts: str) -> None:
        """Expect answers that are given in one go, and undone in one."""
        first, participant = self.copy.last_number + 1, self.copy.speaker
        self.copy.last_number += len(texts)

        def add_to(expected: ExpectedSession) -> None:
            for number, text in enumerate(texts, first):
                expected.answers[number] = (question, clean(text), participant)
            expected.skipped.pop(question, None)

        self.copy.changes.questions.add(question)
        self.change(add_to)

    # ── what people do ───────────────────────────────────────────────────────────────────────

    @rule(words=WORDS)
    def answer(self, words: str) -> None:
        proposal = self.say(words)
        if self.current_address is None:
            assert not proposal.response.accepted
        else:
            self.add(self.current_address, words)
            self.forget_draft()

    @rule(lines=st.lists(WORDS, min_size=1, max_size=4))
    def answer_each(self, lines: list[str]) -> None:
        self.carry_out(self.copy.client.propose_answers(lines))
        if self.current_address is not None:
            self.add(self.current_address, *lines)
            self.forget_draft()

    @rule(number=st.integers(0, 30), words=WORDS)
    def edit(self, number: int, words: str) -> None:
        answer = self.copy.live_session.state.answer_numbered(number)
        proposal = self.say(f"/edit {number} {words}")
        if number in self.copy.expected.answers:
            assert answer is not None

            def edit_in(expected: ExpectedSession) -> None:
                question, _, participant = expected.answers[number]
                expected.answers[number] = (question, clean(words), participant)

            self.copy.changes.reworded.add(answer.id)
            self.change(edit_in)
            self.forget_draft()
        else:
            assert not proposal.response.accepted

    @rule(number=st.integers(0, 30))
    def remove(self, number: int) -> None:
        proposal = self.say(f"/delete {number}")
        if number in self.copy.expected.answers:
            self.copy.changes.questions.add(self.copy.expected.answers[number][0])
            self.change(lambda expected: expected.answers.__delitem__(number))
        else:
            assert not proposal.response.accepted

    @rule(times=st.integers(1, 3))
    def undo(self, times: int) -> None:
        for _ in range(times):
            if self.copy.merged and not self.copy.undo_stack:
                return  # only the log knows which copy made the last change
            proposal = self.say("/undo")
            assert bool(proposal.events) == bool(self.copy.undo_stack)
            if self.copy.undo_stack:
                self.copy.changes.has_undone = True
                self.copy.redo_stack.append(self.copy.expected)
                self.copy.expected = self.copy.undo_stack.pop()

    @precondition(lambda self: self.copy.redo_stack)
    @rule(times=st.integers(1, 3))
    def redo(self, times: int) -> None:
        for _ in range(times):
            if self.copy.merged and not self.copy.redo_stack:
                return
            proposal = self.say("/redo")
            assert bool(proposal.events) == bool(self.copy.redo_stack)
            if self.copy.redo_stack:
                self.copy.changes.has_undone = True
                self.copy.undo_stack.append(self.copy.expected)
                self.copy.expected = self.copy.redo_stack.pop()

    @precondition(lambda self: self.copy.merged)
    @rule(times=st.integers(1, 8))
    def undo_past_a_merge_and_redo(self, times: int) -> None:
        """Undoing and redoing the same number of changes, of either copy, changes nothing."""
        undone = 0
        while undone < times and self.say("/undo").events:
            undone += 1
        for _ in range(undone):
            assert self.say("/redo").events
        self.copy.changes.has_undone = self.copy.changes.has_undone or undone > 0

    @rule(reason=st.text(max_size=10))
    def skip(self, reason: str) -> None:
        address = self.current_address
        answered = any(
            question == address for question, _, _ in self.copy.expected.answers.values()
        )
        self.say(f"/skip {reason}")
        if address is None or (answered and clean(reason)):
            return
        if not answered:
            self.copy.changes.questions.add(address)
            self.change(lambda expected: expected.skipped.__setitem__(address, clean_line(reason)))
        self.copy.position += 1

    @rule(by=st.sampled_from(["/next", "", "/back"]))
    def go(self, by: str) -> None:
        if by == "" and self.current_address is not None:
            # An empty line means that the prompt is empty, so there is no draft any more.
            self.forget_draft()
        self.say(by)
        position = self.copy.position
        self.copy.position = (
            max(position - 1, 0) if by == "/back" else min(position + 1, len(self.addresses))
        )

    @rule(which=st.integers(0, 20))
    def go_to(self, which: int) -> None:
        """Go to a question that was skipped, to one of the first three, or to the last."""
        addresses = sorted({*self.copy.expected.skipped, *self.addresses[:3], self.addresses[-1]})
        address = addresses[which % len(addresses)]
        self.say(f"/goto {address}")
        self.copy.position = self.addresses.index(address)

    @rule(name=st.sampled_from(SPEAKERS))
    def speak(self, name: str) -> None:
        self.say(f"/as {name}")
        self.copy.speaker = name

    @rule(words=st.one_of(st.just(""), WORDS))
    def type_draft(self, words: str) -> None:
        self.copy.client.save_draft(words).result(60)
        if words:
            self.copy.drafts[self.copy.speaker, self.current_address or ""] = clean(words)
        else:
            self.forget_draft()

    @rule()
    def reopen(self) -> None:
        """Leave and resume. Only the speaker is given again; all else is in the file."""
        self.copy.live_session.close()
        self.check_file(self.copy)
        self.open_live_session()

    def open_live_session(self) -> None:
        self.copy.client = Client(LiveSession.open(self.copy.path), self.copy.speaker)
        self.carry_out(self.copy.client.begin())
        draft = self.copy.client.current_draft()
        assert (draft.text if draft else None) == self.copy.drafts.get(
            (self.copy.speaker, self.current_address or "")
        )

    # ── two copies ───────────────────────────────────────────────────────────────────────────

    def new_path(self) -> Path:
        self.files += 1
        return Path(self.directory.name) / f"{self.files}.db"

    @precondition(lambda self: self.other is None)
    @rule()
    def part(self) -> None:
        """Copy the file, as somebody does who goes on at home."""
        self.other = self.copy.copy_to(self.new_path())
        self.common = self.copy.by_id()
        self.copy.changes = merge_checks.Changes()

    @precondition(lambda self: self.other is not None)
    @rule()
    def switch_to_the_other_copy(self) -> None:
        assert self.other is not None
        self.copy, self.other = self.other, self.copy

    @precondition(lambda self: self.other is not None and self.common)
    @rule(which=st.integers(0, 30), deeds=st.lists(DEEDS, min_size=2, max_size=4), words=WORDS)
    def change_both(self, which: int, deeds: list[str], words: str) -> None:
        """Change one answer that both copies have, alternating between the copies."""
        answer = sorted(self.common)[which % len(self.common)]
        for step, deed in enumerate(deeds):
            number = next((n for n in self.copy.expected.answers if self.id_of(n) == answer), None)
            if deed == "undo" or number is None:
                self.undo(1)
            elif deed == "remove":
                self.remove(number)
            else:
                self.edit(number, f"{words} {step}")
            self.switch_to_the_other_copy()

    def id_of(self, number: int) -> str | None:
        answer = self.copy.live_session.state.answer_numbered(number)
        return answer.id if answer else None

    @precondition(lambda self: self.other is not None)
    @rule(comes_again=st.booleans())
    def merge(self, comes_again: bool) -> None:
        """Merge the two copies and go on with the result; one of them may be merged again later."""
        first, second = self.copy, self.other
        assert first is not None
        assert second is not None
        for each in (first, second):
            each.live_session.close()
            self.check_file(each)
        path, reverse, again, same = (self.new_path() for _ in range(4))
        merged = merge(first.path, second.path, path)
        merge(second.path, first.path, reverse)
        merge_checks.assert_same_session(path, reverse)
        merge(path, second.path, again)
        merge_checks.assert_same_session(path, again)
        merge(first.path, first.path, same)
        merge_checks.assert_same_session(first.path, same)
        saved = read_back(path, merged=True)
        merge_checks.assert_all_events_are_there(merged, first.path, second.path, path)
        merge_checks.assert_all_answers_are_there(
            saved.event_log.state,
            merge_checks.CopyState(first.by_id(), first.expected.skipped, first.changes),
            merge_checks.CopyState(second.by_id(), second.expected.skipped, second.changes),
            self.common,
        )
        positions = {first.position, second.position}
        self.copy = SessionCopy(path, first.client, speaker=first.speaker, merged=True)
        self.adopt(saved.event_log.state.position, positions, (first, second))
        tally["merges"] += 1
        tally["merges with an answer changed in both"] += bool(merged.reworded)
        self.open_live_session()
        self.other = None
        if comes_again:
            second.client = Client(LiveSession.open(second.path), second.speaker)
            self.copy.changes = first.changes | second.changes
            second.changes = merge_checks.Changes()
            self.other, self.common = second, second.by_id()

    def adopt(
        self, position: str | None, positions: set[int], copies: tuple[SessionCopy, SessionCopy]
    ) -> None:
        """Check what the order of the merged events decides, and expect it from now on."""
        saved = read_back(self.copy.path, merged=True)
        state = saved.event_log.state
        self.copy.last_number = state.next_number - 1
        for a in state.answers.values():
            self.copy.expected.answers[a.number] = (a.question, a.text, a.participant)
        self.copy.expected.skipped = dict(state.skipped)
        self.copy.position = self.addresses.index(position) if position else len(self.addresses)
        assert self.copy.position in positions
        for draft in saved.drafts:
            key = (draft.participant, draft.question)
            assert draft.text in {each.drafts.get(key) for each in copies}
            self.copy.drafts[key] = draft.text
        assert self.copy.drafts.keys() == {key for each in copies for key in each.drafts}

    # ── what must be so ──────────────────────────────────────────────────────────────────────

    @invariant()
    def the_live_session_is_as_expected(self) -> None:
        one = self.copy
        state, current = one.live_session.state, one.live_session.current
        assert {
            a.number: (a.question, a.text, a.participant) for a in state.answers.values()
        } == one.expected.answers
        assert dict(state.skipped) == one.expected.skipped
        assert state.next_number == one.last_number + 1
        assert (current.address if current else None) == self.current_address
        assert one.client.state.speaker == one.speaker
        assert one.merged or state.unapplied == []

    def check_file(self, one: SessionCopy) -> None:
        saved = read_back(one.path, merged=one.merged)
        state = saved.event_log.state
        assert {
            a.number: (a.question, a.text, a.participant) for a in state.answers.values()
        } == one.expected.answers
        assert dict(state.skipped) == one.expected.skipped
        assert {(d.participant, d.question): d.text for d in saved.drafts} == one.drafts
        assert saved.events == one.live_session.event_log.events
        with closing(sqlite3.connect(one.path)) as connection:
            rows = connection.execute(
                "SELECT number, question, answer, participant FROM answers"
            ).fetchall()
        assert {number: tuple(rest) for number, *rest in rows} == one.expected.answers


SessionMachine.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None
)
TestASessionFileIsAsExpected = SessionMachine.TestCase
