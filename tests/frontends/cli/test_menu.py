"""The menu, driven by the keys that people press."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from workshop.banks.registry import shipped_banks
from workshop.errors import BadFileError, CannotWriteError
from workshop.export.formats import FORMATS
from workshop.export.write_file import default_report_name
from workshop.frontends.cli import menu, sessions
from workshop.session.event_log import EventLog
from workshop.session.session import Session
from workshop.storage.catalog import list_sessions
from workshop.storage.sqlite.event_store import SqliteEventStore

ENTER, DOWN, UP, ESCAPE, CTRL_C, CTRL_D = "\r", "\x1b[B", "\x1b[A", "\x1b", "\x03", "\x04"
BANKS = shipped_banks()
QUIT = UP + ENTER
"""From the first entry of the menu, up is the last one."""


class RecordedOutput:
    """A terminal that records everything written to it."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def write(self, data: str) -> int:
        self.text += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: everything is recorded at once."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return sys.__stdout__.fileno() if sys.__stdout__ else 1


@dataclass
class MenuRun:
    """One run of the menu: its output, its exit code and the sessions that it opened."""

    directory: Path
    opened: list[Path] = field(default_factory=list)
    text: str = ""
    code: int = -1

    @property
    def sessions(self) -> list[Session]:
        summaries, _ = list_sessions(self.directory)
        return [sessions.read_session(s.path)[0] for s in summaries]

    @property
    def event_log(self) -> EventLog:
        return sessions.read_session(self.opened[-1])[1]


@pytest.fixture
def run_menu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., MenuRun]:
    """Return a function that shows the menu and presses keys."""
    monkeypatch.chdir(tmp_path)
    run = MenuRun(tmp_path / "sessions")

    def opens(path: Path, *_: object) -> int:
        run.opened.append(path)
        return 0

    monkeypatch.setattr(sessions, "open_session", opens)
    monkeypatch.setattr(menu, "shipped_banks", lambda: BANKS)

    def press(*keys: str) -> MenuRun:
        recorded = RecordedOutput()
        output = Vt100_Output(recorded, lambda: Size(24, 80), enable_cpr=False)
        with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=output):
            keyboard.send_text("".join(keys))
            keyboard.close()  # so that nothing waits for keys that never come
            run.code = menu.run(run.directory)
        run.text = recorded.text
        return run

    return press


def new_session(run_menu: Callable[..., MenuRun], tmp_path: Path, title: str = "Acme") -> Path:
    return sessions.make_session(tmp_path / "sessions", BANKS[1], title=title)


# ── leaving ──────────────────────────────────────────────────────────────────────────────────


def test_quit_leaves_with_success(run_menu: Callable[..., MenuRun]) -> None:
    assert run_menu(QUIT).code == 0


def test_ctrl_c_in_the_menu_leaves_with_130(run_menu: Callable[..., MenuRun]) -> None:
    assert run_menu(CTRL_C).code == 130


def test_looking_at_the_menu_makes_no_folder(run_menu: Callable[..., MenuRun]) -> None:
    assert not run_menu(QUIT).directory.exists()


@pytest.mark.parametrize("way_out", [CTRL_C, CTRL_D])
def test_leaving_any_question_goes_back_to_the_menu_with_nothing_made(
    run_menu: Callable[..., MenuRun], way_out: str
) -> None:
    answers = [ENTER, ENTER, "Acme" + ENTER, ENTER, ENTER, ENTER, ENTER]
    # Behind that many answers comes a line to type; a menu, behind the others, takes no Ctrl-D.
    for asked in (2, 6) if way_out == CTRL_D else (1, 2, 4, 6):
        run = run_menu(*answers[:asked], way_out, QUIT)
        assert run.code == 0
        assert "Nothing was changed." in run.text
        assert run.opened == []
        assert not run.directory.exists()


def test_escape_goes_back(run_menu: Callable[..., MenuRun], tmp_path: Path) -> None:
    new_session(run_menu, tmp_path)
    run = run_menu(DOWN, ENTER, ESCAPE)  # the pipe is closed to what would come after a lone Escape
    assert run.opened == []


