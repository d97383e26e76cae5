// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/twiml.h"

#include <algorithm>
#include <array>
#include <string>

#include <pugixml.hpp>

#include "twindow/base/ascii.h"
#include "twindow/base/utf8.h"
#include "twindow/wire/url.h"

namespace twindow::wire {

namespace {

constexpr std::size_t kBodyCharactersMax = 1600;
constexpr std::size_t kMediaMax = 10;
constexpr std::string_view kBlank = " \t\r\n";

// Verbs of calls: a message cannot be answered with them.
constexpr std::array<std::string_view, 21> kVoiceVerbs{
    "Connect", "Dial",  "Echo",   "Enqueue", "Gather", "Hangup", "Leave",
    "Pay",     "Pause", "Play",   "Prompt",  "Queue",  "Record", "Refer",
    "Reject",  "Say",   "Siprec", "Start",   "Stop",   "Stream", "VirtualAgent"};

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += utf8_at(text, at).size) ++count;
  return count;
}

bool is_reference(std::string_view text) {
  const auto end = text.find(';');
  if (end == std::string_view::npos) return false;
  std::string_view name = text.substr(1, end - 1);
  constexpr std::array<std::string_view, 5> kNames{"amp", "lt", "gt", "quot", "apos"};
  if (std::ranges::find(kNames, name) != kNames.end()) return true;
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const bool hex = name.starts_with('x');
  if (hex) name.remove_prefix(1);
  return !name.empty() &&
         std::ranges::all_of(name, [&](char c) { return hex ? hex_value(c) >= 0 : is_digit(c); });
}

// The library forgives an '&' that begins no reference; Twilio does not.
std::size_t stray_ampersand(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    std::string_view end;
    if (rest.starts_with("<!--")) end = "-->";
    if (rest.starts_with("<![CDATA[")) end = "]]>";
    if (!end.empty()) {
      const auto found = rest.find(end);
      if (found == std::string_view::npos) return std::string_view::npos;
      at += found + end.size();
    } else if (rest.front() == '&' && !is_reference(rest)) {
      return at;
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}

// What stands in the element itself, without that of its children.
std::string own_text(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      text += child.value();
    }
  }
  return std::string(trimmed(text));
}

class Reader {
 public:
  explicit Reader(std::string_view url) : url_(url) {}

  TwimlDocument take() { return std::move(document_); }

  void unreadable(int code, std::string text) {
    document_.verbs.clear();
    problem(code, false, std::move(text));
    document_.unreadable = true;
  }

  void warn(int code, std::string text) { problem(code, true, std::move(text)); }

  void read_plain(std::string_view body) {
    TwimlMessage message{.body = std::string(body)};
    if (fits(message)) document_.verbs.emplace_back(std::move(message));
  }

  void read_xml(std::string_view body) {
    if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
    const auto stray = stray_ampersand(body);
    if (stray != std::string_view::npos) {
      return unreadable(12100, "not well-formed XML: the '&' at byte " + std::to_string(stray) +
                                   " must be written &amp;");
    }
    pugi::xml_document xml;
    constexpr unsigned kHow = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                              pugi::parse_declaration | pugi::parse_fragment;
    const pugi::xml_parse_result parsed =
        xml.load_buffer(body.data(), body.size(), kHow, pugi::encoding_utf8);
    if (!parsed) {
      return unreadable(12100, std::string("not well-formed XML: ") + parsed.description() +
                                   ", at byte " + std::to_string(parsed.offset));
    }
    const pugi::xml_node root = root_of(xml, body);
    if (document_.unreadable) return;
    if (std::string_view(root.name()) != "Response") {
      return unreadable(
          12102, "the root element is <" + std::string(root.name()) + ">, expected <Response>");
    }
    refuse_attributes(root, {});
    if (!own_text(root).empty()) {
      warn(12200, "text directly inside <Response> is ignored; put it into a <Message>");
    }
    for (const pugi::xml_node& verb : root.children()) read_verb(verb);
  }

 private:
  void problem(int code, bool warning, std::string text) {
    document_.problems.push_back({code, warning, std::move(text)});
  }

  pugi::xml_node root_of(const pugi::xml_document& xml, std::string_view body) {
    pugi::xml_node root;
    bool stray_text = false;
    bool misplaced = false;
    std::size_t roots = 0;
    for (const pugi::xml_node& node : xml.children()) {
      if (node.type() == pugi::node_element && ++roots == 1) root = node;
      const bool text = node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
      stray_text = stray_text || (text && !trimmed(node.value()).empty());
      if (node.type() != pugi::node_declaration) continue;
      misplaced = !body.starts_with("<?xml");
      const std::string_view version = node.attribute("version").value();
      if (version != "1.0") {
        unreadable(12101, "XML version \"" + std::string(version) + "\", expected 1.0");
        return root;
      }
    }
    if (misplaced) {
      unreadable(12100, "not well-formed XML: nothing may stand before <?xml, not even a blank");
    } else if (roots != 1 || stray_text) {
      unreadable(12100, roots == 0 ? "not well-formed XML: there is no element in it"
                                   : "not well-formed XML: something stands beside the root");
    }
    return root;
  }

  void read_verb(const pugi::xml_node& verb) {
    if (verb.type() != pugi::node_element) return;
    const std::string_view name = verb.name();
    if (name == "Message" || name == "Sms") return read_message(verb);
    if (name == "Redirect") return read_redirect(verb);
    const bool voice = std::ranges::find(kVoiceVerbs, name) != kVoiceVerbs.end();
    if (voice) return warn(14110, "<" + std::string(name) + "> is no verb for messages");
    warn(12200, "<" + std::string(name) + "> is no verb; expected Message or Redirect");
  }

