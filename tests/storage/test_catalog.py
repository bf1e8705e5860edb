"""The catalog: where session files are, their summaries, and finding one by its name."""

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from workshop.errors import BadFileError, CannotReadError, NotFoundError
from workshop.session.events import AnswerAdded, Event, PositionMoved, QuestionSkipped
from workshop.session.session import Session
from workshop.storage.catalog import find_session, list_sessions, read_summary, sessions_directory
from workshop.storage.sqlite.create import create_session

MakeSession = Callable[..., Session]
Happened = Callable[..., list[Event]]
Meddle = Callable[..., None]
Create = Callable[..., Path]


@pytest.fixture
def create(tmp_path: Path, make_session: MakeSession, happened: Happened) -> Create:
    """Create sessions by title in the tests' directory, last changed after so many minutes."""

    def make(title: str, after: int = 0, **fields: object) -> Path:
        events = happened(PositionMoved(question="who.first"), after=after)
        return create_session(tmp_path, make_session(title, **fields), events)

    return make


# ── where sessions live ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("WORKSHOP_SESSIONS", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_option_takes_precedence_over_the_environment(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_SESSIONS", "from-the-environment")
    (here / "sessions").mkdir()
    assert sessions_directory("asked") == Path("asked")


def test_the_environment_takes_precedence_over_the_current_directory(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_SESSIONS", "from-the-environment")
    (here / "sessions").mkdir()
    assert sessions_directory(None) == Path("from-the-environment")


def test_the_current_directory_takes_precedence_over_the_users(here: Path) -> None:
    (here / "sessions").mkdir()
    assert sessions_directory(None) == here / "sessions"


def test_the_users_data_directory_comes_last(here: Path) -> None:
    (here / "sessions").write_text("a file, not a folder")
    assert sessions_directory(None) == platformdirs.user_data_path("workshop") / "sessions"


def test_an_empty_setting_counts_as_none(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_SESSIONS", "")
    (here / "sessions").mkdir()
    assert sessions_directory("") == here / "sessions"


def test_a_tilde_is_the_users_home(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setenv("USERPROFILE", str(here))
    assert sessions_directory("~/kept") == here / "kept"


# ── what there is ────────────────────────────────────────────────────────────────────────────


def test_a_summary_has_what_a_list_shows(session_path: Path) -> None:
    summary = read_summary(session_path)
    assert (summary.title, summary.bank, summary.bank_id) == (
        "Acme 2027",
        "A small canvas",
        "small",
    )
    assert (summary.mode, summary.path) == ("group", session_path)
    assert (summary.questions, summary.settled, summary.answers) == (4, 2, 2)
    assert session_path.stem.endswith(summary.short_id)
    assert summary.created.startswith("2027-03-01T09:00")
    assert summary.changed == "2027-03-01T09:06:00.000Z"


def test_a_session_without_events_was_last_changed_when_it_was_created(
    tmp_path: Path, make_session: MakeSession
) -> None:
    summary = read_summary(create_session(tmp_path, make_session()))
    assert summary.changed == summary.created


def test_the_last_changed_comes_first(tmp_path: Path, create: Create) -> None:
    for title, after in (("middle", 50), ("last", 90), ("first", 10)):
        create(title, after)
    summaries, unreadable = list_sessions(tmp_path)
    assert [s.title for s in summaries] == ["last", "middle", "first"]
    assert unreadable == []


def test_many_answers_to_one_question_settle_one_question(
    tmp_path: Path, make_session: MakeSession, happened: Happened
) -> None:
    answer = AnswerAdded(question="who.first", text="x", participant="Anna")
    events = happened(answer, answer, answer, QuestionSkipped(question="what.first"))
    summary = read_summary(create_session(tmp_path, make_session(), events))
    assert (summary.answers, summary.settled) == (3, 2)


def test_a_missing_directory_holds_no_sessions(tmp_path: Path) -> None:
    assert list_sessions(tmp_path / "none") == ([], [])


def test_a_sessions_directory_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotReadError, match=r"The sessions directory .* cannot be read: not a"):
        list_sessions(tmp_path / "file")


def test_a_sessions_directory_without_permission_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", refuse)
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(CannotReadError, match="cannot be read: permission denied"):
        list_sessions(tmp_path)


def test_files_that_cannot_be_read_are_listed_with_their_reason(
    tmp_path: Path, create: Create, meddle: Meddle
) -> None:
    good = create("good")
    (tmp_path / "empty.db").touch()
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "text.db").write_text("x" * 200)
    meddle(create("changed"), "CREATE TABLE extra (a)")
    summaries, unreadable = list_sessions(tmp_path)
    assert [s.path for s in summaries] == [good]
    assert len(unreadable) == 4
    reasons = {u.path.name: str(u.reason) for u in unreadable}
    assert "is empty" in reasons["empty.db"]
    assert "is a directory" in reasons["folder.db"]
    assert "is not a session file" in reasons["text.db"]
    assert all(isinstance(u.reason, BadFileError) for u in unreadable)


def test_other_and_hidden_files_are_ignored(tmp_path: Path, create: Create) -> None:
    create("good")
    for name in ("notes.txt", ".hidden.db", ".workshop-x.part", "README.md"):
        (tmp_path / name).write_text("not a session")
    summaries, unreadable = list_sessions(tmp_path)
    assert len(summaries) == 1
    assert unreadable == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE session SET questions = 'many'",
        "UPDATE session SET bank = '{'",
        "UPDATE event SET body = '{'",
        "DELETE FROM session",
    ],
)
def test_invalid_values_make_a_file_unreadable_but_not_the_list(
    tmp_path: Path, session_path: Path, meddle: Meddle, change: str
) -> None:
    meddle(session_path, change)
    summaries, unreadable = list_sessions(tmp_path)
    assert summaries == []
    assert [u.path for u in unreadable] == [session_path]
    assert "is damaged" in unreadable[0].reason.message


