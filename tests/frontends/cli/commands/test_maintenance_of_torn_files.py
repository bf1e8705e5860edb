"""verify, rescue, backup and merge with what is odd: torn files, hostile words, odd names."""

import shutil
from pathlib import Path

import pytest
from cli_support import Workshop, new_session
from damage_support import event_rows, long_session, records_in
from store_support import Writer

from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    Event,
    VoteCast,
)


@pytest.fixture
def path(workshop: Workshop) -> Path:
    """A new session of three answers."""
    path = Path(new_session(workshop, "--title", "Acme 2027"))
    happens(path, "Anna", *(added(text) for text in ("Rye", "Oats", "Salt")))
    return path


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """A long session of which one event was written over."""
    content = bytearray(long_session())
    row = event_rows(long_session())[6]
    content[row.offset + 60 : row.offset + 90] = b"\x1b[31m" * 6
    path = tmp_path / "torn.db"
    path.write_bytes(content)
    return path


def added(text: str) -> AnswerAdded:
    return AnswerAdded(question="key_partners.strategic_alliances", text=text, participant="Anna")


def happens(path: Path, actor: str, *bodies: AnyBody) -> None:
    with Writer.open(path) as file:
        place = len(file.events())
        file.add(
            [
                Event(f"{actor}{place + n}", "2027-03-01T09:00:00.000Z", actor, body)
                for n, body in enumerate(bodies, 1)
            ]
        )


# ── verify ───────────────────────────────────────────────────────────────────────────────────


def test_verify_says_what_is_damaged_what_is_sound_and_what_to_do(
    workshop: Workshop, torn: Path
) -> None:
    outcome = workshop("verify", str(torn))
    assert outcome.code == 4
    assert outcome.out.splitlines() == [
        f"{torn}: damaged: the record of event 7 of 100 was changed.",
        "  Not sound: event 7.",
        "  Sound: 99 events, 51 answers. 'workshop rescue' writes them to a new file.",
    ]


def test_verify_goes_on_after_a_missing_session(workshop: Workshop, path: Path) -> None:
    outcome = workshop("verify", "nobody", str(path))
    assert outcome.code == 3
    assert outcome.out == f"{path}: sound: 3 events, 3 answers\n"
    assert "There is no session 'nobody'" in outcome.err


def test_verify_prints_the_same_facts_in_json_as_in_text(
    workshop: Workshop, path: Path, torn: Path
) -> None:
    happens(path, "Anna", AnswerEdited(answer="gone", text="x"))
    remark = (
        "Event 4 has no effect: the answer that it changes is not there. "
        "Anna changed it to “x” on 2027-03-01 at 09:00 UTC."
    )
    sound, damaged = workshop("verify", "--json", str(path), str(torn)).json
    assert sound == {
        "path": str(path),
        "sound": True,
        "events": 4,
        "answers": 3,
        "sound_events": 4,
        "unsound_events": [],
        "damage": [],
        "remarks": [remark],
    }
    assert damaged == {
        "path": str(torn),
        "sound": False,
        "events": 100,
        "answers": 51,
        "sound_events": 99,
        "unsound_events": [7],
        "damage": ["the record of event 7 of 100 was changed"],
        "remarks": [],
    }
    lines = workshop("verify", str(path)).out.splitlines()
    assert lines[1:] == [f"  {remark}"]


# ── rescue ───────────────────────────────────────────────────────────────────────────────────


def test_rescue_says_what_it_left_out(workshop: Workshop, torn: Path) -> None:
    outcome = workshop("rescue", str(torn), "-o", "new.db")
    assert (outcome.code, outcome.out) == (7, "new.db\n")
    lines = outcome.err.splitlines()
    assert lines[:3] == [
        "Saved: 99 events, 51 answers.",
        "Not saved: event 7.",
        "Left out, because nothing proves that this is what was written:",
    ]
    assert lines[3].startswith("  event 7, ")
    assert lines[4].startswith("Saved, but without effect in the new file")
    assert len(lines[5:]) == 3
    assert all(" has no effect: " in line for line in lines[5:])
    assert len(records_in(Path("new.db"))) == 99


