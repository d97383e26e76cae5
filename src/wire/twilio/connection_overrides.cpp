// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/connection_overrides.h"

#include <algorithm>
#include <array>

#include "twindow/base/ascii.h"

namespace twindow::wire {

namespace {

constexpr std::array<std::string_view, 8> kEdges{"ashburn",   "dublin", "frankfurt", "sao-paulo",
                                                 "singapore", "sydney", "tokyo",     "umatilla"};

bool is_edge(std::string_view name) {
  if (name.ends_with("-ix")) name.remove_suffix(3);
  return std::ranges::find(kEdges, name) != kEdges.end();
}

// Calls `each` with the parts of `text` between the separators.
template <class Each>
void split(std::string_view text, char separator, const Each& each) {
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    each(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

class Reader {
 public:
  void read(std::string_view name, std::string_view value) {
    if (name == "ct") return read_time(value, 10'000, made_.connect_time);
    if (name == "rt") return read_time(value, 15'000, made_.read_time);
    if (name == "tt") return read_time(value, 15'000, made_.total_time);
    if (name == "rp") return read_policy(value);
    if (name == "sni") made_.sni = value != "n";
    if (name == "rc") made_.retries = static_cast<int>(parse_decimal(value, 5).value_or(1));
    if (name == "e") split(value, ',', [&](std::string_view edge) { check_edge(edge); });
  }
  ConnectionOverrides take() { return std::move(made_); }

 private:
  static void read_time(std::string_view value, std::uint32_t most,
                        std::optional<ConnectionOverrides::Time>& time) {
    constexpr std::uint32_t kLeast = 100;
    const auto number = parse_decimal(value, most);
    if (number && *number >= kLeast) time = ConnectionOverrides::Time(*number);
  }

  void read_policy(std::string_view value) {
    made_.retry_connect = false;
    split(value, ',', [&](std::string_view word) {
      const bool all = word == "all";
      const bool known = all || word == "4xx" || word == "5xx" || word == "ct" || word == "rt";
      if (!known) problem(11243, "#rp=" + std::string(value) + ": expected 4xx, 5xx, ct, rt, all");
      made_.retry_4xx = made_.retry_4xx || all || word == "4xx";
      made_.retry_5xx = made_.retry_5xx || all || word == "5xx";
      made_.retry_connect = made_.retry_connect || all || word == "ct";
      made_.retry_read = made_.retry_read || all || word == "rt";
    });
  }

  void check_edge(std::string_view edge) {
    if (!is_edge(edge)) problem(11240, "#e=" + std::string(edge) + ": there is no such edge");
  }

  void problem(int code, std::string text) {
    if (made_.problem != 0) return;
    made_.problem = code;
    made_.problem_text = std::move(text);
  }

  ConnectionOverrides made_ = {};
};

}  // namespace

ConnectionOverrides read_connection_overrides(std::string_view url) {
  Reader reader;
  const auto hash = url.find('#');
  if (hash == std::string_view::npos) return reader.take();
  split(url.substr(hash + 1), '&', [&](std::string_view pair) {
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos) {
      reader.read(pair.substr(0, equals), pair.substr(equals + 1));
    }
  });
  return reader.take();
}

}  // namespace twindow::wire
