# SPDX-License-Identifier: Apache-2.0
"""Writes behaviours.json: what the Messages resource does, as steps that any SDK can take. The suites
(behaviours_test.py, behaviours.test.mjs) play the same file, each behaviour in an account of its own.

A step is one of create, fetch, update, delete, list, media, feedback, advance, inbound, admin, or ask:
any call of any product, by the SDK's own client. What comes of it is `is` (fields; `~` behind a name: a
pattern) or `error` (HTTP status and code). "$name" is the SID of what `as` named, "$account" the account's.
"""
import json
import os

SMS = {"To": "+15558675310", "From": "+14155550100", "Body": "Hi"}
SHOP, ANA = "whatsapp:+14155550100", "whatsapp:+5215512345678"
WHATSAPP = {"To": ANA, "From": SHOP, "Body": "Hi"}
SERVICE = "MG0123456789abcdef0123456789abcdef"
CONTENT = "HX0123456789abcdef0123456789abcdef"
BY_SERVICE = {"To": "+15558675310", "MessagingServiceSid": SERVICE, "Body": "Hi"}
SANDBOX = "whatsapp:+14155238886"
SOON = "2030-01-05T09:10:00Z"  # the suites set the clock to 2030-01-05T09:00:00Z

rows = []


def row(name, *steps, account="plain"):
    rows.append({"name": name, "account": account, "steps": list(steps)})


def but(base, **changes):
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


def refused(name, code, call, http=400, account="plain", before=()):
    row(name, *before, {"create": call, "error": [http, code]}, account=account)


def created(call, fields, **more):
    return {"create": call, "is": fields, "as": "m", **more}


def advance(by):
    return {"advance": by}


def fetched(**fields):
    return {"fetch": "$m", "is": fields}


def inbound(**fields):
    return {"inbound": {"From": ANA, "To": SHOP, "Body": "hola", **fields}}


# Create: one parameter each, with Twilio's code.
refused("no To", 21604, but(SMS, To=None))
refused("no From", 21603, but(SMS, From=None))
refused("no Body", 21602, but(SMS, Body=None))
refused("no content for a service", 21619, but(BY_SERVICE, Body=None))
refused("a To that is no number", 21211, but(SMS, To="Ana"))
refused("a To that is a short code", 21265, but(SMS, To="22395"))
refused("a From that is nothing", 21212, but(SMS, From="a name that is too long"))
refused("From and To the same", 21266, but(SMS, From="+15558675310"))
refused("From and To the same on a channel", 63031, but(WHATSAPP, From=ANA))
refused("two channels", 21910, but(SMS, From=SHOP))
refused("a malformed service", 21705, but(BY_SERVICE, MessagingServiceSid="MG12"))
refused("a body of 1601", 21617, but(SMS, Body="x" * 1601))
refused("emoji count twice", 21617, but(SMS, Body="\U0001F600" * 801))
refused("eleven media", 21623, but(SMS, MediaUrl=["https://a.example/1.png"] * 11))
refused("media that is no URL", 21620, but(SMS, MediaUrl=["ftp://a.example/1.png"]))
refused("malformed content", 21655, but(SMS, ContentSid="HX12", Body=None))
refused("unknown content", 21655, but(SMS, ContentSid=CONTENT, Body=None))
refused("variables without content", 21654, but(SMS, ContentVariables='{"1":"x"}'))
refused("variables that are a list", 21656,
        but(SMS, ContentSid=CONTENT, ContentVariables="[1]", Body=None))
refused("a callback with an underscore", 21609,
        but(SMS, StatusCallback="https://my_app.example.com/cb"))
