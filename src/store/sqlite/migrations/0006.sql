-- The sixth schema: searches for what is missing, and temporary folders with their originals. Frozen: a later change is
-- a new migration.

-- ---- Searches. ----

-- What happened to searches. key: the key of its scan or act times 8192, plus its index there; so the order of the keys
-- is the order in which the steps were learnt.
CREATE TABLE search_step (
    key        INTEGER PRIMARY KEY,
    -- The key of the step that opened the search.
    search     INTEGER NOT NULL CHECK (search <= key),
    -- When it happened.
    at         INTEGER NOT NULL,
    -- 0 opened, 1 asked for, 2 looked, 3 seen, 4 found at, 5 declared, 6 stood in, 7 closed, 8 reopened,
    -- 9 a look taken back.
    what       INTEGER NOT NULL CHECK (what BETWEEN 0 AND 9),
    -- Opened: what is searched for. Stood in: the temporary folder.
    volume     INTEGER,
    -- Opened: where the log had it; seen: where it was scanned.
    place      INTEGER,
    -- Opened: 0 nowhere, 1 at the place, 2 on its way there.
    tracked    INTEGER CHECK (tracked BETWEEN 0 AND 2),
    -- Opened: 1 where nobody waits.
    quiet      INTEGER CHECK (quiet IN (0, 1)),
    -- Opened, asked for: by when, where, for whom.
    needed     INTEGER,
    asker      INTEGER,
    consultant TEXT,
    -- Looked, found at: where, with keys of places and volumes.
    spot       TEXT    CHECK (spot <> ''),
    -- Looked: 0 found, 1 not there, 2 cannot look.
    result     INTEGER CHECK (result BETWEEN 0 AND 2),
    -- Found at: why, and how.
    cause      INTEGER CHECK (cause BETWEEN 0 AND 7),
    how        INTEGER CHECK (how BETWEEN 0 AND 3),
    -- Seen: 0 by a scan at a desk, 1 in a sweep.
    seen_by    INTEGER CHECK (seen_by IN (0, 1)),
    -- Closed: 0 a mistake, 1 not needed, 2 gone.
    why        INTEGER CHECK (why BETWEEN 0 AND 2),
    -- A look taken back: the scan or act that had told it.
    look       INTEGER,
    CHECK ((what = 0) = (search = key)),
    CHECK ((what IN (0, 6)) = (volume IS NOT NULL)),
    CHECK ((what = 0) = (tracked IS NOT NULL) AND (what = 0) = (quiet IS NOT NULL)),
    CHECK ((what IN (2, 4)) = (spot IS NOT NULL)),
    CHECK ((what = 2) = (result IS NOT NULL) AND (what = 3) = (seen_by IS NOT NULL)),
    CHECK ((what = 4) = (cause IS NOT NULL) AND (what = 4) = (how IS NOT NULL)),
    CHECK ((what = 7) = (why IS NOT NULL)),
    CHECK ((what = 9) = (look IS NOT NULL))
) STRICT;
CREATE INDEX search_step_of ON search_step (search, key);

-- A step with what its scan or act says of it. CROSS JOIN keeps the order of the loops.
CREATE VIEW search_step_told AS
SELECT t.key, s.id AS scan, t.at, s.person, r.place AS desk_place, t.what, t.volume, t.place, t.tracked, t.quiet,
       t.needed, t.asker, t.consultant, t.spot, t.result, t.cause, t.how, t.seen_by, t.why, t.search,
       (SELECT l.id FROM scan l WHERE l.key = t.look) AS look
FROM search_step t
CROSS JOIN scan s ON s.key = (t.key >> 13)
CROSS JOIN run r ON r.key = s.run;

-- The projection: what the steps of a search add up to now. `verify` rebuilds and compares it.
CREATE TABLE search (
    -- The step that opened it.
    key     INTEGER PRIMARY KEY,
    id      BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    volume  INTEGER NOT NULL,
    -- When it was opened.
    opened  INTEGER NOT NULL,
    -- 0 open, 1 turned up, 2 found, 3 declared missing, 4 closed.
    state   INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
    quiet   INTEGER NOT NULL CHECK (quiet IN (0, 1)),
    -- The place that waits, and by when it is needed.
    asker   INTEGER,
    needed  INTEGER,
    -- Its newest step.
    changed INTEGER NOT NULL
) STRICT;
-- One search of a volume at a time. Every scan of a folder asks here: it holds what is wanted now, and nothing else.
CREATE UNIQUE INDEX search_wanted ON search (volume) WHERE state IN (0, 3);
CREATE INDEX search_of_volume ON search (volume, key);
CREATE INDEX search_by_state ON search (state, quiet, key);

CREATE TRIGGER search_step_is_never_changed BEFORE UPDATE ON search_step
    BEGIN SELECT RAISE(ABORT, 'a step of a search is never changed'); END;
CREATE TRIGGER search_step_is_never_deleted BEFORE DELETE ON search_step
    BEGIN SELECT RAISE(ABORT, 'a step of a search is never deleted'); END;

-- ---- Temporary folders and their originals. ----

-- What happened to them; key as above.
CREATE TABLE combine_step (
    key       INTEGER PRIMARY KEY,
    temporary INTEGER NOT NULL CHECK (temporary <> original),
    original  INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    -- 0 stood in, 1 met, 2 confirmed, 3 not met after all, 4 not confirmed after all.
    what      INTEGER NOT NULL CHECK (what BETWEEN 0 AND 4)
) STRICT;
CREATE INDEX combine_step_of ON combine_step (temporary, key);

-- The projection. `verify` rebuilds and compares it. Only scans of casenotes with a temporary folder ask here.
CREATE TABLE combine (
    temporary INTEGER PRIMARY KEY,
    original  INTEGER NOT NULL,
    -- 0 stands in, 1 a combine is open, 2 done.
    state     INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    -- Since when it stands in, or is known to.
    since     INTEGER NOT NULL
) STRICT;
CREATE INDEX combine_of_original ON combine (original);
CREATE INDEX combine_open ON combine (temporary) WHERE state = 1;

CREATE TRIGGER combine_step_is_never_changed BEFORE UPDATE ON combine_step
    BEGIN SELECT RAISE(ABORT, 'a step of a combine is never changed'); END;
CREATE TRIGGER combine_step_is_never_deleted BEFORE DELETE ON combine_step
    BEGIN SELECT RAISE(ABORT, 'a step of a combine is never deleted'); END;
