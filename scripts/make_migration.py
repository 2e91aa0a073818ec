"""Write the migration that brings the service's tables to what adscan/web/kept/tables.py says.

    python scripts/make_migration.py "what changes"

Read what it writes before you commit it: it cannot see renames, and data is yours to move.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from adscan.web.store.database import HERE, Database


def main(message: str) -> None:
    """One new file in migrations/versions."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        database.migrate()
        config = Config()
        config.set_main_option("script_location", str(HERE / "migrations"))
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        latest = ScriptDirectory.from_config(config).get_current_head() or "0000"
        with database.engine.connect() as connection:
            config.attributes["connection"] = connection
            number = f"{int(latest) + 1:04d}"
            command.revision(config, message=message, autogenerate=True, rev_id=number)
        database.engine.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
