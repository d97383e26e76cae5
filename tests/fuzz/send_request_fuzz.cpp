// SPDX-License-Identifier: Apache-2.0
// A send without a fault keeps every promise of SendRequest; a refusal, at once or once its sender
// is known, can be told to Twilio's clients.
#include <string>

#include "twindow/base/check.h"
#include "twindow/model/segments.h"
#include "twindow/wire/twilio/errors.h"
#include "twindow/wire/twilio/message_json.h"
#include "twindow/wire/twilio/send_request.h"
#include "twindow/wire/twilio/webhook_params.h"
#include "twindow/wire/url.h"

#include "tests/fuzz/text_of.h"

using namespace twindow;

namespace {

const AccountSid kAccount{"AC0123456789abcdef0123456789abcdef"};

void check_request(const SendRequest& request) {
  TWINDOW_CHECK(request.from || request.service);
  TWINDOW_CHECK(!request.body.empty() || !request.media_urls.empty() || request.content);
  TWINDOW_CHECK(utf16_length(request.body) <= 1600);
  TWINDOW_CHECK(request.media_urls.size() <= 10);
  TWINDOW_CHECK(!request.from || request.from->channel == request.to.channel);
  TWINDOW_CHECK(!request.from || request.from->text != request.to.text);
  TWINDOW_CHECK(request.content_variables.empty() || request.content);
  TWINDOW_CHECK(!request.status_callback || wire::parse_web_url(*request.status_callback));
  TWINDOW_CHECK(count_segments(request.body) >= 1);
}

void write(const SendRequest& request) {
  const Message message{.sid = {"SM0123456789abcdef0123456789abcdef"},
                        .account = request.account,
                        .kind = kind_of(request),
                        .from = request.from,
                        .to = request.to,
                        .service = request.service,
                        .body = request.body,
                        .content = request.content};
  TWINDOW_CHECK(!wire::message_json(message, true).empty());
  TWINDOW_CHECK(!wire::message_xml(message).empty());
  TWINDOW_CHECK(!wire::status_params(message).empty());
}

void check_refusal(const Error& error) {
  const auto reply = wire::problem(error);
  TWINDOW_CHECK(reply.status == 400 && !std::get<std::string>(reply.body).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto form = wire::parse_form(test::text_of(data, size));
  if (!form) return 0;
  const auto request = wire::parse_send_request(kAccount, *form);
  if (!request) {
    check_refusal(request.error());
  } else if (request->fault.there()) {
    check_refusal(*request->fault);
  } else {
    check_request(*request);
    write(*request);
  }
  return 0;
}
