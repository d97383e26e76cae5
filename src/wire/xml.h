// SPDX-License-Identifier: Apache-2.0
// XML by appending, as far as Twilio's 2010 API needs it: elements that hold text, or nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace twindow::wire {

inline constexpr std::string_view kXmlHead = "<?xml version='1.0' encoding='UTF-8'?>\n";

// Escapes markup; what XML 1.0 cannot hold (control characters, invalid UTF-8) becomes U+FFFD.
void append_xml_text(std::string& out, std::string_view text);

// <Name>text</Name>; <Name/> for an empty text or none.
void append_xml_element(std::string& out, std::string_view name,
                        std::optional<std::string_view> text);

// ` name="text"`
void append_xml_attribute(std::string& out, std::string_view name, std::string_view text);

}  // namespace twindow::wire
