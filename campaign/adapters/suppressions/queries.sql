-- name: make
CREATE TABLE entry (
    number   TEXT PRIMARY KEY,      -- E.164, or a prefix of it with a star: +974*
    reason   TEXT NOT NULL,
    source   TEXT NOT NULL,
    added_at INTEGER NOT NULL,      -- milliseconds since 1970, UTC
    until    TEXT                   -- the last day on which it counts (ISO); NULL for good
) STRICT, WITHOUT ROWID;

-- name: make_index
CREATE INDEX entry_prefix ON entry (number) WHERE substr(number, -1) = '*';

-- name: find
-- One row always: it tells too whether prefixes are to be looked through.
SELECT has.prefixes, entry.*
FROM (SELECT EXISTS (SELECT 1 FROM entry WHERE substr(number, -1) = '*') AS prefixes) AS has
LEFT JOIN entry ON entry.number = :number AND (entry.until IS NULL OR entry.until >= :today);

-- name: find_prefix
SELECT * FROM entry
WHERE number IN (SELECT value FROM json_each(:prefixes)) AND (until IS NULL OR until >= :today)
ORDER BY length(number) DESC LIMIT 1;

-- name: probe
SELECT number, reason, source, added_at, until FROM entry LIMIT 1;

-- name: known
SELECT * FROM entry WHERE number = ?;

-- name: add
-- What stands there already keeps its reason and its day, and is never made shorter. What has expired begins anew.
INSERT INTO entry (number, reason, source, added_at, until)
VALUES (:number, :reason, :source, :added_at, :until)
ON CONFLICT (number) DO UPDATE SET
    reason   = CASE WHEN entry.until < :today OR entry.reason = '' THEN excluded.reason ELSE entry.reason END,
    source   = CASE WHEN entry.until < :today OR entry.source = '' THEN excluded.source ELSE entry.source END,
    added_at = CASE WHEN entry.until < :today THEN excluded.added_at ELSE entry.added_at END,
    until    = CASE WHEN entry.until < :today THEN excluded.until
                    WHEN entry.until IS NULL OR excluded.until IS NULL THEN NULL
                    ELSE max(entry.until, excluded.until) END;

-- name: remove
DELETE FROM entry WHERE number = ?;

-- name: all
SELECT * FROM entry ORDER BY number;

-- name: search
SELECT * FROM entry WHERE number LIKE '%' || :digits || '%' ORDER BY added_at DESC, number LIMIT :limit;

-- name: count_found
SELECT count(*) FROM entry WHERE number LIKE '%' || ? || '%';
