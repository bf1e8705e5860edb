"""What other clients of the session do while the screen is open."""

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

from workshop.client import Client

SECOND = "How can we pro-actively disrupt"


def other(pilot, seat: str = "phone-1") -> Client:  # type: ignore[no-untyped-def]
    return Client(app_of(pilot).live_session, "Zoe", seat)


def say(client: Client, text: str) -> None:
    client.commit(client.propose(text)).result(60)


async def test_an_answer_from_elsewhere_appears_and_what_is_being_typed_stays(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "Typed here")
        prompt(pilot).set_text("half a thought")
        say(other(pilot), "Said [b]elsewhere")
        await until(pilot, lambda: "2  Said [b]elsewhere" in shown(pilot))
        assert prompt(pilot).text == "half a thought"
        await send(pilot, "/undo")
        assert [a.text for a in app_of(pilot).live_session.state.answers.values()] == [
            "Said [b]elsewhere"
        ]


async def test_an_answer_that_is_changed_elsewhere_changes_on_the_screen(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        await send(pilot, "Typed here")
        say(other(pilot), "/edit 1 Changed there")
        await until(pilot, lambda: "Changed there" in shown(pilot))
        assert "Typed here" not in shown(pilot)


async def test_the_screen_follows_another_keyboard_to_its_question(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session()) as pilot:
        say(other(pilot, ""), "/next")
        await until(pilot, lambda: SECOND in shown(pilot))
        await send(pilot, "An answer to the second")
        live_session = app_of(pilot).live_session
        (answer,) = live_session.state.answers.values()
        assert answer.question == live_session.session.addresses[1]


async def test_a_change_that_is_refused_when_its_turn_comes_goes_back_into_the_prompt(
    make_session: MakeSession, show: ShowApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with show(make_session()) as pilot:
        phone = other(pilot)
        say(phone, "Said elsewhere")
        await until(pilot, lambda: "1  Said elsewhere" in shown(pilot))
        await send(pilot, "/edit 1")
        await until(pilot, lambda: prompt(pilot).text == "Said elsewhere")
        commits = HeldCommits(monkeypatch)
        prompt(pilot).set_text("Said better")
        await pilot.press("enter")
        await until(pilot, lambda: bool(commits))
        monkeypatch.undo()
        say(phone, "/undo")
        commits.release()
        await until(pilot, lambda: "The answer that you were changing is gone." in shown(pilot))
        assert prompt(pilot).text == "Said better"
        assert not app_of(pilot).live_session.state.answers


async def test_answers_of_many_that_come_at_once_all_appear(
    make_session: MakeSession, show: ShowApp
) -> None:
    async with show(make_session(), (100, 50)) as pilot:
        clients = [other(pilot, f"phone-{n}") for n in range(12)]
        futures = [c.commit(c.propose(f"From {n:02}")) for n, c in enumerate(clients)]
        for future in futures:
            future.result(60)
        await until(pilot, lambda: all(f"From {n:02}" in shown(pilot) for n in range(12)))
        assert conversation_of(pilot).is_idle
