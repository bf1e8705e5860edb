"""The front door: the menu behind a bare `workshop`.

It asks a few questions, opens the conversation, and is there again when the conversation is left.
Nothing is made before the last question is answered, so that Ctrl-C leaves nothing half-made.
"""

import re
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import questionary
import wcwidth
from prompt_toolkit import print_formatted_text
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from questionary import Choice, Style

from workshop import __version__
from workshop.banks.model import Bank
from workshop.banks.registry import shipped_banks
from workshop.errors import INTERRUPTED, SIGNALLED, WorkshopError
from workshop.export.formats import FORMATS
from workshop.frontends.cli import sessions, text_views
from workshop.frontends.cli.progress import progress_shown
from workshop.frontends.cli.write_report import request_on, write_to
from workshop.session.session import DEFAULT_SPEAKER, Mode
from workshop.storage.catalog import SessionSummary, UnreadableFile, list_sessions
from workshop.text import clean_line, counted, shorten

_MANY = 12
"""From this many sessions on, typing searches them."""
_MARGIN = 4
"""The cells that the pointer takes before a choice, and one behind it."""
# Colours by name, so that they are the terminal's own and readable in its theme.
_STYLE = Style(
    [
        ("qmark", "fg:ansicyan bold"),
        ("question", "bold"),
        ("answer", "fg:ansicyan nobold"),
        ("pointer", "fg:ansicyan bold"),
        ("highlighted", "fg:ansicyan bold"),
        ("selected", "noreverse"),
        ("instruction", "fg:ansibrightblack"),
        ("placeholder", "fg:ansibrightblack"),
        ("title", "fg:ansicyan bold"),
        ("quiet", "fg:ansibrightblack"),
        ("warning", "bold"),
    ]
)
_MARK = "·"
_ARROWS = "(arrow keys, then Enter; Esc goes back)"
_SEARCH = "(arrow keys, or type to search; Esc goes back)"

_COLUMN_GAP = re.compile(r"\s{2,}")

T = TypeVar("T")


class _BackError(Exception):
    """Somebody does not want to answer this."""


def run(directory: Path) -> int:
    """Show the menu until somebody leaves it; return the exit code.

    A signal that ended the conversation has ended all of it, with 128 and the signal's number.
    Raises CannotWriteError where no session could be kept in `directory`, before anything is asked.
    """
    sessions.check_directory(directory)
    _say("title", f"Workshop {__version__}")
    _say("quiet", f"Sessions are kept in {directory}")
    doings: dict[str, Callable[[Path], int]] = {
        "new": _new,
        "resume": _resume,
        "report": _report,
    }
    while True:
        _say("", "")
        try:
            wanted = _menu(directory)
        except _BackError as left:
            return INTERRUPTED if isinstance(left.__cause__, KeyboardInterrupt) else 0
        if wanted == "quit":
            return 0
        try:
            code = doings[wanted](directory)
        except _BackError:
            _say("quiet", "Nothing was changed.")
        except WorkshopError as error:
            _say("warning", str(error))
        else:
            if code > SIGNALLED:
                return code


def _menu(directory: Path) -> str:
    try:
        found, _ = list_sessions(directory)
    except WorkshopError as error:
        _say("warning", str(error))
        found = []
    choices = [("New session", "new")]
    if found:
        last = shorten(found[0].title, 40)
        choices.append((f"Resume a session ({len(found)}, the last: {last})", "resume"))
        choices.append(("Write a report", "report"))
    choices.append(("Quit", "quit"))
    return _choose("What would you like to do?", choices, "(arrow keys, then Enter)")


# ── a new session ────────────────────────────────────────────────────────────────────────────


def _new(directory: Path) -> int:
    banks = shipped_banks()
    rows = text_views.columns([(b.title, text_views.size(b)) for b in banks], _width())
    bank = _choose("Which canvas?", list(zip(rows, banks, strict=True)))
    title = _title(bank)
    mode = _mode()
    level = _level(bank)
    quick = _quick(bank, level)
    names = _names(bank, level)
    people = _people(mode)
    path = sessions.make_session(
        directory,
        bank,
        title=title,
        mode=mode,
        level=level,
        quick=quick,
        names=names,
        participants=people,
    )
    return _open(path)


