"""The tables of the register file. A change is one more step at the end of MIGRATIONS.

Days are ISO texts; NULL means not told, or without end. `application_id` marks a file as ours,
`user_version` counts the migrations it has gone through.
"""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x61645363  # "adSc"

MIGRATIONS = (
    """
    CREATE TABLE snapshot (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,             -- the profile it was read by, with its region
        taken TEXT NOT NULL,              -- the day of the list
        complete INTEGER NOT NULL,        -- it has every permit of its types in its region
        types TEXT NOT NULL,              -- JSON list of permit types
        region TEXT NOT NULL,             -- place code, '' for the whole country
        file_name TEXT NOT NULL,
        file_sha256 TEXT NOT NULL,
        rows INTEGER NOT NULL,
        UNIQUE (source, taken, file_sha256, complete)
    );
    CREATE TABLE institution (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        credit_code TEXT UNIQUE,
        head_id INTEGER REFERENCES institution (id),
        region TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX institution_head ON institution (head_id);
    CREATE TABLE name (
        institution_id INTEGER NOT NULL REFERENCES institution (id),
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        key TEXT NOT NULL,                -- company_name.name_key
        trade TEXT NOT NULL,
        sound TEXT NOT NULL,              -- the trade name in toneless pinyin
        since TEXT,
        until TEXT,
        UNIQUE (institution_id, kind, key)
    );
    CREATE INDEX name_key ON name (key);
    CREATE INDEX name_trade ON name (trade);
    CREATE INDEX name_sound ON name (sound);
    CREATE TABLE permit (
        id INTEGER PRIMARY KEY,
        institution_id INTEGER NOT NULL REFERENCES institution (id),
        type TEXT NOT NULL,
        number TEXT NOT NULL,             -- '' where the list has none
        UNIQUE (institution_id, type, number)
    );
    CREATE INDEX permit_number ON permit (number) WHERE number <> '';
    CREATE TABLE version (                -- what was known of a permit from a day on
        permit_id INTEGER NOT NULL REFERENCES permit (id),
        since TEXT NOT NULL,              -- the day of the list
        source TEXT NOT NULL,
        authority TEXT NOT NULL,
        scope TEXT NOT NULL,              -- JSON list
        region TEXT NOT NULL,             -- as printed
        valid_from TEXT,
        valid_to TEXT,
        state TEXT NOT NULL,
        state_since TEXT,
        PRIMARY KEY (permit_id, since)
    ) WITHOUT ROWID;
    CREATE TABLE listing (                -- when a permit stood in the lists of a source
        permit_id INTEGER NOT NULL REFERENCES permit (id),
        source TEXT NOT NULL,
        since TEXT NOT NULL,              -- the first list that has it
        until TEXT,                       -- the first complete list that no longer has it
        last TEXT NOT NULL,               -- the newest list of the stretch that has it
        PRIMARY KEY (permit_id, source, since)
    ) WITHOUT ROWID;
    CREATE INDEX listing_open ON listing (source) WHERE until IS NULL;
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings an empty or older file to the newest tables."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {step} PRAGMA application_id = {APPLICATION_ID};"
            f" PRAGMA user_version = {number}; COMMIT;"
        )
