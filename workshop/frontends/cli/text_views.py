"""What the commands print for people: lists, a session and a bank as lines of plain text."""

import re
from collections.abc import Sequence

import wcwidth

from workshop.banks.model import Bank, Step
from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.session import Session
from workshop.storage.catalog import SessionSummary
from workshop.text import counted, parse_time, shorten
from workshop.views.outline import Outline, build_outline
from workshop.views.session_text import TextLine, text_lines

_GAP = 2
# The part of a line before its text: spaces, a number or a bullet, or a label and two spaces.
_LABEL = re.compile(r"\s*(?:[-*]\s|\d+\.?\s|\w[\w ]{0,15}\s{2,})?")


def format_time(timestamp: str) -> str:
    """Return an ISO 8601 time in local time: "22 Nov 2026, 14:05"; "unknown" if it is none."""
    local = parse_time(timestamp)
    return f"{local.day} {local:%b %Y, %H:%M}" if local else "unknown"


def format_progress(summary: SessionSummary) -> str:
    """Return the progress of a session: "12 of 46 questions"."""
    return walk.settled_of(summary.settled, summary.questions)


def format_duration(minutes: int) -> str:
    """Return a planned time: "about 2 h 10 min"."""
    hours, remainder = divmod(minutes, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{remainder} min"] * bool(remainder)
    return f"about {' '.join(parts)}" if parts else "no time"


def format_size(bank: Bank) -> str:
    """Return the size of a bank: "13 blocks, 46 questions, about 2 h 10 min"."""
    steps = bank.steps()
    return ", ".join(
        (
            counted(len(bank.blocks), "block"),
            counted(len(bank.questions), "question"),
            format_duration(sum(step.minutes for step in steps)),
        )
    )


def align_columns(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return the rows of a table as lines of at most `width` terminal cells.

    All columns but the first are right-aligned and as wide as their longest text. The first takes
    the remaining width, and its text is shortened to fit.
    """
    if not rows:
        return []
    other_widths = [max(wcwidth.width(row[c]) for row in rows) for c in range(1, len(rows[0]))]
    first_width = max(width - sum(other_widths) - _GAP * len(other_widths), 10)
    lines: list[str] = []
    for row in rows:
        indent = " " * (len(row[0]) - len(row[0].lstrip()))
        cells = [wcwidth.ljust(indent + shorten(row[0], first_width - len(indent)), first_width)]
        cells += [
            wcwidth.rjust(cell, other) for cell, other in zip(row[1:], other_widths, strict=True)
        ]
        lines.append((" " * _GAP).join(cells).rstrip())
    return lines


def wrap_lines(lines: Sequence[str], width: int) -> list[str]:
    """Return lines wrapped between words to `width` terminal cells, with a hanging indent."""
    wrapped: list[str] = []
    for line in lines:
        if wcwidth.width(line) <= width:
            wrapped.append(line)
            continue
        label = _LABEL.match(line)
        indent = " " * min(len(label[0]) if label else 0, width // 2)
        wrapped += wcwidth.wrap(line, width, subsequent_indent=indent)
    return wrapped


def session_table(summaries: Sequence[SessionSummary], width: int) -> list[str]:
    """Return two lines for each session: its title, time and id, then its bank and progress."""
    rows: list[tuple[str, str, str]] = []
    for summary in summaries:
        rows.append((summary.title, format_time(summary.changed), summary.short_id))
        answers = counted(summary.answers, "answer")
        rows.append((f"  {summary.bank}", format_progress(summary), answers))
    return align_columns(rows, width)


def bank_table(banks: Sequence[Bank], width: int) -> list[str]:
    """Return two lines for each bank: its title and id, then its size and version."""
    lines: list[str] = []
    for bank in banks:
        lines += align_columns([(bank.title, bank.id)], width)
        lines.append(f"  {format_size(bank)}, version {bank.version}")
    return lines


def bank_text(bank: Bank) -> list[str]:
    """Return the lines of a bank: every question in the order of the walk."""
    lines = [bank.title]
    if bank.subtitle:
        lines.append(bank.subtitle)
    lines += [f"{bank.id}, version {bank.version}, language {bank.language}", format_size(bank)]
    lines += [f"{level.title}: {level.about}" for level in bank.levels if level.about]
    has_core = any(question.core for question in bank.questions.values())
    if has_core:
        lines.append("Questions marked * are those of a quick run.")
    for number, step in enumerate(bank.steps(), 1):
        lines += ["", f"{number}. {_step_title(step)} ({format_duration(step.minutes)})"]
        lines.append(f"   {step.block.purpose}")
        lines += [f"   {'*' if q.core else '-'} {q.ask}" for q in step.questions]
    return lines


def _step_title(step: Step) -> str:
    return f"{step.block.title} · {step.level.title}" if step.level else step.block.title


def session_text(session: Session, event_log: EventLog, path: str) -> list[str]:
    """Return the lines of a session: its answers, skipped questions, and what is still open."""
    outline = build_outline(session, event_log)
    lines = [outline.title]
    if outline.canvas != outline.title:
        lines.append(outline.canvas)
    lines.append("")
    lines += _fact_lines(session, event_log, outline, path)
    for line in text_lines(outline):
        lines += _layout(line)
    return lines + _open_question_lines(session, event_log)


def progress_summary(session: Session, event_log: EventLog) -> str:
    """Return the progress of an open session: "12 of 46 questions, 30 answers"."""
    progress = walk.progress(session, event_log.state)
    settled = walk.settled_of(progress.settled, progress.questions)
    return f"{settled}, {counted(progress.answers, 'answer')}"


def _fact_lines(session: Session, event_log: EventLog, outline: Outline, path: str) -> list[str]:
    """Return the facts about a session, one line each, with their labels aligned."""
    current = walk.current(session, event_log.state)
    facts = [(fact.label, fact.text) for fact in outline.facts if fact.label != "Answers"]
    facts.append(("Progress", progress_summary(session, event_log)))
    if current:
        position = f"{session.step_title(current.step)}: {current.question.ask}"
    else:
        position = "the end"
    facts.append(("Now at", position))
    kind = "for a group" if session.mode == "group" else "for one person"
    quick = ", core questions only" if session.quick else ""
    facts += [("Session", f"{session.short_id}, {kind}{quick}"), ("File", path)]
    width = max(len(label) for label, _ in facts)
    return [f"{label:<{width}}  {text}" for label, text in facts]


def _layout(line: TextLine) -> list[str]:
    """Return a line of the session's text as it is printed, with a hanging indent."""
    match line.kind:
        case "heading":
            return ["", line.text]
        case "question":
            label = "  "
        case "answer":
            label = f"  {line.number:>4} "
        case "skipped":
            label = "       "
        case "item":
            label = "  - "
    return (label + line.text.replace("\n", "\n" + " " * len(label))).split("\n")


def _open_question_lines(session: Session, event_log: EventLog) -> list[str]:
    addresses = walk.open_questions(session, event_log.state)
    if not addresses:
        return []
    lines = ["", f"Still open: {counted(len(addresses), 'question')}"]
    title = ""
    for address in addresses:
        step = session.step_by_address[address]
        if session.step_title(step) != title:
            title = session.step_title(step)
            lines.append(f"  {title}")
        lines.append(f"    - {session.question(address).ask}")
    return lines
