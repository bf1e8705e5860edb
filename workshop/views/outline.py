"""The outline: the content of a report as a value, from which every format is written.

Nothing here knows a file format. All text is clean and plain; a line end in it is a line end.
Answers come in the order in which they were given, but on a canvas those with the most dots come
first; sections come in the order of the walk. A section without content is an empty tuple, which a
format leaves out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workshop import __version__
from workshop.banks.model import Area, Family, Step
from workshop.session.event_log import EventLog
from workshop.session.fold import Answer, ParkedPoint, SessionState
from workshop.session.session import Session
from workshop.text import counted
from workshop.views import phrases
from workshop.views.attribution import Attribution, attribute


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the title block: a label and its text."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class CanvasBlock:
    """One block on a canvas page, with its area and its answers."""

    title: str
    family: Family
    area: Area
    """The area in the page's grid, which has more rows than the bank's for stacked models."""
    answers: tuple[str, ...]
    """Their texts, those with the most dots first."""
    section: str | None
    """The key of the block's section; None where the block is not in the walk."""
    votes: tuple[int, ...] = ()
    """The votes of each answer; empty where no answer has any."""
    questions: tuple[int, ...] = ()
    """The 0-based index of the question that each answer answers, within the block."""


@dataclass(frozen=True, slots=True)
class CanvasBand:
    """One of several stacked models: its name, and the grid rows that it covers."""

    name: str
    top: int
    """The 0-based first row."""
    bottom: int
    """The row after the last one."""


