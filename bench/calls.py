# SPDX-License-Identifier: Apache-2.0
"""The requests that every load generator sends, and the answer that nginx gives to them."""

import base64
import json

TOKEN = "bench-token-0123456789abcdef"
RECIPIENTS = 64


def account_sid(number):
    return f"AC{number:032x}"


def send_call(account, recipient, headers=()):
    """POST Messages.json: a form of about 150 bytes, Basic auth."""
    body = (
        f"To=whatsapp%3A%2B1555555{recipient:04d}&From=whatsapp%3A%2B14155550100"
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


def static_answer(size=810):
    """A JSON text of that many bytes, with nothing in it that a string of nginx.conf escapes."""
    account, sid = account_sid(1), f"SM{1:032x}"
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
