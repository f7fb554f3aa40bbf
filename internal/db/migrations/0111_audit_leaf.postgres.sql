-- PostgreSQL took the index on the place for "has no place yet" and sorted everything that waits, again for each batch:
-- a million entries took hours. Partial, it cannot be taken for that, and audit_entry_waiting gives them in order.
DROP INDEX audit_entry_leaf;
CREATE UNIQUE INDEX audit_entry_leaf ON audit_entry (leaf_index) WHERE leaf_index IS NOT NULL;
