"""Text that cannot be saved: a message says what to do, and a copy can be saved elsewhere."""

from concurrent.futures import Future
from pathlib import Path

import pytest
from disk_support import DoubtfulDisk
from textual.widgets import Input
from tui_support import (
    AppPilot,
    MakeSession,
    ShowApp,
    app_of,
    conversation_of,
    prompt,
    send,
    shown,
    until,
)

from workshop.errors import CannotWriteError
from workshop.frontends.tui.screens.save_copy import CopyScreen
from workshop.session.event_log import EventLog
from workshop.storage.sqlite.event_store import SqliteEventStore

SIZE = (140, 40)


def failing(*_: object) -> "Future[None]":
    failed: Future[None] = Future()
    failed.set_exception(CannotWriteError("Not saved: the disk is full (x.db).", "Make room."))
    return failed


async def fail_to_save(pilot: AppPilot, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    client = app_of(pilot).client
    commit = client.commit
    monkeypatch.setattr(
        client, "commit", lambda proposal: failing() if proposal.events else commit(proposal)
    )
    monkeypatch.setattr(client, "save_draft", failing)
    await send(pilot, text)


async def test_a_failed_save_says_why_and_what_to_do_and_can_be_tried_again(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session(), SIZE) as pilot:
        with monkeypatch.context() as full:
            await fail_to_save(pilot, full, "Precious")
            assert "✗" in shown(pilot)
            screen_text = " ".join(shown(pilot).replace("▕", " ").split())
            assert (
                "Not saved: the disk is full (x.db). Make room. It stands in the prompt"
                in screen_text
            )
            assert "Enter tries again, Ctrl+S saves a copy elsewhere." in screen_text
            assert prompt(pilot).text == "Precious"
        await pilot.press("enter")
        await until(pilot, lambda: "✓" in shown(pilot))
        assert "✗" not in shown(pilot)
        assert [a.text for a in app_of(pilot).live_session.state.answers.values()] == ["Precious"]


@pytest.mark.parametrize("is_unreadable_after", [False, True])
async def test_an_answer_is_saved_once_though_the_disk_reports_an_error(
    make_session: MakeSession,
    show: ShowApp,
    monkeypatch: pytest.MonkeyPatch,
    is_unreadable_after: bool,
) -> None:
    path = make_session()
    disk = DoubtfulDisk(monkeypatch)
    async with show(path, SIZE) as pilot:
        disk.failing, disk.is_unreadable_after = 1, is_unreadable_after
        await send(pilot, "Precious")
        if is_unreadable_after:
            assert "Not saved: the disk reports an error" in shown(pilot)
            await pilot.press("enter")
        await until(pilot, lambda: "✓" in shown(pilot))
        assert (prompt(pilot).text, disk.failing) == ("", 0)
        await send(pilot, "Another")
    with SqliteEventStore.open(path) as file:
        texts = [a.text for a in EventLog(file.events()).state.answers.values()]
        assert texts == ["Precious", "Another"]


async def test_replies_behind_a_failed_save_follow_it_in_order_and_are_not_joined(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session(), SIZE) as pilot:
        client, conversation = app_of(pilot).client, conversation_of(pilot)
        live_session = client.live_session
        first_position = live_session.current
        with monkeypatch.context() as full:
            commits: list[Future[None]] = []

            def slow(_: object) -> "Future[None]":
                commits.append(Future())
                return commits[-1]

            full.setattr(client, "commit", slow)
            for text in ("First", "Second", "/next", "Third"):
                conversation.submit(text)
            await until(pilot, lambda: bool(commits))
            full.setattr(client, "save_draft", failing)
            full.setattr(client, "commit", failing)
            commits[0].set_exception(CannotWriteError("Not saved: the disk is full (x.db)."))
            await until(pilot, lambda: "3 more replies that you sent" in shown(pilot))
            assert prompt(pilot).text == "First"
            await pilot.press("enter")
            await until(pilot, lambda: prompt(pilot).text == "First")
        await pilot.press("enter")
        await until(pilot, lambda: len(live_session.state.answers) == 3)
        first, second, third = live_session.state.answers.values()
        assert [first.text, second.text, third.text] == ["First", "Second", "Third"]
        assert first_position is not None
        assert first.question == second.question == first_position.address
        assert third.question == live_session.current.address if live_session.current else False
        assert third.question != first_position.address
        assert prompt(pilot).text == ""


async def test_leaving_keeps_postponed_replies_as_a_draft(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_session()
    async with show(path, SIZE) as pilot:
        monkeypatch.setattr(app_of(pilot).client, "commit", failing)
        for text in ("First", "Second", "/next", "/park Third"):
            conversation_of(pilot).submit(text)
        await until(pilot, lambda: "3 more replies that you sent" in shown(pilot))
        await pilot.press("ctrl+q")
    with SqliteEventStore.open(path) as file:
        assert [draft.text for draft in file.drafts()] == ["First\nSecond\n/park Third"]


async def test_a_copy_elsewhere_holds_what_could_not_be_saved(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with show(make_session(), SIZE) as pilot:
        await send(pilot, "Safe")
        await fail_to_save(pilot, monkeypatch, "Precious")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app_of(pilot).screen, CopyScreen))
        path_input = app_of(pilot).screen.query_one(Input)
        assert path_input.value.endswith("-copy.db")
        path_input.value = str(tmp_path / "copy.db")
        await pilot.press("enter")
        await until(pilot, lambda: "A copy is saved, with what is not saved here" in shown(pilot))
        assert prompt(pilot).text == "Precious"
    with SqliteEventStore.open(tmp_path / "copy.db") as copy:
        assert [a.text for a in EventLog(copy.events()).state.answers.values()] == ["Safe"]
        assert [draft.text for draft in copy.drafts()] == ["Precious"]


async def test_a_failed_reply_that_made_room_for_a_command_is_in_the_copy_and_comes_back(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with show(make_session(), SIZE) as pilot:
        await fail_to_save(pilot, monkeypatch, "Precious")
        await pilot.press("ctrl+u")
        await send(pilot, f"/copy {tmp_path}/copy.db")
        await until(pilot, lambda: "A copy is saved, with what is not saved here" in shown(pilot))
        await until(pilot, lambda: prompt(pilot).text == "Precious")
        await pilot.press("ctrl+q")  # without a warning: the text is safe in the copy
        await until(pilot, lambda: app_of(pilot).return_code == 0)
    with SqliteEventStore.open(tmp_path / "copy.db") as copy:
        assert [draft.text for draft in copy.drafts()] == ["Precious"]


async def test_leaving_warns_of_unsaved_text_and_prints_it_though_the_prompt_was_emptied(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session(), SIZE) as pilot:
        await fail_to_save(pilot, monkeypatch, "Precious")
        await pilot.press("ctrl+u", "ctrl+q")
        await until(pilot, lambda: "What you typed last is not saved here." in shown(pilot))
        assert app_of(pilot).return_code is None
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app_of(pilot).return_code == 0)
        assert app_of(pilot).exit_message == "Not saved: Precious"


async def test_leaving_because_of_a_signal_prints_what_could_not_be_saved(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session(), SIZE) as pilot:
        await fail_to_save(pilot, monkeypatch, "Precious")
        app_of(pilot).leave_at_once(143)
        await until(pilot, lambda: app_of(pilot).return_code == 143)
        assert app_of(pilot).exit_message == "Not saved: Precious"


@pytest.mark.parametrize("fails", [False, True])
async def test_suspending_reports_whether_everything_is_saved(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    reports: list[bool] = []
    async with show(make_session(), SIZE) as pilot:
        monkeypatch.setattr(
            app_of(pilot),
            "suspend_to_shell",
            lambda *, everything_is_saved: reports.append(everything_is_saved),
        )
        if fails:
            await fail_to_save(pilot, monkeypatch, "Precious")
        else:
            await send(pilot, "Safe")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: bool(reports))
    assert reports == [not fails]


async def test_a_failed_reply_without_text_is_not_said_to_stand_in_the_prompt(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session(), SIZE) as pilot:
        await fail_to_save(pilot, monkeypatch, "")
        await until(pilot, lambda: "Not saved: the disk is full" in shown(pilot))
        screen_text = " ".join(shown(pilot).replace("▕", " ").split())
        assert "It stands in the prompt" not in screen_text
        assert "Try it again, or save a copy elsewhere with Ctrl+S." in screen_text


async def test_a_notice_appears_once_half_typed_text_is_kept_again(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session(), SIZE) as pilot:
        with monkeypatch.context() as full:
            full.setattr(app_of(pilot).client, "save_draft", failing)
            await pilot.press("a")
            await until(pilot, lambda: "Half-typed text is not kept now." in shown(pilot))
            assert "kept again" not in shown(pilot)
        await pilot.press("b")
        await until(pilot, lambda: "Half-typed text is kept again." in shown(pilot))


async def test_escape_saves_no_copy(make_session: MakeSession, show: ShowApp) -> None:
    async with show(make_session(), SIZE) as pilot:
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app_of(pilot).screen, CopyScreen))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app_of(pilot).screen, CopyScreen))
        await until(pilot, lambda: conversation_of(pilot).is_idle)
        assert "A copy" not in shown(pilot)