refused("a validity of nothing", 21624, but(SMS, ValidityPeriod="0"))
refused("a validity of too much", 21624, but(SMS, ValidityPeriod="36001"))
refused("a price that is no number", 21627, but(SMS, MaxPrice="much"))
refused("content retention", 30029, but(SMS, ContentRetention="forget"))
refused("address retention", 30030, but(SMS, AddressRetention="forget"))
refused("a malformed application", 21218, but(SMS, ApplicationSid="AP12"))
refused("a schedule without a time", 35111, but(BY_SERVICE, ScheduleType="fixed"))
refused("a schedule without a service", 35118, but(SMS, ScheduleType="fixed", SendAt=SOON))
refused("a schedule that is too near", 35114,
        but(BY_SERVICE, ScheduleType="fixed", SendAt="2030-01-05T09:04:59Z"))
refused("a schedule that is too far", 35114,
        but(BY_SERVICE, ScheduleType="fixed", SendAt="2030-02-09T09:00:01Z"))
refused("the sender is looked at before the body", 21606, but(SMS, From="+14155550199",
                                                              Body="x" * 1601), account="closed")
refused("a number of somebody else", 63007, but(WHATSAPP, From="whatsapp:+14155550199"),
        account="closed")
refused("a service of somebody else", 21701, but(BY_SERVICE, MessagingServiceSid="MG" + "f" * 32),
        account="closed")

# Create: what comes back.
row("a text message", created(SMS, {"status": "queued", "num_segments": "1", "num_media": "0",
                                    "direction": "outbound-api", "price": None, "price_unit": "USD",
                                    "error_code": None, "date_sent": None, "body": "Hi",
                                    "messaging_service_sid": None, "sid~": "^SM"}))
row("a WhatsApp message", created(WHATSAPP, {"status": "queued", "price_unit": None, "sid~": "^SM"}))
row("two segments", created(but(SMS, Body="x" * 161), {"num_segments": "2"}))
row("UCS-2", created(but(SMS, Body="é" * 70 + "ж"), {"num_segments": "2"}))
row("smart encoding", created(but(SMS, Body="“" * 100, SmartEncoded=True), {"num_segments": "1"}))
row("without smart encoding", created(but(SMS, Body="“" * 100), {"num_segments": "2"}))
row("a number with separators is told in E.164",
    created(but(SMS, To="(555) 867-5310"), {"to": "+15558675310"}))
row("a picture is an MM", created(but(SMS, MediaUrl=["https://a.example/1.png"]),
                                  {"sid~": "^MM", "num_media": "1", "num_segments": "1"}))
row("ten pictures", created(but(SMS, MediaUrl=["https://a.example/1.png"] * 10), {"num_media": "10"}))
row("WhatsApp has one", created(but(WHATSAPP, MediaUrl=["https://a.example/1.png"] * 2),
                                {"num_media": "1"}))
row("a text sent as MMS", created(but(SMS, Body="x" * 500, SendAsMms=True),
                                  {"sid~": "^MM", "num_segments": "1"}))
row("a service's message", created(BY_SERVICE, {"status": "accepted", "from": None,
                                                "num_segments": "0",
                                                "messaging_service_sid": SERVICE}),
    advance("5s"), fetched(**{"status": "delivered", "from~": r"^\+1555", "num_segments": "1"}))
row("a service with From", created(but(BY_SERVICE, From="+14155550100"),
                                   {"status": "accepted", "from": "+14155550100"}))

# The way of a message.
row("an SMS is delivered and has a price", created(SMS, {"price": None}), advance("5s"),
    fetched(status="delivered", price="-0.00750", price_unit="USD", **{"date_sent~": "."}))
row("two segments cost twice", created(but(SMS, Body="x" * 161), {}), advance("5s"),
    fetched(price="-0.01500"))
row("freeform outside the window", created(WHATSAPP, {"status": "queued", "error_code": None}),
    advance("5s"), fetched(status="undelivered", error_code=63016, price=None, date_sent=None))
row("freeform inside the window", inbound(), created(WHATSAPP, {}), advance("5s"),
    fetched(status="delivered", error_code=None))
row("nobody reads by default", inbound(), created(WHATSAPP, {}), advance("1m"),
    fetched(status="delivered"))
row("one who reads", inbound(), {"admin": ["PUT", "/__admin/personas",
                                           {"users": {ANA: {"reads": True}}}]},
    created(WHATSAPP, {}), advance("1m"), fetched(status="read", price="-0.00500"))
