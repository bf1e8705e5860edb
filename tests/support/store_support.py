"""Appending events to a session file as a live session does, for tests without one."""

from collections.abc import Sequence

from workshop.session.answer_rows import answer_changes
from workshop.session.event_log import EventLog
from workshop.session.events import Event
from workshop.session.record import Record, last_counter, records_from
from workshop.storage.draft import Draft
from workshop.storage.event_store import LogPart, Tail
from workshop.storage.sqlite.event_store import SqliteEventStore


class Writer(SqliteEventStore):
    """A session file that remembers its log as it was last loaded or written."""

    _log: list[Record]
    _tail: Tail

    def load(self, since: int = 0) -> LogPart:
        part = super().load()
        self._log, self._tail = list(part.records), part.tail
        return LogPart(part.records[since:], part.tail)

    def events(self) -> list[Event]:
        self.load()
        return super().events()

    def select(self, sql: str) -> list[tuple[object, ...]]:
        return self._rows(sql)

    def records(self) -> list[Record]:
        return list(self.load().records)

    def add(
        self,
        events: Sequence[Event],
        cleared_draft: Draft | None = None,
        *,
        with_changes: bool = False,
    ) -> list[Record]:
        """Append events behind the log that is remembered; return their records.

        With `with_changes`, the store is told what they change in the answers.
        """
        if not hasattr(self, "_log"):
            self.load()
        records = records_from(events, last_counter(self._log))
        drafts = [] if cleared_draft is None else [cleared_draft._replace(text="")]
        changes = None
        if with_changes:
            log = EventLog(record.event for record in self._log)
            after = EventLog([*log.events, *events])
            changes = answer_changes(self.session(), log.state, after.state)
        self._tail = self.append(records, self._tail, changes, drafts)
        self._log += records
        return list(records)
