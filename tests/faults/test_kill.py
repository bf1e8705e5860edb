"""kill -9 at random moments while answers are typed: every answer shown as saved is in the file."""

import random
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from faults.check_file import SavedSession, read_back
from faults.conftest import ReportResult
from faults.counts import WORKERS, chance, count, real_time
from faults.fresh import fresh_session
from faults.line_program import WORKSHOP, LineProgram
from terminal import Terminal

KILLS = count("KILLS", 300)
"""The number of kills: half of them in line mode, half on the screen."""
KILLS_PER_SESSION = 10
HALF_A_SECOND = real_time(0.5)
SIZES = [(80, 24), (120, 40), (80, 50)]

_SAVED = re.compile(r"saved (\d+)")
_CHANGED = re.compile(r"Answer (\d+) changed\.")
_MARKED_SAVED = re.compile(r"(\d+)  (\S+) +✓")


@dataclass
class KilledSession:
    """A session that is killed and resumed repeatedly, and what must be in its file."""

    path: Path
    choice: random.Random
    saved: SavedSession
    """The content of the file after the last kill."""
    acknowledged: dict[int, str] = field(default_factory=dict)
    """The texts of all answers that were shown as saved, by number."""
    kills: int = 0
    early_kills: int = 0
    """The kills before anything was acknowledged in that run."""
    kills_while_typing: int = 0
    """The kills at which there was half-typed text that was half a second old."""
    unacknowledged: int = 0
    """The answers that were in the file before they were shown as saved."""

    def check_file(self, sent: list[str], shown: dict[int, str]) -> None:
        """Check the file after a kill.

        `sent` are the texts of the new answers in order, `shown` those that were shown as saved.
        """
        before = self.saved
        self.saved = read_back(self.path)
        self.kills += 1
        self.early_kills += not shown
        assert self.saved.events[: len(before.events)] == before.events
        texts = self.saved.texts
        new = [text for number, text in texts.items() if number not in before.texts]
        # Answers are committed in order, so the file has the first of those that were sent, each
        # of them complete and once.
        assert new == sent[: len(new)]
        assert len(new) >= len(shown)
        self.acknowledged |= shown
        lost = {n: t for n, t in self.acknowledged.items() if texts.get(n) != t}
        assert not lost, lost
        self.unacknowledged += len(new) - len(shown)
        # The draft of an answer is deleted when the answer is committed.
        assert not {d.text for d in self.saved.drafts} & set(texts.values())


# ── line mode ────────────────────────────────────────────────────────────────────────────────


def kill_line_mode(session: KilledSession, cwd: Path) -> None:
    """Send lines to the program, kill it at a random moment, and check the file."""
    choice, run = session.choice, session.kills
    sent: list[str] = []
    edits: dict[int, list[str]] = {}
    lines: list[str] = []
    for n in range(120):
        words = f"run{run}answer{n}" + "-" * choice.choice([0, 0, 40, 400, 6_000])
        if session.saved.texts and choice.random() < 0.1:
            number = choice.choice(sorted(session.saved.texts))
            edits.setdefault(number, []).append(words)
            lines.append(f"/edit {number} {words}")
        elif choice.random() < 0.02:
            lines.append("")
        else:
            sent.append(words)
            lines.append(words)
    early = choice.random() < 0.2
    with LineProgram(session.path, cwd) as program:
        program.send(*lines)
        if early:
            deadline = time.monotonic() + choice.uniform(0, 0.6)
        else:
            saved_lines = choice.randrange(1, 25)
            while sum(line.startswith("saved ") for line in program.lines) < saved_lines:
                assert program.read(30), "\n".join(program.lines)
            deadline = time.monotonic() + choice.uniform(0, 0.02)
        while (remaining := deadline - time.monotonic()) > 0:
            program.read(remaining)
        program.kill()
        saved = [int(m[1]) for line in program.lines if (m := _SAVED.fullmatch(line))]
        changed = [int(m[1]) for line in program.lines if (m := _CHANGED.fullmatch(line))]
    # An answer has the text of its last acknowledged change, or of a later one.
    allowed = {n: [session.acknowledged[n]] for n in edits if n in session.acknowledged}
    for number, changes in edits.items():
        acknowledged = changed.count(number)
        last = [changes[acknowledged - 1]] if acknowledged else [session.saved.texts[number]]
        allowed[number] = last + changes[acknowledged:]
    current_texts = read_back(session.path).texts
    for number, texts in allowed.items():
        assert current_texts[number] in texts
        session.acknowledged[number] = current_texts[number]
    session.check_file(sent, dict(zip(saved, sent, strict=False)))


# ── the screen ───────────────────────────────────────────────────────────────────────────────


