"""Moves through the walk, and makes the messages where a block closes and the next one opens."""

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
    offset: int,
    skip: QuestionSkipped | None = None,
) -> Response:
    """Move by `offset` questions, backwards if it is negative.

    With `skip`, skip the current question first.
    """
    current = walk.current(session, event_log.state)
    if current is None and offset > 0:
        return Response(client)  # the walk has closed already: do not repeat its last message
    target = walk.neighbour(session, current.address if current else None, offset)
    if current is not None and target == current.address:
        return Response(client, (Notice("This is the first question."),))
    return move_to(session, event_log, client, target, skip)


def move_to(
    session: Session,
    event_log: EventLog,
    client: ClientState,
    target: str | None,
    skip: QuestionSkipped | None = None,
) -> Response:
    """Move to the question at address `target`, or past the last one where it is None.

    The messages recap the block that closes and open the one that begins.
    """
    current = walk.current(session, event_log.state)
    state = event_log.state.with_skip(skip) if skip is not None else event_log.state
    skips: tuple[AnyBody, ...] = (skip,) if skip is not None else ()
    destination = walk.position_of(session, target) if target is not None else None
    messages: list[Message] = []
    if current is not None and (destination is None or destination.step != current.step):
        messages.append(_block_recap(session, state, current.step))
    if destination is None:
        messages.append(walk_closed(session, state))
    else:
        if current is None or destination.step != current.step:
            messages.append(block_opened(session, destination.step))
        messages.append(question_asked(session, state, destination.address))
    return Response(client, tuple(messages), (*skips, PositionMoved(question=target)))


def question_asked(session: Session, state: SessionState, address: str) -> QuestionAsked:
    """Return the message that asks the question at `address`."""
    position = walk.position_of(session, address)
    return QuestionAsked(
        position,
        session.step_title(position.step),
        state.answers_to(address),
        None if state.answer_count(address) else state.skipped.get(address),
    )


def block_opened(session: Session, step: Step) -> BlockOpened:
    """Return what the facilitator says when the block of `step` opens."""
    number = session.steps.index(step) + 1
    return BlockOpened(step, session.step_title(step), number, len(session.steps))


def _block_recap(session: Session, state: SessionState, step: Step) -> BlockRecap:
    """Return what the facilitator says when the block of `step` closes."""
    asks = {address: session.question(address).ask for address in step.addresses()}
    ranked = state.on_canvas(asks)
    return BlockRecap(
        title=session.step_title(step),
        questions=len(asks),
        answers=tuple(a for address in asks for a in state.answers_to(address)),
        skipped=tuple(
            (ask, state.skipped[address])
            for address, ask in asks.items()
            if address in state.skipped and not state.answer_count(address)
        ),
        left_open=tuple(a for q, a in asks.items() if state.is_open(q)),
        progress=walk.progress(session, state),
        voted=tuple(answer for answer in ranked if answer.votes),
        parked=tuple(point.text for point in state.parked if point.question in asks),
    )


def walk_closed(session: Session, state: SessionState) -> WalkClosed:
    """Return what the facilitator says after the last question."""
    left_open = tuple(
        (session.step_title(session.step_by_address[a]), session.question(a).ask)
        for a in walk.open_questions(session, state)
    )
    return WalkClosed(walk.progress(session, state), left_open)
