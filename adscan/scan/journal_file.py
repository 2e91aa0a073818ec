"""Opens a scan's journal, a SQLite file in the result folder, and makes it if there is none.

It is held exclusively, so a second scan into the same folder is refused; a process that dies lets
go of it. Whatever is committed is safe against kill -9 and, as every commit is synced, against loss
of power.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adscan.errors import SetupError
from adscan.scan.journal import Journal
from adscan.scan.tables import SCHEMA_VERSION, TABLES

FILE_NAME = "journal.sqlite"
APPLICATION_ID = 0x61647363  # "adsc"
_CANNOT_WRITE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)
CACHE_KIB = 32_000
CHECKPOINT_PAGES = 16_000  # 64 MB of log before it is folded into the file

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (number INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, counts TEXT);
CREATE TABLE files (
  number INTEGER PRIMARY KEY,
  edition TEXT NOT NULL,
  closed INTEGER NOT NULL DEFAULT 0,  -- its Parquet files are written
  dirty INTEGER NOT NULL DEFAULT 0    -- some of its ads or reviews now stand in another file
);
CREATE TABLE ads (
  ad_id BLOB PRIMARY KEY,
  review_id BLOB NOT NULL,
  file INTEGER NOT NULL,
  run INTEGER NOT NULL       -- that first met it
) WITHOUT ROWID;
-- When an archive last had an ad of this name, and what it was then.
CREATE TABLE names (
  ad_id BLOB PRIMARY KEY, review_id BLOB NOT NULL, run INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE reviews (review_id BLOB PRIMARY KEY, file INTEGER NOT NULL, summary BLOB NOT NULL);
-- Lists of rules that could not be checked: long, and the same for very many ads.
CREATE TABLE gaps (number INTEGER PRIMARY KEY, rules TEXT NOT NULL UNIQUE);
CREATE TABLE readings (
  reading_id BLOB PRIMARY KEY,
  file INTEGER NOT NULL,
  row INTEGER NOT NULL,       -- in the file's table of readings
  part_row INTEGER NOT NULL,  -- the first of its parts in the file's table of parts
  parts INTEGER NOT NULL
) WITHOUT ROWID;
-- Rows of the open file, one Arrow stream a table and commit.
CREATE TABLE spool (seq INTEGER PRIMARY KEY, {columns});
""".format(columns=", ".join(f"{name} BLOB" for name in TABLES))


class JournalError(SetupError):
    """The result folder is in use, of another make, or cannot be written."""

    code = "journal"


def open_journal(folder: Path) -> Journal:
    """The folder's journal, made if there is none.

    Raises JournalError if another scan holds it, or an other version made it.
    """
    path = folder / FILE_NAME
    with told(path):
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists() and any(folder.iterdir()):
            raise JournalError(
                f"{folder} 里已有别的文件，又不是扫描结果", hint="请给 --out 一个新的或空的文件夹"
            )
        connection = sqlite3.connect(path, timeout=0)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    return Journal(connection)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables:
        made = f"INSERT INTO meta VALUES ('schema', '{SCHEMA_VERSION}')"
        mark_it = f"PRAGMA application_id = {APPLICATION_ID}"
        connection.executescript(f"BEGIN IMMEDIATE; {mark_it}; {_TABLES} {made}; COMMIT;")
    elif mark != APPLICATION_ID:
        raise JournalError(f"{path} 不是 adscan 的扫描记录", hint="请换一个空的 --out 文件夹")
    (version,) = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    if version != SCHEMA_VERSION:
        raise JournalError(
            f"{path.parent} 是第 {version} 版格式的结果，本版 adscan 写第 {SCHEMA_VERSION} 版",
            hint="请换一个新的 --out 文件夹重新扫描，或用生成它的版本继续",
        )
    connection.execute("BEGIN IMMEDIATE")  # takes the lock now, not with the first result
    connection.commit()


@contextmanager
def told(path: Path) -> Iterator[None]:
    """SQLite's and the system's own faults as one Chinese sentence."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise JournalError(
                f"另一个 adscan scan 正在写 {path.parent}",
                hint="请等它结束，或换一个 --out 文件夹",
            ) from error
        raise JournalError(f"{path} 打不开：{error}", hint="请检查磁盘空间和写入权限") from error
    except sqlite3.DatabaseError as error:
        raise JournalError(
            f"{path} 已损坏，不能续扫", hint="请从备份恢复，或换一个新的 --out 文件夹"
        ) from error
    except OSError as error:
        if error.errno not in _CANNOT_WRITE:
            raise
        raise JournalError(
            f"{path.parent} 不能写入（{error.strerror}）",
            hint="请检查磁盘空间和权限，再运行同一命令，会从中断处继续",
        ) from error
