"""The review screen, with however many answers."""

import pytest
from textual.widgets import Input
from tui_support import MakeSession, ShowApp, app_of, shown, until

from workshop.banks.registry import find_bank
from workshop.frontends.plain.line_views import search_lines
from workshop.frontends.tui.screens import review
from workshop.session.events import ActionAdded, AnswerAdded, PointParked
from workshop.views.outline import build_outline


async def test_answers_that_are_not_listed_are_counted_under_their_question(
    make_session: MakeSession, show: ShowApp
) -> None:
    bank = "it_business_model_canvas"
    async with show(make_session(bank)) as pilot:
        first, second, *_ = app_of(pilot).live_session.session.addresses
    many = [
        AnswerAdded(question=question, text=f"Said {n}", participant="Facilitator")
        for question, number in ((first, review.MAX_LISTED - 1), (second, 3))
        for n in range(number)
    ]
    async with show(make_session(bank, tuple(many), title="Many"), (100, 40)) as pilot:
        app_of(pilot).action_review()
        await until(pilot, lambda: "1,002 answers, 1,000 shown" in shown(pilot))
        assert "more answers" not in shown(pilot)
        option_list = app_of(pilot).screen.query_one("#answers")
        await until(pilot, lambda: option_list.max_scroll_y > review.MAX_LISTED)
        option_list.scroll_to(y=2 + review.MAX_LISTED - 10, animate=False, force=True)
        await until(pilot, lambda: "2 more answers: the search finds them" in shown(pilot))


@pytest.mark.parametrize(
    "query", ["drones", "anna", "omni channel", "FRIDAY", "facilitator", "zzz"]
)
async def test_the_search_finds_what_line_mode_finds(
    make_session: MakeSession, show: ShowApp, query: str
) -> None:
    at = next(iter(find_bank("it_business_model_canvas").questions))
    events = (
        AnswerAdded(question=at, text="Drones", participant="Facilitator"),
        AnswerAdded(question=at, text="Trains", participant="Anna"),
        AnswerAdded(question="gone.question", text="Old drones", participant="Anna"),
        PointParked(text="Drones are dear", question=at, participant="Anna"),
        ActionAdded(text="Buy drones", owner="Anna", due="Friday", participant="Facilitator"),
    )
    async with show(make_session(events=events), (160, 40)) as pilot:
        live_session = app_of(pilot).live_session
        app_of(pilot).action_review()
        screen = app_of(pilot).screen
        await until(pilot, lambda: bool(screen.query("#search")))
        screen.query_one("#search", Input).value = query
        await until(pilot, lambda: "found" in shown(pilot))
        rows = shown(pilot)
    outline = build_outline(live_session.session, live_session.event_log)
    lines = "\n".join(search_lines(outline, query))
    for words in ("Drones", "Trains", "Old drones", "Drones are dear", "Buy drones"):
        assert (words in rows) == (words in lines)
