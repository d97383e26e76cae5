// SPDX-License-Identifier: Apache-2.0
// Where the certificate authority lives: `ca.crt` and `ca.key` (0600) in the data folder, made when
// first needed; or the operator's own two files.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "twindow/base/clock.h"
#include "twindow/base/guarded.h"
#include "twindow/net/certificate_authority.h"

#include "src/app/config.h"

namespace twindow::app {

// Thread-safe; other processes may use the same folder at the same time (a lock file sees to it
// that they agree on one authority). Errors say which file and what to do.
class CaFiles {
 public:
  using Authority = std::shared_ptr<const net::CertificateAuthority>;

  // `clock` outlives it.
  CaFiles(const Config& config, const Clock& clock);

  // Read again when the files have changed, so that `twindow ca renew` reaches a running server.
  Result<Authority> current();

  // If there are files already: that they can be used, and permit all of `tls.names` and `tls.ips`.
  // Makes none.
  Result<void> check();

  // Makes another one in the place of what is there. Errc::Conflict for an operator's own.
  Result<Authority> renew();

  const std::filesystem::path& certificate_file() const { return certificate_; }

 private:
  // What tells a file from the one that was there before.
  struct Stamp {
    std::uint64_t inode = 0;
    std::int64_t changed_ns = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  struct Read {
    Stamp stamp = {};
    Authority authority = {};
  };

  std::optional<Stamp> stamp() const;
  Result<Authority> read() const;
  Result<void> make(bool anew) const;

  const Clock& clock_;
  const bool own_;  // else the operator's
  const std::filesystem::path folder_;
  const std::filesystem::path certificate_;
  const std::filesystem::path key_;
  const net::MorePermitted more_;
  Guarded<Read> read_;
};

}  // namespace twindow::app
