-- Meets side by side: every row belongs to a database (db_id) and has its number there. There are no foreign keys: rows
-- come in any order, and the meet itself has checked them.

CREATE TABLE sync_state (
    db_id         uuid        PRIMARY KEY,
    name          text        NOT NULL,
    epoch         text        NOT NULL,
    last_seq      bigint      NOT NULL,
    schema        integer     NOT NULL,
    personal_data boolean     NOT NULL,
    holder        text        NOT NULL,
    holder_name   text        NOT NULL,
    lease_until   timestamptz NOT NULL,
    synced_at     timestamptz
);
COMMENT ON TABLE sync_state IS 'One row for each meet database that sends its data here, and how far it is';
COMMENT ON COLUMN sync_state.name IS 'Name of the database file';
COMMENT ON COLUMN sync_state.last_seq IS 'Position in the log of changes, within the epoch; written together with the rows';
COMMENT ON COLUMN sync_state.schema IS 'Version of these tables when the rows were last sent as a whole; 0: never';
COMMENT ON COLUMN sync_state.personal_data IS 'Whether contact data and full dates of birth are sent too';
COMMENT ON COLUMN sync_state.holder IS 'The one computer that may write this meet until lease_until';

CREATE TABLE users (
    db_id              uuid   NOT NULL,
    id                 bigint NOT NULL,
    name               text,
    email              text,
    role               text,
    status             text,
    last_login         timestamptz,
    two_factor_enabled boolean,
    created_at         timestamptz,
    updated_at         timestamptz,
    PRIMARY KEY (db_id, id)
);
COMMENT ON TABLE users IS 'People with an account at the meet, without any secret';
COMMENT ON COLUMN users.email IS 'Only with personal data';

CREATE TABLE athletes (
    db_id         uuid   NOT NULL,
    id            bigint NOT NULL,
    name          text,
    country       text,
    gender        text,
    year_of_birth integer,
    date_of_birth date,
    email         text,
    phone         text,
    club_team     text,
    coach         text,
    bib_number    text,
    photo_url     text,
    user_id       bigint,
    created_at    timestamptz,
    updated_at    timestamptz,
    PRIMARY KEY (db_id, id)
);
COMMENT ON TABLE athletes IS 'Athletes of each meet';
COMMENT ON COLUMN athletes.country IS 'Three-letter code of the sport';
COMMENT ON COLUMN athletes.year_of_birth IS 'Also where the whole date is known';
COMMENT ON COLUMN athletes.date_of_birth IS 'Only with personal data';
COMMENT ON COLUMN athletes.email IS 'Only with personal data';
COMMENT ON COLUMN athletes.phone IS 'Only with personal data';
CREATE INDEX athletes_by_name ON athletes (name);
CREATE INDEX athletes_by_country ON athletes (country, club_team);

CREATE TABLE races (
    db_id                 uuid   NOT NULL,
    id                    bigint NOT NULL,
    name                  text,
    date                  date,
    location              text,
    description           text,
    status                text,
    registration_open     boolean,
    registration_deadline text,
    created_at            timestamptz,
    updated_at            timestamptz,
    PRIMARY KEY (db_id, id)
);
COMMENT ON TABLE races IS 'The meets as people call them; a database may hold several';
CREATE INDEX races_by_date ON races (date);

CREATE TABLE events (
    db_id            uuid   NOT NULL,
    id               bigint NOT NULL,
    race_id          bigint,
    name             text,
    category         text,
    gender           text,
    age_group        text,
    distance         text,
    start_time       timestamptz,
    max_participants integer,
    created_at       timestamptz,
    updated_at       timestamptz,
    PRIMARY KEY (db_id, id)
);
COMMENT ON TABLE events IS 'Events of the races: 100 m women, high jump men';
COMMENT ON COLUMN events.category IS 'Track, Field, Road or Combined';
CREATE INDEX events_by_race ON events (db_id, race_id);
CREATE INDEX events_by_name ON events (name);

CREATE TABLE registrations (
    db_id             uuid   NOT NULL,
    id                bigint NOT NULL,
    athlete_id        bigint,
    event_id          bigint,
    registration_type text,
    status            text,
    payment_status    text,
    bib_number        text,
    seed_mark         text,
    heat_number       integer,
    lane_number       integer,
    confirmed_present boolean,
    registered_at     timestamptz,
    updated_at        timestamptz,
    PRIMARY KEY (db_id, id)
);
COMMENT ON TABLE registrations IS 'Entries of athletes for events';
CREATE INDEX registrations_by_event ON registrations (db_id, event_id);
CREATE INDEX registrations_by_athlete ON registrations (db_id, athlete_id);

CREATE TABLE results (
    db_id           uuid   NOT NULL,
    id              bigint NOT NULL,
    athlete_id      bigint,
    event_id        bigint,
    round           text,
    position        integer,
    time_seconds    numeric(14, 3),
    distance_meters numeric(14, 2),
    points          numeric(14, 2),
    status          text,
    heat_number     integer,
    lane_number     integer,
    wind_speed      numeric(6, 1),
    is_record       boolean,
    record_type     text,
    recorded_at     timestamptz,
    recorded_by     bigint,
    updated_at      timestamptz,
    PRIMARY KEY (db_id, id)
);
COMMENT ON TABLE results IS 'Results, exact: seconds to 1/1000, metres to 1/100';
COMMENT ON COLUMN results.status IS 'finished, dns, dnf, dq, nm or nh';
COMMENT ON COLUMN results.wind_speed IS 'In m/s, to 0.1';
CREATE INDEX results_by_event ON results (db_id, event_id, round, position);
CREATE INDEX results_by_athlete ON results (db_id, athlete_id);

CREATE TABLE audit_logs (
    db_id          uuid   NOT NULL,
    seq            bigint NOT NULL,
    user_id        bigint,
    user_name      text,
    action         text,
    entity_type    text,
    entity_id      bigint,
    created_at     timestamptz,
    payload_digest text,
    hash           text,
    before         text,
    after          text,
    details        text,
    ip_address     text,
    PRIMARY KEY (db_id, seq)
);
COMMENT ON TABLE audit_logs IS 'Who changed what: a chain of hashes that somebody with the file alone cannot rewrite unseen';
COMMENT ON COLUMN audit_logs.before IS 'The row before the change as JSON; only with personal data, as after, details and ip_address';
CREATE INDEX audit_logs_by_time ON audit_logs (created_at);
