-- Imports that have not ended, so that one that was stopped goes on. Frozen: a later change is a new migration.

-- How far a file is applied, written with each of its pieces. It goes away when the import ends: nothing here is log.
CREATE TABLE import_unfinished (
    -- SHA-256 of the file and of how it is read.
    file      BLOB    PRIMARY KEY CHECK (length(file) = 32),
    -- Pieces of it that are applied, from its beginning.
    pieces    INTEGER NOT NULL CHECK (pieces > 0),
    at        INTEGER NOT NULL,
    added     INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    same      INTEGER NOT NULL,
    confirmed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Its rows of which somebody must know at the end.
CREATE TABLE import_aside (
    file   BLOB    NOT NULL REFERENCES import_unfinished (file) ON DELETE CASCADE,
    -- As a spreadsheet shows it.
    row    INTEGER NOT NULL,
    -- 0 it was not taken, 1 it differs from what was typed in here.
    what   INTEGER NOT NULL CHECK (what IN (0, 1)),
    reason TEXT    NOT NULL,
    PRIMARY KEY (file, row)
) STRICT, WITHOUT ROWID;
