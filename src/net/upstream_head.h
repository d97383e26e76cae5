// SPDX-License-Identifier: Apache-2.0
// An answer's head as values, and how its body is framed. As strict as with requests: an answer
// whose end two readers could see in two places is no answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "twindow/base/expected.h"
#include "twindow/wire/http.h"

namespace twindow::net {

// Finds where the head ends. Each call of `scan` is given all bytes from the answer's first on, at
// any address.
class AnswerScanner {
 public:
  explicit AnswerScanner(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  enum class State : std::uint8_t { NeedsMore, Complete, Refused };
  State scan(std::string_view bytes);

  std::size_t head_end() const { return checked_; }      // of Complete
  std::string_view refusal() const { return refusal_; }  // of Refused: a literal, for people

 private:
  State refuse(std::string_view detail);

  std::size_t bytes_max_;
  std::size_t checked_ = 0;    // everything before is whole lines that are good
  std::size_t looked_at_ = 0;  // there is no LF between checked_ and this
  std::string_view refusal_;
};

enum class Framing : std::uint8_t {
  None,     // no body: of HEAD, 1xx, 204, 304
  Sized,    // `length` bytes
  Chunked,  // the chunked coding
  ToClose,  // all bytes until the connection is closed
};

struct AnswerHead {
  int status = 0;
  wire::Headers headers = {};  // order, case and repetitions as sent
  Framing framing = Framing::None;
  std::uint64_t length = 0;
  bool keeps_alive = false;  // another request may follow, once the body is read
};

// `head` is what AnswerScanner found complete. Refused, with a literal that says why (RFC 9112
// sections 4, 6.1, 6.3): what is not HTTP/1.0 or 1.1; a status outside 100 to 599, and 101, which
// nobody asked for; more than one Content-Length, equal or not, or one that is not just digits;
// Content-Length with Transfer-Encoding; a Transfer-Encoding other than exactly `chunked`, or in
// HTTP/1.0.
Expected<AnswerHead, std::string_view> parse_answer_head(std::string_view head, bool to_head);

}  // namespace twindow::net
