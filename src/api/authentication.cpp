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

Result<void> authenticate(gateway::Accounts& accounts, const AccountSid& account,
                          const wire::Headers& headers) {
  const auto header = wire::find_header(headers, "Authorization");
  if (!header || header->empty()) return fail(Errc::NoCredentials);
  const auto credentials = wire::parse_basic_auth(*header);
  if (!credentials) return fail(Errc::NoCredentials);
  if (credentials->password.empty()) return fail(Errc::WrongPassword);
  const AuthToken offered{credentials->password};
  if (parse_account_sid(credentials->username)) {
    // Another account's credentials, however right, do not open this one.
    if (credentials->username != account.text) return fail(Errc::WrongPassword);
    return compare(accounts.token_or_learn(account, offered), credentials->password);
  }
  if (!is_sid(credentials->username, "SK")) return fail(Errc::UnknownUsername);
  const auto secret =
      TWINDOW_TRY(accounts.key_secret_or_learn(account, credentials->username, offered));
  if (!secret) return fail(Errc::UnknownUsername);
  return compare(*secret, credentials->password);
}

}  // namespace twindow::api
