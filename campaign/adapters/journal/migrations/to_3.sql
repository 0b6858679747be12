-- Version 3: kept are how fast calls could go, and what became of a call on the phone.

CREATE TABLE pace (
    campaign    TEXT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    at          INTEGER NOT NULL,
    allowed     REAL,
    waits_until INTEGER,
    PRIMARY KEY (campaign, at)
) STRICT, WITHOUT ROWID;

ALTER TABLE lead ADD COLUMN disposition TEXT NOT NULL DEFAULT '';
