"""Drafts in line mode: announced, sent by an empty line, and kept."""

import io
from pathlib import Path

import pytest
from plain_support import Interrupted, Talk

from workshop.banks.registry import find_bank
from workshop.client import Client
from workshop.frontends.cli.sessions import make_session
from workshop.frontends.plain import line_mode
from workshop.live_session import LiveSession

IT = find_bank("it")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_session(tmp_path, IT, title="Acme", participants=["Anna"])


class TestDrafts:
    def save_draft(self, path: Path, text: str, replies: tuple[str, ...] = ()) -> None:
        live_session = LiveSession.open(path)
        client = Client(live_session)
        client.commit(client.begin()).result()
        for reply in replies:
            client.commit(client.propose(reply)).result()
        client.save_draft(text).result()
        live_session.close()

    def test_a_draft_is_announced_and_sent_by_an_empty_line(self, path: Path) -> None:
        self.save_draft(path, "Half an ans")
        talk = Talk(path, "\n", typed=True)
        assert "Half-typed here before: Half an ans" in talk.lines
        assert talk.answers == ["Half an ans"]

    def test_in_a_pipe_a_draft_is_announced_and_an_empty_line_goes_on(self, path: Path) -> None:
        self.save_draft(path, "Half an ans")
        talk = Talk(path, "\nSecond\n")
        assert "Half-typed here before: Half an ans" in talk.lines
        assert talk.answers == ["Second"]
        assert (
            talk.event_log.state.answers_to(talk.event_log.state.position or "")[0].text == "Second"
        )
        assert "Half-typed here before: Half an ans" in Talk(path, "/back\n").lines

    def test_another_answer_replaces_the_draft(self, path: Path) -> None:
        self.save_draft(path, "Half an ans")
        talk = Talk(path, "Whole\n\n")
        assert talk.answers == ["Whole"]
        assert not any("Half-typed" in line for line in Talk(path, "/back\n").lines)

    def test_a_draft_outlives_a_move_to_another_question(self, path: Path) -> None:
        self.save_draft(path, "Half an ans")
        talk = Talk(path, "/help\n/next\n/back\n\n", typed=True)
        assert talk.text.count("Half-typed here before: Half an ans") == 2
        assert talk.answers == ["Half an ans"]

    def test_an_edit_resumes_from_its_draft(self, path: Path) -> None:
        self.save_draft(path, "First, cha", ("First", "/edit 1"))
        talk = Talk(path, "\n", typed=True)
        assert "Half-typed here before for answer 1: First, cha" in talk.text
        assert talk.answers == ["First, cha"]

    def test_the_draft_of_an_edit_never_swallows_a_new_answer(self, path: Path) -> None:
        self.save_draft(path, "First, cha", ("First", "/edit 1"))
        assert Talk(path, "Another answer\n", typed=True).answers == ["First", "Another answer"]

    def test_a_draft_after_the_last_question_is_announced_and_sent_by_an_empty_line(
        self, path: Path
    ) -> None:
        point = "something long that nobody should lose"
        self.save_draft(path, f"/park {point}", ("/goto it_domain", "", "", ""))
        talk = Talk(path, "/back\n/next\n\n", typed=True)
        assert talk.lines.count(f"Half-typed here before: /park {point}") == 2
        assert talk.lines.count("An empty line sends it.") == 2
        assert [parked.text for parked in talk.event_log.state.parked] == [point]
        assert "Half-typed" not in Talk(path, "", typed=True).text

    def test_unsent_text_after_the_last_question_is_kept_as_a_draft(self, path: Path) -> None:
        Talk(path, "/goto it_domain\n\n\n\n")
        err = io.StringIO()
        typed = Interrupted("half a\\\nthought\\\n")
        line_mode.run(path, stdin=typed, stdout=io.StringIO(), stderr=err)
        assert "What was not sent is kept" in err.getvalue()
        talk = Talk(path, "")
        assert "Half-typed here before: half a / thought" in talk.lines
