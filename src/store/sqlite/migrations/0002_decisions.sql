-- The ledger: what was decided about create-message calls. `data` is the whole entry
-- (src/store/sqlite/packing.h); the columns repeat what is searched by, and what is learnt later.

CREATE TABLE decision (
  place INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  sid TEXT,            -- of the message; NULL: refused at once
  made INTEGER NOT NULL,
  ended_as INTEGER,    -- the number of the final status, once it is known
  error_code INTEGER,
  price TEXT,          -- as Twilio writes it; not learnt yet
  price_unit TEXT,
  data BLOB NOT NULL
) STRICT;

CREATE INDEX decision_by_account ON decision (account);
CREATE INDEX decision_by_sid ON decision (account, sid) WHERE sid IS NOT NULL;
