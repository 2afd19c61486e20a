-- Whose clinic, ward, office or secretary a place is: names with semicolons between, as the hospital writes them.
ALTER TABLE place ADD COLUMN consultants TEXT;

-- A movement as those read it who ask which way folders go: where its desk stands, its batch, when it was learnt of, and
-- the first scan that took it back, by its own scan's name or by its batch's.
CREATE VIEW movement_way AS
SELECT m.key, m.subject, m.happened, m.kind, m.place, m.other, m.how, m.implied, r.place AS desk, s.batch,
       s.happened + s.learned_off AS learned_at,
       (SELECT min(u.scan) FROM undo u WHERE u.target = s.id AND u.what = 0) AS undone_alone,
       CASE WHEN s.batch > 0 THEN (SELECT min(u.scan) FROM undo u WHERE u.what = 1
               AND u.target = (SELECT f.id FROM scan f WHERE f.key = s.batch))
            WHEN s.batch < 0 THEN (SELECT min(u.scan) FROM undo u WHERE u.what = 1
               AND u.target = (SELECT b.id FROM batch b WHERE b.key = -s.batch)) END AS undone_together
FROM movement m
CROSS JOIN scan s ON s.key = (m.key >> 13)
CROSS JOIN run r ON r.key = s.run;

-- When a whole room was swept: what was not seen in it since is not there. Only such a scan touches it.
CREATE INDEX sweep_step_whole ON sweep_step (at) WHERE what = 4;
