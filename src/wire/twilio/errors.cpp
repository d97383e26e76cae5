// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/errors.h"

#include <algorithm>
#include <array>

#include "twindow/wire/json_writer.h"
#include "twindow/wire/twilio/error_codes.h"

#include "src/wire/xml.h"

namespace twindow::wire {

namespace {

struct Row {
  Errc errc;
  TwilioError error;
};

// The texts are those seen on the wire where one was captured, else the titles of Twilio's error
// dictionary; those that begin with "Twindow:" have no original.
constexpr auto kErrors = [] {
  using enum Errc;
  // clang-format off
  return std::array{
      //                     HTTP  code   text
      Row{NoCredentials,       {401, 20003, "Authentication Error - No credentials provided"}},
      Row{UnknownUsername,     {401, 20003, "Authentication Error - invalid username"}},
      Row{WrongPassword,       {401, 20003, "Authenticate"}},
      Row{ApiKeyNeedsToken,    {401, 20003, "Twindow: API keys need the account's auth token to be configured (accounts[].auth_token or TWILIO_AUTH_TOKEN)"}},
      Row{AccountInactive,     {403, 20005, "Account not active"}},
      Row{NotFound,            {404, 20404, "The requested resource {} was not found"}},
      Row{NotSimulated,        {404, 20404, "The requested resource {} was not found: Twindow does not simulate it"}},
      Row{MethodNotAllowed,    {405, 20004, "Method not allowed"}},
      Row{BodyTooLarge,        {413, 20413, "Request Entity Too Large"}},
      Row{PageSizeTooLarge,    {400, 20007, "Page size too large"}},
      Row{InvalidPageToken,    {400, 21481, "Invalid PageToken"}},
      Row{InvalidParameter,    {400, 20001, "Invalid parameter: {}"}},
      Row{ParameterMissing,    {400, 20001, "Missing required parameter {} in the post body"}},
      Row{ToMissing,           {400, 21604, "A 'To' phone number is required."}},
      Row{FromMissing,         {400, 21603, "A 'From' or 'MessagingServiceSid' parameter is required to send a message"}},
      Row{ContentMissing,      {400, 21602, "Message body is required."}},
      Row{ContentMissingService, {400, 21619, "A text message body or media urls must be specified."}},
      Row{InvalidTo,           {400, 21211, "The 'To' number {} is not a valid phone number."}},
      Row{ToIsShortCode,       {400, 21265, "'To' number cannot be a Short Code: {}"}},
      Row{SameToAndFrom,       {400, 21266, "'To' and 'From' number cannot be the same: {}"}},
      Row{SameToAndFromChannel, {400, 63031, "Channels message cannot have same 'From' and 'To'"}},
      Row{InvalidFrom,         {400, 21212, "The 'From' number {} is not a valid phone number, shortcode, or alphanumeric sender ID."}},
      Row{FromNotOwned,        {400, 21606, "The From phone number {} is not a valid, SMS-capable inbound phone number or short code for your account."}},
      Row{FromNotOwnedSms,     {400, 21659, "'From' {} is not a Twilio phone number or Short Code country mismatch"}},
      Row{ChannelNotFound,     {400, 63007, "Twilio could not find a Channel with the specified From address"}},
      Row{ChannelMismatch,     {400, 21910, "Invalid From and To pair. From and To should be of the same channel"}},
      Row{BodyTooLong,         {400, 21617, "The concatenated message body exceeds the 1600 character limit"}},
      Row{MediaUrlInvalid,     {400, 21620, "Media urls: {} are invalid. Please use only valid http and https urls"}},
      Row{TooManyMedia,        {400, 21623, "Number of media files exceeds allowed limit"}},
      Row{StatusCallbackInvalid, {400, 21609, "The 'StatusCallback' URL {} is not a valid URL."}},
      Row{ContentSidRequired,  {400, 21654, "ContentSid Required"}},
      Row{ContentSidInvalid,   {400, 21655, "The ContentSid is Invalid"}},
      Row{ContentVariablesInvalid, {400, 21656, "The Content Variables parameter is invalid."}},
      Row{ServiceSidInvalid,   {400, 21705, "The Messaging Service Sid {} is invalid."}},
      Row{ServiceUnknown,      {400, 21701, "The Messaging Service does not exist"}},
      Row{ServiceWithoutSender, {400, 21704, "The Messaging Service contains no phone numbers"}},
      Row{ValidityPeriodInvalid, {400, 21624, "Invalid validity period value"}},
      Row{MaxPriceInvalid,     {400, 21627, "Max Price must be a valid float"}},
      Row{ContentRetentionInvalid, {400, 30029, "Invalid ContentRetention"}},
      Row{AddressRetentionInvalid, {400, 30030, "Invalid AddressRetention"}},
      Row{ApplicationSidInvalid, {400, 21218, "Invalid ApplicationSid {}"}},
      Row{FallbackWithFrom,    {400, 21664, "FallbackFrom cannot be used together with From"}},
      Row{FallbackWithoutService, {400, 21666, "FallbackFrom requires a MessagingServiceSid"}},
      Row{FallbackWithoutRcs,  {400, 21667, "FallbackFrom requires an RCS sender in the Messaging Service"}},
      Row{ScheduleTimeMissing, {400, 35111, "SendAt timestamp is missing"}},
      Row{ScheduleTimeOutOfRange, {400, 35114, "Scheduling does not support this timestamp"}},
      Row{ScheduleTimeInvalid, {400, 35115, "Scheduling does not support this timestamp"}},
      Row{ScheduleWithoutService, {400, 35118, "MessagingServiceSid is required to schedule a message"}},
      Row{ScheduleTypeInvalid, {400, 35126, "ScheduleType is not supported for this channel"}},
      Row{ScheduledTooMany,    {400, 35125, "The account has reached its limit of scheduled messages"}},
      Row{ScheduleMixed,       {400, 35127, "Body and ContentVariables cannot be used together"}},
      Row{FromOfAnotherAccount, {400, 21660, "Mismatch between the 'From' number {} and the account"}},
      Row{NotRoutable,         {400, 21612, "Message cannot be sent with the current combination of {} parameters"}},
      Row{RegionNotEnabled,    {400, 21408, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {}."}},
      Row{NotMobile,           {400, 21614, "To number: {}, is not a mobile number"}},
      Row{OptedOut,            {400, 21610, "Attempt to send to unsubscribed recipient"}},
      Row{QueueFull,           {400, 21611, "This 'From' number has exceeded the maximum number of queued messages"}},
      Row{SandboxTooFast,      {429, 63018, "Rate limit exceeded for Channel"}},
      Row{DailyLimit,          {429, 63038, "Account exceeded the daily messages limit"}},
      Row{TooManyRequests,     {429, 20429, "Too Many Requests"}},
      Row{TestCredentials,     {403, 20008, "Resource not accessible with Test Account Credentials"}},
      Row{PhoneNumberInvalid,  {400, 21421, "{} is not a valid number"}},
      Row{PhoneNumberTaken,    {400, 21422, "{} is not available"}},
      Row{InServiceAlready,    {409, 21710, "Phone Number or Short Code is already in the Messaging Service."}},
      Row{NotInService,        {404, 21711, "The Number is not associated with the Messaging Service: {}"}},
      Row{InOtherService,      {409, 21712, "Phone Number or Short Code is associated with another Messaging Service."}},
      Row{ContentTypesMissing, {400, 92001, "'Types' Parameter Required"}},
      Row{ContentTypeUnsupported, {400, 92008, "Unsupported Content Type: {}"}},
      Row{ContentLanguageMissing, {400, 92003, "'language' Parameter Required"}},
      Row{ContentLanguageInvalid, {400, 92004, "Invalid language code: {}"}},
      Row{ContentVariablesTooMany, {400, 92002, "The 'variables' parameter exceeds the allowed limit: {}"}},
      Row{ContentSubmitted,    {400, 92009, "The template was already submitted for approval"}},
      Row{ChannelSenderInvalid, {400, 63100, "Validation Error: {}"}},
      Row{NotFinal,            {409, 20009, "Cannot delete message because delivery has not been completed."}},
      Row{NotCancelable,       {400, 30409, "This message cannot be canceled"}},
      Row{UpdateInvalid,       {400, 30400, "Parameters are not valid"}},
      Row{BadInput,            {400, 20001, "Invalid parameter: {}"}},
      Row{Conflict,            {409, 20409, "Twindow: {}"}},
      Row{EgressRefused,       {502, 20500, "Twindow: {}"}},
      Row{Unreachable,         {502, 20500, "Twindow: {}"}},
      Row{TimedOut,            {504, 20504, "Twindow: {}"}},
      Row{BadReply,            {502, 20500, "Twindow: {}"}},
      Row{NotReached,          {503, 20503, "Twindow: {}"}},
      Row{Unavailable,         {503, 20503, "Service is unavailable, please try again"}},
      Row{Internal,            {500, 20500, "An internal server error has occurred"}},
  };
  // clang-format on
}();

constexpr bool covers_every_errc() {
  if (kErrors.size() != static_cast<std::size_t>(Errc::Last_)) return false;
  for (std::size_t i = 0; i < kErrors.size(); ++i) {
    if (static_cast<std::size_t>(kErrors[i].errc) != i) return false;
  }
  return true;
}
static_assert(covers_every_errc(), "one row per Errc, in the enum's order");

constexpr std::string_view kMoreInfo = "https://www.twilio.com/docs/errors/";

// What a body says.
struct Said {
  int http;
  int code;
  std::string_view message;
  std::string_view detail = {};
};

std::string json_of(const Said& said) {
  const std::string code = std::to_string(said.code);
  std::string body;
  body.reserve(256);
  // A gate before the API answers the 401s, and writes its JSON without spaces.
  JsonWriter json(body, said.http == 401 ? Spacing::Compact : Spacing::Spaced);
  json.begin_object().field("code", said.code);
  if (!said.detail.empty()) json.field("detail", said.detail);
  json.field("message", said.message)
      .field("more_info", std::string(kMoreInfo) + code)
      .field("status", said.http)
      .end_object();
  return body;
}

std::string xml_of(const Said& said) {
  const std::string code = std::to_string(said.code);
  std::string body(kXmlHead);
  body += "<TwilioResponse><RestException>";
  append_xml_element(body, "Code", code);
  append_xml_element(body, "Message", said.message);
  append_xml_element(body, "MoreInfo", std::string(kMoreInfo) + code);
  append_xml_element(body, "Status", std::to_string(said.http));
  body += "</RestException></TwilioResponse>";
  return body;
}

HttpReply reply_of(const Said& said, Format format) {
  const bool json = format == Format::Json;
  HttpReply reply{.status = said.http};
  reply.headers.push_back(
      {"Content-Type", std::string(content_type(json ? Format::Json : Format::Xml))});
  if (reply.status == 401) {
    reply.headers.push_back({"WWW-Authenticate", "Basic realm=\"Twilio API\""});
  }
  reply.body = json ? json_of(said) : xml_of(said);
  return reply;
}

}  // namespace

const TwilioError& twilio_error(Errc code) {
  TWINDOW_CHECK(code < Errc::Last_);
  return kErrors[static_cast<std::size_t>(code)].error;
}

std::string message_text(const Error& error) {
  std::string text(twilio_error(error.code).text);
  if (const auto place = text.find("{}"); place != std::string::npos) {
    text.replace(place, 2, error.detail);
  }
  return text;
}

HttpReply problem(const Error& error) { return problem(error, Format::Json); }

HttpReply problem(const Error& error, Format format) {
  const TwilioError& row = twilio_error(error.code);
  const std::string message = message_text(error);
  const bool anonymous = error.code == Errc::NoCredentials;
  return reply_of({.http = row.http,
                   .code = row.code,
                   .message = message,
                   .detail = anonymous ? "Your AccountSid or AuthToken was incorrect." : ""},
                  format);
}

HttpReply refusal(int code, std::string_view text, Format format) {
  return refusal(400, code, text, format);
}

HttpReply refusal(int http_status, int code, std::string_view text, Format format) {
  return reply_of({.http = http_status, .code = code, .message = text}, format);
}

HttpReply refusal(const Refusal& refusal, Format format) {
  std::string_view text = refusal.text;
  if (text.empty()) {
    // As the API words it, where it has no hole to be filled; else as the dictionary calls it.
    const auto row = std::ranges::find_if(kErrors, [&](const auto& each) {
      return each.error.code == refusal.code &&
             each.error.text.find("{}") == std::string_view::npos;
    });
    const ErrorCodeInfo* const info = find_error_code(refusal.code);
    text = row != kErrors.end() ? row->error.text : info != nullptr ? info->title : "Error";
  }
  return reply_of({.http = refusal.status, .code = refusal.code, .message = text}, format);
}

}  // namespace twindow::wire
