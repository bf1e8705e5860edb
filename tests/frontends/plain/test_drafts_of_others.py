"""Drafts of other participants in line mode: announced, and brought back by /as."""

from pathlib import Path

import pytest
from plain_support import Talk

from workshop.banks.registry import find_bank
from workshop.client import Client
from workshop.frontends.cli.sessions import make_session
from workshop.live_session import LiveSession

WAITS = "Half-typed text of Anna waits here: /as Anna brings it back."


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    made = make_session(tmp_path, find_bank("it"), title="Acme", participants=["Anna", "Ben"])
    Talk(made, "")
    return made


def save_drafts(path: Path, *typed: tuple[str, str]) -> None:
    for who, words in typed:
        live_session = LiveSession.open(path)
        Client(live_session, who).save_draft(words).result()
        live_session.close()


@pytest.mark.parametrize("typed", [True, False])
def test_a_draft_of_another_is_announced_on_resume_and_brought_back_by_as(
    path: Path, typed: bool
) -> None:
    save_drafts(path, ("Anna", "Half an ans"))
    talk = Talk(path, "/as Anna\n", typed=typed)
    lines = [line.removeprefix("> ") for line in talk.lines]
    assert lines.count(WAITS) == 1
    assert lines.index("Half-typed here before: Half an ans") == lines.index("Anna speaks now.") + 1
    assert lines.index(WAITS) < lines.index("Anna speaks now.")


def test_a_draft_is_not_announced_as_anothers_to_its_own_participant(path: Path) -> None:
    save_drafts(path, ("Anna", "Half an ans"))
    talk = Talk(path, "\n", "Anna", typed=True)
    assert "Half-typed here before: Half an ans" in talk.lines
    assert WAITS not in talk.lines
    assert talk.answers == ["Half an ans"]


def test_an_empty_line_sends_the_draft_of_the_speaker(path: Path) -> None:
    save_drafts(path, ("Anna", "Anna's half"), ("", "My half"))
    talk = Talk(path, "/as Anna\n\n/as Ben\n\n", typed=True)
    lines = [(answer.participant, answer.text) for answer in talk.event_log.state.answers.values()]
    assert lines == [("Anna", "Anna's half")]


def test_a_copy_announces_the_unsent_text_when_it_is_resumed(path: Path, tmp_path: Path) -> None:
    live_session = LiveSession.open(path)
    Client(live_session, "Anna").save_as(str(tmp_path / "copy.db"), "precious words").result()
    live_session.close()
    talk = Talk(tmp_path / "copy.db", "/as Anna\n\n", typed=True)
    assert WAITS in talk.lines
    assert talk.answers == ["precious words"]
