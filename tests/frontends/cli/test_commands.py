"""The commands: what each prints, where, and with which exit code."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import mammoth
import pytest
from cli_support import ALIGNMENT, IT, Workshop, new_session

from workshop import __version__
from workshop.banks.registry import shipped_banks

HEAVY = {
    "docx", "lxml", "pptx", "prompt_toolkit", "pydantic", "questionary", "ruamel", "sqlite_utils",
    "textual",
}  # fmt: skip


# ── what is loaded ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_none_of_the_heavy_packages(option: str) -> None:
    code = (
        "import sys, json\n"
        f"sys.argv = ['workshop', '{option}']\n"
        "from workshop.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as left: assert not left.code\n"
        "sys.stderr.write(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in json.loads(done.stderr)}
    assert "click" in loaded
    assert not loaded & HEAVY
    assert done.stdout


def test_listing_sessions_loads_neither_screen_nor_report_writer(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['workshop', '--sessions', {str(tmp_path)!r}, 'list']\n"
        "from workshop.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"textual", "questionary", "docx"}


# ── help and version ─────────────────────────────────────────────────────────────────────────


def test_version_prints_the_version(workshop: Workshop) -> None:
    assert workshop("--version").out == f"workshop {__version__}\n"


@pytest.mark.parametrize(
    "command",
    [[], ["new"], ["resume"], ["list"], ["show"], ["report"], ["export"], ["import"], ["banks"]],
)
def test_every_command_explains_itself(workshop: Workshop, command: list[str]) -> None:
    outcome = workshop(*command, "--help")
    assert outcome.code == 0
    assert outcome.out.startswith("Usage: workshop")
    assert max(map(len, outcome.out.splitlines())) <= 90


def test_without_a_terminal_the_menu_points_to_the_help(workshop: Workshop) -> None:
    outcome = workshop()
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert "workshop --help" in outcome.err


# ── new ──────────────────────────────────────────────────────────────────────────────────────


def test_new_without_opening_prints_the_path_and_nothing_else(workshop: Workshop) -> None:
    outcome = workshop("new", IT, "--no-open", "--title", "Acme 2027")
    assert outcome.err == ""
    path = Path(outcome.out.removesuffix("\n"))
    assert path.is_file()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-acme-2027-[0-9a-f]{8}\.db", path.name)


def test_a_session_without_a_title_has_its_banks_title_and_the_date(workshop: Workshop) -> None:
    path = new_session(workshop)
    shown = workshop("show", path, "--json").json
    assert re.fullmatch(r"The IT Business Model Canvas, \d{1,2} \w+ \d{4}", shown["title"])
    assert shown["mode"] == "group"


def test_new_keeps_everything_that_was_asked_for(workshop: Workshop) -> None:
    path = new_session(
        workshop,
        *("--title", "Acme", "--mode", "solo", "--level", "lower", "--name", "higher=Acme Corp"),
        *("--name", "Lower Model=Team Blue", "--participant", "Anna", "--participant", "Ben"),
        *("--participant", "ANNA"),
        bank=ALIGNMENT,
    )
    shown = workshop("show", path, "--json").json
    assert shown["mode"] == "solo"
    assert shown["level"] == "lower"
    assert shown["names"] == {"higher": "Acme Corp", "lower": "Team Blue"}
    assert shown["participants"] == ["Anna", "Ben"]
    assert shown["progress"]["questions"] == 9


def test_a_quick_run_asks_fewer_questions(workshop: Workshop) -> None:
    quick = workshop("show", new_session(workshop, "--quick"), "--json").json
    assert 0 < quick["progress"]["questions"] < 46
    assert quick["quick"] is True


def test_the_first_participant_speaks_in_a_session_for_one(workshop: Workshop) -> None:
    path = new_session(workshop, "--mode", "solo", "--participant", "Anna")
    workshop("resume", path, "--plain", stdin="Ours\n")
    (answer,) = workshop("show", path, "--json").json["blocks"][0]["questions"][0]["answers"]
    assert answer["participant"] == "Anna"


def test_new_opens_the_session_line_by_line_where_there_is_no_terminal(workshop: Workshop) -> None:
    outcome = workshop("new", IT, "--title", "Acme", stdin="An answer\n")
    assert outcome.code == 0
    assert "saved 1" in outcome.out.splitlines()


def test_the_sessions_option_sets_the_folder(workshop: Workshop, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    outcome = workshop("--sessions", str(elsewhere), "new", IT, "--no-open")
    assert Path(outcome.out.strip()).parent == elsewhere
    assert len(workshop("--sessions", str(elsewhere), "list", "--json").json) == 1
    assert workshop("list", "--json").json == []


# ── resume ───────────────────────────────────────────────────────────────────────────────────


def test_resume_without_a_name_opens_the_last_changed(workshop: Workshop) -> None:
    first = new_session(workshop, "--title", "First")
    new_session(workshop, "--title", "Second")
    workshop("resume", "First", "--plain", stdin="Something\n")
    outcome = workshop("resume", "--plain", stdin="Something more\n")
    assert "saved 2" in outcome.out.splitlines()
    assert workshop("show", first, "--json").json["progress"]["answers"] == 2


def test_resume_lets_the_one_named_speak(workshop: Workshop) -> None:
    path = new_session(workshop, "--participant", "Anna")
    workshop("resume", path, "--as", "anna", "--plain", stdin="Mine\n")
    shown = workshop("show", path, "--json").json
    assert shown["blocks"][0]["questions"][0]["answers"][0]["participant"] == "Anna"


# ── list ─────────────────────────────────────────────────────────────────────────────────────


def test_the_list_is_a_table_of_eighty_columns(workshop: Workshop) -> None:
    new_session(workshop, "--title", "Acme 2027")
    new_session(workshop, "--title", "日本語の題" * 20, bank=ALIGNMENT)
    workshop("resume", "Acme", "--plain", stdin="One\n\nTwo\n")
    outcome = workshop("list")
    acme, below = outcome.out.splitlines()[:2]
    assert re.fullmatch(r"Acme 2027 +\d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d   [0-9a-f]{8}", acme)
    assert re.fullmatch(r"  The IT Business Model Canvas +2 of 46 questions +2 answers", below)
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert "sessions" in outcome.err


def test_the_list_for_programs_has_every_field(workshop: Workshop) -> None:
    path = new_session(workshop, "--title", "Acme")
    workshop("resume", path, "--plain", stdin="One\nTwo\n\n/skip later\n")
    (entry,) = workshop("list", "--json").json
    assert set(entry) == {
        "id", "short_id", "title", "bank", "mode", "path", "created", "changed", "questions",
        "settled", "answers",
    }  # fmt: skip
    assert entry["path"] == path
    assert entry["bank"] == IT
    assert (entry["questions"], entry["settled"], entry["answers"]) == (46, 2, 2)
    assert entry["id"].startswith(entry["short_id"])


def test_a_list_with_nothing_in_it_says_how_to_begin(workshop: Workshop) -> None:
    outcome = workshop("list")
    assert outcome.code == 0
    assert outcome.out == ""
    assert "workshop new BANK" in outcome.err


# ── show ─────────────────────────────────────────────────────────────────────────────────────


def test_show_prints_answers_skipped_and_open_questions(workshop: Workshop) -> None:
    path = new_session(workshop, "--title", "Acme", "--participant", "Anna")
    workshop("resume", path, "--plain", stdin="One\\\nof two lines\n@Anna Two\n\n/skip no data\n")
    out = workshop("show", "Acme").out
    bank = next(bank for bank in shipped_banks() if bank.id == IT)
    for question in bank.questions.values():
        assert question.ask in out
    for said in ("1 One", "       of two lines\n", "2 Two (Anna)", "Skipped: no data", path):
        assert said in out
    assert "2 of 46 questions, 2 answers" in out
    assert "Still open: 44 questions" in out


def test_show_prints_dots_parked_points_and_actions(workshop: Workshop) -> None:
    path = new_session(workshop, "--participant", "Anna")
    lines = "One\n/vote 1 3\n/park What\n/action Call @anna by 3 May\n/action Wait\n"
    workshop("resume", path, "--plain", "--as", "Anna", stdin=lines)
    out = workshop("show", path).out
    assert "     1 One (Anna) · 3 dots\n" in out
    assert "\nParked points\n  - What (Anna, Customer Environment)\n" in out
    assert "\nActions\n  - Call (Anna, by 3 May)\n  - Wait\n" in out
    shown = workshop("show", path, "--json").json
    assert shown["blocks"][0]["questions"][0]["answers"][0]["dots"] == 3
    (point,) = shown["parked"]
    assert (point["text"], point["question"], point["participant"]) == (
        "What", shown["blocks"][0]["questions"][0]["id"], "Anna",
    )  # fmt: skip
    assert [(a["text"], a["owner"], a["due"]) for a in shown["actions"]] == [
        ("Call", "Anna", "3 May"),
        ("Wait", None, None),
    ]


def test_a_file_of_an_older_version_is_listed_shown_and_reported_as_it_is(
    workshop: Workshop, tmp_path: Path
) -> None:
    kept = Path(__file__).parents[2] / "data" / "session-v1.db"
    old = Path(shutil.copy(kept, tmp_path / "old.db"))
    assert "Harbour 2027" in workshop("--sessions", str(tmp_path), "list").out
    assert "Berths are booked" in workshop("show", str(old)).out
    workshop("report", str(old), "-o", str(tmp_path / "old.docx"))
    assert old.read_bytes() == kept.read_bytes()
    assert sorted(path.name for path in tmp_path.glob("old*")) == ["old.db", "old.docx"]


def test_show_for_programs_walks_the_blocks_in_order(workshop: Workshop) -> None:
    path = new_session(workshop, bank=ALIGNMENT)
    shown = workshop("show", path, "--json").json
    bank = next(bank for bank in shipped_banks() if bank.id == ALIGNMENT)
    assert [(b["level"], b["id"]) for b in shown["blocks"]] == [
        (step.level.id, step.block.id) for step in bank.steps() if step.level
    ]
    assert shown["bank"] == {"id": ALIGNMENT, "version": bank.version, "title": bank.title}
    assert shown["position"] is not None
    assert shown["orphans"] == []


def test_show_reads_a_session_that_is_open_elsewhere(workshop: Workshop) -> None:
    from workshop.client import Client
    from workshop.live_session import LiveSession

    path = new_session(workshop)
    live_session = LiveSession.open(Path(path))
    try:
        client = Client(live_session)
        client.commit(client.propose("Said just now")).result()
        assert "Said just now" in workshop("show", path).out
    finally:
        live_session.close()


# ── banks ────────────────────────────────────────────────────────────────────────────────────


def test_banks_names_each_bank_and_its_size(workshop: Workshop) -> None:
    out = workshop("banks").out
    assert f"{IT}\n  13 blocks, 46 questions, about 1 h 32 min, version 1" in out
    assert f"{ALIGNMENT}\n  9 blocks, 18 questions" in out
    entries = workshop("banks", "--json").json
    assert {entry["id"]: entry["questions"] for entry in entries} == {IT: 46, ALIGNMENT: 18}


@pytest.mark.parametrize("bank", shipped_banks(), ids=lambda bank: bank.id)
def test_a_bank_for_programs_is_whole_and_in_walk_order(workshop: Workshop, bank: object) -> None:
    shown = workshop("banks", "show", bank.id, "--json").json
    assert list(shown) == [
        "id", "version", "title", "subtitle", "language", "levels", "walk", "blocks",
    ]  # fmt: skip
    questions = [q for block in shown["blocks"] for q in block["questions"]]
    assert {q["id"]: q["ask"] for q in questions} == {a: q.ask for a, q in bank.questions.items()}
    assert sorted(shown["walk"]) == sorted(bank.questions)
    first = list(dict.fromkeys(address.partition(".")[0] for address in shown["walk"]))
    assert [block["id"] for block in shown["blocks"]] == first
    assert set(questions[0]) == {
        "id", "level", "ask", "core", "help", "example", "aspects", "horizon",
    }  # fmt: skip


def test_a_bank_for_people_has_every_question(workshop: Workshop) -> None:
    out = workshop("banks", "show", "it").out
    bank = next(bank for bank in shipped_banks() if bank.id == IT)
    for question in bank.questions.values():
        assert question.ask in out


# ── the main job, by pipe ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("bank", "questions"), [(IT, 46), (ALIGNMENT, 18)])
def test_one_reply_to_each_question_by_pipe_makes_a_whole_session_and_report(
    bank: str, questions: int, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "workshop", "--sessions", str(tmp_path / "sessions")]

    def run(*arguments: str, stdin: str = "") -> str:
        done = subprocess.run(
            [*command, *arguments], input=stdin, capture_output=True, text=True, cwd=tmp_path,
            check=True,
        )  # fmt: skip
        return done.stdout

    path = run("new", bank, "--no-open", "--title", "Acme").strip()
    replies = "".join(f"Answer to question {n}\n\n" for n in range(1, questions + 1))
    said = run("resume", path, "--plain", stdin=replies).splitlines()
    assert [line for line in said if line.startswith("saved ")] == [
        f"saved {n}" for n in range(1, questions + 1)
    ]

    import sqlite3

    asked = next(b for b in shipped_banks() if b.id == bank).questions
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT number, question, ask, answer FROM answers").fetchall()
    connection.close()
    assert [(number, answer) for number, _, _, answer in rows] == [
        (n, f"Answer to question {n}") for n in range(1, questions + 1)
    ]
    assert {question: ask for _, question, ask, _ in rows} == {a: q.ask for a, q in asked.items()}

    report = run("report", "Acme", "-o", "report.docx").strip()
    with (tmp_path / report).open("rb") as file:
        read = mammoth.extract_raw_text(file).value
    for question in asked.values():
        assert question.ask in read
    for n in range(1, questions + 1):
        assert f"Answer to question {n}" in read


# ── text from outside ────────────────────────────────────────────────────────────────────────

HOSTILE = [
    "\x1b[31mred\x1b[0m \x1b]0;owned\x07",
    "TODO [/] later [@click=app.quit] <b>%s %d {0}",
    "\u202egnp.exe \u05e9\u05dc\u05d5\u05dd مرحبا",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1f3\U0001f1f1 e\u0301",
    "lone \ud83d surrogate \udcff",
    "one\ntwo\r\nthree\x00\x9b",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_and_names_are_shown_as_plain_text(workshop: Workshop, text: str) -> None:
    path = new_session(workshop, "--title", f"T {text}", "--participant", f"P {text}"[:60])
    workshop("resume", path, "--plain", stdin="/next\n")
    for arguments in (["list"], ["show", path], ["list", "--json"], ["show", path, "--json"]):
        outcome = workshop(*arguments)
        assert outcome.code == 0
        both = outcome.out + outcome.err
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", both)
    title = workshop("list", "--json").json[0]["title"]
    assert title.startswith("T ")
    if text.startswith("TODO"):
        assert title == f"T {text}"


def test_a_terminal_without_unicode_gets_escaped_characters(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "workshop", "--sessions", str(tmp_path)]
    subprocess.run(
        [*command, "new", "it", "--no-open", "--title", "Zoë – 日本"], check=True,
        capture_output=True, env=environment,
    )  # fmt: skip
    for arguments in (["list"], ["show", "Zo"], ["list", "--json"], ["resume", "--plain"]):
        done = subprocess.run(
            [*command, *arguments],
            check=False,
            capture_output=True,
            env=environment,
            input=b"\xff\xfe\n",
        )
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
    listed = subprocess.run(
        [*command, "list", "--json"], capture_output=True, env=environment, check=True
    )
    assert json.loads(listed.stdout)[0]["title"] == "Zoë – 日本"