# ── a new session ────────────────────────────────────────────────────────────────────────────


def test_enter_all_the_way_makes_a_session_for_a_group(run_menu: Callable[..., MenuRun]) -> None:
    run = run_menu(ENTER, DOWN + ENTER, ENTER, ENTER, ENTER, ENTER, QUIT)
    (session,) = run.sessions
    assert session.bank.id == "it_business_model_canvas"
    assert session.title.startswith("The IT Business Model Canvas, ")
    assert (session.mode, session.quick, session.level) == ("group", False, None)
    assert len(run.opened) == 1
    assert "is saved: 0 of 46 questions" in run.text


def test_what_was_answered_is_in_the_session(run_menu: Callable[..., MenuRun]) -> None:
    run = run_menu(
        *(ENTER, ENTER, "Acme\r", ENTER, DOWN + DOWN + ENTER, "Team Blue\r"),
        *("Anna, Ben ,, \r", "Cem\r", "anna\r", ENTER, QUIT),
    )
    (session,) = run.sessions
    assert session.title == "Acme"
    assert session.level == "lower"
    assert session.names == {"lower": "Team Blue"}
    assert run.event_log.state.participants == ("Anna", "Ben", "Cem")


def test_a_person_alone_is_asked_for_one_name(run_menu: Callable[..., MenuRun]) -> None:
    run = run_menu(ENTER, DOWN + ENTER, "Mine\r", DOWN + ENTER, DOWN + ENTER, "Anna\r", QUIT)
    (session,) = run.sessions
    assert (session.mode, session.quick) == ("solo", True)
    assert run.event_log.state.participants == ("Anna",)


def test_a_title_that_is_too_long_stays_in_the_line(run_menu: Callable[..., MenuRun]) -> None:
    too_long, backspace = "x" * 201, "\x7f"
    run = run_menu(ENTER, DOWN + ENTER, too_long + ENTER, backspace + ENTER, ENTER * 3, QUIT)
    assert [session.title for session in run.sessions] == ["x" * 200]


@pytest.mark.parametrize(
    "title", ["<b>bold</b> %s %d {0} &amp;", "TODO [/] [@click=app.quit]", "<style fg='red'>x"]
)
def test_markup_in_a_title_is_shown_as_it_is(run_menu: Callable[..., MenuRun], title: str) -> None:
    run = run_menu(ENTER, DOWN + ENTER, title + ENTER, ENTER, ENTER, ENTER, QUIT)
    assert run.sessions[0].title == title
    assert f"{title} is saved" in run.text
    again = run_menu(DOWN, ENTER, ENTER, QUIT)
    assert title[:20] in again.text


# ── sessions that are there ──────────────────────────────────────────────────────────────────


def test_resume_shows_progress_and_opens_the_one_chosen(
    run_menu: Callable[..., MenuRun], tmp_path: Path
) -> None:
    older = new_session(run_menu, tmp_path, "Older")
    new_session(run_menu, tmp_path, "Newer")
    run = run_menu(DOWN + ENTER, DOWN + ENTER, QUIT)
    assert run.opened == [older]
    assert "0 of 46 questions" in run.text
    assert "the last: Newer" in run.text


def test_without_sessions_there_is_nothing_to_resume(run_menu: Callable[..., MenuRun]) -> None:
    assert "Resume" not in run_menu(QUIT).text


def test_many_sessions_are_found_by_typing(
    run_menu: Callable[..., MenuRun], tmp_path: Path
) -> None:
    wanted = [new_session(run_menu, tmp_path, f"Client {name}") for name in "ABCDEFGHIJKLMNOP"][3]
    run = run_menu(DOWN + ENTER, "client d", ENTER, QUIT)
    assert run.opened == [wanted]


