-- The second schema: what the pages ask. Frozen: a later change is a new migration.

-- ---- Places: what left here and is not confirmed elsewhere; what belongs on a shelf. ----

CREATE INDEX whereabouts_left ON whereabouts (place, since) WHERE state = 2;
CREATE INDEX volume_by_home ON volume (home) WHERE home IS NOT NULL;
-- What stands at a place but is meant for another, and what was ever packed into a container.
CREATE INDEX whereabouts_meant ON whereabouts (place, since) WHERE state = 1 AND towards IS NOT NULL;
CREATE INDEX movement_packed ON movement (other, happened) WHERE kind = 5;

-- ---- Search. ----

-- ---- Questions and refused scans. ----

-- When a librarian settled what became of it; NULL: not yet, or nothing to settle.
ALTER TABLE scan_text ADD COLUMN settled INTEGER;
