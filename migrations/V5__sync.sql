-- Which rows changed, for the copy in PostgreSQL. Nothing is written down until such a copy is set up.

-- 0: off; 1: every changed row; 2: inside the transaction of an import, whose new rows come as ranges.
CREATE TABLE change_switch (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    mode     INTEGER NOT NULL CHECK (mode IN (0, 1, 2))
) STRICT;
INSERT INTO change_switch (only_row, mode) VALUES (1, 0);

-- What a row holds is read when it is sent; the log says only which one, and D that it was deleted.
CREATE TABLE change_log (
    seq   INTEGER PRIMARY KEY AUTOINCREMENT,
    tbl   TEXT    NOT NULL,
    pk    INTEGER NOT NULL,
    pk_to INTEGER,                                 -- last of a range of new rows; NULL: one row
    op    TEXT    NOT NULL CHECK (op IN ('U', 'D')),
    at    INTEGER NOT NULL
) STRICT;

-- One row for every time the file was opened to be written. A position in the log belongs to an epoch: one that this
-- file does not know, or did not get that far in, comes from another history, as after the restore of an older copy.
CREATE TABLE change_epochs (
    no         INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    first_seq  INTEGER NOT NULL,
    started_at INTEGER NOT NULL
) STRICT;

-- Rows that PostgreSQL refuses: tried again later, while all others go on.
CREATE TABLE sync_errors (
    tbl     TEXT    NOT NULL,
    pk      INTEGER NOT NULL,
    message TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (tbl, pk)
) STRICT, WITHOUT ROWID;

-- How far the copy was when this was last written down: for showing, while PostgreSQL cannot be asked.
CREATE TABLE sync_seen (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    epoch    TEXT    NOT NULL,
    last_seq INTEGER NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

INSERT INTO meta (key, value) VALUES ('db_id', lower(hex(randomblob(16))));

CREATE TRIGGER users_added AFTER INSERT ON users WHEN (SELECT mode FROM change_switch) = 1
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('users', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER users_changed AFTER UPDATE ON users WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('users', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER users_moved AFTER UPDATE OF id ON users WHEN NEW.id <> OLD.id AND (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('users', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER users_deleted AFTER DELETE ON users WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('users', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;

CREATE TRIGGER athletes_added AFTER INSERT ON athletes WHEN (SELECT mode FROM change_switch) = 1
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('athletes', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER athletes_changed AFTER UPDATE ON athletes WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('athletes', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER athletes_moved AFTER UPDATE OF id ON athletes WHEN NEW.id <> OLD.id AND (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('athletes', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER athletes_deleted AFTER DELETE ON athletes WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('athletes', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;

CREATE TRIGGER races_added AFTER INSERT ON races WHEN (SELECT mode FROM change_switch) = 1
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('races', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER races_changed AFTER UPDATE ON races WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('races', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER races_moved AFTER UPDATE OF id ON races WHEN NEW.id <> OLD.id AND (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('races', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER races_deleted AFTER DELETE ON races WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('races', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;

CREATE TRIGGER events_added AFTER INSERT ON events WHEN (SELECT mode FROM change_switch) = 1
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('events', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER events_changed AFTER UPDATE ON events WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('events', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER events_moved AFTER UPDATE OF id ON events WHEN NEW.id <> OLD.id AND (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('events', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER events_deleted AFTER DELETE ON events WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('events', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;

CREATE TRIGGER registrations_added AFTER INSERT ON registrations WHEN (SELECT mode FROM change_switch) = 1
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('registrations', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER registrations_changed AFTER UPDATE ON registrations WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('registrations', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER registrations_moved AFTER UPDATE OF id ON registrations WHEN NEW.id <> OLD.id AND (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('registrations', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER registrations_deleted AFTER DELETE ON registrations WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('registrations', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;

CREATE TRIGGER results_added AFTER INSERT ON results WHEN (SELECT mode FROM change_switch) = 1
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('results', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER results_changed AFTER UPDATE ON results WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('results', NEW.id, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER results_moved AFTER UPDATE OF id ON results WHEN NEW.id <> OLD.id AND (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('results', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER results_deleted AFTER DELETE ON results WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('results', OLD.id, NULL, 'D', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;

CREATE TRIGGER audit_logs_added AFTER INSERT ON audit_logs WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('audit_logs', NEW.seq, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
-- Personal data is erased from the payload; the row of the log stays.
CREATE TRIGGER audit_payloads_changed AFTER UPDATE ON audit_payloads WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('audit_logs', NEW.seq, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
CREATE TRIGGER audit_payloads_deleted AFTER DELETE ON audit_payloads WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES ('audit_logs', OLD.seq, NULL, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;

-- An import writes the ids of its new rows down as ranges anyway, in the transaction that stores them.
CREATE TRIGGER import_ranges_added AFTER INSERT ON import_ranges WHEN (SELECT mode FROM change_switch) <> 0
BEGIN
    INSERT INTO change_log (tbl, pk, pk_to, op, at)
    VALUES (NEW.entity, NEW.first_id, NEW.last_id, 'U', CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
