-- Consents that are under way: a person is at the platform's page, and `dunwell connect` waits for what comes back to
-- `dunwell serve`. `state` is the hash of the word that comes back with it; `answer` is sealed to `public_key`, whose
-- other half only the waiting process has.
CREATE TABLE consent (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    state BLOB NOT NULL,
    public_key BLOB NOT NULL,
    asked_at TEXT NOT NULL,
    answer BLOB,
    PRIMARY KEY (ledger_id, state)
) STRICT
