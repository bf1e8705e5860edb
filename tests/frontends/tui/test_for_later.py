"""Votes, parked points and actions on the screen."""

import shutil
from pathlib import Path

from textual.widgets import OptionList
from tui_support import AppPilot, MakeSession, ShowApp, app_of, prompt, send, shown, until

from workshop.frontends.tui.widgets.canvas_block import CanvasBlock
from workshop.frontends.tui.widgets.outline import Outline
from workshop.frontends.tui.widgets.transcript_rows import AnswerRow

FIRST = "Which threats can the business expect from new entrants"


def line_with(pilot: AppPilot, text: str) -> str:
    (line,) = (line for line in shown(pilot).splitlines() if text in line)
    return line


async def test_dots_stand_beside_an_answer_and_go_when_the_vote_is_undone(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(), (80, 24)) as pilot:
        await send(pilot, "/as Anna")
        await send(pilot, "One number to call")
        await send(pilot, "/vote 1 4")
        await send(pilot, "/vote 1")
        await until(pilot, lambda: "has 5 dots now" in shown(pilot))
        row = app_of(pilot).screen.query_one(AnswerRow)
        assert "Anna · 5 dots" in row.render().plain
        await send(pilot, "/undo")
        assert "Anna · 4 dots" in row.render().plain
        await send(pilot, "/undo")
        assert "dot" not in row.render().plain


async def test_a_long_answer_with_dots_keeps_them_on_its_first_line(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(), (80, 24)) as pilot:
        await send(pilot, "many words " * 30)
        await send(pilot, "/vote 1 12")
        row = app_of(pilot).screen.query_one(AnswerRow)
        first, *rest = row.render().plain.splitlines()
        assert "12 dots" in first
        assert not any("dots" in line for line in rest)
        assert max(map(len, (first, *rest))) <= row.content_size.width


async def test_the_most_voted_answers_of_a_block_come_first_on_the_canvas(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(), (120, 40)) as pilot:
        for text in ("one", "two", "", "three", "/vote 3 2", "/vote 2"):
            await send(pilot, text)
        await pilot.press("f2")
        await until(pilot, lambda: bool(app_of(pilot).screen.query(CanvasBlock)))
        block = next(
            b
            for b in app_of(pilot).screen.query(CanvasBlock)
            if "Environment" in b.block.title and b.has_class("-current")
        )
        await until(pilot, lambda: "three" in block.render().plain)
        block_text = " ".join(block.render().plain.split())
        assert block_text.endswith("• three · 2 dots • two · 1 dot • one")


async def test_the_outline_counts_parked_points_and_actions_once_there_are_any(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(), (120, 40)) as pilot:
        outline = app_of(pilot).screen.query_one(Outline)
        assert outline.option_count == 13
        await send(pilot, "/park Prices")
        await until(pilot, lambda: "parked 1" in shown(pilot))
        await send(pilot, "/action Call @Ben by Friday")
        await send(pilot, "/park Terms")
        await until(pilot, lambda: "parked 2 · actions 1" in shown(pilot))
        for _ in range(3):
            await send(pilot, "/undo")
        assert outline.option_count == 13


async def test_the_review_lists_parked_points_and_actions_and_goes_to_their_questions(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(), (100, 30)) as pilot:
        await send(pilot, "One")
        await send(pilot, "/vote 1 3")
        await send(pilot, "/park Prices of everything")
        await send(pilot, "/action Call @Ben by Friday")
        await send(pilot, "/goto 3")
        await send(pilot, "/review")
        await until(pilot, lambda: "1  One  3 dots" in shown(pilot))
        option_list = app_of(pilot).screen.query_one(OptionList)
        await pilot.press("end")
        await until(pilot, lambda: "Actions" in shown(pilot))
        assert line_with(pilot, "Call").split() == ["Call", "Ben,", "by", "Friday"]
        await pilot.press("enter")
        assert len(app_of(pilot).screen_stack) == 2
        await pilot.press("up")
        await until(pilot, lambda: option_list.highlighted is not None)
        await pilot.press("enter")
        await until(pilot, lambda: len(app_of(pilot).screen_stack) == 1)
        await until(pilot, lambda: FIRST in shown(pilot))


async def test_the_review_searches_parked_points_and_actions_too(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(), (100, 30)) as pilot:
        await send(pilot, "/park Prices of everything")
        await send(pilot, "/action Call @Ben by Friday")
        await send(pilot, "/find PRICES")
        await until(pilot, lambda: "Prices of everything" in shown(pilot))
        assert "Call" not in shown(pilot)


async def test_a_wrong_vote_stays_in_the_prompt(make_session: MakeSession, show: ShowApp) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "One")
        await send(pilot, "/vote 1 many")
        assert prompt(pilot).text == "/vote 1 many"
        assert "1 to 999" in shown(pilot)


async def test_a_file_of_an_older_workshop_is_upgraded_with_a_notice(
    tmp_path: Path, show: ShowApp
) -> None:
    sample = Path(__file__).parents[2] / "data" / "session-v1.db"
    old = Path(shutil.copy(sample, tmp_path / "old.db"))
    async with show(old) as pilot:
        await until(pilot, lambda: "An older Workshop wrote this session" in shown(pilot))
        assert (tmp_path / "old.db.v1-backup").is_file()
