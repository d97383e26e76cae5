// SPDX-License-Identifier: Apache-2.0
#include "src/api/fault_json.h"

#include <array>
#include <cmath>

#include "twindow/base/duration_text.h"
#include "twindow/base/limits.h"

#include "src/api/match_json.h"

namespace twindow::api {

namespace {

// Reads the members of one object; the first mistake stays.
class Members {
 public:
  Members(const Json& json, std::string pointer, std::optional<FaultInputError>& mistake)
      : json_(json), pointer_(std::move(pointer)), mistake_(mistake) {
    if (!json_.is_object()) wrong("", "expected an object");
  }

  void only(std::initializer_list<std::string_view> keys) {
    if (!json_.is_object()) return;
    for (const auto& [key, value] : json_.items()) {
      if (std::ranges::find(keys, key) != keys.end()) continue;
      std::string expected;
      for (const std::string_view known : keys) {
        expected += (expected.empty() ? "" : ", ") + std::string(known);
      }
      return wrong("/" + key, "is not known here; expected " + expected);
    }
  }

  const Json* find(const std::string& key) const {
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(key);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }

  void text(const std::string& key, std::string& into) {
    const Json* const value = find(key);
    if (value == nullptr) return;
    if (!value->is_string()) return wrong("/" + key, "expected a text");
    into = value->get<std::string>();
  }

  void truth(const std::string& key, bool& into) {
    const Json* const value = find(key);
    if (value == nullptr) return;
    if (!value->is_boolean()) return wrong("/" + key, "expected true or false");
    into = value->get<bool>();
  }

  template <class Number>
  void number(const std::string& key, Number& into, std::int64_t least, std::int64_t most) {
    const Json* const value = find(key);
    if (value == nullptr) return;
    const bool good = value->is_number_integer() && value->get<std::int64_t>() >= least &&
                      value->get<std::int64_t>() <= most;
    if (!good) {
      return wrong("/" + key, "expected a whole number from " + std::to_string(least) + " to " +
                                  std::to_string(most));
    }
    into = static_cast<Number>(value->get<std::int64_t>());
  }

  void duration(const std::string& key, Duration& into) {
    const Json* const value = find(key);
    if (value == nullptr) return;
    const auto time = value->is_string() ? parse_duration(value->get<std::string>()) : std::nullopt;
    if (!time || *time < Duration::zero() || *time > limits::kFaultDelayMax) {
      return wrong("/" + key, "expected a duration of at most 24h, such as 250ms or 2s");
    }
    into = *time;
  }

  void wrong(const std::string& where, std::string detail) {
    if (!mistake_) mistake_ = FaultInputError{pointer_ + where, std::move(detail)};
  }

  std::string below(const std::string& key) const { return pointer_ + "/" + key; }

 private:
  const Json& json_;
  std::string pointer_;
  std::optional<FaultInputError>& mistake_;
};

class RuleReader {
 public:
  RuleReader(const Json& json, std::string pointer) : rule_(json, std::move(pointer), mistake_) {}

  std::optional<FaultInputError> read(policy::FaultRule& rule) {
    rule_.only({"id", "match", "nth", "times", "probability", "respond", "callbacks"});
    rule_.text("id", rule.id);
    rule_.number("nth", rule.nth, 1, 1'000'000);
    rule_.number("times", rule.times, 1, 1'000'000);
    read_probability(rule);
    if (const Json* const match = rule_.find("match")) read_match(*match, rule.match);
    if (const Json* const respond = rule_.find("respond")) {
      read_respond(*respond, rule.respond.emplace());
    }
    if (const Json* const callbacks = rule_.find("callbacks")) {
      read_callbacks(*callbacks, rule.callbacks.emplace(), rule.match);
    }
    return mistake_;
  }

 private:
  void read_probability(policy::FaultRule& rule) {
    const Json* const value = rule_.find("probability");
    if (value == nullptr) return;
    const double share = value->is_number() ? value->get<double>() : -1;
    if (!(share >= 0 && share <= 1)) {
      return rule_.wrong("/probability", "expected a number from 0 to 1");
    }
    rule.probability = static_cast<std::uint32_t>(std::lround(share * policy::FaultRule::kAlways));
  }

  void read_match(const Json& json, policy::FaultMatch& match) {
    Members members(json, rule_.below("match"), mistake_);
    members.text("product", match.product);
    members.text("method", match.method);
    members.text("path", match.path);
    members.text("webhook", match.webhook);
    const bool known =
        match.webhook.empty() || match.webhook == "status" || match.webhook == "inbound";
    if (!known) members.wrong("/webhook", "expected status or inbound");
    if (!json.is_object()) return;
    for (const auto& [field, value] : json.items()) {
      if (field == "product" || field == "method" || field == "path" || field == "webhook")
        continue;
      auto condition = read_condition(field, value);
      if (!condition) return members.wrong("/" + field, condition.error().detail);
      match.conditions.push_back(*std::move(condition));
    }
  }

