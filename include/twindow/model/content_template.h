// SPDX-License-Identifier: Apache-2.0
// Content templates (HX…) and what WhatsApp thinks of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/message.h"
#include "twindow/model/sid.h"

namespace twindow {

// WhatsApp's word on a template, in Twilio's spelling. Only `Approved` may leave a closed window.
enum class TemplateStatus : std::uint8_t {
  Unsubmitted,
  Received,
  Pending,
  Approved,
  Rejected,
  Paused,
  Disabled,
};
std::string_view to_text(TemplateStatus status);  // "unsubmitted", …
std::optional<TemplateStatus> parse_template_status(std::string_view text);

// A content resource, as far as sending needs it.
struct ContentTemplate {
  ContentSid sid;
  std::string name = {};      // its friendly name
  std::string language = {};  // "en", "pt_BR"
  std::string category = {};  // "UTILITY"; empty: never submitted
  TemplateStatus status = TemplateStatus::Unsubmitted;
  std::string type = {};  // "twilio/text": of several types the one that WhatsApp shows
  std::string body = {};  // the main text, with its {{placeholders}}
  // All other texts that may hold placeholders: header, buttons and their URLs, media URLs, cards.
  std::vector<std::string> other_texts = {};
  std::vector<Param> samples = {};  // what Twilio puts for a variable that a send lacks
  bool has_media = false;           // brings a picture, a video, a document or a recording

  friend bool operator==(const ContentTemplate&, const ContentTemplate&) = default;
};

// True if content of this type may be sent inside an open window without an approval. Unknown
// types may: a wrong pass costs less than a wrong refusal. Source: Twilio's key concepts.
bool is_session_type(std::string_view type);

// A text with placeholders, in order: literal text, and holes with the name of their variable.
struct TemplatePiece {
  bool hole = false;
  std::string_view text;  // of the text that was split

  friend bool operator==(const TemplatePiece&, const TemplatePiece&) = default;
};

// A hole is "{{", a name of 1 to 16 characters without spaces and braces, "}}"; all else is
// literal. No piece is empty, and no two literals stand side by side.
std::vector<TemplatePiece> split_template(std::string_view text);

// The names of the variables of all its texts, each once, in the order of their appearance.
std::vector<std::string_view> placeholders(const ContentTemplate& content);

// The value of `name`; of a repeated name the last counts, as in JSON. Null if there is none.
const std::string* find_value(const std::vector<Param>& values, std::string_view name);

// `text` with its holes filled: from `values`, else from `samples`, else left as they are.
std::string fill_template(std::string_view text, const std::vector<Param>& values,
                          const std::vector<Param>& samples);

}  // namespace twindow
