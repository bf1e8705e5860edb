"""A name stands after the same answers on every surface."""

from pathlib import Path

import pytest
from tui_support import MakeSession, ShowApp, app_of, shown, until
from word_support import texts

from workshop.banks.registry import find_bank
from workshop.export.markdown import markdown
from workshop.export.request import ReportRequest
from workshop.export.word import writer
from workshop.frontends.cli.sessions import read_session
from workshop.frontends.cli.text_views import session_text
from workshop.frontends.plain.line_views import review_lines, search_lines
from workshop.session.events import AnswerAdded, ParticipantJoined
from workshop.views.outline import build_outline

NAMES = ("Anna", "Ines", "Tom", "Facilitator", "Me ")


def texts_of(path: Path) -> dict[str, list[str]]:
    """Return the lines of what is made from the session's file, by surface."""
    session, event_log = read_session(path)
    outline = build_outline(session, event_log)
    return {
        "review in line mode": review_lines(outline),
        "search in line mode": search_lines(outline, "said"),
        "show": session_text(session, event_log, "session.db"),
        "Markdown": markdown(outline).splitlines(),
        "Word": texts(writer.write(ReportRequest(session, event_log)).content),
    }


@pytest.mark.parametrize(
    ("mode", "joined", "speakers", "names"),
    [
        ("solo", ["Ines"], ["Ines", "Ines"], ["", ""]),
        ("solo", [], ["Me", "Tom"], ["", "Tom"]),
        ("solo", ["Ines"], ["Ines", "Tom"], ["Ines", "Tom"]),
        ("group", ["Anna"], ["Facilitator", "Facilitator"], ["", ""]),
        ("group", ["Anna"], ["Anna", "Facilitator"], ["Anna", ""]),
    ],
)
async def test_every_surface_names_the_same_speakers(
    make_session: MakeSession,
    show: ShowApp,
    mode: str,
    joined: list[str],
    speakers: list[str],
    names: list[str],
) -> None:
    said = ["Said one", "Said two"]
    question = next(iter(find_bank("it_business_model_canvas").questions))
    answers = (
        AnswerAdded(question=question, text=text, participant=speaker)
        for text, speaker in zip(said, speakers, strict=True)
    )
    joining = (ParticipantJoined(name=name) for name in joined)
    path = make_session(mode=mode, events=(*joining, *answers))
    async with show(path) as pilot:
        await until(pilot, lambda: said[1] in shown(pilot))
        lines = {"transcript": shown(pilot).splitlines()}
        app_of(pilot).action_review()
        await until(pilot, lambda: "Review" in shown(pilot) and said[1] in shown(pilot))
        lines["review"] = shown(pilot).splitlines()
    lines |= texts_of(path)
    for surface, text in lines.items():
        for words, name in zip(said, names, strict=True):
            matches = [line for line in text if words in line]
            assert matches, surface
            assert {n for n in NAMES for line in matches if n in line} == {name} - {""}, surface
