-- The files of an import: what came, and the rows that were refused as they came. Compressed, in parts, so that none
-- has to be held in memory whole.
CREATE TABLE import_files (
    import_id    INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    kind         TEXT    NOT NULL CHECK (kind IN ('original', 'refused')),
    file_name    TEXT    NOT NULL,
    bytes        INTEGER NOT NULL,                 -- before compression
    packed_bytes INTEGER NOT NULL,
    is_complete  INTEGER NOT NULL CHECK (is_complete IN (0, 1)),
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (import_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_files_by_age ON import_files (created_at);
CREATE TABLE import_file_parts (
    import_id INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    data      BLOB    NOT NULL,                    -- zstd
    PRIMARY KEY (import_id, kind, seq),
    FOREIGN KEY (import_id, kind) REFERENCES import_files (import_id, kind) ON DELETE CASCADE
) STRICT;

-- How a person has matched the columns of a source; a source is known by its headings.
CREATE TABLE import_mappings (
    dataset    TEXT    NOT NULL,
    headings   TEXT    NOT NULL,                   -- digest of the headings in their order
    mapping    TEXT    NOT NULL,                   -- JSON {heading: field or null}
    created_at INTEGER NOT NULL,
    PRIMARY KEY (dataset, headings)
) STRICT, WITHOUT ROWID;
