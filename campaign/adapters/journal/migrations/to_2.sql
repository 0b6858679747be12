-- Version 2: numbers are kept as a keyed hash, and a campaign can be forgotten.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO setting VALUES ('key check', key_check());

ALTER TABLE campaign ADD COLUMN forgotten_at INTEGER;

CREATE TABLE marked (
    person INTEGER NOT NULL,
    lead   INTEGER NOT NULL REFERENCES lead (id) ON DELETE CASCADE,
    PRIMARY KEY (person, lead)
) STRICT, WITHOUT ROWID;
INSERT INTO marked SELECT person(digits), lead FROM number;
DROP TABLE number;
ALTER TABLE marked RENAME TO number;
CREATE INDEX number_by_lead ON number (lead);
