// SPDX-License-Identifier: Apache-2.0
// What points an app with a Twilio SDK at a server of ours: first what works without a change of
// code, then the smallest lines of code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twindow::app {

// "base URL": the app's own lines send it here. "proxy": variables alone do.
enum class SdkWay : std::uint8_t { BaseUrl, Proxy };

struct SdkTarget {
  std::string origin;   // where the Twilio API is served, as "http://127.0.0.1:4010"
  std::string ca_file;  // the certificate of the CA, PEM
  bool proxy = false;   // the real Twilio is behind it: only real credentials will do
};

std::vector<std::string> sdk_languages();  // "node", …, and "env": the variables for a shell

// Ends with a newline; empty if the language is none of the above. A language's text holds both
// ways, whichever is asked for; that of "env" only the one.
std::optional<std::string> sdk_snippet(std::string_view language, SdkWay way,
                                       const SdkTarget& target);

}  // namespace twindow::app