def _title(bank: Bank) -> str:
    otherwise = sessions.default_title(bank, datetime.now(UTC).astimezone())
    return _line("What is the session called?", otherwise, sessions.title_of) or otherwise


def _mode() -> Mode:
    modes: list[tuple[str, Mode]] = [
        ("With a group: you lead, everybody answers", "group"),
        ("On my own", "solo"),
    ]
    return _choose("Who answers?", modes)


def _level(bank: Bank) -> str | None:
    """Ask which of the bank's models to walk, where it has several; None means all of them."""
    if not bank.levels:
        return None
    both = " and ".join(level.title for level in bank.levels)
    choices: list[tuple[str, str | None]] = [(f"{both}: {_amount(bank, None)}", None)]
    choices += [(f"{x.title} only: {_amount(bank, x.id)}", x.id) for x in bank.levels]
    return _choose("Which models?", choices)


def _quick(bank: Bank, level: str | None) -> bool:
    """Ask whether to leave out what is not core, where that makes a difference."""
    if bank.steps(level=level, quick=True) in ((), bank.steps(level=level)):
        return False
    choices = [
        (f"Every question: {_amount(bank, level)}", False),
        (f"A quick run: {_amount(bank, level, quick=True)}", True),
    ]
    return _choose("How much time is there?", choices)


def _amount(bank: Bank, level: str | None, *, quick: bool = False) -> str:
    steps = bank.steps(level=level, quick=quick)
    questions = counted(sum(len(step.questions) for step in steps), "question")
    return f"{questions}, {text_views.duration(sum(step.minutes for step in steps))}"


def _names(bank: Bank, only: str | None) -> dict[str, str]:
    names: dict[str, str] = {}
    for level in bank.levels:
        if only in (None, level.id):
            if level.about:
                about = f"{level.title}: {level.about}"
                for line in wcwidth.wrap(
                    about, _width(), initial_indent="  ", subsequent_indent="  "
                ):
                    _say("quiet", line)
            name = _line(f"What is your {level.title} called?", level.title, sessions.name_of)
            if name:
                names[level.id] = name
    return names


def _people(mode: Mode) -> list[str]:
    """Ask who takes part, one name or several at a time, until nothing is typed."""
    if mode == "solo":
        name = _line("What is your name?", DEFAULT_SPEAKER["solo"], sessions.name_of)
        return [name] if name else []
    people: list[str] = []
    question, otherwise = "Who takes part? Names, with commas between:", "nobody named"
    while typed := _line(question, otherwise, _people_of):
        people += typed.split(", ")
        question, otherwise = "Anybody else?", "nobody else"
    return people


def _people_of(text: str) -> str:
    names = [part for part in text.split(",") if clean_line(part)]
    return ", ".join(sessions.name_of(name) for name in names)


# ── sessions that are there ──────────────────────────────────────────────────────────────────


def _resume(directory: Path) -> int:
    return _open(_session(directory, "Which session?"))


def _report(directory: Path) -> int:
    path = _session(directory, "A report on which session?")
    form = _choose("In which format?", [(f"{f.title} ({f.suffix})", f) for f in FORMATS.values()])
    with progress_shown(f"Writing {form.title}") as progress:
        target, warnings = write_to(request_on(path, progress=progress), None, form)
    for remark in warnings:
        _say("quiet", remark)
    _say("", f"The report is written: {clean_line(str(target))}")
    return 0


def _session(directory: Path, question: str) -> Path:
    found, unreadable = list_sessions(directory)
    for broken in unreadable:
        _say_unreadable(broken)
    if not found:
        raise WorkshopError(f"There is no session in {directory} yet.")
    rows = text_views.columns([_row(s) for s in found], _width())
    choices = list(zip(rows, (s.path for s in found), strict=True))
    return _choose(question, choices, search=len(choices) > _MANY)


