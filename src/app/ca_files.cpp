// SPDX-License-Identifier: Apache-2.0
#include "src/app/ca_files.h"

#include <sys/stat.h>

#include "src/app/file_lock.h"
#include "src/app/read_text.h"

namespace twindow::app {

namespace {

namespace fs = std::filesystem;

constexpr unsigned kCertificateMode = 0644;
constexpr unsigned kKeyMode = 0600;

Unexpected<Error> trouble(const fs::path& file, const std::string& why) {
  return fail(Errc::Unavailable, file.string() + ": " + why);
}

bool others_may_read(const fs::path& file) {
  std::error_code error;
  const auto permissions = fs::status(file, error).permissions();
  const auto others = fs::perms::group_all | fs::perms::others_all;
  return !error && (permissions & others) != fs::perms::none;
}

}  // namespace

CaFiles::CaFiles(const Config& config, const Clock& clock)
    : clock_(clock),
      own_(!config.ca_cert),
      folder_(config.data_dir),
      certificate_(own_ ? folder_ / "ca.crt" : *config.ca_cert),
      key_(own_ ? folder_ / "ca.key" : *config.ca_key),
      more_{config.tls.names, config.tls.ips} {}

std::optional<CaFiles::Stamp> CaFiles::stamp() const {
  struct stat found {};
  if (::stat(certificate_.c_str(), &found) != 0) return std::nullopt;
  return Stamp{found.st_ino,
               std::int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec};
}

Result<CaFiles::Authority> CaFiles::current() {
  std::optional<Stamp> now = stamp();
  const Read known = read_.with([](const Read& read) { return read; });
  if (known.authority != nullptr && now == known.stamp) return known.authority;
  if (!now && own_) {
    TWINDOW_TRY(make(false));
    now = stamp();
  }
  Authority authority = TWINDOW_TRY(read());
  read_.with([&](Read& read) { read = {now.value_or(Stamp()), authority}; });
  return authority;
}

Result<CaFiles::Authority> CaFiles::read() const {
  // Not between the two files of somebody who is renewing. Who cannot lock cannot write either.
  const auto lock = own_ ? FileLock::take(folder_ / "ca.lock")
                         : Expected<FileLock, std::string>(Unexpected(std::string()));
  const auto certificate = read_text(certificate_);
  if (!certificate) return trouble(certificate_, certificate.error());
  const auto key = read_text(key_);
  const std::string advice = own_ ? "; `twindow ca renew` makes new ones" : "";
  if (!key) return trouble(key_, key.error() + advice);
  if (own_ && others_may_read(key_)) {
    return trouble(key_,
                   "others may read it, expected mode 0600; `twindow ca renew` makes another");
  }
  auto authority = net::CertificateAuthority::open({*certificate, *key});
  if (!authority) {
    return trouble(certificate_,
                   "and " + key_.filename().string() + ": " + authority.error().detail + advice);
  }
  return *std::move(authority);
}

Result<void> CaFiles::make(bool anew) const {
  std::error_code error;
  const bool there = fs::exists(folder_, error);
  fs::create_directories(folder_, error);
  if (error) return trouble(folder_, error.message());
  if (!there) fs::permissions(folder_, fs::perms::owner_all, error);
  const auto lock = FileLock::take(folder_ / "ca.lock");
  if (!lock) return trouble(folder_ / "ca.lock", lock.error());
  // Somebody else was faster.
  if (!anew && stamp()) return {};
  const auto made = TWINDOW_TRY(net::make_certificate_authority(more_, clock_.now()));
  // The key first: where there is a certificate, there is its key.
  if (const auto done = write_file(key_, made.key, kKeyMode); !done) {
    return trouble(key_, done.error());
  }
  if (const auto done = write_file(certificate_, made.certificate, kCertificateMode); !done) {
    return trouble(certificate_, done.error());
  }
  return {};
}

Result<void> CaFiles::check() {
  if (own_ && !stamp()) return {};
  const Authority authority = TWINDOW_TRY(current());
  for (const auto& [key, hosts] :
       {std::pair{"tls.names", more_.names}, std::pair{"tls.ips", more_.ips}}) {
    for (const std::string& host : hosts) {
      if (authority->permits(host)) continue;
      return trouble(certificate_, "was made without \"" + host + "\" of " + key +
                                       (own_ ? "; `twindow ca renew` with the same --config makes "
                                               "one that has it"
                                             : ""));
    }
  }
  if (authority->expires() <= clock_.now()) {
    return trouble(certificate_,
                   own_ ? "has expired; `twindow ca renew` makes another" : "has expired");
  }
  return {};
}

Result<CaFiles::Authority> CaFiles::renew() {
  if (!own_) {
    return fail(Errc::Conflict,
                certificate_.string() + " is your own (ca_cert): renew it where it came from");
  }
  TWINDOW_TRY(make(true));
  return current();
}

}  // namespace twindow::app
