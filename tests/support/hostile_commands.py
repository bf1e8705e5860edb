"""Hostile words through every command: one entry a command, and what must hold of each.

`COMMANDS` has an entry for each command there is, and `IN_SESSION` for each that can be said in a
session: a test holds the two against the program's own lists, so that a new one without an entry
here fails.
"""

import json
import os
import re
import shutil
from collections.abc import Callable
from contextlib import chdir
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from hostile import LONGEST_SHORT, SAMPLE
from hostile_formats import FORMATS
from hostile_world import Outcome, World, as_argument, as_name, dozens, hostile_session
from store_support import Writer

from workshop.facilitation.slash_commands import COMMANDS as SAID
from workshop.frontends.cli import root
from workshop.live_session import make_events
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
)
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.text import clean, clean_line

# ── the commands ─────────────────────────────────────────────────────────────────────────────


def _in_both(world: World, *words: str, stdin: str = "") -> Outcome:
    """Run a command for a program, then for a terminal; return the first outcome."""
    done = world.shell(*words, stdin=stdin)
    world.shell(*words, stdin=stdin, terminal=True)
    return done


def _menu(world: World) -> None:
    for text in world.tried:
        for words in (
            [f"x{text}"], [f"--{text}"], ["--sessions", text, "list"], [f"--sessions={text}",
            "show"],
            ["list", text], ["--sessions", f"no/{text}", "verify", "x"],
        ):  # fmt: skip
            _in_both(world, *words)
    for name in world.names:
        folder = world.shell.folder / "folders" / name
        folder.mkdir(parents=True)
        shutil.copyfile(world.path, folder / "some.db")
        (folder / "torn.db").write_bytes(world.path.read_bytes()[:5_000])
        for words in (["list"], ["list", "--json"], ["show", "torn"], ["verify", "some", "torn"],
                      ["show", "nothing of that name"]):  # fmt: skip
            _in_both(world, "--sessions", str(folder), *words)


def _new(world: World) -> None:
    shell = world.shell
    for text in world.tried:
        title, name = f"T{text}"[:150], f"P{text}"[:LONGEST_SHORT]
        done = shell("new", str(world.bank), "--no-open", "--title", title, "--participant", name)
        made = Path(os.fsdecode(done.raw.rstrip(b"\n")))
        assert made.parent == shell.folder / "sessions"
        assert re.fullmatch(r"[0-9a-z-]+\.db", made.name)
        shown = json.loads(shell("show", str(made), "--json").out)
        assert shown["title"] == clean_line(as_argument(title))
        assert shown["participants"] == [clean_line(as_argument(name))]
        made.unlink()
        for words in (["--level", text], ["--name", text], ["--name", f"x={text}"], ["--mode",
        text],
                      ["--title", text * 300], ["--participant", text * 300], [text]):  # fmt: skip
            _in_both(world, "new", str(world.bank), *words, "--no-open")
        _in_both(world, "new", f"x{text}.yaml")
    _clear(world)


def _clear(world: World) -> None:
    for path in world.path.parent.glob("*.db"):
        if path != world.path:
            path.unlink()


IN_SESSION = {
    "next": "/next", "back": "/back", "goto": "/goto {}", "skip": "/skip {}", "edit": "/edit 1 {}",
    "delete": "/delete {}", "vote": "/vote 1 {}", "undo": "/undo {}", "redo": "/redo {}",
    "as": "/as {}", "title": "/title {}", "name": "/name {} = {}",
    "help": "/help {}", "example": "/example", "why": "/why", "park": "/park {}",
    "action": "/action {} @{} by {}", "canvas": "/canvas", "review": "/review", "find": "/find {}",
    "report": "/report {}", "copy": "/copy {}", "quit": "",
}  # fmt: skip
"""What is said in a session: for each command a line with hostile words in it."""

WITHOUT_WORDS = tuple(line for line in IN_SESSION.values() if line and "{}" not in line)
"""The lines in which there are none, but which show what was said."""


