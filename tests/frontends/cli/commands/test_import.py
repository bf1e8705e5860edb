"""The command that makes a session again of what was exported."""

from pathlib import Path

import pytest
from cli_support import Workshop, new_session


@pytest.fixture
def acme(workshop: Workshop) -> Path:
    """Return the file of a session with two answers."""
    path = new_session(workshop, "--title", "Acme", "--participant", "Anna")
    workshop("resume", path, "--plain", stdin="A start-up with drones\n@Anna Our own tenants\n")
    return Path(path)


@pytest.mark.parametrize("stdin", [False, True])
def test_import_makes_the_session_again_and_prints_its_path(
    workshop: Workshop, acme: Path, tmp_path: Path, stdin: bool
) -> None:
    assert workshop("export", "Acme", "-o", "a.json").code == 0
    before = workshop("show", str(acme), "--json").json
    elsewhere = tmp_path / "elsewhere"
    words = (tmp_path / "a.json").read_text("utf-8") if stdin else ""
    file = "-" if stdin else "a.json"
    outcome = workshop("--sessions", str(elsewhere), "import", file, stdin=words)
    assert outcome.code == 0, outcome.err
    path = Path(outcome.out.removesuffix("\n"))
    assert path.parent == elsewhere
    after = workshop("show", str(path), "--json").json
    assert {**after, "path": ""} == {**before, "path": ""}
    again = workshop("--sessions", str(elsewhere), "import", "a.json")
    assert again.code == 6
    assert "there already" in again.err
    assert list(elsewhere.glob("*.db")) == [path]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (None, 3, "There is no file a.json."),
        ("", 4, "is empty"),
        ("{}", 4, "a.json"),
        ("Dear diary", 4, "a.json"),
    ],
)
def test_a_file_that_is_no_export_is_one_sentence_and_makes_no_session(
    workshop: Workshop, sessions: Path, tmp_path: Path, content: str | None, code: int, said: str
) -> None:
    if content is not None:
        (tmp_path / "a.json").write_text(content)
    outcome = workshop("import", "a.json")
    assert outcome.code == code
    assert outcome.out == ""
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert not list(sessions.glob("*.db"))
