// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/ledger.h"

#include <utility>

namespace twindow {

namespace {

template <class Outcome>
void note_outcome(LedgerEntry& entry, const Outcome& outcome) {
  if (const auto* const reject = std::get_if<Reject>(&outcome)) entry.code = reject->code;
  if (const auto* const reroute = std::get_if<Reroute>(&outcome)) {
    entry.content = reroute->with.content;
  }
}

std::string sender_text(const SendRequest& request) {
  if (request.from) return request.from->text;
  return request.service ? request.service->text : std::string();
}

}  // namespace

LedgerEntry ledger_entry(const Decision& decision, const SendRequest& request, Time at,
                         std::string campaign) {
  LedgerEntry entry{.at = at,
                    .from = sender_text(request),
                    .to = request.to.text,
                    .action = action_of(decision.verdict),
                    .rule = decision.rule,
                    .reason = decision.reason,
                    .kind = decision.kind,
                    .window = decision.window,
                    .window_age = decision.window_age,
                    .campaign = std::move(campaign)};
  if (const auto* const observed = std::get_if<Observe>(&decision.verdict)) {
    entry.would = static_cast<Action>(observed->would.index());
    note_outcome(entry, observed->would);
  } else {
    note_outcome(entry, decision.verdict);
  }
  return entry;
}

}  // namespace twindow
