"""A session to be damaged and rescued, with what must hold of every rescue."""

from pathlib import Path

from damage_support import long_session, records_in

from workshop.banks.model import Bank
from workshop.session.session import Session
from workshop.storage.integrity.page_scanner import Row
from workshop.storage.integrity.rescue import RescueResult, rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.event_store import SqliteEventStore


class Patient:
    """A session to be damaged and rescued."""

    def __init__(self, folder: Path, bank: str = "it_business_model_canvas") -> None:
        self.whole = long_session(bank)
        self.path = folder / "damaged.db"
        self.target = folder / "rescued.db"
        self.path.write_bytes(self.whole)
        self.log = records_in(self.path)
        with SqliteEventStore.open(self.path) as file:
            self.session = file.session()

    def rescue(self, damaged: bytes, bank: Bank | None = None) -> RescueResult:
        """Rescue, and assert what must hold whatever the damage was."""
        self.path.write_bytes(damaged)
        self.target.unlink(missing_ok=True)
        rescued = rescue(self.path, self.target, bank)
        assert self.path.read_bytes() == damaged
        assert verify(self.target).is_sound
        assert rescued.events == len(self.rescued)
        originals = {record.id: record for record in self.log}
        assert all(originals.get(record.id) == record for record in self.rescued)
        assert self.rescued == sorted(self.rescued)
        assert sorted(p.name for p in self.path.parent.iterdir()) == ["damaged.db", "rescued.db"]
        return rescued

    @property
    def rescued(self) -> list[object]:
        return records_in(self.target)

    @property
    def rescued_session(self) -> Session:
        with SqliteEventStore.open(self.target) as file:
            return file.session()

    def scribbled(self, *rows: Row) -> bytes:
        """Return the file with the text of those events written over."""
        content = bytearray(self.whole)
        for row in rows:
            content[row.offset + 60 : row.offset + 90] = b"#" * 30
        return bytes(content)