row("everybody reads", inbound(), {"admin": ["PUT", "/__admin/personas",
                                             {"others": {"reads": True, "read_after": "30s"}}]},
    created(WHATSAPP, {}), advance("10s"), fetched(status="delivered"), advance("30s"),
    fetched(status="read"))
row("not on WhatsApp", inbound(), {"admin": ["PUT", "/__admin/personas",
                                             {"users": {ANA: {"fails": 63024}}}]},
    created(WHATSAPP, {}), advance("5s"), fetched(status="undelivered", error_code=63024))
row("a code that fails", {"admin": ["PUT", "/__admin/personas", {"others": {"fails": 30500}}]},
    created(SMS, {}), advance("5s"), fetched(status="failed", error_code=30500, price=None))
row("no receipt ever", {"admin": ["PUT", "/__admin/personas", {"others": {"stays_sent": True}}]},
    created(SMS, {}), advance("1h"), fetched(status="sent"))
row("a picture that WhatsApp does not take", inbound(),
    created(but(WHATSAPP, MediaUrl=["https://a.example/1.gif"]), {}), advance("5s"),
    fetched(status="failed", error_code=63021))

# Schedules.
SCHEDULED = but(BY_SERVICE, ScheduleType="fixed", SendAt=SOON)
row("a schedule", created(SCHEDULED, {"status": "scheduled", "from": None, "num_segments": "0",
                                      "date_sent": None}),
    advance("599s"), fetched(status="scheduled"), advance("10s"), fetched(status="delivered"))
row("a cancelled schedule", created(SCHEDULED, {}),
    {"update": "$m", "with": {"Status": "canceled"}, "is": {"status": "canceled", "date_sent": None}},
    advance("1h"), fetched(status="canceled"))
row("what is on its way is not cancelled", created(SMS, {}),
    {"update": "$m", "with": {"Status": "canceled"}, "error": [400, 30409]})
row("a scheduled message meets the window of its time", inbound(),
    created({"To": ANA, "MessagingServiceSid": SERVICE, "Body": "Hi", "From": SHOP,
             "ScheduleType": "fixed", "SendAt": "2030-01-07T09:00:00Z"}, {"status": "scheduled"}),
    advance("48h"), advance("5s"), fetched(status="undelivered", error_code=63016))
row("SendAt alone schedules nothing", created(but(BY_SERVICE, SendAt=SOON), {"status": "accepted"}))

# Update and delete.
row("a body is taken away", created(SMS, {}), advance("5s"),
    {"update": "$m", "with": {"Body": ""}, "is": {"body": "", "status": "delivered"}}, fetched(body=""))
row("not before the end", created(SMS, {}), {"update": "$m", "with": {"Body": ""},
                                             "error": [409, 20009]})
row("a body cannot be changed", created(SMS, {}), advance("5s"),
    {"update": "$m", "with": {"Body": "other"}, "error": [400, 30400]})
row("no other status can be given", created(SMS, {}),
    {"update": "$m", "with": {"Status": "sent"}, "error": [400, 30400]})
row("a message is deleted", created(SMS, {}), advance("5s"), {"delete": "$m"},
    {"fetch": "$m", "error": [404, 20404]})
row("not deleted before its end", created(SMS, {}), {"delete": "$m", "error": [409, 20009]})
row("nothing to fetch", {"fetch": "SM" + "f" * 32, "error": [404, 20404]})
row("nothing to update", {"update": "SM" + "f" * 32, "with": {"Body": ""}, "error": [404, 20404]})
row("nothing to delete", {"delete": "SM" + "f" * 32, "error": [404, 20404]})
row("content that is not kept", created(but(SMS, ContentRetention="discard"), {"body": "Hi"}),
    advance("5s"), fetched(body=""))
row("an address that is not kept", created(but(SMS, AddressRetention="obfuscate"),
                                           {"to": "+15558675310"}), advance("5s"),
    fetched(to="+1555867XXXX"))

