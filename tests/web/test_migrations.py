"""The tables that migrations make are those the code knows."""

from __future__ import annotations

import threading

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from adscan.web.kept.tables import Base
from adscan.web.store.database import Database


def test_migrations_make_the_tables_of_the_code(either_office):
    with either_office.database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_several_processes_may_migrate_at_once(postgres_url):
    databases = [Database(postgres_url) for _ in range(4)]
    threads = [threading.Thread(target=database.migrate) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        assert database.is_up()
        database.engine.dispose()
