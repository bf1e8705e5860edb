"""Copies of one session that are continued apart, for tests of merging them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from workshop.session.event_log import EventLog
from workshop.session.events import (
    KEYBOARD,
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    PositionMoved,
    QuestionSkipped,
    Undone,
    VoteCast,
    kind_of,
    write_body,
)
from workshop.session.fold import SessionState
from workshop.session.record import Record


@dataclass
class Copy:
    """A copy of a session, written by one person."""

    actor: str
    log: list[Record] = field(default_factory=list)
    written: int = 0

    def happens(self, *bodies: AnyBody, seat: str = KEYBOARD) -> str:
        """Append events as a session file does; return the last one's id."""
        batch = f"{self.actor} {self.written}" if len(bodies) > 1 else ""
        for body in bodies:
            self.written += 1
            counter = max((record.counter for record in self.log), default=0) + 1
            # Ids in no order, as UUIDs are.
            event_id = hashlib.md5(f"{self.actor} {self.written} {counter}".encode()).hexdigest()
            at = f"2027-03-01T{(7 * self.written) % 24:02}:00:00.000Z"  # clocks are in no order
            self.log.append(
                Record(
                    counter, self.actor, event_id, at, kind_of(body), write_body(body), seat, batch
                )
            )
        return self.log[-1].id if self.log else ""

    def answers(self, *texts: str, seat: str = KEYBOARD) -> str:
        bodies = [AnswerAdded(question="a.b", text=t, participant="P") for t in texts]
        return self.happens(*bodies, seat=seat)

    def copied(self, actor: str) -> "Copy":
        return Copy(actor, list(self.log))

    @property
    def state(self) -> SessionState:
        return state_of(self.log)


def state_of(log: Iterable[Record]) -> SessionState:
    return EventLog(record.event for record in log).state


def texts(log: Iterable[Record]) -> list[str]:
    return sorted(answer.text for answer in state_of(log).answers.values())


def forked(*actors: str, texts: tuple[str, ...] = ("one", "two", "three")) -> list[Copy]:
    base = Copy("Zoe")
    base.answers(*texts)
    return [base.copied(actor) for actor in actors]


# ── what people do to copies ─────────────────────────────────────────────────────────────────

SKIPPED = ("a.b", "a.c")
"""Questions that are skipped; at the first one people answer, too."""
WORDS = st.sampled_from(["rye", "oats", "bread", "cake", "salt"])
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["add", "edit", "edit", "remove", "undo", "move", "vote", "skip", "skip"]),
        st.integers(0, 50),
        WORDS,
        st.sampled_from([KEYBOARD, KEYBOARD, "phone-1", "phone-2"]),
    ),
    max_size=8,
)


def act(copy: Copy, acts: list[tuple[str, int, str, str]], *, alone: str = "") -> Copy:
    """Let things happen to a copy, at a keyboard and on phones.

    With `alone`, nobody else would find the same words, and only what a front end does happens:
    what is not there is neither changed nor removed, and an undo takes back the last change of its
    seat, unless another seat has changed the same since.
    """
    for kind, which, word, seat in acts:
        answers = [r.id for r in copy.log if r.kind == "answer_added"]
        target = answers[which % len(answers)] if answers else "none"
        match kind:
            case "add":
                copy.answers(*[word] * (1 + which % 2), seat=seat)
            case "edit" if not alone or target in copy.state.answers:
                text = f"{word} {alone} {len(copy.log)}" if alone else word
                copy.happens(AnswerEdited(answer=target, text=text), seat=seat)
            case "remove" if not alone or target in copy.state.answers:
                copy.happens(AnswerRemoved(answer=target), seat=seat)
            case "skip" if not alone or not copy.state.answer_count(SKIPPED[which % 2]):
                reason = f"{word} {alone} {len(copy.log)}" if alone else word
                skip = QuestionSkipped(question=SKIPPED[which % 2], reason=reason)
                copy.happens(skip, seat=seat)
            case "undo" if alone:
                events = EventLog(record.event for record in copy.log)
                target_of = events.redo_target if which % 3 == 0 else events.undo_target
                taken_back = target_of(seat)
                subjects = [events.event(getattr(e.body, "event", e.id)) for e in taken_back]
                if not events.changed_since(filter(None, subjects)):
                    copy.happens(*(Undone(event=event.id) for event in taken_back), seat=seat)
            case "undo" if copy.log:
                copy.happens(Undone(event=copy.log[which % len(copy.log)].id))
            case "vote":
                copy.happens(VoteCast(answer=target, dots=1 + which % 3), seat=seat)
            case _:
                copy.happens(PositionMoved(question=f"a.{word}"))
    return copy


@st.composite
def copies(draw: st.DrawFn, number: int = 2, *, alike: bool = True) -> list[list[Record]]:
    """Return the logs of copies of one session that were continued apart.

    People who do not think alike never find the same new words.
    """
    base = act(Copy("Zoe"), draw(ACTS))
    return [
        act(base.copied(actor), draw(ACTS), alone="" if alike else actor).log
        for actor in ("Anna", "Ben", "Cem")[:number]
    ]
