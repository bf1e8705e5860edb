"""A conversation in line mode, and its outcome."""

import io
from pathlib import Path

from workshop.frontends.plain import line_mode
from workshop.session.event_log import EventLog
from workshop.storage.sqlite.event_store import SqliteEventStore


class Talk:
    """The outcome of some replies in line mode: exit code, output of both streams, event log."""

    def __init__(
        self,
        path: Path,
        text: str | bytes,
        speaker: str = "",
        *,
        typed: bool = False,
        together: bool = False,
    ) -> None:
        """Send `text` line by line, or `together` as what a pipe holds already."""
        raw = io.BytesIO(text if isinstance(text, bytes) else text.encode())
        stdin = io.TextIOWrapper(io.BufferedReader(raw) if together else raw, encoding="utf-8")
        if typed:
            stdin.isatty = lambda: True  # type: ignore[method-assign]
        out, err = io.StringIO(), io.StringIO()
        self.code = line_mode.run(path, speaker, stdin=stdin, stdout=out, stderr=err)
        self.lines = out.getvalue().splitlines()
        self.text, self.err = out.getvalue(), err.getvalue()
        with SqliteEventStore.open(path) as file:
            self.event_log = EventLog(file.events())

    @property
    def answers(self) -> list[str]:
        return [answer.text for answer in self.event_log.state.answers.values()]


class Interrupted(io.StringIO):
    """Input lines that are followed by Ctrl+C."""

    def readline(self, _size: int | None = -1, /) -> str:
        if line := super().readline():
            return line
        raise KeyboardInterrupt
