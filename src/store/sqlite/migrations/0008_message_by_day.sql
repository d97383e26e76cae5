-- Lists by DateSent: from where to where the places of a day's messages are. Days are those since 1970, UTC.

CREATE INDEX message_by_day ON message (account, sent / 86400000) WHERE sent IS NOT NULL;
