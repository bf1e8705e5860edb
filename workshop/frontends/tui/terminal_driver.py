"""The terminal driver: for a terminal that may vanish, stand still or be suspended at any moment.

Theory of operation. Textual's own driver assumes that the terminal stays. Once it is gone,
Textual's input thread reads nothing over and over, its output thread is dead, and everything else
waits for the output thread for ever. This driver therefore

- asks before each read whether the terminal has hung up, and then has the app end;
- writes on a thread that ends with the terminal, and gives up on one that takes nothing;
- handles SIGTERM, SIGHUP, SIGTSTP and SIGCONT by calls into the app's event loop, so that what is
  typed is saved before the program ends or stops.
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

GIVE_UP_AFTER = 0.5
"""How long a terminal that takes nothing may delay the end of the program, in seconds."""
_SUSPENDED = "Workshop is waiting; {} saved. Type fg to go on.\r\n"


class DrivenApp(Protocol):
    """What the driver asks of the app that it drives."""

    def leave_at_once(self, code: int) -> None:
        """Leave with that exit code, because the system says so or the terminal is gone."""
        ...

    def action_suspend_to_shell(self) -> None:
        """Give the terminal back to the shell until it brings the program back."""
        ...

    def refresh(self, *, layout: bool = False) -> object:
        """Draw the whole screen again."""
        ...


class TerminalOutput:
    """Writes to the terminal on a thread of its own, as long as there is a terminal."""

    def __init__(self, handle: int, encoding: str, on_hang_up: Callable[[], object]) -> None:
        """Write to the open file `handle`; call `on_hang_up` once the terminal is gone."""
        # Bypasses the buffer of Python's stream: text stuck in it would delay the program's end.
        self._handle, self._encoding, self._on_hang_up = handle, encoding, on_hang_up
        self._pending: Queue[str | None] = Queue(30)
        self._is_closed = False
        self._give_up_at = float("inf")
        self._thread = Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    def give_up_soon(self) -> None:
        """Wait no longer than GIVE_UP_AFTER from now on for a terminal that takes nothing."""
        self._give_up_at = min(self._give_up_at, time.monotonic() + GIVE_UP_AFTER)

    def write(self, text: str | None) -> None:
        """Queue `text`, or None for the end of all output; wait while the queue is full."""
        while not self._is_closed:
            is_hopeless = time.monotonic() > self._give_up_at
            try:
                self._pending.put(text, block=not is_hopeless, timeout=0.05)
            except Full:
                if is_hopeless:
                    return
            else:
                return

    def stop(self) -> None:
        """Write the rest, and wait for that until it is time to give up."""
        self.write(None)
        while self._thread.is_alive() and time.monotonic() < self._give_up_at:
            self._thread.join(0.05)
        self._is_closed = True

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
                remaining = "".join(parts).encode(self._encoding, "replace")
                while remaining:
                    remaining = remaining[os.write(self._handle, remaining) :]
        except OSError:
            self._is_closed = True
            self._on_hang_up()


class _StopEvent(Event):
    """The event that stops the input thread; it is also set after a hang-up."""

    def __init__(self, has_hung_up: Callable[[], bool]) -> None:
        super().__init__()
        self._has_hung_up = has_hung_up

    def is_set(self) -> bool:
        return super().is_set() or self._has_hung_up()


class TerminalDriver(LinuxDriver):
    """Ends the app when its terminal is gone or the system says so, and can be suspended."""

    END_SIGNALS: ClassVar[tuple[signal.Signals, ...]] = (signal.SIGTERM, signal.SIGHUP)

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
        self._event_loop = asyncio.get_running_loop()
        self._parser = KeyParser(self._debug)
        self._output: TerminalOutput | None = None
        self._hung_up = False
        self.exit_event = _StopEvent(self.has_hung_up)
        # Not the loop's own handlers: those wait for the loop, which may wait for the terminal.
        for number in self.END_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, say
                signal.signal(number, self._on_end_signal)

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
                    text = decoder.decode(os.read(self.fileno, 4096))
                    for message in self._parser.feed(text):
                        self.process_message(message)
                for message in self._parser.tick():
                    self.process_message(message)

    # ── ending ───────────────────────────────────────────────────────────────────────────────

    def has_hung_up(self) -> bool:
        """Return whether the terminal is gone; the first time that it is, have the app end.

        The input thread and the app's own ask at the same time, which one poll object refuses.
        """
        poll = select.poll()
        poll.register(self.fileno, 0)  # a hang-up is reported without being asked for
        try:
            poll_events = poll.poll(0)
        except OSError:
            poll_events = []
        if any(flags & (select.POLLHUP | select.POLLERR) for _, flags in poll_events):
            self._end_after_hang_up()
        return self._hung_up

    def _end_after_hang_up(self) -> None:
        if not self._hung_up:
            self._hung_up = True
            self._call_in_loop(self._driven_app.leave_at_once, HUNG_UP)

    def _on_end_signal(self, number: int, _frame: FrameType | None) -> None:
        """Have the app end. Runs in the main thread, between any two instructions of it."""
        if self._output is not None:
            self._output.give_up_soon()
        self._call_in_loop(self._driven_app.leave_at_once, SIGNALLED + number)

    @property
    def _driven_app(self) -> DrivenApp:
        return cast("DrivenApp", self._app)  # pyright: ignore[reportUnknownMemberType]

    def _call_in_loop(self, function: Callable[..., object], *arguments: object) -> None:
        if not self._event_loop.is_closed():
            self._event_loop.call_soon_threadsafe(function, *arguments)

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        stream = sys.__stderr__
        assert stream is not None  # is_interactive() has checked it  # noqa: S101
        self._output = TerminalOutput(stream.fileno(), stream.encoding, self._end_after_hang_up)
        super().start_application_mode()

    def write(self, data: str) -> None:
        """Queue `data` for the terminal."""
        if self._output is not None:
            self._output.write(data)

    def close(self) -> None:
        """Stop writing, once everything is written that can be."""
        if self._output is not None:
            if self._hung_up:
                self._output.give_up_soon()
            self._output.stop()
            self._output = None
        super().close()

    # ── suspending ───────────────────────────────────────────────────────────────────────────

    @property
    def can_be_suspended(self) -> bool:
        """Whether there is a shell that takes over, and can bring the program back."""
        return os.getpgrp() != os.getsid(0)

    def suspend_to_shell(self, *, everything_is_saved: bool) -> None:
        """Give the terminal back and stop, until SIGCONT comes."""
        message = _SUSPENDED.format(
            "everything is" if everything_is_saved else "what you typed last is not"
        )
        self.suspend_application_mode()
        self._must_signal_resume = True
        os.write(self.fileno, message.encode("ascii"))
        os.kill(os.getpid(), signal.SIGSTOP)

    def _sigtstp_application(self, *_: object) -> None:
        self._call_in_loop(self._driven_app.action_suspend_to_shell)

    def _sigcont_application(self, *_: object) -> None:
        self._call_in_loop(self._resume)

    def _resume(self) -> None:
        """Take the terminal over again, whether or not there was time to give it back."""
        if self._output is not None:
            self.suspend_application_mode()
            self._must_signal_resume = True
        self.resume_application_mode()
        self._driven_app.refresh(layout=True)  # whatever is on the screen now is not ours


@contextmanager
def signals_restored() -> Generator[None]:
    """Restore, at the end of a block, the signal handlers that the driver in it has replaced."""
    names = ("SIGTERM", "SIGHUP", "SIGTSTP", "SIGCONT", "SIGWINCH")
    handlers = {
        number: signal.getsignal(number) for number in map(signal.Signals.__getitem__, names)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
