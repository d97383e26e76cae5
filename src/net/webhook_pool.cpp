// SPDX-License-Identifier: Apache-2.0
#include "src/net/webhook_pool.h"

namespace twindow::net {

namespace {
constexpr std::size_t kIdlePerPeerMax = 64;
constexpr std::size_t kPeersMax = 64;
constexpr std::chrono::seconds kIdleTime(60);
}  // namespace

std::shared_ptr<WebhookConnection> WebhookPool::take(const WebhookPeer& peer) {
  const auto oldest = std::chrono::steady_clock::now() - kIdleTime;
  for (;;) {
    auto candidate = idle_.with([&](Idle& idle) {
      std::shared_ptr<WebhookConnection> last;
      const auto found = idle.find(peer);
      if (found == idle.end()) return last;
      last = std::move(found->second.back());
      found->second.pop_back();
      if (found->second.empty()) idle.erase(found);
      return last;
    });
    if (!candidate || (candidate->idle_since >= oldest && candidate->alive())) return candidate;
  }
}

void WebhookPool::put(std::shared_ptr<WebhookConnection> connection) {
  connection->idle_since = std::chrono::steady_clock::now();
  // Closed outside the lock. An app that is called again is put back soon enough.
  Idle::node_type forgotten;
  idle_.with([&](Idle& idle) {
    const bool newcomer = !idle.contains(connection->peer());
    if (newcomer && idle.size() >= kPeersMax) forgotten = idle.extract(idle.begin());
    auto& kept = idle[connection->peer()];
    if (kept.size() < kIdlePerPeerMax) kept.push_back(std::move(connection));
  });
}

}  // namespace twindow::net
