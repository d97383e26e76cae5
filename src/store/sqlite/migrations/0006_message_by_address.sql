-- Lists by To or From: an index holds the places of equal rows in order, so that a page is read and no more.

CREATE INDEX message_by_to ON message (account, to_address);
CREATE INDEX message_by_from ON message (account, from_address);
