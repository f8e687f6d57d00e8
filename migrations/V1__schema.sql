-- Conventions: instants are Unix milliseconds UTC, calendar dates are YYYY-MM-DD, marks are integers with the
-- unit in the name, `version` counts the changes of a row (ETag, undo), `*_key` are folded for comparison.

CREATE TABLE users (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    version            INTEGER NOT NULL DEFAULT 1,
    name               TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    email              TEXT    NOT NULL,
    email_key          TEXT    NOT NULL UNIQUE,
    role               TEXT    NOT NULL CHECK (role IN ('admin', 'chief_registrar', 'registrar', 'official',
                                                        'starter', 'coach', 'athlete', 'viewer')),
    status             TEXT    NOT NULL CHECK (status IN ('active', 'inactive', 'suspended')),
    last_login         INTEGER,
    two_factor_enabled INTEGER NOT NULL DEFAULT 0 CHECK (two_factor_enabled IN (0, 1)),
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL
) STRICT;

-- Secrets live apart, so that no list, export or audit row can pick them up by accident.
CREATE TABLE user_secrets (
    user_id       INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    password_hash TEXT,                            -- argon2id PHC; NULL: cannot sign in until one is set
    token_version INTEGER NOT NULL DEFAULT 1       -- raised to revoke every token of the user
) STRICT;