def test_rescue_says_what_it_corrected(workshop: Workshop) -> None:
    Path("x.db").write_bytes(long_session().replace(b'"text":"', b'"text":#', 1))  # one bit
    outcome = workshop("rescue", "x.db", "-o", "new.db")
    assert outcome.code == 0
    lines = outcome.err.splitlines()
    assert lines[0] == "Saved: 100 events, 51 answers."
    assert lines[1] == "Corrected, where a single bit was flipped:"
    assert ", answer added by " in lines[2]


def test_rescue_takes_a_bank(workshop: Workshop, torn: Path) -> None:
    assert workshop("rescue", str(torn), "-o", "new.db", "--bank", "it").code == 7
    outcome = workshop("rescue", str(torn), "-o", "other.db", "--bank", "nobody's")
    assert outcome.code == 3
    assert "There is no bank called" in outcome.err


def test_rescue_never_writes_over_the_damaged_file(workshop: Workshop, torn: Path) -> None:
    before = torn.read_bytes()
    outcome = workshop("rescue", str(torn), "-o", str(torn))
    assert outcome.code == 6
    assert torn.read_bytes() == before


# ── backup ───────────────────────────────────────────────────────────────────────────────────


def test_backup_replaces_a_file_only_when_told_to(workshop: Workshop, path: Path) -> None:
    Path("copy.db").write_text("somebody's")
    outcome = workshop("backup", "acme", "-o", "copy.db")
    assert outcome.code == 6
    assert "or replace it with --force." in outcome.err
    assert Path("copy.db").read_text() == "somebody's"
    assert workshop("backup", "acme", "-o", "copy.db", "--force").code == 0
    assert records_in(Path("copy.db")) == records_in(path)


def test_backup_refuses_a_damaged_session(workshop: Workshop, torn: Path) -> None:
    outcome = workshop("backup", str(torn), "-o", "copy.db")
    assert outcome.code == 4
    assert "'workshop rescue' saves that." in outcome.err
    assert not Path("copy.db").exists()


# ── merge ────────────────────────────────────────────────────────────────────────────────────


def test_merge_names_answers_changed_in_both_copies_and_new_numbers(
    workshop: Workshop, path: Path
) -> None:
    shutil.copyfile(path, "b.db")
    rye = records_in(path)[0].id
    happens(path, "Anna", AnswerEdited(answer=rye, text="Dark rye"), added("Bread"))
    happens(Path("b.db"), "Ben", AnswerEdited(answer=rye, text="Light\nrye"), added("Cake"))
    outcome = workshop("merge", "acme", "b.db", "-o", "c.db")
    lines = outcome.err.splitlines()
    assert lines[:2] == [
        "United: 8 events, 6 answers.",
        "Answer 1 was changed in both copies; delete the wording that you do not want:",
    ]
    assert [line.split()[0] for line in lines[2:4]] == ["1", "2"]
    assert {line.partition(" says ")[2] for line in lines[2:4]} == {"“Dark rye”", "“Light rye”"}
    assert lines[4:] == ["Some answers have other numbers now than in the copies."]
    assert workshop("merge", "b.db", "acme", "-o", "d.db").code == 0
    assert Path("c.db").read_bytes() == Path("d.db").read_bytes()


def test_merge_names_all_wordings_of_an_answer_in_whatever_order_copies_are_united(
    workshop: Workshop, path: Path
) -> None:
    rye = records_in(path)[0].id
    for name in ("Anna", "Ben", "Cem"):
        shutil.copyfile(path, f"{name}.db")
        happens(Path(f"{name}.db"), name, AnswerEdited(answer=rye, text=f"rye of {name}"))
    for new, *orders in (
        ("x.db", ("Anna.db", "Ben.db", "1.db"), ("1.db", "Cem.db", "x.db")),
        ("y.db", ("Ben.db", "Cem.db", "2.db"), ("Anna.db", "2.db", "y.db")),
    ):
        for one, other, target in orders:
            outcome = workshop("merge", one, other, "-o", target)
        lines = outcome.err.splitlines()
        assert lines[1] == (
            "Answer 1 was changed in several copies; delete the wordings that you do not want:"
        )
        assert [line.split()[0] for line in lines[2:5]] == ["1", "2", "3"]
        shown = workshop("show", f"./{new}").out
        for line in lines[2:5]:
            number, words = line.split(" says ")
            assert f"{number.strip()} {words[1:-1]}" in shown


