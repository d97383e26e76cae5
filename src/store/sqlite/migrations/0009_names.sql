-- Under which names rows are found: SIDs and the addresses that messages went to. Those come in no
-- order, and an index of such keys costs a page of the log for each: so this one is kept by hand,
-- and later than its rows (src/store/sqlite/name_table.h).

CREATE TABLE name (
  account INTEGER NOT NULL,
  hash INTEGER NOT NULL,   -- of the name, as src/store/sqlite/name_table.cpp makes it
  place INTEGER NOT NULL,  -- of messages, decisions or both, of which some have this name
  PRIMARY KEY (account, hash, place)
) STRICT, WITHOUT ROWID;

-- Up to this place all rows have their names in the table; those behind it are looked at when the
-- database is opened.
CREATE TABLE name_mark (
  place INTEGER NOT NULL
) STRICT;

INSERT INTO name_mark VALUES (0);

DROP INDEX message_by_sid;
DROP INDEX message_by_to;
DROP INDEX decision_by_sid;
