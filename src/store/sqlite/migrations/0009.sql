-- What figures as of a day need beside the log: since when a volume is known, and what an import has changed. Frozen: a
-- later change is a new migration.

-- Volumes up to this key were known with this scan or act; 0: before this was written down. Volumes' keys leave no gap,
-- so that an import writes one row a piece.
CREATE TABLE volume_known (
    upto INTEGER PRIMARY KEY CHECK (upto > 0),
    scan INTEGER NOT NULL
) STRICT;
INSERT INTO volume_known (upto, scan) SELECT key, 0 FROM volume ORDER BY key DESC LIMIT 1;
CREATE TRIGGER volume_known_is_never_changed BEFORE UPDATE ON volume_known
    BEGIN SELECT RAISE(ABORT, 'since when a volume is known is never changed'); END;
CREATE TRIGGER volume_known_is_never_deleted BEFORE DELETE ON volume_known
    BEGIN SELECT RAISE(ABORT, 'since when a volume is known is never deleted'); END;

-- What a volume or a place was before an import changed it, and the newest scan then: it was so for all who had learnt
-- no more than that scan.
CREATE TABLE volume_was (
    key    INTEGER PRIMARY KEY,
    volume INTEGER NOT NULL REFERENCES volume (key),
    kind   INTEGER NOT NULL,
    scan   INTEGER NOT NULL
) STRICT;
CREATE INDEX volume_was_of ON volume_was (volume, key);
CREATE TRIGGER volume_is_another_kind AFTER UPDATE OF kind ON volume WHEN OLD.kind <> NEW.kind
    BEGIN INSERT INTO volume_was (volume, kind, scan)
        VALUES (OLD.key, OLD.kind, (SELECT ifnull(max(key), 0) FROM scan)); END;
CREATE TRIGGER volume_was_is_never_changed BEFORE UPDATE ON volume_was
    BEGIN SELECT RAISE(ABORT, 'what a volume was is never changed'); END;
CREATE TRIGGER volume_was_is_never_deleted BEFORE DELETE ON volume_was
    BEGIN SELECT RAISE(ABORT, 'what a volume was is never deleted'); END;

CREATE TABLE place_was (
    key    INTEGER PRIMARY KEY,
    place  INTEGER NOT NULL REFERENCES place (key),
    name   TEXT    NOT NULL,
    kind   INTEGER NOT NULL,
    parent INTEGER,
    scan   INTEGER NOT NULL
) STRICT;
CREATE TRIGGER place_is_another AFTER UPDATE OF name, kind, parent ON place
    WHEN OLD.name <> NEW.name OR OLD.kind <> NEW.kind OR OLD.parent IS NOT NEW.parent
    BEGIN INSERT INTO place_was (place, name, kind, parent, scan)
        VALUES (OLD.key, OLD.name, OLD.kind, OLD.parent, (SELECT ifnull(max(key), 0) FROM scan)); END;
CREATE TRIGGER place_was_is_never_changed BEFORE UPDATE ON place_was
    BEGIN SELECT RAISE(ABORT, 'what a place was is never changed'); END;
CREATE TRIGGER place_was_is_never_deleted BEFORE DELETE ON place_was
    BEGIN SELECT RAISE(ABORT, 'what a place was is never deleted'); END;
