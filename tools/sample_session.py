"""Make a session that has something of everything, from a bank's own examples: `make debug`.

    python tools/sample_session.py FOLDER

Prints the path of the new session file.
"""

import sys
from pathlib import Path

from workshop.banks.registry import find_bank
from workshop.client import Client
from workshop.frontends.cli.sessions import make_session
from workshop.live_session import LiveSession

SPEAKERS = ("Anna", "Ben", "Chiara")
SKIP_INTERVAL = 5
"""One question in this many is skipped."""


def make_sample_session(folder: Path, bank: str = "it_business_model_canvas") -> Path:
    """Return the path of a new session in `folder`: answers, dots, a parked point, an action."""
    path = make_session(folder, find_bank(bank), title="Sample", participants=SPEAKERS)
    live_session = LiveSession.open(path)
    client = Client(live_session, SPEAKERS[0])
    try:
        for reply in _replies(live_session):
            client.commit(client.propose(reply)).result()
    finally:
        live_session.close()
    return path


def _replies(live_session: LiveSession) -> list[str]:
    session = live_session.session
    replies: list[str] = []
    for number, address in enumerate(session.addresses):
        if number % SKIP_INTERVAL == SKIP_INTERVAL - 1:
            replies.append("/skip nobody here knows")
        else:
            speaker = SPEAKERS[number % len(SPEAKERS)]
            replies += [f"/as {speaker}", session.question(address).example, ""]
    later = ["/park Ask the port about shifts", "/action Call the port @Ben by Friday"]
    return [*replies, "/vote 1 3", "/vote 2", *later, "/goto 4"]


if __name__ == "__main__":
    print(make_sample_session(Path(sys.argv[1])))
