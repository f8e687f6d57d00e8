-- When a session was last renewed; NULL: never since it was opened.
ALTER TABLE sessions ADD COLUMN last_used_at INTEGER;

-- Two athletes who were one: what is needed to take the merge back exactly. The ids are no references, as the list of
-- merges outlives the athletes.
CREATE TABLE merges (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    state        TEXT    NOT NULL CHECK (state IN ('done', 'undone')),
    kept_id      INTEGER NOT NULL,
    kept_name    TEXT    NOT NULL,                 -- after the merge
    kept_before  TEXT    NOT NULL,                 -- the row as JSON
    kept_version INTEGER NOT NULL,                 -- after the merge
    from_id      INTEGER NOT NULL,
    from_name    TEXT    NOT NULL,
    from_row     TEXT    NOT NULL,
    from_version INTEGER NOT NULL,
    user_id      INTEGER,
    user_name    TEXT    NOT NULL,
    created_at   INTEGER NOT NULL
) STRICT;

-- The registrations and results of a merge: those that moved to the kept athlete, those of the kept athlete that were
-- completed, and those that went because the kept athlete has the same. `version` is that after the merge, or of a
-- dropped row the last it had.
CREATE TABLE merge_rows (
    merge_id INTEGER NOT NULL REFERENCES merges (id) ON DELETE CASCADE,
    entity   TEXT    NOT NULL,
    row_id   INTEGER NOT NULL,
    what     TEXT    NOT NULL CHECK (what IN ('moved', 'completed', 'dropped')),
    version  INTEGER NOT NULL,
    before   TEXT    NOT NULL,
    PRIMARY KEY (merge_id, entity, row_id)
) STRICT, WITHOUT ROWID;

-- The coaches of the athlete that went; `is_new` where the link to the kept athlete came with the merge.
CREATE TABLE merge_links (
    merge_id INTEGER NOT NULL REFERENCES merges (id) ON DELETE CASCADE,
    user_id  INTEGER NOT NULL,
    is_new   INTEGER NOT NULL CHECK (is_new IN (0, 1)),
    PRIMARY KEY (merge_id, user_id)
) STRICT, WITHOUT ROWID;

-- Pictures that belong to the meet, such as the logo: they travel with the file.
CREATE TABLE pictures (
    name       TEXT    PRIMARY KEY,
    media_type TEXT    NOT NULL,
    digest     TEXT    NOT NULL,                   -- SHA-256 of the data
    data       BLOB    NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
