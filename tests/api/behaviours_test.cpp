// SPDX-License-Identifier: Apache-2.0
// tests/e2e/behaviours.json without an SDK and without sockets: the same steps, as bytes.
#include <algorithm>
#include <fstream>
#include <map>
#include <regex>

#include "tests/api/twilio_fixture.h"

namespace twindow::test {
namespace {

const ServiceSid kService{"MG0123456789abcdef0123456789abcdef"};
const std::string kSandbox = "whatsapp:+14155238886";

Json read_rows() {
  std::ifstream file(TWINDOW_SOURCE_DIR "/tests/e2e/behaviours.json");
  return Json::parse(file);
}

AccountOptions options_of(const std::string& kind) {
  AccountOptions options{.sid = AccountSid{kAccount}, .auth_token = AuthToken{kToken}};
  if (kind == "test") options.test = true;
  if (kind == "closed") {
    options.senders = {{.address = *parse_from("whatsapp:+14155550100")},
                       {.address = *parse_from("+14155550100"), .service = kService}};
  }
  if (kind == "advanced") {
    options.senders = {{.address = *parse_from("+14155550111"), .service = kService}};
    options.advanced_opt_out = {kService};
  }
  return options;
}

std::vector<Param> params_of(const Json& object) {
  std::vector<Param> params;
  const auto text_of = [](const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  for (const auto& [name, value] : object.items()) {
    if (value.is_array()) {
      for (const Json& item : value) params.push_back({name, text_of(item)});
    } else {
      params.push_back({name, text_of(value)});
    }
  }
  return params;
}

class Behaviour : public testing::TestWithParam<Json> {
 protected:
  Behaviour() : server_({.accounts = {options_of(GetParam()["account"])}}) {
    server_.worlds.open(AccountSid{kAccount});
    admin("PUT", "/clock", R"({"now":"2030-01-05T09:00:00Z"})");
  }

  Answer call(std::string method, std::string target, std::string body = "",
              const std::string& product = "api") {
    return server_.ask(server_.twilio, {.method = std::move(method),
                                        .target = std::move(target),
                                        .headers = {{"Host", product + ".twilio.com"},
                                                    {"Authorization", basic(kAccount, kToken)}},
                                        .body = std::move(body)});
  }
  // "$name" and "$account" anywhere in a value.
  Json filled(const Json& value) {
    std::string text = value.dump();
    for (const auto& [name, sid] : sids_) {
      if (!name.empty()) text = std::regex_replace(text, std::regex("\\$" + name + "\\b"), sid);
    }
    return Json::parse(std::regex_replace(text, std::regex("\\$account\\b"), kAccount));
  }
  // Any call of any product: method, product, path, parameters.
  Answer ask(const Json& step) {
    const Json asked = filled(step["ask"]);
    const std::string product = asked[1], path = asked[2];
    const bool json = product == "content" || path.starts_with("/v2/Channels");
    std::string body;
    if (asked.size() > 3) body = json ? asked[3].dump() : wire::encode_form(params_of(asked[3]));
    Answer answer = call(asked[0], path, std::move(body), product);
    if (step.contains("as")) sids_[step["as"]] = answer.json()["sid"];
    return answer;
  }
  Json admin(const std::string& method, const std::string& path, const std::string& body = "") {
    return server_.ok(method, path + "?account=" + kAccount, body);
  }
  std::string path_of(const std::string& name, const std::string& below = "") {
    const std::string sid = name.starts_with('$') ? sids_.at(name.substr(1)) : name;
    return messages_path() + "/" + sid + below + ".json";
  }

  // What the API answers, if it is asked.
  std::optional<Answer> play(const Json& step) {
    if (step.contains("create")) {
      Answer made = call("POST", messages_path() + ".json",
                         wire::encode_form(params_of(filled(step["create"]))));
      if (made.status == 201) sids_[step.value("as", "")] = made.json()["sid"];
      return made;
    }
    if (step.contains("fetch")) return call("GET", path_of(step["fetch"]));
    if (step.contains("update")) {
      return call("POST", path_of(step["update"]), wire::encode_form(params_of(step["with"])));
    }
    if (step.contains("delete")) return call("DELETE", path_of(step["delete"]));
    if (step.contains("feedback")) {
      return call("POST", path_of(step["feedback"], "/Feedback"),
                  wire::encode_form(params_of(step["with"])));
    }
    if (step.contains("list")) return list(step);
    if (step.contains("ask")) return ask(step);
    if (step.contains("media")) {
      std::vector<std::string> types;
      for (const Json& item : media(step["media"])) types.push_back(item["content_type"]);
      EXPECT_EQ(Json(types), step["types"]);
    } else if (step.contains("delete_media")) {
      const Json first = media(step["delete_media"]).front();
      EXPECT_EQ(call("DELETE", first["uri"]).status, 204);
    } else if (step.contains("advance")) {
      admin("POST", "/clock/advance", Json{{"by", step["advance"]}}.dump());
    } else if (step.contains("inbound")) {
      admin("POST", "/simulate/inbound-message", step["inbound"].dump());
    } else if (step.contains("join")) {
      const std::string word = admin("GET", "/sandbox")["accounts"][0]["join"];
      admin("POST", "/simulate/inbound-message",
            Json{{"From", step["join"]}, {"To", kSandbox}, {"Body", word}}.dump());
    } else {
      const Json asked = filled(step["admin"]);
      const std::string path = asked[1];
      admin(asked[0], path.substr(std::string("/__admin").size()), asked[2].dump());
    }
    return std::nullopt;
  }

  Json media(const std::string& name) {
    return call("GET", path_of(name, "/Media")).json()["media_list"];
  }

  // Page after page, as the SDKs read them.
  Answer list(const Json& step) {
    Answer page =
        call("GET", messages_path() + ".json?" + wire::encode_form(params_of(step["list"])));
    if (page.status != 200) return page;
    std::vector<std::string> bodies;
    for (Json json = page.json();; json = call("GET", json["next_page_uri"]).json()) {
      for (const Json& message : json["messages"]) bodies.push_back(message["body"]);
      if (json["next_page_uri"].is_null()) break;
    }
    if (step.contains("bodies")) {
      EXPECT_EQ(Json(bodies), step["bodies"]);
    }
    if (step.contains("bodies~")) {
      EXPECT_EQ(bodies.size(), step["bodies~"].size());
      for (std::size_t i = 0; i < bodies.size() && i < step["bodies~"].size(); ++i) {
        EXPECT_TRUE(std::regex_search(bodies[i], std::regex(step["bodies~"][i].get<std::string>())))
            << bodies[i];
      }
    }
    return page;
  }

  // "senders.0.sid"; null if it is not there.
  static Json member(Json record, std::string path) {
    std::ranges::replace(path, '.', '/');
    const Json::json_pointer place("/" + path);
    return record.contains(place) ? record.at(place) : Json();
  }

  void check(const Json& wanted, const Json& record) {
    for (const auto& [key, want] : wanted.items()) {
      if (!key.ends_with('~')) {
        EXPECT_EQ(member(record, key), want) << key;
        continue;
      }
      const Json got = member(record, key.substr(0, key.size() - 1));
      const std::string text = got.is_string() ? got.get<std::string>() : "";
      EXPECT_TRUE(std::regex_search(text, std::regex(want.get<std::string>())))
          << key << ": " << got;
    }
  }

  Server server_;
  std::map<std::string, std::string> sids_;
};

TEST_P(Behaviour, IsTwilios) {
  for (const Json& step : GetParam()["steps"]) {
    SCOPED_TRACE(step.dump());
    const std::optional<Answer> answer = play(step);
    if (step.contains("error")) {
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->status, step["error"][0]) << answer->body;
      EXPECT_EQ(answer->json()["code"], step["error"][1]) << answer->body;
    } else if (answer) {
      EXPECT_LT(answer->status, 300) << answer->body;
      if (step.contains("is")) check(step["is"], answer->json());
    }
  }
}

std::string name_of(const testing::TestParamInfo<Json>& info) {
  std::string name = std::to_string(info.index) + "_" + info.param["name"].get<std::string>();
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Messages, Behaviour, testing::ValuesIn(read_rows()), name_of);

}  // namespace
}  // namespace twindow::test
