"""The menu that `workshop` without a command shows.

It asks a few questions, opens the conversation, and returns when people leave the conversation.
Nothing is created before the last question is answered, so that Ctrl-C leaves nothing unfinished.
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
from workshop.export.write_file import write_request
from workshop.frontends.cli import sessions, text_views
from workshop.frontends.cli.progress import show_progress
from workshop.frontends.cli.report_request import load_request
from workshop.session.session import DEFAULT_SPEAKER, Mode
from workshop.storage.catalog import SessionSummary, UnreadableFile, list_sessions
from workshop.text import clean_line, counted, shorten

_SEARCH_ABOVE = 12
"""With more sessions than this, typing searches them."""
_MARGIN = 4
"""Terminal cells: the pointer before a choice and one cell behind it."""
# ANSI colour names, so that the theme of the terminal keeps them readable.
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
_ARROW_HINT = "(arrow keys, then Enter; Esc goes back)"
_SEARCH_HINT = "(arrow keys, or type to search; Esc goes back)"

_COLUMN_GAP = re.compile(r"\s{2,}")

T = TypeVar("T")


class _CancelledError(Exception):
    """A question was left with Esc, Ctrl-C or Ctrl-D."""


def run(directory: Path) -> int:
    """Show the menu until people leave it; return the exit code.

    A signal that ends the conversation ends the menu too, with 128 plus the signal's number.
    Raises CannotWriteError before the first question if no session can be kept in `directory`.
    """
    sessions.check_directory(directory)
    _print("title", f"Workshop {__version__}")
    _print("quiet", f"Sessions are kept in {directory}")
    handlers: dict[str, Callable[[Path], int]] = {
        "new": _start_session,
        "resume": _resume_session,
        "report": _write_report,
    }
    while True:
        _print("", "")
        try:
            entry = _choose_entry(directory)
        except _CancelledError as error:
            return INTERRUPTED if isinstance(error.__cause__, KeyboardInterrupt) else 0
        if entry == "quit":
            return 0
        try:
            code = handlers[entry](directory)
        except _CancelledError:
            _print("quiet", "Nothing was changed.")
        except WorkshopError as error:
            _print("warning", str(error))
        else:
            if code > SIGNALLED:
                return code


def _choose_entry(directory: Path) -> str:
    try:
        summaries, _ = list_sessions(directory)
    except WorkshopError as error:
        _print("warning", str(error))
        summaries = []
    choices = [("New session", "new")]
    if summaries:
        last = shorten(summaries[0].title, 40)
        choices.append((f"Resume a session ({len(summaries)}, the last: {last})", "resume"))
        choices.append(("Write a report", "report"))
    choices.append(("Quit", "quit"))
    return _choose("What would you like to do?", choices, "(arrow keys, then Enter)")


# ── a new session ────────────────────────────────────────────────────────────────────────────


def _start_session(directory: Path) -> int:
    banks = shipped_banks()
    rows = text_views.align_columns([(b.title, text_views.format_size(b)) for b in banks], _width())
    bank = _choose("Which canvas?", list(zip(rows, banks, strict=True)))
    title = _ask_title(bank)
    mode = _ask_mode()
    level = _ask_level(bank)
    quick = _ask_quick(bank, level)
    names = _ask_model_names(bank, level)
    participants = _ask_participants(mode)
    path = sessions.make_session(
        directory,
        bank,
        title=title,
        mode=mode,
        level=level,
        quick=quick,
        names=names,
        participants=participants,
    )
    return _open(path)


def _ask_title(bank: Bank) -> str:
    default = sessions.default_title(bank, datetime.now(UTC).astimezone())
    return _ask_line("What is the session called?", default, sessions.parse_title) or default


def _ask_mode() -> Mode:
    modes: list[tuple[str, Mode]] = [
        ("With a group: you lead, everybody answers", "group"),
        ("On my own", "solo"),
    ]
    return _choose("Who answers?", modes)


def _ask_level(bank: Bank) -> str | None:
    """Ask which of the bank's models to walk if it has several; None means all of them."""
    if not bank.levels:
        return None
    both = " and ".join(level.title for level in bank.levels)
    choices: list[tuple[str, str | None]] = [(f"{both}: {_format_amount(bank, None)}", None)]
    choices += [(f"{x.title} only: {_format_amount(bank, x.id)}", x.id) for x in bank.levels]
    return _choose("Which models?", choices)


def _ask_quick(bank: Bank, level: str | None) -> bool:
    """Ask whether to ask core questions only, if that makes a difference."""
    if bank.steps(level=level, quick=True) in ((), bank.steps(level=level)):
        return False
    choices = [
        (f"Every question: {_format_amount(bank, level)}", False),
        (f"A quick run: {_format_amount(bank, level, quick=True)}", True),
    ]
    return _choose("How much time is there?", choices)


def _format_amount(bank: Bank, level: str | None, *, quick: bool = False) -> str:
    steps = bank.steps(level=level, quick=quick)
    questions = counted(sum(len(step.questions) for step in steps), "question")
    return f"{questions}, {text_views.format_duration(sum(step.minutes for step in steps))}"


def _ask_model_names(bank: Bank, level_id: str | None) -> dict[str, str]:
    names: dict[str, str] = {}
    for level in bank.levels:
        if level_id in (None, level.id):
            if level.about:
                about = f"{level.title}: {level.about}"
                for line in wcwidth.wrap(
                    about, _width(), initial_indent="  ", subsequent_indent="  "
                ):
                    _print("quiet", line)
            name = _ask_line(
                f"What is your {level.title} called?", level.title, sessions.parse_name
            )
            if name:
                names[level.id] = name
    return names