def lines_said(text: str) -> list[str]:
    """Return what somebody may say in a session, with `text` in all of it."""
    said = [line.replace("{}", text) for line in IN_SESSION.values() if "{}" in line]
    words = text if not text.startswith("/q") else f"/{text}"
    return [
        *said,
        "/back",
        words,
        "/goto 1",  # one of them may have led past the last question, where nothing is answered
        f"x {text}",
        f"@P {text}",
        f"@{text} x",
        f"/{text[:20]}x",
        "1",
    ]


def _resume(world: World) -> None:
    short = hostile_session(world.shell.folder / "short", SAMPLE[:3])
    for n, text in enumerate(world.tried):
        path = world.path.with_name(f"talk{n}.db")
        shutil.copyfile(world.path, path)
        stdin = "".join(f"{line}\n" for line in lines_said(text))
        done = world.shell("resume", str(path), "--plain", "--as", f"S{text}"[:60], stdin=stdin)
        assert done.code in (0, 6), done  # 6: what was asked about and not answered is not recorded
        world.shell("resume", str(path), "--plain", stdin=stdin, terminal=True)
        everything = json.loads(world.shell("show", str(path), "--json").out)
        answers = [
            a["text"] for b in everything["blocks"] for q in b["questions"] for a in q["answers"]
        ]
        first = clean(f"x {text}".encode("utf-8", "surrogatepass").decode(errors="replace"))
        begins = {answer.split("\n")[0].rstrip("\\") for answer in answers}
        assert first.split("\n")[0].rstrip("\\") in begins, (text[:80], done)
        _say_where(world, short, text)
        path.unlink()
        for words in (["resume", text], ["resume", str(world.path), "--as", text * 99]):
            _in_both(world, *words)


def _say_where(world: World, path: Path, text: str) -> None:
    """Have copies and a report written, in a folder and a home that are called `text`."""
    folder = world.shell.folder / "rooms" / (as_name(text) or "x") / "work"
    folder.mkdir(parents=True)
    lines = f"/report\n/copy ~\n/copy ~/{text}\n/copy ~/no such/{text}\n"
    with chdir(folder), pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        done = world.shell("resume", str(path), "--plain", stdin=lines)
    said, shown = (_letters(words) for words in (done.out, str(folder)))
    assert f"Thereportiswritten:{shown}" in said, done
    assert f"Acopyissaved:{shown}" in said, done
    assert list(folder.glob("*.docx"))
    shutil.rmtree(folder.parent)


def _letters(words: str) -> str:
    """Return what does not depend on how the ends of lines are shown."""
    return re.sub(r"[\s/]+", "", clean(words))


def _rename(world: World) -> None:
    shell, path = world.shell, world.shell.folder / "renamed.db"
    shutil.copyfile(world.path, path)
    for text in world.tried:
        title = f"T{text}"[:150]
        done = shell("rename", str(path), title)
        assert done.code == 0, done
        shown = json.loads(shell("show", str(path), "--json").out)
        assert shown["title"] == clean_line(as_argument(title))
        for words in ([str(path), text * 300], [text, title], [str(path), title]):
            _in_both(world, "rename", *words)
    path.unlink()


def _delete(world: World) -> None:
    shell = world.shell
    for name in world.names:
        path = shell.folder / f"gone {name}.db"
        for words in (["delete"], ["delete", "--forever", "--yes"]):
            shutil.copyfile(world.path, path)
            done = _in_both(world, *words, str(path))
            assert done.code == 0, done
            assert not path.exists()
        _in_both(world, "delete", f"none {name}")
    for text in world.tried:
        _in_both(world, "delete", f"none {text}", "--forever")
    assert world.path.exists()


