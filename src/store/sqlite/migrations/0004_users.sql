-- What is known of users beside their windows.

-- When the user last came from an ad (ReferralCtwaClid); NULL: never.
ALTER TABLE service_window ADD COLUMN from_ad INTEGER;

-- Other names of a user: business-scoped user ids, once they were seen together with the number.
CREATE TABLE user_alias (
  account INTEGER NOT NULL,
  sender TEXT NOT NULL,
  alias TEXT NOT NULL,  -- in canonical form, as in service_window
  user TEXT NOT NULL,   -- whose name it is; under this one the window is kept
  PRIMARY KEY (account, sender, alias)
) STRICT, WITHOUT ROWID;

-- Who wants no more messages.
CREATE TABLE opt_out (
  account INTEGER NOT NULL,
  sender TEXT NOT NULL,    -- an address, or the SID of a Messaging Service
  user TEXT NOT NULL,      -- in canonical form
  since INTEGER NOT NULL,
  PRIMARY KEY (account, sender, user)
) STRICT, WITHOUT ROWID;
