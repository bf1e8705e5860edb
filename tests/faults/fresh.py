"""Makes new session files on the IT canvas, and names a directory in memory for them."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

from workshop.banks.registry import find_bank
from workshop.session.session import Session
from workshop.storage.sqlite.create import create_session

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""A directory in memory for tests that write thousands of files, or None if there is none."""


def fresh_session(directory: Path) -> Path:
    """Create a session file in `directory`, and the directory if need be; return its path."""
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
