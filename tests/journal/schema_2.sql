-- The journal, version 2. Times are milliseconds since 1970, UTC. A change here needs its script in migrations/.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO setting VALUES ('key check', key_check());

CREATE TABLE campaign (
    id             TEXT PRIMARY KEY,
    created_at     INTEGER NOT NULL,
    list_name      TEXT NOT NULL,
    list_path      TEXT NOT NULL,
    list_sha256    TEXT NOT NULL,
    sheet          TEXT NOT NULL,
    header         TEXT NOT NULL,               -- JSON list of column names
    mapping_name   TEXT NOT NULL,
    mapping_text   TEXT NOT NULL,
    mapping_folder TEXT NOT NULL,
    endpoint       TEXT NOT NULL,
    widget         TEXT NOT NULL,               -- fingerprint, never the key
    draft          INTEGER NOT NULL DEFAULT 1,  -- 1 until all rows are in and a person said yes
    halted         TEXT NOT NULL DEFAULT '',    -- why sending stopped by itself
    forgotten_at   INTEGER                      -- when its personal data was erased
) STRICT;

CREATE TABLE lead (
    id           INTEGER PRIMARY KEY,
    campaign     TEXT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    number       INTEGER NOT NULL,              -- row number in the person's file
    row_id       TEXT NOT NULL UNIQUE,          -- what the vendor's reports carry
    cells        TEXT NOT NULL,                 -- JSON, see campaign.core.cells.cell
    payload      TEXT,                          -- JSON, without keys; NULL where the row makes no request
    phones       TEXT NOT NULL,                 -- JSON: [[E.164, region], ...]
    place        TEXT NOT NULL DEFAULT '',      -- JSON: where the row says its person is; '' where it says nothing
    state        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    cause        TEXT NOT NULL,                 -- the reason without the row's own values
    notes        TEXT NOT NULL,                 -- JSON list
    attempts     INTEGER NOT NULL DEFAULT 0,
    http_status  INTEGER,
    response     TEXT NOT NULL DEFAULT '',
    submitted_at INTEGER,
    next_allowed INTEGER,
    valid_until  INTEGER,                       -- from when on the person's consent holds no more; NULL for never
    closes_at    INTEGER NOT NULL DEFAULT 9223372036854775807  -- when its calling hours close; the default is never
) STRICT;
CREATE UNIQUE INDEX lead_by_row ON lead (campaign, number);
CREATE INDEX lead_by_state ON lead (campaign, state, number);

-- Both numbers of every lead that makes a request: how a second call to a person is found, across campaigns. A number
-- stands here as the mark that its key gives it (see person_key.py), so that it outlives a campaign that is forgotten.
CREATE TABLE number (
    person INTEGER NOT NULL,
    lead   INTEGER NOT NULL REFERENCES lead (id) ON DELETE CASCADE,
    PRIMARY KEY (person, lead)
) STRICT, WITHOUT ROWID;
CREATE INDEX number_by_lead ON number (lead);

-- Where calls were handed to: an endpoint, for a widget (a fingerprint, never the key).
CREATE TABLE target (
    id       INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    widget   TEXT NOT NULL,
    UNIQUE (endpoint, widget)
) STRICT;

CREATE TABLE attempt (
    lead        INTEGER NOT NULL REFERENCES lead (id) ON DELETE CASCADE,
    n           INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    state       TEXT,                           -- what the row became; NULL while under way
    http_status INTEGER,
    reason      TEXT,
    target      INTEGER REFERENCES target (id),
    PRIMARY KEY (lead, n)
) STRICT, WITHOUT ROWID;

-- Few rows are on their way or in doubt at a time: found without looking at all others.
CREATE INDEX lead_sending ON lead (id) WHERE state = 'sending';
CREATE INDEX attempt_unknown ON attempt (lead) WHERE state = 'unknown';
-- Those whose calling hours close soonest are sent first where a run waits for hours to open.
CREATE INDEX lead_by_closing ON lead (campaign, closes_at, number) WHERE state = 'pending';

-- The allowed ways between states, filled from campaign.core.lifecycle at every opening: no writer can go another way.
CREATE TABLE transition (
    origin TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (origin, target)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER lead_transition BEFORE UPDATE OF state ON lead
WHEN new.state <> old.state
     AND NOT EXISTS (SELECT 1 FROM transition WHERE origin = old.state AND target = new.state)
BEGIN
    SELECT RAISE(ABORT, 'illegal transition');
END;
