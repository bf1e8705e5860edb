"""Runs every write to a session file in one thread, so that people never wait for the disk."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

from workshop.errors import CannotWriteError, os_error_reason
from workshop.session.events import Event
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.lock import SessionLock
from workshop.storage.sqlite.header import check_header
from workshop.storage.sqlite.session_file import SessionFile


class SessionWriter:
    """A session file in a thread of its own: every call returns at once, with a Future.

    While it is open, no other writer can open the file, in this or another program. Calls are
    carried out one after the other, in the order in which they were made.
    """

    def __init__(
        self,
        thread: ThreadPoolExecutor,
        file: SessionFile,
        session: Session,
        log: list[Record],
        drafts: list[Draft],
        *,
        lock: SessionLock,
    ) -> None:
        """Use `open` instead, which reads the file in the thread that will own it."""
        self._thread = thread
        self._lock = lock
        self._file = file
        self._closed = False
        self._log = log
        """The log exactly as it is in the file now; for the writer thread only."""
        self.path = file.path
        self.backup = file.backup
        """Path of the backup, if the file was of an older version and has just been migrated."""
        self.session = session
        self.events = [record.event for record in log]
        """The log as it was when the file was opened."""
        self.drafts = drafts
        """The drafts as they were when the file was opened."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the session file at `path` for writing.

        Raises what SessionFile.open raises, InUseError if another writer has it open, and
        CannotWriteError if no answer could be saved.
        """
        thread = ThreadPoolExecutor(1, thread_name_prefix="session-writer")
        try:
            return thread.submit(cls._read, thread, path).result()
        except BaseException:
            thread.shutdown(wait=False)
            raise

    @classmethod
    def _read(cls, thread: ThreadPoolExecutor, path: Path) -> Self:
        check_header(path)  # no lock file is created beside a file that is no session
        lock = SessionLock.acquire(path)
        try:
            file = SessionFile.open(path)
            try:
                session, log, drafts = file.session(), file.records(), file.drafts()
                file.check_writable()
            except BaseException:
                file.close()
                raise
        except BaseException:
            lock.release()
            raise
        return cls(thread, file, session, log, drafts, lock=lock)

    def append(self, events: Sequence[Event], cleared_draft: Draft | None = None) -> Future[None]:
        """Commit `events` and delete `cleared_draft`, which became them; see SessionFile.append.

        Repeating a call is harmless: an interrupted caller may not know that it succeeded.
        """
        return self._thread.submit(self._append, events, cleared_draft)

    def _append(self, events: Sequence[Event], cleared_draft: Draft | None) -> None:
        committed = bool(events and self._log and events[-1].id == self._log[-1].id)
        if not committed:
            self._log += self._file.append(events, cleared_draft)

    def save_draft(self, draft: Draft) -> Future[None]:
        """Save a draft; see SessionFile.save_draft."""
        return self._thread.submit(self._file.save_draft, draft)

    def save_as(self, drafts: Sequence[Draft], target: Path) -> Future[Path]:
        """Write a copy with `drafts` to `target`; see `workshop.storage.sqlite.save_as`."""
        return self._thread.submit(self._save_as, drafts, target)

    def _save_as(self, drafts: Sequence[Draft], target: Path) -> Path:
        try:
            from workshop.storage.sqlite.save_as import save_as  # rarely needed

            return save_as(self._file, self._log, drafts, target)
        except OSError as error:  # too many open files, say: not even that module loads
            raise CannotWriteError(
                f"No copy can be saved at {target}: {os_error_reason(error)}."
            ) from error

    def close(self) -> None:
        """Finish the pending calls, and close the file. Closing again does nothing."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self._file.close)
            self._thread.shutdown(wait=True)
            self._lock.release()
