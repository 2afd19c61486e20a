-- The fifth schema: which scanner belongs to which desk. Frozen: a later change is a new migration.

-- What pairing cards said, each row with the scan that read the card. The newest row of a scanner counts.
CREATE TABLE scanner_pairing (
    key      INTEGER PRIMARY KEY,
    -- Bus and chain of ports, as the kernel writes them.
    location TEXT    NOT NULL CHECK (location <> ''),
    vid      INTEGER NOT NULL CHECK (vid BETWEEN 0 AND 65535),
    pid      INTEGER NOT NULL CHECK (pid BETWEEN 0 AND 65535),
    -- Only where it tells the scanner from all others.
    serial   TEXT    CHECK (serial <> ''),
    desk     INTEGER NOT NULL REFERENCES desk (key),
    scan     INTEGER NOT NULL UNIQUE REFERENCES scan (key),
    -- When the server learnt of it.
    at       INTEGER NOT NULL
) STRICT;
CREATE TRIGGER scanner_pairing_is_never_changed BEFORE UPDATE ON scanner_pairing
    BEGIN SELECT RAISE(ABORT, 'a pairing is never changed'); END;
CREATE TRIGGER scanner_pairing_is_never_deleted BEFORE DELETE ON scanner_pairing
    BEGIN SELECT RAISE(ABORT, 'a pairing is never deleted'); END;
