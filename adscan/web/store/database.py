"""The database of the service: SQLite or PostgreSQL, one way to read and one to write."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from adscan.errors import SettingsError
from adscan.settings import Settings
from adscan.web.audit.log import Vault, seal_entries

BUSY_S = 30  # how long SQLite waits for another writer
POOL = 20  # connections of one process; as many more while it is busy
WRITING = "adscan_writing"  # marks a transaction that will write
MIGRATING = 7_203_119  # PostgreSQL's advisory lock while tables are made

HERE = Path(__file__).parent


class Database:
    """Sessions for reading and for writing. Every process makes its own."""

    def __init__(self, url: str, vault: Vault | None = None) -> None:
        self.engine = _engine(url)
        self._vault = vault  # None: nothing that must be recorded is done through it
        # SQLite's writers wait by trying again, so some wait long: ours queue up here first.
        is_sqlite = self.engine.dialect.name == "sqlite"
        self._turn: AbstractContextManager[Any] = Lock() if is_sqlite else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose changes are thrown away."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction, committed at the end or not at all.

        On SQLite it holds the only write lock from its beginning, so nothing read in it is stale.
        """
        with self._turn, Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={WRITING: True})
            yield session
            session.flush()
            sealed = seal_entries(session, self._vault)
            session.commit()
            if self._vault and sealed:
                self._vault.anchor(sealed)

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("select 1"))
        except DBAPIError:
            return False
        return True

    def migrate(self, patience_s: float = 60) -> None:
        """Bring the tables up to date; several processes may try at once.

        Raises SettingsError if the database cannot be reached for `patience_s`.
        """
        give_up = time.monotonic() + patience_s
        while True:
            try:
                with self.engine.connect() as connection:
                    _upgrade(connection)
                return
            except OperationalError as error:
                if time.monotonic() > give_up:
                    raise SettingsError(
                        f"连不上数据库 {self.shown()}：{error.orig}",
                        hint="请检查 ADSCAN_DATABASE_URL 和数据库是否在运行",
                    ) from error
                time.sleep(1)

    def shown(self) -> str:
        """The address without its password."""
        return self.engine.url.render_as_string(hide_password=True)


def database_url(settings: Settings) -> str:
    """Where the service keeps its records: the setting, else SQLite in its folder."""
    if settings.database_url:
        return settings.database_url
    return f"sqlite:///{Path(settings.web.data_dir).resolve() / 'adscan.db'}"


def open_database(settings: Settings) -> Database:
    """The database with the vault for its audit log. Raises SettingsError."""
    vault = Vault.open(settings.web.data_dir, create=True)
    return Database(database_url(settings), vault)


def is_lost(error: DBAPIError) -> bool:
    """Whether the database itself is gone or busy, and trying again later makes sense."""
    return isinstance(error, OperationalError) or error.connection_invalidated


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsError(
            "数据库地址写法不对",
            hint="例：postgresql://用户:密码@主机/库名，或 sqlite:////路径/文件",
        ) from error
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    elif parsed.get_backend_name() != "sqlite":
        raise SettingsError(
            f"不支持数据库 {parsed.get_backend_name()}", hint="请用 PostgreSQL 或 SQLite"
        )
    options: dict[str, Any] = {"pool_pre_ping": True, "pool_size": POOL, "max_overflow": POOL}
    if parsed.get_backend_name() == "postgresql":
        options["connect_args"] = {"connect_timeout": 5, "options": "-c lock_timeout=20000"}
    try:
        engine = create_engine(parsed, **options)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise SettingsError(
            "没有安装 PostgreSQL 驱动", hint="请运行 pip install 'adscan[postgresql]'"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begins)
    return engine


def _sqlite_connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # what was decided survives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _sqlite_begins(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    config.attributes["connection"] = connection.execution_options(**{WRITING: True})
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
        command.upgrade(config, "head")
