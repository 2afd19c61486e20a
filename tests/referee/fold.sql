-- A foreign referee: folds exported movements into whereabouts and prints every exported row that it does not get. Run by
-- sqlite3 in a folder with movements.csv and whereabouts.csv. It knows the columns of the export, and none of our code.
.mode csv
.import movements.csv movements
.import whereabouts.csv whereabouts
.mode list
-- What counts: no undo, and nothing that one takes back. nth 1 is the newest of its folder or container.
CREATE TABLE counts AS SELECT *, barcode || '/' || container AS subject, iif(kind = 'sent', "to", place) AS ends,
  scan_number + 0 AS n, scan_index + 0 AS i, strftime('%s', at) * 1000000 + substr(at, 21, 6) AS us, row_number() OVER (
    PARTITION BY barcode, container ORDER BY at DESC, desk DESC, incarnation DESC, scan_number + 0 DESC, scan_index + 0 DESC) AS nth
  FROM movements WHERE kind <> 'undone' AND (implied = 'true' OR ('scan:' || scan NOT IN (SELECT undoes FROM movements)
    AND 'batch:' || batch NOT IN (SELECT undoes FROM movements)));
CREATE INDEX counts_of ON counts (subject, nth);
-- Where each is by itself: by its newest movement m, unless its container was emptied since (e); or at b's end, if clocks
-- cannot tell which of m and b came first.
CREATE TABLE own AS SELECT m.subject, iif(e.id IS NULL, m.place, e.place) AS place, m."to" AS "to",
  iif(e.id IS NULL, m.inside, '') AS inside, iif(e.id IS NULL, m.how, 'carried') AS how, m.why AS why,
  iif(e.id IS NULL, iif(m.kind = 'answered' AND m.place = '', '', m.at), e.at) AS since, iif(m.kind = 'filed', m.place, '') AS filed,
  CASE WHEN e.id IS NOT NULL THEN 'at' WHEN m.why <> '' THEN 'gone' WHEN m.kind = 'sent' THEN 'on-its-way' WHEN m.kind = 'packed'
    THEN 'in-container' WHEN m.kind = 'answered' AND m.place = '' THEN 'not-yet-seen' ELSE 'at' END AS state,
  e.id IS NULL AND (m.kind IN ('filed', 'packed', 'seen', 'gone') OR m.kind = 'arrived' AND m.how <> 'imported'
    OR m.kind = 'answered' AND m.place <> '' AND m.how = 'scanned') AS confirmed,
  iif(m.uncertainty_us + b.uncertainty_us > 0 AND m.us - b.us <= m.uncertainty_us + b.uncertainty_us AND m.kind <> 'answered'
    AND m.incarnation <> b.incarnation AND m.ends <> b.ends
    AND NOT CASE WHEN b.kind = 'sent' THEN m.ends = b."to" ELSE m.kind = 'sent' AND b.ends = m.place END
    AND NOT CASE WHEN m.kind = 'sent' THEN b.ends = m."to" ELSE b.kind = 'sent' AND m.ends = b.place END, b.ends, '') AS or_at
  FROM counts m LEFT JOIN counts b ON b.subject = m.subject AND b.nth = 2 LEFT JOIN counts e ON m.inside <> '' AND e.rowid = (
    SELECT x.rowid FROM counts x WHERE x.subject = '/' || m.inside AND x.kind = 'emptied'
      AND (x.at, x.desk, x.incarnation, x.n, x.i) > (m.at, m.desk, m.incarnation, m.n, m.i)
    ORDER BY x.at, x.desk, x.incarnation, x.n, x.i LIMIT 1) WHERE m.nth = 1;
CREATE INDEX own_of ON own (subject);
-- What is in a container is where the outermost one is; a loop, which has no outermost one, is cut at its newest link.
CREATE TABLE through AS WITH RECURSIVE chain (subject, depth, carrier) AS (
    SELECT subject, 1, '/' || inside FROM own WHERE inside <> ''
    UNION ALL SELECT c.subject, depth + 1, '/' || o.inside FROM chain c JOIN own o ON o.subject = c.carrier
    WHERE o.inside <> '' AND depth < 32)
  SELECT c.subject, o.place, o."to", o.or_at, max(o.since) OVER (PARTITION BY c.subject) AS moved, row_number() OVER (
    PARTITION BY c.subject ORDER BY coalesce(o.inside, '') = '' DESC, depth > 16 DESC, o.since DESC) AS nth
  FROM chain c LEFT JOIN own o ON o.subject = c.carrier;
CREATE INDEX through_of ON through (subject, nth);
SELECT w.subject, 'folded:', o.state, o.place, 'exported:', w.state, w.place, w.movement FROM (
    SELECT *, barcode || '/' || container AS subject FROM whereabouts) w
  LEFT JOIN own o ON o.subject = w.subject LEFT JOIN through t ON t.subject = w.subject AND t.nth = 1
  WHERE (w.state, w.place, w."to", w.inside, w.packed_at, w.filed, w.since, w.why, w.how, w.or_at, w.confirmed) IS NOT (
    coalesce(o.state, 'not-yet-seen'), coalesce(iif(o.inside <> '', t.place, o.place), ''),
    coalesce(iif(o.inside <> '', t."to", o."to"), ''), coalesce(o.inside, ''), iif(o.inside <> '', o.place, ''),
    coalesce(o.filed, ''), coalesce(o.since, ''), coalesce(o.why, ''), iif(o.since <> '', o.how, ''),
    coalesce(iif(o.or_at = '' AND o.inside <> '', t.or_at, o.or_at), ''),
    iif(o.confirmed AND (o.inside = '' OR coalesce(t.moved, '') <= o.since), 'true', 'false'))
UNION ALL SELECT subject, 'folded, and not exported', state, place, '', '', '', '' FROM own WHERE subject NOT IN (
  SELECT barcode || '/' || container FROM whereabouts);
