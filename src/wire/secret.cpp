// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/secret.h"

#include <array>
#include <climits>
#include <memory>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "twindow/base/check.h"

namespace twindow::wire {

namespace {

struct FreeOfOpenSsl {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeOfOpenSsl>;

MacContext new_hmac_sha1() {
  const std::unique_ptr<EVP_MAC, FreeOfOpenSsl> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  TWINDOW_CHECK(mac != nullptr);
  MacContext context(EVP_MAC_CTX_new(mac.get()));
  TWINDOW_CHECK(context != nullptr);
  std::array<char, 5> digest{"SHA1"};
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  TWINDOW_CHECK(EVP_MAC_CTX_set_params(context.get(), parameters.data()) == 1);
  return context;
}

// A hash, and where it is made.
struct Digest {
  explicit Digest(const char* name)
      : kind(EVP_MD_fetch(nullptr, name, nullptr)), context(EVP_MD_CTX_new()) {
    TWINDOW_CHECK(kind != nullptr && context != nullptr);
  }
  std::unique_ptr<EVP_MD, FreeOfOpenSsl> kind;
  std::unique_ptr<EVP_MD_CTX, FreeOfOpenSsl> context;
};

const unsigned char* bytes_of(std::string_view text) {
  // OpenSSL takes a null pointer for "no key given", which an empty key is not.
  return reinterpret_cast<const unsigned char*>(text.data() == nullptr ? "" : text.data());
}

std::string hex_digest(const Digest& kind, std::string_view data) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  const bool made = EVP_DigestInit_ex2(kind.context.get(), kind.kind.get(), nullptr) == 1 &&
                    EVP_DigestUpdate(kind.context.get(), data.data(), data.size()) == 1 &&
                    EVP_DigestFinal_ex(kind.context.get(), digest.data(), &size) == 1;
  TWINDOW_CHECK(made && size <= digest.size());
  std::string hex(2 * std::size_t(size), '0');
  for (std::size_t at = 0; at < size; ++at) {
    hex[2 * at] = kHex[digest[at] >> 4];
    hex[2 * at + 1] = kHex[digest[at] & 15];
  }
  return hex;
}

}  // namespace

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string base64_encode(std::string_view bytes) {
  TWINDOW_CHECK(bytes.size() < INT_MAX / 2);
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  // Writes one byte more, a NUL, where a std::string has one anyway.
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                  static_cast<int>(bytes.size()));
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() >= INT_MAX / 2) return std::nullopt;
  if (text.empty()) return std::string();
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                                   static_cast<int>(text.size()));
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  // OpenSSL forgives white space around the text, padding inside of it and stray bits in its last
  // group; two texts for one secret are one too many.
  if (size < 0 || static_cast<std::size_t>(size) != bytes.size()) return std::nullopt;
  if (text.find('=') < text.size() - padding) return std::nullopt;
  const std::size_t last_group = bytes.size() - 3;
  bytes.resize(bytes.size() - padding);
  const std::string_view last = std::string_view(bytes).substr(last_group);
  if (base64_encode(last) != text.substr(text.size() - 4)) return std::nullopt;
  return bytes;
}

std::string hmac_sha1(std::string_view key, std::string_view data) {
  // Fetching the algorithm costs twice what the hash of a webhook does: done once a thread.
  thread_local const MacContext context = new_hmac_sha1();
  std::string mac(20, '\0');
  std::size_t size = 0;
  const bool made = EVP_MAC_init(context.get(), bytes_of(key), key.size(), nullptr) == 1 &&
                    EVP_MAC_update(context.get(), bytes_of(data), data.size()) == 1 &&
                    EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(mac.data()),
                                  &size, mac.size()) == 1;
  TWINDOW_CHECK(made && size == mac.size());
  return mac;
}

std::string sha256_hex(std::string_view data) {
  thread_local const Digest sha256("SHA256");  // likewise
  return hex_digest(sha256, data);
}

std::string md5_hex(std::string_view data) {
  const Digest md5("MD5");
  return hex_digest(md5, data);
}

}  // namespace twindow::wire
