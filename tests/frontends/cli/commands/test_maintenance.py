"""Taking care of session files at the command line: verify, rescue, backup and merge."""

import itertools
import shutil
from pathlib import Path

import pytest
from cli_support import Workshop, new_session

from workshop.errors import CannotReadError, CannotWriteError
from workshop.storage.integrity import verify as verifying


@pytest.fixture
def acme(workshop: Workshop) -> Path:
    """Return the file of a session with two answers."""
    path = new_session(workshop, "--title", "Acme", "--participant", "Anna")
    workshop("resume", path, "--plain", stdin="A start-up with drones\nOur own tenants\n")
    return Path(path)


@pytest.fixture
def damaged(acme: Path, tmp_path: Path) -> Path:
    """Return a copy of that file in which the event of the first answer reads differently."""
    raw = acme.read_bytes()
    assert raw.count(b'"A start-up with drones"') == 1
    copy = tmp_path / "damaged.db"
    copy.write_bytes(raw.replace(b'"A start-up with drones"', b'"A start-up with horses"'))
    return copy


def test_verify_says_that_a_session_is_sound_and_how_much_is_in_it(
    workshop: Workshop, acme: Path
) -> None:
    outcome = workshop("verify", "Acme")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"{acme}: sound: 5 events, 2 answers\n"


def test_verify_names_the_event_that_was_changed_and_those_that_are_sound(
    workshop: Workshop, damaged: Path
) -> None:
    before = damaged.read_bytes()
    outcome = workshop("verify", str(damaged))
    assert outcome.code == 4
    assert "damaged.db: damaged: the record of event 4 of 5 was changed." in outcome.out
    assert "Not sound: event 4." in outcome.out
    assert "Sound: 4 events, 1 answer." in outcome.out
    assert damaged.read_bytes() == before


def test_verify_checks_every_session_also_after_a_missing_one(
    workshop: Workshop, acme: Path, damaged: Path
) -> None:
    outcome = workshop("verify", "nothing.db", str(damaged), str(acme), "--json")
    assert outcome.code == 4
    missing, changed, sound = outcome.json
    assert list(missing) == list(changed) == list(sound)
    assert (missing["events"], missing["answers"], missing["sound_events"]) == (None, None, None)
    assert missing["unsound_events"] == []
    assert missing["sound"] is False
    assert "nothing.db" in missing["damage"][0]
    assert (changed["sound"], changed["unsound_events"]) == (False, [4])
    assert (sound["sound"], sound["events"], sound["damage"]) == (True, 5, [])


FAULTS = {"sound": 0, "missing": 3, "damaged": 4, "unreadable": 5, "unwritable": 6}
"""The exit code of each kind of file, checked alone."""


