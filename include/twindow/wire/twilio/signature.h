// SPDX-License-Identifier: Apache-2.0
// X-Twilio-Signature: made for the app's webhooks, checked on Twilio's.
//
//   base64(HMAC-SHA1(key = auth token, data = URL, then each name and value, sorted by name))
//
// Source: Twilio's "Webhooks security" and its SDKs' validators. Vectors:
// fixtures/twilio/signature.json.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/message.h"

namespace twindow::wire {

// What the signature covers of a configured URL: all of it but userinfo and fragment. A port that
// was written stays, whichever it is.
std::string signed_url(std::string_view url);

// The signature of a form POST, or, with an empty `form`, of a GET. `form` has the parameters of
// the body, not of the query. Names are sorted by bytes; the values of a repeated name are made
// unique and sorted, the name written before each (as the SDKs for Node and Python check it).
std::string sign(std::string_view auth_token, std::string_view url, const std::vector<Param>& form);

// The signature of a JSON POST: `url` holds bodySHA256=<sha256_hex of the body> in its query.
std::string sign_json(std::string_view auth_token, std::string_view url_with_body_sha256);

// True if `signature` is that of `form` for `url` as given, with the scheme's standard port added,
// or with its port removed: behind proxies either may be what Twilio was told. `url` is the public
// one. Takes the same time whatever differs.
bool signature_matches(std::string_view auth_token, std::string_view url,
                       const std::vector<Param>& form, std::string_view signature);

// The same for a webhook as it came, with whatever body: if the URL's query has bodySHA256, that
// must be the hash of `body`, and the signature is of the URL alone; else it covers `form`.
bool webhook_signature_matches(std::string_view auth_token, std::string_view url,
                               std::string_view body, const std::vector<Param>& form,
                               std::string_view signature);

}  // namespace twindow::wire