  void read_respond(const Json& json, FaultResponse& respond) {
    Members members(json, rule_.below("respond"), mistake_);
    members.only(
        {"status", "code", "message", "retry_after", "delay", "reset", "half", "processed"});
    members.number("status", respond.status, 400, 599);
    members.number("code", respond.code, 1, 999'999);
    members.text("message", respond.message);
    members.truth("processed", respond.processed);
    members.duration("delay", respond.delay);
    if (members.find("retry_after") != nullptr) {
      members.duration("retry_after", respond.retry_after.emplace());
    }
    bool reset = false;
    bool half = false;
    members.truth("reset", reset);
    members.truth("half", half);
    if (reset && half) members.wrong("/half", "an answer that is reset has no half");
    if (reset) respond.ending = FaultResponse::Ending::Reset;
    if (half) respond.ending = FaultResponse::Ending::Half;
    if (respond.status == 0 && (respond.code != 0 || !respond.message.empty())) {
      members.wrong("/status", "is needed with code and message, such as 500");
    }
    if (json.is_object() && json.empty()) {
      members.wrong("", "expected at least one of status, delay, reset and half");
    }
  }

  void read_callbacks(const Json& json, FaultCallbacks& callbacks,
                      const policy::FaultMatch& match) {
    Members members(json, rule_.below("callbacks"), mistake_);
    members.only({"lost", "late", "doubled", "out_of_order", "before_answer", "signature"});
    members.truth("lost", callbacks.lost);
    members.truth("doubled", callbacks.doubled);
    members.truth("out_of_order", callbacks.out_of_order);
    members.truth("before_answer", callbacks.before_answer);
    members.duration("late", callbacks.late);
    std::string name;
    members.text("signature", name);
    const auto* const named =
        std::ranges::find(kSignatureFaults, name, [](const auto& each) { return each.first; });
    if (named != kSignatureFaults.end()) callbacks.signature = named->second;
    if (named == kSignatureFaults.end() && !name.empty()) {
      members.wrong("/signature", "expected wrong, missing, other_port or other_scheme");
    }
    if (!json.is_object()) return;
    if (json.empty()) {
      members.wrong("",
                    "expected at least one of lost, late, doubled, out_of_order, "
                    "before_answer and signature");
    }
    if (callbacks.before_answer && json.size() > 1) {
      members.wrong("/before_answer", "stands alone; put the rest into a rule of its own");
    }
    const bool waits = callbacks.late > Duration::zero() || callbacks.out_of_order;
    if (match.webhook == "inbound" && (waits || callbacks.before_answer)) {
      members.wrong("", "a user's message is told at once; expected lost, doubled or signature");
    }
  }

  std::optional<FaultInputError> mistake_ = {};
  Members rule_;
};

Json condition_json(const policy::Condition& condition) {
  if (condition.op == policy::MatchOp::Equals) return condition.values.front();
  const std::string op(to_text(condition.op));
  if (condition.op == policy::MatchOp::Absent) {
    return {{op, condition.values.front() == "true"}};
  }
  if (condition.op == policy::MatchOp::AnyOf) return {{op, condition.values}};
  return {{op, condition.values.front()}};
}

Json match_json(const policy::FaultMatch& match) {
  Json json = Json::object();
  if (!match.product.empty()) json["product"] = match.product;
  if (!match.method.empty()) json["method"] = match.method;
  if (!match.path.empty()) json["path"] = match.path;
  if (!match.webhook.empty()) json["webhook"] = match.webhook;
  for (const policy::Condition& condition : match.conditions) {
    json[condition.field] = condition_json(condition);
  }
  return json;
}

Json respond_json(const FaultResponse& respond) {
  Json json = Json::object();
  if (respond.status != 0) json["status"] = respond.status;
  if (respond.code != 0) json["code"] = respond.code;
  if (!respond.message.empty()) json["message"] = respond.message;
  if (respond.retry_after) json["retry_after"] = to_text(*respond.retry_after);
  if (respond.delay > Duration::zero()) json["delay"] = to_text(respond.delay);
  if (respond.ending == FaultResponse::Ending::Reset) json["reset"] = true;
  if (respond.ending == FaultResponse::Ending::Half) json["half"] = true;
  if (respond.processed) json["processed"] = true;
  return json;
}

Json callbacks_json(const FaultCallbacks& callbacks) {
  Json json = Json::object();
  if (callbacks.lost) json["lost"] = true;
  if (callbacks.late > Duration::zero()) json["late"] = to_text(callbacks.late);
  if (callbacks.doubled) json["doubled"] = true;
  if (callbacks.out_of_order) json["out_of_order"] = true;
  if (callbacks.before_answer) json["before_answer"] = true;
  for (const auto& [name, fault] : kSignatureFaults) {
    if (fault == callbacks.signature) json["signature"] = name;
  }
  return json;
}

}  // namespace

Expected<std::vector<policy::FaultRule>, FaultInputError> read_faults(const Json& list) {
  std::vector<policy::FaultRule> rules;
  if (!list.is_array()) return Unexpected(FaultInputError{"/faults", "expected a list of rules"});
  if (list.size() > limits::kFaultRulesMax) {
    return Unexpected(FaultInputError{
        "/faults", "more than " + std::to_string(limits::kFaultRulesMax) + " rules"});
  }
  for (const Json& item : list) {
    const std::size_t place = rules.size();
    policy::FaultRule rule{.id = std::to_string(place + 1)};
    RuleReader reader(item, "/faults/" + std::to_string(place));
    if (auto mistake = reader.read(rule)) return Unexpected(*std::move(mistake));
    rules.push_back(std::move(rule));
  }
  if (auto mistake = policy::FaultRules::mistake_in(rules)) {
    return Unexpected(FaultInputError{"/faults/" + std::to_string(mistake->rule) + mistake->pointer,
                                      std::move(mistake->detail)});
  }
  return rules;
}

Json to_json(const policy::FaultRule& rule) {
  Json json{{"id", rule.id}, {"match", match_json(rule.match)}};
  if (rule.nth != 0) json["nth"] = rule.nth;
  if (rule.times != 0) json["times"] = rule.times;
  if (rule.probability != policy::FaultRule::kAlways) {
    json["probability"] = static_cast<double>(rule.probability) / policy::FaultRule::kAlways;
  }
  if (rule.respond) json["respond"] = respond_json(*rule.respond);
  if (rule.callbacks) json["callbacks"] = callbacks_json(*rule.callbacks);
  return json;
}

}  // namespace twindow::api
