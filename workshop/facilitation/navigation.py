"""Moving through the walk: what is said where one block closes and the next one opens."""

from workshop.banks.model import Step
from workshop.facilitation.messages import (
    BlockOpened,
    BlockRecap,
    ClientState,
    Message,
    Notice,
    QuestionAsked,
    Response,
    WalkClosed,
)
from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.events import AnyBody, PositionMoved, QuestionSkipped
from workshop.session.fold import SessionState
from workshop.session.session import Session


def go(
    session: Session,
    event_log: EventLog,
    client: ClientState,
    by: int,
    skip: QuestionSkipped | None = None,
) -> Response:
    """Move by that many questions, after skipping the one that is asked, if told so."""
    here = walk.current(session, event_log.state)
    if here is None and by > 0:
        return Response(client)  # said already, and nobody is told the same twice in a row
    target = walk.neighbour(session, here.address if here else None, by)
    if here is not None and target == here.address:
        return Response(client, (Notice("This is the first question."),))
    return move_to(session, event_log, client, target, skip)


def move_to(
    session: Session,
    event_log: EventLog,
    client: ClientState,
    target: str | None,
    skip: QuestionSkipped | None = None,
) -> Response:
    """Move to the question at `target`, or past the last one, closing and opening blocks."""
    here = walk.current(session, event_log.state)
    state = event_log.state.with_skip(skip) if skip is not None else event_log.state
    before: tuple[AnyBody, ...] = (skip,) if skip is not None else ()
    there = walk.position_of(session, target) if target is not None else None
    said: list[Message] = []
    if here is not None and (there is None or there.step != here.step):
        said.append(_recap(session, state, here.step))
    if there is None:
        said.append(closing(session, state))
    else:
        if here is None or there.step != here.step:
            said.append(opening(session, there.step))
        said.append(ask(session, state, there.address))
    return Response(client, tuple(said), (*before, PositionMoved(question=target)))


def ask(session: Session, state: SessionState, address: str) -> QuestionAsked:
    """Return the question at `address` as it is asked now."""
    place = walk.position_of(session, address)
    return QuestionAsked(
        place,
        session.step_title(place.step),
        state.answers_to(address),
        None if state.count(address) else state.skipped.get(address),
    )


def opening(session: Session, step: Step) -> BlockOpened:
    """Return what is said when the block of `step` begins."""
    number = session.steps.index(step) + 1
    return BlockOpened(step, session.step_title(step), number, len(session.steps))


def _recap(session: Session, state: SessionState, step: Step) -> BlockRecap:
    asks = {address: session.question(address).ask for address in step.addresses()}
    ranked = state.on_canvas(asks)
    return BlockRecap(
        title=session.step_title(step),
        questions=len(asks),
        answers=tuple(a for address in asks for a in state.answers_to(address)),
        skipped=tuple(
            (ask, state.skipped[address])
            for address, ask in asks.items()
            if address in state.skipped and not state.count(address)
        ),
        left_open=tuple(a for q, a in asks.items() if state.is_open(q)),
        progress=walk.progress(session, state),
        voted=tuple(answer for answer in ranked if answer.dots),
        parked=tuple(point.text for point in state.parked if point.question in asks),
    )


def closing(session: Session, state: SessionState) -> WalkClosed:
    """Return what is said after the last question: what is still open."""
    left_open = tuple(
        (session.step_title(session.step_by_address[a]), session.question(a).ask)
        for a in walk.open_questions(session, state)
    )
    return WalkClosed(walk.progress(session, state), left_open)
