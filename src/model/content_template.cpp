// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/content_template.h"

#include <algorithm>
#include <array>

namespace twindow {

namespace {

constexpr std::array<std::string_view, 7> kStatuses{
    "unsubmitted", "received", "pending", "approved", "rejected", "paused", "disabled"};

// Only ever as an approved template.
constexpr std::array<std::string_view, 2> kNeverInSession{"twilio/carousel",
                                                          "whatsapp/authentication"};

constexpr std::size_t kNameMax = 16;
constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

// The name of the hole that `text` begins with; empty if it begins with none.
std::string_view hole_at_front(std::string_view text) {
  if (!text.starts_with(kOpen)) return {};
  text.remove_prefix(kOpen.size());
  const auto end = text.find_first_of("{} \t\r\n");
  if (end == std::string_view::npos || end == 0 || end > kNameMax) return {};
  return text.substr(end).starts_with(kClose) ? text.substr(0, end) : std::string_view();
}

}  // namespace

std::string_view to_text(TemplateStatus status) {
  return kStatuses[static_cast<std::size_t>(status)];
}

std::optional<TemplateStatus> parse_template_status(std::string_view text) {
  const auto found = std::ranges::find(kStatuses, text);
  if (found == kStatuses.end()) return std::nullopt;
  return static_cast<TemplateStatus>(found - kStatuses.begin());
}

bool is_session_type(std::string_view type) {
  return std::ranges::find(kNeverInSession, type) == kNeverInSession.end();
}

std::vector<TemplatePiece> split_template(std::string_view text) {
  std::vector<TemplatePiece> pieces;
  std::size_t literal = 0;  // where the literal begins that has not ended yet
  std::size_t at = 0;
  const auto end_literal = [&] {
    if (at > literal) pieces.push_back({.hole = false, .text = text.substr(literal, at - literal)});
  };
  while ((at = text.find(kOpen, at)) != std::string_view::npos) {
    const std::string_view name = hole_at_front(text.substr(at));
    if (name.empty()) {
      ++at;
      continue;
    }
    end_literal();
    pieces.push_back({.hole = true, .text = name});
    at += kOpen.size() + name.size() + kClose.size();
    literal = at;
  }
  at = text.size();
  end_literal();
  return pieces;
}

std::vector<std::string_view> placeholders(const ContentTemplate& content) {
  std::vector<std::string_view> names;
  const auto add = [&](std::string_view text) {
    for (const TemplatePiece& piece : split_template(text)) {
      if (piece.hole && std::ranges::find(names, piece.text) == names.end()) {
        names.push_back(piece.text);
      }
    }
  };
  add(content.body);
  for (const std::string& text : content.other_texts) add(text);
  return names;
}

const std::string* find_value(const std::vector<Param>& values, std::string_view name) {
  const auto found = std::find_if(values.rbegin(), values.rend(),
                                  [&](const Param& value) { return value.name == name; });
  return found == values.rend() ? nullptr : &found->value;
}

std::string fill_template(std::string_view text, const std::vector<Param>& values,
                          const std::vector<Param>& samples) {
  std::string filled;
  for (const TemplatePiece& piece : split_template(text)) {
    const std::string* value = piece.hole ? find_value(values, piece.text) : nullptr;
    if (piece.hole && value == nullptr) value = find_value(samples, piece.text);
    if (value != nullptr) {
      filled += *value;
    } else if (piece.hole) {
      filled.append(kOpen).append(piece.text).append(kClose);
    } else {
      filled += piece.text;
    }
  }
  return filled;
}

}  // namespace twindow