ESCAPES = "UPDATE session SET title = char(27) || '[31mred' || char(10) || 'two'"


def test_escape_codes_in_a_file_are_removed_from_its_summary(
    tmp_path: Path, make_session: MakeSession, meddle: Meddle
) -> None:
    # Without an event: the first link of the chain would tell of the change.
    path = create_session(tmp_path, make_session())
    meddle(path, ESCAPES)
    assert read_summary(path).title == "red two"


def test_a_session_whose_title_was_tampered_with_is_not_listed(
    tmp_path: Path, session_path: Path, meddle: Meddle
) -> None:
    meddle(session_path, ESCAPES)
    summaries, (broken,) = list_sessions(tmp_path)
    assert summaries == []
    assert "the record of event 1 of 6 was changed" in broken.reason.message


# ── which one is meant ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def acme(create: Create) -> Path:
    create("Bakery evening", after=1)
    return create("Acme 2027", after=5)


def test_without_a_query_the_last_changed_session_is_found(tmp_path: Path, acme: Path) -> None:
    assert find_session(tmp_path, None) == acme


def test_a_session_is_found_by_its_path(tmp_path: Path, acme: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    moved = acme.rename(elsewhere / "renamed.db")
    assert find_session(tmp_path, str(moved)) == moved


def test_a_session_is_found_by_its_file_name(tmp_path: Path, acme: Path) -> None:
    assert find_session(tmp_path, acme.name) == acme
    assert find_session(tmp_path, acme.stem) == acme


def test_a_session_is_found_by_its_short_id_or_the_beginning_of_it(
    tmp_path: Path, acme: Path
) -> None:
    short = read_summary(acme).short_id
    for words in (short, short[:4], short.upper(), f" {short} "):
        assert find_session(tmp_path, words) == acme


@pytest.mark.parametrize("words", ["Acme 2027", "acme", "ACME 20", "  a "])
def test_a_session_is_found_by_the_beginning_of_its_title(
    tmp_path: Path, acme: Path, words: str
) -> None:
    assert find_session(tmp_path, words) == acme


def test_a_whole_title_takes_precedence_over_the_beginning_of_another(
    tmp_path: Path, create: Create
) -> None:
    acme = create("Acme")
    create("Acme again")
    assert find_session(tmp_path, "acme") == acme


def test_an_ambiguous_query_lists_the_candidates(tmp_path: Path, create: Create) -> None:
    paths = [create("Acme one"), create("Acme two")]
    create("Bakery")
    with pytest.raises(NotFoundError, match="'acme' could be 2 sessions") as caught:
        find_session(tmp_path, "acme")
    for path in paths:
        summary = read_summary(path)
        assert f"{summary.short_id}  {summary.title}" in caught.value.hint
    assert "Bakery" not in str(caught.value)


def test_a_title_of_two_sessions_lists_both(tmp_path: Path, create: Create) -> None:
    for _ in range(2):
        create("Acme")
    with pytest.raises(NotFoundError, match="could be 2 sessions"):
        find_session(tmp_path, "Acme")


def test_copies_of_one_session_are_told_apart_by_their_files(tmp_path: Path, acme: Path) -> None:
    (tmp_path / "copy.db").write_bytes(acme.read_bytes())
    for words in ("acme", read_summary(acme).short_id):
        with pytest.raises(NotFoundError, match="could be one of 2 copies of a sess") as caught:
            find_session(tmp_path, words)
        assert caught.value.hint.startswith("Name one by its file:\n")
        assert "copy.db" in caught.value.hint
    assert find_session(tmp_path, "copy.db") == tmp_path / "copy.db"


def test_a_folder_is_not_reported_as_missing(
    tmp_path: Path, acme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    (here / "drafts").mkdir(parents=True)
    (here / "acme").mkdir()
    monkeypatch.chdir(here)
    assert find_session(tmp_path, "drafts") == Path("drafts")
    assert find_session(tmp_path, "here") == here
    monkeypatch.setenv("HOME", str(here))
    assert find_session(tmp_path, "~") == here
    assert find_session(tmp_path, "acme") == acme
    with pytest.raises(NotFoundError):
        find_session(tmp_path, "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_not_reported_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.db")
    assert find_session(tmp_path / "sessions", "pipe.db") == Path("pipe.db")


def test_a_long_list_of_candidates_is_cut(tmp_path: Path, create: Create) -> None:
    for n in range(23):
        create(f"Acme {n}")
    with pytest.raises(NotFoundError, match="could be 23 sessions") as caught:
        find_session(tmp_path, "acme")
    assert caught.value.hint.count("\n") == 21


def test_a_misspelt_name_lists_the_nearest_names(tmp_path: Path, acme: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no session 'Akme 2027'") as caught:
        find_session(tmp_path, "Akme 2027")
    assert f"{read_summary(acme).short_id}  Acme 2027" in caught.value.hint


def test_a_name_like_no_other_points_to_the_list(tmp_path: Path, acme: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_session(tmp_path, "zzzzzz")
    assert caught.value.hint == "'workshop list' shows what there is."


def test_an_empty_directory_points_to_the_command_that_begins_a_session(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no session in") as caught:
        find_session(tmp_path, None)
    assert "workshop new" in caught.value.hint


def test_a_damaged_session_is_found_by_its_id_and_reported(
    tmp_path: Path, acme: Path, meddle: Meddle
) -> None:
    short = read_summary(acme).short_id
    meddle(acme, "CREATE TABLE extra (a)")
    with pytest.raises(BadFileError, match="is damaged"):
        find_session(tmp_path, short)


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "\0",
        "a\0b",
        "x" * 10_000,
        "~nobody-of-that-name",
        "\x1b[31m",
        "\ud800",
        "*.db",
        "[/]",
        "%s{0}",
    ],
    ids=repr,
)
def test_control_characters_in_a_query_find_nothing_and_are_shown_as_text(
    tmp_path: Path, acme: Path, words: str
) -> None:
    with pytest.raises(NotFoundError, match="There is no session") as caught:
        find_session(tmp_path, words)
    assert "\x1b" not in str(caught.value)
    assert "\0" not in str(caught.value)
    assert len(caught.value.message) < len(str(tmp_path)) + 120
    assert str(caught.value).encode("utf-8")


@pytest.mark.parametrize("words", ["..", ".", "/"])
def test_a_directory_is_not_taken_for_a_session(
    tmp_path: Path, acme: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = find_session(tmp_path, words)
    assert path == Path(words)
    with pytest.raises(BadFileError, match="is a directory"):
        read_summary(path)


def test_a_path_to_nothing_is_reported_when_it_is_opened(tmp_path: Path) -> None:
    path = find_session(tmp_path, str(tmp_path / "gone" / "it.db"))
    with pytest.raises(NotFoundError, match="There is no file"):
        read_summary(path)


def test_a_folder_of_the_same_name_does_not_hide_a_title(
    tmp_path: Path, acme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acme").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_session(tmp_path, "acme") == acme