# Media and feedback.
row("media are listed and deleted",
    created(but(SMS, MediaUrl=["https://a.example/1.png", "https://a.example/2.jpg?x=1"]), {}),
    {"media": "$m", "types": ["image/png", "image/jpeg"]}, {"delete_media": "$m"},
    {"media": "$m", "types": ["image/jpeg"]})
row("feedback", created(but(SMS, ProvideFeedback=True), {}),
    {"feedback": "$m", "with": {"Outcome": "unconfirmed"}, "is": {"outcome": "unconfirmed"}},
    {"feedback": "$m", "with": {}, "is": {"outcome": "confirmed"}})
row("feedback that nobody asked for", created(SMS, {}),
    {"feedback": "$m", "with": {"Outcome": "confirmed"}, "error": [400, 20001]})

# Lists.
three = [{"create": but(SMS, Body=str(n))} for n in range(3)]
row("lists are newest first", *three, {"list": {}, "bodies": ["2", "1", "0"]})
row("pages", *three, {"list": {"PageSize": 1}, "bodies": ["2", "1", "0"]})
row("by To", {"create": SMS}, {"create": but(SMS, To="+15558675311", Body="other")},
    {"list": {"To": "+15558675311"}, "bodies": ["other"]})
row("by From", {"create": SMS}, {"create": but(SMS, From="+14155550101", Body="other")},
    {"list": {"From": "+14155550101"}, "bodies": ["other"]})
row("by the day of sending", {"create": SMS}, advance("5s"), {"create": but(SMS, Body="unsent")},
    {"list": {"DateSent": "2030-01-05"}, "bodies": ["Hi"]},
    {"list": {"DateSent": "2030-01-04"}, "bodies": []},
    {"list": {"DateSent<": "2030-01-05"}, "bodies": ["Hi"]},
    {"list": {"DateSent>": "2030-01-06"}, "bodies": []})

# Opt-out.
STOP = {"inbound": {"From": "+15558675310", "To": "+14155550100", "Body": " stop "}}
START = {"inbound": {"From": "+15558675310", "To": "+14155550100", "Body": "START"}}
refused("after STOP", 21610, SMS, before=(STOP,))
row("after START", STOP, START, created(SMS, {"status": "queued"}))
row("STOP is answered", STOP, {"list": {}, "bodies~": ["^You have successfully been unsub", "stop"]})
row("HELP is answered", {"inbound": {"From": "+15558675310", "To": "+14155550100", "Body": "help"}},
    {"list": {"To": "+15558675310"}, "bodies~": ["^Reply STOP"]})
row("STOP means its sender alone", STOP, created(but(SMS, From="+14155550101"), {"status": "queued"}))
row("WhatsApp has no words", inbound(Body="STOP"), created(WHATSAPP, {"status": "queued"}))
row("Advanced Opt-Out refuses later",
    {"inbound": {"From": "+15558675310", "To": "+14155550111", "Body": "STOP"}},
    created(BY_SERVICE, {"status": "accepted"}), advance("5s"),
    fetched(status="failed", error_code=21610), account="advanced")

# The Sandbox.
TO_SANDBOX = but(WHATSAPP, From=SANDBOX)
row("not in the Sandbox", created(TO_SANDBOX, {"status": "queued"}), advance("5s"),
    fetched(status="failed", error_code=63015))
row("joined", {"join": ANA}, created(TO_SANDBOX, {}), advance("5s"), fetched(status="delivered"))
row("left", {"join": ANA}, inbound(To=SANDBOX, Body="stop"), created(TO_SANDBOX, {}), advance("5s"),
    fetched(status="failed", error_code=63015))
row("after 72 hours", {"join": ANA}, advance("72h"), created(TO_SANDBOX, {}), advance("5s"),
    fetched(status="failed", error_code=63015))
row("one in three seconds", {"join": ANA}, {"create": TO_SANDBOX},
    {"create": TO_SANDBOX, "error": [429, 63018]}, advance("3s"), {"create": TO_SANDBOX})
