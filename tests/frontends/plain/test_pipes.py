"""Replies from a pipe: those that are there together are saved together, and told one by one."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from cli_support import IT

from workshop.banks.registry import find_bank
from workshop.errors import CannotWriteError
from workshop.frontends.cli.sessions import make_session
from workshop.frontends.plain import line_mode
from workshop.frontends.plain.line_input import ReplyReader
from workshop.session.event_log import EventLog
from workshop.session.record import Record
from workshop.storage.event_store import Tail
from workshop.storage.sqlite.event_store import SqliteEventStore


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_session(tmp_path, find_bank(IT), title="Acme", participants=["Anna"])


@pytest.fixture
def pipe() -> Iterator[tuple[io.TextIOWrapper, Callable[[bytes], int]]]:
    """Yield the reading end of a pipe, and what writes into it."""
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8", errors="replace") as stream:
        yield stream, lambda content: os.write(writing, content)
    os.close(writing)


class Appends:
    """The number of records of each append, which may fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sizes: list[int] = []
        self.fail = False
        real = SqliteEventStore.append

        def append(
            store: SqliteEventStore, records: Sequence[Record], *rest: Any, **options: Any
        ) -> Tail:
            if self.fail and store.path.suffix == ".db":  # no copy in the making
                raise CannotWriteError("Not saved: the disk is full (x.db).")
            self.sizes.append(len(records))
            return real(store, records, *rest, **options)

        monkeypatch.setattr(SqliteEventStore, "append", append)


def talk(path: Path, content: bytes) -> tuple[int, list[str], str]:
    """Run line mode on what a pipe holds; return the exit code, its lines and its stderr."""
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(content)), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    code = line_mode.run(path, stdin=stdin, stdout=out, stderr=err)
    return code, out.getvalue().splitlines(), err.getvalue()


def answers(path: Path) -> list[tuple[str, str]]:
    with SqliteEventStore.open(path) as store:
        state = EventLog(store.events()).state
    return [(a.question, a.text) for a in state.answers.values()]


SCRIPT = (
    b"one\ntwo\n\nthree\n/undo\nfour\n/as Ben\nfive\nskip\n\n/edit 1 uno\n/canvas\nsix\n"
    b"I don't know\n/delete 2\n/undo\nlong line \\\nwith a second\n/park a point\n\n@Ben seven\n"
)


def test_a_pipe_is_told_and_keeps_the_same_as_replies_that_come_one_by_one(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = tmp_path / "alone.db"
    alone.write_bytes(path.read_bytes())
    appends = Appends(monkeypatch)
    code, lines, err = talk(path, SCRIPT)
    together = len(appends.sizes)
    out = io.StringIO()
    text = io.StringIO(SCRIPT.decode())
    assert line_mode.run(alone, stdin=text, stdout=out, stderr=io.StringIO()) == code
    assert lines == out.getvalue().splitlines()
    assert answers(path) == answers(alone)
    assert "Not saved" not in err
    assert together <= 4 < len(appends.sizes) - together


def test_hundreds_of_answers_of_a_pipe_are_a_few_commits(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    appends = Appends(monkeypatch)
    _, lines, _ = talk(path, b"".join(b"answer %d\n" % n for n in range(450)))
    assert [line for line in lines if line.startswith("saved")] == [
        f"saved {n}" for n in range(1, 451)
    ]
    assert len(appends.sizes) <= 7


def test_a_program_that_waits_for_each_answer_to_be_saved_is_not_kept_waiting(path: Path) -> None:
    command = [sys.executable, "-m", "workshop", "resume", str(path), "--plain"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:  # type: ignore[call-overload]
        for number in range(1, 4):
            process.stdin.write(f"answer {number}\n")
            process.stdin.flush()
            while (line := process.stdout.readline()) != f"saved {number}\n":
                assert line, "it ended"
        process.stdin.close()
        assert process.wait(60) == 0


def test_what_comes_after_quit_is_left_alone(path: Path) -> None:
    code, lines, err = talk(path, b"one\n/quit\ntwo\nthree\n")
    assert (code, [text for _, text in answers(path)]) == (0, ["one"])
    assert "saved 2" not in lines
    assert "Everything is saved" in err


def test_commands_of_a_pipe_act_where_nothing_can_be_saved(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(path, b"safe\n")
    appends = Appends(monkeypatch)
    appends.fail = True
    copy = tmp_path / "copy.db"
    code, lines, err = talk(path, f"one\ntwo\n/copy {copy}\n/quit\n/quit\nthree\n".encode())
    assert code == 6
    assert not any(line.startswith("saved") for line in lines)
    assert any(line.startswith("A copy is saved, with what is not saved") for line in lines)
    assert "Not saved: 2 replies." in err
    with SqliteEventStore.open(copy) as store:
        assert [draft.text for draft in store.drafts()] == ["one\ntwo"]


def test_a_reader_gives_the_replies_that_are_there_and_waits_for_no_more(
    pipe: tuple[io.TextIOWrapper, Callable[[bytes], int]],
) -> None:
    stream, write = pipe
    reader = ReplyReader(stream, io.StringIO())
    write(b"one\r\ntwo\n\nth")
    assert reader.next_replies() == ["one", "two", ""]
    write("r\u00e9e \\\n".encode()[:2])
    write("r\u00e9e \\\n".encode()[2:] + b"four\nfive\\\n")
    assert reader.next_replies() == ["thr\u00e9e \nfour"]
    write(b"six\n")
    assert reader.next_replies() == ["five\nsix"]


def test_a_reply_that_another_line_continues_holds_up_none_before_it(
    pipe: tuple[io.TextIOWrapper, Callable[[bytes], int]],
) -> None:
    stream, write = pipe
    reader = ReplyReader(stream, io.StringIO())
    write(b"one\ntwo\\\n")
    assert reader.next_replies() == ["one"]
    write(b"more\n")
    assert reader.next_replies() == ["two\nmore"]
