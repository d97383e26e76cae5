// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/message.h"

#include <algorithm>
#include <array>

#include "twindow/base/ascii.h"
#include "twindow/model/segments.h"
#include "twindow/model/smart_encoding.h"

namespace twindow {

namespace {
constexpr std::array<std::string_view, 3> kDirections{"inbound", "outbound-api", "outbound-reply"};
constexpr std::array<std::string_view, 3> kKinds{"freeform", "template", "other"};

struct MediaType {
  std::string_view suffix;
  std::string_view type;
};
// The types that Twilio's pages on MMS and on WhatsApp media name.
constexpr auto kMediaTypes = std::to_array<MediaType>({
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"png", "image/png"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"bmp", "image/bmp"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"svg", "image/svg+xml"},
    {"mp3", "audio/mpeg"},
    {"ogg", "audio/ogg"},
    {"amr", "audio/amr"},
    {"aac", "audio/aac"},
    {"3gp", "video/3gpp"},
    {"wav", "audio/wav"},
    {"mp4", "video/mp4"},
    {"mov", "video/quicktime"},
    {"webm", "video/webm"},
    {"pdf", "application/pdf"},
    {"doc", "application/msword"},
    {"vcf", "text/vcard"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"csv", "text/csv"},
    {"xls", "application/vnd.ms-excel"},
    {"txt", "text/plain"},
    {"zip", "application/zip"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
});
}  // namespace

std::string_view to_text(Direction direction) {
  return kDirections[static_cast<std::size_t>(direction)];
}

std::string_view to_text(MessageKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::string_view content_type_of(std::string_view media_url) {
  media_url = media_url.substr(0, media_url.find_first_of("?#"));
  const auto dot = media_url.rfind('.');
  const std::string_view suffix =
      dot == std::string_view::npos ? std::string_view() : media_url.substr(dot + 1);
  const auto found = std::ranges::find_if(
      kMediaTypes, [&](const MediaType& row) { return equals_ignoring_case(row.suffix, suffix); });
  return found == kMediaTypes.end() ? "application/octet-stream" : found->type;
}

int segments_of(const Message& message) {
  const bool text =
      message.to.channel == Channel::Sms && message.media.empty() && !message.options->send_as_mms;
  if (!text) return 1;
  if (message.options->smart_encoded.value_or(false)) {
    return count_segments(smart_encoded(message.body));
  }
  return count_segments(message.body);
}

MessageKind kind_of(const SendRequest& request) {
  if (request.to.channel != Channel::WhatsApp) return MessageKind::Other;
  return request.content ? MessageKind::Template : MessageKind::Freeform;
}

}  // namespace twindow