READY_MADE = {"To": ANA, "From": SANDBOX, "ContentSid": "HXb5b62575e6e4ff6129ad7c8efe1f983e",
              "ContentVariables": '{"1":"Monday","2":"noon"}'}
row("its templates leave a closed window", {"join": ANA}, advance("25h"),
    created(READY_MADE, {"body~": "Monday.*noon"}), advance("5s"), fetched(status="delivered"))
row("freeform outside the window there", {"join": ANA}, advance("25h"), created(TO_SANDBOX, {}),
    advance("5s"), fetched(status="undelivered", error_code=63016))

# Test credentials.
TEST = {"To": "+15558675310", "From": "+15005550006", "Body": "Hi"}
row("test credentials", created(TEST, {"status": "queued", "num_segments": "1"}), account="test")
for digit, code in ((1, 21212), (7, 21606), (8, 21611)):
    refused(f"magic From {digit}", code, but(TEST, From=f"+1500555000{digit}"), account="test")
for digit, code in ((1, 21211), (2, 21612), (3, 21408), (4, 21610), (9, 21614)):
    refused(f"magic To {digit}", code, but(TEST, To=f"+1500555000{digit}"), account="test")
refused("any other From", 21606, but(TEST, From="+14155550100"), account="test")
row("nothing else with them", {"fetch": "SM" + "f" * 32, "error": [403, 20008]}, account="test")
row("nothing to list with them", {"list": {}, "error": [403, 20008]}, account="test")


# Content: made, submitted, decided, sent.
def ask(method, product, path, params=None, fields=None, **more):
    step = {"ask": [method, product, path] + ([] if params is None else [params]), **more}
    return {**step, "is": fields} if fields else step


OWN = "/2010-04-01/Accounts/$account"
CONTENT_BODY = {"friendly_name": "order", "language": "en", "variables": {"1": "Ben"},
                "types": {"twilio/text": {"body": "Hi {{1}}, it is ready."}}}
MADE = ask("POST", "content", "/v1/Content", CONTENT_BODY, {"friendly_name": "order", "sid~": "^HX"},
           **{"as": "c"})
APPROVALS = "/v1/Content/$c/ApprovalRequests"
SUBMITTED = ask("POST", "content", APPROVALS + "/whatsapp", {"name": "order", "category": "UTILITY"},
                {"status": "received"})
APPROVED = (MADE, SUBMITTED, advance("15s"))
BY_CONTENT = {"To": ANA, "From": SHOP, "ContentSid": "$c", "ContentVariables": '{"1":"Ana"}'}


def decided(status):
    return {"admin": ["PUT", "/__admin/templates/$c/approval", {"whatsapp": status}]}


def content_refused(name, code, **changes):
    row(name, ask("POST", "content", "/v1/Content", but(CONTENT_BODY, **changes), error=[400, code]))


row("an approved template leaves a closed window", *APPROVED,
    created(BY_CONTENT, {"body": "Hi Ana, it is ready.", "status": "queued"}), advance("5s"),
    fetched(status="delivered", error_code=None))
row("content that nobody submitted needs the window", MADE, created(BY_CONTENT, {}), advance("5s"),
    fetched(status="undelivered", error_code=63016))
row("content that nobody submitted, with the window", inbound(), MADE, created(BY_CONTENT, {}),
    advance("5s"), fetched(status="delivered"))
for status, code in (("rejected", 63040), ("paused", 63041), ("disabled", 63042)):
    row(f"a template that is {status}", *APPROVED, decided(status), created(BY_CONTENT, {}),
        advance("5s"), fetched(status="failed", error_code=code, price=None))
row("a variable with a line's end", *APPROVED,
    created(but(BY_CONTENT, ContentVariables='{"1":"Ana\\nBen"}'), {}), advance("5s"),
    fetched(status="failed", error_code=63013))
row("a variable that is left out is the sample", *APPROVED, created(but(BY_CONTENT, ContentVariables=None),
                                                                    {"body": "Hi Ben, it is ready."}))
