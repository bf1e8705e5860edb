"""A session in a real file does what a plain dictionary does, whatever is done in which order.

Everything goes in as people say it, through a sitting, and is read back from the file. Merging two
copies will be one rule more: `SessionMachine` holds everything that belongs to one copy.
"""

import copy
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from faults.counts import count
from faults.fresh import MEMORY, fresh_session
from faults.kept import read_back
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from workshop.sitting import Proposal, Sitting
from workshop.text import clean, clean_line

EXAMPLES = count("EXAMPLES", 200)
STEPS = 50

# Words that no rule of the conversation takes for anything but an answer.
WORDS = st.text(max_size=30).map(lambda text: f"x:{text}")
SPEAKERS = ["Facilitator", "Ben", "Zoë"]


@dataclass
class Said:
    """What was said, as a dictionary has it."""

    answers: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    """Question, words and participant by number."""
    skipped: dict[str, str] = field(default_factory=dict)


class SessionMachine(RuleBasedStateMachine):
    """One session file, and what must be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory(dir=MEMORY)
        self.path = fresh_session(Path(self.directory.name) / "sessions")
        self.sitting = Sitting.open(self.path)
        self.stops = self.sitting.session.stops
        self.said = Said()
        self.given = 0
        self.before: list[Said] = []
        self.after: list[Said] = []
        self.at = 0
        self.speaker = SPEAKERS[0]
        self.drafts: dict[tuple[str, str], str] = {}
        self.take(self.sitting.begin())

    def teardown(self) -> None:
        self.sitting.close()
        self.the_file_holds_it()
        self.directory.cleanup()

    def take(self, proposal: Proposal) -> Proposal:
        """Carry a proposal out as a front end does."""
        self.sitting.commit(proposal).result(60)
        self.sitting.accept(proposal)
        return proposal

    def say(self, words: str) -> Proposal:
        return self.take(self.sitting.propose(words))

    @property
    def here(self) -> str | None:
        return self.stops[self.at] if self.at < len(self.stops) else None

    def change(self, what: Callable[[Said], None]) -> None:
        """Change what was said, so that it can be undone."""
        self.before.append(copy.deepcopy(self.said))
        self.after.clear()
        what(self.said)

    def add(self, question: str, words: str) -> None:
        self.given += 1
        number, who = self.given, self.speaker

        def adding(said: Said) -> None:
            said.answers[number] = (question, clean(words), who)
            said.skipped.pop(question, None)

        self.change(adding)

    # ── what people do ───────────────────────────────────────────────────────────────────────

    @rule(words=WORDS)
    def answer(self, words: str) -> None:
        proposal = self.say(words)
        if self.here is None:
            assert not proposal.reply.accepted
        else:
            self.add(self.here, words)
            self.drafts.pop((self.speaker, self.here), None)

    @rule(lines=st.lists(WORDS, min_size=1, max_size=4))
    def answer_each(self, lines: list[str]) -> None:
        self.take(self.sitting.propose_each(lines))
        if self.here is not None:
            for line in lines:
                self.add(self.here, line)
            self.drafts.pop((self.speaker, self.here), None)

    @rule(number=st.integers(0, 30), words=WORDS)
    def edit(self, number: int, words: str) -> None:
        proposal = self.say(f"/edit {number} {words}")
        if number in self.said.answers:

            def editing(said: Said) -> None:
                question, _, who = said.answers[number]
                said.answers[number] = (question, clean(words), who)

            self.change(editing)
            if self.here is not None:
                self.drafts.pop((self.speaker, self.here), None)
        else:
            assert not proposal.reply.accepted

    @rule(number=st.integers(0, 30))
    def remove(self, number: int) -> None:
        proposal = self.say(f"/delete {number}")
        if number in self.said.answers:
            self.change(lambda said: said.answers.__delitem__(number))
        else:
            assert not proposal.reply.accepted

    @rule(times=st.integers(1, 3))
    def undo(self, times: int) -> None:
        for _ in range(times):
            proposal = self.say("/undo")
            assert bool(proposal.events) == bool(self.before)
            if self.before:
                self.after.append(self.said)
                self.said = self.before.pop()

    @precondition(lambda self: self.after)
    @rule(times=st.integers(1, 3))
    def redo(self, times: int) -> None:
        for _ in range(times):
            proposal = self.say("/redo")
            assert bool(proposal.events) == bool(self.after)
            if self.after:
                self.before.append(self.said)
                self.said = self.after.pop()

    @rule(reason=st.text(max_size=10))
    def skip(self, reason: str) -> None:
        here, why = self.here, clean_line(reason)
        answered = any(question == here for question, _, _ in self.said.answers.values())
        self.say(f"/skip {reason}")
        if here is None or (answered and clean(reason)):
            return
        if not answered:
            self.change(lambda said: said.skipped.__setitem__(here, why))
        self.at += 1

    @rule(by=st.sampled_from(["/next", "", "/back"]))
    def go(self, by: str) -> None:
        if by == "" and self.here is not None:
            # Enter on a prompt that was emptied: there is no half-typed text any more.
            self.drafts.pop((self.speaker, self.here), None)
        self.say(by)
        self.at = max(self.at - 1, 0) if by == "/back" else min(self.at + 1, len(self.stops))

    @rule(which=st.integers(0, 20))
    def go_to(self, which: int) -> None:
        """Go where something is likely to be: a question that was skipped, or one of the first."""
        wanted = sorted({*self.said.skipped, *self.stops[:3], self.stops[-1]})
        address = wanted[which % len(wanted)]
        self.say(f"/goto {address}")
        self.at = self.stops.index(address)

    @rule(name=st.sampled_from(SPEAKERS))
    def speak(self, name: str) -> None:
        self.say(f"/as {name}")
        self.speaker = name

    @rule(words=st.one_of(st.just(""), WORDS))
    def half_type(self, words: str) -> None:
        self.sitting.save_draft(words).result(60)
        if self.here is None:
            return
        if words:
            self.drafts[self.speaker, self.here] = clean(words)
        else:
            self.drafts.pop((self.speaker, self.here), None)

    @rule()
    def reopen(self) -> None:
        """Leave and resume. What the speaker is called is told anew; all else is in the file."""
        self.sitting.close()
        self.the_file_holds_it()
        self.sitting = Sitting.open(self.path, self.speaker)
        self.take(self.sitting.begin())
        waiting = self.sitting.waiting_draft()
        assert (waiting.text if waiting else None) == self.drafts.get(
            (self.speaker, self.here or "")
        )

    # ── what must be so ──────────────────────────────────────────────────────────────────────

    @invariant()
    def the_sitting_has_it(self) -> None:
        state, place = self.sitting.state, self.sitting.here
        assert {
            a.number: (a.question, a.text, a.participant) for a in state.answers.values()
        } == self.said.answers
        assert dict(state.skipped) == self.said.skipped
        assert state.next_number == self.given + 1
        assert (place.address if place else None) == self.here
        assert self.sitting.floor.speaker == self.speaker
        assert state.unapplied == []

    def the_file_holds_it(self) -> None:
        kept = read_back(self.path)
        state = kept.fold.state
        assert {
            a.number: (a.question, a.text, a.participant) for a in state.answers.values()
        } == self.said.answers
        assert dict(state.skipped) == self.said.skipped
        assert {(d.participant, d.question): d.text for d in kept.drafts} == self.drafts
        assert kept.events == self.sitting.fold.events
        with closing(sqlite3.connect(self.path)) as connection:
            rows = connection.execute(
                "SELECT number, question, answer, participant FROM answers"
            ).fetchall()
        assert {number: tuple(rest) for number, *rest in rows} == self.said.answers


SessionMachine.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None
)
TestASessionIsADictionary = SessionMachine.TestCase
