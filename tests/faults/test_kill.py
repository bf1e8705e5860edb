"""kill -9 at random moments while answers stream in: what was shown as saved is in the file."""

import random
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from faults.conftest import Tell
from faults.counts import WORKERS, chance, count, real_time
from faults.fresh import fresh_session
from faults.kept import Kept, read_back
from faults.line_program import WORKSHOP, LineProgram
from terminal import Terminal

KILLS = count("KILLS", 300)
"""How many in all: half of them in plain mode, half on the screen."""
KILLS_A_FILE = 10
"""How often each session is killed and resumed."""
HALF_A_SECOND = real_time(0.5)
SIZES = [(80, 24), (120, 40), (80, 50)]

_SAVED = re.compile(r"saved (\d+)")
_CHANGED = re.compile(r"Answer (\d+) changed\.")
_TICKED = re.compile(r"(\d+)  (\S+) +✓")


@dataclass
class Life:
    """One session, killed and resumed time and again, and what must be in its file."""

    path: Path
    choice: random.Random
    kept: Kept
    acknowledged: dict[int, str] = field(default_factory=dict)
    """The words of every answer that was shown as saved, by its number."""
    kills: int = 0
    at_start: int = 0
    """How many kills came before anything was acknowledged in that run."""
    half_typed: int = 0
    """How many kills found half-typed text that was half a second old."""
    unseen: int = 0
    """Answers that were in the file though nobody had been told yet."""

    def survives(self, sent: list[str], seen: dict[int, str]) -> None:
        """Read the file after a kill; `sent` are the new answers in order, `seen` those shown."""
        before = self.kept
        self.kept = read_back(self.path)
        self.kills += 1
        self.at_start += not seen
        assert self.kept.events[: len(before.events)] == before.events
        texts = self.kept.texts
        new = [text for number, text in texts.items() if number not in before.texts]
        # Answers are taken one after the other, so what is there is the beginning of what was
        # sent: nothing between is missing, nothing is there twice, nothing is half there.
        assert new == sent[: len(new)]
        assert len(new) >= len(seen)
        self.acknowledged |= seen
        lost = {n: t for n, t in self.acknowledged.items() if texts.get(n) != t}
        assert not lost, lost
        self.unseen += len(new) - len(seen)
        # Half-typed text never stays behind beside the answer that it became.
        assert not {d.text for d in self.kept.drafts} & set(texts.values())


# ── plain mode ───────────────────────────────────────────────────────────────────────────────


def kill_plain(life: Life, cwd: Path) -> None:
    """Feed lines to the program, kill it at some moment, and hold its file to what it said."""
    choice, run = life.choice, life.kills
    sent: list[str] = []
    edits: dict[int, list[str]] = {}
    lines: list[str] = []
    for n in range(120):
        words = f"run{run}answer{n}" + "-" * choice.choice([0, 0, 40, 400, 6_000])
        if life.kept.texts and choice.random() < 0.1:
            number = choice.choice(sorted(life.kept.texts))
            edits.setdefault(number, []).append(words)
            lines.append(f"/edit {number} {words}")
        elif choice.random() < 0.02:
            lines.append("")
        else:
            sent.append(words)
            lines.append(words)
    early = choice.random() < 0.2
    with LineProgram(life.path, cwd) as program:
        program.say(*lines)
        if early:
            end = time.monotonic() + choice.uniform(0, 0.6)
        else:
            wanted = choice.randrange(1, 25)
            while sum(line.startswith("saved ") for line in program.input_queue) < wanted:
                assert program.listen(30), "\n".join(program.input_queue)
            end = time.monotonic() + choice.uniform(0, 0.02)
        while (left := end - time.monotonic()) > 0:
            program.listen(left)
        program.kill()
        saved = [int(m[1]) for line in program.input_queue if (m := _SAVED.fullmatch(line))]
        changed = [int(m[1]) for line in program.input_queue if (m := _CHANGED.fullmatch(line))]
    # What an answer says once it was changed: the last change acknowledged, or one after it.
    allowed = {n: [life.acknowledged[n]] for n in edits if n in life.acknowledged}
    for number, changes in edits.items():
        told = changed.count(number)
        last = [changes[told - 1]] if told else [life.kept.texts[number]]
        allowed[number] = last + changes[told:]
    now = read_back(life.path).texts
    for number, texts in allowed.items():
        assert now[number] in texts
        life.acknowledged[number] = now[number]
    life.survives(sent, dict(zip(saved, sent, strict=False)))


# ── the screen ───────────────────────────────────────────────────────────────────────────────


