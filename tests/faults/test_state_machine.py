"""A session in a real file does what a plain dictionary does, whatever is done in which order.

Everything goes in as people say it, through a sitting, and is read back from the file. The file may
be copied at any moment; then the two copies go their own ways, until they are merged.
"""

import copy
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from faults import united
from faults.counts import count, tally
from faults.fresh import MEMORY, fresh_session
from faults.kept import read_back
from faults.said import SPEAKERS, Copy, Said
from faults.united import AnswersById
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from workshop.live_session import LiveSession, Proposal
from workshop.storage.merge_files import merge
from workshop.text import clean, clean_line

EXAMPLES = count("EXAMPLES", 200)
STEPS = 50

# Words that no rule of the conversation takes for anything but an answer.
WORDS = st.text(max_size=30).map(lambda text: f"x:{text}")
DEEDS = st.sampled_from(["edit", "edit", "remove", "undo"])


class SessionMachine(RuleBasedStateMachine):
    """One session file, or two copies of it, and what must be in each."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory(dir=MEMORY)
        path = fresh_session(Path(self.directory.name) / "sessions")
        self.copy = Copy(path, LiveSession.open(path))
        self.other: Copy | None = None
        """The copy that nobody is sitting at just now."""
        self.common: AnswersById = {}
        """What the two copies have in common: the answers when they parted."""
        self.files = 0
        self.addresses = self.copy.live_session.session.addresses
        self.take(self.copy.live_session.begin())

    def teardown(self) -> None:
        for each in filter(None, (self.copy, self.other)):
            each.live_session.close()
            self.the_file_holds_it(each)
        self.directory.cleanup()

    def take(self, proposal: Proposal) -> Proposal:
        """Carry a proposal out as a front end does."""
        self.copy.live_session.commit(proposal).result(60)
        self.copy.live_session.accept(proposal)
        return proposal

    def say(self, words: str) -> Proposal:
        return self.take(self.copy.live_session.propose(words))

    @property
    def here(self) -> str | None:
        return self.addresses[self.copy.at] if self.copy.at < len(self.addresses) else None

    def change(self, what: Callable[[Said], None]) -> None:
        """Change what was said, so that it can be undone."""
        self.copy.before.append(copy.deepcopy(self.copy.said))
        self.copy.after.clear()
        what(self.copy.said)

    def forget_draft(self) -> None:
        self.copy.drafts.pop((self.copy.speaker, self.here or ""), None)

    def add(self, question: str, words: str) -> None:
        self.copy.given += 1
        number, who = self.copy.given, self.copy.speaker

        def adding(said: Said) -> None:
            said.answers[number] = (question, clean(words), who)
            said.skipped.pop(question, None)

        self.copy.since.questions.add(question)
        self.change(adding)

    # ── what people do ───────────────────────────────────────────────────────────────────────

    @rule(words=WORDS)
    def answer(self, words: str) -> None:
        proposal = self.say(words)
        if self.here is None:
            assert not proposal.response.accepted
        else:
            self.add(self.here, words)
            self.forget_draft()

    @rule(lines=st.lists(WORDS, min_size=1, max_size=4))
    def answer_each(self, lines: list[str]) -> None:
        self.take(self.copy.live_session.propose_answers(lines))
        if self.here is not None:
            for line in lines:
                self.add(self.here, line)
            self.forget_draft()

    @rule(number=st.integers(0, 30), words=WORDS)
    def edit(self, number: int, words: str) -> None:
        answer = self.copy.live_session.state.answer_numbered(number)
        proposal = self.say(f"/edit {number} {words}")
        if number in self.copy.said.answers:
            assert answer is not None

            def editing(said: Said) -> None:
                question, _, who = said.answers[number]
                said.answers[number] = (question, clean(words), who)

            self.copy.since.reworded.add(answer.id)
            self.change(editing)
            self.forget_draft()
        else:
            assert not proposal.response.accepted

    @rule(number=st.integers(0, 30))
    def remove(self, number: int) -> None:
        proposal = self.say(f"/delete {number}")
        if number in self.copy.said.answers:
            self.copy.since.questions.add(self.copy.said.answers[number][0])
            self.change(lambda said: said.answers.__delitem__(number))
        else:
            assert not proposal.response.accepted

    @rule(times=st.integers(1, 3))
    def undo(self, times: int) -> None:
        for _ in range(times):
            if self.copy.merged and not self.copy.before:
                return  # whose change was the last is for the log to say, and not for a dictionary
            proposal = self.say("/undo")
            assert bool(proposal.events) == bool(self.copy.before)
            if self.copy.before:
                self.copy.since.taken_back = True
                self.copy.after.append(self.copy.said)
                self.copy.said = self.copy.before.pop()

    @precondition(lambda self: self.copy.after)
    @rule(times=st.integers(1, 3))
    def redo(self, times: int) -> None:
        for _ in range(times):
            if self.copy.merged and not self.copy.after:
                return
            proposal = self.say("/redo")
            assert bool(proposal.events) == bool(self.copy.after)
            if self.copy.after:
                self.copy.since.taken_back = True
                self.copy.before.append(self.copy.said)
                self.copy.said = self.copy.after.pop()

    @precondition(lambda self: self.copy.merged)
    @rule(times=st.integers(1, 8))
    def undo_past_a_merge_and_redo(self, times: int) -> None:
        """Whatever is taken back, of whichever copy: bringing it back leaves all as it was."""
        undone = 0
        while undone < times and self.say("/undo").events:
            undone += 1
        for _ in range(undone):
            assert self.say("/redo").events
        self.copy.since.taken_back = self.copy.since.taken_back or undone > 0

    @rule(reason=st.text(max_size=10))
    def skip(self, reason: str) -> None:
        here, why = self.here, clean_line(reason)
        answered = any(question == here for question, _, _ in self.copy.said.answers.values())
        self.say(f"/skip {reason}")
        if here is None or (answered and clean(reason)):
            return
        if not answered:
            self.copy.since.questions.add(here)
            self.change(lambda said: said.skipped.__setitem__(here, why))
        self.copy.at += 1

    @rule(by=st.sampled_from(["/next", "", "/back"]))
    def go(self, by: str) -> None:
        if by == "" and self.here is not None:
            # Enter on a prompt that was emptied: there is no half-typed text any more.
            self.forget_draft()
        self.say(by)
        at = self.copy.at
        self.copy.at = max(at - 1, 0) if by == "/back" else min(at + 1, len(self.addresses))

    @rule(which=st.integers(0, 20))
    def go_to(self, which: int) -> None:
        """Go where something is likely to be: a question that was skipped, or one of the first."""
        wanted = sorted({*self.copy.said.skipped, *self.addresses[:3], self.addresses[-1]})
        address = wanted[which % len(wanted)]
        self.say(f"/goto {address}")
        self.copy.at = self.addresses.index(address)

    @rule(name=st.sampled_from(SPEAKERS))
    def speak(self, name: str) -> None:
        self.say(f"/as {name}")
        self.copy.speaker = name

    @rule(words=st.one_of(st.just(""), WORDS))
    def half_type(self, words: str) -> None:
        self.copy.live_session.save_draft(words).result(60)
        if words:
            self.copy.drafts[self.copy.speaker, self.here or ""] = clean(words)
        else:
            self.forget_draft()

    @rule()
    def reopen(self) -> None:
        """Leave and resume. What the speaker is called is told anew; all else is in the file."""
        self.copy.live_session.close()
        self.the_file_holds_it(self.copy)
        self.sit_down()

    def sit_down(self) -> None:
        self.copy.live_session = LiveSession.open(self.copy.path, self.copy.speaker)
        self.take(self.copy.live_session.begin())
        waiting = self.copy.live_session.current_draft()
        assert (waiting.text if waiting else None) == self.copy.drafts.get(
            (self.copy.speaker, self.here or "")
        )

    # ── two copies ───────────────────────────────────────────────────────────────────────────

    def new_path(self) -> Path:
        self.files += 1
        return Path(self.directory.name) / f"{self.files}.db"

    @precondition(lambda self: self.other is None)
    @rule()
    def part(self) -> None:
        """Somebody takes a copy of the file home."""
        self.other = self.copy.copied(self.new_path())
        self.common = self.copy.by_id()
        self.copy.since = united.Since()

    @precondition(lambda self: self.other is not None)
    @rule()
    def go_on_with_the_other_copy(self) -> None:
        assert self.other is not None
        self.copy, self.other = self.other, self.copy

    @precondition(lambda self: self.other is not None and self.common)
    @rule(which=st.integers(0, 30), deeds=st.lists(DEEDS, min_size=2, max_size=4), words=WORDS)
    def meet(self, which: int, deeds: list[str], words: str) -> None:
        """In both copies, in turn, something happens to one answer that both had."""
        answer = sorted(self.common)[which % len(self.common)]
        for turn, deed in enumerate(deeds):
            number = next((n for n in self.copy.said.answers if self.id_of(n) == answer), None)
            if deed == "undo" or number is None:
                self.undo(1)
            elif deed == "remove":
                self.remove(number)
            else:
                self.edit(number, f"{words} {turn}")
            self.go_on_with_the_other_copy()

    def id_of(self, number: int) -> str | None:
        answer = self.copy.live_session.state.answer_numbered(number)
        return answer.id if answer else None

    @precondition(lambda self: self.other is not None)
    @rule(comes_again=st.booleans())
    def merge(self, comes_again: bool) -> None:
        """Unite the two copies and go on with that; one of the two may come again later."""
        here, there = self.copy, self.other
        assert here is not None
        assert there is not None
        for each in (here, there):
            each.live_session.close()
            self.the_file_holds_it(each)
        path, turned, again, same = (self.new_path() for _ in range(4))
        merged = merge(here.path, there.path, path)
        merge(there.path, here.path, turned)
        united.is_the_same(path, turned)
        merge(path, there.path, again)
        united.is_the_same(path, again)
        merge(here.path, here.path, same)
        united.is_the_same(here.path, same)
        kept = read_back(path, merged=True)
        united.holds_both(merged, here.path, there.path, path)
        united.says_both(
            kept.event_log.state,
            united.Way(here.by_id(), here.said.skipped, here.since),
            united.Way(there.by_id(), there.said.skipped, there.since),
            self.common,
        )
        places = {here.at, there.at}
        self.copy = Copy(path, here.live_session, speaker=here.speaker, merged=True)
        self.adopt(kept.event_log.state.position, places, (here, there))
        tally["merges"] += 1
        tally["merges with an answer changed in both"] += bool(merged.reworded)
        self.sit_down()
        self.other = None
        if comes_again:
            there.live_session = LiveSession.open(there.path, there.speaker)
            self.copy.since = here.since | there.since
            there.since = united.Since()
            self.other, self.common = there, there.by_id()

    def adopt(self, position: str | None, places: set[int], copies: tuple[Copy, Copy]) -> None:
        """Take from the merged file what the order of its events decides, once it makes sense."""
        kept = read_back(self.copy.path, merged=True)
        state = kept.event_log.state
        self.copy.given = state.next_number - 1
        for a in state.answers.values():
            self.copy.said.answers[a.number] = (a.question, a.text, a.participant)
        self.copy.said.skipped = dict(state.skipped)
        self.copy.at = self.addresses.index(position) if position else len(self.addresses)
        assert self.copy.at in places
        for draft in kept.drafts:
            key = (draft.participant, draft.question)
            assert draft.text in {each.drafts.get(key) for each in copies}
            self.copy.drafts[key] = draft.text
        assert self.copy.drafts.keys() == {key for each in copies for key in each.drafts}

    # ── what must be so ──────────────────────────────────────────────────────────────────────

    @invariant()
    def the_sitting_has_it(self) -> None:
        one = self.copy
        state, place = one.live_session.state, one.live_session.current
        assert {
            a.number: (a.question, a.text, a.participant) for a in state.answers.values()
        } == one.said.answers
        assert dict(state.skipped) == one.said.skipped
        assert state.next_number == one.given + 1
        assert (place.address if place else None) == self.here
        assert one.live_session.client.speaker == one.speaker
        assert one.merged or state.unapplied == []

    def the_file_holds_it(self, one: Copy) -> None:
        kept = read_back(one.path, merged=one.merged)
        state = kept.event_log.state
        assert {
            a.number: (a.question, a.text, a.participant) for a in state.answers.values()
        } == one.said.answers
        assert dict(state.skipped) == one.said.skipped
        assert {(d.participant, d.question): d.text for d in kept.drafts} == one.drafts
        assert kept.events == one.live_session.event_log.events
        with closing(sqlite3.connect(one.path)) as connection:
            rows = connection.execute(
                "SELECT number, question, answer, participant FROM answers"
            ).fetchall()
        assert {number: tuple(rest) for number, *rest in rows} == one.said.answers


SessionMachine.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None
)
TestASessionIsADictionary = SessionMachine.TestCase
