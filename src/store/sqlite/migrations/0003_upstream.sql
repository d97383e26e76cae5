-- Twilio's SID of a message that has another one here, since it was held first.

ALTER TABLE message ADD COLUMN upstream TEXT;

CREATE INDEX message_by_upstream ON message (account, upstream) WHERE upstream IS NOT NULL;