def _import(world: World) -> None:
    shell = world.shell
    exported = shell("export", str(world.path), "--format", "json", "-o", "-").out
    elsewhere = str(shell.folder / "imported")
    for n, name in enumerate(world.names):
        file = shell.folder / f"{name}.json"
        file.write_text(exported, encoding="utf-8")
        done = shell("--sessions", f"{elsewhere}{n}", "import", str(file))
        assert done.code == 0, done
        made = Path(os.fsdecode(done.raw.rstrip(b"\n")))
        with SqliteEventStore.open(made) as one, SqliteEventStore.open(world.path) as other:
            assert one.load().records == other.load().records
        _in_both(world, "--sessions", f"{elsewhere}{n}", "import", str(file))  # it is there already
        file.write_text(exported.replace('"mode"', json.dumps(name)), encoding="utf-8")
        _in_both(world, "--sessions", elsewhere, "import", str(file))
    for text in world.tried:
        _in_both(world, "import", text or "x")
        assert shell("import", "-", stdin=text).code == 4
        assert shell("import", "-", stdin=json.dumps({"format": text})).code == 4


def _list(world: World) -> None:
    listed = _in_both(world, "list", "--json")
    (entry,) = json.loads(listed.out)
    with SqliteEventStore.open(world.path) as file:
        assert entry["title"] == file.session().title
    _in_both(world, "list")


def _show(world: World) -> None:
    shown = json.loads(_in_both(world, "show", str(world.path), "--json").out)
    said = [a["text"] for b in shown["blocks"] for q in b["questions"] for a in q["answers"]]
    assert [word for word in world.words if word not in said][3:] == []  # three were edited
    assert [point["text"] for point in shown["parked"]] == world.words
    assert [action["text"] for action in shown["actions"]] == world.words
    printed = _in_both(world, "show", str(world.path)).out
    for word in world.words:
        assert word.split("\n")[0] in printed
    for text in world.tried:
        _in_both(world, "show", text)


def _report(world: World) -> None:
    done = _in_both(world, "report", str(world.path), "-o", "report.docx")
    assert done.code == 0, done
    FORMATS["docx"](Path("report.docx").read_bytes(), world)
    for name in world.names:
        written = world.shell("report", str(world.path), "-o", f"{name}.docx")
        assert written.code == 0, written
        assert Path(f"{name}.docx").is_file()
        _in_both(world, "report", str(world.path), "--template", f"{name}.dotx")
    for text in world.tried:
        for words in (["-o", f"{text}/x/"], ["--paper", text], ["--template", text]):
            _in_both(world, "report", "nothing of that name", *words)


def _written(world: World, form: str) -> None:
    done = world.shell("export", str(world.path), "--format", form, "-o", f"x.{form}", "--force")
    assert done.code == 0, done
    FORMATS[form](Path(f"x.{form}").read_bytes(), world)


def _export(world: World) -> None:
    for form in FORMATS:
        if form != "pdf" or not (world.is_quick or not shutil.which("soffice")):
            _written(world, form)
    for dozen in [] if world.is_quick else dozens(world):
        for form in set(FORMATS) - {"pdf"}:  # which is Word's, printed
            _written(dozen, form)
    for text in world.tried:
        for words in (
            ["--format", text],
            ["-o", text or "x"],
            ["--format", "md", "-o", f"{text}.csv"],
        ):
            _in_both(world, "export", "nothing of that name", *words)
    for name in world.names:
        written = world.shell("export", str(world.path), "--format", "csv", "-o", f"{name}.csv")
        assert written.code == 0, written
        assert Path(f"{name}.csv").is_file()


def _torn(path: Path) -> bytes:
    """Return the bytes of a session file in which one event was changed."""
    content = path.read_bytes()
    assert b' again"' in content  # in the event's JSON, and not in the table of answers
    return content.replace(b' again"', b' ag##n"', 1)


def _verify(world: World) -> None:
    for name in world.names:
        sound, torn = (world.shell.folder / f"{kind} {name}.db" for kind in ("sound", "torn"))
        shutil.copyfile(world.path, sound)
        torn.write_bytes(_torn(world.path))
        assert _in_both(world, "verify", str(sound)).code == 0
        assert _in_both(world, "verify", str(torn), str(sound)).code == 4
        done = _in_both(world, "verify", "--json", "--", str(torn), name)
        assert done.code == 4, (name, done)
    for text in world.tried:
        _in_both(world, "verify", text, "--json")


