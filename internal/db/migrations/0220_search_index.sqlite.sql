-- What can be found (tìm kiếm): the text of a record as it was written, and where it
-- belongs. num orders by time (milliseconds × 2^20 + a small number), so that the
-- newest come first without sorting. words is the folded text, as indexed.
CREATE TABLE search_doc (
    num       INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL,
    id        TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    at_ms     BIGINT NOT NULL,
    body      TEXT NOT NULL,
    words     TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, id)
);

-- Records whose words changed in the running batch; empty after every COMMIT.
CREATE TABLE search_pending (
    num INTEGER PRIMARY KEY
);

-- The words come folded and parted by blanks: the plain tokenizer only cuts there.
-- automerge=0 and a high crisismerge keep merging out of the writer's way: Merge does it.
CREATE VIRTUAL TABLE search_fts USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3');
INSERT INTO search_fts (search_fts, rank) VALUES ('automerge', 0);
INSERT INTO search_fts (search_fts, rank) VALUES ('crisismerge', 1000);

-- The index under the name of our key; what is written to it goes to the index.
CREATE VIEW search_index (num, words) AS SELECT rowid, words FROM search_fts;
CREATE TRIGGER search_index_insert INSTEAD OF INSERT ON search_index BEGIN
    INSERT INTO search_fts (rowid, words) VALUES (new.num, new.words);
END;
CREATE TRIGGER search_pending_flush AFTER UPDATE ON search_pending BEGIN
    DELETE FROM search_fts WHERE rowid = new.num;
END;