def _row(summary: SessionSummary) -> tuple[str, ...]:
    return summary.title, text_views.how_far(summary), text_views.when(summary.changed)


def _say_unreadable(broken: UnreadableFile) -> None:
    _say("warning", broken.reason.message)


def _open(path: Path) -> int:
    """Open the conversation; return its exit code once it is left."""
    code = sessions.open_session(path)
    if code > SIGNALLED:
        return code  # there may be no terminal any more
    session, event_log = sessions.read_session(path)
    said = text_views.standing(session, event_log)
    _say("quiet", f"{shorten(session.title, 60)} is saved: {said}.")
    return code


# ── asking and saying ────────────────────────────────────────────────────────────────────────


def _width() -> int:
    return min(shutil.get_terminal_size().columns - _MARGIN, 100)


def _choose(
    question: str,
    choices: Sequence[tuple[str, T]],
    instruction: str = _ARROWS,
    *,
    search: bool = False,
) -> T:
    """Ask to choose one of several things, each with the words that stand for it.

    What was chosen is said on one line afterwards, without the columns behind its first words.
    """
    asked = questionary.select(
        question,
        [Choice(words, place) for place, (words, _) in enumerate(choices)],
        qmark=_MARK,
        pointer="›",
        instruction=_SEARCH if search else instruction,
        style=_STYLE,
        use_jk_keys=False,
        use_search_filter=search,
        erase_when_done=True,
    )
    words, chosen = choices[cast("int", _ask(asked))]
    _say_answered(question, _COLUMN_GAP.split(words)[0])
    return chosen


def _line(question: str, otherwise: str, check: Callable[[str], str]) -> str:
    """Ask for a line; return what `check` makes of it, or "" where nothing was typed.

    `otherwise` is what Enter alone means: it stands greyed in the empty line.
    """
    asked = questionary.text(
        question,
        qmark=_MARK,
        style=_STYLE,
        validate=partial(_verdict, check),
        placeholder=FormattedText([("class:placeholder", f"(Enter: {otherwise})")]),
        erase_when_done=True,
    )
    typed = clean_line(cast("str", _ask(asked)))
    answer = check(typed) if typed else ""
    _say_answered(question, answer or otherwise)
    return answer


def _verdict(check: Callable[[str], str], typed: str) -> bool | str:
    """Return True for a line that can be kept, else what is wrong with it."""
    try:
        if clean_line(typed):
            check(typed)
    except WorkshopError as error:
        return str(error)
    return True


def _ask(question: questionary.Question) -> object:
    """Return the answer; raises _BackError where Esc, Ctrl-C or Ctrl-D says there is none."""
    keys = KeyBindings()

    @keys.add("escape")
    def back(event: KeyPressEvent) -> None:  # pyright: ignore[reportUnusedFunction] - a binding
        event.app.exit(exception=EOFError)

    app = question.application
    app.key_bindings = merge_key_bindings([k for k in (app.key_bindings, keys) if k is not None])
    # Escape begins the sequence of many keys: wait for the rest of it no longer than a slow line.
    app.ttimeoutlen = app.timeoutlen = 0.2
    try:
        return cast("object", question.unsafe_ask())
    except (KeyboardInterrupt, EOFError) as error:
        raise _BackError from error


def _say_answered(question: str, answer: str) -> None:
    room = _width() - wcwidth.width(question)
    _say_pieces(
        ("class:qmark", f"{_MARK} "),
        ("class:question", question),
        ("class:answer", f" {shorten(answer, room)}"),
    )


def _say(kind: str, words: str) -> None:
    _say_pieces((f"class:{kind}", words))


def _say_pieces(*pieces: tuple[str, str]) -> None:
    """Print a line. Its pieces are fragments, so that nothing in them is read as markup."""
    print_formatted_text(FormattedText(pieces), style=_STYLE)
