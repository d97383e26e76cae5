// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/secret.h"

#include <array>
#include <climits>
#include <cstdint>
#include <memory>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "twindow/base/check.h"

namespace twindow::wire {

namespace {

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMac>;

MacContext new_hmac_sha1() {
  const std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
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

// What a digit of base64 stands for; kNoBase64 for all other bytes, '=' too.
constexpr std::uint8_t kNoBase64 = 0x80;
constexpr auto kBase64Values = [] {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoBase64);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

const unsigned char* bytes_of(std::string_view text) {
  // OpenSSL takes a null pointer for "no key given", which an empty key is not.
  return reinterpret_cast<const unsigned char*>(text.data() == nullptr ? "" : text.data());
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

// By hand, since every call brings credentials: OpenSSL's decoder forgives white space and stray
// bits, and two texts for one secret are one too many, so its result had to be encoded again.
std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.size() > padding && text[text.size() - 1 - padding] == '=') ++padding;
  const std::size_t digits = text.size() - padding;
  std::string bytes(text.size() / 4 * 3 - padding, '\0');
  char* to = bytes.data();
  std::uint32_t bits = 0;
  std::uint8_t seen = 0;
  const auto take = [&](char c) {
    const std::uint8_t value = kBase64Values[static_cast<unsigned char>(c)];
    seen |= value;
    bits = bits << 6 | value;
  };
  const char* from = text.data();
  const char* const end = from + digits;
  for (; end - from >= 4; from += 4) {
    take(from[0]), take(from[1]), take(from[2]), take(from[3]);
    *to++ = static_cast<char>(bits >> 16);
    *to++ = static_cast<char>(bits >> 8);
    *to++ = static_cast<char>(bits);
  }
  if (padding > 0) {
    while (from != end) take(*from++);
    bits <<= 6 * padding;
    *to++ = static_cast<char>(bits >> 16);
    if (padding == 1) *to++ = static_cast<char>(bits >> 8);
    const std::uint32_t stray = bits & (padding == 1 ? 0xFF : 0xFFFF);
    if (stray != 0) return std::nullopt;
  }
  if ((seen & kNoBase64) != 0) return std::nullopt;
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
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<unsigned char, 32> digest;
  unsigned int size = 0;
  const bool made =
      EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1;
  TWINDOW_CHECK(made && size == digest.size());
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

}  // namespace twindow::wire
