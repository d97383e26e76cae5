# SPDX-License-Identifier: Apache-2.0
"""Writes behaviours.json: what the Messages resource does, as steps that any SDK can take. The suites
(behaviours_test.py, behaviours.test.mjs) play the same file, each behaviour in an account of its own.

A step is one of create, fetch, update, delete, list, media, feedback, advance, inbound, admin; what
comes of it is `is` (fields) or `error` (HTTP status and code). "$name" is the SID of what `as` named.
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


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "behaviours.json"), "w", encoding="utf-8") as file:
        json.dump(rows, file, indent=1, ensure_ascii=False)
        file.write("\n")
