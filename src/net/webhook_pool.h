// SPDX-License-Identifier: Apache-2.0
// Connections to apps that wait for their next webhook. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "twindow/base/guarded.h"

#include "src/net/webhook_connection.h"

namespace twindow::net {

class WebhookPool {
 public:
  // The one that was used last and is still alive, or null.
  std::shared_ptr<WebhookConnection> take(const WebhookPeer& peer);
  // Keeps it, or closes it if there are enough.
  void put(std::shared_ptr<WebhookConnection> connection);

 private:
  using Idle = std::map<WebhookPeer, std::vector<std::shared_ptr<WebhookConnection>>>;
  Guarded<Idle> idle_;
};

}  // namespace twindow::net
