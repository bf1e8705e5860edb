"""The terminal under the screen: one that may vanish, stand still, or be put aside at any moment.

Textual's own driver takes it for granted that the terminal stays. Where it is gone, the input
thread reads nothing, over and over, and the output thread is dead, and everything else waits for
that one for ever.
"""

import asyncio
import codecs
import os
import select
import selectors
import signal
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from queue import Empty, Full, Queue
from threading import Event, Thread
from types import FrameType
from typing import ClassVar, Protocol, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from workshop.errors import HUNG_UP, SIGNALLED
from workshop.frontends.tui.key_parser import KeyParser

PATIENCE = 0.5
"""How long, in seconds, a terminal that takes nothing holds up a program that is to end."""
_ASIDE = "Workshop is waiting; {} saved. Type fg to go on.\r\n"


class DrivenApp(Protocol):
    """What the driver asks of the app that it drives."""

    def end(self, code: int) -> None:
        """Leave with that exit code, because the system says so or the terminal is gone."""
        ...

    def action_suspend_to_shell(self) -> None:
        """Give the terminal back to the shell until it brings the program back."""
        ...

    def refresh(self, *, layout: bool = False) -> object:
        """Draw the whole screen again."""
        ...


class Output:
    """Writes to the terminal on a thread of its own, as long as there is a terminal."""

    def __init__(self, handle: int, encoding: str, gone: Callable[[], object]) -> None:
        """Write to the open file `handle`; `gone` is called where nobody can read it any more."""
        # Past the buffer of Python's own stream: what is stuck in that holds up the program's end.
        self._handle, self._encoding, self._gone = handle, encoding, gone
        self._pending: Queue[str | None] = Queue(30)
        self._is_gone = False
        self._give_up_at = float("inf")
        self._thread = Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    def give_up_soon(self) -> None:
        """Wait but a moment from now on for a terminal that takes nothing."""
        self._give_up_at = min(self._give_up_at, time.monotonic() + PATIENCE)

    def write(self, text: str | None) -> None:
        """Have `text` written, None being the end of all; wait while much else is before it."""
        while not self._is_gone:
            hopeless = time.monotonic() > self._give_up_at
            try:
                self._pending.put(text, block=not hopeless, timeout=0.05)
            except Full:
                if hopeless:
                    return
            else:
                return

    def stop(self) -> None:
        """Have the rest written, and wait for that while there is hope."""
        self.write(None)
        while self._thread.is_alive() and time.monotonic() < self._give_up_at:
            self._thread.join(0.05)
        self._is_gone = True

    def _run(self) -> None:
        try:
            text: str | None = ""
            while text is not None:
                parts: list[str] = []
                text = self._pending.get()
                while text is not None:
                    parts.append(text)
                    try:
                        text = self._pending.get_nowait()
                    except Empty:
                        break
                left = "".join(parts).encode(self._encoding, "replace")
                while left:
                    left = left[os.write(self._handle, left) :]
        except OSError:
            self._is_gone = True
            self._gone()


class _Stops(Event):
    """Whether the input thread is to stop, which it asks each time before it reads."""

    def __init__(self, has_hung_up: Callable[[], bool]) -> None:
        super().__init__()
        self._has_hung_up = has_hung_up

    def is_set(self) -> bool:
        return super().is_set() or self._has_hung_up()


