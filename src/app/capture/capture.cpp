// SPDX-License-Identifier: Apache-2.0
#include "src/app/capture/capture.h"

#include <algorithm>
#include <optional>

#include "twindow/base/ascii.h"
#include "twindow/base/duration_text.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/error_codes.h"

#include "src/app/capture/captured_given.h"
#include "src/app/capture/captured_news.h"
#include "src/app/capture/captured_send.h"
#include "src/app/capture/masker.h"

namespace twindow::app {

namespace {

constexpr int kRefused = 400;
constexpr std::uint32_t kCodeMax = 99'999;

// One line, without what a comment would end at.
std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

class Capture {
 public:
  Capture(const Json& material, CaptureOptions options)
      : material_(material),
        message_(member_at(material, "message")),
        decision_(member_at(material, "decision")),
        mask_(options.keep) {}

  std::string text() {
    // The sender's number is the first: that of each file is the same.
    addresses_ = captured_addresses(material_, mask_);
    refused_ = message_.is_null();
    inbound_ = text_at(message_, "direction") == "inbound";
    created_ = text_at(refused_ ? decision_ : message_, refused_ ? "at" : "date_created");
    code_ = text_at(refused_ ? decision_ : message_, refused_ ? "code" : "error_code");
    number_ = static_cast<int>(parse_decimal(code_, kCodeMax).value_or(0));
    if (number_ == 0) code_.clear();
    status_ = refused_ ? "refused" : text_at(message_, "status");
    news_ = captured_news(material_, mask_);
    Json file{
        {"$schema", "twindow scenario 1"}, {"version", 1}, {"name", name()}, {"tags", tags()}};
    file["clock"] = {{"mode", "auto"}};
    if (!created_.empty()) file["clock"]["start"] = created_;
    file["vars"] = addresses_.vars();
    CapturedTargets targets(mask_);
    Json given = captured_given(material_, addresses_, targets, mask_);
    Json rules = on();
    Json steps = inbound_ ? inbound_steps() : send_steps(targets);
    file["targets"] = targets.json();
    file["given"] = std::move(given);
    if (!rules.empty()) file["on"] = std::move(rules);
    file["steps"] = std::move(steps);
    return top_comment() + with_comments(pretty(file)) + "\n";
  }

 private:
  std::string kind() const {
    if (inbound_) return "inbound message";
    const std::string kind = text_at(refused_ ? decision_ : message_, "kind");
    return kind == "freeform" ? "freeform message" : kind == "template" ? "template" : "message";
  }

  // "25 h 3 min before"; nothing if the user is not known to have written.
  std::optional<Duration> window_age() const {
    const Json& window = member_at(refused_ ? decision_ : message_, "window");
    const auto last = wire::parse_time(text_at(window, "last_inbound"));
    const auto created = wire::parse_time(created_);
    if (!last || !created || *last > *created) return std::nullopt;
    return *created - *last;
  }

  std::string window_state() const {
    return text_at(member_at(refused_ ? decision_ : message_, "window"), "state");
  }

  std::string window_sentence() const {
    const std::string state = window_state();
    if (state.empty() || state == "none") return "it has no window";
    const auto age = window_age();
    return "the window was " + state +
           (age ? ", the user had last written " + people_text(*age) + " before"
                : ", nothing was known of what the user had written");
  }

  std::string name() const {
    std::string text = "a " + kind();
    if (inbound_) return "an " + kind() + " is told to the app";
    if (const auto age = window_age()) text += " " + people_text(*age) + " after the user wrote";
    text += status_ == "failed" ? " fails" : " is " + status_;
    if (!code_.empty()) text += " with " + code_;
    return text;
  }

  Json tags() const {
    Json tags = Json::array({"captured"});
    if (!code_.empty()) tags.push_back(code_);
    return tags;
  }

  std::string title() const {
    const auto* info = wire::find_error_code(number_);
    return info == nullptr ? "" : " (" + std::string(info->title) + ")";
  }

