// SPDX-License-Identifier: Apache-2.0
#include "src/api/message_query.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "twindow/base/ascii.h"
#include "twindow/wire/time_text.h"

namespace twindow::api {

namespace {

using Text = std::string_view;

constexpr Text kTimeExpected = "a time such as 2026-01-05T09:00:00Z";

Unexpected<Error> bad(Text key, Text value, Text expected) {
  return fail(Errc::BadInput, "query: " + std::string(key) + ":" + std::string(value) +
                                  ": expected " + std::string(expected));
}

// A whole number is looked for by its user, in any spelling; else a part of the address is.
Result<void> by_address(Text value, std::optional<std::string>& user,
                        std::optional<std::string>& part) {
  const auto address = value.find('+') != Text::npos ? parse_from(value) : fail(Errc::InvalidFrom);
  if (address && address->form == AddressForm::E164) {
    user = canonical_user(*address);
  } else {
    part = std::string(value);
  }
  return {};
}

Result<void> read_to(MessageQuery& query, Text value) {
  return by_address(value, query.messages.to_user, query.messages.to_contains);
}
Result<void> read_from(MessageQuery& query, Text value) {
  return by_address(value, query.messages.from_user, query.messages.from_contains);
}
Result<void> read_body(MessageQuery& query, Text value) {
  query.messages.body_contains = std::string(value);
  return {};
}
Result<void> read_template(MessageQuery& query, Text value) {
  query.messages.content_contains = std::string(value);
  return {};
}
Result<void> read_campaign(MessageQuery& query, Text value) {
  query.campaign = std::string(value);
  return {};
}
Result<void> read_code(MessageQuery& query, Text value) {
  int code = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), code);
  if (error != std::errc{} || end != value.data() + value.size()) {
    return bad("code", value, "a number such as 63016");
  }
  query.messages.error_code = code;
  return {};
}
Result<void> read_status(MessageQuery& query, Text value) {
  query.messages.status = parse_message_status(value);
  if (!query.messages.status) return bad("status", value, "a status such as undelivered");
  return {};
}
Result<void> read_after(MessageQuery& query, Text value) {
  query.messages.created_from = wire::parse_time(value);
  if (!query.messages.created_from) return bad("after", value, kTimeExpected);
  return {};
}
Result<void> read_before(MessageQuery& query, Text value) {
  query.messages.created_before = wire::parse_time(value);
  if (!query.messages.created_before) return bad("before", value, kTimeExpected);
  return {};
}

struct DecisionWord {
  Text word;
  Action decision;
};
constexpr std::array kDecisionWords{DecisionWord{"rejected", Action::Reject},
                                    DecisionWord{"rerouted", Action::Reroute},
                                    DecisionWord{"held", Action::Hold}};

Result<void> read_is(MessageQuery& query, Text value) {
  for (const DecisionWord& row : kDecisionWords) {
    if (row.word != value) continue;
    query.decision = row.decision;
    return {};
  }
  MessageFilter& filter = query.messages;
  if (value == "inbound") {
    filter.direction = Direction::Inbound;
  } else if (value == "outbound") {
    filter.outbound_only = true;
  } else if (value == "pending") {
    filter.unfinished_only = true;
  } else if (value == "undelivered" || value == "failed") {
    filter.status = parse_message_status(value);
  } else {
    return bad("is", value,
               "inbound, outbound, undelivered, failed, pending, rejected, rerouted or held");
  }
  return {};
}

struct Key {
  Text name;
  Result<void> (*read)(MessageQuery&, Text);
};
constexpr std::array kKeys{
    Key{"to", read_to},         Key{"from", read_from},         Key{"body", read_body},
    Key{"code", read_code},     Key{"status", read_status},     Key{"after", read_after},
    Key{"before", read_before}, Key{"template", read_template}, Key{"campaign", read_campaign},
    Key{"is", read_is}};

// What stands before a colon and is no word of ours: addresses and URLs.
constexpr std::array<Text, 7> kSchemes{"whatsapp", "messenger", "rcs", "sms",
                                       "http",     "https",     "tel"};

struct Word {
  std::string text;
  bool colon_quoted = false;  // the first one
};

// The next word, quotes removed; `text` goes on behind it.
Word take_word(Text& text) {
  Word word;
  bool quoted = false;
  while (!text.empty() && (quoted || text.front() != ' ')) {
    if (text.front() == '"') {
      quoted = !quoted;
    } else {
      const bool first_colon = text.front() == ':' && word.text.find(':') == Text::npos;
      if (first_colon) word.colon_quoted = quoted;
      word.text += text.front();
    }
    text.remove_prefix(1);
  }
  return word;
}

Result<void> read_word(MessageQuery& query, const Word& word) {
  const auto colon = word.text.find(':');
  const Text name = Text(word.text).substr(0, colon);
  std::string known;
  for (const Key& key : kKeys) {
    if (colon != Text::npos && key.name == name) {
      return key.read(query, Text(word.text).substr(colon + 1));
    }
    known += " " + std::string(key.name) + ":";
  }
  const bool looks_like_a_key = colon != Text::npos && !word.colon_quoted && !name.empty() &&
                                std::ranges::all_of(name, is_letter) &&
                                std::ranges::find(kSchemes, name) == kSchemes.end();
  if (looks_like_a_key) {
    return fail(Errc::BadInput, "query: " + word.text + ": there is no word " + std::string(name) +
                                    ":, these are:" + known +
                                    "; in quotes it is looked for as it is");
  }
  query.messages.words.push_back(word.text);
  return {};
}

}  // namespace

Result<MessageQuery> parse_message_query(std::string_view text) {
  MessageQuery query;
  while (!text.empty()) {
    if (text.front() == ' ') {
      text.remove_prefix(1);
      continue;
    }
    TWINDOW_TRY(read_word(query, take_word(text)));
  }
  return query;
}

}  // namespace twindow::api
