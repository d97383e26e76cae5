// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/known_callers.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace twindow::gateway {

namespace {

// Looks at every byte, wherever the first difference is. wire has OpenSSL's, which this layer does
// not know.
bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |=
        static_cast<unsigned>(static_cast<unsigned char>(a[i])) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

// Looks at all of them, for the same reason.
template <class Callers>
std::optional<std::size_t> place_of(const Callers& callers, std::string_view hash) {
  std::optional<std::size_t> place;
  for (std::size_t i = 0; i < callers.size(); ++i) {
    if (equal_in_constant_time(callers[i].hash, hash)) place = i;
  }
  return place;
}

}  // namespace

KnownCallers::KnownCallers(const Clock& clock, Hash hash, std::string salt, Options options)
    : clock_(clock), hash_(std::move(hash)), salt_(std::move(salt)), options_(options) {}

KnownCallers::Fingerprint KnownCallers::fingerprint(const AccountSid& account,
                                                    std::string_view authorization) const {
  if (authorization.empty()) return {};
  // No header holds a NUL, and no SID: where one part ends is certain.
  std::string text = salt_;
  text.push_back('\0');
  text.append(account.text).push_back('\0');
  text.append(authorization);
  return {hash_(text)};
}

// A clock that was set back must not make an acceptance last longer.
bool KnownCallers::is_fresh(const Caller& caller, Time now) const {
  return std::chrono::abs(now - caller.accepted) < options_.good_for;
}

bool KnownCallers::knows(const AccountSid& account, const Fingerprint& caller) const {
  if (caller.text.empty()) return false;
  const Time now = clock_.now();
  return state_.with([&](const State& state) {
    const auto mine = state.accounts.find(account);
    if (mine == state.accounts.end()) return false;
    const auto place = place_of(mine->second, caller.text);
    return place && is_fresh(mine->second[*place], now);
  });
}

void KnownCallers::accepted(const AccountSid& account, const Fingerprint& caller) {
  if (caller.text.empty()) return;
  const Time now = clock_.now();
  state_.with([&](State& state) {
    if (const auto mine = state.accounts.find(account); mine != state.accounts.end()) {
      if (const auto place = place_of(mine->second, caller.text)) {
        // The latest acceptance stands last.
        const auto again = mine->second.begin() + static_cast<std::ptrdiff_t>(*place);
        again->accepted = now;
        std::rotate(again, again + 1, mine->second.end());
        return;
      }
    }
    make_room(state, account, now);
    state.accounts[account].push_back({caller.text, now});
    ++state.callers;
  });
}

void KnownCallers::refused(const AccountSid& account, const Fingerprint& caller) {
  state_.with([&](State& state) {
    const auto mine = state.accounts.find(account);
    if (mine == state.accounts.end()) return;
    if (const auto place = place_of(mine->second, caller.text)) forget(state, account, *place);
  });
}

std::size_t KnownCallers::size() const {
  return state_.with([](const State& state) { return state.callers; });
}

void KnownCallers::forget(State& state, const AccountSid& account, std::size_t place) {
  const auto mine = state.accounts.find(account);
  mine->second.erase(mine->second.begin() + static_cast<std::ptrdiff_t>(place));
  if (mine->second.empty()) state.accounts.erase(mine);
  --state.callers;
}

void KnownCallers::make_room(State& state, const AccountSid& account, Time now) const {
  if (const auto mine = state.accounts.find(account);
      mine != state.accounts.end() && mine->second.size() >= options_.callers_per_account_max) {
    forget(state, account, 0);
  }
  if (state.callers < options_.callers_max) return;
  // First those that are of no use any more; the scan is rare, and as long as the bound.
  for (auto each = state.accounts.begin(); each != state.accounts.end();) {
    state.callers -=
        std::erase_if(each->second, [&](const Caller& caller) { return !is_fresh(caller, now); });
    each = each->second.empty() ? state.accounts.erase(each) : std::next(each);
  }
  if (state.callers < options_.callers_max) return;
  const auto oldest = std::ranges::min_element(
      state.accounts, {}, [](const auto& each) { return each.second.front().accepted; });
  forget(state, AccountSid(oldest->first), 0);
}

}  // namespace twindow::gateway
