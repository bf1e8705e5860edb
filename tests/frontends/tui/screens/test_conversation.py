"""The conversation screen: what a facilitator sees and does."""

from concurrent.futures import Future
from pathlib import Path

import pytest
from textual.widgets import OptionList
from tui_support import (
    AppPilot,
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
from workshop.frontends.tui.widgets.outline import Outline
from workshop.frontends.tui.widgets.status_line import StatusLine
from workshop.frontends.tui.widgets.transcript import WINDOW, Transcript
from workshop.frontends.tui.widgets.transcript_rows import AnswerRow, SaveStatus
from workshop.live_session import LiveSession, Proposal
from workshop.session.events import AnswerAdded, PositionMoved

SIZES = [(80, 24), (120, 40)]
FIRST = "Which threats can the business expect from new entrants"
SECOND = "How can we pro-actively disrupt the market"


def rows(pilot: AppPilot) -> list[AnswerRow]:
    return list(app_of(pilot).screen_stack[0].query(AnswerRow))


@pytest.mark.parametrize("size", SIZES)
async def test_the_question_the_last_answer_and_the_prompt_are_in_sight(
    make_session: MakeSession, show: ShowApp, size: tuple[int, int]
) -> None:
    async with show(make_session(), size) as pilot:
        for number in range(30):
            await send(pilot, f"Answer that is number {number}")
        await pilot.pause()
        screen = shown(pilot)
        assert FIRST in screen
        assert "Answer that is number 29" in screen
        keys = screen.rstrip().splitlines()[-1]
        assert all(name in keys for name in ("Add / go on", "Help", "Canvas", "Review", "Quit"))
        assert "Type an answer" in screen


async def test_enter_adds_an_answer_and_stays_and_enter_again_goes_on(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "A start-up next door")
        assert FIRST in shown(pilot)
        assert prompt(pilot).text == ""
        await send(pilot, "")
        assert SECOND in shown(pilot)


async def test_a_tick_stands_beside_an_answer_only_once_it_is_committed(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session()) as pilot:
        commits = HeldCommits(monkeypatch)
        prompt(pilot).set_text("Held back")
        await pilot.press("enter")
        await until(pilot, lambda: len(rows(pilot)) == 1)
        assert rows(pilot)[0].answer.save_status is SaveStatus.PENDING
        assert "✓" not in shown(pilot).split("Held back")[1].split("\n")[0]
        commits.release()
        await until(pilot, lambda: rows(pilot)[0].answer.save_status is SaveStatus.SAVED)
        await pilot.pause()
        assert "✓" in shown(pilot).split("Held back")[1].split("\n")[0]


async def test_an_answer_that_cannot_be_saved_is_marked_and_its_words_go_back_into_the_prompt(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session()) as pilot:
        live_session = app_of(pilot).live_session
        failed: Future[Proposal] = Future()
        failed.set_exception(CannotWriteError("Not saved: the disk is full [/] (x.db)."))
        monkeypatch.setattr(app_of(pilot).client, "commit", lambda _proposal: failed)
        await send(pilot, "Precious words")
        await until(pilot, lambda: rows(pilot)[-1].answer.save_status is SaveStatus.FAILED)
        await pilot.pause()
        assert prompt(pilot).text == "Precious words"
        assert "the disk is full [/]" in shown(pilot)
        assert not live_session.state.answers
        monkeypatch.undo()
        await pilot.press("enter")
        await until(pilot, lambda: len(live_session.state.answers) == 1)


async def test_answers_typed_while_the_disk_is_slow_are_all_kept_in_order(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session()) as pilot:
        live_session = app_of(pilot).live_session
        commits = HeldCommits(monkeypatch)
        for text in ("one", "two", "three"):
            prompt(pilot).set_text(text)
            await pilot.press("enter")
        await until(pilot, lambda: bool(commits))
        monkeypatch.undo()
        commits.release()
        await until(pilot, lambda: len(live_session.state.answers) == 3)
        assert [a.text for a in live_session.state.answers.values()] == ["one", "two", "three"]


HOSTILE = (
    "Budget [Q3]", "TODO [/] later", "[@click=app.quit]press[/]", "[/", "[bold red]x",
    "a\x1b[31mred\x1b[0m", "\x1b]0;owned\x07title", "👩‍👩‍👧 שלום مرحبا 日本語",
    "e\u0301\u0301\u0301",
    "\u202eevil", "$(rm -rf /)", "=1+1", "%s %d {} {0}", "\\[not markup", "a\tb",
)  # fmt: skip


async def test_whatever_people_type_is_shown_literally_on_every_screen(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(title="Run [/] of [b]X"), (120, 40)) as pilot:
        for text in HOSTILE:
            await send(pilot, text)
        await send(pilot, "/as Anna [/] [@click=app.quit]")
        await send(pilot, "Said under a hostile name")
        await send(pilot, "/skip")
        await send(pilot, "/skip because [/] of [x")
        await send(pilot, "/delete 1")
        await send(pilot, "/vote 2 3")
        await send(pilot, "/park Parked [/] of [b")
        await send(pilot, "/action Act [@click=app.quit]x[/] @[/] by [b] 3 May")
        app = app_of(pilot)
        expected = len(HOSTILE) + 1 - 1
        assert len(app.live_session.state.answers) == expected
        for key in ("f1", "escape", "f2", "enter", "escape", "escape", "f4", "escape", "f3"):
            await pilot.press(key)
            await pilot.pause()
            assert app.is_running
            assert "\x1b" not in shown(pilot)
        await pilot.press("f3", "f4")
        await until(pilot, lambda: "TODO [/] later" in shown(pilot))
        await pilot.press("end")
        await until(pilot, lambda: "Act [@click=app.quit]x[/]  [/], by [b] 3 May" in shown(pilot))
        assert "Parked [/] of [b" in shown(pilot)


async def test_the_outline_shows_the_current_block_and_goes_to_the_chosen_one(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(), (80, 24)) as pilot:
        app = app_of(pilot)
        assert not app.screen.query(Outline)
        await pilot.press("f3")
        await until(pilot, lambda: bool(app.screen.query("Outline:focus")))
        outline = app.screen.query_one(Outline)
        assert "Customer segment" in shown(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "In which external market segments" in shown(pilot))
        assert prompt(pilot).has_focus
        await until(pilot, lambda: not outline.display)


async def test_quitting_waits_for_what_was_typed_before(
    make_session: MakeSession, show: ShowApp
) -> None:
    path = make_session()
    async with show(path) as pilot:
        prompt(pilot).set_text("last words")
        await pilot.press("enter", "ctrl+q")
        await until(pilot, lambda: app_of(pilot).return_code is not None)
    again = LiveSession.open(path)
    try:
        assert [a.text for a in again.state.answers.values()] == ["last words"]
    finally:
        again.close()


async def test_a_transcript_of_thousands_mounts_a_window_and_loads_older_rows_on_scroll(
    make_session: MakeSession, show: ShowApp
) -> None:
    first = "customer_environment.disruption_threats"
    second = "customer_environment.proactive_disruption"
    bodies = [
        AnswerAdded(question=first, text=f"Answer {n}", participant="Facilitator")
        for n in range(2_000)
    ]
    path = make_session(events=(*bodies, PositionMoved(question=second)))
    async with show(path) as pilot:
        transcript = app_of(pilot).screen.query_one(Transcript)
        await until(pilot, lambda: "Answer 1999" in shown(pilot))
        await until(pilot, lambda: conversation_of(pilot).is_idle)
        await pilot.pause()
        assert len(transcript.children) <= WINDOW + 10
        transcript.scroll_home(animate=False)
        await until(pilot, lambda: len(transcript.children) > WINDOW + 10)
        assert "Answer 1999" not in shown(pilot)


async def test_a_question_with_thousands_of_answers_is_asked_with_a_window_of_them(
    make_session: MakeSession, show: ShowApp
) -> None:
    first = "customer_environment.disruption_threats"
    bodies = [
        AnswerAdded(question=first, text=f"Answer {n}", participant="Facilitator")
        for n in range(1, 10_001)
    ]
    path = make_session(events=(*bodies, PositionMoved(question=first)))
    async with show(path) as pilot:
        transcript = app_of(pilot).screen.query_one(Transcript)
        await until(pilot, lambda: "10000  Answer 10000" in shown(pilot))
        await until(pilot, lambda: conversation_of(pilot).is_idle)
        assert len(transcript.children) <= WINDOW + 10
        row = next(line for line in shown(pilot).splitlines() if "Answer 10000" in line)
        assert row.rstrip().endswith("✓")  # the longer number pushes nothing over the edge
        await send(pilot, "One more")
        assert "10001  One more" in shown(pilot)
        transcript.scroll_home(animate=False)
        await until(pilot, lambda: len(transcript.children) > WINDOW + 10)
        assert "10001  One more" not in shown(pilot)


async def test_thousands_of_answers_at_once_are_shown_once_they_are_saved(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        conversation = conversation_of(pilot)
        conversation.submit(tuple(f"Line {n}" for n in range(1, 1_001)))
        await until(pilot, lambda: "1000  Line 1000" in shown(pilot))
        await until(pilot, lambda: conversation.is_idle)
        assert "…  Line" not in shown(pilot)
        assert shown(pilot).count("✓") > 10
        assert len(app_of(pilot).live_session.state.answers) == 1_000


async def test_a_whole_block_is_walked_with_keys_alone(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(), (80, 24)) as pilot:
        for key in "Kiosk":
            await pilot.press(key)
        await pilot.press("enter")
        await until(pilot, lambda: len(app_of(pilot).live_session.state.answers) == 1)
        await pilot.press("enter")
        await until(pilot, lambda: SECOND in shown(pilot))
        for key in "App":
            await pilot.press(key)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: "In which external market segments" in shown(pilot))
        assert "Customer Environment: 2 answers." in shown(pilot)


async def test_the_end_of_the_walk_offers_the_report_and_empty_enters_change_nothing(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(events=(PositionMoved(question=None),))) as pilot:
        await until(pilot, lambda: "That was the last question" in shown(pilot))
        await send(pilot, "")
        before = len(app_of(pilot).live_session.event_log)
        await send(pilot, "")
        assert len(app_of(pilot).live_session.event_log) == before


async def test_the_report_is_written_in_the_background_with_a_notice(
    make_session: MakeSession, show: ShowApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with show(make_session()) as pilot:
        await send(pilot, "An answer")
        await send(pilot, "/report")
        await until(pilot, lambda: bool(list(tmp_path.glob("*.docx"))))
        await until(pilot, lambda: "The report is written" in shown(pilot))


async def test_views_do_not_pile_up(make_session: MakeSession, show: ShowApp) -> None:
    async with show(make_session()) as pilot:
        app = app_of(pilot)
        for view in (app.action_canvas, app.action_review, app.action_commands, app.action_canvas):
            view()
            await pilot.pause()
        assert len(app.screen_stack) == 2
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)


async def test_review_finds_and_goes_to_the_question(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "Needle in here")
        await send(pilot, "")
        await send(pilot, "Hay")
        await send(pilot, "/find NEEDLE")
        await until(pilot, lambda: "1 answer found" in shown(pilot))
        assert "Hay" not in shown(pilot)
        await pilot.press("enter")
        option_list = app_of(pilot).screen.query_one(OptionList)
        await until(pilot, lambda: option_list.has_focus)
        await pilot.press("enter")
        await until(pilot, lambda: len(app_of(pilot).screen_stack) == 1)
        await until(pilot, lambda: FIRST in shown(pilot))


async def test_people_go_on_answering_while_a_report_is_written(
    make_session: MakeSession, show: ShowApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with show(make_session()) as pilot:
        await send(pilot, "/report")
        for number in range(20):
            await send(pilot, f"Meanwhile {number}")
        await until(
            pilot,
            lambda: "The report is written" in shown(pilot) or bool(list(tmp_path.glob("*.docx"))),
        )
        assert len(app_of(pilot).live_session.state.answers) == 20


async def test_an_answer_that_is_saved_while_the_app_closes_stops_nothing(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session()) as pilot:
        await until(pilot, lambda: conversation_of(pilot).is_idle)
        commits = HeldCommits(monkeypatch)
        monkeypatch.setattr(StatusLine, "on_unmount", lambda _: commits.release(), raising=False)
        prompt(pilot).set_text("A start-up next door")
        await pilot.press("enter")
        await until(pilot, lambda: not conversation_of(pilot).is_idle)
    assert [a.text for a in app_of(pilot).live_session.state.answers.values()] == [
        "A start-up next door"
    ]
