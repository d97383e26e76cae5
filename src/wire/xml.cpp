// SPDX-License-Identifier: Apache-2.0
#include "src/wire/xml.h"

#include "twindow/base/utf8.h"

namespace twindow::wire {

namespace {

// XML 1.0, production "Char".
bool is_xml_char(const Utf8Char& c) {
  if (c.code < 0x20) return c.code == '\t' || c.code == '\n' || c.code == '\r';
  return c.valid && c.code != 0xFFFE && c.code != 0xFFFF;
}

}  // namespace

void append_xml_text(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    if (!is_xml_char(c)) {
      out += kReplacementUtf8;
    } else if (c.code == '&') {
      out += "&amp;";
    } else if (c.code == '<') {
      out += "&lt;";
    } else if (c.code == '>') {
      out += "&gt;";
    } else if (c.code == '"') {
      out += "&quot;";
    } else if (c.code == '\r') {
      out += "&#13;";  // a reader would make a bare one a line feed
    } else {
      out += text.substr(at, c.size);
    }
    at += c.size;
  }
}

void append_xml_element(std::string& out, std::string_view name,
                        std::optional<std::string_view> text) {
  out += '<';
  out += name;
  if (!text || text->empty()) {
    out += "/>";
    return;
  }
  out += '>';
  append_xml_text(out, *text);
  out += "</";
  out += name;
  out += '>';
}

void append_xml_attribute(std::string& out, std::string_view name, std::string_view text) {
  out += ' ';
  out += name;
  out += "=\"";
  append_xml_text(out, text);
  out += '"';
}

}  // namespace twindow::wire