def test_merge_names_a_restored_answer_once(workshop: Workshop, path: Path) -> None:
    shutil.copyfile(path, "b.db")
    first, second = [r.id for r in records_in(path)[:2]]
    edits = [AnswerEdited(answer=a, text=f"new {n}") for n, a in enumerate((first, second))]
    happens(path, "Anna", *edits)
    happens(Path("b.db"), "Ben", *(AnswerRemoved(answer=a) for a in (first, second)))
    lines = workshop("merge", "acme", "b.db", "-o", "c.db").err.splitlines()
    assert lines[1] == "Deleted in one copy and changed in the other, so restored:"
    assert {line.partition(" says ")[2] for line in lines[2:4]} == {"“new 0”", "“new 1”"}
    assert "Deleted" not in "".join(lines[2:])


def test_merge_names_the_dots_that_are_deleted(workshop: Workshop, path: Path) -> None:
    first, second = [r.id for r in records_in(path)[:2]]
    happens(path, "Anna", VoteCast(answer=first, dots=1))
    shutil.copyfile(path, "b.db")
    happens(path, "Anna", VoteCast(answer=first, dots=5), VoteCast(answer=second, dots=2))
    happens(Path("b.db"), "Ben", AnswerRemoved(answer=first))
    lines = workshop("merge", "acme", "b.db", "-o", "c.db").err.splitlines()
    assert lines[1:] == [
        "Deleted in one copy and given dots in the other, so deleted with those dots:",
        "  “Rye”: 5 dots",
    ]


def test_merge_refuses_two_sessions(workshop: Workshop, path: Path) -> None:
    other = new_session(workshop, "--title", "Another")
    outcome = workshop("merge", str(path), other, "-o", "c.db")
    assert outcome.code == 4
    assert "are two sessions, not two copies of one" in outcome.err
    assert not Path("c.db").exists()


# ── all of them ──────────────────────────────────────────────────────────────────────────────

HOSTILE = ["\x1b[2Jcleared", "[/red] [b]", "\u202egnp.exe", "=HYPERLINK(1)", "x" * 3_000, "a\x07b"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_said_is_shown_as_text_and_not_at_length(
    workshop: Workshop, path: Path, text: str
) -> None:
    shutil.copyfile(path, "b.db")
    rye = records_in(path)[0].id
    happens(path, text[:50], AnswerEdited(answer=rye, text=f"{text} one"))
    happens(Path("b.db"), "Ben", AnswerEdited(answer=rye, text=f"{text} two"))
    Path("torn.db").write_bytes(path.read_bytes().replace(b" one", b" o##"))
    for code, *arguments in (
        (0, "merge", "acme", "b.db", "-o", "c.db"),
        (4, "verify", "torn.db"),
        (7, "rescue", "torn.db", "-o", "new.db"),
    ):
        outcome = workshop(*arguments)
        assert outcome.code == code
        assert not set("\x1b\x07\u202e") & set(outcome.err + outcome.out)
        assert max(map(len, (outcome.out + outcome.err).splitlines())) < 400


@pytest.mark.parametrize("name", ["50% of it.db", "who?\n.db", "a#b.db", "ü 🥖.db"])
def test_files_may_have_odd_names(workshop: Workshop, path: Path, name: str) -> None:
    odd = path.parent / name
    path.rename(odd)
    for arguments in (
        ["verify", str(odd)],
        ["backup", str(odd), "-o", f"copy {name}"],
        ["rescue", str(odd), "-o", f"new {name}"],
        ["merge", str(odd), f"copy {name}", "-o", f"union {name}"],
    ):
        outcome = workshop(*arguments)
        assert outcome.code == 0, outcome.err
    assert records_in(Path(f"union {name}")) == records_in(odd)
