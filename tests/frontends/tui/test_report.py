"""The report from the conversation: written in the background, with progress and its folder."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from textual.widgets._footer import FooterKey
from tui_support import AppPilot, MakeSession, ShowApp, app_of, prompt, send, shown, until

from workshop.errors import WorkshopError
from workshop.export.request import ReportRequest
from workshop.export.write_file import default_report_name
from workshop.files import desktop
from workshop.frontends.tui import report_thread


class SlowWriter:
    """Writes a report once it may finish, and reports its progress once before."""

    def __init__(self) -> None:
        self.has_begun = Event()
        self.may_finish = Event()
        self.requests: list[ReportRequest] = []
        self.fails: Exception | None = None

    def write(
        self, request: ReportRequest, target: Path, *_: object, **__: object
    ) -> tuple[str, ...]:
        self.requests.append(request)
        request.progress(0.42)
        self.has_begun.set()
        assert self.may_finish.wait(30)
        if self.fails:
            raise self.fails
        target.write_bytes(b"report")
        return ("One thing was left out.",)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SlowWriter]:
    writer = SlowWriter()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("workshop.export.write_file.write_report", writer.write)
    monkeypatch.setattr(report_thread, "_PROGRESS_INTERVAL", 0)
    yield writer
    writer.may_finish.set()


@pytest.fixture
def opened_folders(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Fake a desktop; return the folders that are opened on it."""
    folders: list[Path] = []
    monkeypatch.setattr(desktop, "can_open_folder", lambda: True)
    monkeypatch.setattr(desktop, "open_folder", folders.append)
    return folders


def footer(pilot: AppPilot) -> list[str]:
    return [key.description for key in app_of(pilot).screen.query(FooterKey)]


def text_on(pilot: AppPilot) -> str:
    """Return the text of a narrow screen, which has nothing beside the transcript, on one line."""
    return " ".join(shown(pilot).split())


async def test_keys_are_answered_while_a_report_is_being_written(
    make_session: MakeSession, show: ShowApp, slow: SlowWriter
) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "Before")
        await send(pilot, "/report")
        await until(pilot, slow.has_begun.is_set)
        await until(pilot, lambda: "report 42 %" in shown(pilot))
        await send(pilot, "Meanwhile")
        await pilot.press("h", "i")
        assert prompt(pilot).text == "hi"
        assert len(app_of(pilot).live_session.state.answers) == 2
        assert "report 42 %" in shown(pilot), "what follows an answer leaves it in sight"
        slow.may_finish.set()
        await until(pilot, lambda: "The report is written" in shown(pilot))
        assert "report 42 %" not in shown(pilot)
        assert "One thing was left out." in shown(pilot)
    (request,) = slow.requests
    assert [a.text for a in request.event_log.state.answers.values()] == ["Before"]


async def test_a_second_report_waits_until_the_first_is_written(
    make_session: MakeSession, show: ShowApp, slow: SlowWriter
) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "/report")
        await until(pilot, slow.has_begun.is_set)
        await send(pilot, "/report")
        assert "The report is being written already." in shown(pilot)
        slow.may_finish.set()
        await until(pilot, lambda: "The report is written" in shown(pilot))
        await send(pilot, "/report")
        await until(pilot, lambda: len(slow.requests) == 2)
    assert len(slow.requests) == 2


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (WorkshopError("There is no room left."), "There is no room left."),
        (OSError(5, "Input/output error"), "cannot be written here (Input/output error)"),
        (KeyError("boom"), "did not expect (KeyError). Every answer is safe"),
    ],
)
async def test_a_report_that_fails_is_one_notice_and_the_conversation_goes_on(
    make_session: MakeSession, show: ShowApp, slow: SlowWriter, error: Exception, message: str
) -> None:
    slow.fails = error
    slow.may_finish.set()
    async with show(make_session(), (80, 24)) as pilot:
        await send(pilot, "/report")
        await until(pilot, lambda: message in text_on(pilot))
        assert "The report is written" not in shown(pilot)
        await send(pilot, "Still here")
        assert len(app_of(pilot).live_session.state.answers) == 1
        await send(pilot, "/report")
        await until(pilot, lambda: len(slow.requests) == 2)


