// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/content_answers.h"

#include <nlohmann/json.hpp>

#include "src/wire/answer_json.h"

namespace twindow::wire {

namespace {

using Json = nlohmann::json;

const Json* object_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? &*found : nullptr;
}

// WhatsApp's word: the lists have its members side by side, the single answer by channel.
const Json* whatsapp_of(const Json* approvals) {
  if (approvals == nullptr || !approvals->is_object()) return nullptr;
  const Json* inner = object_of(*approvals, "whatsapp");
  return inner != nullptr ? inner : approvals;
}

int richness(std::string_view type) {
  if (type.starts_with("whatsapp/")) return 2;
  return type == "twilio/text" ? 0 : 1;
}

std::string shown_type(const Json& types, const std::string& submitted) {
  if (types.contains(submitted)) return submitted;
  std::string best;
  for (const auto& [type, fields] : types.items()) {
    if (best.empty() || richness(type) > richness(best)) best = type;
  }
  return best;
}

bool may_hold_placeholders(const std::string& text) { return text.find("{{") != std::string::npos; }

// Everything that is shown or opened, at any depth, but for the main text.
class TextCollector {
 public:
  TextCollector(ContentTemplate& content, const Json* main) : content_(content), main_(main) {}

  void collect(const Json& value) {
    if (&value == main_) return;
    if (value.is_string()) {
      const auto& text = value.get_ref<const std::string&>();
      if (may_hold_placeholders(text)) content_.other_texts.push_back(text);
    } else if (value.is_object()) {
      for (const auto& [key, member] : value.items()) {
        if (is_media(key, member)) content_.has_media = true;
        collect(member);
      }
    } else if (value.is_array()) {
      for (const Json& element : value) collect(element);
    }
  }

 private:
  static bool is_media(const std::string& key, const Json& value) {
    return (key == "media" || key == "media_url") && (value.is_string() || value.is_array()) &&
           !value.empty() && value != "";
  }

  ContentTemplate& content_;
  const Json* main_;
};

const Json* main_text(const Json& fields) {
  for (const char* key : {"body", "title"}) {
    const auto found = fields.find(key);
    if (found != fields.end() && found->is_string()) return &*found;
  }
  return nullptr;
}

void read_type(ContentTemplate& content, const Json& types, const std::string& submitted) {
  content.type = shown_type(types, submitted);
  const auto fields = types.find(content.type);
  if (fields == types.end() || !fields->is_object()) return;
  const Json* main = main_text(*fields);
  if (main != nullptr) content.body = main->get<std::string>();
  TextCollector(content, main).collect(*fields);
}

void read_samples(ContentTemplate& content, const Json& variables) {
  for (const auto& [name, value] : variables.items()) {
    if (value.is_string()) {
      content.samples.push_back({name, value.get<std::string>()});
    } else if (value.is_primitive() && !value.is_null()) {
      content.samples.push_back({name, value.dump()});
    }
  }
}

std::optional<ContentTemplate> content_of(const Json& record, const Json* approval) {
  const auto sid = parse_content_sid(text_of(record, "sid"));
  if (!sid) return std::nullopt;
  ContentTemplate content{.sid = *sid,
                          .name = text_of(record, "friendly_name"),
                          .language = text_of(record, "language")};
  std::string submitted;
  if (approval != nullptr) {
    content.category = text_of(*approval, "category");
    content.status = parse_template_status(text_of(*approval, "status")).value_or(content.status);
    submitted = text_of(*approval, "content_type");
  }
  if (const Json* types = object_of(record, "types")) read_type(content, *types, submitted);
  if (const Json* variables = object_of(record, "variables")) read_samples(content, *variables);
  return content;
}

}  // namespace

Result<ContentAnswers> read_contents(std::string_view json) {
  const Json page = TWINDOW_TRY(parse_answer(json, "a list of contents"));
  const Json* records = array_of(page, "contents");
  if (records == nullptr) return fail(Errc::BadReply, "Twilio's answer is not a list of contents");
  ContentAnswers answers{.next = next_link(page)};
  for (const Json& record : *records) {
    const Json* approvals = object_of(record, "approval_requests");
    auto content = content_of(record, whatsapp_of(approvals));
    if (content) {
      answers.templates.push_back(*std::move(content));
    } else {
      ++answers.unread;
    }
  }
  return answers;
}

Result<ContentTemplate> read_content(std::string_view content, std::string_view approvals) {
  const Json record = TWINDOW_TRY(parse_answer(content, "a content"));
  Json approval;
  if (!approvals.empty()) approval = TWINDOW_TRY(parse_answer(approvals, "a content's approvals"));
  auto found = content_of(record, whatsapp_of(&approval));
  if (!found) return fail(Errc::BadReply, "Twilio's answer is not a content: it has no SID");
  return *std::move(found);
}

}  // namespace twindow::wire
