"""What the commands print for people: lists, a session, a bank. All of it is plain text."""

import re
from collections.abc import Sequence
from datetime import datetime

import wcwidth

from workshop.banks.model import Bank, Step
from workshop.facilitation.messages import dots_suffix, owner_and_due
from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.session import Session
from workshop.storage.catalog import SessionSummary
from workshop.text import counted, shorten
from workshop.views import labels
from workshop.views.outline import AnswerLine, Outline, QuestionPart, build_outline

_GAP = 2
# What stands before a line's words: spaces, a number or a mark, or a label and two spaces.
_LABEL = re.compile(r"\s*(?:[-*]\s|\d+\.?\s|\w[\w ]{0,15}\s{2,})?")


def when(moment: str) -> str:
    """Return an ISO 8601 time as people here read it: "22 Nov 2026, 14:05", in local time."""
    try:
        local = datetime.fromisoformat(moment).astimezone()
    except (ValueError, OverflowError):
        return "unknown"
    return f"{local.day} {local:%b %Y, %H:%M}"


def how_far(summary: SessionSummary) -> str:
    """Return how far a session is: "12 of 46 questions"."""
    return f"{summary.settled} of {counted(summary.questions, 'question')}"


def duration(minutes: int) -> str:
    """Return a planned time for people: "about 2 h 10 min"."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest)
    return f"about {' '.join(parts)}" if parts else "no time"


def size(bank: Bank) -> str:
    """Return how much there is in a bank: "13 blocks, 46 questions, about 2 h 10 min"."""
    steps = bank.steps()
    return ", ".join(
        (
            counted(len(bank.blocks), "block"),
            counted(len(bank.questions), "question"),
            duration(sum(step.minutes for step in steps)),
        )
    )


def columns(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return rows of cells as lines of at most `width` terminal cells.

    The first column takes what the others leave, and its text is shortened to that; the others
    are as wide as their longest cell and lean to the right.
    """
    if not rows:
        return []
    rest = [max(wcwidth.width(row[c]) for row in rows) for c in range(1, len(rows[0]))]
    first = max(width - sum(rest) - _GAP * len(rest), 10)
    lines: list[str] = []
    for row in rows:
        indent = " " * (len(row[0]) - len(row[0].lstrip()))
        cells = [wcwidth.ljust(indent + shorten(row[0], first - len(indent)), first)]
        cells += [wcwidth.rjust(cell, size) for cell, size in zip(row[1:], rest, strict=True)]
        lines.append((" " * _GAP).join(cells).rstrip())
    return lines