row("a variable that is null", *APPROVED,
    {"create": but(BY_CONTENT, ContentVariables='{"1":null}'), "error": [400, 21656]})
row("keys that the template has not", *APPROVED,
    created(but(BY_CONTENT, ContentVariables='{"1":"Ana","9":"x"}'), {"body": "Hi Ana, it is ready."}))
row("a template as a text message", MADE, created(but(BY_CONTENT, To="+15558675310", From="+14155550100"),
                                                  {"body": "Hi Ana, it is ready.", "num_segments": "1"}))
row("content that was deleted", MADE, ask("DELETE", "content", "/v1/Content/$c"),
    {"create": BY_CONTENT, "error": [400, 21655]})
row("an approval takes its time", MADE, SUBMITTED,
    ask("GET", "content", APPROVALS, fields={"whatsapp.status": "received"}), advance("2s"),
    ask("GET", "content", APPROVALS, fields={"whatsapp.status": "pending"}), advance("10s"),
    ask("GET", "content", APPROVALS, fields={"whatsapp.status": "approved"}))
row("an approval that is refused says why",
    {"admin": ["PUT", "/__admin/templates/approvals",
               {"rules": [{"name": "ord*", "status": "rejected", "reason": "too loud"}]}]}, *APPROVED,
    ask("GET", "content", APPROVALS, fields={"whatsapp.status": "rejected",
                                             "whatsapp.rejection_reason": "too loud"}))
row("submitted twice", MADE, SUBMITTED,
    ask("POST", "content", APPROVALS + "/whatsapp", {"name": "order", "category": "UTILITY"},
        error=[400, 92009]))
row("marketing to the US", MADE,
    ask("POST", "content", APPROVALS + "/whatsapp", {"name": "sale", "category": "MARKETING"}),
    advance("15s"), created(but(BY_CONTENT, To="whatsapp:+14155550177"), {}), advance("5s"),
    fetched(status="undelivered", error_code=63049))
content_refused("content without types", 92001, types=None)
content_refused("content without a language", 92003, language=None)
content_refused("content in no language", 92004, language="english!")
content_refused("content of a type that is none", 92008, types={"twilio/none": {}})
row("content that is not there", ask("GET", "content", "/v1/Content/" + CONTENT, error=[404, 20404]))

# Numbers, services and their pools. The first of them closes the list of senders.
BOUGHT = ask("POST", "api", OWN + "/IncomingPhoneNumbers.json",
             {"PhoneNumber": "+14155550100"}, {"phone_number": "+14155550100"}, **{"as": "n"})
OPENED = ask("POST", "messaging", "/v1/Services", {"FriendlyName": "Orders"},
             {"friendly_name": "Orders", "sticky_sender": True}, **{"as": "s"})
POOLED = ask("POST", "messaging", "/v1/Services/$s/PhoneNumbers", {"PhoneNumberSid": "$n"},
             {"phone_number": "+14155550100"})
BY_OURS = {"To": "+15558675310", "MessagingServiceSid": "$s", "Body": "Hi"}
SMART = "\u201c" * 100
row("a number that was bought sends", BOUGHT, created(SMS, {"status": "queued"}))
row("and no other does", BOUGHT, {"create": but(SMS, From="+14155550101"), "error": [400, 21606]})
row("a number is bought once", BOUGHT, ask("POST", "api", OWN + "/IncomingPhoneNumbers.json",
                                           {"PhoneNumber": "+14155550100"}, error=[400, 21422]))
row("what is bought is a number", ask("POST", "api", OWN + "/IncomingPhoneNumbers.json",
                                      {"PhoneNumber": "none"}, error=[400, 21421]))
row("a number's URLs and methods are kept", BOUGHT,
    ask("POST", "api", OWN + "/IncomingPhoneNumbers/$n.json",
        {"SmsUrl": "https://app.example.com/in", "SmsMethod": "GET",
         "SmsFallbackUrl": "https://app.example.com/f", "SmsFallbackMethod": "GET"},
        {"sms_url": "https://app.example.com/in", "sms_method": "GET",
         "sms_fallback_url": "https://app.example.com/f", "sms_fallback_method": "GET"}))
