"""Drafts: unsent text is kept at its question, and never lost by leaving."""

import asyncio
import sqlite3
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import pytest
from tui_support import (
    HeldCommits,
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
from workshop.frontends.tui import draft_keeper

SIZES = [(80, 24), (120, 40)]
FIRST = "Which threats can the business expect from new entrants"
SECOND = "How can we pro-actively disrupt the market"


async def test_a_session_is_resumed_at_the_same_question_with_the_half_typed_text(
    make_session: MakeSession, show: ShowApp
) -> None:
    path = make_session()
    async with show(path) as pilot:
        await send(pilot, "Said")
        await send(pilot, "")
        prompt(pilot).set_text("half a thou")
        await until(pilot, lambda: app_of(pilot).client.current_draft() is not None)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app_of(pilot).return_code is not None)
    async with show(path) as pilot:
        await until(pilot, lambda: "typing when you left" in shown(pilot))
        assert SECOND in shown(pilot)
        assert prompt(pilot).text == "half a thou"
        assert "Said" in shown(pilot)


async def test_half_typed_text_stays_at_its_question_when_people_go_elsewhere(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        conversation = app_of(pilot).screen_stack[0]
        prompt(pilot).set_text("unfinished")
        await until(pilot, lambda: app_of(pilot).client.current_draft() is not None)
        conversation.go_to("channels.omni_channel_strategy")  # type: ignore[attr-defined]
        await until(pilot, lambda: "Which omni channel strategy" in shown(pilot))
        assert prompt(pilot).text == ""
        conversation.go_to("customer_environment.disruption_threats")  # type: ignore[attr-defined]
        await until(pilot, lambda: prompt(pilot).text == "unfinished")


async def test_a_draft_is_not_lost_when_people_type_ahead(
    make_session: MakeSession, show: ShowApp
) -> None:
    path = make_session()
    async with show(path) as pilot:
        await send(pilot, "Said")
        await send(pilot, "")
        prompt(pilot).set_text("half a thought")
        await until(pilot, lambda: bool(drafts_in(path)))
        app_of(pilot).go_to("customer_environment.disruption_threats")
        await until(pilot, lambda: prompt(pilot).text == "")
        conversation = app_of(pilot).screen_stack[0]
        conversation.submit("")  # type: ignore[attr-defined]
        prompt(pilot).set_text("abc")  # before the next question is there
        await until(pilot, lambda: "Your text follows what you were typing" in shown(pilot))
        assert prompt(pilot).text == "half a thought\nabc"
        await until(
            pilot, lambda: [draft for _, draft in drafts_in(path)] == ["half a thought\nabc"]
        )


@pytest.mark.parametrize(
    ("text", "is_saved"),
    [
        ("/park Who pays for", True),
        ("/action Call the port @B", True),
        ("/skip because", True),
        ("/var/log fills up", True),  # an answer that begins like a command
        ("/park", False),
        ("/canv", False),
        ("/find berths", False),
    ],
)
async def test_a_half_typed_command_is_kept_where_it_has_words_of_ones_own(
    make_session: MakeSession, show: ShowApp, text: str, is_saved: bool
) -> None:
    path = make_session()
    async with show(path) as pilot:
        prompt(pilot).set_text(text)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app_of(pilot).return_code is not None)
    assert [draft for _, draft in drafts_in(path)] == [text] * is_saved


@pytest.mark.parametrize("end", ["leave", "go elsewhere"])
async def test_half_typed_text_after_the_last_question_waits_there(
    make_session: MakeSession, show: ShowApp, end: str
) -> None:
    path = make_session()
    draft = "/park something long that nobody should lose"
    async with show(path) as pilot:
        await send(pilot, f"/goto {app_of(pilot).live_session.session.addresses[-1]}")
        await send(pilot, "")
        await until(pilot, lambda: app_of(pilot).live_session.current is None)
        prompt(pilot).set_text(draft)
        if end == "go elsewhere":
            app_of(pilot).go_to("customer_environment.disruption_threats")
            await until(pilot, lambda: prompt(pilot).text == "")
            await send(pilot, f"/goto {app_of(pilot).live_session.session.addresses[-1]}")
            await send(pilot, "")
            await until(pilot, lambda: prompt(pilot).text == draft)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app_of(pilot).return_code is not None)
    assert drafts_in(path) == [("", draft)]
    async with show(path) as pilot:
        await until(pilot, lambda: "typing when you left" in shown(pilot))
        assert prompt(pilot).text == draft


