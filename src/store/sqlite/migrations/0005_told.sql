-- Webhooks that were done lately, by their ids: the same news, brought again after a restart, is told once.

CREATE TABLE told (
  place INTEGER PRIMARY KEY,  -- grows
  account INTEGER NOT NULL,
  id TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX told_by_id ON told (account, id);
