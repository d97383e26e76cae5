// SPDX-License-Identifier: Apache-2.0
// Every error of the program as Twilio says it: HTTP status, code and text, in one table.
#pragma once

#include <string_view>

#include "twindow/model/error.h"
#include "twindow/wire/http.h"
#include "twindow/wire/twilio/reply.h"

namespace twindow::wire {

// "{}" in `text` stands for Error::detail.
struct TwilioError {
  int http;
  int code;
  std::string_view text;
};

const TwilioError& twilio_error(Errc code);

std::string message_text(const Error& error);  // `text` with the detail in its place

// Status, Content-Type and a body as api.twilio.com writes it:
//
//   {"code": 21211, "message": "…", "more_info": "https://www.twilio.com/docs/errors/21211",
//   "status": 400}
//
// A 401 is compact JSON and carries WWW-Authenticate. Without the headers of
// add_twilio_headers().
HttpReply problem(const Error& error);

// The same where the path has no ".json": <TwilioResponse><RestException>…; Csv is answered as XML.
HttpReply problem(const Error& error, Format format);

// A refusal with a code that no Errc stands for, as of a policy: HTTP 400. `text` is for people.
HttpReply refusal(int code, std::string_view text, Format format);
HttpReply refusal(int http_status, int code, std::string_view text, Format format);

// The same with any HTTP status; without a text it is the code's title.
struct Refusal {
  int status = 400;
  int code = 0;
  std::string text = {};
};
HttpReply refusal(const Refusal& refusal, Format format);

}  // namespace twindow::wire