def _ask_participants(mode: Mode) -> list[str]:
    """Ask who takes part, for one or several names at a time, until an empty line."""
    if mode == "solo":
        name = _ask_line("What is your name?", DEFAULT_SPEAKER["solo"], sessions.parse_name)
        return [name] if name else []
    participants: list[str] = []
    question, default = "Who takes part? Names, with commas between:", "nobody named"
    while typed := _ask_line(question, default, _parse_names):
        participants += typed.split(", ")
        question, default = "Anybody else?", "nobody else"
    return participants


def _parse_names(text: str) -> str:
    names = [part for part in text.split(",") if clean_line(part)]
    return ", ".join(sessions.parse_name(name) for name in names)


# ── existing sessions ────────────────────────────────────────────────────────────────────────


def _resume_session(directory: Path) -> int:
    return _open(_choose_session(directory, "Which session?"))


def _write_report(directory: Path) -> int:
    path = _choose_session(directory, "A report on which session?")
    output_format = _choose(
        "In which format?", [(f"{f.title} ({f.suffix})", f) for f in FORMATS.values()]
    )
    with show_progress(f"Writing {output_format.title}") as progress:
        target, warnings = write_request(
            load_request(path, progress=progress), report_format=output_format
        )
    for warning in warnings:
        _print("quiet", warning)
    _print("", f"The report is written: {clean_line(str(target))}")
    return 0


def _choose_session(directory: Path, question: str) -> Path:
    summaries, unreadable = list_sessions(directory)
    for broken in unreadable:
        _print_unreadable(broken)
    if not summaries:
        raise WorkshopError(f"There is no session in {directory} yet.")
    rows = text_views.align_columns([_format_row(s) for s in summaries], _width())
    choices = list(zip(rows, (s.path for s in summaries), strict=True))
    return _choose(question, choices, search=len(choices) > _SEARCH_ABOVE)


def _format_row(summary: SessionSummary) -> tuple[str, ...]:
    return (
        summary.title,
        text_views.format_progress(summary),
        text_views.format_time(summary.changed),
    )


def _print_unreadable(broken: UnreadableFile) -> None:
    _print("warning", broken.reason.message)


def _open(path: Path) -> int:
    """Open the conversation; return its exit code when people leave it."""
    code = sessions.open_session(path)
    if code > SIGNALLED:
        return code  # the terminal may be gone
    session, event_log = sessions.read_session(path)
    progress = text_views.progress_summary(session, event_log)
    _print("quiet", f"{shorten(session.title, 60)} is saved: {progress}.")
    return code


# ── questions and output ─────────────────────────────────────────────────────────────────────


def _width() -> int:
    return min(shutil.get_terminal_size().columns - _MARGIN, 100)


def _choose(
    question: str,
    choices: Sequence[tuple[str, T]],
    instruction: str = _ARROW_HINT,
    *,
    search: bool = False,
) -> T:
    """Ask to choose one of `choices`, pairs of a label and a value; return the value.

    One line stays on the screen: the question and the first column of the label.
    """
    prompt = questionary.select(
        question,
        [Choice(label, index) for index, (label, _) in enumerate(choices)],
        qmark=_MARK,
        pointer="›",
        instruction=_SEARCH_HINT if search else instruction,
        style=_STYLE,
        use_jk_keys=False,
        use_search_filter=search,
        erase_when_done=True,
    )
    label, value = choices[cast("int", _ask(prompt))]
    _print_answer(question, _COLUMN_GAP.split(label)[0])
    return value


def _ask_line(question: str, default: str, parse: Callable[[str], str]) -> str:
    """Ask for a line; return `parse(line)`, or "" if it is empty.

    `default` describes what an empty line means; it is shown as a placeholder.
    """
    prompt = questionary.text(
        question,
        qmark=_MARK,
        style=_STYLE,
        validate=partial(_validate, parse),
        placeholder=FormattedText([("class:placeholder", f"(Enter: {default})")]),
        erase_when_done=True,
    )
    typed = clean_line(cast("str", _ask(prompt)))
    answer = parse(typed) if typed else ""
    _print_answer(question, answer or default)
    return answer


def _validate(parse: Callable[[str], str], typed: str) -> bool | str:
    """Return True for a valid line, else the error message."""
    try:
        if clean_line(typed):
            parse(typed)
    except WorkshopError as error:
        return str(error)
    return True


def _ask(prompt: questionary.Question) -> object:
    """Show a prompt and return the answer. Raises _CancelledError on Esc, Ctrl-C or Ctrl-D."""
    bindings = KeyBindings()

    @bindings.add("escape")
    def cancel(event: KeyPressEvent) -> None:  # pyright: ignore[reportUnusedFunction] - a binding
        event.app.exit(exception=EOFError)

    app = prompt.application
    app.key_bindings = merge_key_bindings(
        [k for k in (app.key_bindings, bindings) if k is not None]
    )
    # Many keys send a sequence that begins with Escape: allow for the delay of a slow line.
    app.ttimeoutlen = app.timeoutlen = 0.2
    try:
        return cast("object", prompt.unsafe_ask())
    except (KeyboardInterrupt, EOFError) as error:
        raise _CancelledError from error


def _print_answer(question: str, answer: str) -> None:
    available = _width() - wcwidth.width(question)
    _print_fragments(
        ("class:qmark", f"{_MARK} "),
        ("class:question", question),
        ("class:answer", f" {shorten(answer, available)}"),
    )


def _print(style_class: str, text: str) -> None:
    _print_fragments((f"class:{style_class}", text))


def _print_fragments(*fragments: tuple[str, str]) -> None:
    """Print a line of (style, text) fragments, whose text is never read as markup."""
    print_formatted_text(FormattedText(fragments), style=_STYLE)