  void read_message(const pugi::xml_node& verb) {
    refuse_attributes(verb, {"to", "from", "action", "method", "statusCallback"});
    TwimlMessage message{.method = method_of(verb)};
    bool good = read_address(verb, "to", 14101, message.to);
    good = read_address(verb, "from", 14102, message.from) && good;
    message.action = url_of(verb, "action", 12200);
    message.status_callback = url_of(verb, "statusCallback", 14105);
    bool has_body = false;
    std::string body;
    for (const pugi::xml_node& child : verb.children()) {
      if (child.type() != pugi::node_element) continue;
      const std::string_view name = child.name();
      refuse_attributes(child, {});
      if (name == "Body") {
        has_body = true;
        body += own_text(child);
      } else if (name == "Media") {
        read_media(child, message);
      } else {
        warn(12200, "<" + std::string(name) + "> inside <Message>; expected Body or Media");
      }
    }
    message.body = has_body ? std::move(body) : own_text(verb);
    if (fits(message) && good) document_.verbs.emplace_back(std::move(message));
  }

  void read_media(const pugi::xml_node& media, TwimlMessage& message) {
    const std::string text = own_text(media);
    auto url = resolve_url(url_, text);
    if (!url || text.empty()) return warn(12200, "<Media>: '" + text + "' is no URL");
    if (message.media_urls.size() == kMediaMax) {
      return warn(12200, "more than 10 <Media> in one message; the others are left out");
    }
    message.media_urls.push_back(*std::move(url));
  }

  bool fits(const TwimlMessage& message) {
    if (message.body.empty() && message.media_urls.empty()) {
      warn(14103, "a message without body and media; nothing is sent");
      return false;
    }
    if (characters(message.body) <= kBodyCharactersMax) return true;
    problem(14103, false, "a body of more than 1600 characters; nothing is sent");
    return false;
  }

  void read_redirect(const pugi::xml_node& verb) {
    refuse_attributes(verb, {"method"});
    const std::string text = own_text(verb);
    // An empty one leads to the document itself.
    auto url = resolve_url(url_, text);
    if (!url) return problem(11100, false, "<Redirect>: '" + text + "' is no URL");
    document_.verbs.emplace_back(TwimlRedirect{*std::move(url), method_of(verb)});
  }

  HttpMethod method_of(const pugi::xml_node& verb) {
    const pugi::xml_attribute said = verb.attribute("method");
    if (said.empty()) return HttpMethod::Post;
    const auto method = parse_http_method(said.value());
    if (!method) {
      warn(14104, "method=\"" + std::string(said.value()) + "\", expected GET or POST");
    }
    return method.value_or(HttpMethod::Post);
  }

  bool read_address(const pugi::xml_node& verb, const char* name, int code,
                    std::optional<Address>& address) {
    const pugi::xml_attribute said = verb.attribute(name);
    if (said.empty()) return true;
    const bool to = code == 14101;
    auto parsed = to ? parse_to(said.value()) : parse_from(said.value());
    if (!parsed) {
      problem(
          code, false,
          std::string(name) + "=\"" + said.value() + "\" is no address; the message is not sent");
      return false;
    }
    address = *std::move(parsed);
    return true;
  }

  std::optional<std::string> url_of(const pugi::xml_node& verb, const char* name, int code) {
    const pugi::xml_attribute said = verb.attribute(name);
    if (said.empty()) return std::nullopt;
    auto url = resolve_url(url_, said.value());
    if (!url) warn(code, std::string(name) + "=\"" + said.value() + "\" is no URL");
    return url;
  }

  void refuse_attributes(const pugi::xml_node& node,
                         std::initializer_list<std::string_view> known) {
    for (const pugi::xml_attribute& attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      if (std::ranges::find(known, name) != known.end() || name.starts_with("xmlns")) continue;
      if (name.starts_with("xsi:")) continue;
      warn(12200, "<" + std::string(node.name()) + " " + std::string(name) +
                      "=…>: there is no such attribute");
    }
  }

  std::string_view url_;
  TwimlDocument document_ = {};
};

// "text/xml" of "Text/XML; charset=utf-8".
std::string media_type(std::string_view content_type) {
  return lower_case(trimmed(content_type.substr(0, content_type.find(';'))));
}

}  // namespace

TwimlDocument read_twiml(const WebhookOutcome& answer, std::string_view url) {
  Reader reader(url);
  const std::string type = media_type(answer.content_type);
  constexpr std::array<std::string_view, 3> kXml{"text/xml", "application/xml", "text/html"};
  const bool xml = std::ranges::find(kXml, type) != kXml.end();
  const bool plain = type == "text/plain";
  if (answer.http_status == 204) return reader.take();
  if (trimmed(answer.reply).empty()) {
    if (xml)
      reader.warn(11770, "the answer is empty; <Response/> or 204 says that nothing is to be done");
    if (!xml && !plain && !type.empty()) {
      reader.warn(12300, "Content-Type: " + std::string(answer.content_type));
    }
    return reader.take();
  }
  if (!xml && !plain) {
    reader.unreadable(12300, type.empty()
                                 ? "the answer has no Content-Type; expected text/xml"
                                 : "Content-Type: " + answer.content_type + "; expected text/xml");
    return reader.take();
  }
  const bool has_nul = answer.reply.find('\0') != std::string::npos;
  if (has_nul || find_invalid_utf8(answer.reply) != std::string_view::npos) {
    reader.unreadable(12100, "the answer is not UTF-8");
    return reader.take();
  }
  if (plain) {
    reader.read_plain(answer.reply);
  } else {
    reader.read_xml(answer.reply);
  }
  return reader.take();
}

}  // namespace twindow::wire
