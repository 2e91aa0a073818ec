"""Opens the register file, and makes it if there is none."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from adscan.errors import RegisterError
from adscan.permits.register import Register
from adscan.permits.register_fault import fault_of
from adscan.permits.register_schema import APPLICATION_ID, MIGRATIONS, migrate

BUSY_S = 10.0  # how long to wait for another process that writes
CACHE_KIB = 200_000  # at most; a small register takes no more than its size


def open_register(path: Path, *, create: bool = False) -> Register:
    """Open a register file. Raises RegisterError if it is missing, not ours or damaged."""
    if not create and not path.is_file():
        raise RegisterError(
            f"没有登记册 {path}",
            hint="请先用 adscan permits import 导入名录，或用 --register 指明文件",
        )
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        _demand_ours(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        migrate(connection)
    except (sqlite3.DatabaseError, OSError, RegisterError) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, RegisterError):
            raise
        raise fault_of(path, error) from error
    return Register(connection, path)


def _demand_ours(connection: sqlite3.Connection, path: Path) -> None:
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and mark != APPLICATION_ID:
        raise RegisterError(
            f"{path} 不是 adscan 的登记册",
            hint="请用 --register 指明由 adscan permits import 建立的文件",
        )
    if version > len(MIGRATIONS):
        raise RegisterError(f"登记册 {path} 由更新版本的 adscan 建立", hint="请升级 adscan")