  std::string top_comment() const {
    const std::string mode = text_at(material_, "mode");
    const std::string what = mode == "simulate" ? "a simulated " : "a real ";
    std::string text = "// Captured from " + what + kind() + " of " + created_ + ": " + status_;
    if (!code_.empty()) text += ", " + code_ + title();
    text += ".\n";
    if (!inbound_) text += "// When it was sent " + window_sentence() + ".\n";
    if (mode == "twilio") {
      text +=
          "// It was asked of Twilio afterwards, which keeps no callbacks: their times are those "
          "of\n"
          "// the message itself.\n";
    }
    if (!mask_.keeps()) text += "// Numbers, names, texts and SIDs stand for others.\n";
    return one_line_each(text);
  }

  static std::string one_line_each(const std::string& text) {
    std::string made = text;
    std::ranges::replace_if(
        made, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }, ' ');
    return made;
  }

  Json on() const {
    if (inbound_) return Json::array();
    Json rule{{"id", "captured"}, {"match", {{"To", "${user}"}}}};
    if (refused_) {
      rule["respond"] = {{"status", kRefused}};
      if (number_ != 0) rule["respond"]["code"] = number_;
    } else {
      rule["callbacks"] = news_.callbacks;
    }
    return Json::array({std::move(rule)});
  }

  Json inbound_steps() {
    Json steps = Json::array();
    steps.push_back({{"inbound", captured_inbound(material_, mask_)}});
    if (window_state() != "none" && text_at(message_, "from").starts_with("whatsapp:")) {
      steps.push_back(
          {{"expect",
            {{"window", {{"sender", "${shop}"}, {"user", "${user}"}, {"state", "open"}}}}}});
    }
    return steps;
  }

  Json send_steps(CapturedTargets& targets) {
    Json send = captured_send(material_, addresses_, targets, mask_);
    Json steps = Json::array();
    if (refused_) {
      send["expect"] = {{"status", kRefused}};
      if (number_ != 0) send["expect"]["code"] = number_;
      steps.push_back({{"send", std::move(send)}});
      return steps;
    }
    send["as"] = "message";
    steps.push_back({{"send", std::move(send)}});
    if (news_.length > Duration()) steps.push_back({{"advance", span_text(news_.length)}});
    Json expected{{"message", "${message.sid}"}, {"status", status_}};
    if (number_ != 0) expected["error_code"] = number_;
    expected["within"] = "10s";
    steps.push_back({{"expect", std::move(expected)}});
    if (targets.told_of_statuses()) {
      Json callbacks{{"of", "${message.sid}"}, {"sequence", news_.told}};
      if (news_.answered && !news_.told.empty() && !member_at(material_, "callbacks").empty()) {
        callbacks["answered"] = "2xx";
      }
      steps.push_back({{"expect", {{"callbacks", std::move(callbacks)}, {"within", "10s"}}}});
    }
    return steps;
  }

  // Above the keys that they are about.
  std::string with_comments(const std::string& json) {
    std::string text = json;
    const auto above = [&](const std::string& key, const std::string& comment) {
      const std::string line = "\n  \"" + key + "\": ";
      const auto at = text.find(line);
      if (at != text.npos) text.insert(at + 1, "  // " + one_line(comment) + "\n");
    };
    const std::string action = text_at(decision_, "decision");
    const std::string rule = mask_.identifiers(text_at(decision_, "rule"));
    if (refused_) {
      above("on", "The policy's rule \"" + rule + "\" refused it before Twilio saw it.");
    } else if (!action.empty() && action != "pass") {
      above("on", "The policy's rule \"" + rule + "\" made of it: " + action + ".");
    }
    if (refused_) above("steps", "What is refused at once is not kept: the text is made up.");
    return text;
  }

  const Json& material_;
  const Json& message_;
  const Json& decision_;
  Masker mask_;
  CapturedAddresses addresses_ = {};
  CapturedNews news_ = {};
  std::string created_ = {};
  std::string code_ = {};  // Twilio's of the failure, or nothing
  int number_ = 0;         // the same
  std::string status_ = {};
  bool refused_ = false;
  bool inbound_ = false;
};

}  // namespace

std::string captured_scenario(const Json& material, CaptureOptions options) {
  return Capture(material, options).text();
}

}  // namespace twindow::app
