"""What people said in a session, as a plain dictionary has it, and the copy that it is in."""

import copy
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from faults import united
from faults.united import AnswersById

from workshop.live_session import LiveSession

SPEAKERS = ["Facilitator", "Ben", "Zoë"]


@dataclass
class Said:
    """What was said, as a dictionary has it."""

    answers: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    """Question, words and participant by number."""
    skipped: dict[str, str] = field(default_factory=dict)


@dataclass
class Copy:
    """One copy of the session's file, the sitting at it, and what must be in it."""

    path: Path
    live_session: LiveSession
    said: Said = field(default_factory=Said)
    given: int = 0
    before: list[Said] = field(default_factory=list)
    """What was said before each change, as far as that can be told: not past a merge."""
    after: list[Said] = field(default_factory=list)
    at: int = 0
    speaker: str = SPEAKERS[0]
    drafts: dict[tuple[str, str], str] = field(default_factory=dict)
    merged: bool = False
    since: united.Since = field(default_factory=united.Since)
    """What happened to it since the two copies went separate ways."""

    def by_id(self) -> AnswersById:
        """Return the answers by what identifies them in every copy."""
        state = self.live_session.state
        numbered = {a.number: a.id for a in state.answers.values()}
        return {numbered[number]: answer for number, answer in self.said.answers.items()}

    def copied(self, path: Path) -> "Copy":
        """Copy the file, as people do, to `path`, and sit down at the copy."""
        shutil.copyfile(self.path, path)
        twin = Copy(path, LiveSession.open(path, self.speaker))
        for name in ("said", "given", "before", "after", "at", "speaker", "drafts", "merged"):
            setattr(twin, name, copy.deepcopy(getattr(self, name)))
        return twin
