-- Links that open one event for one role, without an account. Only the digest of a link's secret is kept.
CREATE TABLE stations (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id   INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    role       TEXT    NOT NULL CHECK (role IN ('official', 'starter')),
    label      TEXT    NOT NULL CHECK (length(label) BETWEEN 1 AND 100),
    secret     TEXT    NOT NULL UNIQUE CHECK (length(secret) = 64),     -- SHA-256 in hexadecimal
    created_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX stations_by_event ON stations (event_id);

-- The people who came in by a link, under the name they gave.
CREATE TABLE station_visits (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    station_id INTEGER NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
    person     TEXT    NOT NULL CHECK (length(person) BETWEEN 1 AND 60),
    token      TEXT    NOT NULL UNIQUE CHECK (length(token) = 64),      -- SHA-256 in hexadecimal
    user_agent TEXT,
    ip_address TEXT,
    entered_at INTEGER NOT NULL
) STRICT;
CREATE INDEX station_visits_by_station ON station_visits (station_id);

-- The second factor of an account. The secret lies here in clear, as it must be computed with: in no list, export or
-- audit row, and only in this file and its copies, so that it goes along to another computer.
CREATE TABLE second_factors (
    user_id   INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret    BLOB    NOT NULL CHECK (length(secret) = 20),
    is_on     INTEGER NOT NULL CHECK (is_on IN (0, 1)),                 -- 0 until its first code was given
    last_step INTEGER NOT NULL                                          -- of the newest code taken: none is taken twice
) STRICT;

-- Codes for a lost phone, each good once: a used one is deleted.
CREATE TABLE backup_codes (
    user_id INTEGER NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
    code    TEXT    NOT NULL CHECK (length(code) = 64),                 -- SHA-256 in hexadecimal
    PRIMARY KEY (user_id, code)
) STRICT, WITHOUT ROWID;

-- When the password was last given in a session; NULL: when it was opened.
ALTER TABLE sessions ADD COLUMN confirmed_at INTEGER;
