"""The prompt: keys, commands, and pastes."""

import pytest
from textual import events
from tui_support import (
    AppPilot,
    MakeSession,
    ShowApp,
    app_of,
    prompt,
    send,
    shown,
    until,
)

from workshop.frontends.tui.screens.paste import PasteScreen
from workshop.frontends.tui.widgets.completions import Completions
from workshop.frontends.tui.widgets.transcript_rows import AnswerRow

SIZES = [(80, 24), (120, 40)]
FIRST = "Which threats can the business expect from new entrants"
SECOND = "How can we pro-actively disrupt the market"


def rows(pilot: AppPilot) -> list[AnswerRow]:
    return list(app_of(pilot).screen_stack[0].query(AnswerRow))


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("Costs 100⌫⌫⌫200 euros⏎", "Costs 200 euros"),
        ("abc←←X⏎", "aXbc"),
        ("wrong⌧right⏎", "right"),
        ("one⏎two⌫⌫⌫2⏎", "2"),
        ("one↵two⌫⏎", "one\ntw"),
    ],
)
async def test_keys_that_come_at_once_do_what_they_would_do_one_by_one(
    keys: str, text: str, make_session: MakeSession, show: ShowApp
) -> None:
    key_names = {"⌫": "backspace", "←": "left", "⌧": "ctrl+u", "↵": "ctrl+j", "⏎": "enter"}
    async with show(make_session()) as pilot:
        for key in keys:  # all before any is handled, as from a slow connection
            letter = None if key in key_names else key
            app_of(pilot).post_message(events.Key(key_names.get(key, key), letter))
        live_session = app_of(pilot).live_session
        await until(pilot, lambda: text in [a.text for a in live_session.state.answers.values()])
        assert prompt(pilot).text == ""


async def test_ctrl_j_begins_a_new_line_and_the_answer_keeps_it(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await pilot.press("a", "ctrl+j", "b", "enter")
        live_session = app_of(pilot).live_session
        await until(pilot, lambda: len(live_session.state.answers) == 1)
        assert next(iter(live_session.state.answers.values())).text == "a\nb"


async def test_up_in_an_empty_prompt_opens_the_last_answer_and_escape_leaves_it_as_it_was(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "First wording")
        await pilot.press("up")
        await until(pilot, lambda: prompt(pilot).text == "First wording")
        assert "Changing answer 1" in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app_of(pilot).client.state.editing is None)
        assert prompt(pilot).text == ""
        await pilot.press("up")
        await until(pilot, lambda: prompt(pilot).text == "First wording")
        await send(pilot, "Second wording")
        assert [r.answer.text for r in rows(pilot)] == ["Second wording"]


async def test_up_moves_the_cursor_where_there_is_text(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "Said before")
        prompt(pilot).set_text("line one\nline two")
        await pilot.press("up")
        assert prompt(pilot).text == "line one\nline two"
        assert prompt(pilot).cursor_location[0] == 0


async def test_an_answer_that_looks_like_a_command_is_asked_about_and_stays_in_the_prompt(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "I don't know")
        assert "Skip this question?" in shown(pilot)
        assert prompt(pilot).text == "I don't know"
        assert FIRST in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: SECOND in shown(pilot))
        assert prompt(pilot).text == ""
        assert len(app_of(pilot).live_session.state.skipped) == 1


async def test_a_wrong_command_says_why_and_stays_in_the_prompt(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "/goto nowhere at all")
        assert prompt(pilot).text == "/goto nowhere at all"
        assert "There is no block" in shown(pilot)


async def test_commands_are_offered_and_tab_completes_the_one_that_was_chosen(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await pilot.press("tab")
        await until(pilot, lambda: prompt(pilot).text == "/")
        menu = app_of(pilot).screen.query_one(Completions)
        await until(pilot, lambda: menu.chosen is not None)
        await pilot.press("e")
        await until(pilot, lambda: menu.option_count == 2)
        await pilot.press("down", "tab")
        await until(pilot, lambda: prompt(pilot).text == "/example")


async def test_enter_completes_the_command_that_is_offered_instead_of_sending_half_of_it(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await pilot.press("/", "g", "o")
        menu = app_of(pilot).screen.query_one(Completions)
        await until(pilot, lambda: menu.chosen is not None)
        await pilot.press("enter")
        await until(pilot, lambda: prompt(pilot).text == "/goto ")


async def paste(pilot: AppPilot, text: str) -> None:
    prompt(pilot).post_message(events.Paste(text))
    await pilot.pause()


async def test_a_paste_of_several_lines_can_become_one_answer_a_line(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await paste(pilot, "first\r\nsecond [/]\r\n\r\nthird")
        await until(pilot, lambda: isinstance(app_of(pilot).screen, PasteScreen))
        await pilot.press("enter")
        live_session = app_of(pilot).live_session
        await until(pilot, lambda: len(live_session.state.answers) == 3)
        texts = [a.text for a in live_session.state.answers.values()]
        assert texts == ["first", "second [/]", "third"]
        assert prompt(pilot).text == ""


async def test_a_paste_of_several_lines_can_stay_one_answer(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await paste(pilot, "first\nsecond")
        await until(pilot, lambda: isinstance(app_of(pilot).screen, PasteScreen))
        await pilot.press("down", "enter")
        live_session = app_of(pilot).live_session
        await until(pilot, lambda: len(live_session.state.answers) == 1)
        assert next(iter(live_session.state.answers.values())).text == "first\nsecond"


async def test_escape_leaves_a_paste_in_the_prompt(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await paste(pilot, "first\nsecond")
        await until(pilot, lambda: isinstance(app_of(pilot).screen, PasteScreen))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app_of(pilot).screen, PasteScreen))
        assert prompt(pilot).text == "first\nsecond"
        assert not app_of(pilot).live_session.state.answers


async def test_a_paste_of_a_hundred_thousand_characters_becomes_an_answer_whole(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        text = "word " * 20_000
        await paste(pilot, text)
        await pilot.press("enter")
        live_session = app_of(pilot).live_session
        await until(pilot, lambda: len(live_session.state.answers) == 1)
        assert next(iter(live_session.state.answers.values())).text == text.strip()
        await pilot.pause()
        assert "more characters" in shown(pilot)
