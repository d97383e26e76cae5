-- What there was in the beginning. Times are milliseconds since 1970, UTC; `place` grows, and so is
-- the order of creation. A migration that was released is never changed: add the next number.

CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  sid TEXT NOT NULL UNIQUE
) STRICT;

-- `data` is the whole message (src/store/sqlite/packing.h); the columns repeat what is searched by.
CREATE TABLE message (
  place INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  sid TEXT NOT NULL,
  direction TEXT NOT NULL,     -- as Twilio writes it
  status TEXT NOT NULL,        -- likewise
  finished INTEGER NOT NULL,   -- 1: the status is final
  from_address TEXT NOT NULL,  -- '' while a service has not chosen its sender
  to_address TEXT NOT NULL,
  error_code INTEGER,
  created INTEGER NOT NULL,
  sent INTEGER,
  data BLOB NOT NULL
) STRICT;

-- An index holds the places of equal rows in order.
CREATE UNIQUE INDEX message_by_sid ON message (account, sid);
CREATE INDEX message_by_account ON message (account);
CREATE INDEX message_finished ON message (account) WHERE finished = 1;

CREATE TABLE service_window (
  account INTEGER NOT NULL,
  sender TEXT NOT NULL,
  user TEXT NOT NULL,           -- in canonical form
  last_inbound INTEGER NOT NULL,
  user_spelling TEXT NOT NULL,  -- as the user was last seen
  closed INTEGER NOT NULL,      -- 1: by hand
  PRIMARY KEY (account, sender, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
  account INTEGER NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;

-- Webhooks that the app does not have yet. `data` is the webhook without its token.
CREATE TABLE webhook (
  place INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  id TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX webhook_by_id ON webhook (account, id);
CREATE INDEX webhook_by_account ON webhook (account);
