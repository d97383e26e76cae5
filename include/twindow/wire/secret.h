// SPDX-License-Identifier: Apache-2.0
// Comparing and proving secrets: the cryptography that Twilio's wire formats are made of. Total
// functions; OpenSSL is known in secret.cpp alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace twindow::wire {

// How long it takes depends on the lengths, never on where two texts of one length differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// RFC 4648 section 4, with padding.
std::string base64_encode(std::string_view bytes);

// Strict: only what base64_encode can have made. No white space, no missing padding, no stray bits.
std::optional<std::string> base64_decode(std::string_view text);

std::string hmac_sha1(std::string_view key, std::string_view data);  // the 20 bytes themselves

// For HTTP's Digest authentication alone, which asks for it. 32 lower-case digits.
std::string md5_hex(std::string_view data);

std::string sha256_hex(std::string_view data);  // 64 lower-case digits

}  // namespace twindow::wire
