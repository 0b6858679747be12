-- Version 2: numbers are kept as a keyed hash, a campaign can be forgotten, and a row's own place is kept, and when
-- its calling hours close.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO setting VALUES ('key check', key_check());

ALTER TABLE campaign ADD COLUMN forgotten_at INTEGER;
ALTER TABLE lead ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE lead ADD COLUMN closes_at INTEGER NOT NULL DEFAULT 9223372036854775807;
CREATE INDEX lead_by_closing ON lead (campaign, closes_at, number) WHERE state = 'pending';

CREATE TABLE marked (
    person INTEGER NOT NULL,
    lead   INTEGER NOT NULL REFERENCES lead (id) ON DELETE CASCADE,
    PRIMARY KEY (person, lead)
) STRICT, WITHOUT ROWID;
INSERT INTO marked SELECT person(digits), lead FROM number;
DROP TABLE number;
ALTER TABLE marked RENAME TO number;
CREATE INDEX number_by_lead ON number (lead);
