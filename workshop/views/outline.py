"""What a report says, in the order in which it says it: a value that every format is written from.

Nothing here knows a file format. All text is clean and plain; a line end in it is a line end.
Answers come in the order in which they were given, but on a canvas those with the most dots first;
sections come in the order of the walk. A section with nothing in it is an empty tuple, and a format
leaves it out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workshop import __version__
from workshop.banks.model import Area, Family, Step
from workshop.session.event_log import EventLog
from workshop.session.fold import Answer, SessionState
from workshop.session.fold import ParkedPoint as Parked
from workshop.session.session import DEFAULT_SPEAKER, Session
from workshop.text import counted
from workshop.views import phrases


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the title block: what it is about, and what is so."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class CanvasBlock:
    """One block where it lies on a canvas page."""

    title: str
    family: Family
    area: Area
    """In the grid of the page, which for stacked models is longer than the bank's."""
    answers: tuple[str, ...]
    """Those with the most dots first."""
    section: str | None
    """The key of the section that holds everything about the block, where there is one."""
    dots: tuple[int, ...] = ()
    """The votes of each answer; empty where nobody voted."""
    questions: tuple[int, ...] = ()
    """Which of the block's questions each answer is given to, counted from 0."""


@dataclass(frozen=True, slots=True)
class CanvasBand:
    """One of several stacked models: its name, and the rows of the grid that it covers."""

    name: str
    top: int
    bottom: int
    """Exclusive."""


