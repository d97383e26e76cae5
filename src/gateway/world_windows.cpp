// SPDX-License-Identifier: Apache-2.0
// The windows and senders of a world, as people look at them and set them.
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

Task<std::vector<WindowView>> World::windows() { return run_on(strand_, do_windows()); }

Task<Result<WindowView>> World::window(WindowKey key) {
  return run_on(strand_, do_window(std::move(key)));
}

Task<Result<WindowView>> World::put_window(Window window) {
  return run_on(strand_, do_put_window(std::move(window)));
}

Task<Result<void>> World::erase_window(WindowKey key) {
  return run_on(strand_, do_erase_window(std::move(key)));
}

Task<std::vector<Sender>> World::senders() { return run_on(strand_, do_senders()); }

Task<void> World::replace_senders(std::vector<Sender> senders) {
  return run_on(strand_, do_replace_senders(std::move(senders)));
}

Task<void> World::configure(AccountOptions account) {
  return run_on(strand_, do_configure(std::move(account)));
}

WindowView World::view(const Window& window) const {
  const bool open = is_open(window, time_.now(), margin());
  return {window, open ? WindowState::Open : WindowState::Closed};
}

// Of an earlier run: what is open now will close.
Task<void> World::watch_known_windows() {
  const Result<std::vector<Window>> all = co_await store_->list();
  if (!all) co_return;
  for (const Window& window : *all) {
    const bool open = is_open(window, time_.now(), margin());
    if (open && !window_ends_.contains(window.key)) watch_end(window, Warn::IfInTime);
  }
}

Task<std::vector<WindowView>> World::do_windows() {
  const Result<std::vector<Window>> all = co_await store_->list();
  std::vector<WindowView> views;
  if (!all) co_return views;
  for (const Window& window : *all) views.push_back(view(window));
  co_return views;
}

Task<Result<WindowView>> World::do_window(WindowKey key) {
  const auto found = co_await store_->find(key);
  if (!found) co_return Unexpected(found.error());
  if (!found->has_value()) {
    co_return fail(Errc::NotFound, key.user + " never wrote to " + key.sender);
  }
  co_return view(**found);
}

Task<Result<WindowView>> World::do_put_window(Window window) {
  const auto key = co_await store_->resolve(window.key);
  if (!key) co_return Unexpected(key.error());
  window.key = *key;
  const auto stored = co_await store_->put(window);
  if (!stored) co_return Unexpected(stored.error());
  const WindowView now = view(window);
  window_ends_.erase(window.key);
  if (now.state == WindowState::Open) {
    watch_end(window);
    nudge();
  }
  if (heard()) record(time_.now(), WindowEvent{window, now.state});
  co_return now;
}

Task<Result<void>> World::do_erase_window(WindowKey key) {
  const auto user = co_await store_->resolve(key);
  if (user) window_ends_.erase(*user);
  co_return co_await store_->erase(std::move(key));
}

Task<std::vector<Sender>> World::do_senders() { co_return senders_.senders(); }

// These are the senders from now on: what was bought or registered through the API is gone, and
// services keep nothing but their settings.
Task<void> World::do_replace_senders(std::vector<Sender> senders) {
  Changes changes;
  for (const Resource& one : store_->resources().all()) {
    const bool sender = one.kind == ResourceKind::PhoneNumber ||
                        one.kind == ResourceKind::ShortCode ||
                        one.kind == ResourceKind::ChannelSender || is_pool(one.kind);
    if (sender) changes.erased.push_back({one.kind, one.sid, one.parent});
  }
  if (!changes.erased.empty()) {
    [[maybe_unused]] const Result<void> done =
        co_await store_->change_resources(std::move(changes));
  }
  senders_.replace(std::move(senders));
  begin_backfill();
  co_return;
}

// options_.account stays as it was: others read its SID without the strand.
Task<void> World::do_configure(AccountOptions account) {
  senders_.configure(account);
  test_ = account.test;
  advanced_opt_out_ = std::move(account.advanced_opt_out);
  closing_soon_url_ = std::move(account.closing_soon_url);
  begin_backfill();
  co_return;
}

}  // namespace twindow::gateway
