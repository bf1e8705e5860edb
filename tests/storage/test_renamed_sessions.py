"""A session that was renamed goes by its new title."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.errors import NotFoundError
from workshop.session.events import Event, TitleSet
from workshop.session.session import Session
from workshop.storage.catalog import find_session, read_summary
from workshop.storage.sqlite.create import create_session

MakeSession = Callable[..., Session]
Happened = Callable[..., list[Event]]


def test_a_renamed_session_is_listed_and_found_by_its_new_title_only(
    tmp_path: Path, make_session: MakeSession, happened: Happened
) -> None:
    path = create_session(tmp_path, make_session("Acme"), happened(TitleSet(title="Zenith 2028")))
    assert "acme" in path.name
    assert read_summary(path).title == "Zenith 2028"
    assert find_session(tmp_path, "zenith") == path
    with pytest.raises(NotFoundError):
        find_session(tmp_path, "acme")