async def test_the_copy_command_saves_a_copy_and_stays_in_the_prompt_if_it_fails(
    make_session: MakeSession, show: ShowApp, tmp_path: Path
) -> None:
    (tmp_path / "there.db").write_text("mine")
    async with show(make_session(), SIZE) as pilot:
        await send(pilot, "Safe")
        await send(pilot, f"/copy {tmp_path}/copy.db")
        # A long path begins on a line of its own, with the edge of the outline before it.
        notice = f"Acopyissaved:{tmp_path}/copy.db"
        await until(pilot, lambda: notice in "".join(shown(pilot).replace("▕", "").split()))
        await send(pilot, f"/copy {tmp_path}/there.db")
        await until(pilot, lambda: "stays as it is" in shown(pilot))
        assert "with -o" not in shown(pilot)
        assert "Choose another file." in shown(pilot)
        assert prompt(pilot).text == f"/copy {tmp_path}/there.db"
    assert (tmp_path / "there.db").read_text() == "mine"
    with SqliteEventStore.open(tmp_path / "copy.db") as copy:
        assert [a.text for a in EventLog(copy.events()).state.answers.values()] == ["Safe"]


async def test_a_report_that_cannot_be_written_names_no_option_of_the_command_line(
    make_session: MakeSession,
    show: ShowApp,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from workshop.export.write_file import default_report_name

    monkeypatch.chdir(tmp_path)
    path = make_session()
    with SqliteEventStore.open(path) as file:
        (tmp_path / default_report_name(file.session())).write_text("my own words")
    async with show(path, SIZE) as pilot:
        await send(pilot, "/report")
        await until(pilot, lambda: "stays as it is" in shown(pilot))
        screen_text = " ".join(shown(pilot).replace("▕", " ").split())
        assert "--force" not in screen_text
        assert "with -o" not in screen_text
        assert "Move or close that file and say /report again." in screen_text
