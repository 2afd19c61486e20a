-- The third schema: what should be at a place, but was not scanned there. Frozen: a later change is a new migration.

-- Without it the list reads all that stands at the place; a scan pays for it where it confirms such a folder.
CREATE INDEX whereabouts_unsure ON whereabouts (place, since)
    WHERE state = 1 AND confirmed = 0 AND (subject & 1) = 0;