class Watched:
    """The program on a screen, and everything that was ever seen on it with a tick."""

    def __init__(self, terminal: Terminal, old: set[int]) -> None:
        """Watch `terminal` for answers with other numbers than `old`."""
        self.terminal = terminal
        self._old = old
        self.ticked: dict[int, str] = {}

    def watch(self, seconds: float) -> None:
        """Look at the screen for so long, at every change of it."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.terminal.read(left):
                while self.terminal.read(0):
                    pass
                self.look()

    def look(self) -> None:
        """Take in the answers that stand on the screen with a tick."""
        for number, words in _TICKED.findall(self.terminal.text):
            if int(number) not in self._old:
                self.ticked[int(number)] = words

    def wait_for_ticks(self, wanted: int, seconds: float = 60) -> None:
        """Watch until that many new answers had a tick. Raises TimeoutError with the screen."""
        end = time.monotonic() + seconds
        while len(self.ticked) < wanted:
            self.watch(0.005)
            if time.monotonic() > end:
                raise TimeoutError(f"{self.ticked}\n{self.terminal.text}")

    def wait_for(self, words: str, seconds: float = 60) -> None:
        """Watch until `words` stand on the screen. Raises TimeoutError with the screen."""
        end = time.monotonic() + seconds
        while words not in self.terminal.text:
            self.watch(0.02)
            if time.monotonic() > end:
                raise TimeoutError(f"{words!r} never came:\n{self.terminal.text}")

    def kill(self) -> None:
        """End it with kill -9, and take in what it had shown until then."""
        self.terminal.kill()
        while self.terminal.read(0):
            pass
        self.look()


def kill_screen(life: Life, cwd: Path) -> None:
    """Type into the program, kill it at some moment, and hold its file to what it showed."""
    choice, run = life.choice, life.kills
    before = life.kept
    sent: list[str] = []
    typed: list[tuple[float, str]] = []
    command = [WORKSHOP, "resume", str(life.path)]
    columns, rows = choice.choice(SIZES)
    with Terminal(command, columns, rows, cwd=cwd) as terminal:
        screen = Watched(terminal, set(before.texts))
        if choice.random() < 0.1:
            screen.watch(choice.uniform(0, 1))
        else:
            screen.wait_for("Type an answer" if not before.waiting else before.waiting)
            if before.waiting:
                screen.wait_for("Below is what you were typing when you left.")
                terminal.type("\r")
                sent.append(before.waiting)
            half_typed = choice.random() < 0.4
            for words in _answers(choice, run):
                sent.append(words)
                terminal.type(f"{words}\r" + ("\r" if choice.random() < 0.05 else ""))
                screen.watch(choice.choice([0, 0, 0.01, 0.05]))
            screen.wait_for_ticks(choice.randrange(len(sent)))
            if half_typed:
                typed = _type_half(screen, choice, f"run{run}half-")
            else:
                screen.watch(choice.uniform(0, 0.05))
        killed = time.monotonic()
        screen.kill()
    life.survives(sent, screen.ticked)
    old = [words for moment, words in typed if moment <= killed - HALF_A_SECOND]
    if old:
        life.half_typed += 1
        drafts = [d.text for d in life.kept.drafts]
        assert any(d.startswith(old[-1]) and typed[-1][1].startswith(d) for d in drafts), (
            f"{old[-1]!r} was typed half a second before the kill, in the file is {drafts}"
        )


def _answers(choice: random.Random, run: int) -> Iterator[str]:
    for n in range(choice.randrange(1, 16)):
        yield f"run{run}answer{n}" + "-" * choice.choice([0, 0, 10, 30])


def _type_half(screen: Watched, choice: random.Random, words: str) -> list[tuple[float, str]]:
    """Type something key by key and leave off; return what stood there, and from when on."""
    seen: list[tuple[float, str]] = []
    words += "".join(choice.choices("abcdefgh", k=choice.randrange(1, 25)))
    rest = choice.uniform(0, 1.2)
    for end in range(1, len(words) + 1):
        screen.terminal.type(words[end - 1])
        if end >= 5:  # so much of it that nothing else on the screen reads like it
            screen.wait_for(words[:end])
            seen.append((time.monotonic(), words[:end]))
        screen.watch(choice.choice([0.02, 0.05, 0.1, 0.25]))
    screen.watch(rest)
    return seen


# ── both ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kill", [kill_plain, kill_screen])
def test_what_was_shown_as_saved_survives_kill_9_at_any_moment(
    kill: Callable[[Life, Path], None], tmp_path: Path, tell: Tell
) -> None:
    wanted = max(KILLS // 2, 1)
    numbers = [min(KILLS_A_FILE, wanted - n) for n in range(0, wanted, KILLS_A_FILE)]

    def live(file: int) -> Life:
        path = fresh_session(tmp_path / f"sessions{file}")
        life = Life(path, chance(kill.__name__, file), read_back(path))
        for _ in range(numbers[file]):
            kill(life, tmp_path)
        return life

    with ThreadPoolExecutor(WORKERS) as threads:
        lives = list(threads.map(live, range(len(numbers))))
    kills = sum(life.kills for life in lives)
    tell(
        f"{kills} kills of {len(lives)} sessions, {sum(life.at_start for life in lives)} of them "
        f"before anything was shown as saved, "
        f"{sum(life.half_typed for life in lives)} with text half-typed half a second before; "
        f"{sum(len(life.acknowledged) for life in lives)} answers shown as saved, 0 lost; "
        f"{sum(life.unseen for life in lives)} saved before it could be shown"
    )
    assert kills == wanted