async def test_a_file_of_somebody_else_is_left_alone_with_a_notice(
    make_session: MakeSession, show: ShowApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with show(make_session(), (80, 24)) as pilot:
        target = tmp_path / default_report_name(app_of(pilot).live_session.session)
        target.write_bytes(b"my letter")
        await send(pilot, "/report")
        await until(pilot, lambda: "so it stays as it is" in text_on(pilot))
    assert target.read_bytes() == b"my letter"


async def test_leaving_before_the_report_is_written_prints_its_outcome_afterwards(
    make_session: MakeSession, show: ShowApp, slow: SlowWriter, tmp_path: Path
) -> None:
    async with show(make_session()) as pilot:
        app = app_of(pilot)
        await send(pilot, "/report")
        await until(pilot, slow.has_begun.is_set)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not app.is_running)
    slow.may_finish.set()
    assert app.exit_message.startswith(f"The report is written: {tmp_path}")


async def test_leaving_after_the_report_is_written_prints_nothing_more(
    make_session: MakeSession, show: ShowApp, slow: SlowWriter
) -> None:
    slow.may_finish.set()
    async with show(make_session()) as pilot:
        await send(pilot, "/report")
        await until(pilot, lambda: "The report is written" in shown(pilot))
        app = app_of(pilot)
    assert app.exit_message == ""


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_after_a_report_a_key_in_the_footer_opens_its_folder(
    make_session: MakeSession,
    show: ShowApp,
    slow: SlowWriter,
    opened_folders: list[Path],
    tmp_path: Path,
    size: tuple[int, int],
) -> None:
    slow.may_finish.set()
    async with show(make_session(), size) as pilot:
        await pilot.press("ctrl+o")
        assert opened_folders == []
        assert "Folder" not in footer(pilot)
        await send(pilot, "/report")
        await until(pilot, lambda: "Ctrl+O opens its folder." in shown(pilot))
        await until(pilot, lambda: "Folder" in footer(pilot))
        assert "^o Folder" in shown(pilot)
        prompt(pilot).set_text("half a thought")
        await pilot.press("ctrl+o")
        await until(pilot, lambda: opened_folders == [tmp_path])
        assert prompt(pilot).text == "half a thought"


async def test_the_palette_offers_the_folder_once_there_is_a_report(
    make_session: MakeSession,
    show: ShowApp,
    slow: SlowWriter,
    opened_folders: list[Path],
    tmp_path: Path,
) -> None:
    slow.may_finish.set()
    async with show(make_session()) as pilot:
        app = app_of(pilot)

        def titles() -> list[str]:
            return [entry.title for entry in app.get_system_commands(app.screen)]

        assert "Open the report's folder" not in titles()
        await send(pilot, "/report")
        await until(pilot, lambda: "The report is written" in shown(pilot))
        assert "Open the report's folder" in titles()
        entry = next(e for e in app.get_system_commands(app.screen) if "folder" in e.title)
        entry.callback()
        await until(pilot, lambda: opened_folders == [tmp_path])


@pytest.mark.usefixtures("opened_folders")
async def test_a_folder_that_cannot_be_opened_is_one_notice(
    make_session: MakeSession,
    show: ShowApp,
    slow: SlowWriter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: Path) -> None:
        raise WorkshopError("It cannot be opened from here [b](xdg-open ended with 3)[/b].")

    monkeypatch.setattr(desktop, "open_folder", refuse)
    slow.may_finish.set()
    async with show(make_session(), (80, 24)) as pilot:
        await send(pilot, "/report")
        await until(pilot, lambda: "The report is written" in shown(pilot))
        await pilot.press("ctrl+o")
        await until(pilot, lambda: "[b](xdg-open ended with 3)[/b]" in text_on(pilot))


async def test_without_a_desktop_only_the_path_is_shown(
    make_session: MakeSession,
    show: ShowApp,
    slow: SlowWriter,
    opened_folders: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(desktop, "can_open_folder", lambda: False)
    slow.may_finish.set()
    async with show(make_session(), (80, 24)) as pilot:
        await send(pilot, "/report")
        await until(pilot, lambda: "The report is written" in text_on(pilot))
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert "".join(str(tmp_path).split()) in "".join(shown(pilot).split())
        assert "Ctrl+O" not in shown(pilot)
        assert "Folder" not in footer(pilot)
    assert opened_folders == []
