"""The review screen, with however many answers."""

from tui_support import MakeSession, ShowApp, app_of, shown, until

from workshop.frontends.tui.screens import review
from workshop.session.events import AnswerAdded


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