@pytest.fixture
def by_fault(acme: Path, damaged: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the path of a file of each kind."""
    files = {fault: damaged.with_name(f"{fault}.db") for fault in FAULTS}
    for fault in ("sound", "unreadable", "unwritable"):
        shutil.copyfile(acme, files[fault])
    really_verify = verifying.verify

    def verify(path: Path) -> verifying.Verdict:
        # Root may read every file, so the refusals of the system are made here.
        if path.stem == "unreadable":
            raise CannotReadError(f"{path} cannot be read: no permission.")
        if path.stem == "unwritable":
            raise CannotWriteError(f"No copy of {path} to look into can be made: no space left.")
        return really_verify(path)

    monkeypatch.setattr(verifying, "verify", verify)
    return {fault: str(path) for fault, path in files.items()}


def test_damage_decides_the_exit_code_of_verify_and_else_the_highest_code_does(
    workshop: Workshop, by_fault: dict[str, str]
) -> None:
    for number in (1, 2, 3):
        for faults in itertools.permutations(FAULTS, number):
            codes = {FAULTS[fault] for fault in faults}
            outcome = workshop("verify", *(by_fault[fault] for fault in faults))
            assert outcome.code == (4 if 4 in codes else max(codes)), faults


def test_rescue_writes_what_is_sound_and_says_what_is_not(
    workshop: Workshop, damaged: Path
) -> None:
    outcome = workshop("rescue", str(damaged), "-o", "saved.db")
    assert (outcome.code, outcome.out) == (7, "saved.db\n")
    assert "Saved: 4 events, 1 answer." in outcome.err
    assert "event 4, answer added by Facilitator: A start-up with horses" in outcome.err
    assert workshop("verify", "./saved.db").code == 0
    shown = workshop("show", "./saved.db").out
    assert "Our own tenants" in shown
    assert "horses" not in shown


def test_rescue_and_verify_name_events_of_an_answer_that_is_lost(
    workshop: Workshop, acme: Path, tmp_path: Path
) -> None:
    typed = "/edit 1 A start-up with whales\n/vote 1 3\n"
    workshop("resume", str(acme), "--plain", "--as", "Ben", stdin=typed)
    raw = acme.read_bytes().replace(b"A start-up with drones", b"A start-up with horses")
    (tmp_path / "torn.db").write_bytes(raw)
    outcome = workshop("rescue", "./torn.db", "-o", "saved.db")
    assert outcome.code == 7
    assert workshop("verify", "./saved.db").code == 0
    for said in (outcome.err, workshop("verify", "./saved.db").out):
        assert "no effect: the answer that it changes is not there. Ben changed it to " in said
        assert "“A start-up with whales” on 20" in said
        assert "no effect: the answer that it votes for is not there. Ben gave it 3 dots on" in said


def test_rescue_ends_with_0_only_where_everything_was_saved(
    workshop: Workshop, acme: Path, tmp_path: Path
) -> None:
    raw = acme.read_bytes()
    assert workshop("rescue", str(acme), "-o", "all.db").code == 0
    (tmp_path / "bit.db").write_bytes(raw.replace(b"with drones", b"with dronEs"))
    assert workshop("rescue", "./bit.db", "-o", "bits.db").code == 0
    (tmp_path / "torn.db").write_bytes(raw.replace(b"A start-up", b"Two grown-"))
    assert workshop("rescue", "./torn.db", "-o", "rest.db").code == 7
    (tmp_path / "headless.db").write_bytes(bytes(100) + raw[100:])  # no half-typed text
    assert workshop("rescue", "./headless.db", "-o", "sent.db").code == 7
    (tmp_path / "no.db").write_bytes(bytes(9_999))
    assert workshop("rescue", "./no.db", "-o", "none.db").code == 4


@pytest.mark.usefixtures("acme")
def test_rescue_and_merge_leave_an_existing_file_alone(
    workshop: Workshop, damaged: Path, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.db"
    letter.write_bytes(b"my letter")
    for command in (("rescue", str(damaged)), ("merge", "Acme", "Acme")):
        outcome = workshop(*command, "-o", "letter.db")
        assert (outcome.code, outcome.out) == (6, "")
        assert "letter.db is there already" in outcome.err
        assert letter.read_bytes() == b"my letter"


def test_backup_into_a_folder_keeps_the_files_name(
    workshop: Workshop, acme: Path, tmp_path: Path
) -> None:
    (tmp_path / "copies").mkdir()
    outcome = workshop("backup", "Acme", "-o", "copies")
    assert (outcome.code, outcome.out) == (0, f"copies/{acme.name}\n")
    assert outcome.err == "Copied and checked: 5 events, 2 answers.\n"
    assert workshop("show", f"copies/{acme.name}").code == 0


@pytest.mark.usefixtures("acme")
def test_a_missing_folder_does_not_become_a_file(workshop: Workshop, tmp_path: Path) -> None:
    outcome = workshop("backup", "Acme", "-o", "copies/")
    assert (outcome.code, outcome.out) == (6, "")
    assert "There is no folder copies." in outcome.err
    assert not (tmp_path / "copies").exists()


def test_merge_keeps_both_wordings_of_an_answer(
    workshop: Workshop, acme: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    shutil.copyfile(acme, other)
    workshop("resume", str(acme), "--plain", stdin="/edit 1 A start-up with horses\n")
    workshop("resume", str(other), "--plain", stdin="/edit 1 A start-up with whales\n")
    outcome = workshop("merge", str(acme), str(other), "-o", "both.db")
    assert (outcome.code, outcome.out) == (0, "both.db\n")
    assert "Answer 1 was changed in both copies" in outcome.err
    shown = workshop("show", "./both.db").out
    for words in ("with horses", "with whales", "Our own tenants"):
        assert shown.count(words) == 1


def test_merge_says_which_of_two_new_titles_counts(
    workshop: Workshop, acme: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    shutil.copyfile(acme, other)
    workshop("rename", str(acme), "Zenith")
    workshop("resume", str(other), "--plain", stdin="One more\n/title Summit\n")
    outcome = workshop("merge", str(acme), str(other), "-o", "both.db")
    assert "Renamed in both copies: “Summit” counts now, and not “Zenith”." in outcome.err
    assert workshop("show", "./both.db").out.startswith("Summit\n")


def test_merge_keeps_both_reasons_to_skip_a_question_in_sight(
    workshop: Workshop, acme: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    workshop("resume", str(acme), "--plain", stdin="/goto channels\n")
    shutil.copyfile(acme, other)
    workshop("resume", str(acme), "--plain", stdin="/skip no money until May, says Ben\n")
    workshop("resume", str(other), "--plain", stdin="/skip the law forbids it, says Zoe\n")
    outcome = workshop("merge", str(acme), str(other), "-o", "both.db")
    assert (outcome.code, outcome.out) == (0, "both.db\n")
    assert "Skipped for two reasons" in outcome.err
    workshop("export", "./both.db", "--format", "md", "-o", "both.md")
    shown, report = workshop("show", "./both.db").out, (tmp_path / "both.md").read_text("utf-8")
    for words in ("no money until May, says Ben", "the law forbids it, says Zoe"):
        for said in (outcome.err, shown, report):
            assert words in said


def test_merge_says_that_a_question_was_skipped_in_one_copy_alone(
    workshop: Workshop, acme: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    workshop("resume", str(acme), "--plain", stdin="/goto channels\n")
    shutil.copyfile(acme, other)
    workshop("resume", str(acme), "--plain", stdin="/skip no money until May, says Ben\n")
    workshop("resume", str(other), "--plain", stdin="We sell to tenants\n")
    outcome = workshop("merge", str(acme), str(other), "-o", "both.db")
    assert "Skipped for a reason in one copy alone" in outcome.err
    assert "no money until May, says Ben" in outcome.err
    assert "no money until May, says Ben" in workshop("show", "./both.db").out


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("command", ["rescue Acme", "backup Acme", "merge Acme Acme"])
def test_a_new_file_must_be_named(workshop: Workshop, command: str) -> None:
    for missing in ((), ("-o", ""), ("-o", "-")):
        outcome = workshop(*command.split(), *missing)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err.count("\n") == 1
        assert not Path("-").exists()


# ── rolling backups ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def backed_up(workshop: Workshop, acme: Path) -> Path:
    """Return the backup of that session, with its two answers."""
    workshop("resume", str(acme), "--plain", stdin="A third one\n")
    return max((acme.parent / "backups").iterdir())


def test_rescue_and_verify_name_the_sound_backups(
    workshop: Workshop, acme: Path, backed_up: Path
) -> None:
    workshop("resume", str(acme), "--plain", stdin="A fourth one\n")
    newest = max((acme.parent / "backups").iterdir())
    acme.write_bytes(acme.read_bytes().replace(b'"A start-up', b'"Two grown-'))
    checked = workshop("verify", str(acme))
    assert checked.code == 4
    assert f"is sound, with 3 answers: {newest}\n" in checked.out
    assert str(backed_up) not in checked.out
    rescued = workshop("rescue", str(acme), "-o", "saved.db")
    assert rescued.code == 7
    first, second, _ = (line for line in rescued.err.splitlines() if "backup" in line)
    assert first.endswith(f"is sound, with 3 answers: {newest}")
    assert second.endswith(f"is sound, with 2 answers: {backed_up}")


def test_where_nothing_can_be_rescued_the_hint_names_the_sound_backup(
    workshop: Workshop, acme: Path, backed_up: Path
) -> None:
    acme.write_bytes(bytes(acme.stat().st_size))
    outcome = workshop("rescue", str(acme), "-o", "saved.db")
    assert outcome.code == 4
    assert "holds nothing of a session" in outcome.err
    assert f"is sound, with 2 answers: {backed_up}" in outcome.err
    for backup in backed_up.parent.iterdir():
        backup.write_bytes(b"gone")
    outcome = workshop("rescue", str(acme), "-o", "saved.db")
    assert (outcome.code, "backup" in outcome.err) == (4, False)


def test_a_failed_backup_is_said_in_line_mode_and_answers_are_saved(
    workshop: Workshop, acme: Path
) -> None:
    shutil.rmtree(acme.parent / "backups")
    (acme.parent / "backups").write_text("theirs")
    outcome = workshop("resume", str(acme), "--plain", stdin="A third one\n")
    assert outcome.code == 0
    assert outcome.err.count("This session was not backed up before going on.") == 1
    assert "3 answers" in workshop("verify", str(acme)).out


# ── delete ───────────────────────────────────────────────────────────────────────────────────


def test_delete_moves_a_session_to_the_trash_and_says_how_to_have_it_back(
    workshop: Workshop, acme: Path, backed_up: Path
) -> None:
    outcome = workshop("delete", "Acme")
    target = acme.parent / "trash" / acme.name
    assert (outcome.code, outcome.out) == (0, f"{target}\n")
    assert f"To have it back, move the file to {acme.parent} again." in outcome.err
    assert not backed_up.parent.exists()
    assert workshop("show", "Acme").code == 3
    assert workshop("delete", "Acme").code == 3
    target.rename(acme)
    assert workshop("show", "Acme").code == 0


def test_delete_forever_asks_on_a_terminal(workshop: Workshop, acme: Path, backed_up: Path) -> None:
    for answer in ("\n", "n\n", "no\n"):
        outcome = workshop("delete", "Acme", "--forever", stdin=answer, at_terminal=True)
        assert outcome.code == 0
        assert "Nothing was deleted." in outcome.err
        assert acme.exists()
    outcome = workshop("delete", "Acme", "--forever", stdin="y\n", at_terminal=True)
    assert outcome.code == 0
    assert not acme.exists()
    assert not backed_up.parent.exists()


def test_delete_forever_asks_nobody_only_with_yes(workshop: Workshop, acme: Path) -> None:
    outcome = workshop("delete", "Acme", "--forever", stdin="y\n")
    assert outcome.code == 2
    assert "add --yes" in outcome.err
    assert acme.exists()
    assert workshop("delete", "Acme", "--forever", "--yes").code == 0
    assert not acme.exists()


def test_delete_leaves_a_session_where_there_can_be_no_trash(
    workshop: Workshop, acme: Path
) -> None:
    (acme.parent / "trash").write_text("theirs")
    outcome = workshop("delete", "Acme")
    assert outcome.code == 6
    assert "cannot be moved to" in outcome.err
    assert outcome.err.count("\n") == 1
    assert workshop("show", "Acme").code == 0
