"""A new session on the IT canvas, and where to keep it."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

from workshop.banks.registry import find_bank
from workshop.session.session import Session
from workshop.storage.sqlite.create import create_session

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""A directory in memory, for where thousands of files are written and no disk is in question."""


def fresh_session(directory: Path) -> Path:
    """Make a session file in `directory`, which is made too; return its path."""
    session = Session.model_validate(
        {
            "id": uuid.uuid4().hex,
            "title": "Faults",
            "mode": "group",
            "bank": find_bank("it_business_model_canvas"),
            "created": datetime(2027, 3, 1, 9, 0, tzinfo=UTC),
        }
    )
    return create_session(directory, session)