def test_the_menu_returns_after_the_session(
    run_menu: Callable[..., MenuRun], tmp_path: Path
) -> None:
    new_session(run_menu, tmp_path)
    run = run_menu(DOWN + ENTER, ENTER, DOWN + ENTER, ENTER, QUIT)
    assert len(run.opened) == 2
    assert run.code == 0


def test_a_report_is_written_into_the_current_folder(
    run_menu: Callable[..., MenuRun], tmp_path: Path
) -> None:
    new_session(run_menu, tmp_path)
    run = run_menu(DOWN + DOWN + ENTER, ENTER, ENTER, QUIT)
    (report,) = tmp_path.glob("*.docx")
    assert str(report) in run.text


def test_every_format_can_be_chosen_and_word_is_the_first(
    run_menu: Callable[..., MenuRun], tmp_path: Path
) -> None:
    new_session(run_menu, tmp_path)
    down = list(FORMATS).index("md")
    run = run_menu(DOWN + DOWN + ENTER, ENTER, DOWN * down + ENTER, QUIT)
    assert [path.suffix for path in tmp_path.glob("*.*")] == [".md"]
    assert "Markdown (.md)" in run.text
    assert next(iter(FORMATS)) == "docx"


def test_leaving_the_question_for_a_format_writes_nothing(
    run_menu: Callable[..., MenuRun], tmp_path: Path
) -> None:
    new_session(run_menu, tmp_path)
    run = run_menu(DOWN + DOWN + ENTER, ENTER, CTRL_C, QUIT)
    assert list(tmp_path.glob("*.*")) == []
    assert "Nothing was changed." in run.text


def test_a_report_that_cannot_be_written_is_reported_and_the_menu_returns(
    run_menu: Callable[..., MenuRun], tmp_path: Path
) -> None:
    with SqliteEventStore.open(new_session(run_menu, tmp_path)) as file:
        target = tmp_path / default_report_name(file.session())
    target.write_bytes(b"my letter")
    run = run_menu(DOWN + DOWN + ENTER, ENTER, ENTER, QUIT)
    assert run.code == 0
    assert "so it stays as it is" in " ".join(run.text.split())
    assert target.read_bytes() == b"my letter"


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────


def test_a_file_that_cannot_be_opened_is_reported_and_the_menu_returns(
    run_menu: Callable[..., MenuRun], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = new_session(run_menu, tmp_path)
    path.with_name("broken.db").write_text("not a session")

    def refuse(*_: object) -> int:
        raise BadFileError("It is damaged.", "Use a copy.")

    monkeypatch.setattr(sessions, "open_session", refuse)
    run = run_menu(DOWN + ENTER, ENTER, QUIT)
    assert run.code == 0
    assert "broken.db is not a session file." in run.text
    assert "It is damaged. Use a copy." in run.text


def test_a_folder_that_cannot_be_written_is_reported_before_any_question(
    run_menu: Callable[..., MenuRun], tmp_path: Path
) -> None:
    (tmp_path / "sessions").write_text("a file, not a folder")
    with pytest.raises(CannotWriteError, match="not a directory"):
        run_menu("")


def test_a_folder_without_permission_is_reported_before_any_question(
    run_menu: Callable[..., MenuRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(sessions.tempfile, "TemporaryFile", deny)
    with pytest.raises(CannotWriteError, match="permission denied"):
        run_menu("")


@pytest.mark.parametrize("code", [129, 130, 143])
def test_a_signal_that_ends_the_conversation_ends_the_menu(
    run_menu: Callable[..., MenuRun], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    new_session(run_menu, tmp_path)
    monkeypatch.setattr(sessions, "open_session", lambda *_: code)
    run = run_menu(DOWN + ENTER, ENTER)
    assert run.code == code
    assert "is saved" not in run.text


def test_words_that_could_not_be_saved_do_not_end_the_menu(
    run_menu: Callable[..., MenuRun], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_session(run_menu, tmp_path)
    monkeypatch.setattr(sessions, "open_session", lambda *_: CannotWriteError.exit_code)
    assert run_menu(DOWN + ENTER, ENTER, QUIT).code == 0
