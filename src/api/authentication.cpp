// SPDX-License-Identifier: Apache-2.0
#include "src/api/authentication.h"

#include "twindow/wire/basic_auth.h"
#include "twindow/wire/secret.h"

namespace twindow::api {

namespace {

Result<void> compare(const AuthToken& wanted, const std::string& offered) {
  if (!wire::equal_in_constant_time(wanted.text, offered)) return fail(Errc::WrongPassword);
  return {};
}

}  // namespace

Result<AccountSid> authenticate(gateway::Accounts& accounts, std::optional<AccountSid> named,
                                const wire::Headers& headers) {
  const auto header = wire::find_header(headers, "Authorization");
  if (!header || header->empty()) return fail(Errc::NoCredentials);
  const auto credentials = wire::parse_basic_auth(*header);
  if (!credentials) return fail(Errc::NoCredentials);
  if (credentials->password.empty()) return fail(Errc::WrongPassword);
  const AuthToken offered{credentials->password};
  if (auto caller = parse_account_sid(credentials->username)) {
    // Another account's credentials, however right, do not open this one; a parent's do.
    if (!named) named = caller;
    if (*named != *caller && accounts.parent_of(*named) != caller) {
      return fail(Errc::WrongPassword);
    }
    TWINDOW_TRY(compare(accounts.token_or_learn(*caller, offered), credentials->password));
    return *std::move(named);
  }
  if (!is_sid(credentials->username, "SK")) return fail(Errc::UnknownUsername);
  if (!named) named = accounts.account_of_key(credentials->username);
  if (!named) return fail(Errc::UnknownUsername);
  const auto secret =
      TWINDOW_TRY(accounts.key_secret_or_learn(*named, credentials->username, offered));
  if (!secret) return fail(Errc::UnknownUsername);
  TWINDOW_TRY(compare(*secret, credentials->password));
  return *std::move(named);
}

}  // namespace twindow::api
