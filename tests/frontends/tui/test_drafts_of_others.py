"""Drafts of somebody else: the screen announces them, and /as puts them into the prompt."""

from pathlib import Path

from tui_support import MakeSession, ShowApp, app_of, prompt, send, shown, until

from workshop.client import Client
from workshop.live_session import LiveSession
from workshop.session.events import ParticipantJoined

RESTORED = "Below is what was typed here before and not sent."
WIDE = (160, 30)  # so that a notice stands on one line
HOSTILE = "[@click=app.quit]Ann[/] [b"


def leave_draft(path: Path, participant: str, text: str) -> None:
    live_session = LiveSession.open(path)
    client = Client(live_session, participant)
    client.commit(client.begin()).result()
    client.save_draft(text).result()
    live_session.close()


async def test_a_draft_is_announced_on_resume_and_restored_with_as(
    make_session: MakeSession, show: ShowApp
) -> None:
    path = make_session(events=(ParticipantJoined(name="Anna"),))
    leave_draft(path, "Anna", "half a thought")
    async with show(path, WIDE) as pilot:
        notice = "Half-typed text of Anna waits here: /as Anna brings it back."
        await until(pilot, lambda: notice in shown(pilot))
        assert prompt(pilot).text == ""
        await send(pilot, "/as Anna")
        await until(pilot, lambda: RESTORED in shown(pilot))
        assert prompt(pilot).text == "half a thought"
        await send(pilot, "half a thought")
        (answer,) = app_of(pilot).live_session.state.answers.values()
        assert (answer.participant, answer.text) == ("Anna", "half a thought")


async def test_a_draft_at_another_question_is_announced_and_restored_there(
    make_session: MakeSession, show: ShowApp
) -> None:
    path = make_session()
    leave_draft(path, "Facilitator", "half a thought")
    async with show(path) as pilot:
        await until(pilot, lambda: prompt(pilot).text == "half a thought")
        app_of(pilot).go_to("channels.omni_channel_strategy")
        await until(pilot, lambda: prompt(pilot).text == "")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app_of(pilot).return_code is not None)
    async with show(path, WIDE) as pilot:
        notice = "waits at Customer Environment: /goto 1.1 brings it back."
        await until(pilot, lambda: notice in shown(pilot))
        await send(pilot, "/goto 1.1")
        await until(pilot, lambda: RESTORED in shown(pilot))
        assert prompt(pilot).text == "half a thought"


async def test_a_name_in_the_notice_is_never_markup(
    make_session: MakeSession, show: ShowApp
) -> None:
    path = make_session(events=(ParticipantJoined(name=HOSTILE),))
    leave_draft(path, HOSTILE, "[/] half")
    async with show(path, WIDE) as pilot:
        await until(pilot, lambda: f"text of {HOSTILE} waits here: /as {HOSTILE}" in shown(pilot))
        await send(pilot, f"/as {HOSTILE}")
        await until(pilot, lambda: prompt(pilot).text == "[/] half")