@dataclass(frozen=True, slots=True)
class CanvasPage:
    """A canvas on a page of its own."""

    key: str
    title: str
    subtitle: str
    description: str
    """What the canvas shows, for people who cannot see it."""
    widths: tuple[float, ...]
    """The relative widths of the grid's columns."""
    rows: int
    """The number of the grid's rows."""
    blocks: tuple[CanvasBlock, ...]
    """Ordered by the row, then the column, of the top-left corner."""
    bands: tuple[CanvasBand, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer as a report prints it."""

    number: int
    text: str
    name: str
    """The name that stands after it; "" where none is shown."""
    votes: int = 0
    """How many votes it has."""
    participant: str = ""
    """Who gave it, for tables of data, which hold every name."""


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A question, verbatim, with its answers."""

    address: str
    ask: str
    answers: tuple[AnswerLine, ...]
    skipped: str | None = None
    """The reason why it was skipped, possibly ""; None where it was not skipped."""


@dataclass(frozen=True, slots=True)
class BlockSection:
    """One step of the walk: a block (at one level) with its questions."""

    key: str
    title: str
    """The block's title, with the model's name where there are several models."""
    block: str
    """The block's title alone."""
    model: str | None
    """The model's name; None in a bank without levels."""
    family: Family
    purpose: str
    questions: tuple[QuestionPart, ...]


@dataclass(frozen=True, slots=True)
class SkippedQuestion:
    """A question that was skipped."""

    block: str
    """The title of its section."""
    ask: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParkedItem:
    """A parked point."""

    text: str
    block: str | None
    """The title of the section in which it came up; None where that is unknown."""
    name: str
    """The name of who raised it; "" where none is shown."""
    question: str = ""
    """The address of the question at which it came up, or ""."""


@dataclass(frozen=True, slots=True)
class ActionItem:
    """An action: what is to be done, by whom and by when."""

    text: str
    owner: str
    """The name; "" where none was given."""
    due: str
    """The date in the words that were typed; "" where none was given."""


@dataclass(frozen=True, slots=True)
class UnappliedItem:
    """An event of the session's log that the fold could not apply."""

    at: str
    """When it happened, for people."""
    kind: str
    """The name of its kind, for people."""
    reason: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The content of a report."""

    session: str
    """The session's id."""
    title: str
    canvas: str
    """The title of the canvas."""
    subtitle: str | None
    """The bank's one-line description of its canvas."""
    language: str
    """A BCP 47 tag."""
    created: datetime
    modified: datetime
    """When the last event of the session happened."""
    facts: tuple[Fact, ...]
    summary: str
    pages: tuple[CanvasPage, ...]
    sections: tuple[BlockSection, ...]
    skipped: tuple[SkippedQuestion, ...]
    parked: tuple[ParkedItem, ...]
    actions: tuple[ActionItem, ...]
    orphans: tuple[QuestionPart, ...]
    """Answers whose question is not in the walk, or no longer in the bank."""
    unapplied: tuple[UnappliedItem, ...]
    provenance: tuple[str, ...]
    """How the report was made, one sentence each."""


def build_outline(session: Session, event_log: EventLog) -> Outline:
    """Return the content of a report on `session` with the events of `event_log`."""
    state = event_log.state
    modified = phrases.last_moment(session.created, [e.at for e in event_log.events])
    attribution = attribute(session, state)
    sections = tuple(_section(session, state, step, attribution) for step in session.steps)
    return Outline(
        session=session.id,
        title=session.title,
        canvas=session.bank.title,
        subtitle=session.bank.subtitle,
        language=session.bank.language,
        created=session.created,
        modified=modified,
        facts=_facts(session, state, attribution, modified),
        summary=phrases.summary(session, state),
        pages=_pages(session, state, attribution, modified),
        sections=sections,
        skipped=_skipped(sections),
        parked=tuple(_parked(session, point, attribution) for point in state.parked),
        actions=tuple(ActionItem(a.text, a.owner, a.due) for a in state.actions),
        orphans=_orphans(session, state, attribution),
        unapplied=tuple(
            UnappliedItem(phrases.format_moment(u.event.at), phrases.event_name(u.event), u.reason)
            for u in state.unapplied
        ),
        provenance=phrases.provenance(session, __version__),
    )


def _facts(
    session: Session, state: SessionState, attribution: Attribution, modified: datetime
) -> tuple[Fact, ...]:
    facts = [Fact("Date", phrases.date_range(session.created, modified))]
    names = [session.level_name(level) for level in session.levels if level]
    if names:
        facts.append(Fact("Model" if len(names) == 1 else "Models", phrases.join_names(names)))
    if people := attribution.participants:
        label = "Participant" if len(people) == 1 else "Participants"
        facts.append(Fact(label, ", ".join(people)))
    facts.append(Fact("Answers", f"{len(state.answers):,}"))
    return tuple(facts)


def _section(
    session: Session, state: SessionState, step: Step, attribution: Attribution
) -> BlockSection:
    return BlockSection(
        key=step.id,
        title=session.step_title(step),
        block=step.block.title,
        model=session.level_name(step.level.id) if step.level else None,
        family=step.block.family,
        purpose=step.block.purpose,
        questions=tuple(
            QuestionPart(
                address,
                question.ask,
                _answer_lines(state.answers_to(address), attribution),
                None if state.answer_count(address) else state.skipped.get(address),
            )
            for address, question in zip(step.addresses(), step.questions, strict=True)
        ),
    )


def _answer_lines(answers: Sequence[Answer], attribution: Attribution) -> tuple[AnswerLine, ...]:
    return tuple(
        AnswerLine(a.number, a.text, attribution.name(a.participant), a.votes, a.participant)
        for a in answers
    )


def _parked(session: Session, point: ParkedPoint, attribution: Attribution) -> ParkedItem:
    step = session.step_by_address.get(point.question)
    block = session.step_title(step) if step else None
    return ParkedItem(point.text, block, attribution.name(point.participant), point.question)


def _skipped(sections: Sequence[BlockSection]) -> tuple[SkippedQuestion, ...]:
    return tuple(
        SkippedQuestion(section.title, question.ask, question.skipped)
        for section in sections
        for question in section.questions
        if question.skipped is not None
    )


def _orphans(
    session: Session, state: SessionState, attribution: Attribution
) -> tuple[QuestionPart, ...]:
    orphaned: dict[str, list[Answer]] = {}
    for answer in state.answers.values():
        if answer.question not in session.step_by_address:
            orphaned.setdefault(answer.question, []).append(answer)
    questions = session.bank.questions
    return tuple(
        QuestionPart(
            address,
            questions[address].ask
            if address in questions
            else f"A question that is gone: {address}",
            _answer_lines(answers, attribution),
        )
        for address, answers in orphaned.items()
    )


# ── canvas pages ─────────────────────────────────────────────────────────────────────────────


def _pages(
    session: Session, state: SessionState, attribution: Attribution, modified: datetime
) -> tuple[CanvasPage, ...]:
    """Return one page per level of the session, and one with all levels where there are several."""
    people = attribution.participants
    dates = phrases.date_range(session.created, modified)
    groups: list[tuple[str | None, ...]] = [(level,) for level in session.levels]
    if len(groups) > 1:
        groups.append(session.levels)
    pages: list[CanvasPage] = []
    for number, levels in enumerate(groups, start=1):
        blocks = tuple(
            block
            for index, level in enumerate(levels)
            for block in _canvas_blocks(session, state, level, index * len(session.bank.grid))
        )
        names = [session.level_name(level) for level in levels if level]
        answers = counted(sum(len(b.answers) for b in blocks), "answer")
        subtitle = [session.bank.title] if names else []
        subtitle += [
            dates,
            *([counted(len(people), "participant")] if people else []),
            answers,
        ]
        subtitle += [phrases.VOTES_LEGEND] if any(b.votes for b in blocks) else []
        pages.append(
            CanvasPage(
                key=f"canvas_{number}",
                title=phrases.canvas_title(session, names),
                subtitle=" · ".join(subtitle),
                description=phrases.canvas_description(session, names, len(blocks)),
                widths=session.bank.widths,
                rows=len(session.bank.grid) * len(levels),
                blocks=blocks,
                bands=_bands(session, levels),
            )
        )
    return tuple(pages)


def _bands(session: Session, levels: Sequence[str | None]) -> tuple[CanvasBand, ...]:
    if len(levels) < 2:
        return ()
    rows = len(session.bank.grid)
    return tuple(
        CanvasBand(session.level_name(level), index * rows, (index + 1) * rows)
        for index, level in enumerate(levels)
        if level
    )


def _canvas_blocks(
    session: Session, state: SessionState, level: str | None, row_offset: int
) -> list[CanvasBlock]:
    """Return the blocks at one level, `row_offset` rows below the top of the page's grid."""
    blocks: list[CanvasBlock] = []
    for area in session.bank.areas:
        block, step = session.bank.block(area.block), session.step_at(area.block, level)
        top, bottom = area.top + row_offset, area.bottom + row_offset
        addresses = step.addresses() if step else ()
        indexes = {address: index for index, address in enumerate(addresses)}
        answers = state.on_canvas(addresses)
        blocks.append(
            CanvasBlock(
                block.title,
                block.family,
                Area(area.block, top, area.left, bottom, area.right),
                tuple(a.text for a in answers),
                step.id if step else None,
                tuple(a.votes for a in answers) if any(a.votes for a in answers) else (),
                tuple(indexes[a.question] for a in answers),
            )
        )
    return blocks
