-- Version 2: numbers are kept as a keyed hash, a campaign can be forgotten, and a consent can run out.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO setting VALUES ('key check', key_check());

ALTER TABLE campaign ADD COLUMN forgotten_at INTEGER;
ALTER TABLE lead ADD COLUMN valid_until INTEGER;

CREATE TABLE target (
    id       INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    widget   TEXT NOT NULL,
    UNIQUE (endpoint, widget)
) STRICT;
INSERT INTO target (endpoint, widget) SELECT DISTINCT endpoint, widget FROM campaign;
ALTER TABLE attempt ADD COLUMN target INTEGER REFERENCES target (id);
UPDATE attempt SET target = (
    SELECT target.id FROM lead JOIN campaign ON campaign.id = lead.campaign
                     JOIN target ON target.endpoint = campaign.endpoint AND target.widget = campaign.widget
    WHERE lead.id = attempt.lead);

CREATE TABLE marked (
    person INTEGER NOT NULL,
    lead   INTEGER NOT NULL REFERENCES lead (id) ON DELETE CASCADE,
    PRIMARY KEY (person, lead)
) STRICT, WITHOUT ROWID;
INSERT INTO marked SELECT person(digits), lead FROM number;
DROP TABLE number;
ALTER TABLE marked RENAME TO number;
CREATE INDEX number_by_lead ON number (lead);
