-- SQLite is content with the index as it is: see 0110.
SELECT 1;
