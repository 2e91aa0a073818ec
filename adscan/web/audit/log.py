"""The audit log: append-only, each entry sealed together with the one before.

A seal is an HMAC-SHA256 whose key lies outside the database, in the service's folder. Whoever can
write to the database alone can therefore not make a chain that holds. The seal of every commit's
last entry is also appended to a file: so entries cut off at the end are missed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from adscan.errors import SettingsError
from adscan.web.kept.tables import AuditEntry, AuditHead

SYSTEM = "系统"  # the actor of what no person did
FIRST_SEAL = "0" * 64
KEY_BYTES = 32
_WAITING = "adscan_audit"  # entries of a transaction, until it is committed
_ANCHOR = re.compile(r"([1-9][0-9]*) ([0-9a-f]{64})\n")


@dataclass(frozen=True)
class Vault:
    """What the log needs outside the database."""

    key: bytes
    anchors: Path  # a line for every commit: number and seal of its last entry

    @classmethod
    def open(cls, folder: Path, *, create: bool) -> Vault:
        """The vault in the service's folder. Raises SettingsError if there is none to open."""
        path = folder / "audit.key"
        if create:
            _make_key(path)
        try:
            key = path.read_bytes()
        except OSError as error:
            raise SettingsError(
                f"读不到审计密钥 {path}",
                hint="请检查 ADSCAN_WEB__DATA_DIR 是否指向服务的数据文件夹",
            ) from error
        if len(key) != KEY_BYTES:
            raise SettingsError(
                f"审计密钥 {path} 不完整", hint="请从备份恢复这个文件；没有它无法核对操作日志"
            )
        return cls(key, folder / "audit.anchors")

    def seal(self, entry: AuditEntry, before: str) -> str:
        """The seal of an entry that follows the one sealed `before`."""
        content = [
            entry.seq,
            entry.at.astimezone(timezone.utc).isoformat(timespec="microseconds"),
            entry.actor,
            entry.action,
            entry.subject,
            entry.detail,
            before,
        ]
        told = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hmac.new(self.key, told.encode(), hashlib.sha256).hexdigest()

    def anchor(self, entry: AuditEntry) -> None:
        """Note the last entry of a commit outside the database."""
        line = f"{entry.seq} {entry.seal}\n".encode()
        handle = os.open(self.anchors, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line)  # one write: lines of several processes do not mix
        finally:
            os.close(handle)

    def anchored(self) -> Iterator[tuple[int, str]]:
        """Number and seal of each noted entry; a line cut short by a crash says nothing."""
        if not self.anchors.exists():
            return
        with self.anchors.open(encoding="ascii", errors="replace") as lines:
            for line in lines:
                found = _ANCHOR.fullmatch(line)
                if found:
                    yield int(found[1]), found[2]


def _make_key(path: Path) -> None:
    """A new key, whole from the moment it can be seen; one that is there stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return
    new = path.with_name(f".key-{secrets.token_hex(8)}")
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(new, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        new.unlink(missing_ok=True)


def record(session: Session, actor: str, action: str, subject: str, **detail: Any) -> None:
    """Note what is done in this transaction; it is sealed as the transaction ends."""
    entry = AuditEntry(
        at=datetime.now(timezone.utc),
        actor=_fit(actor, 64),
        action=action,
        subject=_fit(subject, 80),
        detail=json.loads(json.dumps(detail)),  # as it will be read: keys are words, no tuples
    )
    session.info.setdefault(_WAITING, []).append(entry)


def _fit(text: str, most: int) -> str:
    """As the column holds it: what people type may have NUL, halves of characters, and no end."""
    return "".join(c for c in text if c != "\0" and not 0xD800 <= ord(c) < 0xE000)[:most]


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    """What was rolled back has not been done."""
    if ended.parent is None:
        session.info.pop(_WAITING, None)


def seal_entries(session: Session, vault: Vault | None) -> AuditEntry | None:
    """Append the transaction's entries to the log; the last of them, None if there are none.

    The head's row is locked here and not before: nothing else is waited for after it.
    """
    waiting: list[AuditEntry] = session.info.pop(_WAITING, [])
    if not waiting:
        return None
    assert vault is not None, "a process that changes things must hold the vault"
    query = select(AuditHead).with_for_update().execution_options(populate_existing=True)
    head = session.scalars(query).one()
    for entry in waiting:
        entry.seq = head.seq + 1
        entry.seal = vault.seal(entry, head.seal)
        head.seq, head.seal = entry.seq, entry.seal
        session.add(entry)
    session.flush()
    return waiting[-1]