class WatchedScreen:
    """The program on a screen, and all answers that it has marked as saved."""

    def __init__(self, terminal: Terminal, old_numbers: set[int]) -> None:
        """Watch `terminal` for answers whose numbers are not in `old_numbers`."""
        self.terminal = terminal
        self._old_numbers = old_numbers
        self.marked_saved: dict[int, str] = {}

    def watch(self, seconds: float) -> None:
        """Watch the screen for that time, at every change of it."""
        deadline = time.monotonic() + seconds
        while (remaining := deadline - time.monotonic()) > 0:
            if self.terminal.read(remaining):
                while self.terminal.read(0):
                    pass
                self.record()

    def record(self) -> None:
        """Record the answers that are marked as saved on the screen."""
        for number, words in _MARKED_SAVED.findall(self.terminal.text):
            if int(number) not in self._old_numbers:
                self.marked_saved[int(number)] = words

    def wait_for_saved(self, count: int, seconds: float = 60) -> None:
        """Watch until `count` new answers are marked as saved. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while len(self.marked_saved) < count:
            self.watch(0.005)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.marked_saved}\n{self.terminal.text}")

    def wait_for(self, words: str, seconds: float = 60) -> None:
        """Watch until the screen contains `words`. Raises TimeoutError with the screen."""
        deadline = time.monotonic() + seconds
        while words not in self.terminal.text:
            self.watch(0.02)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{words!r} never came:\n{self.terminal.text}")

    def kill(self) -> None:
        """End the program with kill -9, and record what it had shown."""
        self.terminal.kill()
        while self.terminal.read(0):
            pass
        self.record()


def kill_screen(session: KilledSession, cwd: Path) -> None:
    """Type into the program, kill it at a random moment, and check the file."""
    choice, run = session.choice, session.kills
    before = session.saved
    sent: list[str] = []
    typed: list[tuple[float, str]] = []
    command = [WORKSHOP, "resume", str(session.path)]
    columns, rows = choice.choice(SIZES)
    with Terminal(command, columns, rows, cwd=cwd) as terminal:
        screen = WatchedScreen(terminal, set(before.texts))
        if choice.random() < 0.1:
            screen.watch(choice.uniform(0, 1))
        else:
            screen.wait_for("Type an answer" if not before.current_draft else before.current_draft)
            if before.current_draft:
                screen.wait_for("Below is what you were typing when you left.")
                terminal.type("\r")
                sent.append(before.current_draft)
            leaves_draft = choice.random() < 0.4
            for words in _answers(choice, run):
                sent.append(words)
                terminal.type(f"{words}\r" + ("\r" if choice.random() < 0.05 else ""))
                screen.watch(choice.choice([0, 0, 0.01, 0.05]))
            screen.wait_for_saved(choice.randrange(len(sent)))
            if leaves_draft:
                typed = _type_draft(screen, choice, f"run{run}half-")
            else:
                screen.watch(choice.uniform(0, 0.05))
        kill_time = time.monotonic()
        screen.kill()
    session.check_file(sent, screen.marked_saved)
    old_texts = [words for moment, words in typed if moment <= kill_time - HALF_A_SECOND]
    if old_texts:
        session.kills_while_typing += 1
        drafts = [d.text for d in session.saved.drafts]
        assert any(d.startswith(old_texts[-1]) and typed[-1][1].startswith(d) for d in drafts), (
            f"{old_texts[-1]!r} was typed half a second before the kill; the drafts are {drafts}"
        )


def _answers(choice: random.Random, run: int) -> Iterator[str]:
    for n in range(choice.randrange(1, 16)):
        yield f"run{run}answer{n}" + "-" * choice.choice([0, 0, 10, 30])


def _type_draft(
    screen: WatchedScreen, choice: random.Random, words: str
) -> list[tuple[float, str]]:
    """Type a text key by key without sending it; return the texts on the screen and their times."""
    texts: list[tuple[float, str]] = []
    words += "".join(choice.choices("abcdefgh", k=choice.randrange(1, 25)))
    pause = choice.uniform(0, 1.2)
    for end in range(1, len(words) + 1):
        screen.terminal.type(words[end - 1])
        if end >= 5:  # long enough to be found nowhere else on the screen
            screen.wait_for(words[:end])
            texts.append((time.monotonic(), words[:end]))
        screen.watch(choice.choice([0.02, 0.05, 0.1, 0.25]))
    screen.watch(pause)
    return texts


# ── both ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kill", [kill_line_mode, kill_screen])
def test_every_answer_shown_as_saved_survives_kill_9_at_any_moment(
    kill: Callable[[KilledSession, Path], None], tmp_path: Path, report_result: ReportResult
) -> None:
    total = max(KILLS // 2, 1)
    counts = [min(KILLS_PER_SESSION, total - n) for n in range(0, total, KILLS_PER_SESSION)]

    def kill_repeatedly(number: int) -> KilledSession:
        path = fresh_session(tmp_path / f"sessions{number}")
        session = KilledSession(path, chance(kill.__name__, number), read_back(path))
        for _ in range(counts[number]):
            kill(session, tmp_path)
        return session

    with ThreadPoolExecutor(WORKERS) as threads:
        sessions = list(threads.map(kill_repeatedly, range(len(counts))))
    kills = sum(s.kills for s in sessions)
    report_result(
        f"{kills} kills of {len(sessions)} sessions, "
        f"{sum(s.early_kills for s in sessions)} of them before anything was shown as saved, "
        f"{sum(s.kills_while_typing for s in sessions)} with text half-typed half a second before; "
        f"{sum(len(s.acknowledged) for s in sessions)} answers shown as saved, 0 lost; "
        f"{sum(s.unacknowledged for s in sessions)} saved but not shown as saved yet"
    )
    assert kills == total