def _rescue(world: World) -> None:
    for name in world.names:
        torn, target = world.shell.folder / f"torn {name}.db", f"new {name}.db"
        torn.write_bytes(_torn(world.path))
        # 7: something was left out.
        assert _in_both(world, "rescue", str(torn), "-o", target).code == 7
        assert world.shell("verify", target).code == 0
        _in_both(world, "rescue", str(torn), "-o", target, "--bank", name)
        _in_both(world, "rescue", name, "-o", f"x {name}")


def _backup(world: World) -> None:
    for name in world.names:
        assert (
            _in_both(world, "backup", str(world.path), "-o", f"copy {name}.db", "--force").code == 0
        )
        assert Path(f"copy {name}.db").read_bytes()[:16] == b"SQLite format 3\0"
        _in_both(world, "backup", str(world.path), "-o", f"copy {name}.db")
        _in_both(world, "backup", str(world.path), "-o", f"no {name}/x")
        _in_both(world, "backup", name, "-o", "x")


def _merge(world: World) -> None:
    for n, text in enumerate(world.tried):
        one, other = (world.shell.folder / f"{which}{n}.db" for which in ("one", "other"))
        for path, actor in ((one, "Anna"), (other, text)):
            shutil.copyfile(world.path, path)
            with Writer.open(path) as file:
                first = next(e.id for e in file.events() if isinstance(e.body, AnswerAdded))
                edit = AnswerEdited(answer=first, text=f"{actor} x {text}")
                file.add(make_events([edit], clean_line(actor), datetime.now(UTC)))
        done = _in_both(world, "merge", str(one), str(other), "-o", f"union{n}.db")
        assert done.code == 0, done
        assert "was changed in both copies" in done.err or clean(text) == "Anna"
    for name in world.names:
        _in_both(world, "merge", str(world.path), str(world.path), "-o", f"same {name}.db")
        _in_both(world, "merge", name, str(world.path), "-o", "x")


def _banks(world: World) -> None:
    _in_both(world, "banks")
    _in_both(world, "banks", "--json")
    for text in world.tried:
        _in_both(world, "banks", text)


def _banks_show(world: World) -> None:
    for dozen in [world] if world.is_quick else dozens(world):
        shown = json.loads(_in_both(world, "banks", "show", str(dozen.bank), "--json").out)
        assert {clean_line(q["ask"]) for b in shown["blocks"] for q in b["questions"]} <= {
            clean_line(text) for text in dozen.texts
        }
        assert _in_both(world, "banks", "show", str(dozen.bank)).code == 0
    for text in world.tried:
        _in_both(world, "banks", "show", text)
        file = world.shell.folder / "odd.yaml"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        assert _in_both(world, "banks", "show", str(file)).code == 4
        file.write_text(f"title: {json.dumps(text)}\nid: x\n", encoding="utf-8")
        assert _in_both(world, "banks", "show", str(file)).code == 4
    for name in world.names:
        (world.shell.folder / f"{name}.yaml").write_text("x: 1\n", encoding="utf-8")
        assert _in_both(world, "banks", "show", f"{name}.yaml").code in (2, 4)


COMMANDS: dict[str, Callable[[World], None]] = {
    "": _menu,
    "new": _new,
    "resume": _resume,
    "rename": _rename,
    "delete": _delete,
    "import": _import,
    "list": _list,
    "show": _show,
    "report": _report,
    "export": _export,
    "verify": _verify,
    "rescue": _rescue,
    "backup": _backup,
    "merge": _merge,
    "banks": _banks,
    "banks show": _banks_show,
}
"""What is done with each command, by the words that call it."""


def all_commands() -> set[str]:
    """Return every command that the command line has."""
    found = {""}
    waiting: list[tuple[str, click.Command]] = [("", root.workshop)]
    while waiting:
        name, command = waiting.pop()
        for below, child in getattr(command, "commands", {}).items():
            found.add(f"{name} {below}".strip())
            waiting.append((f"{name} {below}".strip(), child))
    return found


def all_said() -> set[str]:
    """Return every command that can be said in a session."""
    return {command.name for command in SAID}
