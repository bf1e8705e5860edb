"""A talk in line mode, and what came of it."""

import io
from pathlib import Path

from workshop.frontends.plain import line_mode
from workshop.session.event_log import EventLog
from workshop.storage.sqlite.session_file import SessionFile


class Talk:
    """What came of some lines: the exit code, the lines on both streams, and the session."""

    def __init__(
        self, path: Path, text: str | bytes, speaker: str = "", *, typed: bool = False
    ) -> None:
        raw = text if isinstance(text, bytes) else text.encode()
        stdin = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8")
        if typed:
            stdin.isatty = lambda: True  # type: ignore[method-assign]
        out, err = io.StringIO(), io.StringIO()
        self.code = line_mode.run(path, speaker, stdin=stdin, stdout=out, stderr=err)
        self.said = out.getvalue().splitlines()
        self.text, self.err = out.getvalue(), err.getvalue()
        with SessionFile.open(path) as file:
            self.event_log = EventLog(file.events())

    @property
    def answers(self) -> list[str]:
        return [answer.text for answer in self.event_log.state.answers.values()]


class BrokenOff(io.StringIO):
    """Lines behind which Ctrl+C comes."""

    def readline(self, _size: int | None = -1, /) -> str:
        if line := super().readline():
            return line
        raise KeyboardInterrupt
