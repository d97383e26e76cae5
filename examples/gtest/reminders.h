// SPDX-License-Identifier: Apache-2.0
// An app as small as it can be, as it would stand in a project of yours: it sends reminders through
// Twilio's API, and writes down what Twilio says of them later. It knows nothing of Twindow.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>

#include <httplib.h>
#include <nlohmann/json.hpp>

class Reminders {
 public:
  struct Twilio {
    std::string base_url;  // "https://api.twilio.com"
    std::string account_sid;
    std::string auth_token;
  };

  Reminders(Twilio twilio, std::string sender)
      : twilio_(std::move(twilio)), sender_(std::move(sender)) {
    server_.Post("/status", [this](const httplib::Request& request, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      states_[request.get_param_value("MessageSid")] = request.get_param_value("MessageStatus");
      response.status = 204;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();  // else stop() would come too early
  }
  ~Reminders() {
    server_.stop();
    thread_.join();
  }

  // The message's SID, or Twilio's error code as text.
  std::string remind(const std::string& guest) {
    httplib::Client client(twilio_.base_url);
    client.set_basic_auth(twilio_.account_sid, twilio_.auth_token);
    const auto answer = client.Post(
        "/2010-04-01/Accounts/" + twilio_.account_sid + "/Messages.json",
        httplib::Params{
            {"From", sender_},
            {"To", guest},
            {"Body", "Your table is tomorrow at eight."},
            {"StatusCallback", "http://127.0.0.1:" + std::to_string(port_) + "/status"}});
    if (!answer) return "nobody answers";
    const auto message = nlohmann::json::parse(answer->body);
    if (answer->status != 201) return std::to_string(message.at("code").get<int>());
    return message.at("sid");
  }

  // "pending" until Twilio has told more: that it took the message says nothing.
  std::string state(const std::string& sid) const {
    const std::lock_guard lock(mutex_);
    const auto found = states_.find(sid);
    return found == states_.end() ? "pending" : found->second;
  }

 private:
  const Twilio twilio_;
  const std::string sender_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> states_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};