def drafts_in(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT question, text FROM draft").fetchall()


async def test_text_that_is_removed_from_the_prompt_is_forgotten(
    make_session: MakeSession, show: ShowApp
) -> None:
    path = make_session()
    async with show(path) as pilot:
        prompt(pilot).set_text("half typed words")
        await until(pilot, lambda: bool(drafts_in(path)))
        prompt(pilot).set_text("")
        await until(pilot, lambda: not drafts_in(path))


async def test_going_on_from_an_emptied_prompt_forgets_its_draft(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_session()
    async with show(path) as pilot:
        await send(pilot, "Said")
        prompt(pilot).set_text("half typed words")
        await until(pilot, lambda: bool(drafts_in(path)))
        # Enter comes before the keeper has saved that the prompt is empty.
        monkeypatch.setattr(draft_keeper, "DELAY", 3600)
        await send(pilot, "")
        await until(pilot, lambda: SECOND in shown(pilot))
        assert drafts_in(path) == []
        await send(pilot, "/back")
        await until(pilot, lambda: FIRST in shown(pilot))
        assert prompt(pilot).text == ""


async def test_a_key_that_arrives_during_a_move_does_not_empty_the_stashed_draft(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_session()
    async with show(path) as pilot:
        conversation = conversation_of(pilot)
        await until(pilot, lambda: conversation.is_idle)
        commits = HeldCommits(monkeypatch)
        prompt(pilot).set_text("half a thought")
        conversation.go_to("channels.omni_channel_strategy")
        await until(pilot, lambda: prompt(pilot).text == "")
        # As the timer does that the key started.
        saving = asyncio.create_task(conversation._drafts._save_unsaved_text())
        await pilot.pause()
        commits.release()
        monkeypatch.undo()
        await saving
        await until(pilot, lambda: conversation.is_idle)
        assert drafts_in(path) == [("customer_environment.disruption_threats", "half a thought")]
        prompt(pilot).set_text("a thought about channels")
        await until(pilot, lambda: len(drafts_in(path)) == 2)


async def test_text_typed_ahead_of_a_slow_move_is_a_draft_of_the_next_question_alone(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_session()
    async with show(path) as pilot:
        conversation = conversation_of(pilot)
        await until(pilot, lambda: conversation.is_idle)
        with monkeypatch.context() as patched:
            commits = HeldCommits(patched)
            conversation.submit("/goto channels.omni_channel_strategy")
            await until(pilot, lambda: bool(commits))
            prompt(pilot).set_text("typed ahead")
            saving = asyncio.create_task(conversation._drafts._save_unsaved_text())
            await pilot.pause()
            commits.release()
            await saving
        assert drafts_in(path) == [("channels.omni_channel_strategy", "typed ahead")]


async def test_going_to_the_current_question_leaves_the_prompt_alone(
    make_session: MakeSession, show: ShowApp
) -> None:
    path = make_session()
    async with show(path) as pilot:
        prompt(pilot).set_text("half typed words")
        await until(pilot, lambda: bool(drafts_in(path)))
        app_of(pilot).go_to("customer_environment.disruption_threats")
        await until(pilot, lambda: conversation_of(pilot).is_idle)
        await pilot.pause()
        await until(pilot, lambda: conversation_of(pilot)._drafts._timer is None)
        assert prompt(pilot).text == "half typed words"
        assert drafts_in(path) == [("customer_environment.disruption_threats", "half typed words")]


async def test_a_change_that_was_half_typed_stays_a_change_when_people_go_elsewhere(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "First answer")
        await pilot.press("up")
        await until(pilot, lambda: prompt(pilot).text == "First answer")
        await pilot.press("!")
        app_of(pilot).go_to("channels.omni_channel_strategy")
        await until(pilot, lambda: "Which omni channel strategy" in shown(pilot))
        assert prompt(pilot).text == ""
        app_of(pilot).go_to("customer_environment.disruption_threats")
        await until(pilot, lambda: prompt(pilot).text == "First answer!")
        await send(pilot, "First answer!")
        answers = app_of(pilot).live_session.state.answers.values()
        assert [a.text for a in answers] == ["First answer!"]


def failing(*_: object) -> "Future[None]":
    failed: Future[None] = Future()
    failed.set_exception(CannotWriteError("Not saved: the disk is full."))
    return failed


async def test_leaving_warns_first_if_text_cannot_be_saved(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session()) as pilot:
        client = app_of(pilot).client
        monkeypatch.setattr(client, "commit", failing)
        monkeypatch.setattr(client, "save_draft", failing)
        await send(pilot, "Precious words")
        await until(pilot, lambda: prompt(pilot).text == "Precious words")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "What you typed last is not saved here" in shown(pilot))
        assert app_of(pilot).return_code is None
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app_of(pilot).return_code is not None)


async def test_what_was_typed_after_a_failed_save_waits_behind_it(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session()) as pilot:
        live_session = app_of(pilot).live_session
        commits = HeldCommits(monkeypatch)
        for text in ("Answer A", "", "Answer C"):
            prompt(pilot).set_text(text)
            await pilot.press("enter")
        await until(pilot, lambda: bool(commits))
        commits.fail(CannotWriteError("Not saved: the disk is full."))
        await until(pilot, lambda: "2 more replies that you sent" in shown(pilot))
        assert prompt(pilot).text == "Answer A"
        assert FIRST in shown(pilot)
        assert not live_session.state.answers
