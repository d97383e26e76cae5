// SPDX-License-Identifier: Apache-2.0
#include "src/api/faulty_call.h"

#include "twindow/wire/form.h"
#include "twindow/wire/twilio/error_codes.h"
#include "twindow/wire/twilio/errors.h"
#include "twindow/wire/twilio/product_host.h"

namespace twindow::api {

namespace {

std::string_view without_suffix(std::string_view path) {
  for (const std::string_view suffix : {".json", ".xml", ".csv"}) {
    if (path.ends_with(suffix)) return path.substr(0, path.size() - suffix.size());
  }
  return path;
}

std::vector<Param> params_of(const TwilioCall& call) {
  const bool with_body = call.http.method == "POST";
  auto form = wire::parse_form(with_body ? std::string_view(call.http.body) : call.query);
  return form ? form->params() : std::vector<Param>();
}

int code_of(const FaultResponse& response) {
  if (response.code != 0) return response.code;
  if (response.status == 429) return 20429;
  if (response.status == 503) return 20503;
  return response.status >= 500 ? 20500 : 20001;
}

std::string text_of(const FaultResponse& response) {
  if (!response.message.empty()) return response.message;
  const int code = code_of(response);
  if (code == 20429) return "Too Many Requests";
  const auto* const info = wire::find_error_code(code);
  return info != nullptr ? std::string(info->title) : "Twindow: a fault, as it was ordered";
}

TwilioAnswer as_answer(wire::HttpReply reply) {
  return TwilioAnswer{.status = reply.status, .body = std::get<std::string>(std::move(reply.body))};
}

void add_header(TwilioAnswer& answer, std::string_view name, const std::string& value) {
  answer.headers.append(name).append(": ").append(value).append("\r\n");
}

Task<Result<TwilioAnswer>> answer_as_ever(TwilioEndpoint endpoint, TwilioCall call) {
  gateway::World& world = call.world;
  Result<TwilioAnswer> answer = co_await endpoint(std::move(call));
  if (!answer || answer->status != 201) co_return answer;
  if (auto sid = parse_message_sid(answer->subject)) {
    co_await world.tell_before_answer(*std::move(sid));
  }
  co_return answer;
}

}  // namespace

Task<Result<TwilioAnswer>> answer_faultily(TwilioEndpoint endpoint, TwilioCall call) {
  const wire::CallTarget target = wire::locate(call.http);
  const std::vector<Param> params = params_of(call);
  const policy::FaultCall facts{.product = target.host.product,
                                .method = call.http.method,
                                .path = without_suffix(call.path),
                                .params = params};
  const auto hit = co_await call.world.fault_of(facts);
  if (!hit) {
    Result<TwilioAnswer> answer = co_await answer_as_ever(endpoint, std::move(call));
    co_return answer;
  }
  const FaultResponse& fault = hit->effect;
  std::unique_ptr<gateway::World::Pause> pause;
  if (fault.delay > Duration::zero()) {
    pause = co_await call.world.pause(fault.delay);
  }
  const wire::Format format = call.format;
  // Half an answer is an answer to something that was done.
  const bool untouched = fault.status == 0 && fault.ending != FaultResponse::Ending::Reset;
  Result<TwilioAnswer> answer = TwilioAnswer{};
  if (untouched || fault.processed) {
    answer = co_await answer_as_ever(endpoint, std::move(call));
  }
  if (!answer) answer = as_answer(wire::problem(answer.error(), format));
  if (fault.status != 0) {
    answer = as_answer(wire::refusal(fault.status, code_of(fault), text_of(fault), format));
  }
  if (fault.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*fault.retry_after);
    add_header(*answer, "Retry-After", std::to_string(seconds.count()));
  }
  if (fault.ending == FaultResponse::Ending::Half) answer->ending = wire::HttpReply::Ending::Half;
  if (fault.ending == FaultResponse::Ending::Reset) answer->ending = wire::HttpReply::Ending::Reset;
  co_return answer;
}

}  // namespace twindow::api