row("a number that was given back", BOUGHT, ask("DELETE", "api", OWN + "/IncomingPhoneNumbers/$n.json"),
    ask("GET", "api", OWN + "/IncomingPhoneNumbers/$n.json", error=[404, 20404]))
row("a service chooses from its pool", BOUGHT, OPENED, POOLED,
    created(BY_OURS, {"status": "accepted", "from": None}), advance("5s"),
    fetched(**{"status": "delivered", "from": "+14155550100"}))
row("a service without a sender", BOUGHT, OPENED, {"create": BY_OURS, "error": [400, 21704]})
row("a service without one for the channel", BOUGHT, OPENED, POOLED,
    {"create": but(BY_OURS, To=ANA), "error": [400, 21704]})
row("a service needs a name", ask("POST", "messaging", "/v1/Services", {"StickySender": "true"},
                                  error=[400, 20001]))
row("a service waits no longer than ten hours",
    ask("POST", "messaging", "/v1/Services", {"FriendlyName": "x", "ValidityPeriod": "36001"},
        error=[400, 20001]))
row("a number is in a pool once", BOUGHT, OPENED, POOLED,
    ask("POST", "messaging", "/v1/Services/$s/PhoneNumbers", {"PhoneNumberSid": "$n"}, error=[409, 21710]))
row("a number is in one pool", BOUGHT, OPENED, POOLED,
    ask("POST", "messaging", "/v1/Services", {"FriendlyName": "Other"}, **{"as": "o"}),
    ask("POST", "messaging", "/v1/Services/$o/PhoneNumbers", {"PhoneNumberSid": "$n"}, error=[409, 21712]))
row("what is in no pool is not taken out", BOUGHT, OPENED,
    ask("DELETE", "messaging", "/v1/Services/$s/PhoneNumbers/$n", error=[404, 21711]))
row("a service that was deleted", BOUGHT, OPENED, POOLED, ask("DELETE", "messaging", "/v1/Services/$s"),
    {"create": BY_OURS, "error": [400, 21701]})
row("a service encodes smartly", BOUGHT, OPENED, POOLED, created(but(BY_OURS, Body=SMART), {}), advance("5s"),
    fetched(num_segments="1"))
row("a service that does not", BOUGHT, OPENED, POOLED,
    ask("POST", "messaging", "/v1/Services/$s", {"SmartEncoding": "false"}, {"smart_encoding": False}),
    created(but(BY_OURS, Body=SMART), {}), advance("5s"), fetched(num_segments="2"))
row("the send's own word comes first", BOUGHT, OPENED, POOLED,
    created(but(BY_OURS, Body=SMART, SmartEncoded=False), {}), advance("5s"), fetched(num_segments="2"))
row("a WhatsApp sender comes online",
    ask("POST", "messaging", "/v2/Channels/Senders", {"sender_id": SHOP, "profile": {"name": "Acme"}},
        {"status": "CREATING", "sid~": "^XE"}, **{"as": "x"}), advance("5s"),
    ask("GET", "messaging", "/v2/Channels/Senders/$x", fields={"status": "ONLINE", "sender_id": SHOP}),
    {"create": WHATSAPP}, {"create": but(WHATSAPP, From="whatsapp:+14155550101"), "error": [400, 63007]})
row("a sender of no channel", ask("POST", "messaging", "/v2/Channels/Senders", {"sender_id": "+14155550101"},
                                  error=[400, 63100]))

# The account.
row("an account", ask("GET", "api", OWN + ".json", fields={"status": "active", "sid~": "^AC"}))
row("a subaccount is suspended",
    ask("POST", "api", "/2010-04-01/Accounts.json", {"FriendlyName": "Branch"},
        {"friendly_name": "Branch", "status": "active"}, **{"as": "b"}),
    ask("POST", "api", "/2010-04-01/Accounts/$b.json", {"Status": "suspended"}, {"status": "suspended"}),
    ask("GET", "api", "/2010-04-01/Accounts/$b/Balance.json", error=[403, 20005]))
