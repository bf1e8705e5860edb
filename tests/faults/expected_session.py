"""The expected content of a session, in plain dictionaries, and the copy of the file it is for."""

import copy
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from faults import merge_checks
from faults.merge_checks import AnswersById

from workshop.client import Client
from workshop.live_session import LiveSession

SPEAKERS = ["Facilitator", "Ben", "Zoë"]


@dataclass
class ExpectedSession:
    """The answers and the skipped questions that a session must have."""

    answers: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    """Question, text and participant by number."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Reason by the question's address."""


@dataclass
class SessionCopy:
    """One copy of the session's file, its live session, and what must be in it."""

    path: Path
    client: Client
    expected: ExpectedSession = field(default_factory=ExpectedSession)
    last_number: int = 0
    """The number of the answer that was added last."""
    undo_stack: list[ExpectedSession] = field(default_factory=list)
    """The expected session before each change since the last merge."""
    redo_stack: list[ExpectedSession] = field(default_factory=list)
    position: int = 0
    """The index of the current question in the walk."""
    speaker: str = SPEAKERS[0]
    drafts: dict[tuple[str, str], str] = field(default_factory=dict)
    """Text by participant and question."""
    merged: bool = False
    changes: merge_checks.Changes = field(default_factory=merge_checks.Changes)
    """What was changed in it since the two copies parted."""

    @property
    def live_session(self) -> LiveSession:
        return self.client.live_session

    def by_id(self) -> AnswersById:
        """Return the expected answers by their ids, which are the same in every copy."""
        state = self.live_session.state
        ids = {a.number: a.id for a in state.answers.values()}
        return {ids[number]: answer for number, answer in self.expected.answers.items()}

    def copy_to(self, path: Path) -> "SessionCopy":
        """Copy the file to `path`, as people do, and open the copy."""
        shutil.copyfile(self.path, path)
        twin = SessionCopy(path, Client(LiveSession.open(path), self.speaker))
        for name in (
            "expected", "last_number", "undo_stack", "redo_stack", "position", "speaker", "drafts",
            "merged",
        ):  # fmt: skip
            setattr(twin, name, copy.deepcopy(getattr(self, name)))
        return twin
