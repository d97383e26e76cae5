// SPDX-License-Identifier: Apache-2.0
// An app for the end-to-end tests: takes every webhook, remembers its bytes, answers what it was
// told to. A cpp-httplib server on purpose, so that Twindow is not tested with its own code.
//
//   GET  /__requests?count=N   what came so far, in order, as soon as there are N (JSON)
//   POST /__answer?status=S    the status and body of every answer from now on
//   POST /__forget             forgets what came
//
// Prints "listening on PORT" and runs until its standard input ends.
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

#include <httplib.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

struct Seen {
  std::mutex mutex;
  std::condition_variable news;
  std::vector<json> requests;
  int status = 204;
  std::string body;
  std::string content_type = "text/xml";
};

std::string read_body(const httplib::ContentReader& read) {
  std::string body;
  read([&](const char* data, std::size_t size) {
    body.append(data, size);
    return true;
  });
  return body;
}

json headers_of(const httplib::Request& request) {
  json headers = json::object();
  for (const auto& [name, value] : request.headers) headers[name] = value;
  return headers;
}

void remember(Seen& seen, const httplib::Request& request, std::string body,
              httplib::Response& response) {
  const std::lock_guard lock(seen.mutex);
  seen.requests.push_back({{"method", request.method},
                           {"target", request.target},
                           {"headers", headers_of(request)},
                           {"body", std::move(body)}});
  response.status = seen.status;
  if (!seen.body.empty()) response.set_content(seen.body, seen.content_type.c_str());
  seen.news.notify_all();
}

void show(Seen& seen, const httplib::Request& request, httplib::Response& response) {
  const auto count = request.has_param("count") ? std::stoul(request.get_param_value("count")) : 0;
  std::unique_lock lock(seen.mutex);
  // The reader compares; a count that never comes ends here all the same.
  seen.news.wait_for(lock, std::chrono::seconds(20), [&] { return seen.requests.size() >= count; });
  response.set_content(json(seen.requests).dump(), "application/json");
}

}  // namespace

int main() {
  Seen seen;
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(64); };
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(1'000'000);
  server.set_keep_alive_timeout(1);  // how long the end of the program waits for idle clients
  server.Get("/__requests", [&](const httplib::Request& request, httplib::Response& response) {
    show(seen, request, response);
  });
  // With a content reader, all of them: cpp-httplib looks at such routes first.
  server.Post("/__forget", [&](const httplib::Request&, httplib::Response& response,
                               const httplib::ContentReader& read) {
    read_body(read);
    const std::lock_guard lock(seen.mutex);
    seen.requests.clear();
    response.status = 204;
  });
  server.Post("/__answer", [&](const httplib::Request& request, httplib::Response& response,
                               const httplib::ContentReader& read) {
    std::string body = read_body(read);
    const std::lock_guard lock(seen.mutex);
    seen.status = std::stoi(request.get_param_value("status"));
    seen.body = std::move(body);
    response.status = 204;
  });
  server.Post(".*", [&](const httplib::Request& request, httplib::Response& response,
                        const httplib::ContentReader& read) {
    remember(seen, request, read_body(read), response);
  });
  server.Get(".*", [&](const httplib::Request& request, httplib::Response& response) {
    remember(seen, request, "", response);
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread serving([&] { server.listen_after_bind(); });
  std::cout << "listening on " << port << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
  }
  server.stop();
  serving.join();
}
