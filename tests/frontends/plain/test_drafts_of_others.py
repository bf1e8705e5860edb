"""Line mode with half-typed text of somebody else: it is announced, and /as brings it back."""

from pathlib import Path

import pytest
from plain_support import Talk

from workshop.banks.registry import find_bank
from workshop.frontends.cli.sessions import make_session
from workshop.live_session import LiveSession

WAITS = "Half-typed text of Anna waits here: /as Anna brings it back."


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    made = make_session(tmp_path, find_bank("it"), title="Acme", participants=["Anna", "Ben"])
    Talk(made, "")
    return made


def half_typed(path: Path, *typed: tuple[str, str]) -> None:
    for who, words in typed:
        live_session = LiveSession.open(path, who)
        live_session.save_draft(words).result()
        live_session.close()


@pytest.mark.parametrize("typed", [True, False])
def test_it_is_announced_on_resume_and_comes_back_with_as(path: Path, typed: bool) -> None:
    half_typed(path, ("Anna", "Half an ans"))
    talk = Talk(path, "/as Anna\n", typed=typed)
    said = [line.removeprefix("> ") for line in talk.said]
    assert said.count(WAITS) == 1
    assert said.index("Half-typed here before: Half an ans") == said.index("Anna speaks now.") + 1
    assert said.index(WAITS) < said.index("Anna speaks now.")


def test_it_is_not_announced_to_the_one_who_typed_it(path: Path) -> None:
    half_typed(path, ("Anna", "Half an ans"))
    talk = Talk(path, "\n", "Anna", typed=True)
    assert "Half-typed here before: Half an ans" in talk.said
    assert WAITS not in talk.said
    assert talk.answers == ["Half an ans"]


def test_an_empty_line_sends_the_words_of_the_one_who_speaks(path: Path) -> None:
    half_typed(path, ("Anna", "Anna's half"), ("", "My half"))
    talk = Talk(path, "/as Anna\n\n/as Ben\n\n", typed=True)
    said = [(answer.participant, answer.text) for answer in talk.event_log.state.answers.values()]
    assert said == [("Anna", "Anna's half")]


def test_a_copy_elsewhere_leads_whoever_resumes_it_to_the_words(path: Path, tmp_path: Path) -> None:
    live_session = LiveSession.open(path, "Anna")
    live_session.save_as(str(tmp_path / "copy.db"), "precious words").result()
    live_session.close()
    talk = Talk(tmp_path / "copy.db", "/as Anna\n\n", typed=True)
    assert WAITS in talk.said
    assert talk.answers == ["precious words"]
