"""The tables of the journal's file, and how a file of any earlier version is migrated to this version.

Law: a version that was ever in use is never edited. A change is a further entry of `MIGRATIONS`, and a file of the
previous version goes to `tests/unit/adapters/journal/journals/`.
"""

from __future__ import annotations

APPLICATION = 0x636F6163
"""SQLite's application id of the file: "coac"."""

Migrations = tuple[tuple[str, ...], ...]
"""SQL statements. Entry n turns version n into version n + 1; version 0 is an empty file."""
MIGRATIONS: Migrations = (
    (
        """
        CREATE TABLE session (
            id INTEGER PRIMARY KEY,
            began TEXT NOT NULL UNIQUE,
            second REAL NOT NULL,
            lifter TEXT NOT NULL DEFAULT ''
        )
        """,
        "CREATE INDEX session_second ON session (second)",
        # WITHOUT ROWID: the records of a session lie side by side, a new record at the end, and no further index is
        # needed.
        """
        CREATE TABLE record (
            session INTEGER NOT NULL REFERENCES session (id),
            number INTEGER NOT NULL,
            kind TEXT NOT NULL,
            "at" REAL NOT NULL,
            "set" INTEGER,
            "rep" INTEGER,
            "reps" INTEGER,
            "load" REAL,
            "unit" TEXT,
            "tempo" TEXT,
            "left" INTEGER,
            "what" TEXT,
            "phase" TEXT,
            "exercise" TEXT,
            "sets" INTEGER,
            "rest" INTEGER,
            "earlier" TEXT,
            "name" TEXT,
            "value" TEXT,
            PRIMARY KEY (session, number)
        ) WITHOUT ROWID
        """,
        # Questions about all sessions are answered from these indexes, without reading the millions of repetitions.
        "CREATE INDEX record_set ON record (session) WHERE kind = 'set'",
        """CREATE INDEX record_preference ON record (session, number, "name", "value") WHERE kind = 'preference'""",
    ),
    # Kinds of sets, one side at a time, and how the sets are planned.
    (
        'ALTER TABLE record ADD COLUMN "sort" TEXT',
        'ALTER TABLE record ADD COLUMN "side" TEXT',
        'ALTER TABLE record ADD COLUMN "structure" TEXT',
    ),
)
