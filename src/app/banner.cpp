// SPDX-License-Identifier: Apache-2.0
#include "src/app/banner.h"

#include <ostream>

namespace twindow::app {

namespace {

// What to configure at Twilio, and where it arrives here.
std::string hooks(const api::ServerState& state) {
  const bool apart = !state.hooks_address.empty();
  const std::string at = ", at http://" + (apart ? state.hooks_address : state.api_address);
  if (state.public_url.empty()) return "refused without --public-url" + at;
  return state.public_url + "/hooks/inbound" + at;
}

}  // namespace

void print_banner(std::ostream& out, const api::ServerState& state, const Config& config) {
  const std::string api = "http://" + state.api_address;
  const bool proxy = config.mode == Mode::Proxy;
  out << "Twindow " << state.version << ": " << state.mode << " mode, clock "
      << to_text(state.worlds.base_mode()) << ", store " << state.store << ", seed " << state.seed
      << "\n\n"
      << "  Twilio API       " << api << "\n"
      << "  Control page     http://" << state.control_address << "\n"
      << "  Control API      http://" << state.control_address << "/__admin\n";
  if (!state.tls_address.empty()) {
    out << "  Twilio over TLS  https://" << state.tls_address << "\n";
  }
  if (proxy) {
    out << "  Twilio itself    "
        << config.upstream.value_or("https://api.twilio.com and the others") << "\n"
        << "  Twilio's hooks   " << hooks(state) << "\n\n"
        << "Sends are judged by " << (config.policy ? "the policy file" : "the built-in policy")
        << " first; what passes is real, and is paid for.\n"
        << "The control API asks for a token"
        << (config.control_token
                ? ""
                : "; the commands find it in " + (config.data_dir / "control.token").string())
        << ".\n";
  }
  out << "\nPoint an app at it, one of:\n"
      << "  node    client.api.baseUrl = '" << api << "'\n"
      << "  python  client.api.base_url = \"" << api << "\"\n"
      << "  curl    curl -u $TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN " << api
      << "/2010-04-01/Accounts/$TWILIO_ACCOUNT_SID/Messages.json\n"
      << "or, with not a line of its code changed, as its proxy:\n"
      << "  twindow ca export > ca.crt\n"
      << "  node    HTTP_PROXY=" << api << " NODE_EXTRA_CA_CERTS=ca.crt\n"
      << "  python  HTTPS_PROXY=" << api << " REQUESTS_CA_BUNDLE=ca.crt\n"
      << "  (more: twindow sdk-snippet node|python|java|go|php|ruby|csharp|env)\n\n";
  if (!proxy && config.callbacks.deliver_to.empty()) {
    out << "Callbacks go to this machine and private networks only. For a public name:\n"
        << "  --deliver-to https://app.example.com=http://127.0.0.1:3000\n\n";
  }
  for (const auto& [from, to] : config.callbacks.deliver_to) {
    out << "Callbacks for " << from << " are delivered to " << to << "\n";
  }
  out << "Follow along: twindow listen        End: Ctrl-C\n" << std::flush;
}

}  // namespace twindow::app
