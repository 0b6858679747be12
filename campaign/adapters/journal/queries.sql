-- name: key_check
SELECT value FROM setting WHERE name = 'key check';

-- name: add_campaign
INSERT INTO campaign (id, created_at, list_name, list_path, list_sha256, sheet, header, mapping_name, mapping_text,
                      mapping_folder, endpoint, widget)
VALUES (:id, :created_at, :list_name, :list_path, :list_sha256, :sheet, :header, :mapping_name, :mapping_text,
        :mapping_folder, :endpoint, :widget);

-- name: open_campaign
UPDATE campaign SET draft = 0 WHERE id = ?;

-- name: drop_draft
DELETE FROM campaign WHERE id = ? AND draft = 1;

-- name: drop_all_drafts
DELETE FROM campaign WHERE draft = 1;

-- name: set_halted
UPDATE campaign SET halted = ? WHERE id = ?;

-- name: set_endpoint
UPDATE campaign SET endpoint = ?, widget = ? WHERE id = ?;

-- name: campaign
SELECT * FROM campaign WHERE id = ? AND draft = 0;

-- name: campaigns
SELECT * FROM campaign WHERE draft = 0 ORDER BY created_at DESC, rowid DESC;

-- name: campaign_names
SELECT id, list_name FROM campaign WHERE draft = 0 ORDER BY created_at DESC, rowid DESC LIMIT ?;

-- name: campaigns_made
SELECT count(*), max(created_at) FROM campaign WHERE draft = 0;

-- name: campaigns_of_list
SELECT id FROM campaign WHERE list_sha256 = ? AND draft = 0 ORDER BY created_at DESC;

-- name: last_lead
SELECT coalesce(max(id), 0) FROM lead;

-- name: last_number
SELECT coalesce(max(number), 0) FROM lead WHERE campaign = ?;

