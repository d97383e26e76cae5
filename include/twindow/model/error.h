// SPDX-License-Identifier: Apache-2.0
// What can go wrong for reasons outside the program, as values. Twilio's numbers, HTTP statuses
// and texts for these live in one table, wire/twilio/errors.cpp.
#pragma once

#include <cstdint>
#include <string>

#include "twindow/base/expected.h"

namespace twindow {

enum class Errc : std::uint8_t {
  // who is asking
  NoCredentials,
  UnknownUsername,
  WrongPassword,
  ApiKeyNeedsToken,
  AccountInactive,
  // what is asked for
  NotFound,
  NotSimulated,
  MethodNotAllowed,
  BodyTooLarge,
  PageSizeTooLarge,
  InvalidPageToken,
  InvalidParameter,
  ParameterMissing,
  // a create call
  ToMissing,
  FromMissing,
  ContentMissing,
  ContentMissingService,  // the same, where a Messaging Service is asked to send
  InvalidTo,
  ToIsShortCode,
  SameToAndFrom,
  SameToAndFromChannel,
  InvalidFrom,
  FromNotOwned,
  FromNotOwnedSms,
  ChannelNotFound,
  ChannelMismatch,
  BodyTooLong,
  MediaUrlInvalid,
  TooManyMedia,
  StatusCallbackInvalid,
  ContentSidRequired,
  ContentSidInvalid,
  ContentVariablesInvalid,
  ServiceSidInvalid,
  ServiceUnknown,
  ServiceWithoutSender,
  ValidityPeriodInvalid,
  MaxPriceInvalid,
  ContentRetentionInvalid,
  AddressRetentionInvalid,
  ApplicationSidInvalid,
  FallbackWithFrom,
  FallbackWithoutService,
  FallbackWithoutRcs,
  ScheduleTimeMissing,
  ScheduleTimeOutOfRange,
  ScheduleTimeInvalid,
  ScheduleWithoutService,
  ScheduleTypeInvalid,
  ScheduledTooMany,
  ScheduleMixed,
  FromOfAnotherAccount,
  NotRoutable,
  RegionNotEnabled,
  NotMobile,
  OptedOut,
  QueueFull,
  SandboxTooFast,
  DailyLimit,
  TooManyRequests,
  TestCredentials,
  // other resources
  PhoneNumberInvalid,
  PhoneNumberTaken,
  InServiceAlready,
  NotInService,
  InOtherService,
  ContentTypesMissing,
  ContentTypeUnsupported,
  ContentLanguageMissing,
  ContentLanguageInvalid,
  ContentVariablesTooMany,
  ContentSubmitted,
  ChannelSenderInvalid,
  // a message that is there
  NotFinal,
  NotCancelable,
  UpdateInvalid,
  // the control API
  BadInput,
  Conflict,
  // reaching others
  EgressRefused,
  Unreachable,
  TimedOut,
  BadReply,
  NotReached,  // of Twilio: nothing was sent
  // ourselves
  Unavailable,
  Internal,
  Last_,  // not an error: the number of them
};

// `detail` is for people: for the Twilio errors whose text repeats a value it is that value, for
// the others a sentence that says what was wrong, where, and what was expected. Never parsed,
// never a secret.
struct Error {
  Errc code;
  std::string detail = {};

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = Expected<T, Error>;

// Rare, as the compiler is told: what leads here goes out of the way of what does not.
[[gnu::cold]] inline Unexpected<Error> fail(Errc code, std::string detail = {}) {
  return Unexpected(Error{code, std::move(detail)});
}

}  // namespace twindow
