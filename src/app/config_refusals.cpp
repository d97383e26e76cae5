// SPDX-License-Identifier: Apache-2.0
// What can be configured and is not built yet: a person who asks for a policy must not get a
// server that lets everything through.
#include "src/app/config.h"

namespace twindow::app {

std::vector<std::string> refusals(const Config& config) {
  struct Row {
    bool asked_for;
    const char* what;
  };
  const Row rows[] = {
      {config.mode == Mode::Proxy, "mode \"proxy\" (--mode)"},
      {config.tls.listen || !config.tls.names.empty() || !config.tls.ips.empty(), "tls (--tls)"},
      {config.hooks.has_value(), "hooks (--hooks)"},
      {config.store.kind == StoreKind::Sqlite, "store \"sqlite:\" (--store)"},
      {config.store.kind == StoreKind::Postgresql, "store \"postgresql:\" (--store)"},
      {config.policy.has_value(), "policy (--policy)"},
      {!config.scenarios.empty(), "scenario (--scenario)"},
      {config.upstream.has_value(), "upstream (--upstream)"},
      {config.public_url.has_value(), "public_url (--public-url)"},
      {config.ca_cert.has_value(), "ca_cert (--ca-cert)"},
      {config.ca_key.has_value(), "ca_key (--ca-key)"},
      {!config.connect_tunnel.empty(), "connect.tunnel"},
  };
  std::vector<std::string> sentences;
  for (const Row& row : rows) {
    if (row.asked_for) sentences.push_back(std::string(row.what) + " is not in this version yet");
  }
  return sentences;
}

}  // namespace twindow::app