class TerminalDriver(LinuxDriver):
    """Ends the app when its terminal is gone or the system says so, and may be put aside."""

    ENDING: ClassVar[tuple[signal.Signals, ...]] = (signal.SIGTERM, signal.SIGHUP)

    def __init__(
        self,
        app: "App[None]",
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        """Drive the terminal of `app`, which is a DrivenApp."""
        # Textual leaves the type of what an app returns open.
        super().__init__(app, debug=debug, mouse=mouse, size=size)  # pyright: ignore[reportUnknownMemberType]
        self._events = asyncio.get_running_loop()
        self._parser = KeyParser(self._debug)
        self._output: Output | None = None
        self._hung_up = False
        self.exit_event = _Stops(self.has_hung_up)
        # Not the loop's own handlers: those wait for the loop, which may wait for the terminal.
        for number in self.ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, say
                signal.signal(number, self._end)

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def run_input_thread(self) -> None:
        """Read keys until the end, in the terminal's own encoding.

        Textual's own ends the program at the first byte that is not UTF-8, such as an umlaut from a
        terminal that is set to Latin-1.
        """
        encoding = getattr(sys.__stdin__, "encoding", None) or "utf-8"
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    typed = decoder.decode(os.read(self.fileno, 4096))
                    for message in self._parser.feed(typed):
                        self.process_message(message)
                for message in self._parser.tick():
                    self.process_message(message)

    # ── ending ───────────────────────────────────────────────────────────────────────────────

    def has_hung_up(self) -> bool:
        """Return whether the terminal is gone; the first time, have the app end.

        The input thread and the app's own ask at the same time, which one poll object refuses.
        """
        terminal = select.poll()
        terminal.register(self.fileno, 0)  # being hung up is told without being asked for
        try:
            told = terminal.poll(0)
        except OSError:
            told = []
        if any(what & (select.POLLHUP | select.POLLERR) for _, what in told):
            self._lost()
        return self._hung_up

    def _lost(self) -> None:
        if not self._hung_up:
            self._hung_up = True
            self._call(self._workshop.end, HUNG_UP)

    def _end(self, number: int, _frame: FrameType | None) -> None:
        """Have the app end: in the main thread, but in the midst of whatever that is doing."""
        if self._output is not None:
            self._output.give_up_soon()
        self._call(self._workshop.end, SIGNALLED + number)

    @property
    def _workshop(self) -> DrivenApp:
        return cast("DrivenApp", self._app)  # pyright: ignore[reportUnknownMemberType]

    def _call(self, what: Callable[..., object], *given: object) -> None:
        if not self._events.is_closed():
            self._events.call_soon_threadsafe(what, *given)

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        stream = sys.__stderr__
        assert stream is not None  # at_a_terminal() has looked  # noqa: S101
        self._output = Output(stream.fileno(), stream.encoding, self._lost)
        super().start_application_mode()

    def write(self, data: str) -> None:
        """Have `data` written to the terminal."""
        if self._output is not None:
            self._output.write(data)

    def close(self) -> None:
        """Stop writing, once all is written that can be."""
        if self._output is not None:
            if self._hung_up:
                self._output.give_up_soon()
            self._output.stop()
            self._output = None
        super().close()

    # ── putting aside ────────────────────────────────────────────────────────────────────────

    @property
    def can_be_suspended(self) -> bool:
        """Whether there is a shell that takes over, and can bring the program back."""
        return os.getpgrp() != os.getsid(0)

    def suspend_to_shell(self, *, everything_is_safe: bool) -> None:
        """Give the terminal back and stop, until SIGCONT comes."""
        said = _ASIDE.format(
            "everything is" if everything_is_safe else "what you typed last is not"
        )
        self.suspend_application_mode()
        self._must_signal_resume = True
        os.write(self.fileno, said.encode("ascii"))
        os.kill(os.getpid(), signal.SIGSTOP)

    def _sigtstp_application(self, *_: object) -> None:
        self._call(self._workshop.action_suspend_to_shell)

    def _sigcont_application(self, *_: object) -> None:
        self._call(self._come_back)

    def _come_back(self) -> None:
        """Take the terminal over again, whether or not there was time to give it back."""
        if self._output is not None:
            self.suspend_application_mode()
            self._must_signal_resume = True
        self.resume_application_mode()
        self._workshop.refresh(layout=True)  # whatever stands there now is not ours


@contextmanager
def own_signals() -> Generator[None]:
    """Undo, at the end of a block, what the driver in it has made of the signals."""
    names = ("SIGTERM", "SIGHUP", "SIGTSTP", "SIGCONT", "SIGWINCH")
    before = {number: signal.getsignal(number) for number in map(signal.Signals.__getitem__, names)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