@dataclass(frozen=True, slots=True)
class CanvasPage:
    """A canvas that has a page of its own."""

    key: str
    title: str
    subtitle: str
    description: str
    """What the picture shows, for those who do not see it."""
    widths: tuple[float, ...]
    """The relative widths of the grid's columns."""
    rows: int
    blocks: tuple[CanvasBlock, ...]
    """By row, then by column, of their top-left corners."""
    bands: tuple[CanvasBand, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer as it is printed."""

    number: int
    text: str
    participant: str | None
    """Who gave it, or None where naming the only person there would say nothing."""
    dots: int = 0
    """How many votes it has."""


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A question, verbatim, and what was said to it."""

    ask: str
    answers: tuple[AnswerLine, ...]
    skipped: str | None = None
    """Why it was skipped (possibly without a reason: empty), or None where it was not."""


@dataclass(frozen=True, slots=True)
class BlockSection:
    """One step of the walk: a block (at one level) with its questions."""

    key: str
    title: str
    """The block's, with the model's name where there are several."""
    block: str
    """The block's title alone."""
    model: str | None
    """What the model is called, in a bank that has levels."""
    family: Family
    purpose: str
    questions: tuple[QuestionPart, ...]


@dataclass(frozen=True, slots=True)
class SkippedQuestion:
    """A question that was left open on purpose."""

    block: str
    """The title of its section."""
    ask: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParkedPoint:
    """Something put aside for later."""

    text: str
    block: str | None
    """The title of the section in which it came up, where it is known."""
    participant: str | None


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something that somebody is to do."""

    text: str
    owner: str
    """Empty where nobody was named."""
    due: str
    """When, in the words that were typed; empty where no date was named."""


@dataclass(frozen=True, slots=True)
class LostEvent:
    """Something in the session's log that could not be applied."""

    at: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything that a report says."""

    session: str
    """The session's id."""
    title: str
    canvas: str
    """The title of the canvas."""
    subtitle: str | None
    """What the bank says about its canvas in a line."""
    language: str
    """A BCP 47 tag."""
    created: datetime
    modified: datetime
    """When the last thing happened in the session."""
    facts: tuple[Fact, ...]
    summary: str
    pages: tuple[CanvasPage, ...]
    sections: tuple[BlockSection, ...]
    skipped: tuple[SkippedQuestion, ...]
    parked: tuple[ParkedPoint, ...]
    actions: tuple[ActionItem, ...]
    orphans: tuple[QuestionPart, ...]
    """Answers whose question is not in the walk, or no longer in the bank."""
    lost: tuple[LostEvent, ...]
    made: tuple[str, ...]
    """How the report was made, a sentence each."""


def build_outline(session: Session, event_log: EventLog) -> Outline:
    """Return what a report on `session` says once the events of `event_log` have happened."""
    state = event_log.state
    modified = phrases.last_moment(session.created, [e.at for e in event_log.events])
    named = _names_people(session, state)
    sections = tuple(_section(session, state, step, named=named) for step in session.steps)
    return Outline(
        session=session.id,
        title=session.title,
        canvas=session.bank.title,
        subtitle=session.bank.subtitle,
        language=session.bank.language,
        created=session.created,
        modified=modified,
        facts=_facts(session, state, modified),
        summary=phrases.summary(session, state),
        pages=_pages(session, state, modified),
        sections=sections,
        skipped=_skipped(sections),
        parked=tuple(_parked(session, point, named=named) for point in state.parked),
        actions=tuple(ActionItem(a.text, a.owner, a.due) for a in state.actions),
        orphans=_orphans(session, state, named=named),
        lost=tuple(
            LostEvent(phrases.moment(u.event.at), phrases.event_name(u.event), u.reason)
            for u in state.unapplied
        ),
        made=phrases.how_it_was_made(session, __version__),
    )


def _names_people(session: Session, state: SessionState) -> bool:
    """Return whether it says anything to print who gave an answer."""
    people = {a.participant for a in (*state.answers.values(), *state.parked)}
    return len(people) > 1 or bool(people - {DEFAULT_SPEAKER[session.mode], ""})


def _people(session: Session, state: SessionState) -> tuple[str, ...]:
    """Return everybody who took part; nobody where only the default name is known."""
    people = dict.fromkeys(state.participants)
    people |= dict.fromkeys(a.participant for a in state.answers.values() if a.participant)
    return () if set(people) <= {DEFAULT_SPEAKER[session.mode]} else tuple(people)


def _facts(session: Session, state: SessionState, modified: datetime) -> tuple[Fact, ...]:
    people = _people(session, state)
    facts = [Fact("Date", phrases.dates(session.created, modified))]
    names = [session.level_name(level) for level in session.levels if level]
    if names:
        facts.append(Fact("Model" if len(names) == 1 else "Models", phrases.listed(names)))
    if people:
        label = "Participant" if len(people) == 1 else "Participants"
        facts.append(Fact(label, ", ".join(people)))
    facts.append(Fact("Answers", f"{len(state.answers):,}"))
    return tuple(facts)


def _section(session: Session, state: SessionState, step: Step, *, named: bool) -> BlockSection:
    return BlockSection(
        key=step.id,
        title=session.step_title(step),
        block=step.block.title,
        model=session.level_name(step.level.id) if step.level else None,
        family=step.block.family,
        purpose=step.block.purpose,
        questions=tuple(
            QuestionPart(
                question.ask,
                _lines(state.answers_to(address), named=named),
                None if state.count(address) else state.skipped.get(address),
            )
            for address, question in zip(step.addresses(), step.questions, strict=True)
        ),
    )


def _lines(answers: Sequence[Answer], *, named: bool) -> tuple[AnswerLine, ...]:
    return tuple(
        AnswerLine(a.number, a.text, (a.participant or None) if named else None, a.dots)
        for a in answers
    )


def _parked(session: Session, point: Parked, *, named: bool) -> ParkedPoint:
    step = session.step_by_address.get(point.question)
    return ParkedPoint(
        point.text,
        session.step_title(step) if step else None,
        (point.participant or None) if named else None,
    )


def _skipped(sections: Sequence[BlockSection]) -> tuple[SkippedQuestion, ...]:
    return tuple(
        SkippedQuestion(section.title, question.ask, question.skipped)
        for section in sections
        for question in section.questions
        if question.skipped is not None
    )


def _orphans(session: Session, state: SessionState, *, named: bool) -> tuple[QuestionPart, ...]:
    orphaned: dict[str, list[Answer]] = {}
    for answer in state.answers.values():
        if answer.question not in session.step_by_address:
            orphaned.setdefault(answer.question, []).append(answer)
    known = session.bank.questions
    return tuple(
        QuestionPart(
            known[address].ask if address in known else f"A question that is gone: {address}",
            _lines(answers, named=named),
        )
        for address, answers in orphaned.items()
    )


# ── canvas pages ─────────────────────────────────────────────────────────────────────────────


def _pages(session: Session, state: SessionState, modified: datetime) -> tuple[CanvasPage, ...]:
    """Return one page per level that is walked, and one with all of them where there are more."""
    people = _people(session, state)
    dates = phrases.dates(session.created, modified)
    groups: list[tuple[str | None, ...]] = [(level,) for level in session.levels]
    if len(groups) > 1:
        groups.append(session.levels)
    pages: list[CanvasPage] = []
    for number, levels in enumerate(groups, start=1):
        blocks = tuple(
            block
            for place, level in enumerate(levels)
            for block in _canvas_blocks(session, state, level, place * len(session.bank.grid))
        )
        names = [session.level_name(level) for level in levels if level]
        answers = counted(sum(len(b.answers) for b in blocks), "answer")
        subtitle = [session.bank.title] if names else []
        subtitle += [dates, *([counted(len(people), "participant")] if people else []), answers]
        subtitle += [phrases.DOTS] if any(b.dots for b in blocks) else []
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
        CanvasBand(session.level_name(level), place * rows, (place + 1) * rows)
        for place, level in enumerate(levels)
        if level
    )


def _canvas_blocks(
    session: Session, state: SessionState, level: str | None, below: int
) -> list[CanvasBlock]:
    """Return the blocks at one level, `below` rows under the top of the page's grid."""
    steps = {s.block.id: s for s in session.steps if level in (None, s.level and s.level.id)}
    blocks: list[CanvasBlock] = []
    for area in session.bank.areas:
        block, step = session.bank.block(area.block), steps.get(area.block)
        moved = Area(area.block, area.top + below, area.left, area.bottom + below, area.right)
        addresses = step.addresses() if step else ()
        places = {address: place for place, address in enumerate(addresses)}
        answers = state.on_canvas(addresses)
        blocks.append(
            CanvasBlock(
                block.title,
                block.family,
                moved,
                tuple(a.text for a in answers),
                step.id if step else None,
                tuple(a.dots for a in answers) if any(a.dots for a in answers) else (),
                tuple(places[a.question] for a in answers),
            )
        )
    return blocks