CREATE TABLE athletes (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    version       INTEGER NOT NULL DEFAULT 1,
    name          TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    name_key      TEXT    NOT NULL,
    country       TEXT    NOT NULL CHECK (length(country) = 3),
    date_of_birth TEXT,
    year_of_birth INTEGER,
    gender        TEXT    CHECK (gender IN ('M', 'F', 'X')),
    email         TEXT,
    phone         TEXT,
    club_team     TEXT,
    coach         TEXT,
    bib_number    TEXT,
    bib_key       TEXT    UNIQUE,
    photo_url     TEXT,
    user_id       INTEGER REFERENCES users (id) ON DELETE SET NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX athletes_by_name ON athletes (name_key);
-- Most athletes have a bib; an import asks for those of a name who have none.
CREATE INDEX athletes_without_bib ON athletes (name_key) WHERE bib_key IS NULL;
CREATE INDEX athletes_by_country ON athletes (country);
CREATE INDEX athletes_by_club ON athletes (club_team) WHERE club_team IS NOT NULL;
CREATE INDEX athletes_by_user ON athletes (user_id) WHERE user_id IS NOT NULL;

-- The athletes a coach may see in full.
CREATE TABLE user_athletes (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    athlete_id INTEGER NOT NULL REFERENCES athletes (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, athlete_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_athletes_by_athlete ON user_athletes (athlete_id);

CREATE TABLE races (
    id                    INTEGER PRIMARY KEY AUTOINCREMENT,
    version               INTEGER NOT NULL DEFAULT 1,
    name                  TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    name_key              TEXT    NOT NULL,
    date                  TEXT    NOT NULL CHECK (length(date) = 10),
    location              TEXT    NOT NULL CHECK (location <> ''),
    description           TEXT,
    status                TEXT    NOT NULL CHECK (status IN ('scheduled', 'ongoing', 'completed', 'cancelled')),
    registration_open     INTEGER NOT NULL CHECK (registration_open IN (0, 1)),
    registration_deadline TEXT,
    registration_link     TEXT,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL
) STRICT;
CREATE INDEX races_by_name ON races (name_key);
CREATE INDEX races_by_date ON races (date);
CREATE INDEX races_by_status ON races (status);

CREATE TABLE events (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    version          INTEGER NOT NULL DEFAULT 1,
    race_id          INTEGER NOT NULL REFERENCES races (id) ON DELETE RESTRICT,
    name             TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    name_key         TEXT    NOT NULL,
    category         TEXT    NOT NULL CHECK (category IN ('Track', 'Field', 'Road', 'Combined')),
    gender           TEXT    CHECK (gender IN ('M', 'F', 'X')),
    age_group        TEXT,
    distance         TEXT,
    start_time       INTEGER,
    max_participants INTEGER CHECK (max_participants > 0),
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_race ON events (race_id, name_key);
CREATE INDEX events_by_name ON events (name_key);
CREATE INDEX events_by_start ON events (start_time);

CREATE TABLE registrations (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    version           INTEGER NOT NULL DEFAULT 1,
    athlete_id        INTEGER NOT NULL REFERENCES athletes (id) ON DELETE RESTRICT,
    event_id          INTEGER NOT NULL REFERENCES events (id) ON DELETE RESTRICT,
    registration_type TEXT    NOT NULL CHECK (registration_type IN ('manual', 'bulk', 'public')),
    status            TEXT    NOT NULL CHECK (status IN ('registered', 'confirmed', 'cancelled', 'dns')),
    payment_status    TEXT    NOT NULL CHECK (payment_status IN ('pending', 'paid', 'refunded')),
    bib_number        TEXT,
    seed_mark         TEXT,
    heat_number       INTEGER CHECK (heat_number > 0),
    lane_number       INTEGER CHECK (lane_number > 0),
    confirmed_present INTEGER NOT NULL CHECK (confirmed_present IN (0, 1)),
    registered_at     INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    UNIQUE (athlete_id, event_id)
) STRICT;
CREATE INDEX registrations_by_event ON registrations (event_id, status);
CREATE INDEX registrations_by_status ON registrations (status);
CREATE INDEX registrations_by_time ON registrations (registered_at);

CREATE TABLE results (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    version           INTEGER NOT NULL DEFAULT 1,
    athlete_id        INTEGER NOT NULL REFERENCES athletes (id) ON DELETE RESTRICT,
    event_id          INTEGER NOT NULL REFERENCES events (id) ON DELETE RESTRICT,
    round             TEXT    NOT NULL CHECK (length(round) BETWEEN 1 AND 50),
    position          INTEGER CHECK (position > 0),
    time_ms           INTEGER CHECK (time_ms > 0),
    distance_cm       INTEGER CHECK (distance_cm > 0),
    points_hundredths INTEGER CHECK (points_hundredths >= 0),
    status            TEXT    NOT NULL CHECK (status IN ('finished', 'dns', 'dnf', 'dq', 'nm', 'nh')),
    heat_number       INTEGER CHECK (heat_number > 0),
    lane_number       INTEGER CHECK (lane_number > 0),
    wind_tenths       INTEGER,
    is_record         INTEGER NOT NULL CHECK (is_record IN (0, 1)),
    record_type       TEXT,
    recorded_at       INTEGER NOT NULL,
    recorded_by       INTEGER REFERENCES users (id) ON DELETE SET NULL,
    updated_at        INTEGER NOT NULL
) STRICT;
-- One result per athlete, event, round and heat; no heat counts as a heat of its own.
CREATE UNIQUE INDEX results_once ON results (athlete_id, event_id, round, coalesce(heat_number, 0));
CREATE INDEX results_by_event ON results (event_id, round, position);
CREATE INDEX results_by_recorder ON results (recorded_by) WHERE recorded_by IS NOT NULL;
CREATE INDEX results_by_time ON results (recorded_at);

-- The chain covers a digest of the payload; the payload lies apart so that personal data can be erased and the
-- chain still holds. `seq` has no gaps: it is counted here, not by a clock.
CREATE TABLE audit_logs (
    seq            INTEGER PRIMARY KEY,
    user_id        INTEGER,
    user_name      TEXT    NOT NULL,
    action         TEXT    NOT NULL,
    entity_type    TEXT    NOT NULL,
    entity_id      INTEGER,
    created_at     INTEGER NOT NULL,
    payload_digest TEXT    NOT NULL,
    hash           TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_logs_by_user ON audit_logs (user_id);
CREATE INDEX audit_logs_by_action ON audit_logs (action);
CREATE INDEX audit_logs_by_entity ON audit_logs (entity_type, entity_id);
CREATE INDEX audit_logs_by_time ON audit_logs (created_at);
CREATE TRIGGER audit_logs_stay BEFORE UPDATE ON audit_logs
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_logs_remain BEFORE DELETE ON audit_logs
BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;

CREATE TABLE audit_payloads (
    seq        INTEGER PRIMARY KEY REFERENCES audit_logs (seq) ON DELETE RESTRICT,
    before     TEXT,
    after      TEXT,
    details    TEXT,
    ip_address TEXT
) STRICT;

CREATE TABLE imports (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset      TEXT    NOT NULL,
    format       TEXT    NOT NULL,
    file_name    TEXT    NOT NULL,
    sha256       TEXT    NOT NULL,
    mode         TEXT    NOT NULL,
    on_duplicate TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('running', 'success', 'partial', 'failed', 'interrupted', 'undone')),
    user_id      INTEGER,
    user_name    TEXT    NOT NULL,
    started_at   INTEGER NOT NULL,
    finished_at  INTEGER,
    report       TEXT                              -- the answer as JSON, once there is one
) STRICT;
CREATE INDEX imports_by_digest ON imports (sha256);

-- What an import did, compactly: runs of new ids, and the rows it changed as they were.
CREATE TABLE import_ranges (
    import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    entity    TEXT    NOT NULL,
    first_id  INTEGER NOT NULL,
    last_id   INTEGER NOT NULL,
    PRIMARY KEY (import_id, entity, first_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE import_before (
    import_id     INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    entity        TEXT    NOT NULL,
    row_id        INTEGER NOT NULL,
    version_after INTEGER NOT NULL,
    before        TEXT    NOT NULL,
    PRIMARY KEY (import_id, entity, row_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    cookie_hash TEXT    NOT NULL UNIQUE,
    user_agent  TEXT,
    ip_address  TEXT,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    revoked_at  INTEGER
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Only digests. A session is the family: a second use of one token revokes the session.
CREATE TABLE refresh_tokens (
    token_hash TEXT    PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE idempotency_keys (
    scope      TEXT    NOT NULL,                   -- the user, or the address of somebody not signed in
    key        TEXT    NOT NULL,
    digest     TEXT    NOT NULL,                   -- of method, path and body
    status     INTEGER NOT NULL,
    body       BLOB    NOT NULL,
    headers    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('audit_count', '0'), ('audit_head', '');