-- name: add_lead
INSERT INTO lead (id, campaign, number, row_id, cells, payload, phones, place, state, reason, cause, notes, next_allowed,
                  valid_until, closes_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_number
INSERT INTO number (person, lead) VALUES (person(?), ?) ON CONFLICT DO NOTHING;

-- name: drop_numbers
DELETE FROM number WHERE lead = ?;

-- name: counts
SELECT state, count(*) FROM lead WHERE campaign = ? GROUP BY state;

-- name: reasons
SELECT state, cause, count(*) AS rows FROM lead WHERE campaign = ? AND cause <> ''
GROUP BY state, cause ORDER BY rows DESC, state, cause;

-- name: troubles
SELECT number, phones, state, cause FROM lead WHERE campaign = ? AND state IN ('rejected', 'failed', 'unknown') AND attempts > 0
ORDER BY submitted_at DESC LIMIT ?;

-- name: dispositions
SELECT disposition, count(*) AS rows FROM lead WHERE campaign = ? AND disposition <> ''
GROUP BY disposition ORDER BY rows DESC, disposition;

-- name: submitted_span
SELECT min(submitted_at), max(submitted_at) FROM lead WHERE campaign = ?;

-- name: attempt_span
SELECT min(attempt.started_at), max(attempt.started_at) FROM lead JOIN attempt ON attempt.lead = lead.id WHERE lead.campaign = ?;

-- name: attempts_by_stretch
SELECT (attempt.started_at - :origin) / :width AS stretch, coalesce(attempt.state, 'sending') AS state, count(*) AS attempts
FROM lead JOIN attempt ON attempt.lead = lead.id WHERE lead.campaign = :campaign GROUP BY 1, 2;

-- name: funnel
SELECT state, attempts > 0 AS sent, count(*) AS rows FROM lead WHERE campaign = ? GROUP BY 1, 2;

-- name: answer_times
SELECT max(ended_at - started_at, 0) AS ms, count(*) AS attempts FROM lead JOIN attempt ON attempt.lead = lead.id
WHERE lead.campaign = ? AND lead.attempts > 0 AND attempt.http_status IS NOT NULL GROUP BY 1 ORDER BY 1;

-- name: by_country
WITH counted AS MATERIALIZED (
    SELECT json_extract(phones, '$[0][1]') AS name, state, count(*) AS rows FROM lead
    WHERE campaign = :campaign AND phones <> '[]' GROUP BY 1, 2),
largest AS MATERIALIZED (SELECT name FROM counted GROUP BY name ORDER BY sum(rows) DESC, name LIMIT :most)
SELECT name, state, rows, (SELECT count(DISTINCT name) FROM counted) AS groups FROM counted WHERE name IN largest;

-- name: by_agent
WITH counted AS MATERIALIZED (
    SELECT coalesce(nullif(json_extract(payload, '$.' || replace(field.key, 'phone', 'name')), ''),
                    '…' || iif(length(field.value) > 6, substr(field.value, -4), '')) AS name,
           state, count(*) AS rows
    FROM lead JOIN json_each(payload) AS field
    WHERE campaign = :campaign AND payload LIKE '%lc_param_agent%' AND field.key LIKE 'lc_param_agent%phone'
          AND lower(field.key) GLOB '*agent[0-9]*'
    GROUP BY 1, 2),
largest AS MATERIALIZED (SELECT name FROM counted GROUP BY name ORDER BY sum(rows) DESC, name LIMIT :most)
SELECT name, state, rows, (SELECT count(DISTINCT name) FROM counted) AS groups FROM counted WHERE name IN largest;

-- name: waiting_rows
SELECT number, phones, state, reason, cause, cells FROM lead WHERE campaign = ? AND state = ? ORDER BY number LIMIT ?;

-- name: last_moment
SELECT max(created_at, coalesce((SELECT max(submitted_at) FROM lead WHERE campaign = campaign.id), 0))
FROM campaign WHERE id = ?;

-- name: results
SELECT number, cells, state, reason, cause, notes, phones, attempts, http_status, response, submitted_at, next_allowed, row_id
FROM lead WHERE campaign = ? ORDER BY number;

-- name: due
SELECT id, number, row_id, payload, phones, attempts, place, valid_until, closes_at FROM lead
WHERE campaign = ? AND state = 'pending' AND number > ? ORDER BY number LIMIT ?;

-- name: due_by_closing
SELECT id, number, row_id, payload, phones, attempts, place, valid_until, closes_at FROM lead INDEXED BY lead_by_closing
WHERE campaign = ? AND state = 'pending' AND (closes_at, number) > (?, ?) ORDER BY closes_at, number LIMIT ?;

-- name: closed_by
SELECT id, number, row_id, payload, phones, attempts, place, valid_until, closes_at FROM lead INDEXED BY lead_by_closing
WHERE campaign = ? AND state = 'pending' AND closes_at <= ? LIMIT ?;

-- name: set_closing
UPDATE lead SET closes_at = ? WHERE id = ?;

-- name: lead_by_row_id
SELECT id, campaign, number, state, cells, payload FROM lead WHERE row_id = ?;

-- name: leads_by_row_ids
SELECT row_id, id, campaign, number, state, cells, payload FROM lead WHERE row_id IN (SELECT value FROM json_each(?));

-- name: leads_at
SELECT id, campaign, number, state, cells, payload FROM lead
WHERE campaign = ? AND number IN (SELECT value FROM json_each(?));

-- name: leads_by_number
SELECT lead.id, lead.campaign, lead.number, lead.state, lead.cells, lead.payload
FROM number CROSS JOIN lead ON lead.id = number.lead  -- in this order: SQLite would rather see every row of the campaign
WHERE number.person = person(?) AND number.lead IS NOT ? AND lead.campaign = ? ORDER BY lead.number;

-- name: contacts
SELECT asked.value AS digits, lead.campaign, lead.number AS row, lead.state, lead.submitted_at
FROM json_each(?) AS asked
JOIN number ON number.person = person(asked.value)
JOIN lead ON lead.id = number.lead
WHERE lead.state IN ('sending', 'accepted', 'unknown') AND lead.submitted_at > ? AND lead.campaign <> ?
ORDER BY lead.submitted_at;

-- name: shared_people
SELECT group_concat(number.lead) AS leads FROM (VALUES :rows) CROSS JOIN number ON number.lead = column1
GROUP BY number.person HAVING count(*) > 1;

-- name: conflicts
SELECT own.lead AS of, lead.campaign, lead.number AS row, lead.state, lead.submitted_at
FROM (SELECT column1 AS lead, column2 AS campaign, column3 AS since FROM (VALUES :rows)) AS intent
CROSS JOIN number AS own ON own.lead = intent.lead
CROSS JOIN number AS other ON other.person = own.person AND other.lead <> own.lead
CROSS JOIN lead ON lead.id = other.lead
WHERE (lead.state IN ('sending', 'accepted', 'unknown')
       -- a row that was released at a person's word may have called all the same
       OR EXISTS (SELECT 1 FROM attempt WHERE attempt.lead = lead.id AND attempt.state = 'unknown'))
      AND (lead.campaign = intent.campaign OR lead.submitted_at > intent.since)
ORDER BY lead.submitted_at, lead.id;

-- name: calls
SELECT DISTINCT asked.value AS digits, attempt.lead, attempt.n, attempt.started_at
FROM json_each(?) AS asked
JOIN number ON number.person = person(asked.value)
JOIN attempt ON attempt.lead = number.lead
WHERE attempt.started_at > ? AND (attempt.state IS NULL OR attempt.state IN ('accepted', 'unknown'));

-- name: calls_to_person
SELECT DISTINCT attempt.lead, attempt.n, attempt.started_at
FROM number AS own
JOIN number AS other ON other.person = own.person
JOIN attempt ON attempt.lead = other.lead
WHERE own.lead = ? AND attempt.started_at > ? AND (attempt.state IS NULL OR attempt.state IN ('accepted', 'unknown'));

-- name: count_calls
SELECT count(*) FROM lead JOIN attempt ON attempt.lead = lead.id
WHERE lead.campaign = ? AND lead.attempts > 0 AND (attempt.state IS NULL OR attempt.state IN ('accepted', 'unknown'));

-- name: calls_since
SELECT lead.payload, lead.phones, attempt.started_at FROM lead JOIN attempt ON attempt.lead = lead.id
WHERE lead.campaign = :campaign AND lead.submitted_at >= :since AND attempt.started_at >= :since
      AND (attempt.state IS NULL OR attempt.state IN ('accepted', 'unknown'));

-- name: begin_leads
UPDATE lead SET state = 'sending', attempts = attempts + 1, submitted_at = intent.now, reason = '', cause = '',
                http_status = NULL, response = '', next_allowed = NULL
FROM (SELECT column1 AS lead, column2 AS now FROM (VALUES :rows)) AS intent
WHERE lead.id = intent.lead AND state = 'pending';

-- name: begin_attempts
INSERT INTO attempt (lead, n, started_at, target)
SELECT lead.id, lead.attempts, lead.submitted_at, target.id
FROM (VALUES :rows) CROSS JOIN lead ON lead.id = column1 JOIN campaign ON campaign.id = lead.campaign
LEFT JOIN target ON target.endpoint = campaign.endpoint AND target.widget = campaign.widget;

-- name: add_target
INSERT INTO target (endpoint, widget) VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: finish_leads
UPDATE lead SET state = outcome.state, reason = outcome.reason, cause = outcome.cause, http_status = outcome.http_status,
                response = outcome.response
FROM (SELECT column1 AS lead, column2 AS state, column3 AS reason, column4 AS cause, column5 AS http_status,
             column6 AS response FROM (VALUES :rows)) AS outcome
WHERE lead.id = outcome.lead AND lead.state = 'sending';

-- name: finish_attempts
UPDATE attempt SET ended_at = outcome.now, state = outcome.state, http_status = outcome.http_status, reason = outcome.reason
FROM (SELECT column1 AS lead, column2 AS state, column3 AS reason, column5 AS http_status, column7 AS now
      FROM (VALUES :rows)) AS outcome
WHERE attempt.lead = outcome.lead AND attempt.ended_at IS NULL;

-- name: keep_pace
INSERT INTO pace (campaign, at, allowed, waits_until) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET allowed = excluded.allowed, waits_until = excluded.waits_until;

-- name: paces
SELECT at, allowed, waits_until FROM pace WHERE campaign = ? ORDER BY at;

-- name: last_pace
SELECT at, allowed, waits_until FROM pace WHERE campaign = ? ORDER BY at DESC LIMIT 1;

-- name: being_sent
SELECT campaign FROM (SELECT campaign, max(at) AS at, allowed FROM pace GROUP BY campaign)
WHERE allowed IS NOT NULL ORDER BY at DESC;

-- name: recover_paces
INSERT INTO pace (campaign, at)
SELECT campaign, max(at + 1, coalesce((SELECT max(coalesce(ended_at, started_at)) FROM lead JOIN attempt ON attempt.lead = lead.id
                                       WHERE lead.campaign = died.campaign AND lead.attempts > 0), 0))
FROM (SELECT campaign, max(at) AS at, allowed FROM pace GROUP BY campaign) AS died WHERE allowed IS NOT NULL;

-- name: in_doubt
SELECT 1 FROM attempt WHERE lead = ? AND state = 'unknown' LIMIT 1;

-- name: hold
UPDATE lead SET state = :state, reason = :reason, cause = :cause, next_allowed = :next_allowed, closes_at = :closes_at
WHERE id = :lead;

-- name: leave_out_second
UPDATE lead SET payload = ?, phones = ?, notes = json_insert(notes, '$[#]', ?)
WHERE id = ? AND state = 'pending' AND json_extract(payload, '$.lc_number_2') IS NOT NULL;

-- name: correct
UPDATE lead SET cells = ?, payload = ?, phones = ?, place = ?, state = ?, reason = ?, cause = ?, notes = ?, next_allowed = ?,
                valid_until = ?, closes_at = ?
WHERE id = ?;

-- name: withdraw
UPDATE lead SET cells = ?, valid_until = ? WHERE id = ?;

-- name: cut_off
SELECT campaign, count(*) FROM lead INDEXED BY lead_sending WHERE state = 'sending' GROUP BY campaign;

-- name: recover_leads
UPDATE lead SET state = 'unknown', reason = :reason, cause = :reason WHERE state = 'sending';

-- name: recover_attempts
UPDATE attempt SET ended_at = :now, state = 'unknown', reason = :reason WHERE ended_at IS NULL;

-- name: recover_released
UPDATE lead SET state = 'unknown', reason = :reason, cause = :reason
WHERE state IN ('pending', 'deferred', 'failed', 'rejected') AND id IN (SELECT lead FROM attempt WHERE state = 'unknown');

-- name: release_deferred
UPDATE lead SET state = 'pending', reason = '', cause = '', next_allowed = NULL
WHERE campaign = ? AND state = 'deferred' AND (next_allowed IS NULL OR next_allowed <= ?);

-- name: count_due_deferred
SELECT count(*) FROM lead
WHERE campaign = ? AND state = 'deferred' AND (next_allowed IS NULL OR next_allowed <= ?);

-- name: next_allowed
SELECT min(next_allowed) FROM lead WHERE campaign = ? AND state = 'deferred';

-- name: waiting
SELECT min(next_allowed), count(*) FROM lead
WHERE campaign = :campaign AND state = 'deferred' AND next_allowed IS NOT NULL
      AND (:only IS NULL OR id IN (SELECT value FROM json_each(:only)));

-- name: release_waiting
UPDATE lead SET state = 'pending', reason = '', cause = '', next_allowed = NULL
WHERE campaign = :campaign AND state = 'deferred' AND next_allowed <= :now
      AND (:only IS NULL OR id IN (SELECT value FROM json_each(:only)));

-- name: openings
SELECT state, (next_allowed + 899999) / 900000 * 900000 AS opens, nullif(closes_at, 9223372036854775807) / 900000 * 900000 AS closes,
       count(*) AS rows
FROM lead WHERE campaign = :campaign
      AND (state IN ('pending', 'deferred', 'failed') AND (:only IS NULL OR id IN (SELECT value FROM json_each(:only)))
           OR id IN (SELECT value FROM json_each(:released)))
GROUP BY 1, 2, 3;

-- name: openings_by_call
SELECT state, (next_allowed + 899999) / 900000 * 900000 AS opens, nullif(closes_at, 9223372036854775807) / 900000 * 900000 AS closes,
       payload, phones
FROM lead WHERE campaign = :campaign
      AND (state IN ('pending', 'deferred', 'failed') AND (:only IS NULL OR id IN (SELECT value FROM json_each(:only)))
           OR id IN (SELECT value FROM json_each(:released)))
ORDER BY number;

-- name: release
UPDATE lead SET state = 'pending', reason = '', cause = '' WHERE campaign = ? AND state = ?;

-- name: release_lead
UPDATE lead SET state = 'pending', reason = '', cause = '' WHERE id = ? AND state = ?;

-- name: leads_in
SELECT id FROM lead WHERE campaign = ? AND state = ?;

-- name: cancel
UPDATE lead SET state = 'cancelled', reason = :reason, cause = :reason
WHERE campaign = :campaign AND state IN ('pending', 'deferred', 'failed');

-- name: forget_leads
UPDATE lead SET cells = '[]', payload = NULL, phones = '[]', place = '', reason = '', cause = '', notes = '[]', response = '',
                disposition = ''
WHERE campaign = ?;

-- name: forget_attempts
UPDATE attempt SET reason = NULL WHERE lead IN (SELECT id FROM lead WHERE campaign = ?);

-- name: forget_numbers
DELETE FROM number WHERE lead IN (
    SELECT id FROM lead WHERE campaign = ? AND state NOT IN ('sending', 'accepted', 'unknown')
                              AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.lead = lead.id AND attempt.state = 'unknown'));

