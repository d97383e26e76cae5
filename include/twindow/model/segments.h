// SPDX-License-Identifier: Apache-2.0
// How long a text is as Twilio counts: UTF-16 units for its limits, segments for its price.
#pragma once

#include <cstddef>
#include <string_view>

namespace twindow {

// Texts are UTF-8; a byte that is not valid UTF-8 counts as U+FFFD would.
std::size_t utf16_length(std::string_view text);

// True if every character is in GSM 03.38's basic table or its extension.
bool fits_gsm7(std::string_view text);

// GSM-7: 160 septets in one segment, else 153 in each; the characters of the extension take two
// and are never split. Else UCS-2: 70 units, else 67; surrogate pairs are never split. At least 1,
// for an empty text too: a message with media alone counts as one. Source: GSM 03.38, 03.40.
int count_segments(std::string_view utf8_body);

}  // namespace twindow
