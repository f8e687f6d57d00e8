-- Every complete copy that was taken of the live store, newest last: by its stamp a copy is known again. `seal` is zero
-- here; in the copy it is the digest of the copy. `done`: the copy has become the published file, durably.
CREATE TABLE publish (
    no    INTEGER PRIMARY KEY AUTOINCREMENT,
    stamp TEXT    NOT NULL CHECK (length(stamp) = 32),
    seal  BLOB    NOT NULL CHECK (length(seal) = 32),
    kind  TEXT    NOT NULL CHECK (kind IN ('running', 'closing', 'backup')),
    done  INTEGER NOT NULL CHECK (done IN (0, 1))
) STRICT;
