// SPDX-License-Identifier: Apache-2.0
// What may stand in a log: phone numbers are masked, secrets are not there at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace twindow::app {

enum class Pii : std::uint8_t { Mask, Show };  // --log-pii

// Phone numbers keep their first and last two digits: "+14155550100" is "+14•••00", however it is
// written (with blanks or dashes, percent-encoded, without the '+' from 8 digits on). SIDs stay.
// Whatever `pii` is, what looks like an auth token (32 hexadecimal digits that are no SID) and the
// user and password of a URL become "•••", and control bytes "\xNN".
std::string masked_text(std::string_view text, Pii pii);
void append_masked(std::string& out, std::string_view text, Pii pii);  // the same, behind `out`

// The target of a request, as sent, without the token of a status hook. In the query, values are
// shown only of parameters that are about paging and the like; numbers are masked, and all else is
// "•••".
std::string masked_target(std::string_view target, Pii pii);
void append_masked_target(std::string& out, std::string_view target, Pii pii);

}  // namespace twindow::app
