# SPDX-License-Identifier: Apache-2.0
"""The requests that every load generator sends, and the answer that nginx gives to them."""

import base64
import hashlib
import hmac
import json
import urllib.parse

API = "2010-04-01"
TOKEN = "bench-token-0123456789abcdef"
RECIPIENTS = 64
SHOP = "whatsapp:+14155550100"


def _encoded(text):
    return urllib.parse.quote_plus(text)


def account_sid(number):
    return f"AC{number:032x}"


def recipient_address(number):
    return f"whatsapp:+1555555{number:04d}"


def send_call(account, recipient, headers=()):
    """POST Messages.json: a form of about 150 bytes, Basic auth."""
    body = (
        f"To={_encoded(recipient_address(recipient))}&From={_encoded(SHOP)}"
        "&Body=Your+appointment+is+on+July+21+at+3+PM.+Answer+YES+to+confirm+it%2C+or+call+us."
    )
    path = f"/2010-04-01/Accounts/{account}/Messages.json"
    credentials = base64.b64encode(f"{account}:{TOKEN}".encode()).decode()
    head = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Basic {credentials}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join(head) + "\r\n\r\n" + body


def look_call(account):
    """GET of a message that is not there: nothing is stored, the answer is 404."""
    credentials = base64.b64encode(f"{account}:{TOKEN}".encode()).decode()
    head = [
        f"GET /2010-04-01/Accounts/{account}/Messages/SM{0:032x}.json HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Basic {credentials}",
    ]
    return "\r\n".join(head) + "\r\n\r\n"


def write_look(file):
    file.write_text(look_call(account_sid(1)), newline="")
    return file


def write_calls(file, accounts=1, headers=()):
    """NUL between two; the recipients take turns, and so do the accounts."""
    calls = [
        send_call(account_sid(1 + number % accounts), number, headers)
        for number in range(max(RECIPIENTS, accounts))
    ]
    file.write_text("\0".join(calls), newline="")
    return file


def hook_call(path, public_url, fields):
    """A webhook as Twilio sends it, with its signature."""
    signed = public_url + path + "".join(name + fields[name] for name in sorted(fields))
    mac = hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()
    body = "&".join(f"{name}={_encoded(value)}" for name, value in fields.items())
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: {urllib.parse.urlsplit(public_url).netloc}",
        f"X-Twilio-Signature: {base64.b64encode(mac).decode()}",
        f"I-Twilio-Idempotency-Token: {fields['MessageSid'][2:]}",
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(head) + "\r\n\r\n" + body


def status_call(public_url, app_url, number):
    """Each of another message: none is a repeat."""
    token = base64.urlsafe_b64encode(app_url.encode()).decode().rstrip("=")
    fields = _of_message(number) | {"MessageStatus": "sent", "SmsStatus": "sent"}
    fields |= {"To": recipient_address(number % RECIPIENTS), "From": SHOP}
    return hook_call(f"/hooks/status/{token}", public_url, fields)


def inbound_call(public_url, number):
    fields = _of_message(number) | {"Body": "Yes, I will come. Thank you!", "NumMedia": "0"}
    fields |= {"To": SHOP, "From": recipient_address(number % RECIPIENTS), "NumSegments": "1"}
    return hook_call("/hooks/inbound", public_url, fields)


def _of_message(number):
    sid = f"SM{number:032x}"
    return {"SmsSid": sid, "MessageSid": sid, "AccountSid": account_sid(1), "ApiVersion": API}


def static_answer(size=810, sid=f"SM{1:032x}"):
    """A JSON text of that many bytes, with nothing in it that a string of nginx.conf escapes."""
    account = account_sid(1)
    path = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
    fields = {
        "body": "Your appointment is on July 21 at 3 PM. Answer YES to confirm it, or call us.",
        "num_segments": "1",
        "direction": "outbound-api",
        "from": "whatsapp:+14155550100",
        "date_updated": "Mon, 05 Jan 2026 09:00:00 +0000",
        "price": None,
        "error_message": None,
        "uri": path + ".json",
        "account_sid": account,
        "num_media": "0",
        "to": "whatsapp:+15555550001",
        "date_created": "Mon, 05 Jan 2026 09:00:00 +0000",
        "status": "queued",
        "sid": sid,
        "date_sent": None,
        "messaging_service_sid": None,
        "error_code": None,
        "price_unit": None,
        "api_version": "2010-04-01",
        "subresource_uris": {"media": path + "/Media.json"},
    }
    return json.dumps(fields).ljust(size)