-- name: forget_campaign
UPDATE campaign SET forgotten_at = :now, list_path = '', list_sha256 = '', header = '[]', mapping_text = '',
                    mapping_folder = '', halted = ''
WHERE id = :campaign AND forgotten_at IS NULL;

-- name: guarded
SELECT count(DISTINCT number.person) FROM lead JOIN number ON number.lead = lead.id WHERE lead.campaign = ?;

-- name: doubts
SELECT lead.id, lead.number, lead.state, lead.phones, lead.payload, lead.submitted_at, attempt.target,
       (SELECT min(started_at) FROM attempt WHERE attempt.lead = lead.id) AS sent_at
FROM lead JOIN attempt ON attempt.lead = lead.id AND attempt.n = lead.attempts
WHERE lead.campaign = ? AND lead.attempts > 0 AND lead.state NOT IN ('sending', 'accepted') ORDER BY lead.number;

-- name: taken
SELECT lead.number, lead.phones, lead.payload, lead.submitted_at, attempt.target
FROM lead JOIN attempt ON attempt.lead = lead.id AND attempt.n = lead.attempts
WHERE lead.campaign = ? AND lead.state = 'accepted' ORDER BY lead.submitted_at;

-- name: set_disposition
UPDATE lead SET disposition = ? WHERE campaign = ? AND number = ? AND attempts > 0;

-- name: settle_attempts
UPDATE attempt SET state = :state, reason = :reason WHERE lead = :lead AND state = 'unknown';

-- name: settle_last_attempt
UPDATE attempt SET state = :state, reason = :reason WHERE lead = :lead AND n = (SELECT max(n) FROM attempt WHERE lead = :lead);
