"""What the tests of a live session do with one."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from workshop.client import Client
from workshop.live_session import Commit, LiveSession, Proposal

BEGUN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)

OpenSession = Callable[..., Client]
MakeSession = Callable[..., Path]


def open_client(path: Path, speaker: str = "") -> Client:
    """Open the session at `path`, and return a client of it at the keyboard."""
    return Client(LiveSession.open(path), speaker)


def carry_out(proposal: Proposal) -> Proposal:
    """Commit a proposal, and return it as it was settled."""
    assert isinstance(proposal.client, Client)
    return proposal.client.commit(proposal).result(60)


def say(client: Client, *texts: str) -> Proposal:
    """Send all texts, as a front end does; return the settled proposal of the last one."""
    if not client.live_session.state.begun:
        carry_out(client.begin())
    return [carry_out(client.propose(text)) for text in texts][-1]


def commit_all(client: Client, *texts: str) -> tuple[Proposal, ...]:
    """Send all texts in one commit, and return the proposals as they were settled."""
    commit = Commit(*map(client.propose, texts))
    client.live_session.submit(commit)
    return commit.settled.result(60)


def texts(client: Client) -> list[str]:
    return [a.text for a in client.live_session.state.answers.values()]
