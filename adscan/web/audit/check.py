"""Checking the audit log: every change, deletion, insertion or reordering is a fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from adscan.web.audit.log import FIRST_SEAL, Vault
from adscan.web.kept.tables import AuditEntry, AuditHead

BATCH = 1000  # entries read at a time


@dataclass(frozen=True)
class Checked:
    """What checking the log gave."""

    count: int
    last_seal: str
    faults: tuple[str, ...]  # Chinese, in the order found


def verify(session: Session, vault: Vault, expected: tuple[int, str] | None = None) -> Checked:
    """Hold the whole log against its seals, its head and the anchors.

    `expected` is a number and seal that were noted elsewhere at an earlier time.
    """
    anchors = _Anchors(vault, expected)  # read first: what they name is committed by now
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    head = session.scalars(select(AuditHead)).all()
    walk = _Walk(vault)
    faults = [*walk.through(session, anchors), *anchors.faults(walk.count)]
    if len(head) != 1:
        faults.append("日志头不见了" if not head else "日志头多于一行")
    elif (head[0].seq, head[0].seal) != (walk.count, walk.seal):
        faults.append(
            f"日志头记到第 {head[0].seq} 条，日志实际到第 {walk.count} 条：末尾被删除、增添或改动"
        )
    return Checked(walk.count, walk.seal, tuple(faults))


class _Anchors:
    """What was noted outside the database: the seals an entry should bear, and where it says so.

    All of a number are kept. If the end of the log is cut off and the service goes on writing, the
    same numbers are noted again under other seals: just that gives the cut away.
    """

    def __init__(self, vault: Vault, expected: tuple[int, str] | None) -> None:
        self._noted: dict[int, set[tuple[str, str]]] = {}
        for number, seal in vault.anchored():
            self._noted.setdefault(number, set()).add((seal, "锚点文件"))
        self._has_file = bool(self._noted)
        if expected:
            self._noted.setdefault(expected[0], set()).add((expected[1], "给出的封印"))

    def against(self, entry: AuditEntry) -> list[str]:
        """Where another seal is noted for the entry."""
        noted = self._noted.get(entry.seq, ())
        return sorted(source for seal, source in noted if seal != entry.seal)

    def faults(self, count: int) -> Iterator[str]:
        """What is noted and not there."""
        beyond = max((number for number in self._noted if number > count), default=0)
        if beyond:
            source = max(source for _, source in self._noted[beyond])
            yield f"{source}记到第 {beyond} 条，日志只到第 {count} 条：末尾被删除"
        if count and not self._has_file:
            yield "锚点文件不见了或是空的：查不出末尾是否被删除"


class _Walk:
    """Through the entries in order."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.count, self.seal = 0, FIRST_SEAL

    def through(self, session: Session, anchors: _Anchors) -> Iterator[str]:
        """Every fault."""
        for number, entry in _entries(session):
            if number < 1:
                yield f"第 {number} 条是插入的：编号从 1 起"
            elif number != self.count + 1:
                yield f"第 {self.count + 1} 条起缺失，直到第 {number - 1} 条"
            if entry is None:
                yield f"第 {number} 条读不出来：内容被改坏"
                self.count = number
                continue
            if self._vault.seal(entry, self.seal) != entry.seal:
                yield f"第 {number} 条（{entry.action}）与封印不符：内容、次序或前一条被改动"
            for source in anchors.against(entry):
                yield f"第 {number} 条的封印与{source}所记不符：末尾曾被删除，或日志被改写"
            self.count, self.seal = number, entry.seal


def _entries(session: Session) -> Iterator[tuple[int, AuditEntry | None]]:
    """All entries by number; None for one whose columns do not hold what they should."""
    last: int | None = None
    while True:
        batch = select(AuditEntry.seq).order_by(AuditEntry.seq).limit(BATCH)
        if last is not None:
            batch = batch.where(AuditEntry.seq > last)
        numbers = list(session.scalars(batch))
        if not numbers:
            return
        yield from _read(session, numbers)
        session.expunge_all()
        last = numbers[-1]


def _read(session: Session, numbers: list[int]) -> list[tuple[int, AuditEntry | None]]:
    query = select(AuditEntry).where(AuditEntry.seq.between(numbers[0], numbers[-1]))
    try:
        found = list(session.scalars(query.order_by(AuditEntry.seq)))
        if all(map(_is_sound, found)):
            return [(entry.seq, entry) for entry in found]
    except (ValueError, TypeError, AttributeError):
        found = []
    if len(numbers) == 1:
        return [(numbers[0], None)]
    half = len(numbers) // 2  # somewhere in here is one that cannot be read
    return [*_read(session, numbers[:half]), *_read(session, numbers[half:])]


def _is_sound(entry: AuditEntry) -> bool:
    """SQLite takes any type into any column."""
    told = (entry.actor, entry.action, entry.subject, entry.seal)
    return all(isinstance(one, str) for one in told) and isinstance(entry.at, datetime)
