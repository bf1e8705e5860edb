"""The command that gives a session another title."""

from contextlib import closing
from pathlib import Path

import pytest
from cli_support import Workshop, new_session

from workshop.live_session import LiveSession


@pytest.fixture
def acme(workshop: Workshop) -> Path:
    return Path(new_session(workshop, "--title", "Acme", "--participant", "Anna"))


def test_a_session_is_called_by_its_new_title_everywhere(workshop: Workshop, acme: Path) -> None:
    workshop("resume", "acme", "--plain", stdin="An answer\n")
    outcome = workshop("rename", "acme", " Zenith   [/] 2028 ")
    assert (outcome.code, outcome.out) == (0, "The session is called “Zenith [/] 2028” now.\n")
    assert workshop("show", "zenith").out.startswith("Zenith [/] 2028\n")
    assert workshop("show", "zenith", "--json").json["title"] == "Zenith [/] 2028"
    assert "Zenith [/] 2028" in workshop("list").out
    assert "Acme" not in workshop("list").out
    assert workshop("show", "acme").code == 3
    assert workshop("resume", "zenith", "--plain").out.startswith("Zenith [/] 2028 (")
    report = Path(workshop("report", "zenith").out.strip())
    assert report.name.endswith("-zenith-2028.docx")
    assert "# Zenith" in workshop("export", "zenith", "--format", "md", "-o", "-").out
    assert acme.is_file()
    assert workshop("verify", str(acme)).code == 0


def test_a_renamed_session_may_be_renamed_back_by_undo(workshop: Workshop, acme: Path) -> None:
    workshop("rename", str(acme), "Zenith")
    outcome = workshop("resume", "zenith", "--plain", stdin="/undo\n")
    assert "Undone: the title “Zenith”." in outcome.out
    assert workshop("show", "acme").code == 0


def test_a_title_that_the_session_has_already_changes_nothing(
    workshop: Workshop, acme: Path
) -> None:
    before = acme.read_bytes()
    outcome = workshop("rename", "acme", "Acme")
    assert (outcome.code, outcome.out) == (0, "The session is called “Acme” already.\n")
    assert acme.read_bytes() == before


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("", "A title cannot be empty."),
        (" \x1b[31m ", "A title cannot be empty."),
        ("x" * 201, "A title has at most 200 characters; this has 201."),
    ],
)
def test_a_title_that_is_none_is_refused(
    workshop: Workshop, acme: Path, title: str, reason: str
) -> None:
    before = acme.read_bytes()
    outcome = workshop("rename", "acme", title)
    assert (outcome.code, outcome.out) == (2, "")
    assert reason in outcome.err
    assert outcome.err.count("\n") == 1
    assert acme.read_bytes() == before


def test_a_title_of_200_characters_is_taken(workshop: Workshop, acme: Path) -> None:
    assert workshop("rename", str(acme), "x" * 200).code == 0
    assert workshop("show", str(acme), "--json").json["title"] == "x" * 200


def test_a_session_that_is_open_elsewhere_keeps_its_title(workshop: Workshop, acme: Path) -> None:
    with closing(LiveSession.open(acme)):
        outcome = workshop("rename", "acme", "Zenith")
    assert (outcome.code, outcome.out) == (6, "")
    assert "is open in another Workshop" in outcome.err
    assert workshop("show", "acme").code == 0