def wrapped(lines: Sequence[str], width: int) -> list[str]:
    """Return lines broken between words to at most `width` terminal cells, each kept indented."""
    broken: list[str] = []
    for line in lines:
        if wcwidth.width(line) <= width:
            broken.append(line)
            continue
        label = _LABEL.match(line)
        hanging = " " * min(len(label[0]) if label else 0, width // 2)
        broken += wcwidth.wrap(line, width, subsequent_indent=hanging)
    return broken


def session_table(summaries: Sequence[SessionSummary], width: int) -> list[str]:
    """Return two lines for each session: what and when it is, then how far it is."""
    rows: list[tuple[str, str, str]] = []
    for s in summaries:
        rows.append((s.title, when(s.changed), s.short_id))
        rows.append((f"  {s.bank}", how_far(s), counted(s.answers, "answer")))
    return columns(rows, width)


def bank_table(banks: Sequence[Bank], width: int) -> list[str]:
    """Return two lines for each bank: its title and id, then what is in it."""
    lines: list[str] = []
    for bank in banks:
        lines += columns([(bank.title, bank.id)], width)
        lines.append(f"  {size(bank)}, version {bank.version}")
    return lines


def bank_text(bank: Bank) -> list[str]:
    """Return a bank as people read it: every question in the order of the walk."""
    lines = [bank.title]
    if bank.subtitle:
        lines.append(bank.subtitle)
    lines += [f"{bank.id}, version {bank.version}, language {bank.language}", f"{size(bank)}"]
    lines += [f"{level.title}: {level.about}" for level in bank.levels if level.about]
    core = any(question.core for question in bank.questions.values())
    if core:
        lines.append("Questions marked * are those of a quick run.")
    for number, step in enumerate(bank.steps(), 1):
        lines += ["", f"{number}. {_step_title(step)} ({duration(step.minutes)})"]
        lines.append(f"   {step.block.purpose}")
        lines += [f"   {'*' if q.core else '-'} {q.ask}" for q in step.questions]
    return lines


def _step_title(step: Step) -> str:
    return f"{step.block.title} · {step.level.title}" if step.level else step.block.title


def session_text(session: Session, event_log: EventLog, path: str) -> list[str]:
    """Return a session as people read it: everything said, what was skipped, what is open."""
    outline = build_outline(session, event_log)
    lines = [outline.title]
    if outline.canvas != outline.title:
        lines.append(outline.canvas)
    lines.append("")
    lines += _facts(session, event_log, outline, path)
    for section in outline.sections:
        said = [q for q in section.questions if q.answers or q.skipped is not None]
        lines += ["", section.title] * bool(said)
        for question in said:
            lines += _question_lines(question)
    if outline.orphans:
        lines += ["", labels.ORPHANS]
        for question in outline.orphans:
            lines += _question_lines(question)
    return lines + _put_aside(outline) + _open_lines(session, event_log)


def standing(session: Session, event_log: EventLog) -> str:
    """Return where a session stands: "12 of 46 questions, 30 answers"."""
    progress = walk.progress(session, event_log.state)
    done = progress.answered + progress.skipped
    of = counted(progress.questions, "question")
    return f"{done} of {of}, {counted(progress.answers, 'answer')}"


def _facts(session: Session, event_log: EventLog, outline: Outline, path: str) -> list[str]:
    """Return what there is to know about a session itself, a line each."""
    here = walk.current(session, event_log.state)
    facts = [(fact.label, fact.text) for fact in outline.facts if fact.label != "Answers"]
    facts.append(("Progress", standing(session, event_log)))
    facts.append(
        ("Now at", f"{session.step_title(here.step)}: {here.question.ask}" if here else "the end")
    )
    kind = "for a group" if session.mode == "group" else "for one person"
    quick = ", core questions only" if session.quick else ""
    facts += [("Session", f"{session.short_id}, {kind}{quick}"), ("File", path)]
    width = max(len(label) for label, _ in facts)
    return [f"{label:<{width}}  {text}" for label, text in facts]


def _question_lines(question: QuestionPart) -> list[str]:
    lines = [f"  {question.ask}"]
    for answer in question.answers:
        lines += _answer_lines(answer)
    if question.skipped is not None:
        lines.append(f"       skipped{f': {question.skipped}' if question.skipped else ''}")
    return lines


def _answer_lines(answer: AnswerLine) -> list[str]:
    who = f" ({answer.participant})" if answer.participant else ""
    first, *others = f"{answer.text}{who}{dots_suffix(answer.dots)}".split("\n")
    return [f"  {answer.number:>4} {first}", *(f"       {line}" for line in others)]


def _put_aside(outline: Outline) -> list[str]:
    """Return what was parked and what is to be done, under headings of their own."""
    lines: list[str] = []
    if outline.parked:
        lines += ["", labels.PARKED]
    for point in outline.parked:
        asides = ", ".join(aside for aside in (point.participant, point.block) if aside)
        lines += _item(point.text, asides)
    if outline.actions:
        lines += ["", labels.ACTIONS]
    for action in outline.actions:
        lines += _item(action.text, owner_and_due(action.owner, action.due))
    return lines


def _item(text: str, aside: str) -> list[str]:
    first, *others = f"{text} ({aside})".split("\n") if aside else text.split("\n")
    return [f"  - {first}", *(f"    {line}" for line in others)]


def _open_lines(session: Session, event_log: EventLog) -> list[str]:
    left = walk.open_questions(session, event_log.state)
    if not left:
        return []
    lines = ["", f"Still open: {counted(len(left), 'question')}"]
    title = ""
    for address in left:
        step = session.step_by_address[address]
        if session.step_title(step) != title:
            title = session.step_title(step)
            lines.append(f"  {title}")
        lines.append(f"    - {session.question(address).ask}")
    return lines
