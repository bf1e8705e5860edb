"""What the tests of a live session do with one."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from workshop.live_session import LiveSession, Proposal

BEGUN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)

OpenSession = Callable[..., LiveSession]
MakeSession = Callable[..., Path]


def carry_out(live_session: LiveSession, proposal: Proposal) -> Proposal:
    live_session.commit(proposal).result(30)
    live_session.accept(proposal)
    return proposal


def say(live_session: LiveSession, *texts: str) -> Proposal:
    """Send all texts, as a front end does; return the proposal of the last one."""
    if not live_session.state.begun:
        carry_out(live_session, live_session.begin())
    return [carry_out(live_session, live_session.propose(text)) for text in texts][-1]


def texts(live_session: LiveSession) -> list[str]:
    return [a.text for a in live_session.state.answers.values()]
