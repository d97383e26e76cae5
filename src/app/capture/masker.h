// SPDX-License-Identifier: Apache-2.0
// Replaces what a captured message says of people and accounts, each thing by the same stand-in
// wherever it stands: numbers by reserved ones, SIDs by counted ones, texts by others of the same
// length and class of characters (so segments, limits and what WhatsApp refuses stay as they were).
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace twindow::app {

class Masker {
 public:
  explicit Masker(bool keep) : keep_(keep) {}  // keep: everything stays as it is

  // "whatsapp:+5215512345678" → "whatsapp:+15555550101". The Sandbox's own number stays.
  std::string address(const std::string& text);
  // "SM…", "HX…" and 32 digits → the same letters and a number that counts up.
  std::string sid(const std::string& text);
  // Of a body or a variable. Placeholders, blanks and punctuation stay; URLs keep their shape; a
  // number becomes what it is elsewhere, and the end makes up for the difference in length.
  std::string text(const std::string& text);
  // Of a media file: the host is one of example.com, the ending of the file's name stays.
  std::string url(const std::string& text);
  // Numbers, SIDs and long rows of digits, and nothing else: of a path, or an error's text.
  std::string identifiers(const std::string& text);

  bool keeps() const { return keep_; }

 private:
  std::string number(std::string_view digits);
  std::string word(std::string_view letters);
  std::string digits(std::string_view run);
  std::string scan(std::string_view text, bool words);
  // What begins at `at` and is no mere word; empty: nothing does. Moves `at` behind it.
  std::string identifier_at(std::string_view text, std::size_t& at);

  bool keep_;
  std::map<std::string, std::string, std::less<>> numbers_ = {};  // canonical digits, without '+'
  std::map<std::string, std::string, std::less<>> sids_ = {};
  std::map<std::string, std::size_t, std::less<>> sid_counts_ = {};
  std::map<std::string, std::string, std::less<>> words_ = {};  // in lower case
  std::map<std::string, std::string, std::less<>> runs_ = {};
  std::map<std::string, std::string, std::less<>> hosts_ = {};
  std::size_t letters_ = 0;  // of the filler that are used up
};

}  // namespace twindow::app
