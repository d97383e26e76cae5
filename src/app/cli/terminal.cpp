// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/terminal.h"

#include <algorithm>
#include <cwchar>

#include <locale.h>

namespace twindow::app {

namespace {

// Widths are those of glibc's C.UTF-8, which every Debian has, whatever the user's locale is.
class Utf8Locale {
 public:
  Utf8Locale() : ours_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (ours_ != nullptr) before_ = uselocale(ours_);
  }
  ~Utf8Locale() {
    if (ours_ == nullptr) return;
    uselocale(before_);
    freelocale(ours_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t ours_;
  locale_t before_ = nullptr;
};

struct Character {
  std::size_t bytes;
  std::size_t columns;
};

// The first character of a text that is not empty; a byte that is not UTF-8 counts as one.
Character first_character(std::string_view text) {
  std::mbstate_t state{};
  wchar_t wide = 0;
  const std::size_t bytes = std::mbrtowc(&wide, text.data(), text.size(), &state);
  if (bytes == 0 || bytes > text.size()) return {1, 1};
  const int width = wcwidth(wide);
  return {bytes, width < 0 ? 1 : static_cast<std::size_t>(width)};
}

}  // namespace

std::string Terminal::paint(Color paint, std::string_view text) const {
  if (!color || text.empty()) return std::string(text);
  const char* code = "0";
  switch (paint) {
    case Color::Red:
      code = "31";
      break;
    case Color::Green:
      code = "32";
      break;
    case Color::Yellow:
      code = "33";
      break;
    case Color::Dim:
      code = "2";
      break;
    case Color::Bold:
      code = "1";
      break;
  }
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

void Terminal::complain(std::string_view text) const {
  err << "twindow: " << printable(text) << "\n";
}

std::string printable(std::string_view text) {
  std::string safe;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F, of which one is a terminal's escape too, are C2 80 to C2 9F.
    const bool c1 = byte == 0xC2 && i + 1 < text.size() &&
                    static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
                    static_cast<unsigned char>(text[i + 1]) <= 0x9F;
    if (c1) ++i;
    safe += byte < 0x20 || byte == 0x7f || c1 ? ' ' : text[i];
  }
  return safe;
}

std::size_t columns(std::string_view text) {
  const Utf8Locale utf8;
  std::size_t total = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    total += character.columns;
    text.remove_prefix(character.bytes);
  }
  return total;
}

std::string shortened(std::string_view text, std::size_t columns_max) {
  if (columns(text) <= columns_max) return std::string(text);
  const Utf8Locale utf8;
  std::size_t bytes = 0;
  std::size_t used = 1;  // the "…"
  while (bytes < text.size()) {
    const Character next = first_character(text.substr(bytes));
    if (used + next.columns > columns_max) break;
    used += next.columns;
    bytes += next.bytes;
  }
  return std::string(text.substr(0, bytes)) + "…";
}

}  // namespace twindow::app
