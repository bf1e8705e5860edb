"""A shell that checks every command line, and a session full of hostile words."""

import functools
import io
import itertools
import json
import os
import pwd
import re
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from damage_support import OWN_BANK
from hostile import LONGEST_SHORT, harmful
from ruamel.yaml import YAML
from store_support import Writer

from workshop.__main__ import main
from workshop.banks import registry
from workshop.banks.yaml_loader import parse_bank
from workshop.live_session import make_events
from workshop.session.events import (
    ActionAdded,
    AnswerAdded,
    AnswerEdited,
    AnyBody,
    ParticipantJoined,
    PointParked,
    QuestionSkipped,
    TitleSet,
    VoteCast,
)
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.sqlite.create import create_session
from workshop.text import clean, clean_line

_LONGEST_ERROR = 700
_CURSOR = re.compile(r"\x1b\[\?25[lh]")
_IN_ONE_BANK = 12
"""How many texts stand in one bank."""
_SANE = {0, 1, 2, 3, 4, 5, 6, 7}


@dataclass(frozen=True)
class Outcome:
    """What came of a command line."""

    words: tuple[str, ...]
    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode()


def live_in(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Make `folder` the current one and everybody's home: nothing is written anywhere else."""
    patch.chdir(folder)
    patch.setenv("HOME", str(folder))
    known = pwd.getpwnam

    def at_home(name: str) -> pwd.struct_passwd:
        found = list(known(name))
        found[5] = str(folder)
        return pwd.struct_passwd(found)

    patch.setattr(pwd, "getpwnam", at_home)


class _Stream(io.TextIOWrapper):
    def __init__(self, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


class Shell:
    """Runs command lines in the test's own process, and holds each to what holds for all."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._patch = monkeypatch
        self.runs = 0
        live_in(folder, monkeypatch)
        monkeypatch.setenv("WORKSHOP_SESSIONS", str(folder / "sessions"))
        monkeypatch.setattr(registry, "shipped_banks", functools.cache(registry.shipped_banks))

    def __call__(self, *words: str, stdin: str = "", terminal: bool = False) -> Outcome:
        self.runs += 1
        out, err = _Stream(terminal=terminal), _Stream(terminal=terminal)
        typed = io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8", "surrogatepass")), "utf-8")
        for name, stream in (("stdin", typed), ("stdout", out), ("stderr", err)):
            self._patch.setattr(sys, name, stream)
        arguments = tuple(map(as_argument, words))
        self._patch.setattr(sys, "argv", ["workshop", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        out.flush()
        err.flush()
        code = int(left.value.code or 0)
        told = err.buffer.getvalue().decode()  # type: ignore[attr-defined]
        printed = out.buffer.getvalue()  # type: ignore[attr-defined]
        done = Outcome(arguments, code, printed, told)
        assert "Traceback" not in told, done
        assert "did not expect" not in told, done
        assert code in _SANE, done
        # A progress bar hides the cursor and shows it again: nobody typed that.
        said = _CURSOR.sub("", told)
        assert harmful(said) == [], done
        assert code == 0 or told or "verify" in words, done
        if code:
            # What was not recorded is said, in full: it may be nowhere else.
            longest = max(map(len, (str(self.folder), *words, *stdin.splitlines())))
            assert len(told) < _LONGEST_ERROR + 3 * longest, done
            # What is wrong with a session, and what was left out of it, takes more than a line.
            several = "could be" in told or code == 7 or bool({"verify", "resume"} & set(words))
            assert several or len(told.splitlines()) == 1, done
        if terminal or not _is_path(printed):
            assert harmful(done.out) == [], done
        return done


def _is_path(printed: bytes) -> bool:
    """Return whether a path was printed: for a program byte for byte, whatever is in it."""
    return printed.endswith(b"\n") and os.path.exists(printed.removesuffix(b"\n"))  # noqa: PTH110


def as_argument(text: str) -> str:
    """Return `text` as a shell could hand it over: any bytes but NUL."""
    return os.fsdecode(text.replace("\0", "").encode("utf-8", "surrogateescape" if _is_escaped(text)
                                                     else "surrogatepass"))  # fmt: skip


def _is_escaped(text: str) -> bool:
    found = [c for c in text if "\ud800" <= c <= "\udfff"]
    return all("\udc80" <= c <= "\udcff" for c in found)


# ── a session in which everything is hostile ─────────────────────────────────────────────────


@dataclass
class World:
    """A shell, hostile texts, and a session and a bank that are full of them."""

    shell: Shell
    texts: Sequence[str]
    """What stands in the session and in the bank."""
    tried: Sequence[str] = ()
    """What is given to the commands; all of `texts`, if nothing is said."""
    path: Path = field(init=False)
    bank: Path = field(init=False)

    def __post_init__(self) -> None:
        folder = self.shell.folder
        self.tried = self.tried or self.texts
        self.bank = folder / "hostile.yaml"
        self.bank.write_text(hostile_bank(self.texts), encoding="utf-8")
        self.path = hostile_session(folder / "sessions", self.texts)

    @property
    def is_quick(self) -> bool:
        """Whether this is the small share of every day."""
        return len(self.tried) < len(self.texts)

    @property
    def words(self) -> list[str]:
        """The texts as they are kept: cleaned, and those that say nothing left out."""
        return [cleaned for text in self.texts if (cleaned := clean(text))]

    @property
    def names(self) -> list[str]:
        """The texts that are names of files, as far as the system lets them be."""
        return [name for text in self.tried if (name := as_name(text))]


def dozens(world: World) -> Iterator[World]:
    """Yield a world for every dozen texts: each of them in the bank, too, not just the first."""
    for n in range(0, len(world.texts), _IN_ONE_BANK):
        # Of a dozen there may be none of which enough is left to stand in a bank.
        yield World(world.shell, (*world.texts[n : n + _IN_ONE_BANK], "an end"))


def as_name(text: str) -> str:
    """Return `text` as the name of a file, or nothing where the system has no such names."""
    name = as_argument(text.replace("/", "∕"))
    fits = 0 < len(os.fsencode(name)) < 200 and name not in (".", "..", "-")
    return name if fits else ""


def for_banks(texts: Sequence[str]) -> list[str]:
    """Return those of `texts` that may stand in a bank: as one line, neither empty nor too long."""
    return sorted({clean_line(text) for text in texts if 0 < len(clean_line(text)) < 900})


def hostile_bank(texts: Sequence[str]) -> str:
    """Return a bank, as JSON and so as YAML, whose words are hostile: the first twelve that fit."""
    tree = YAML(typ="safe", pure=True).load(OWN_BANK)
    line = itertools.cycle(for_banks(texts))
    raw = {clean_line(text): text for text in texts}
    tree["title"] = raw[next(line)]
    tree["subtitle"] = raw[next(line)]
    for block in tree["blocks"]:
        for key in ("title", "purpose"):
            block[key] = raw[next(line)]
        for question in block["questions"]:
            for key in ("ask", "help", "example"):
                question[key] = raw[next(line)]
    return json.dumps(tree)


def hostile_session(directory: Path, texts: Sequence[str], **other: object) -> Path:
    """Return a new session in which all that people say is hostile."""
    bank = parse_bank(hostile_bank(texts), "hostile.yaml")
    said = [text for text in texts if clean(text)]
    title = clean_line(" ".join(said))[:150].strip()
    values: dict[str, object] = {"id": uuid.uuid4().hex, "title": title, "mode": "group", **other}
    session = Session.model_validate(
        {**values, "bank": bank, "created": datetime(2027, 3, 1, 9, tzinfo=UTC)}
    )
    path = create_session(
        directory,
        session,
        make_events(_bodies(session, said), clean_line(said[0]), session.created),
    )
    with Writer.open(path) as file:
        file.events()
        first = next(iter(file.events()))
        edits: list[AnyBody] = [AnswerEdited(answer=e.id, text=f"{said[0]} again")
                                for e in file.events()[-3:] if isinstance(e.body,
                                AnswerAdded)]  # fmt: skip
        votes: list[AnyBody] = [VoteCast(answer=first.id, dots=3)]
        file.add(make_events([*edits, *votes], clean_line(said[-1]), session.created))
        file.save_draft(Draft(clean_line(said[0]), session.addresses[0], clean(said[0]), at="2027"))
    return path


def _bodies(session: Session, said: Sequence[str]) -> list[AnyBody]:
    one, other = session.addresses[:2]
    bodies: list[AnyBody] = [
        TitleSet(title=session.title),
        QuestionSkipped(question=other, reason=said[0]),
    ]
    for n, text in enumerate(said):
        name = clean_line(said[(n * 7) % len(said)])[:LONGEST_SHORT] or "Anna"
        bodies.append(ParticipantJoined(name=name))
        bodies.append(AnswerAdded(question=one, text=text, participant=name))
        bodies.append(PointParked(text=text, question=other, participant=name))
        bodies.append(ActionAdded(text=text, owner=name, due=text[:200], participant=name))
    # To a question that the bank has not, as after an upgrade.
    bodies += [
        AnswerAdded(question=clean_line(text)[:90], text=text, participant="Anna")
        for text in said[:3]
    ]
    return bodies