row("a status that accounts have not", ask("POST", "api", OWN + ".json", {"Status": "asleep"},
                                           error=[400, 20001]))
row("a balance", ask("GET", "api", OWN + "/Balance.json", fields={"currency": "USD", "balance~": r"^[\d.]+$"}))
row("a key shows its secret once",
    ask("POST", "api", OWN + "/Keys.json", {"FriendlyName": "ci"}, {"secret~": "^[0-9a-f]{32}$"}, **{"as": "k"}),
    ask("GET", "api", OWN + "/Keys/$k.json", fields={"friendly_name": "ci", "secret": None}))
row("usage counts what was sent", created(SMS, {}), advance("5s"),
    ask("GET", "api", OWN + "/Usage/Records.json?Category=sms-outbound",
        fields={"usage_records.0.count": "1", "usage_records.0.price": "0.0075"}))
row("a number is looked up", ask("GET", "lookups", "/v2/PhoneNumbers/%2B447400123456?Fields=line_type_intelligence",
                                 fields={"valid": True, "country_code": "GB",
                                         "line_type_intelligence.type": "mobile"}))
row("a number that is too short", ask("GET", "lookups", "/v2/PhoneNumbers/%2B1415",
                                      fields={"valid": False, "validation_errors.0": "TOO_SHORT"}))
row("what is not simulated", ask("GET", "api", OWN + "/Calls.json", error=[404, 20404]))
row("a method that is not there", ask("DELETE", "api", OWN + "/Messages.json", error=[405, 20004]))
row("an alert that is not there", ask("GET", "monitor", "/v1/Alerts/NO" + "f" * 32, error=[404, 20404]))

# More of messages.
row("an inbound message is one of the list", inbound(Body="hola"), {"list": {"From": ANA}, "bodies": ["hola"]})
row("a cancelled message stays so", created(SCHEDULED, {}),
    {"update": "$m", "with": {"Status": "canceled"}, "is": {"status": "canceled"}},
    {"update": "$m", "with": {"Status": "canceled"}, "error": [400, 30409]})
row("a page of none", ask("GET", "api", OWN + "/Messages.json?PageSize=0", error=[400, 20001]))
row("media that are not there", created(but(SMS, MediaUrl=["https://a.example/1.png"]), {}),
    ask("GET", "api", OWN + "/Messages/$m/Media/ME" + "f" * 32 + ".json", error=[404, 20404]))
for word in ("STOPALL", "Unsubscribe", "CANCEL", "end", "QUIT"):
    refused(f"after {word}", 21610, SMS, before=({"inbound": {**STOP["inbound"], "Body": word}},))
row("after UNSTOP", STOP, {"inbound": {**STOP["inbound"], "Body": "unstop"}}, created(SMS, {"status": "queued"}))
row("a sentence that begins with stop", {"inbound": {**STOP["inbound"], "Body": "stop it"}},
    created(SMS, {"status": "queued"}))
BUSY = {"admin": ["PUT", "/__admin/faults", {"faults": [
    {"match": {"method": "POST", "path": "/2010-04-01/Accounts/*/Messages"}, "times": 1,
     "respond": {"status": 429, "code": 20429, "retry_after": "1s"}}]}]}
row("too many requests, once", BUSY, {"create": SMS, "error": [429, 20429]}, created(SMS, {"status": "queued"}))
row("a fault after the message was made",
    {"admin": ["PUT", "/__admin/faults", {"faults": [
        {"match": {"method": "POST"}, "respond": {"status": 503, "code": 20503, "processed": True}}]}]},
    {"create": SMS, "error": [503, 20503]}, {"list": {}, "bodies": ["Hi"]})


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "behaviours.json"), "w", encoding="utf-8") as file:
        json.dump(rows, file, indent=1, ensure_ascii=False)
        file.write("\n")
